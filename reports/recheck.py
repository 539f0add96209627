"""回头看: what became of the problems that were open when the period began. From the chain of events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from checks.core.ledger import Action, Entry, Event, State, advance
from reports.figures import Rate
from reports.material import Material
from reports.roll import Particulars, roll, stranger
from reports.wording import check_title


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedOver:
    """One problem that was open when the period began, and where it stands now."""

    entry: Entry
    subject: Particulars
    title: str
    late: bool

    @property
    def settled(self) -> bool:
        return not self.entry.open


@dataclass(frozen=True, slots=True, kw_only=True)
class Recheck:
    """The problems carried over into the period. ``recurred`` are closed ones that came back within it."""

    carried: tuple[CarriedOver, ...]
    recurred: tuple[CarriedOver, ...]

    @property
    def closed(self) -> int:
        return self._count(State.CLOSED)

    @property
    def dismissed(self) -> int:
        return self._count(State.DISMISSED)

    @property
    def to_review(self) -> int:
        return self._count(State.TO_REVIEW)

    @property
    def rectifying(self) -> int:
        return self._count(State.RECTIFYING)

    @property
    def not_assigned(self) -> int:
        """Still with us: in 待核实 or 待交办."""
        return self._count(State.TO_VERIFY, State.TO_ASSIGN)

    @property
    def late(self) -> int:
        return sum(line.late for line in self.carried)

    @property
    def unsettled(self) -> tuple[CarriedOver, ...]:
        return tuple(line for line in self.carried if not line.settled)

    @property
    def rate(self) -> Rate:
        """整改率: closed ÷ carried over, less those dismissed."""
        return Rate(self.closed, len(self.carried) - self.dismissed)

    def _count(self, *states: State) -> int:
        return sum(line.entry.state in states for line in self.carried)


def recheck(material: Material) -> Recheck:
    """What was open at the start of the period, and where it stands; in the order of the ledger."""
    start = material.period.start
    then = standing_at(material.events, start)
    returned = {e.entry for e in material.events if e.action is Action.RECURRED and e.at >= start}
    register = roll(material.sites, material.columns, material.accounts)

    def line(entry: Entry) -> CarriedOver:
        return CarriedOver(
            entry=entry,
            subject=register.get(entry.subject) or stranger(entry.subject),
            title=check_title(entry.check),
            late=entry.days_late(material.today) > 0,
        )

    carried = [line(e) for e in material.entries if e.id in then and then[e.id].open]
    recurred = [
        line(e) for e in material.entries if e.id in then and then[e.id].state is State.CLOSED and e.id in returned
    ]
    return Recheck(carried=tuple(carried), recurred=tuple(recurred))


def standing_at(events: Iterable[Event], moment: datetime, *, included: bool = False) -> Mapping[str, Entry]:
    """Every entry by its id, as it stood just before a moment, or (``included``) after what happened at it."""
    standing: dict[str, Entry] = {}
    for event in events:
        if event.at < moment or (included and event.at == moment):
            standing[event.entry] = advance(standing.get(event.entry), event)
    return standing
