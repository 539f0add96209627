"""Tables written as an XLSX workbook. Every text goes in as text and never as a formula, whatever it looks like.

Only in columns said to hold web addresses, a plain http or https address becomes a link.

The same tables and the same ``now`` give the same bytes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

import xlsxwriter

from checks.core.calendar import SHANGHAI
from reports.plain import plain

Cell = str | int | float | date | datetime | None

_LINK = re.compile(r"https?://[^\s\x00-\x20\x7f-\x9f\"'<>\\^`{|}]+", re.ASCII | re.IGNORECASE)
_CELL_LIMIT = 32_767
_ROW_LIMIT = 1_048_576 - 2
_LINK_LIMIT = 60_000  # 一张工作表的链接上限是 65530 个，超出的写成文字
_LINK_LENGTH = 2_000
_CUT = "……（过长，已截断）"


@dataclass(frozen=True, slots=True)
class Head:
    """One column of a table: its title, and its width in characters of the Latin face."""

    title: str
    width: float = 14


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet. ``note`` stands above the header and says what the rows are and what they leave out.

    ``choices`` gives the values allowed in a column; ``links`` are the columns of web addresses.
    """

    name: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    landscape: bool = True
    choices: dict[int, tuple[str, ...]] = field(default_factory=dict)
    links: frozenset[int] = frozenset()


def to_xlsx(tables: Sequence[Table], *, now: datetime, title: str) -> bytes:
    """The workbook. Raises ``ValueError`` for a table that no sheet can hold."""
    target = io.BytesIO()
    # 逐行写出：两万行的台账也只占很少内存；各行、各列须按次序写
    as_they_are = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    book = xlsxwriter.Workbook(target, {"constant_memory": True, **as_they_are})
    book.set_properties({"title": plain(title), "created": now.astimezone(UTC).replace(tzinfo=None)})
    formats = _Formats(book)
    for table in tables:
        _write(book, table, formats)
    book.close()
    return target.getvalue()


def safe_link(text: str) -> bool:
    """Whether a text is an address that may be clicked: http or https, one host, nothing that could mislead."""
    if len(text) > _LINK_LENGTH or not _LINK.fullmatch(text):
        return False
    try:
        parts = urlsplit(text)
        return bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return False


class _Formats:
    """The cell formats of one workbook."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        cell = {"font_name": "宋体", "font_size": 10, "border": 1, "valign": "vcenter", "text_wrap": True}
        self.note = book.add_format({"font_name": "宋体", "font_size": 10, "valign": "vcenter", "text_wrap": True})
        self.head = book.add_format({**cell, "bold": True, "align": "center", "bg_color": "#D9E2EC"})
        self.text = book.add_format(cell)
        # 单元格带前缀引号，编辑后再回车也不会变成公式
        self.guarded = book.add_format({**cell, "quote_prefix": True})
        self.link = book.add_format({**cell, "font_color": "#0563C1", "underline": 1})
        self.number = book.add_format({**cell, "align": "center"})
        self.day = book.add_format({**cell, "align": "center", "num_format": "yyyy-mm-dd"})
        self.moment = book.add_format({**cell, "align": "center", "num_format": "yyyy-mm-dd hh:mm"})


def _write(book: xlsxwriter.Workbook, table: Table, formats: _Formats) -> None:
    if len(table.rows) > _ROW_LIMIT:
        raise ValueError(f"“{table.name}”共 {len(table.rows)} 行，超出一张工作表的上限 {_ROW_LIMIT} 行")
    sheet = book.add_worksheet(table.name)
    last = len(table.heads) - 1
    header = 0
    if table.note:
        sheet.merge_range(0, 0, 0, max(last, 1), "", formats.note)
        sheet.write_string(0, 0, plain(table.note)[:_CELL_LIMIT], formats.note)
        sheet.set_row(0, 15 * (1 + len(table.note) * 2 // max(40, int(sum(h.width for h in table.heads)))))
        header = 1
    for index, head in enumerate(table.heads):
        sheet.set_column(index, index, head.width)
        sheet.write_string(header, index, head.title, formats.head)
    linked = 0
    for number, row in enumerate(table.rows, header + 1):
        for index, value in enumerate(row):
            if index in table.links and linked < _LINK_LIMIT and isinstance(value, str) and safe_link(value):
                sheet.write_url(number, index, value, formats.link, string=value)
                linked += 1
            else:
                _write_cell(sheet, number, index, value, formats)
    end = header + len(table.rows)
    for index, allowed in table.choices.items():
        if table.rows:
            sheet.data_validation(header + 1, index, end, index, {"validate": "list", "source": list(allowed)})
    sheet.freeze_panes(header + 1, 0)
    sheet.autofilter(header, 0, end, last)
    sheet.repeat_rows(header)
    sheet.set_paper(9)
    if table.landscape:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C第 &P 页，共 &N 页")


def _write_cell(sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, value: Cell, formats: _Formats) -> None:
    match value:
        case None | "":
            sheet.write_blank(row, column, None, formats.text)
        case str():
            text = plain(value)
            if len(text) > _CELL_LIMIT:
                text = text[: _CELL_LIMIT - len(_CUT)] + _CUT
            guarded = text.lstrip()[:1] in ("=", "+", "-", "@")
            sheet.write_string(row, column, text, formats.guarded if guarded else formats.text)
        case datetime():
            sheet.write_datetime(
                row, column, value.astimezone(SHANGHAI).replace(tzinfo=None, microsecond=0), formats.moment
            )
        case date():
            sheet.write_datetime(row, column, value, formats.day)
        case _:
            sheet.write_number(row, column, value, formats.number)
