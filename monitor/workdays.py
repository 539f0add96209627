"""The one door to chinesecalendar: its days off and make-up days, with those of settings over them, as a value."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import chinese_calendar
from chinese_calendar import constants

from checks.core.workdays import WorkCalendar


def work_calendar(days_off: Iterable[date] = (), make_up_days: Iterable[date] = ()) -> WorkCalendar:
    """The calendar of every year that the package knows or that is supplied. A year supplied replaces the package's."""
    off, worked = frozenset(days_off), frozenset(make_up_days)
    supplied = {day.year for day in off | worked}
    known = _known_years()
    days = [day for year in sorted(known - supplied) for day in _days_of(year)]
    return WorkCalendar(
        years=frozenset(known | supplied),
        days_off=off | {d for d in days if d.weekday() < 5 and not chinese_calendar.is_workday(d)},
        make_up_days=worked | {d for d in days if d.weekday() >= 5 and chinese_calendar.is_workday(d)},
    )


def _known_years() -> set[int]:
    years = {day.year for day in constants.holidays}
    return set(range(min(years), max(years) + 1))


def _days_of(year: int) -> Iterable[date]:
    first = date(year, 1, 1)
    return (first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days))
