"""Rows of a list found by the page's own structure: links and dates that repeat side by side. No site is known here.

    texts ─▶ date slots ┐
    links ─▶ titles     ┴▶ row = lowest element with both ─▶ blocks of like rows ─▶ the list and what belongs to it
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from monitor.extract.anchors import Anchor, leads_to_article, title_anchors
from monitor.extract.dates import url_date, url_month
from monitor.extract.slots import Slot, attribute_day, date_slots, year_from
from monitor.extract.tree import Element, Page


@dataclass(slots=True, eq=False)
class Row:
    """One item: its link, its date, the element that holds both, and where on the page it begins."""

    anchor: Anchor
    day: date | None
    element: Element
    order: int
    slot: Slot | None = None


@dataclass(slots=True, eq=False)
class Block:
    """Rows of one shape under one parent."""

    container: Element
    shape: tuple[str, ...]
    rows: list[Row] = field(default_factory=list)

    @property
    def dated(self) -> int:
        return sum(row.slot is not None for row in self.rows)


def dated_blocks(page: Page, *, today: date, encoding: str = "utf-8") -> list[Block]:
    """All blocks of rows that have dates of their own, with the undated rows between them, in reading order."""
    slots = date_slots(page, today=today)
    taken = frozenset(i for slot in slots for i in range(slot.first, slot.last))
    anchors = title_anchors(page, dates=taken, encoding=encoding)
    blocks: dict[tuple[int, tuple[str, ...]], Block] = {}
    for row in _dated_rows(slots, anchors, today):
        container = row.element.parent or row.element
        holder = row.slot.holder if row.slot else row.element
        shape = (container.tag, row.element.tag, holder.tag, holder.attributes.get("class", ""))
        block = blocks.setdefault((id(container), shape), Block(container, shape))
        block.rows.append(row)
    for block in blocks.values():
        _add_undated(block, anchors, slots, today)
    whole = [b for b in blocks.values() if len(b.rows) > 1 or _stands_alone(b.rows[0])]
    return sorted(whole, key=lambda b: b.rows[0].order)


def attribute_dated_block(page: Page, *, today: date, encoding: str = "utf-8") -> Block | None:
    """The largest undated block, its dates taken from attributes where each row has one."""
    block = undated_block(page, encoding=encoding)
    if block is None:
        return None
    for row in block.rows:
        row.day = attribute_day(row.element, today=today)
    return block


def undated_block(page: Page, *, encoding: str = "utf-8") -> Block | None:
    """The block of links that most looks like a list of articles, or None. Menus and friendly links are none."""
    groups: dict[tuple[int, str], Block] = {}
    for anchor in title_anchors(page, dates=frozenset(), encoding=encoding):
        if _aside(anchor.element):
            continue
        for element in [anchor.element, *anchor.element.ancestors()]:
            if element.parent is None or element.last - element.first > 40:
                break
            key = (id(element.parent), element.tag)
            block = groups.setdefault(key, Block(element.parent, (element.parent.tag, element.tag)))
            if block.rows and block.rows[-1].element is element:
                block.rows[-1].anchor = _better(block.rows[-1].anchor, anchor)
            else:
                block.rows.append(Row(anchor, None, element, element.first))
    return max((b for b in groups.values() if _reads_as_list(b)), key=_weight, default=None)


def main_rows(blocks: list[Block]) -> list[Row]:
    """The rows of the column's own list: its largest shape, its like, its equals and what is set at its head."""
    shapes: dict[tuple[str, ...], int] = defaultdict(int)
    for block in blocks:
        if not _beside(block):
            shapes[block.shape] += len(block.rows)
    if not shapes:
        return [row for block in blocks for row in block.rows]
    main, count = max(shapes.items(), key=lambda item: item[1])
    heads = [b for b in blocks if b.shape == main and not _beside(b)]
    chosen = [b for b in blocks if not _beside(b) and (b in heads or len(b.rows) * 2 >= count or _featured(b, heads[0]))]
    return sorted((row for block in chosen for row in block.rows), key=lambda row: row.order)


_ITEM_TAGS = frozenset(("li", "tr", "dd", "dl", "article"))
_ASIDE_NAMES = re.compile(
    r"(?:^|[\s_-])(?:header|foot(?:er)?|copyright|nav(?:bar|igation)?|(?:sub)?menu|crumbs?|breadcrumbs?|yqlj|"
    r"friend[_-]?links?|sitemap|pager|pagination|clock|weather|login)\d?(?=$|\s)",
    re.I,
)
_BESIDE_NAMES = re.compile(r"(?:^|[\s_-])(?:hot|rank|recommend|related|relate|tuijian|paihang|xgxx|aside|side(?:bar)?)(?=$|[\s_-]|\d)", re.I)
_BESIDE_HEADING = re.compile(r"热门|热点推荐|推荐|排行|相关(?:新闻|信息|文章|阅读|链接|推荐|内容)|猜你喜欢|点击量|上一篇|下一篇")
_LONGEST_ROW = 30  # texts in one row
_APART = 8  # texts between a title and its date
_TITLE = 6
_MANY = 6  # links around one lonely date: a page header with its clock


def _dated_rows(slots: list[Slot], anchors: list[Anchor], today: date) -> list[Row]:
    by_element: dict[int, list[Anchor]] = defaultdict(list)
    for anchor in anchors:
        for element in [anchor.element, *anchor.element.ancestors()]:
            by_element[id(element)].append(anchor)
    together: dict[int, tuple[Element, list[Slot]]] = {}
    for slot in slots:
        element = _lowest_with_title(slot, by_element)
        if element is not None:
            together.setdefault(id(element), (element, []))[1].append(slot)
    rows: list[Row] = []
    for element, own in together.values():
        inside = by_element[id(element)]
        if element.last - element.first > _LONGEST_ROW * max(1, len(own)):
            continue  # a whole article with a link in it
        if element.tag in _ITEM_TAGS - {"dl"} or len(inside) == 1 or (len(own) == 1 and len(inside) <= _MANY):
            row = _row(element, inside, own, today)
            if not _aside(element) and _of_one_piece(row):
                rows.append(row)
        elif len(own) > 1 and not _aside(element):
            rows += _interleaved(element, inside, own, today)
    widener = _Widener(slots, by_element)
    for row in rows:
        row.element = widener.widened(row.element)
    return rows


def _lowest_with_title(slot: Slot, by_element: dict[int, list[Anchor]]) -> Element | None:
    for element in [slot.holder, *slot.holder.ancestors()]:
        if element.last < slot.last:
            continue
        if by_element.get(id(element)):
            return element
    return None


def _row(element: Element, inside: list[Anchor], own: list[Slot], today: date) -> Row:
    anchor = _main_anchor(element, inside)
    slot = _decisive(own)
    return Row(anchor, _dated(slot, anchor, today), element, element.first, slot or own[0])


def _of_one_piece(row: Row) -> bool:
    """Whether a row that is no element of a list by its tag is a title with a date close by."""
    if row.element.tag in _ITEM_TAGS:
        return bool(row.anchor.url) or len(row.anchor.title) >= _TITLE
    slot = row.slot
    apart = min(abs(slot.first - row.anchor.last), abs(row.anchor.first - slot.last)) if slot else 0
    return apart <= _APART and len(row.anchor.title) >= 4


def _stands_alone(row: Row) -> bool:
    """Whether a single row is surely an item: an article's link of some length."""
    if row.element.tag in _ITEM_TAGS:
        return len(row.anchor.title) >= _TITLE
    return len(row.anchor.title) >= _TITLE and leads_to_article(row.anchor.url)


def _main_anchor(element: Element, inside: list[Anchor]) -> Anchor:
    """The title among a row's links: not one of a list within the row, and the longest of the rest."""
    own = [a for a in inside if not any(e.tag in ("ul", "ol", "table") for e in _between(a.element, element))]
    best = (own or inside)[0]
    for anchor in own or inside:
        best = _better(best, anchor)
    return best


def _better(old: Anchor, new: Anchor) -> Anchor:
    return new if len(new.title) > len(old.title) and (new.url or not old.url) else old


def _between(inner: Element, outer: Element) -> Iterable[Element]:
    for ancestor in inner.ancestors():
        if ancestor is outer:
            return
        yield ancestor


def _decisive(own: list[Slot]) -> Slot | None:
    """The one date of a row, or the one that is called 发布; several that differ decide nothing."""
    if len({slot.day for slot in own}) == 1:
        return own[0]
    named = [slot for slot in own if "发布" in slot.label or "公开" in slot.label]
    return named[0] if named and len({slot.day for slot in named}) == 1 else None


def _dated(slot: Slot | None, anchor: Anchor, today: date) -> date | None:
    if slot is None or slot.day is None or slot.year_printed:
        return slot.day if slot else None
    month = url_month(anchor.url)
    hint = url_date(anchor.url) or (date(month[0], month[1], 15) if month else None)
    return year_from(hint, slot.day.month, slot.day.day, today) if hint else slot.day


def _interleaved(element: Element, inside: list[Anchor], own: list[Slot], today: date) -> list[Row]:
    """Rows without an element of their own: title, date, title, date … in one parent."""
    marks = sorted([*((a.first, 0, a) for a in inside), *((s.first, 1, s) for s in own)], key=lambda m: m[:2])
    kinds = [mark[1] for mark in marks]
    if any(kinds[i : i + 3] == [1, 1, 1] for i in range(len(kinds))):
        return []  # dates in a column of their own: which belongs to which link is not sure
    date_first = kinds[0] == 1 and kinds[-1] == 0
    rows: list[Row] = []
    pending: list[Anchor] = []
    slot: Slot | None = None
    for _, _, mark in [*marks, (0, 1, None)]:
        if isinstance(mark, Anchor):
            pending.append(mark)
            continue
        if pending and (slot is not None or not date_first):
            given = slot if date_first else mark
            if isinstance(given, Slot):
                best = max(pending, key=lambda a: len(a.title))
                rows.append(Row(best, _dated(given, best, today), element, best.first, given))
        pending, slot = [], mark if isinstance(mark, Slot) else None
    return rows


class _Widener:
    """Widens a row to the element that repeats: as long as no other date and no other title comes in."""

    def __init__(self, slots: list[Slot], by_element: dict[int, list[Anchor]]) -> None:
        self._starts = [slot.first for slot in slots]
        self._by_element = by_element

    def widened(self, element: Element) -> Element:
        while element.tag not in _ITEM_TAGS and element.parent is not None and element.parent.parent is not None:
            outer = element.parent
            if self._dates(outer) != self._dates(element) or len(self._by_element[id(outer)]) != len(
                self._by_element[id(element)]
            ):
                break
            element = outer
        return element

    def _dates(self, element: Element) -> int:
        return sum(element.first <= start < element.last for start in self._starts)


def _add_undated(block: Block, anchors: list[Anchor], slots: list[Slot], today: date) -> None:
    """Rows of the same list that print no date: elements like the dated ones that stand between them."""
    if len(block.rows) < 2 or block.rows[0].element.parent is not block.container:
        return
    known = {id(row.element) for row in block.rows}
    like = block.rows[0].element
    for element in block.container.children:
        if id(element) in known or element.tag != like.tag:
            continue
        if element.tag not in _ITEM_TAGS and element.names != like.names:
            continue
        if any(element.first <= slot.first < element.last for slot in slots):
            continue
        inside = [a for a in anchors if element.first <= a.first and a.last <= element.last and a.last > a.first]
        if inside and any(len(a.title) >= 5 and leads_to_article(a.url) for a in inside):
            anchor = _main_anchor(element, inside)
            block.rows.append(Row(anchor, attribute_day(element, today=today), element, element.first))
    block.rows.sort(key=lambda row: row.order)


def _aside(element: Element) -> bool:
    """Whether it stands in a header, a menu, a pager or a footer, as tags and names tell."""
    return any(
        e.tag in ("header", "footer", "nav") or (e.parent is not None and _ASIDE_NAMES.search(e.names))
        for e in [element, *element.ancestors()]
    )


def _beside(block: Block) -> bool:
    """Whether it is a box beside the list: hot items, related items."""
    return any(e.tag == "aside" or _BESIDE_NAMES.search(e.names) for e in [block.container, *block.container.ancestors()])


def _featured(block: Block, head: Block) -> bool:
    """Whether it is the one or the few items that stand large above the list, in the same section."""
    near = {id(e) for e in [head.container, head.container.parent, *( [head.container.parent.parent] if head.container.parent else [])] if e and e.parent}
    return (
        len(block.rows) <= 3
        and block.rows[0].order < head.rows[0].order
        and all(len(row.anchor.title) >= 8 for row in block.rows)
        and any(id(e) in near for e in [block.container, *block.container.ancestors()])
    )


def _reads_as_list(block: Block) -> bool:
    titles = [row.anchor.title for row in block.rows]
    if len(titles) < 3 or sum(map(len, titles)) < 7 * len(titles):
        return False
    return sum(leads_to_article(row.anchor.url) for row in block.rows) * 10 >= 6 * len(titles)


def _weight(block: Block) -> int:
    return sum(min(len(row.anchor.title), 40) for row in block.rows)
