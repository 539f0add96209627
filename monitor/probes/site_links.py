"""Looks at every link of a site, once a week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from checks import CrawlSummary, LinkFailure, LinkRemark, Observation, Site
from monitor.crawl import crawl
from monitor.probing import Kit, probe


@probe("site.links", on=Site, yields=(LinkFailure, LinkRemark, CrawlSummary), every=timedelta(days=7), night=True)
async def look_at_links(site: Site, kit: Kit) -> Sequence[Observation]:
    """One crawl, resumed where an earlier one was cut off."""
    if kit.crawl_elsewhere is not None:
        return await kit.crawl_elsewhere(site)
    return await crawl(
        site,
        net=kit.net,
        clock=kit.clock,
        vantage=kit.vantage,
        log=kit.crawl_log,
        bounds=kit.crawl_bounds,
        families=kit.families,
        outside=kit.outside,
        told=kit.crawl_told,
    )
