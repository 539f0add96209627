"""整改台账: what a round of assessments does to it. The machine finds, re-checks and proposes; a person closes.

The entries themselves and the chain of events live beside this; what others need of them is offered here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from checks.core.assess import Assessment
from checks.core.chain import chain, chain_all, verify_chain
from checks.core.entries import (
    GENESIS,
    MOVES,
    OPEN_STATES,
    Action,
    Entry,
    Event,
    LedgerError,
    State,
    advance,
    allowed,
    entry_id,
)
from checks.core.model import Ref
from checks.core.registry import Finding

__all__ = [
    "GENESIS",
    "MACHINE",
    "MOVES",
    "OPEN_STATES",
    "Action",
    "Entry",
    "Event",
    "LedgerError",
    "Reconciliation",
    "State",
    "advance",
    "allowed",
    "chain",
    "chain_all",
    "entry_id",
    "reconcile",
    "verify_chain",
]

MACHINE = "巡查"


@dataclass(frozen=True, kw_only=True)
class Reconciliation:
    """What a round of assessments does to the ledger: drafts in order, and the entries that they change."""

    events: tuple[Event, ...]
    entries: tuple[Entry, ...]


def reconcile(
    entries: Iterable[Entry], assessments: Iterable[Assessment], *, now: datetime, auto_close: bool = False
) -> Reconciliation:
    """Lay a round of assessments over the ledger. Applied to its own result it does nothing.

    What was not tested, wholly or in part, moves nothing: only what was found, and what a full test no longer
    finds. Once submitted or closed, an entry is moved only by facts seen since: what was seen before the repair says
    nothing of it.
    """
    ledger = {e.id: e for e in entries}
    by_place: dict[tuple[str, Ref], list[str]] = {}
    for known in ledger.values():
        by_place.setdefault((known.check, known.subject), []).append(known.id)
    events: list[Event] = []

    def happen(event: Event) -> None:
        ledger[event.entry] = advance(ledger.get(event.entry), event)
        events.append(event)

    latest = {(a.check, a.subject): a for a in assessments}
    for assessment in latest.values():
        found: set[str] = set()
        covered = {key for finding in assessment.problems for key in finding.covers}
        for finding in assessment.problems:
            id_ = entry_id(assessment.check, assessment.subject, finding.key)
            found.add(id_)
            action = _on_found(ledger.get(id_), finding.seen_at or assessment.facts_at or now)
            if action is None:
                continue
            happen(
                Event(
                    entry=id_,
                    at=now,
                    who=MACHINE,
                    action=action,
                    why=finding.text,
                    evidence=finding.evidence,
                    finding=_carried(assessment, finding) if action in (Action.FOUND, Action.RECURRED) else {},
                )
            )
        for id_ in by_place.get((assessment.check, assessment.subject), ()):
            key = ledger[id_].key
            settled = id_ not in found and key not in covered and assessment.settles(key)
            if not settled:
                continue
            action = _on_gone(ledger[id_], assessment.facts_at or now, auto_close=auto_close)
            if action is not None:
                why = assessment.reason or "复查未再发现该问题"
                happen(Event(entry=id_, at=now, who=MACHINE, action=action, why=why, evidence=assessment.newest))
    changed = dict.fromkeys(e.entry for e in events)
    return Reconciliation(events=tuple(events), entries=tuple(ledger[id_] for id_ in changed))


def _on_found(entry: Entry | None, seen_at: datetime) -> Action | None:
    if entry is None:
        return Action.FOUND
    if entry.state is State.CLOSED:
        return Action.RECURRED if seen_at >= entry.changed else None
    if entry.state is State.TO_REVIEW:
        return Action.RECHECK_FAILED if seen_at >= entry.changed else None
    if entry.open and entry.close_proposed:
        return Action.RECHECK_FAILED
    return None


def _on_gone(entry: Entry, seen_at: datetime, *, auto_close: bool) -> Action | None:
    if not entry.open or (entry.state is State.TO_REVIEW and seen_at < entry.changed):
        return None
    if auto_close:
        return Action.AUTO_CLOSED
    return None if entry.close_proposed else Action.RECHECK_PASSED


def _carried(assessment: Assessment, finding: Finding) -> dict[str, str]:
    return {
        "check": assessment.check,
        "subject": str(assessment.subject),
        "key": finding.key,
        "text": finding.text,
        "url": finding.url,
        "severity": str(finding.severity),
    }
