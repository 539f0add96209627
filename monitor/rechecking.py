"""The second look at the links that failed in the last crawl of a site: these alone, and only when it is due."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from datetime import timedelta

from checks import LinkRecheck, Observation, Outcome, Site
from monitor.clock import Clock
from monitor.crawl_facts import link_failures
from monitor.crawl_log import CrawlLog
from monitor.frontier import LinkRow, host_of
from monitor.landing import open_landing
from monitor.linkcheck import LinkLooker
from monitor.net import Net
from monitor.silence import PASSING

AFTER = timedelta(hours=24)
"""How long after the crawl: the check wants two failures so far apart (site.dead_link, confirm_hours)."""


def due(site: Site, *, clock: Clock, log: CrawlLog) -> list[LinkRow]:
    """What is to be looked at again now: nothing where ``AFTER`` has not passed, or it was looked at again already."""
    known = log.failed(site.id)
    return known[1] if known is not None and clock.now() - known[0] >= AFTER else []


async def recheck(
    site: Site,
    failed: Collection[LinkRow],
    *,
    net: Net,
    clock: Clock,
    vantage: str,
    log: CrawlLog,
    families: Collection[int] = (4, 6),
) -> list[Observation]:
    """Look again at links that failed.

    Yields a ``LinkFailure`` for each that failed again or was blocked, and one ``LinkRecheck``. Where the home page
    does not open, before or after, nothing is said of any link.
    """
    started = clock.now()
    home = await open_landing(net, site.url)
    if home.outcome not in (Outcome.OK, Outcome.TOO_LARGE):
        return []
    # Nobody's server is asked for a thousand addresses by day: what is not looked at again waits for the next crawl.
    rows = sorted(failed, key=lambda row: (row.outcome is Outcome.BLOCKED, row.depth, row.url))[:_MOST]
    rows = [row for row in rows if row.outcome is not Outcome.REFUSED_BY_GUARD]
    looker = LinkLooker(net, home=home.final_url, families=families)
    try:
        turns = asyncio.Semaphore(_AT_ONCE)
        await asyncio.gather(*(_look_again(row, looker, turns) for row in rows))
    finally:
        await looker.aclose()
    if any(row.failed for row in rows):
        home = await net.fetch(home.final_url)
        if home.outcome not in (Outcome.OK, Outcome.TOO_LARGE):
            return []  # it is we, or the whole site: no link is accused
    answering = {host_of(row.url) for row in rows if row.answered}
    for row in rows:
        row.host_down = row.host_down and host_of(row.url) not in answering
    at = clock.now()
    log.looked_again(site.id)
    return [
        *link_failures(rows, site, at=at, vantage=vantage),
        LinkRecheck(subject=site.ref, at=at, vantage=vantage, started=started, looked=tuple(row.url for row in rows)),
    ]


async def _look_again(row: LinkRow, looker: LinkLooker, turns: asyncio.Semaphore) -> None:
    async with turns:
        look = await looker.look(row)
        if look.outcome in PASSING or (look.status_code or 0) >= 500:
            look = await looker.look(row, again=True)
    row.outcome, row.status_code, row.control_passed = look.outcome, look.status_code, look.control_passed
    row.detail, row.answered = look.detail, look.answered


_MOST = 500
_AT_ONCE = 4
