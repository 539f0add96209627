"""Filled forms as rows of cells by their heads: which form a sheet is, is told by its heads. Knows no meaning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from monitor.errors import FaultyInput
from monitor.registry.faults import Fault
from monitor.registry.sheets import Cell, Sheet, UnreadableFile, read_sheets

_HEADER_WITHIN = 10


@dataclass(frozen=True)
class Form:
    """A kind of form: its name, and the heads by which it is known."""

    name: str
    needed: tuple[str, ...]


@dataclass(frozen=True)
class FormRow:
    """One filled line: its form, where it stands, and its cells as text; dates as YYYY-MM-DD."""

    form: Form
    where: str
    number: int
    cells: Mapping[str, str]

    def fault(self, head: str, text: str) -> Fault:
        return Fault(self.where, self.number, f"“{head}”：{text}")


def read_forms(path: Path, forms: Sequence[Form]) -> list[FormRow]:
    """The lines of a file (XLSX or CSV), those left empty passed over. Raises ``FaultyInput`` for a file of no form."""
    try:
        sheets, _ = read_sheets(path)
    except UnreadableFile as error:
        raise FaultyInput("表读不出：", [f"{path}：{error}"]) from None
    rows: list[FormRow] = []
    found = False
    for sheet in sheets:
        for start, form in _forms_of(sheet, forms):
            found = True
            rows += _rows(sheet, start, form)
            break
    if not found:
        known = "；".join(f"{form.name}：{'、'.join(form.needed)}" for form in forms)
        raise FaultyInput("表读不出：", [f"{path}：没有找到表头。各表至少要有——{known}"])
    return rows


def day_of(text: str) -> date | None:
    """A day as YYYY-MM-DD, or with slashes or dots. Raises ``ValueError`` in Chinese."""
    if not text:
        return None
    try:
        return date.fromisoformat(
            "-".join(part.zfill(2) for part in text.replace("/", "-").replace(".", "-").split("-"))
        )
    except ValueError:
        raise ValueError(f"应为日期，例如 2026-01-31，现为 {text!r}") from None


def _forms_of(sheet: Sheet, forms: Sequence[Form]) -> Iterator[tuple[int, Form]]:
    for number, row in enumerate(sheet.rows[:_HEADER_WITHIN]):
        heads = {_text(cell) for cell in row}
        for form in forms:
            if heads >= set(form.needed):
                yield number, form


def _rows(sheet: Sheet, start: int, form: Form) -> Iterator[FormRow]:
    columns = {_text(head): n for n, head in enumerate(sheet.rows[start]) if _text(head)}
    for number, row in enumerate(sheet.rows[start + 1 :], start=start + 2):
        cells = {name: _text(row[n]) if n < len(row) else "" for name, n in columns.items()}
        if any(cells.values()):
            yield FormRow(form, sheet.place, number, cells)


def _text(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case datetime():
            return cell.date().isoformat()
        case date():
            return cell.isoformat()
        case float() if cell.is_integer():
            return str(int(cell))
        case _:
            return str(cell).strip()
