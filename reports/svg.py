"""A drawing as SVG to stand within a page: text stays text, nothing is fetched."""

from __future__ import annotations

from html import escape

from reports.charts import Box, Drawing, Label, Line, Pattern
from reports.plain import one_line

_FILL = {Pattern.DARK: "#222", Pattern.HATCHED: "#fff", Pattern.EMPTY: "#fff", Pattern.GREY: "#999"}


def to_svg(drawing: Drawing, title: str) -> str:
    """The ``svg`` element. The same drawing gives the same text."""
    size = f"{_n(drawing.width)} {_n(drawing.height)}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" role="img" aria-label="{_text(title)}"'
        ' font-size="10" fill="#000" stroke="none">',
        *(_box(box) for box in drawing.boxes),
        *(_line(line) for line in drawing.lines),
        *(_label(label) for label in drawing.labels),
        "</svg>",
    ]
    return "\n".join(parts)


def _box(box: Box) -> str:
    place = f'x="{_n(box.x)}" y="{_n(box.y)}" width="{_n(box.width)}" height="{_n(box.height)}"'
    return f'<rect {place} fill="{_FILL[box.pattern]}" stroke="#000" stroke-width="0.75"></rect>'


def _line(line: Line) -> str:
    place = f'x1="{_n(line.x1)}" y1="{_n(line.y1)}" x2="{_n(line.x2)}" y2="{_n(line.y2)}"'
    return f'<line {place} stroke="#000" stroke-width="0.6"></line>'


def _label(label: Label) -> str:
    place = f'x="{_n(label.x)}" y="{_n(label.y)}" text-anchor="{label.anchor}" font-size="{_n(label.size)}"'
    return f'<text {place} dominant-baseline="central">{_text(label.text)}</text>'


def _text(text: str) -> str:
    return escape(one_line(text), quote=True)


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
