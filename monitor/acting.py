"""The steps that people take on the ledger, one or many. What is allowed is said by checks.core.ledger alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from checks.core.calendar import local_day
from checks.core.ledger import Action, Entry, Event, LedgerError, allowed
from checks.core.model import Ref
from checks.core.standard import Standard
from checks.core.workdays import UnknownYear, WorkCalendar, due_day
from monitor.errors import UsageError
from monitor.owning import Owners
from monitor.store import Store


@dataclass(frozen=True)
class StepInput:
    """Who takes a step, why, and what an assignment names."""

    who: str
    why: str = ""
    due: date | None = None
    assignee: str = ""


def take_step(
    store: Store,
    standard: Standard,
    id_prefix: str,
    action: Action,
    given: StepInput,
    *,
    now: datetime,
    workdays: WorkCalendar,
) -> Entry:
    """Take one step on one entry. Raises ``UsageError`` where the entry is not there or the step is not allowed."""
    entry = find_entry(store.entries(), id_prefix)
    [changed] = take_steps(store, standard, [entry], action, given, now=now, workdays=workdays)
    return changed


def take_steps(
    store: Store,
    standard: Standard,
    entries: Sequence[Entry],
    action: Action,
    given: StepInput,
    *,
    now: datetime,
    workdays: WorkCalendar,
) -> list[Entry]:
    """Take one step on each of these entries: all of them, or none. Raises ``UsageError`` where one is not allowed.

    An assignment runs to the day that the edition asks for, and goes to the sponsor, unless others are given.
    """
    due, owners = given.due, None
    if action is Action.ASSIGNED:
        due = due or default_due(standard, local_day(now), workdays)
        owners = Owners.of(store)
    events = [
        Event(
            entry=entry.id,
            at=now,
            who=given.who,
            action=action,
            why=given.why,
            due=due,
            assignee=given.assignee or (owners.sponsor(entry.subject) if owners else ""),
        )
        for entry in entries
    ]
    try:
        return store.act(events)
    except LedgerError as error:
        raise UsageError(str(error)) from None


def able(entries: Sequence[Entry], action: Action) -> tuple[list[Entry], list[Entry]]:
    """Those on which a step can be taken as they stand, and the others."""
    can = [e for e in entries if action in allowed(e)]
    cannot = [e for e in entries if action not in allowed(e)]
    return can, cannot


def find_entry(entries: Sequence[Entry], id_prefix: str) -> Entry:
    """The entry whose id begins so. Raises ``UsageError`` where there is none, or more than one."""
    found = [entry for entry in entries if entry.id.startswith(id_prefix)]
    if len(found) != 1:
        raise UsageError(
            f"没有编号为 {id_prefix} 的事项" if not found else f"编号 {id_prefix} 对应 {len(found)} 个事项，请多写几位"
        )
    return found[0]


def default_due(standard: Standard, today: date, workdays: WorkCalendar) -> date:
    """The day by which the edition asks a problem to be rectified. Raises ``UsageError`` for a year unknown."""
    try:
        return due_day(today, standard.rectification, workdays)
    except UnknownYear as unknown:
        raise UsageError(f"{unknown}；或用 --due 写明期限") from None


def sponsor_of(store: Store, ref: Ref) -> str:
    """The unit that answers for a subject, or nothing where the subject is no longer registered."""
    return Owners.of(store).sponsor(ref)
