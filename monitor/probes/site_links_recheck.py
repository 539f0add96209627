"""Looks again, a day after a crawl, at what had failed in it, so that no confirmation waits for the next crawl."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from checks import LinkFailure, LinkRecheck, Observation, Site
from monitor.probing import NOTHING_TO_LOOK_AT, Kit, probe
from monitor.rechecking import due, recheck


@probe("site.links_recheck", on=Site, yields=(LinkFailure, LinkRecheck), every=timedelta(hours=6))
async def look_again(site: Site, kit: Kit) -> Sequence[Observation]:
    """One second look, where one is due."""
    failed = due(site, clock=kit.clock, log=kit.crawl_log)
    if not failed:
        return NOTHING_TO_LOOK_AT
    return await recheck(
        site,
        failed,
        net=kit.net,
        clock=kit.clock,
        vantage=kit.vantage,
        log=kit.crawl_log,
        families=kit.families,
    )
