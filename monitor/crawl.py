"""The crawl of one site (skeleton; the walk follows)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from checks import LinkSource, Observation, Outcome, Site
from monitor.clock import Clock
from monitor.net import Net


@dataclass(frozen=True)
class CrawlBounds:
    """Where a crawl stops: pages read and seconds spent."""

    pages: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRow:
    """One link of a crawl. ``outcome`` is ``None`` where it was not looked at yet."""

    url: str
    depth: int
    internal: bool
    is_page: bool
    on_home: bool = False
    outcome: Outcome | None = None
    status_code: int | None = None
    control_passed: bool = False
    detail: str = ""
    sources: tuple[LinkSource, ...] = ()
    source_count: int = 0


class CrawlLog(Protocol):
    """What a crawl has found so far, kept so that it can go on after a restart."""

    def resume_or_start(self, site_id: str, now: datetime) -> tuple[datetime, list[LinkRow]]: ...

    def save(self, site_id: str, rows: Iterable[LinkRow]) -> None: ...

    def finish(self, site_id: str) -> None: ...


async def crawl(
    site: Site, *, net: Net, clock: Clock, vantage: str, log: CrawlLog, bounds: CrawlBounds
) -> list[Observation]:
    """Walk the site from its home page."""
    raise NotImplementedError
