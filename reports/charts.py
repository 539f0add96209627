"""Bar charts as values, and their layout as shapes that SVG and PNG draw alike. Told apart by pattern."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

WIDTH = 440.0  # points: the 156 mm of the 版心
BARS_SHOWN = 24

_SIZE = 10.0  # of the lettering
_ROW = 20.0
_BAR = 12.0
_GAP = 6.0
_TOP = 30.0
_HATCH = 4.0


class Pattern(StrEnum):
    """How a part of a bar is filled, so that it can be told on a black-and-white print."""

    DARK = "dark"
    HATCHED = "hatched"
    EMPTY = "empty"
    GREY = "grey"


@dataclass(frozen=True, slots=True)
class Series:
    """One kind of part: its name in the legend, and its filling."""

    name: str
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a chart: a count for each series."""

    name: str
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class BarChart:
    """Horizontal bars of counts laid end to end."""

    title: str
    series: tuple[Series, ...]
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle from its upper left corner, in points."""

    x: float
    y: float
    width: float
    height: float
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class Line:
    """A thin line."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True, slots=True)
class Label:
    """A line of text. ``anchor`` is start, middle or end; ``y`` is the middle of its height."""

    x: float
    y: float
    text: str
    anchor: str = "start"
    size: float = _SIZE


@dataclass(frozen=True, slots=True)
class Drawing:
    """Shapes on a white ground, in points, in the order of drawing."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    labels: tuple[Label, ...]


def drawing(chart: BarChart) -> Drawing:
    """Lay a chart out. Beyond ``BARS_SHOWN`` bars the last line says how many are left out."""
    shown = chart.bars[:BARS_SHOWN]
    left_out = len(chart.bars) - len(shown)
    totals = [_total_text(chart, bar) for bar in shown]
    name_width = min(150.0, max((text_width(bar.name) for bar in shown), default=0))
    tail = max((text_width(text) for text in totals), default=0)
    left, right = name_width + _GAP, WIDTH - tail - _GAP
    scale = (right - left) / max((sum(bar.counts) for bar in shown), default=1) if any(_sums(shown)) else 0
    boxes: list[Box] = []
    labels = list(_legend(chart.series, boxes))
    for number, (bar, total) in enumerate(zip(shown, totals, strict=True)):
        top = _TOP + number * _ROW
        x = left
        labels.append(Label(left - _GAP, top + _BAR / 2, cut(bar.name, name_width), "end"))
        for series, count in zip(chart.series, bar.counts, strict=True):
            if count:
                boxes.append(Box(x, top, count * scale, _BAR, series.pattern))
                x += count * scale
        labels.append(Label(x + _GAP, top + _BAR / 2, total))
    bottom = _TOP + len(shown) * _ROW
    axis = Line(left, _TOP - _GAP, left, bottom - _ROW + _BAR + _GAP)
    if left_out:
        labels.append(Label(0, bottom + _BAR / 2, f"另有 {left_out} 项未画出，见表。"))
        bottom += _ROW
    hatching = [line for box in boxes if box.pattern is Pattern.HATCHED for line in _hatch(box)]
    return Drawing(WIDTH, bottom, tuple(boxes), (axis, *hatching), tuple(labels))


def text_width(text: str, size: float = _SIZE) -> float:
    """How wide a text is about: a Chinese character is square, a Latin one a little over half of that."""
    return sum(size if unicodedata.east_asian_width(c) in "WFA" else size * 0.56 for c in text)


def cut(text: str, width: float, size: float = _SIZE) -> str:
    """The text, shortened to a width with an ellipsis."""
    if text_width(text, size) <= width:
        return text
    kept = text
    while kept and text_width(kept + "…", size) > width:
        kept = kept[:-1]
    return kept + "…"


def _sums(bars: Sequence[Bar]) -> list[int]:
    return [sum(bar.counts) for bar in bars]


def _total_text(chart: BarChart, bar: Bar) -> str:
    """``合格 28  不合格 11``: the numbers beside the bar, so that none has to be measured."""
    if len(chart.series) == 1:
        return str(bar.counts[0])
    return " / ".join(str(count) for count in bar.counts)


def _legend(series: Sequence[Series], boxes: list[Box]) -> Iterator[Label]:
    if len(series) < 2:
        return
    x = 0.0
    for part in series:
        boxes.append(Box(x, 2, 18, 10, part.pattern))
        yield Label(x + 22, 7, part.name)
        x += 22 + text_width(part.name) + 16
    yield Label(x, 7, "（右侧数字依次为" + " / ".join(part.name for part in series) + "）", size=_SIZE - 1)


def _hatch(box: Box) -> Iterator[Line]:
    """Strokes from lower left to upper right, cut at the edges of the box."""
    offset = _HATCH
    while offset < box.width + box.height:
        x1, y1 = box.x + max(0.0, offset - box.height), box.y + min(offset, box.height)
        x2, y2 = box.x + min(offset, box.width), box.y + max(0.0, offset - box.width)
        yield Line(x1, y1, x2, y2)
        offset += _HATCH
