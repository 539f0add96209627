"""The few idioms that this package shares: a class's table, INSERT … ON CONFLICT DO UPDATE, work in batches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar, cast

from sqlalchemy import ColumnElement, Connection, Table, case
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel

T = TypeVar("T")
Merge = Callable[[ColumnElement[Any], ColumnElement[Any]], ColumnElement[Any]]


def table_of(row: type[SQLModel]) -> Table:
    """The Core table of a row class: bulk work goes past the ORM, which is fifty times slower."""
    return cast(Table, row.__table__)  # type: ignore[attr-defined]


def insert_into(connection: Connection, table: Table) -> sqlite.Insert:
    """An INSERT to which ON CONFLICT can be said; both databases say it alike."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    return cast(sqlite.Insert, insert(table))


def upsert(
    connection: Connection,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    *,
    merge: Mapping[str, Merge] | None = None,
) -> None:
    """Write rows by their primary key. ``merge`` joins the old and the new value of a column; else the new one wins."""
    if not rows:
        return
    statement = insert_into(connection, table)
    keys = [column.name for column in table.primary_key]
    changed = {
        column.name: (merge or {}).get(column.name, _newer)(column, statement.excluded[column.name])
        for column in table.columns
        if column.name not in keys
    }
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed), list(rows))


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Pieces of at most ``size``, without holding more than one."""
    iterator = iter(items)
    while piece := list(islice(iterator, size)):
        yield piece


def later(old: ColumnElement[Any], new: ColumnElement[Any]) -> ColumnElement[Any]:
    return case((new > old, new), else_=old)


def earlier(old: ColumnElement[Any], new: ColumnElement[Any]) -> ColumnElement[Any]:
    return case((new < old, new), else_=old)


def _newer(_old: ColumnElement[Any], new: ColumnElement[Any]) -> ColumnElement[Any]:
    return new
