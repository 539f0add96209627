"""整改通知单 in the database: numbered from 1 within each year, never renumbered, kept as they were issued."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, func, insert, select

from monitor.store.sql import table_of
from monitor.store.tables import RectificationNoticeRow
from reports.rectification_notice import NoticeLine, RectificationNotice

_NOTICES = table_of(RectificationNoticeRow)
_LINES = TypeAdapter(tuple[NoticeLine, ...])


def notices(connection: Connection) -> list[RectificationNotice]:
    """Every notice, in the order of issue."""
    query = select(_NOTICES).order_by(_NOTICES.c.year, _NOTICES.c.number)
    return [_notice(dict(row)) for row in connection.execute(query).mappings()]


def issue(
    connection: Connection, unit: str, lines: Iterable[NoticeLine], *, year: int, at: datetime, who: str
) -> RectificationNotice | None:
    """Give the next number of the year to what no notice holds yet; ``None`` where nothing is left."""
    held = {(line.entry, line.assigned) for notice in notices(connection) for line in notice.lines}
    new = tuple(line for line in lines if (line.entry, line.assigned) not in held)
    if not new:
        return None
    last = connection.execute(select(func.max(_NOTICES.c.number)).where(_NOTICES.c.year == year)).scalar()
    row = {"year": year, "number": (last or 0) + 1, "unit": unit, "at": at, "who": who}
    connection.execute(insert(_NOTICES).values(**row, lines=_LINES.dump_python(new, mode="json")))
    return _notice(row | {"lines": new})


def _notice(row: dict[str, Any]) -> RectificationNotice:
    return RectificationNotice(**row | {"lines": _LINES.validate_python(row["lines"])})
