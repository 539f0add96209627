"""Reads the list of a column, and where that prints no dates, those of its newest articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from checks import Column, DateBasis, ListItem, ListReading, Outcome
from monitor.extract import article, charset
from monitor.extract.listing import ListPage, read_list
from monitor.net import Net
from monitor.probing import Kit, probe
from monitor.reading import SHANGHAI, list_reading, read_page


@probe("column.list", on=Column, yields=ListReading, every=timedelta(days=1))
async def read_column(column: Column, kit: Kit) -> Sequence[ListReading]:
    """One reading."""
    at = kit.clock.now()
    fetched = await kit.net.fetch(column.url)
    page = read_page(fetched, read_list, at=at)
    if page.readable and page.items and not any(_prints_date(item) for item in page.items):
        page = await _dated_by_articles(page, kit.net, at=at)
    return [list_reading(page, fetched, subject=column.ref, url=column.url, at=at, vantage=kit.vantage)]


_ARTICLES = 3


def _prints_date(item: ListItem) -> bool:
    return item.published is not None and item.basis is not DateBasis.URL  # an address is a hint only


async def _dated_by_articles(page: ListPage, net: Net, *, at: datetime) -> ListPage:
    """The page with dates read in the articles that it lists first."""
    items = tuple([await _dated(item, net, at=at) for item in page.items[:_ARTICLES]]) + page.items[_ARTICLES:]
    return replace(page, items=items, undated=sum(item.published is None for item in items))


async def _dated(item: ListItem, net: Net, *, at: datetime) -> ListItem:
    fetched = await net.fetch(item.url)
    if fetched.outcome is not Outcome.OK:
        return item
    decoded = charset.decode(fetched.body, fetched.headers.get("content-type", ""))
    found = article.published(decoded.text, fetched.final_url, today=at.astimezone(SHANGHAI).date())
    return item if found is None else replace(item, published=found.day, basis=found.basis)
