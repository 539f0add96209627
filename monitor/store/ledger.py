"""The ledger in the database: the chain of events, and where each entry stands after them.

drafts ──▶ advance (may it?) ──▶ chain_all (number, hash) ──▶ events appended, entries put, in one transaction
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, insert, select

from checks.core.assess import Assessment
from checks.core.chain import chain_all
from checks.core.entries import GENESIS, Entry, Event, State, advance
from checks.core.ledger import Reconciliation, reconcile
from checks.core.model import Ref
from monitor.store.sql import batches, table_of, upsert
from monitor.store.tables import EntryRow, EventRow

_ENTRIES = table_of(EntryRow)
_EVENTS = table_of(EventRow)
_ENTRY = TypeAdapter(Entry)
_EVENT = TypeAdapter(Event)
_EVENT_FIELDS = tuple(field.name for field in fields(Event))
_ID_BATCH = 500


def lay_over(
    connection: Connection, assessments: Iterable[Assessment], *, now: datetime, auto_close: bool
) -> Reconciliation:
    """Reconcile assessments with the ledger as it stands in this transaction, and keep what comes of it."""
    drafted = reconcile(entries(connection), assessments, now=now, auto_close=auto_close)
    chained = _append(connection, drafted.events)
    _put(connection, drafted.entries)
    return replace(drafted, events=chained)


def act(connection: Connection, drafts: Sequence[Event]) -> list[Entry]:
    """Take steps, in order; the entries as they stand after them. Raises ``LedgerError`` where one is not allowed."""
    standing = {entry.id: entry for entry in _entries(connection, {draft.entry for draft in drafts})}
    for draft in drafts:
        standing[draft.entry] = advance(standing.get(draft.entry), draft)
    _append(connection, drafts)
    _put(connection, standing.values())
    return list(standing.values())


def entries(connection: Connection) -> list[Entry]:
    """Every entry, oldest first."""
    query = select(_ENTRIES).order_by(_ENTRIES.c.opened, _ENTRIES.c.id)
    return [_entry(row) for row in connection.execute(query).mappings()]


def entries_to_weigh(connection: Connection, ids: Iterable[str], *, today: date) -> dict[str, Entry]:
    """The entries with these ids, and those that are past their day, by id."""
    query = select(_ENTRIES).where(_ENTRIES.c.state == State.RECTIFYING.value, _ENTRIES.c.due < today)
    found = [_entry(row) for row in connection.execute(query).mappings()]
    return {entry.id: entry for entry in (*found, *_entries(connection, ids))}


def events(connection: Connection, entry_id: str | None = None) -> list[Event]:
    """All events, or those of one entry, in the order of the chain."""
    query = select(*(_EVENTS.c[name] for name in _EVENT_FIELDS)).order_by(_EVENTS.c.id)
    if entry_id is not None:
        query = query.where(_EVENTS.c.entry == entry_id)
    return [_EVENT.validate_python(dict(row)) for row in connection.execute(query).mappings()]


def _append(connection: Connection, drafts: Sequence[Event]) -> tuple[Event, ...]:
    query = select(_EVENTS.c.number, _EVENTS.c.hash).order_by(_EVENTS.c.id.desc()).limit(1)
    number, digest = connection.execute(query).one_or_none() or (0, GENESIS)
    chained = chain_all(drafts, last_number=number, last_hash=digest)
    if chained:
        connection.execute(insert(_EVENTS), [_event_row(event) for event in chained])
    return chained


def _put(connection: Connection, changed: Iterable[Entry]) -> None:
    upsert(connection, _ENTRIES, [_entry_row(entry) for entry in changed])


def _entries(connection: Connection, ids: Iterable[str]) -> list[Entry]:
    return [
        _entry(row)
        for batch in batches(sorted(ids), _ID_BATCH)
        for row in connection.execute(select(_ENTRIES).where(_ENTRIES.c.id.in_(batch))).mappings()
    ]


def _entry_row(entry: Entry) -> dict[str, Any]:
    row = {field.name: getattr(entry, field.name) for field in fields(entry)}
    return row | {
        "check_id": row.pop("check"),
        "subject": str(entry.subject),
        "state": entry.state.value,
        "severity": entry.severity.value,
    }


def _entry(row: Any) -> Entry:
    values = dict(row)
    return _ENTRY.validate_python(values | {"check": values.pop("check_id"), "subject": Ref.parse(values["subject"])})


def _event_row(event: Event) -> dict[str, Any]:
    row = {field.name: getattr(event, field.name) for field in fields(event)}
    return row | {"action": event.action.value, "evidence": list(event.evidence), "finding": dict(event.finding)}
