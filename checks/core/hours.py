"""Quiet hours, the hour of the daily digest, hours of a week: all in Asia/Shanghai. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from checks.core.calendar import SHANGHAI

_WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_DAILY = "每天"
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From ``start`` (in) to ``end`` (out) of every day; over midnight where ``start`` is the later one."""

    start: time
    end: time

    @classmethod
    def parse(cls, text: str) -> QuietHours | None:
        """Read ``22:00-07:00``; ``None`` for an empty text. Raises ``ValueError`` in Chinese."""
        if not text:
            return None
        start, dash, end = text.partition("-")
        if not dash or start == end:
            raise ValueError("应写作 22:00-07:00，起止不能相同；没有静默时段则留空")
        return cls(parse_time(start), parse_time(end))

    def hold(self, at: datetime) -> bool:
        """Whether a moment lies within."""
        local = at.astimezone(SHANGHAI).time()
        if self.start < self.end:
            return self.start <= local < self.end
        return local >= self.start or local < self.end

    def over(self, at: datetime) -> datetime:
        """The first moment from ``at`` on that is not quiet."""
        return next_at(self.end, at) if self.hold(at) else at


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """The same hours on some days of every week. ``days`` are ISO weekdays (1 is 周一) on which they begin."""

    days: frozenset[int]
    hours: QuietHours

    @classmethod
    def parse(cls, text: str) -> WeeklyHours:
        """Read ``周二 22:00-02:00``, ``周一、周四 01:00-03:00`` or ``每天 …``. Raises ``ValueError`` in Chinese."""
        named, _, written = text.strip().partition(" ")
        try:
            hours = QuietHours.parse(written.strip())
            days = range(1, 8) if named == _DAILY else [_WEEKDAYS.index(day) + 1 for day in named.split("、")]
        except ValueError:
            hours = None
        if hours is None:
            raise ValueError(
                f"“{text}”应写作“周二 22:00-02:00”“周一、周四 01:00-03:00”或“每天 01:00-03:00”，起止不能相同"
            )
        return cls(frozenset(days), hours)

    def __str__(self) -> str:
        named = _DAILY if len(self.days) == 7 else "、".join(_WEEKDAYS[day - 1] for day in sorted(self.days))
        return f"{named} {self.hours.start:%H:%M}-{self.hours.end:%H:%M}"

    def hold(self, at: datetime) -> bool:
        """Whether a moment lies within; the small hours of a window over midnight belong to the day before."""
        if not self.hours.hold(at):
            return False
        local = at.astimezone(SHANGHAI)
        begun = local if local.time() >= self.hours.start else local - timedelta(days=1)
        return begun.isoweekday() in self.days


def parse_time(text: str) -> time:
    """Read ``08:30``. Raises ``ValueError`` in Chinese."""
    written = _CLOCK.fullmatch(text.strip())
    if written is None:
        raise ValueError("时刻应写作 08:30（24 小时制，两位数）")
    return time(int(written[1]), int(written[2]))


def next_at(when: time, at: datetime) -> datetime:
    """The first moment at or after ``at`` at which local clocks show ``when``."""
    local = at.astimezone(SHANGHAI)
    today = datetime.combine(local.date(), when, SHANGHAI)
    return (today if today >= local else today + timedelta(days=1)).astimezone(at.tzinfo)
