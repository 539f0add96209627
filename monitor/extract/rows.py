"""The items of a list: a title and the date that is printed with it, held by the lowest element that has both.

No list is known here by its site or its CMS, and it is not decided which rows belong together.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from monitor.extract.anchors import Anchor, leads_to_article
from monitor.extract.dates import url_date, url_month
from monitor.extract.slots import Slot, year_from
from monitor.extract.tree import Element

ITEM_TAGS = frozenset(("li", "tr", "dd", "dl", "article"))
"""Elements that are an item by their tag."""


@dataclass(slots=True, eq=False)
class Row:
    """One item: its link, its date, the element that holds both, where on the page it begins, and its date's place."""

    anchor: Anchor
    day: date | None
    element: Element
    order: int
    slot: Slot | None = None

    @property
    def stands_alone(self) -> bool:
        """Whether it is surely an item although nothing like it stands beside it."""
        if len(self.anchor.title) < _TITLE:
            return False
        return self.element.tag in ITEM_TAGS or leads_to_article(self.anchor.url)


def dated_rows(slots: list[Slot], anchors: list[Anchor], *, today: date) -> list[Row]:
    """The rows that print a date. A row whose dates contradict each other keeps its place and gets no day."""
    inside = _anchors_by_element(anchors)
    rows: list[Row] = []
    for element, own in _together(slots, inside):
        if element.furniture or element.last - element.first > _LONGEST_ROW * len(own):
            continue  # a menu, or a whole article with a link in it
        titles = inside[id(element)]
        if _is_one_row(element, titles, own):
            row = _row(element, titles, own, today)
            if _of_one_piece(row):
                rows.append(row)
        elif len(own) > 1:
            rows += _interleaved(element, titles, own, today)
    starts = [slot.first for slot in slots]
    for row in rows:
        row.element = _widened(row.element, inside, starts)
    return rows


def main_anchor(element: Element, titles: list[Anchor]) -> Anchor:
    """The title among a row's links: not one of a list within the row, and the longest of the rest."""
    own = [a for a in titles if not any(e.tag in ("ul", "ol", "table") for e in _between(a.element, element))]
    best = (own or titles)[0]
    for anchor in own or titles:
        best = better(best, anchor)
    return best


def better(old: Anchor, new: Anchor) -> Anchor:
    """The longer title of two, unless only a script knows where it leads."""
    return new if len(new.title) > len(old.title) and (new.url or not old.url) else old


_LONGEST_ROW = 30  # texts to one date
_APART = 8  # texts between a title and its date
_MANY = 6  # links around one lonely date: a page header with its clock
_TITLE = 6


def _anchors_by_element(anchors: list[Anchor]) -> dict[int, list[Anchor]]:
    found: dict[int, list[Anchor]] = defaultdict(list)
    for anchor in anchors:
        for element in [anchor.element, *anchor.element.ancestors()]:
            found[id(element)].append(anchor)
    return found


def _together(slots: list[Slot], inside: dict[int, list[Anchor]]) -> list[tuple[Element, list[Slot]]]:
    """Each lowest element that has a title and dates, with these dates. Two elements of one title become the outer."""
    found: dict[int, tuple[Element, list[Slot]]] = {}
    for slot in slots:
        for element in [slot.holder, *slot.holder.ancestors()]:
            if element.last >= slot.last and inside.get(id(element)):
                found.setdefault(id(element), (element, []))[1].append(slot)
                break
    for element, own in list(found.values()):
        for outer in element.ancestors():
            if id(outer) not in found or outer.tag not in ITEM_TAGS:
                continue
            if main_anchor(outer, inside[id(outer)]) is main_anchor(element, inside[id(element)]):
                found[id(outer)][1].extend(own)
                del found[id(element)]
            break
    return list(found.values())


def _is_one_row(element: Element, titles: list[Anchor], own: list[Slot]) -> bool:
    if len(titles) == 1:
        return True
    if element.tag in ITEM_TAGS and element.tag != "dl":
        return not (len(own) == len(titles) and _alternate(titles, own) and all(len(a.title) >= _TITLE for a in titles))
    return len(own) == 1 and len(titles) <= _MANY


def _alternate(titles: list[Anchor], own: list[Slot]) -> bool:
    kinds = [kind for _, kind, _ in _in_order(titles, own)]
    return len({slot.day for slot in own}) > 1 and all(a != b for a, b in pairwise(kinds))


def _in_order(titles: list[Anchor], own: list[Slot]) -> list[tuple[int, int, Anchor | Slot]]:
    """Titles (0) and dates (1) as they are read."""
    marks: list[tuple[int, int, Anchor | Slot]] = [(a.first, 0, a) for a in titles]
    marks += [(s.first, 1, s) for s in own]
    return sorted(marks, key=lambda mark: mark[:2])


def _row(element: Element, titles: list[Anchor], own: list[Slot], today: date) -> Row:
    anchor = main_anchor(element, titles)
    slot = _decisive(own)
    return Row(anchor, _day(slot, anchor, today), element, element.first, slot or own[0])


def _of_one_piece(row: Row) -> bool:
    """Whether a row that is no item by its tag is a title with a date close by."""
    if row.element.tag in ITEM_TAGS:
        return bool(row.anchor.url) or len(row.anchor.title) >= _TITLE
    slot = row.slot
    apart = min(abs(slot.first - row.anchor.last), abs(row.anchor.first - slot.last)) if slot else 0
    return apart <= _APART and len(row.anchor.title) >= 4


def _decisive(own: list[Slot]) -> Slot | None:
    """The one date of a row, or the one that is called 发布; several that differ decide nothing."""
    if len({slot.day for slot in own}) == 1:
        return own[0]
    named = [slot for slot in own if "发布" in slot.label or "公开" in slot.label]
    return named[0] if named and len({slot.day for slot in named}) == 1 else None


def _day(slot: Slot | None, anchor: Anchor, today: date) -> date | None:
    if slot is None or slot.day is None or slot.year_printed:
        return slot.day if slot else None
    month = url_month(anchor.url)
    hint = url_date(anchor.url) or (date(month[0], month[1], 15) if month else None)
    return year_from(hint, slot.day.month, slot.day.day, today) if hint else slot.day


def _interleaved(element: Element, titles: list[Anchor], own: list[Slot], today: date) -> list[Row]:
    """Rows without an element of their own: title, date, title, date … in one parent."""
    marks = _in_order(titles, own)
    kinds = [kind for _, kind, _ in marks]
    if any(kinds[i : i + 3] == [1, 1, 1] for i in range(len(kinds))):
        return []  # dates in a column of their own: which belongs to which link is not sure
    if kinds[0] == 1 and kinds[-1] == 0:
        marks.reverse()  # the date stands before its title: read backwards, it follows
    rows: list[Row] = []
    pending: list[Anchor] = []
    for _, _, mark in marks:
        if isinstance(mark, Anchor):
            pending.append(mark)
        elif pending:
            best = max(pending, key=lambda anchor: len(anchor.title))
            rows.append(Row(best, _day(mark, best, today), element, best.first, mark))
            pending = []
    return sorted(rows, key=lambda row: row.order)


def _widened(element: Element, inside: dict[int, list[Anchor]], starts: list[int]) -> Element:
    """The element that repeats: widened as long as no other date and no other title comes in."""
    while element.tag not in ITEM_TAGS and element.parent is not None and element.parent.parent is not None:
        outer = element.parent
        if _count(outer, starts) != _count(element, starts) or len(inside[id(outer)]) != len(inside[id(element)]):
            break
        element = outer
    return element


def _count(element: Element, starts: list[int]) -> int:
    return bisect_left(starts, element.last) - bisect_left(starts, element.first)


def _between(inner: Element, outer: Element) -> Iterator[Element]:
    for ancestor in inner.ancestors():
        if ancestor is outer:
            return
        yield ancestor
