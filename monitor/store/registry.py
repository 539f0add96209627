"""The registry in the database: units, sites, columns and accounts, read whole and changed in one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Table, bindparam, delete, insert, select, update

from checks.core.model import Account, Column, Site, Unit
from monitor.registry.changes import Record, RegistryChanges
from monitor.store.sql import table_of
from monitor.store.tables import AccountRow, ColumnRow, SiteRow, UnitRow


@dataclass(frozen=True)
class _Keeping:
    """How one kind of record is kept."""

    cls: type[Record]
    table: Table
    adapter: TypeAdapter[Any]

    def row(self, record: Record) -> dict[str, Any]:
        row = {field.name: _plain(getattr(record, field.name)) for field in fields(record)}
        if isinstance(record, Account):
            row["ref_id"] = record.ref.id
        return row

    def key(self, record: Record) -> dict[str, Any]:
        row = self.row(record)
        return {f"key_{column.name}": row[column.name] for column in self.table.primary_key}


# sites before their columns; removal goes the other way
_KEPT = tuple(
    _Keeping(cls, table_of(row), TypeAdapter(cls))
    for cls, row in ((Unit, UnitRow), (Site, SiteRow), (Column, ColumnRow), (Account, AccountRow))
)


def units(connection: Connection) -> list[Unit]:
    return _all(connection, _KEPT[0])


def sites(connection: Connection) -> list[Site]:
    return _all(connection, _KEPT[1])


def columns(connection: Connection) -> list[Column]:
    return _all(connection, _KEPT[2])


def accounts(connection: Connection) -> list[Account]:
    return _all(connection, _KEPT[3])


def apply(connection: Connection, changes: RegistryChanges) -> None:
    """Carry out what was planned. What is absent from the files goes only where the plan says so."""
    for kept in reversed(_KEPT):
        _remove(connection, kept, [record for record in changes.removed if isinstance(record, kept.cls)])
    for kept in _KEPT:
        _update(connection, kept, [change.new for change in changes.changed if isinstance(change.new, kept.cls)])
        rows = [kept.row(record) for record in changes.added if isinstance(record, kept.cls)]
        if rows:
            connection.execute(insert(kept.table), rows)


def _all(connection: Connection, kept: _Keeping) -> list[Any]:
    names = [field.name for field in fields(kept.cls)]
    query = select(*(kept.table.c[name] for name in names)).order_by(*kept.table.primary_key)
    rows = connection.execute(query)
    return [kept.adapter.validate_python(dict(zip(names, row, strict=True))) for row in rows]


def _update(connection: Connection, kept: _Keeping, records: Sequence[Record]) -> None:
    if records:
        statement = update(kept.table).where(*_keyed(kept.table))
        connection.execute(statement, [kept.row(record) | kept.key(record) for record in records])


def _remove(connection: Connection, kept: _Keeping, records: Sequence[Record]) -> None:
    if records:
        connection.execute(delete(kept.table).where(*_keyed(kept.table)), [kept.key(record) for record in records])


def _keyed(table: Table) -> list[Any]:
    return [column == bindparam(f"key_{column.name}") for column in table.primary_key]


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, StrEnum) else value
