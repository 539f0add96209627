"""大汉 jpage: the rows of a column stand in an XML island within the page, or alone in a dataproxy answer.

An island may be without rows and only name the dataproxy that has them (web.md §5.6).
"""

from __future__ import annotations

import html
import re
from datetime import date

from checks import DateBasis, ListItem
from monitor.extract.anchors import title_anchors
from monitor.extract.blocks import dated_blocks
from monitor.extract.readers import Reading, Source, Wanted
from monitor.extract.tree import parse_page
from monitor.extract.urls import resolve

NAME = "大汉列表"


def read(source: Source) -> Reading | None:
    """All records of all islands, or None where the text has none."""
    if "<datastore" not in source.text:
        return None
    alone = source.text.lstrip()[:200].lstrip("\ufeff").startswith(("<?xml", "<datastore"))
    items = tuple(
        item
        for record in _RECORD.findall(source.text)
        if (item := _item(record, source.url, source.today, source.encoding)) is not None
    )
    if items:
        return Reading(NAME, items, whole=alone)
    totals = _TOTAL.findall(source.text)
    if totals and all(int(total) == 0 for total in totals):
        return Reading(NAME, says_empty=True, whole=alone)
    if alone:
        return Reading(NAME, whole=True, reason="大汉列表的数据为空，未能读到条目")
    address = _proxy(source.text)
    url = resolve(source.url, address, encoding=source.encoding) if address else None
    return Reading(NAME, wanted=(Wanted(url),)) if url else None


_RECORD = re.compile(r"<record>\s*(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?\s*</record>", re.S | re.I)
_PROXY = re.compile(r"""["']([^"'<>\s]*dataproxy\.jsp\?[^"'<>\s]+)["']""")
_TOTAL = re.compile(r"<totalrecord>\s*(\d{1,9})\s*</totalrecord>", re.I)


def _proxy(text: str) -> str:
    """The dataproxy's address, for its first three pages."""
    match = _PROXY.search(text)
    if match is None:
        return ""
    address = html.unescape(match[1])
    return address if "startrecord=" in address else f"{address}&startrecord=1&endrecord=45&perpage=15"


def _item(record: str, url: str, today: date, encoding: str) -> ListItem | None:
    """A record is one row, whatever its markup."""
    page = parse_page(record, url)
    for block in dated_blocks(page, today=today, encoding=encoding):
        row = block.rows[0]
        return ListItem(
            title=row.anchor.title, url=row.anchor.url, published=row.day, basis=DateBasis.LIST if row.day else None
        )
    anchors = title_anchors(page, dates=frozenset(), encoding=encoding)
    if not anchors:
        return None
    best = max(anchors, key=lambda a: len(a.title))
    return ListItem(title=best.title, url=best.url)
