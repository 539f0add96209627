"""What a table calls its columns: the heading above a cell."""

from __future__ import annotations

from monitor.extract.tree import Element, Page


def heading_over(page: Page, element: Element) -> str:
    """The text of the heading over the cell in which ``element`` stands; "" outside a table or without headings."""
    cell = next((e for e in [element, *element.ancestors()] if e.tag in _CELLS), None)
    row = cell.parent if cell is not None else None
    table = next((e for e in row.ancestors() if e.tag == "table"), None) if row is not None else None
    if cell is None or row is None or table is None:
        return ""
    first = next((e for e in table.walk() if e.tag == "tr" and len(e.children) > 1), None)
    if first is None or first is row or not _is_heading(page, first):
        return ""
    place = sum(_span(e) for e in row.children[: row.children.index(cell)])
    for heading in first.children:
        place -= _span(heading)
        if place < 0:
            return page.text_of(heading)[:20]
    return ""


_CELLS = ("td", "th")


def _is_heading(page: Page, row: Element) -> bool:
    """Cells of ``th``, or short words without a link and without a digit."""
    if any(e.tag == "th" for e in row.children):
        return True
    if any(e.tag == "a" for e in row.walk()):
        return False
    return all(len(text) <= 10 and not any(c.isdigit() for c in text) for text in map(page.text_of, row.children))


def _span(cell: Element) -> int:
    span = cell.attributes.get("colspan", "1").strip()
    return int(span) if span.isdecimal() and len(span) < 4 else 1
