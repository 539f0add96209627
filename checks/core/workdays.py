"""Working days by a calendar of days off and make-up days that is handed in as data. It knows no year by itself."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from datetime import date, timedelta

from checks.core.indicators import Rectification, Standard

_WEEKEND = (5, 6)


class UnknownYear(ValueError):
    """The days off of a year are not known, so that no working day can be told there. The text says what to do."""

    def __init__(self, year: int) -> None:
        self.year = year
        super().__init__(
            f"{year} 年的放假和调休安排未知，不能计算工作日。"
            f"请按国务院办公厅的通知在 settings.toml 的 [calendar] 填写 {year} 年的 days_off 和 make_up_days"
        )


@dataclass(frozen=True, kw_only=True)
class WorkCalendar:
    """放假 and 调休: ``days_off`` are days off whatever their weekday, ``make_up_days`` are weekend days worked.

    Only the days of ``years`` can be told.
    """

    years: frozenset[int]
    days_off: frozenset[date] = field(default=frozenset(), repr=False)
    make_up_days: frozenset[date] = field(default=frozenset(), repr=False)

    def is_workday(self, day: date) -> bool:
        """Raises ``UnknownYear``."""
        if day.year not in self.years:
            raise UnknownYear(day.year)
        if day in self.make_up_days:
            return True
        return day.weekday() not in _WEEKEND and day not in self.days_off

    def after(self, start: date, days: int) -> date:
        """The last of so many working days after ``start``, which itself does not count. Raises ``UnknownYear``."""
        day = start
        while days > 0:
            day += timedelta(days=1)
            days -= self.is_workday(day)
        return day

    def between(self, start: date, end: date) -> int:
        """How many working days lie after ``start`` up to and including ``end``. Raises ``UnknownYear``."""
        return sum(self.is_workday(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))


NO_CALENDAR = WorkCalendar(years=frozenset())
"""Knows no year."""


def due_day(start: date, term: Rectification, calendar: WorkCalendar) -> date:
    """The last day of a 整改期限 that begins to run after ``start``. Raises ``UnknownYear`` for working days untold."""
    if term.working_days:
        return calendar.after(start, term.days)
    return start + timedelta(days=term.days)


def with_workdays(standard: Standard, calendar: WorkCalendar) -> Standard:
    """The edition with the calendar handed to the checks that count working days."""
    limits = {
        id_: replace(limit, workdays=calendar) if any(f.name == "workdays" for f in fields(limit)) else limit
        for id_, limit in standard.limits.items()
    }
    return replace(standard, limits=limits)
