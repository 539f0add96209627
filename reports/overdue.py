"""超期: whether a unit is late with a repair."""

from __future__ import annotations

from datetime import date

from checks.core.ledger import Entry, State


def overdue(entry: Entry, today: date) -> bool:
    """Whether the unit is late: the day has passed, and it has not reported the repair."""
    return entry.due is not None and entry.due < today and entry.state in (State.TO_ASSIGN, State.RECTIFYING)
