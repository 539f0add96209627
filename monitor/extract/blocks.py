"""Rows that stand side by side, and which of them are the column's own list. No site and no CMS is known here.

texts ─▶ slots   (dates on their own) ┐
links ─▶ anchors (titles)             ┴▶ rows ─▶ blocks of like rows ─▶ the list and what belongs to it
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from monitor.extract.anchors import Anchor, leads_to_article, title_anchors
from monitor.extract.rows import ITEM_TAGS, Row, better, dated_rows, main_anchor
from monitor.extract.slots import attribute_day, date_slots, without_date
from monitor.extract.tree import Element, Page

Shape = tuple[str, str, str, str]


@dataclass(slots=True, eq=False)
class Block:
    """Rows of one tag under one parent."""

    container: Element
    rows: list[Row] = field(default_factory=list)

    @property
    def shapes(self) -> set[Shape]:
        """How its dates are printed: what another part of the same list has in common with it."""
        holders = [(row.element, row.slot.holder) for row in self.rows if row.slot is not None]
        return {(self.container.tag, e.tag, h.tag, h.attributes.get("class", "")) for e, h in holders}

    @property
    def beside(self) -> bool:
        """Whether it is a box beside the list, such as one of hot or of related items."""
        places = [self.container, *self.container.ancestors()]
        return any(e.tag == "aside" or _BESIDE_NAMES.search(e.names) for e in places)


def dated_blocks(page: Page, *, today: date, encoding: str = "utf-8") -> list[Block]:
    """All blocks of rows that have dates of their own, with the undated rows between them, in reading order."""
    slots = date_slots(page, today=today)
    if not slots:
        return []
    taken = frozenset(i for slot in slots if not slot.in_title for i in range(slot.first, slot.last))
    anchors = title_anchors(page, dates=taken, encoding=encoding)
    dated_titles = frozenset(slot.first for slot in slots if slot.in_title)
    for anchor in anchors if dated_titles else ():
        if not dated_titles.isdisjoint(range(anchor.first, anchor.last)):
            anchor.title = without_date(anchor.title)
    blocks: dict[tuple[int, str], Block] = {}
    for row in dated_rows(slots, anchors, today=today):
        container = row.element.parent or row.element
        blocks.setdefault((id(container), row.element.tag), Block(container)).rows.append(row)
    found = list(blocks.values())
    like = Counter(shape for block in found for shape in block.shapes)
    found = [b for b in found if len(b.rows) > 1 or b.rows[0].stands_alone or any(like[s] >= _LIKE for s in b.shapes)]
    starts = [slot.first for slot in slots]
    for block in found:
        _add_undated(block, anchors, starts, today)
    return sorted(found, key=lambda block: block.rows[0].order)


def undated_block(page: Page, *, today: date, encoding: str = "utf-8") -> Block | None:
    """The block of links that most looks like a list of articles, or None. Menus and friendly links are none.

    Its rows have the day of an attribute such as ``datetime``, where there is one.
    """
    groups: dict[tuple[int, str], Block] = {}
    for anchor in title_anchors(page, dates=frozenset(), encoding=encoding):
        if anchor.element.furniture:
            continue
        for element in [anchor.element, *anchor.element.ancestors()]:
            if element.parent is None or element.last - element.first > _LONGEST_ROW:
                break
            block = groups.setdefault((id(element.parent), element.tag), Block(element.parent))
            if block.rows and block.rows[-1].element is element:
                block.rows[-1].anchor = better(block.rows[-1].anchor, anchor)
            else:
                block.rows.append(Row(anchor, None, element, element.first))
    best = max((b for b in groups.values() if not b.beside and _reads_as_list(b)), key=_weight, default=None)
    for row in best.rows if best else ():
        row.day = attribute_day(row.element, today=today)
    return best


def main_rows(page: Page, blocks: list[Block]) -> list[Row]:
    """The rows of the column's own list: all blocks of some length that are not set beside it, and what heads it.

    In doubt a block belongs to the list: a row too many may hide a stale column, a row too few may accuse a live one.
    Where all blocks are set beside it, it is none of them, and may print no dates.
    """
    own = [block for block in blocks if not block.beside]
    longest = max((len(block.rows) for block in own), default=0)
    own = [block for block in own if len(block.rows) * 2 > longest or not is_called_beside(page, block)]
    counts: Counter[Shape] = Counter()
    for block in own:
        counts.update(dict.fromkeys(block.shapes, len(block.rows)))
    if not counts:
        return []
    main = counts.most_common(1)[0][0]
    heads = [block for block in own if main in block.shapes]
    chosen = [b for b in own if b in heads or len(b.rows) >= _SECTION or _featured(b, heads[0])]
    return sorted((row for block in chosen for row in block.rows), key=lambda row: row.order)


def is_called_beside(page: Page, block: Block) -> bool:
    """Whether the words above it call it hot, related or newest items."""
    first = block.container.first
    return any(len(t.value) <= 12 and _BESIDE_HEADING.search(t.value) for t in page.texts[max(0, first - 2) : first])


_BESIDE_NAMES = re.compile(
    r"(?:^|[\s_-])(?:hot|rank|recommend|related?|tuijian|paihang|xgxx|aside|sidebar)\d?(?=$|[\s_-])", re.I
)
_BESIDE_HEADING = re.compile(r"热门|热点|推荐|排行|相关|最新|猜你喜欢|点击|上一篇|下一篇")
_SECTION = 3  # rows
_LIKE = 3  # single rows in boxes of their own that make a list
_LONGEST_ROW = 40  # texts


def _add_undated(block: Block, anchors: list[Anchor], starts: list[int], today: date) -> None:
    """Rows of the same list that print no date: elements like the dated ones that stand between them."""
    if len(block.rows) < 2 or block.rows[0].element.parent is not block.container:
        return
    known = {id(row.element) for row in block.rows}
    like = block.rows[0].element
    firsts = [anchor.first for anchor in anchors]
    for element in block.container.children:
        if id(element) in known or element.tag != like.tag:
            continue
        if element.tag not in ITEM_TAGS and element.names != like.names:
            continue
        if bisect_left(starts, element.first) != bisect_left(starts, element.last):
            continue
        inside = anchors[bisect_left(firsts, element.first) : bisect_left(firsts, element.last)]
        if any(len(a.title) >= 5 and leads_to_article(a.url) for a in inside):
            anchor = main_anchor(element, inside)
            block.rows.append(Row(anchor, attribute_day(element, today=today), element, element.first))
    block.rows.sort(key=lambda row: row.order)


def _featured(block: Block, head: Block) -> bool:
    """Whether it is the one or the few items that stand large above the list, in the same section."""
    section = [head.container, *list(head.container.ancestors())[:2]]
    near = {id(element) for element in section if element.parent is not None}
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
