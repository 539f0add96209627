"""Files as sheets of cells: CSV in UTF-8 or GB18030, and XLSX. Knows nothing of what the cells mean."""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

Cell = str | int | float | bool | date | datetime | time | timedelta | None


class UnreadableFile(Exception):
    """A file that holds no table; the text is Chinese and says what to do."""


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One table. ``rows`` are numbered from 1, as Excel shows them; ``title`` is the sheet's, empty for CSV."""

    path: Path
    title: str
    rows: Sequence[Sequence[Cell]]

    @property
    def place(self) -> str:
        """Which file and sheet this is, in words."""
        return f"{self.path}（工作表“{self.title}”）" if self.title else str(self.path)


def read_sheets(path: Path) -> tuple[list[Sheet], list[str]]:
    """The tables of a file, told by its content and not by its name, and notes. Raises ``UnreadableFile``."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise UnreadableFile("找不到这个文件，请检查路径") from None
    except IsADirectoryError:
        raise UnreadableFile("这是一个文件夹，请写出其中的文件") from None
    except OSError as error:
        raise UnreadableFile(f"打不开：{error.strerror}。请检查权限") from None
    if not content.strip():
        raise UnreadableFile("文件是空的")
    if content.startswith(b"PK\x03\x04"):
        return _workbook(path, content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableFile("是旧版 .xls 或加了密码的工作簿。请在 Excel 里去掉密码，另存为 .xlsx 或 CSV UTF-8")
    return [Sheet(path=path, title="", rows=_csv_rows(_decoded(content)))], []


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)  # Excel's “Unicode 文本”
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFile("编码既不是 UTF-8 也不是 GB18030。请在 Excel 里另存为“CSV UTF-8”")


def _csv_rows(text: str) -> list[list[Cell]]:
    if "\x00" in text:
        raise UnreadableFile("不是 CSV 文件。请另存为 .xlsx 或 CSV UTF-8")
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",\t;", key=first.count)
    rows: list[list[Cell]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            rows.append(list(row))
    except csv.Error:
        raise UnreadableFile(f"第 {len(rows) + 1} 行的引号不成对，后面的内容无法分列。请检查该行的英文双引号") from None
    return rows


def _workbook(path: Path, content: bytes) -> tuple[list[Sheet], list[str]]:
    # Here and not above: it takes a third of a second that only reading a workbook is worth.
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and validations that we do not need
            workbook = load_workbook(io.BytesIO(content), data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError, EOFError, SyntaxError, TypeError):
        raise UnreadableFile("不是完好的 .xlsx 工作簿。请用 Excel 打开后另存为 .xlsx") from None
    notes = [
        f"{path}（工作表“{sheet.title}”）是隐藏的，没有读入"
        for sheet in workbook.worksheets
        if sheet.sheet_state != "visible"
    ]
    sheets = [
        Sheet(path=path, title=sheet.title, rows=_sheet_rows(sheet))
        for sheet in workbook.worksheets
        if sheet.sheet_state == "visible"
    ]
    workbook.close()
    return sheets, notes


def _sheet_rows(sheet: Worksheet) -> list[list[Cell]]:
    # Not iter_rows: it makes a cell for every place of a sheet that was formatted down to its millionth row
    filled = {place: _value(cell) for place, cell in sheet._cells.items() if cell.value is not None}
    height = max((row for row, _ in filled), default=0)
    width = max((column for _, column in filled), default=0)
    rows: list[list[Cell]] = [[None] * width for _ in range(height)]
    for (row, column), value in filled.items():
        rows[row - 1][column - 1] = value
    for merged in sheet.merged_cells.ranges:
        # Down, a merged cell speaks for every row; across, it is a title or the heading of a group
        top = filled.get((merged.min_row, merged.min_col))
        for row in range(merged.min_row, min(merged.max_row, height)) if top is not None else ():
            rows[row][merged.min_col - 1] = top
    return rows


def _value(cell: Any) -> Cell:
    value = cell.value
    if isinstance(value, str) and cell.has_style and cell.quotePrefix:
        return f"'{value}"  # Excel's own mark for “this is text”, kept apart from the text
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value  # type: ignore[no-any-return]
