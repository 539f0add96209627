"""The scripted time of the demo: when which probes look, so that the windows of the rules are full at its end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

VISIT_GAP = timedelta(minutes=68)
VISITS = 149
"""Just within seven days at 68 minutes each: at least 21 in any 24 hours."""

DAYS = 16

_OUTAGE_HALF_WIDTH = timedelta(minutes=2)  # the daily looks keep at least four minutes away from any visit but the last


@dataclass(frozen=True, slots=True)
class Step:
    """One moment of the story and the probes that are run then."""

    at: datetime
    probes: tuple[str, ...]


def schedule(end: datetime) -> Iterator[Step]:
    """The steps of the story up to and including ``end``, in order of time.

    ``site.visit`` every 68 minutes over the last seven days; home pages, columns and accounts daily over the last
    sixteen, and columns and accounts once more 13 hours before the end; addresses, IPv6 pages, links and the
    comparison of accounts 26 hours and 1 hour before.
    """
    planned: dict[datetime, list[str]] = {}
    for slot in range(VISITS):
        planned.setdefault(end - slot * VISIT_GAP, []).append("site.visit")
    for day in range(DAYS + 1):
        planned.setdefault(end - timedelta(days=day), []).extend(("site.home", "column.list", "account.source"))
    planned.setdefault(end - timedelta(hours=13), []).extend(("column.list", "account.source"))
    for hours in (26, 1):
        planned.setdefault(end - timedelta(hours=hours), []).extend(
            ("site.addresses", "site.ipv6_pages", "site.links", "account.peers")
        )
    for at in sorted(planned):
        yield Step(at, tuple(planned[at]))


def visit_slot(end: datetime, now: datetime) -> int | None:
    """The visit that ``now`` belongs to, counted back from the end, or ``None`` between two visits."""
    slot = round((end - now) / VISIT_GAP)
    if abs(end - slot * VISIT_GAP - now) > _OUTAGE_HALF_WIDTH:
        return None
    return slot
