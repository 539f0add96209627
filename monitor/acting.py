"""The steps that people take on the ledger. What is allowed is said by checks.core.ledger alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from checks.core.calendar import local_day
from checks.core.ledger import Action, Entry, Event, LedgerError
from checks.core.model import Column, Ref
from checks.core.standard import Standard
from monitor.errors import UsageError
from monitor.store import Store


@dataclass(frozen=True)
class StepInput:
    """Who takes a step, why, and what an assignment names."""

    who: str
    why: str = ""
    due: date | None = None
    assignee: str = ""


def take_step(
    store: Store, standard: Standard, id_prefix: str, action: Action, given: StepInput, *, now: datetime
) -> Entry:
    """Take one step on one entry. Raises ``UsageError`` where the entry is not there or the step is not allowed."""
    entry = find_entry(store.entries(), id_prefix)
    due, assignee = given.due, given.assignee
    if action is Action.ASSIGNED:
        due = due or default_due(standard, local_day(now))
        assignee = assignee or sponsor_of(store, entry.subject)
    event = Event(entry=entry.id, at=now, who=given.who, action=action, why=given.why, due=due, assignee=assignee)
    try:
        [changed] = store.act([event])
    except LedgerError as error:
        raise UsageError(str(error)) from None
    return changed


def find_entry(entries: Sequence[Entry], id_prefix: str) -> Entry:
    """The entry whose id begins so. Raises ``UsageError`` where there is none, or more than one."""
    found = [entry for entry in entries if entry.id.startswith(id_prefix)]
    if len(found) != 1:
        raise UsageError(
            f"没有编号为 {id_prefix} 的事项" if not found else f"编号 {id_prefix} 对应 {len(found)} 个事项，请多写几位"
        )
    return found[0]


def default_due(standard: Standard, today: date) -> date:
    """The day by which the edition asks a problem to be rectified. Working days are not counted yet."""
    if standard.rectification.working_days:
        raise UsageError("该检查指标的整改期限按工作日计算，请用 --due 写明期限")
    return today + timedelta(days=standard.rectification.days)


def sponsor_of(store: Store, ref: Ref) -> str:
    """The unit that answers for a subject, or nothing where the subject is no longer registered."""
    sites = {s.id: s for s in store.sites()}
    for subject in store.subjects():
        if subject.ref == ref:
            owner = sites.get(subject.site_id) if isinstance(subject, Column) else subject
            return owner.sponsor if owner else ""
    return ""
