"""Looks at every link of a site, once a week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from checks import CrawlSummary, LinkFailure, LinkRemark, Observation, Site
from monitor.probing import Kit, probe


@probe("site.links", on=Site, yields=(LinkFailure, LinkRemark, CrawlSummary), every=timedelta(days=7), night=True)
async def look_at_links(site: Site, kit: Kit) -> Sequence[Observation]:
    """One crawl, resumed where an earlier one was cut off."""
    return await (kit.crawl_elsewhere or kit.crawl_here)(site)
