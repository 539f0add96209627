"""整改通知单: what one unit has to put right by when, as it was issued. It issues no number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeLine:
    """One problem on a notice, as it stood when the notice was issued. ``assigned`` tells which 交办 it is of."""

    entry: str
    assigned: datetime
    subject: str
    title: str
    text: str
    url: str = ""
    due: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RectificationNotice:
    """A notice as issued: the ``number``-th of its ``year``."""

    year: int
    number: int
    unit: str
    at: datetime
    who: str
    lines: tuple[NoticeLine, ...]

    @property
    def due(self) -> date | None:
        """The earliest day by which something has to be put right."""
        return min((line.due for line in self.lines if line.due), default=None)

    @property
    def one_due(self) -> bool:
        """Whether all problems have the same day."""
        return len({line.due for line in self.lines}) == 1
