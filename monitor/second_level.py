"""Reads the pages behind a home page that is only a way in: 首页仅为导航页 is judged by all second-level pages
(国办秘函〔2019〕19号, domain.md §2.2 W3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from monitor.extract import charset
from monitor.extract.listing import ListPage, read_home, read_list
from monitor.lists import read_whole
from monitor.net import Fetched, Net


async def with_second_level(page: ListPage, fetched: Fetched, net: Net, *, at: datetime) -> ListPage:
    """The items of a home page together with those of the pages that it leads to, at most eight.

    A page that could not be read, or was one too many, leaves the newest item unproven.
    """
    from monitor.extract.navigation import sections  # here, since hardly any home page needs BeautifulSoup loaded

    decoded = charset.decode(fetched.body, fetched.headers.get("content-type", ""))
    ways = sections(decoded.text, fetched.final_url, encoding=decoded.used)
    if len(ways) < _WAYS:
        return page
    below = [await _read(net, way.url, at=at) for way in ways[:_MOST_PAGES]]
    good = [inner for inner in below if inner.readable]
    if not any(inner.rows for inner in good):
        return page
    items = {item.fingerprint: item for inner in (page, *good) for item in inner.items}
    unread = len(ways) - len(good)
    return replace(
        page,
        readable=True,
        reason="",
        reader=f"首页导航的 {len(good)} 个二级页面",
        rows=len(items),
        undated=sum(item.published is None for item in items.values()),
        items=tuple(items.values()),
        unproven=f"首页只有导航，{len(ways)} 个二级页面中有 {unread} 个未读到" if unread else "",
    )


_WAYS = 3
_MOST_PAGES = 8


async def _read(net: Net, url: str, *, at: datetime) -> ListPage:
    """A second-level page as a list, or as the front of its section."""
    fetched = await net.fetch(url)
    listed = await read_whole(net, fetched, read_list, at=at)
    return listed if listed.readable else await read_whole(net, fetched, read_home, at=at)
