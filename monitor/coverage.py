"""When the monitor itself did not look: the gaps between its rounds. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise

from monitor.store.rounds import Round
from reports.material import Gap

LONGEST = timedelta(hours=3)
"""Rounds come every hour and oftener; whoever is away for longer did not watch."""

BEFORE = timedelta(days=31)
"""How far before a span its first gap may begin."""


def gaps(rounds: Iterable[Round], since: datetime, until: datetime, *, longest: timedelta = LONGEST) -> tuple[Gap, ...]:
    """The stretches within a span, longer than ``longest``, in which no round was recorded; oldest first.

    ``rounds`` may begin before the span. Before the very first round there is no gap: nobody was watching yet. A round
    that was held back saw nothing.
    """
    looked = sorted(round_.at for round_ in rounds if round_.families and round_.at <= until)
    found = []
    for earlier, later in pairwise([*looked, until] if looked else []):
        start = max(earlier, since)
        if later - earlier > longest and later > start:
            found.append(Gap(start=start, end=later))
    return tuple(found)
