"""Fetches what a list page needs besides itself: the interface that has its rows, or the page that has its newest."""

from __future__ import annotations

from datetime import datetime

from monitor.extract.listing import ListPage, joined
from monitor.net import Fetched, Net
from monitor.reading import ReadPage, read_page


async def read_whole(net: Net, fetched: Fetched, read: ReadPage, *, at: datetime, fragment: str = "") -> ListPage:
    """Read a fetched list page together with the addresses that it wants, at most two, one step deep.

    ``fragment`` is that of the address as registered: some lists are told apart by it alone.
    """
    page = read_page(fetched, read, at=at, fragment=fragment)
    if not page.wanted:
        return page
    further = [
        read_page(await net.fetch(wanted.url, referer=fetched.final_url), read, at=at)
        for wanted in page.wanted[:_MOST_WANTED]
    ]
    return joined(page, further)


_MOST_WANTED = 2
