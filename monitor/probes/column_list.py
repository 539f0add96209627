"""Reads the list of a column, its interface or further page where it has one, and the articles of its newest items."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from checks import Column, ListReading
from monitor.extract.listing import read_list
from monitor.landing import open_landing
from monitor.lists import read_whole
from monitor.probing import Kit, probe
from monitor.proving import proven
from monitor.reading import last_good, list_reading, readings_before


@probe("column.list", on=Column, yields=ListReading, every=timedelta(days=1))
async def read_column(column: Column, kit: Kit) -> Sequence[ListReading]:
    """One reading; a column that only sends its reader on is followed."""
    at = kit.clock.now()
    before = readings_before(kit.recall(column.ref, ListReading), column.url)
    fetched = await open_landing(kit.net, column.url)
    page = await read_whole(kit.net, fetched, read_list, at=at, fragment=column.url.partition("#")[2])
    if page.readable and page.items:
        page = await proven(page, kit.net, home=fetched.final_url, at=at, last=last_good(before))
    return [list_reading(page, fetched, subject=column.ref, url=column.url, at=at, vantage=kit.vantage, before=before)]
