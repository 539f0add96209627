"""The hash chain over the ledger's events, so that a later change of any of them shows. It signs nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC

from checks.core.entries import GENESIS, Event


def chain(event: Event, previous_hash: str, *, number: int | None = None) -> Event:
    """Give an event its place: its number (if not set already), the hash before it and its own."""
    placed = replace(event, number=event.number if number is None else number, previous_hash=previous_hash)
    return replace(placed, hash=_digest(placed))


def chain_all(drafts: Iterable[Event], *, last_number: int, last_hash: str) -> tuple[Event, ...]:
    """Chain drafts, in order, on to the end of a ledger; an empty ledger ends at number 0 with ``GENESIS``."""
    chained: list[Event] = []
    for draft in drafts:
        last_number += 1
        chained.append(chain(draft, last_hash, number=last_number))
        last_hash = chained[-1].hash
    return tuple(chained)


def verify_chain(events: Iterable[Event]) -> list[str]:
    """Every place where a ledger does not hang together, in Chinese. A tail that was cut off does not show."""
    faults: list[str] = []
    number, previous = 0, GENESIS
    for event in events:
        number += 1
        if event.number != number:
            faults.append(f"第 {number} 条记录的编号是 {event.number}：有记录缺失、重复或被调换")
            number = event.number
        if event.previous_hash != previous:
            faults.append(f"第 {event.number} 条记录与前一条不衔接")
        if event.hash != _digest(event):
            faults.append(f"第 {event.number} 条记录（事项 {event.entry}）的内容被改动过")
        previous = event.hash
    return faults


def _digest(event: Event) -> str:
    """SHA-256 over canonical JSON of all fields but the hash; moments in UTC, so that a store may change the zone."""
    content = {
        "entry": event.entry,
        "number": event.number,
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "who": event.who,
        "action": str(event.action),
        "why": event.why,
        "evidence": list(event.evidence),
        "due": event.due.isoformat() if event.due else None,
        "assignee": event.assignee,
        "finding": dict(event.finding),
        "previous_hash": event.previous_hash,
    }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
