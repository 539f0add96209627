"""Days, months and official periods in Asia/Shanghai. It holds no working-day calendar and reads no clock."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

_WRITTEN = re.compile(r"(\d{4})([QH])(\d)", re.IGNORECASE)
_QUARTERS = ("一", "二", "三", "四")
_HALVES = ("上", "下")


class PeriodKind(StrEnum):
    """The letter of a period as it is written."""

    QUARTER = "Q"
    HALF_YEAR = "H"

    @property
    def months(self) -> int:
        return 3 if self is PeriodKind.QUARTER else 6


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A quarter or a half-year: ``2026Q4``, ``2026H2``."""

    year: int
    kind: PeriodKind
    index: int

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read a period as written. Raises ``ValueError`` in Chinese that says how one is written."""
        written = _WRITTEN.fullmatch(text.strip())
        if written:
            kind = PeriodKind(written[2].upper())
            year, index = int(written[1]), int(written[3])
            if 1 <= index <= 12 // kind.months and year >= 1:
                return cls(year, kind, index)
        raise ValueError(f"“{text}”不是检查周期的写法。季度写作 2026Q1 至 2026Q4，半年写作 2026H1 或 2026H2")

    def __str__(self) -> str:
        return f"{self.year}{self.kind}{self.index}"

    @property
    def title(self) -> str:
        """The period as a notice prints it: 2026年第四季度, 2026年下半年."""
        if self.kind is PeriodKind.QUARTER:
            return f"{self.year}年第{_QUARTERS[self.index - 1]}季度"
        return f"{self.year}年{_HALVES[self.index - 1]}半年"

    @property
    def first_day(self) -> date:
        return date(self.year, (self.index - 1) * self.kind.months + 1, 1)

    @property
    def last_day(self) -> date:
        month = self.index * self.kind.months
        return date(self.year, month, calendar.monthrange(self.year, month)[1])

    @property
    def start(self) -> datetime:
        """The first instant of the period."""
        return start_of(self.first_day)

    @property
    def end(self) -> datetime:
        """The first instant after the period."""
        return start_of(self.last_day + timedelta(days=1))

    def holds(self, moment: datetime) -> bool:
        return self.start <= moment < self.end

    @property
    def previous(self) -> Period:
        """The period of the same length just before."""
        if self.index > 1:
            return Period(self.year, self.kind, self.index - 1)
        return Period(self.year - 1, self.kind, 12 // self.kind.months)

    @property
    def quarters(self) -> tuple[Period, ...]:
        """The quarters it consists of; a quarter is its own."""
        if self.kind is PeriodKind.QUARTER:
            return (self,)
        return tuple(Period(self.year, PeriodKind.QUARTER, self.index * 2 + n) for n in (-1, 0))


def quarter_of(moment: datetime) -> Period:
    """The quarter in which a moment falls."""
    day = local_day(moment)
    return Period(day.year, PeriodKind.QUARTER, (day.month - 1) // 3 + 1)


def half_year_of(moment: datetime) -> Period:
    """The half-year in which a moment falls."""
    day = local_day(moment)
    return Period(day.year, PeriodKind.HALF_YEAR, (day.month - 1) // 6 + 1)


def local_day(moment: datetime) -> date:
    """The day of an aware moment in Asia/Shanghai. Raises ``ValueError`` for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("时间缺少时区")
    return moment.astimezone(SHANGHAI).date()


def start_of(day: date) -> datetime:
    """Midnight in Asia/Shanghai at which a day begins."""
    return datetime.combine(day, time.min, tzinfo=SHANGHAI)


def months_before(day: date, months: int) -> date:
    """The same day so many calendar months earlier, or the last of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
