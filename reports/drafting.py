"""From a bulletin or report to the paper that says it, in our wording or in a centre's own."""

from __future__ import annotations

from pathlib import Path

from checks.core.calendar import local_day
from reports.bulletin import QuarterBulletin
from reports.grids import charts, tables
from reports.inspection import HalfYearReport
from reports.lists import PROBLEMS_SHOWN
from reports.paper import Paper
from reports.phrasing import day_text, phrase


def draft(report: QuarterBulletin | HalfYearReport, templates: Path | None = None) -> Paper:
    """The paper. ``templates`` is a folder whose files replace ours of the same name.

    Raises ``WordingError`` for a template with a fault in it.
    """
    parts = report.sections
    window = parts.window
    said = phrase(
        "half_year.txt" if isinstance(report, HalfYearReport) else "quarter.txt",
        {"paper": report, "s": parts, "PROBLEMS_SHOWN": PROBLEMS_SHOWN},
        tables=tables(parts),
        charts=charts(parts),
        rates=parts.rates,
        folder=templates,
    )
    return Paper(
        title=report.title,
        imprint=parts.imprint,
        window=f"（{day_text(window.first_day)}至{day_text(window.last_day)}）",
        day=local_day(window.cut_off),
        blocks=said.blocks,
        annexes=said.annexes,
    )
