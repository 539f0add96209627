"""What is due: a pure function of when each probe last looked, of the cadences, and of ``now``.

    time of one probe   |————slot————|————slot————|————slot————|        a slot is one cadence long
    of one subject         ·————slot————·————slot————·————slot            shifted by the subject's own phase

A subject is due once in each of its slots. So a late tick makes no drift, a restart doubles nothing, a day switched
off leaves one look to make up for and not twenty-four, and a thousand subjects spread over the cadence by themselves.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from checks import PageVisit, Ref
from checks.core.hours import QuietHours

if TYPE_CHECKING:
    from monitor.probing import Probe

CLOCK_TOLERANCE = timedelta(hours=1)
"""A memory that lies further ahead than this was written by a clock that was wrong, and is not believed."""

COMPANY = 15
"""Home pages that are visited at the same moment: enough that a fault of our own shows (监测点异常), and no more."""

Look = tuple[str, Ref]
"""A probe's id and whom it looks at."""


class Lane(StrEnum):
    """Looks of one lane wait for one another, those of different lanes do not: a crawl of hours holds up no visit."""

    VISITS = "visits"
    LOOKS = "looks"
    CRAWLS = "crawls"


@dataclass(frozen=True, kw_only=True)
class Rhythm:
    """How often each probe looks. ``every`` overrides the cadences that probes declare; ``night`` is when those that
    look only by night may begin, or ``None`` for any time."""

    every: Mapping[str, timedelta] = field(default_factory=dict)
    night: QuietHours | None = None

    def of(self, probe: Probe) -> timedelta:
        return self.every.get(probe.id, probe.every)


@dataclass(frozen=True, kw_only=True)
class Urgency:
    """What is looked at more often than its cadence asks.

    ``every`` shortens the cadence of a look: an account on its way to 不更新. ``after`` asks for one look later than a
    moment: a repair was handed in for re-checking.
    """

    every: Mapping[Look, timedelta] = field(default_factory=dict)
    after: Mapping[Look, datetime] = field(default_factory=dict)


USUAL, NOTHING_URGENT = Rhythm(), Urgency()


def lane_of(probe: Probe) -> Lane:
    """Where a probe's looks wait."""
    if PageVisit in probe.yields:
        return Lane.VISITS
    return Lane.CRAWLS if probe.night else Lane.LOOKS


def is_due(
    probe: Probe,
    ref: Ref,
    last: datetime | None,
    *,
    now: datetime,
    rhythm: Rhythm,
    urgency: Urgency,
    groups: int | None = None,
) -> bool:
    """Whether a probe should look at a subject now. ``groups`` gathers the phases of all subjects in so many."""
    if probe.night and rhythm.night is not None and not rhythm.night.hold(now):
        return False
    if last is None:
        return True
    every = rhythm.of(probe)
    if last > now:
        return last - now > max(every, CLOCK_TOLERANCE)  # the clock that wrote this was wrong
    look = (probe.id, ref)
    if look in urgency.after and last < urgency.after[look]:
        return True
    every = min(every, urgency.every.get(look, every))
    return now - last >= every / 2 and _slot(now, every, look, groups) > _slot(last, every, look, groups)


def groups_of(probe: Probe, subjects: int) -> int | None:
    """In how many groups the phases of a probe's subjects are gathered; ``None`` where each has its own."""
    return max(1, subjects // COMPANY) if lane_of(probe) is Lane.VISITS else None


_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


def _slot(at: datetime, every: timedelta, look: Look, groups: int | None) -> int:
    phase = _fraction(*look)
    if groups is not None:
        phase = int(phase * groups) / groups
    return (at - _EPOCH - phase * every) // every


@lru_cache(maxsize=1 << 17)
def _fraction(probe: str, ref: Ref) -> float:
    """From 0 to just below 1, and always the same for the same look."""
    return int.from_bytes(hashlib.sha256(f"{probe}|{ref}".encode()).digest()[:6], "big") / 2**48
