"""Frames that were frozen and the records of draws, kept to the byte. Records are append-only and form one chain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from monitor.store.sql import table_of
from monitor.store.tables import DrawFrameRow, DrawRecordRow

_FRAMES = table_of(DrawFrameRow)
_RECORDS = table_of(DrawRecordRow)


@dataclass(frozen=True, kw_only=True)
class FrozenFrame:
    """A frame as it was frozen. ``kind`` is account or site, ``content`` the CSV."""

    period: str
    kind: str
    sha256: str
    frozen_at: datetime
    frozen_by: str
    content: str


@dataclass(frozen=True, kw_only=True)
class KeptRecord:
    """A record as it was written. ``sha256`` is the digest of its content, which the next record names."""

    period: str
    kind: str
    sha256: str
    previous: str
    frame_sha256: str
    content: str


def add_frame(connection: Connection, frame: FrozenFrame) -> None:
    connection.execute(insert(_FRAMES).values(**{name: getattr(frame, name) for name in frame.__dataclass_fields__}))


def frames(connection: Connection, period: str, kind: str) -> list[FrozenFrame]:
    """The frames frozen for a period, oldest first."""
    query = select(_FRAMES).where(_FRAMES.c.period == period, _FRAMES.c.kind == kind).order_by(_FRAMES.c.id)
    return [
        FrozenFrame(**{name: row[name] for name in FrozenFrame.__dataclass_fields__})
        for row in connection.execute(query).mappings()
    ]


def frame_content(connection: Connection, sha256: str) -> str | None:
    """The CSV of a frozen frame by its digest."""
    query = select(_FRAMES.c.content).where(_FRAMES.c.sha256 == sha256).limit(1)
    return connection.execute(query).scalar_one_or_none()


def add_record(connection: Connection, record: KeptRecord) -> None:
    connection.execute(insert(_RECORDS).values(**{name: getattr(record, name) for name in record.__dataclass_fields__}))


def records(connection: Connection) -> list[KeptRecord]:
    """Every record, in the order of the chain."""
    return [
        KeptRecord(**{name: row[name] for name in KeptRecord.__dataclass_fields__})
        for row in connection.execute(select(_RECORDS).order_by(_RECORDS.c.id)).mappings()
    ]
