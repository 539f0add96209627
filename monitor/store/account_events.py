"""What became of accounts, and who vouched for feed sources. Both are append-only."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, insert, select

from monitor.registry.lifecycle import AccountEvent, Step
from monitor.sources.confirming import SourceEvent
from monitor.store.sql import table_of
from monitor.store.tables import AccountEventRow, SourceEventRow

_LIVES = table_of(AccountEventRow)
_SOURCES = table_of(SourceEventRow)


def add_lives(connection: Connection, events: Iterable[AccountEvent]) -> None:
    rows = [{**_row(event), "step": str(event.step)} for event in events]
    if rows:
        connection.execute(insert(_LIVES), rows)


def lives(connection: Connection, account: str | None = None) -> list[AccountEvent]:
    """The events of one account, by the id of its reference, or of all, oldest first."""
    query = select(_LIVES).order_by(_LIVES.c.id)
    if account is not None:
        query = query.where(_LIVES.c.account == account)
    return [
        AccountEvent(account=r.account, step=Step(r.step), day=r.day, at=r.at, who=r.who, detail=r.detail)
        for r in connection.execute(query)
    ]


def add_source_events(connection: Connection, events: Iterable[SourceEvent]) -> None:
    rows = [_row(event) for event in events]
    if rows:
        connection.execute(insert(_SOURCES), rows)


def source_events(connection: Connection) -> list[SourceEvent]:
    """Every event, oldest first."""
    return [
        SourceEvent(**{name: row[name] for name in SourceEvent.__dataclass_fields__})
        for row in connection.execute(select(_SOURCES).order_by(_SOURCES.c.id)).mappings()
    ]


def _row(event: AccountEvent | SourceEvent) -> dict[str, object]:
    return {name: getattr(event, name) for name in event.__dataclass_fields__}
