"""A paper as a value: title, imprint, blocks in order, annexes. What it says; not how any format draws it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from reports.charts import BarChart
from reports.material import Imprint

# 页面和文稿供阅读：超出的行在同名工作簿里逐行列出
ROWS_SHOWN = 1000


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading with its number: 一、 （一） 1. （1） for levels 1 to 4 (GB/T 9704-2012, 7.3.3)."""

    level: int
    number: str
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of the text; ``hint`` is set smaller."""

    text: str
    hint: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence that must not be overlooked: set in a frame."""

    text: str


@dataclass(frozen=True, slots=True)
class Head:
    """One column: its title, its share of the width, and whether its cells are centred (counts, dates, states)."""

    title: str
    weight: float = 1
    centred: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table. Cells are plain text, in which a line feed is a new line. ``wide`` asks for a page on its side.

    ``note`` stands below it. ``totals`` tells that the last row sums up the others; ``roomy``, that people write in it.
    """

    caption: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    totals: bool = False
    wide: bool = False
    roomy: bool = False


@dataclass(frozen=True, slots=True)
class Graph:
    """A chart, whose numbers also stand in a table."""

    chart: BarChart


Block = Heading | Paragraph | Notice | Grid | Graph


@dataclass(frozen=True, slots=True)
class Annex:
    """附件, on a page of its own."""

    title: str
    blocks: tuple[Block, ...]

    @property
    def wide(self) -> bool:
        return any(isinstance(block, Grid) and block.wide for block in self.blocks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One document. ``window`` is the line under the title; ``day`` the date under the signature."""

    title: str
    imprint: Imprint
    window: str
    day: date
    blocks: tuple[Block, ...]
    annexes: tuple[Annex, ...] = ()

    def all_blocks(self) -> Iterator[Block]:
        yield from self.blocks
        for annex in self.annexes:
            yield from annex.blocks


def grid(
    caption: str,
    heads: tuple[Head, ...],
    rows: Sequence[tuple[str, ...]],
    *,
    sheet: str = "",
    wide: bool = False,
    totals: bool = False,
    whole: bool = False,
) -> Grid | None:
    """A table of all rows (``whole``), or of ``ROWS_SHOWN`` and where the rest is; ``None`` without rows."""
    if not rows:
        return None
    note = ""
    shown = len(rows) if whole else ROWS_SHOWN
    if len(rows) > shown:
        note = f"共 {len(rows)} 行，以上为前 {shown} 行，全部见同名工作簿“{sheet}”表。"
    return Grid(caption=caption, heads=heads, rows=tuple(rows[:shown]), note=note, wide=wide, totals=totals)
