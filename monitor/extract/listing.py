"""A column's list, or a home page, → its items with their dates. What cannot be read is unreadable, never empty.

readers/*.py (JSON answers, XML islands, …) ┐
blocks.dated_blocks                         ┼▶ the candidate with most dates ─▶ ListPage
blocks.undated_block                        ┘   none: says_empty, or unreadable with its reason

Where the list is at another address, or may go on newer there, the ListPage says which (``wanted``); who fetches
that lays the pages together with ``joined``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from checks import DateBasis, ListItem, OtherDate
from monitor.extract.anchors import leads_to_article, title_anchors
from monitor.extract.blocks import dated_blocks, is_called_beside, main_rows, undated_block
from monitor.extract.dates import url_date
from monitor.extract.document import Document
from monitor.extract.marks import meta_contents
from monitor.extract.paging import Order, further_pages, order_of
from monitor.extract.placeholders import (
    has_empty_list,
    in_maintenance,
    leaves_rows_to_script,
    says_empty,
    waits_for_script,
)
from monitor.extract.prose import is_prose
from monitor.extract.readers import Reading, Source, Wanted, all_readers
from monitor.extract.rows import Row
from monitor.extract.soft404 import says_missing
from monitor.extract.tree import Page, parse_page


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """``readable`` is false where the place of the items was not recognised; ``reason`` (Chinese) says why.

    ``items`` are all rows in page order, ``undated`` of them without a date of their own; ``reader`` names what
    recognised them; ``says_empty`` is the page's own 暂无内容. ``wanted`` are further addresses to fetch, and
    ``unproven`` (Chinese) says why the newest item may stand on another page. ``prose``: it is a text and no list.
    """

    readable: bool
    reason: str = ""
    reader: str = ""
    rows: int = 0
    undated: int = 0
    items: tuple[ListItem, ...] = ()
    says_empty: bool = False
    wanted: tuple[Wanted, ...] = ()
    unproven: str = ""
    prose: bool = False


def read_list(text: str, url: str, *, today: date, encoding: str = "utf-8") -> ListPage:
    """Read the list of a column page, an HTML fragment or a JSON list answer."""
    source = Source(text=text, url=url, today=today, encoding=encoding)
    readings = [reading for reader in all_readers() if (reading := reader(source)) is not None]
    elsewhere = next((reading for reading in readings if reading.wanted), None)
    readings = [reading for reading in readings if not reading.wanted]
    for reading in readings:
        for markup in reading.markup:
            piece = read_list(markup, url, today=today, encoding=encoding)
            if piece.readable:
                return replace(piece, reader=reading.reader)
    if any(reading.whole for reading in readings):
        return _best([reading for reading in readings if reading.whole])
    page = parse_page(text, url)
    listed = _structure(page, source, readings)
    if elsewhere is not None and listed.rows - listed.undated < _FEW:
        reason = f"列表由{elsewhere.reader}载入，页面上没有条目"
        return ListPage(readable=False, reason=reason, reader=elsewhere.reader, wanted=elsewhere.wanted)
    return _with_further_pages(listed, page, source) if listed.reader == STRUCTURE else listed


def joined(page: ListPage, others: Sequence[ListPage]) -> ListPage:
    """A page together with what it wanted, as it came. Pure."""
    good = [other for other in others if other.readable]
    if not page.readable:
        if good:
            return replace(good[0], reader=page.reader, wanted=())
        why = next((other.reason for other in others if other.reason), "未取得应答")
        return replace(page, reason=f"列表由{page.reader}载入，未能读取：{why}", wanted=())
    known = {item.fingerprint for item in page.items}
    new = [item for other in good for item in other.items if item.fingerprint not in known]
    items = (*page.items, *new)
    proven = bool(new) and order_of([i.published for i in page.items if i.published]) is Order.OLDEST_FIRST
    return replace(
        page,
        rows=len(items),
        undated=sum(item.published is None for item in items),
        items=items,
        wanted=(),
        unproven="" if proven else page.unproven,
    )


STRUCTURE = "页面结构"


def _with_further_pages(listed: ListPage, page: Page, source: Source) -> ListPage:
    order = order_of([item.published for item in listed.items if item.published])
    if order is Order.NEWEST_FIRST:
        return listed
    pages = further_pages(source.text, source.url, page.parsed, encoding=source.encoding)
    if pages is None:
        return listed
    address = (pages.last if order is Order.OLDEST_FIRST else "") or pages.second
    return replace(
        listed,
        wanted=(Wanted(address),) if address else (),
        unproven="列表不按日期从新到旧排列，最新的信息可能在后面的页上",
    )


def _structure(page: Page, source: Source, readings: list[Reading]) -> ListPage:
    """What the page's own structure shows, weighed against what the readers recognised in it."""
    today, encoding = source.today, source.encoding
    rows = _own_rows(page, source)
    if len(rows) < _FEW and meta_contents(page.parsed).get("articletitle"):
        return _unreadable("页面是一篇文章，不是列表")
    if rows:
        readings = [*readings, Reading(STRUCTURE, _items(rows))]
    if readings and any(item.published for reading in readings for item in reading.items):
        best = _best(readings)
        if best.reader == STRUCTURE and best.rows < _FEW and leaves_rows_to_script(page):
            return _unreadable("列表由脚本填充，页面上的少量条目不能代表本栏目")
        return best
    if rows:
        return _page(Reading(STRUCTURE, _items(rows)))
    if readings:
        return _best(readings)
    return _without_dates(page, source.text, today, encoding)


def _own_rows(page: Page, source: Source) -> list[Row]:
    """The rows of the column's own list, () where none of it prints a date.

    A far longer list without dates counts with the dated rows, which may be a box beside it; and alone where the
    dated ones are called one.
    """
    blocks = dated_blocks(page, today=source.today, encoding=source.encoding)
    rows = main_rows(page, blocks)
    if not rows or len(rows) >= _MANY:
        return rows
    block = undated_block(page, today=source.today, encoding=source.encoding)
    if block is None:
        return rows
    if len(block.rows) > len(rows) and all(b.beside or is_called_beside(page, b) for b in blocks):
        return []
    if len(block.rows) < max(_FEW, 2 * len(rows)):
        return rows
    known = {row.anchor.url for row in rows}
    return sorted([*rows, *(row for row in block.rows if row.anchor.url not in known)], key=lambda row: row.order)


def read_home(text: str, url: str, *, today: date, encoding: str = "utf-8") -> ListPage:
    """All article-like items of a home page, over all its blocks.

    An item that prints no date takes the one of its address, with basis ``url``: a hint that something new is there,
    and no proof that nothing is.
    """
    page = parse_page(text, url)
    dated = [row for block in dated_blocks(page, today=today, encoding=encoding) for row in block.rows]
    found: dict[str, tuple[int, ListItem]] = {}
    for row in dated:
        item = _item(row)
        old = found.get(item.url)
        if old is None or (item.published and (old[1].published is None or item.published > old[1].published)):
            found[item.url] = (row.order, item)
    for anchor in title_anchors(page, dates=frozenset(), encoding=encoding):
        old = found.get(anchor.url)
        if (
            not anchor.url
            or (old and old[1].published)
            or not leads_to_article(anchor.url)
            or len(anchor.title) < _TITLE
        ):
            continue
        day = url_date(anchor.url)
        day = day if day is not None and day <= today + timedelta(days=1) else None
        found[anchor.url] = (
            anchor.first,
            ListItem(title=anchor.title, url=anchor.url, published=day, basis=DateBasis.URL if day else None),
        )
    items = tuple(item for _, item in sorted(found.values(), key=lambda pair: pair[0]))
    if len(items) < _HOME_ITEMS and not any(item.published for item in items):
        return _unreadable(_why(page, text))
    return _page(Reading("首页", items))


_FEW = 8  # a box beside a list has fewer rows than a list's first page
_MANY = 15
_TITLE = 6
_HOME_ITEMS = 3


def _without_dates(page: Page, text: str, today: date, encoding: str) -> ListPage:
    block = undated_block(page, today=today, encoding=encoding)
    if block is not None and not (len(block.rows) < _FEW and leaves_rows_to_script(page)):
        return _page(Reading(STRUCTURE, _items(block.rows)))
    if says_missing(Document(text)):
        return _unreadable("页面提示所访问的内容不存在")
    if in_maintenance(page):
        return _unreadable("网站提示正在维护或升级")
    if block is None and says_empty(page):
        return ListPage(readable=True, reader="页面提示", says_empty=True)
    if block is None and has_empty_list(page):
        return ListPage(readable=True, reader=STRUCTURE)
    if block is None and not leaves_rows_to_script(page) and is_prose(page):
        return ListPage(readable=False, reason="页面是文字，不是列表", prose=True)
    return _unreadable(_why(page, text))


def _why(page: Page, text: str) -> str:
    words = sum(len(t.value) for t in page.texts)
    if says_missing(Document(text)):
        return "页面提示所访问的内容不存在"
    if page.has_scripts and words < 200:
        return "页面内容由脚本生成，未能读到条目"
    if leaves_rows_to_script(page):
        return "列表由脚本填充，未能读到条目"
    if waits_for_script(page):
        return "页面显示暂无内容，但列表可能由脚本载入，未能确认"
    return "页面几乎没有文字，未识别出列表" if words < 200 else "未识别出列表所在的位置"


def _best(readings: Iterable[Reading]) -> ListPage:
    return _page(max(readings, key=lambda r: (sum(i.published is not None for i in r.items), len(r.items))))


def _page(reading: Reading) -> ListPage:
    if reading.reason:
        return _unreadable(reading.reason)
    return ListPage(
        readable=True,
        reader=reading.reader,
        rows=len(reading.items),
        undated=sum(item.published is None for item in reading.items),
        items=reading.items,
        says_empty=reading.says_empty,
    )


def _unreadable(reason: str) -> ListPage:
    return ListPage(readable=False, reason=reason)


def _items(rows: Iterable[Row]) -> tuple[ListItem, ...]:
    return tuple(_item(row) for row in rows)


def _item(row: Row) -> ListItem:
    ahead = row.slot.ahead if row.slot is not None and row.day is None else None
    return ListItem(
        title=row.anchor.title,
        url=row.anchor.url,
        published=row.day,
        basis=DateBasis.LIST if row.day else None,
        others=(OtherDate(day=ahead, basis=DateBasis.LIST),) if ahead else (),
    )
