"""Reads what a site's home page lists, to tell when it was last updated."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from checks import ListReading, Outcome, Site
from monitor.extract.listing import read_home
from monitor.landing import open_landing
from monitor.probing import Kit, probe
from monitor.reading import list_reading, read_page, readings_before
from monitor.second_level import with_second_level


@probe("site.home", on=Site, yields=ListReading, every=timedelta(days=1))
async def read_front(site: Site, kit: Kit) -> Sequence[ListReading]:
    """One reading; a home page that only sends its reader on is followed, and one that is only navigation entered."""
    at = kit.clock.now()
    before = readings_before(kit.recall(site.ref, ListReading), site.url)
    fetched = await open_landing(kit.net, site.url)
    page = read_page(fetched, read_home, at=at)
    if fetched.outcome is Outcome.OK and fetched.whole and not any(item.published for item in page.items):
        page = await with_second_level(page, fetched, kit.net, at=at)
    return [list_reading(page, fetched, subject=site.ref, url=site.url, at=at, vantage=kit.vantage, before=before)]
