"""The ledger in the database: the chain of events, and where each entry stands after them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, insert, select

from checks.core.ledger import Entry, Event
from checks.core.model import Ref
from monitor.errors import OperationError
from monitor.store.sql import table_of, upsert
from monitor.store.tables import EntryRow, EventRow

_ENTRIES = table_of(EntryRow)
_EVENTS = table_of(EventRow)
_ENTRY = TypeAdapter(Entry)
_EVENT = TypeAdapter(Event)
_EVENT_FIELDS = tuple(field.name for field in fields(Event))


def write(connection: Connection, events: Sequence[Event], entries: Sequence[Entry]) -> None:
    """Append chained events, and put entries as they stand after them.

    Raises ``OperationError`` where the chain has meanwhile grown: the entries were computed from an older state.
    """
    if events and events[0].previous_hash != last_hash(connection):
        raise OperationError("整改台账刚被另一个操作改过，这一次的操作没有保存。请重试")
    if entries:
        upsert(connection, _ENTRIES, [_entry_row(entry) for entry in entries])
    if events:
        connection.execute(insert(_EVENTS), [_event_row(event) for event in events])


def entries(connection: Connection) -> list[Entry]:
    """Every entry, oldest first."""
    query = select(_ENTRIES).order_by(_ENTRIES.c.opened, _ENTRIES.c.id)
    return [_entry(row) for row in connection.execute(query).mappings()]


def events(connection: Connection, entry_id: str | None = None) -> list[Event]:
    """All events, or those of one entry, in the order of the chain."""
    query = select(*(_EVENTS.c[name] for name in _EVENT_FIELDS)).order_by(_EVENTS.c.id)
    if entry_id is not None:
        query = query.where(_EVENTS.c.entry == entry_id)
    return [_EVENT.validate_python(dict(row)) for row in connection.execute(query).mappings()]


def last_hash(connection: Connection) -> str:
    """What the next event has to name as its predecessor; empty where there is none."""
    return connection.execute(select(_EVENTS.c.hash).order_by(_EVENTS.c.id.desc()).limit(1)).scalar() or ""


def _entry_row(entry: Entry) -> dict[str, Any]:
    row = {field.name: getattr(entry, field.name) for field in fields(entry)}
    return row | {
        "check_id": row.pop("check"),
        "subject": str(entry.subject),
        "state": entry.state.value,
        "severity": str(entry.severity),
    }


def _entry(row: Any) -> Entry:
    values = dict(row)
    return _ENTRY.validate_python(values | {"check": values.pop("check_id"), "subject": Ref.parse(values["subject"])})


def _event_row(event: Event) -> dict[str, Any]:
    row = {field.name: getattr(event, field.name) for field in fields(event)}
    return row | {"action": event.action.value, "evidence": list(event.evidence), "finding": dict(event.finding)}
