"""What a crawl is told, what it keeps so that it can go on after a restart, and what it tells meanwhile."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from monitor.frontier import LinkRow


@dataclass(frozen=True)
class CrawlBounds:
    """Where a crawl stops: pages read, seconds spent, clicks from the home page.

    ``pause`` (seconds) is the wait when the site falls silent; every ``save_seconds`` what was found is kept.
    ``robots_ignored`` are the codes of sites whose robots.txt does not bind us; ``*`` is all.
    """

    pages: int
    seconds: float
    pause: float = 60.0
    depth: int = 50
    save_seconds: float = 1.0
    robots_ignored: tuple[str, ...] = ()


class CrawlLog(Protocol):
    """What a crawl has found so far, kept so that it can go on after a restart.

    A crawl is over when its summary is on record: until then it is gone on with, though nothing be left to do.
    """

    def resume_or_start(self, site_id: str, now: datetime) -> tuple[datetime, list[LinkRow]]:
        """When the unfinished crawl of the site began, and its rows; ``now`` and no rows where there is none."""

    def save(self, site_id: str, rows: Iterable[LinkRow]) -> None:
        """Keep these rows; a row replaces that of the same address. All or none."""

    def failed(self, site_id: str) -> tuple[datetime, list[LinkRow]] | None:
        """When the site's last crawl ended, and the links that failed then and were not looked at again since."""

    def looked_again(self, site_id: str) -> None:
        """The failed links of the last crawl have had their second look."""


@dataclass(frozen=True)
class CrawlProgress:
    """How far a crawl is."""

    site: str
    pages: int
    links: int
    waiting: int
    failed: int
    blocked: int
    seconds: float
