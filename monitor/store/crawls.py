"""What unfinished crawls have found so far, so that a crawl that was killed goes on and does not begin again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from pydantic import TypeAdapter
from sqlalchemy import delete, insert, select

from monitor.crawl import LinkRow
from monitor.store.engine import Database
from monitor.store.sql import table_of, upsert
from monitor.store.tables import CrawlLinkRow, CrawlRow

GOES_STALE = timedelta(days=1)
"""An older crawl is not gone on with: what it found would be told as seen today."""

_CRAWLS = table_of(CrawlRow)
_LINKS = table_of(CrawlLinkRow)
_ROW = TypeAdapter(LinkRow)


class StoredCrawls:
    """The ``CrawlLog`` of the database. Each call is a transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def resume_or_start(self, site_id: str, now: datetime) -> tuple[datetime, list[LinkRow]]:
        """When the site's crawl began and its links so far, nearest first; ``(now, [])`` for one that begins."""
        with self._database.writing() as connection:
            started = connection.execute(select(_CRAWLS.c.started).where(_CRAWLS.c.site_id == site_id)).scalar()
            if started is not None and now - GOES_STALE < started <= now:
                query = select(_LINKS.c.facts).where(_LINKS.c.site_id == site_id)
                rows = [_ROW.validate_python(facts) for facts in connection.execute(query).scalars()]
                return started, sorted(rows, key=lambda row: (row.depth, row.url))
            connection.execute(delete(_CRAWLS).where(_CRAWLS.c.site_id == site_id))
            connection.execute(insert(_CRAWLS).values(site_id=site_id, started=now))
            return now, []

    def save(self, site_id: str, rows: Iterable[LinkRow]) -> None:
        """Write links by their address; a later row of a link replaces the earlier one."""
        newest = {row.url: row for row in rows}
        with self._database.writing() as connection:
            upsert(
                connection,
                _LINKS,
                [
                    {"site_id": site_id, "url": row.url, "facts": _ROW.dump_python(row, mode="json", warnings=False)}
                    for row in newest.values()
                ],
            )

    def finish(self, site_id: str) -> None:
        """Forget a crawl: its facts are on the record now."""
        with self._database.writing() as connection:
            connection.execute(delete(_CRAWLS).where(_CRAWLS.c.site_id == site_id))
