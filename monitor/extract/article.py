"""When an article was published, by its own page. None where the page does not surely say: a wrong date is worse."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from checks import DateBasis


@dataclass(frozen=True, slots=True)
class Published:
    """``at`` is aware (+08:00) where a time of day is given."""

    at: datetime | None
    day: date
    basis: DateBasis


def published(text: str, url: str, *, today: date) -> Published | None:
    """The publication date of an article page or of a JSON article answer."""
    raise NotImplementedError
