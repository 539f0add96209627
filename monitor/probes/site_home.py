"""Reads what a site's home page lists, to tell when it was last updated."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from checks import ListReading, Site
from monitor.extract.listing import read_home
from monitor.landing import open_landing
from monitor.probing import Kit, probe
from monitor.reading import list_reading, read_page


@probe("site.home", on=Site, yields=ListReading, every=timedelta(days=1))
async def read_front(site: Site, kit: Kit) -> Sequence[ListReading]:
    """One reading; a home page that only sends its reader on is followed."""
    at = kit.clock.now()
    fetched = await open_landing(kit.net, site.url)
    page = read_page(fetched, read_home, at=at)
    return [list_reading(page, fetched, subject=site.ref, url=site.url, at=at, vantage=kit.vantage)]
