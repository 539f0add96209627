"""The desk side of the service: ruling at its cadence, papers by the calendar. What is due comes from the record."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from checks.core.calendar import Period, PeriodKind, half_year_of
from monitor.app import App
from monitor.clock import FixedClock
from monitor.due import CLOCK_TOLERANCE
from monitor.reporting import chart_font, gather, write_report
from monitor.settings import Settings

INSPECT = "inspect"
ALIVE = "alive"
"""The job under whose name the record remembers when the service last lived."""

LATE_PAPERS = timedelta(days=200)
"""The paper of a period that ended longer ago is not written by itself: the record may come from elsewhere."""


def job_is_due(last: datetime | None, *, every: timedelta, now: datetime) -> bool:
    """Whether a job has not been done for so long. Pure. A memory from the future is not believed."""
    return last is None or now - last >= every or last - now > CLOCK_TOLERANCE


def papers_due(
    inspected: Collection[Period], done: Mapping[str, datetime], *, now: datetime, after: timedelta
) -> Iterator[Period]:
    """The periods that were inspected, ended so long ago, and have no paper yet; quarters before half-years. Pure."""
    periods = set(inspected) | {_half_year(period) for period in inspected}
    for period in sorted(periods, key=lambda p: (p.last_day, p.kind is PeriodKind.HALF_YEAR)):
        if paper_job(period) not in done and period.end + after <= now < period.end + LATE_PAPERS:
            yield period


def paper_job(period: Period) -> str:
    """Under which name the record remembers that a period's paper was written."""
    return f"paper {period}"


def write_paper(app: App, period: Period, folder: Path, *, now: datetime) -> list[Path]:
    """Write the papers of one period, and remember it: written once, it is a person's to write again."""
    settings = app.settings.report
    material = gather(app.store, app.standard, period, now=now, settings=settings)
    templates, font = settings.templates_in(app.folder), chart_font(settings, app.folder)
    paths = write_report(material, folder, templates=templates, font=font)
    app.store.mark_job(paper_job(period), now)
    return paths


def write_paper_apart(settings: Settings, base: Path, period: Period, folder: Path, now: datetime) -> list[Path]:
    """``write_paper`` where there is no app yet: in a process of its own. ``base`` is where the settings lie."""
    app = App(settings, FixedClock(now), folder=base)
    try:
        return write_paper(app, period, folder, now=now)
    finally:
        app.close()


def _half_year(period: Period) -> Period:
    return period if period.kind is PeriodKind.HALF_YEAR else half_year_of(period.start)
