"""The quarterly draw: a frozen frame and a seed give a sample that anyone can draw again (accounts.md §8.3). Pure.

stratum ─▶ order by (times drawn this year, ticket) ─▶ floors of the larger platforms ─▶ fill to the quota
        ─▶ the rest, by fresh tickets and whatever their history ─▶ re-draw slice (回头看)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from checks.core.frames import Frame, FrameRow, strata
from checks.core.tickets import Ticket, tickets

FLOOR_FROM = 10
"""Accounts of one platform in a stratum from which the platform has a floor of its own; the smaller are pooled."""

_POOLED = "其他"
_REDRAW = "|redraw"  # the slice's tickets are those of the seed with this behind it


@dataclass(frozen=True, slots=True)
class Share:
    """A rate as a fraction of whole numbers: floats would round 7 % of 100 up to 8."""

    num: int
    den: int

    @classmethod
    def parse(cls, text: str) -> Share:
        """Read ``25%``, ``0.25`` or ``1/4``. Raises ``ValueError`` in Chinese; above 0 and at most all."""
        plain = text.strip().replace("％", "%")
        try:
            value = Fraction(plain.removesuffix("%")) / (100 if plain.endswith("%") else 1)
        except (ValueError, ZeroDivisionError):
            value = Fraction(-1)
        if not 0 <= value <= 1:
            raise ValueError(f"“{text}”不是抽查比例。应写作 25%、0.25 或 1/4，不超过 100%")
        if 100 % value.denominator == 0:
            return cls(int(value * 100), 100)
        return cls(value.numerator, value.denominator)

    def of(self, count: int) -> int:
        """So much of a count, rounded up, in whole numbers."""
        return -(-count * self.num // self.den)

    def floor_of(self, count: int) -> int:
        """So much of a count, rounded down."""
        return count * self.num // self.den

    @property
    def said(self) -> str:
        return f"{self.num}%" if self.den == 100 else f"{self.num}/{self.den}"


SLICE = Share(5, 100)
"""How much of a stratum is drawn again whatever its history."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is asked of a draw.

    ``quarter`` counts from 1. ``draws_before`` is the number of earlier quarters of the year that were drawn, and
    ``drawn_before`` how often each id was drawn in them.
    """

    seed: str
    rate: Share
    quarter: int
    redraw: Share = SLICE
    draws_before: int = 0
    drawn_before: Mapping[str, int] = field(default_factory=dict)

    @property
    def catches_up(self) -> bool:
        """Whether the year is to cover everybody: only where its quarters allow that at this rate.

        A first draw late in the year owes no more than its own rate.
        """
        return (self.draws_before + 5 - self.quarter) * self.rate.num >= self.rate.den


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """One stratum: its size, how many the year has not drawn yet, and the two quotas."""

    name: str
    size: int
    not_yet_drawn: int
    quota: int
    redraw_quota: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """One that was drawn. ``rank`` is its place in the order of its stratum, from 1."""

    row: FrameRow
    ticket: Ticket
    times_before: int
    rank: int


@dataclass(frozen=True, kw_only=True)
class Draw:
    """The outcome: the sample and, apart from it, the re-draw slice; by stratum and rank."""

    strata: tuple[Stratum, ...]
    sample: tuple[Drawn, ...]
    redraw: tuple[Drawn, ...]


def draw(frame: Frame, order: Order) -> Draw:
    """Draw from a frame. The same frame and order give the same draw."""
    queues = Queues(frame, order)
    found: list[Stratum] = []
    sample: list[Drawn] = []
    redraw: list[Drawn] = []
    for name, rows in strata(frame.rows):
        queue = queues.main(rows)
        fresh = [drawn.row for drawn in queue if not drawn.times_before]
        quota = order.rate.of(len(rows))
        if order.catches_up:
            quota = max(quota, -(-len(fresh) // (5 - order.quarter)))
        chosen = _chosen(queue, quota, _floors(rows, fresh, order.rate))
        rest = queues.redraw(rows, without={drawn.row.account_uid for drawn in chosen})
        again = rest[: order.redraw.of(len(rows))]
        found.append(
            Stratum(name=name, size=len(rows), not_yet_drawn=len(fresh), quota=len(chosen), redraw_quota=len(again))
        )
        sample += chosen
        redraw += again
    return Draw(strata=tuple(found), sample=tuple(sample), redraw=tuple(redraw))


def substitute(frame: Frame, order: Order, out: str, *, used: Collection[str], redrawn: bool) -> Drawn | None:
    """Who takes the place of one that cannot be checked: the next of the same stratum that is not ``used``.

    ``None`` where the stratum has nobody left. Raises ``KeyError`` for an id that is not in the frame.
    """
    stratum = next((row.stratum for row in frame.rows if row.account_uid == out), None)
    if stratum is None:
        raise KeyError(out)
    rows = [row for row in frame.rows if row.stratum == stratum]
    queues = Queues(frame, order)
    queue = queues.redraw(rows, without=()) if redrawn else queues.main(rows)
    return next((drawn for drawn in queue if drawn.row.account_uid not in used), None)


class Queues:
    """The orders of a stratum under one order: the main one and that of the re-draw slice."""

    def __init__(self, frame: Frame, order: Order) -> None:
        self._before = order.drawn_before
        self._ticket = tickets(order.seed)
        self._fresh_ticket = tickets(order.seed + _REDRAW)

    def main(self, rows: Iterable[FrameRow]) -> list[Drawn]:
        """Least drawn first, then by ticket."""
        return self._ranked(rows, self._ticket, lambda times: times)

    def redraw(self, rows: Iterable[FrameRow], *, without: Collection[str]) -> list[Drawn]:
        """By fresh tickets alone: who has just been drawn is not safe."""
        return self._ranked((r for r in rows if r.account_uid not in without), self._fresh_ticket, lambda _times: 0)

    def _ranked(
        self, rows: Iterable[FrameRow], ticket: Callable[[str], Ticket], weight: Callable[[int], int]
    ) -> list[Drawn]:
        before = self._before
        queue = [(before.get(r.account_uid, 0), ticket(r.account_uid), r) for r in rows]
        queue.sort(key=lambda place: (weight(place[0]), place[1].value, place[2].account_uid))
        return [
            Drawn(row=row, ticket=drawn, times_before=times, rank=rank)
            for rank, (times, drawn, row) in enumerate(queue, 1)
        ]


def _floors(rows: Sequence[FrameRow], fresh: Sequence[FrameRow], rate: Share) -> dict[str, int]:
    """How many of each larger platform must be in the sample, and of the smaller ones together.

    Only such as were not drawn this year count, so that the floors never stand in the way of covering everybody.
    """
    pools = _pools(rows)
    sizes = Counter(pools[row.platform] for row in rows)
    left = Counter(pools[row.platform] for row in fresh)
    return {pool: min(rate.floor_of(size), left[pool]) for pool, size in sizes.items() if size >= FLOOR_FROM}


def _pools(rows: Sequence[FrameRow]) -> dict[str, str]:
    counts = Counter(row.platform for row in rows)
    return {platform: platform if count >= FLOOR_FROM else _POOLED for platform, count in counts.items()}


def _chosen(queue: Sequence[Drawn], quota: int, floors: Mapping[str, int]) -> list[Drawn]:
    pools = _pools([drawn.row for drawn in queue])
    owed = dict(floors)
    chosen: set[str] = set()
    for drawn in queue:
        pool = pools[drawn.row.platform]
        if owed.get(pool, 0) > 0:
            owed[pool] -= 1
            chosen.add(drawn.row.account_uid)
    for drawn in queue:
        if len(chosen) >= quota:
            break
        chosen.add(drawn.row.account_uid)
    return [drawn for drawn in queue if drawn.row.account_uid in chosen]
