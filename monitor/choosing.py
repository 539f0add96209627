"""Which entries of the ledger are meant: by id, or by what they have in common. Pure but for the owners handed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from checks.core.calendar import local_day
from checks.core.ledger import Entry, State
from monitor.acting import find_entry
from monitor.owning import Owners


@dataclass(frozen=True, kw_only=True)
class Filter:
    """What chosen entries have in common; an empty field asks for nothing.

    ``sites`` are site codes and hold for columns too. ``units`` are sponsors, supervisors or assignees. ``before`` is
    a day: opened earlier. ``proposed``: the re-check passed and a person has to close.
    """

    sites: Sequence[str] = ()
    checks: Sequence[str] = ()
    units: Sequence[str] = ()
    states: Sequence[State] = ()
    subjects: Sequence[str] = ()
    before: date | None = None
    unfinished: bool = False
    overdue: bool = False
    proposed: bool = False

    @property
    def empty(self) -> bool:
        return self == Filter()


def chosen(entries: Sequence[Entry], ids: Sequence[str], wanted: Filter, owners: Owners, *, today: date) -> list[Entry]:
    """The entries with these ids, or those that the filter lets through. Raises ``UsageError`` for an unknown id."""
    pool = list(dict.fromkeys(find_entry(entries, id_) for id_ in ids)) if ids else entries
    return [e for e in pool if _meant(e, wanted, owners, today)]


def _meant(entry: Entry, wanted: Filter, owners: Owners, today: date) -> bool:
    ref = entry.subject
    site = ref.id.partition("/")[0] if ref.kind in ("site", "column") else ""
    return (
        (not wanted.sites or site in wanted.sites)
        and (not wanted.checks or entry.check in wanted.checks)
        and (not wanted.states or entry.state in wanted.states)
        and (not wanted.subjects or str(ref) in wanted.subjects)
        and (not wanted.units or not {entry.assignee, *owners.units(ref)}.isdisjoint(wanted.units))
        and (wanted.before is None or local_day(entry.opened) < wanted.before)
        and (not wanted.unfinished or entry.open)
        and (not wanted.overdue or entry.days_late(today) > 0)
        and (not wanted.proposed or (entry.open and entry.close_proposed))
    )
