"""When the service last did each of its jobs, by name: ``inspect``, ``upkeep``, ``paper 2026Q4``."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from monitor.store.sql import table_of, upsert
from monitor.store.tables import JobRow

_JOBS = table_of(JobRow)


def jobs(connection: Connection) -> dict[str, datetime]:
    """When each job was last done."""
    return {row.name: row.at for row in connection.execute(select(_JOBS.c.name, _JOBS.c.at))}


def mark(connection: Connection, name: str, at: datetime) -> None:
    """Remember that a job was done."""
    upsert(connection, _JOBS, [{"name": name, "at": at}])
