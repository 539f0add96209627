"""The papers as one self-contained HTML document each: no script, no outside resource, text only ever as text."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from checks.core.calendar import SHANGHAI
from checks.core.standard import Result
from reports.bulletin import QuarterBulletin
from reports.inspection import HalfYearReport
from reports.plain import plain
from reports.wording import UNNAMED, said

# 页面供阅读；超出的行在同名工作簿里逐行列出
PROBLEMS_SHOWN = 5
UNTESTED_SHOWN = 200


def bulletin_html(bulletin: QuarterBulletin) -> str:
    """The quarterly bulletin. The same value gives the same text."""
    return _environment().get_template("quarter.html").render(paper=bulletin, s=bulletin.sections)


def half_year_html(report: HalfYearReport) -> str:
    """The half-year report. The same value gives the same text."""
    return _environment().get_template("half_year.html").render(paper=report, s=report.sections)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_printed,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"day": _day, "moment": _moment, "said": said}
    environment.globals |= {
        "Result": Result,
        "UNNAMED": UNNAMED,
        "PROBLEMS_SHOWN": PROBLEMS_SHOWN,
        "UNTESTED_SHOWN": UNTESTED_SHOWN,
    }
    return environment


def _printed(value: Any) -> Any:
    if value is None:
        return ""
    return plain(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _day(value: date | datetime | None) -> str:
    if value is None:
        return ""
    day = value.astimezone(SHANGHAI).date() if isinstance(value, datetime) else value
    return f"{day.year}年{day.month}月{day.day}日"


def _moment(value: datetime) -> str:
    return f"{_day(value)}{value.astimezone(SHANGHAI):%H:%M}"
