"""Maintenance windows and filed suspensions in the database. None is ever taken back: one is ended."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from checks.core.hours import WeeklyHours
from checks.core.model import Ref
from checks.core.suspensions import Suspension
from monitor.store.engine import Database
from monitor.store.sql import table_of
from monitor.store.tables import SuspensionRow

_SUSPENSIONS = table_of(SuspensionRow)


class Suspensions:
    """Each call is a transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[Suspension]:
        """Every suspension, past ones too: what was seen under a filed one stays out of rulings."""
        with self._database.reading() as connection:
            return suspensions(connection)

    def add(self, suspension: Suspension) -> Suspension:
        """Keep a new one; returned with its number."""
        row = {field.name: getattr(suspension, field.name) for field in fields(suspension) if field.name != "id"}
        row |= {"subject": str(suspension.subject), "weekly": str(suspension.weekly or "")}
        with self._database.writing() as connection:
            statement = insert(_SUSPENSIONS).values(row).returning(*_SUSPENSIONS.c)
            return _suspension(connection.execute(statement).mappings().one())

    def end(self, number: int, *, at: datetime, who: str) -> Suspension | None:
        """End one before its time; ``None`` where no such one was under way or to come."""
        statement = (
            update(_SUSPENSIONS)
            .where(_SUSPENSIONS.c.id == number, _SUSPENSIONS.c.ended.is_(None), _SUSPENSIONS.c.until > at)
            .values(ended=at, ended_by=who)
            .returning(*_SUSPENSIONS.c)
        )
        with self._database.writing() as connection:
            row = connection.execute(statement).mappings().one_or_none()
            return None if row is None else _suspension(row)


def suspensions(connection: Connection) -> list[Suspension]:
    """Every suspension, oldest first."""
    query = select(_SUSPENSIONS).order_by(_SUSPENSIONS.c.since, _SUSPENSIONS.c.id)
    return [_suspension(row) for row in connection.execute(query).mappings()]


def _suspension(row: Any) -> Suspension:
    weekly = WeeklyHours.parse(row["weekly"]) if row["weekly"] else None
    return Suspension(**dict(row) | {"subject": Ref.parse(row["subject"]), "weekly": weekly})
