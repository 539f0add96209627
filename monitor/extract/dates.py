"""Days and times as Chinese pages write them. Our own parser: what is not surely a date is none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date and its place in the text. ``at`` is aware (+08:00) where a time of day is printed with it."""

    day: date
    at: datetime | None
    start: int
    end: int


def find_dates(text: str, *, today: date, month_day: bool = False, relative: bool = False) -> list[FoundDate]:
    """Every date in the text, in its order. Future ones are kept: the caller decides."""
    raise NotImplementedError


def url_date(url: str) -> date | None:
    """The day that an address carries, a hint only, or None."""
    raise NotImplementedError
