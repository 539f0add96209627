"""What crawls have found so far, so that one that was killed goes on and does not begin again; and what failed in the
last one, so that it can be looked at again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import MISSING, fields
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, delete, insert, select, update

from checks import CrawlSummary, Observation, Outcome
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
            query = select(_CRAWLS.c.started, _CRAWLS.c.finished).where(_CRAWLS.c.site_id == site_id)
            known = connection.execute(query).one_or_none()
            if known is not None and known.finished is None and now - GOES_STALE < known.started <= now:
                return known.started, sorted(_rows(connection, site_id), key=lambda row: (row.depth, row.url))
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
                    {"site_id": site_id, "url": row.url, "failed": _is_kept(row), "facts": _plain(row)}
                    for row in newest.values()
                ],
            )

    def finish(self, site_id: str, at: datetime) -> None:
        """End a crawl without facts."""
        with self._database.writing() as connection:
            finish(connection, site_id, at)

    def forget_unfinished(self, site_id: str) -> None:
        """Drop what is known of a crawl that is not finished: the next one begins afresh."""
        with self._database.writing() as connection:
            connection.execute(delete(_CRAWLS).where(_CRAWLS.c.site_id == site_id, _CRAWLS.c.finished.is_(None)))

    def failed(self, site_id: str) -> tuple[datetime, list[LinkRow]] | None:
        """When the last crawl ended and what failed in it; ``None`` where there is none, or it was looked at again."""
        with self._database.reading() as connection:
            query = select(_CRAWLS.c.finished).where(_CRAWLS.c.site_id == site_id)
            finished = connection.execute(query).scalar()
            if finished is None:
                return None
            rows = _rows(connection, site_id)
            return (finished, rows) if rows else None

    def looked_again(self, site_id: str) -> None:
        """The failed links of the last crawl have had their second look."""
        with self._database.writing() as connection:
            connection.execute(delete(_LINKS).where(_LINKS.c.site_id == site_id, _finished(site_id)))


def finish(connection: Connection, site_id: str, at: datetime) -> None:
    """The facts of a crawl are on record: of its links only those are kept that failed."""
    connection.execute(update(_CRAWLS).where(_CRAWLS.c.site_id == site_id).values(finished=at))
    connection.execute(delete(_LINKS).where(_LINKS.c.site_id == site_id, _LINKS.c.failed.is_(False)))


def noting_crawls(facts: Iterable[Observation], crawls: list[CrawlSummary]) -> Iterator[Observation]:
    """Hand facts on, and note the summaries of crawls among them."""
    for fact in facts:
        if isinstance(fact, CrawlSummary):
            crawls.append(fact)
        yield fact


def finish_recorded(connection: Connection, crawls: Iterable[CrawlSummary]) -> None:
    """End these crawls, in the transaction that records their summaries."""
    for crawl in crawls:
        finish(connection, crawl.subject.id, crawl.at)


def _rows(connection: Connection, site_id: str) -> list[LinkRow]:
    query = select(_LINKS.c.facts).where(_LINKS.c.site_id == site_id)
    return [_ROW.validate_python(facts) for facts in connection.execute(query).scalars()]


def _finished(site_id: str) -> Any:
    query = select(_CRAWLS.c.site_id).where(_CRAWLS.c.site_id == site_id, _CRAWLS.c.finished.is_not(None))
    return _LINKS.c.site_id.in_(query)


def _is_kept(row: LinkRow) -> bool:
    return row.failed or row.outcome is Outcome.BLOCKED


# Left out where they are at their default, which may therefore only be changed if rows on record may be read so.
_OPTIONAL = tuple(
    (each.name, each.default)
    for each in fields(LinkRow)
    if each.default is not MISSING and each.name not in ("sources", "remarks")
)


def _plain(row: LinkRow) -> dict[str, Any]:
    """What differs from the defaults. By hand: a crawl writes thousands of these, and pydantic takes five times as
    long."""
    facts: dict[str, Any] = {"url": row.url, "depth": row.depth, "internal": row.internal, "is_page": row.is_page}
    for name, default in _OPTIONAL:
        value = getattr(row, name)
        if value != default:
            facts[name] = value
    if row.sources:
        facts["sources"] = [
            {"page": source.page, "anchor": source.anchor, "position": source.position} for source in row.sources
        ]
    if row.remarks:
        facts["remarks"] = [list(remark) for remark in row.remarks]
    return facts
