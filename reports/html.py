"""A paper as one self-contained HTML document: no script, no outside resource, text only ever as text."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from reports.charts import BarChart, drawing
from reports.paper import Graph, Grid, Heading, Notice, Paper
from reports.phrasing import TEMPLATES, day_text
from reports.plain import plain
from reports.svg import to_svg


def to_html(paper: Paper) -> str:
    """The document. The same paper gives the same text."""
    return _environment().get_template("paper.html").render(paper=paper)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_printed,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"day": day_text, "svg": _svg}
    environment.tests |= {
        "heading": lambda block: isinstance(block, Heading),
        "notice": lambda block: isinstance(block, Notice),
        "grid": lambda block: isinstance(block, Grid),
        "graph": lambda block: isinstance(block, Graph),
    }
    return environment


def _svg(chart: BarChart) -> Markup:
    return Markup(to_svg(drawing(chart), chart.title))  # to_svg 已逐处转义


def _printed(value: Any) -> Any:
    if value is None:
        return ""
    return plain(value) if isinstance(value, str) and not isinstance(value, Markup) else value
