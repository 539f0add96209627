"""One sheet → records, each with the place it was read at, and every fault of every row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from checks.core.model import Account, Site, SiteStatus
from monitor.registry.cells import CellFault
from monitor.registry.changes import Record
from monitor.registry.headers import HeaderRow, find_header, nearest_missing
from monitor.registry.sheets import Cell, Sheet


@dataclass(frozen=True, kw_only=True)
class ReadRow:
    """A record, where it stood, and the fields that its file has a column for."""

    record: Record
    place: str
    given: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class ReadSheet:
    """What a sheet held. ``recognised`` is false where it has no header of ours."""

    recognised: bool
    rows: tuple[ReadRow, ...] = ()
    faults: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def read_sheet(sheet: Sheet) -> ReadSheet:
    """Read a sheet by its header. Blank rows, sums and remarks below the table are passed over."""
    header = find_header(sheet.rows)
    if header is None:
        return ReadSheet(recognised=False)
    faults = [f"{sheet.place(header.row)}：表头“{name}”出现了不止一次。请删去多余的一列" for name in header.repeated]
    if missing := nearest_missing(header):
        faults.append(
            f"{sheet.place(header.row)}：这是{header.table.title}表的表头，但缺少“{'”、“'.join(missing)}”列。请补上"
        )
    notes = []
    if header.ignored:
        notes.append(f"{sheet.place()}：不认识的列没有读入：{'、'.join(header.ignored)}")
    if faults:
        return ReadSheet(recognised=True, faults=tuple(faults), notes=tuple(notes))
    rows: list[ReadRow] = []
    for number, row in _data_rows(sheet, header, notes):
        record, row_faults = _record(row, header)
        if record is None:
            faults.extend(f"{sheet.place(number)}{fault}" for fault in row_faults)
        else:
            rows.append(
                ReadRow(record=record, place=sheet.place(number), given=frozenset(header.places) | _implied(record))
            )
    return ReadSheet(recognised=True, rows=tuple(rows), faults=tuple(faults), notes=tuple(notes))


def _data_rows(sheet: Sheet, header: HeaderRow, notes: list[str]) -> Iterator[tuple[int, Sequence[Cell]]]:
    titles = sheet.rows[header.row - 1]
    read = sorted(header.places.values())
    for number, row in enumerate(sheet.rows[header.row :], header.row + 1):
        filled = [str(cell).strip() for cell in row if cell is not None and str(cell).strip()]
        if not any(place < len(row) and row[place] is not None and str(row[place]).strip() for place in read):
            if any(not text.isdecimal() for text in filled):  # more than a number in 序号
                notes.append(f"{sheet.place(number)}没有读入：{filled[0][:30]}")
            continue
        if list(row) == list(titles):  # the header of a further printed page
            continue
        if _SUM.match(filled[0]) or (len(filled) == 1 and _REMARK.match(filled[0])):
            notes.append(f"{sheet.place(number)}不是数据行，没有读入：{filled[0][:30]}")
            continue
        yield number, row


def _record(row: Sequence[Cell], header: HeaderRow) -> tuple[Record | None, list[str]]:
    values: dict[str, Any] = {}
    faults: list[str] = []
    for column in header.table.headers:
        place = header.places.get(column.field)
        cell = row[place] if place is not None and place < len(row) else None
        try:
            value = column.read(cell)
        except CellFault as fault:
            faults.append(f"“{column.name}”的值“{_shown(cell)}”有误：{fault}")
            continue
        if value in (None, ""):
            if column.required:
                faults.append(f"“{column.name}”：没有填写。这一列不能为空")
        else:
            values[column.field] = value
    if faults:
        return None, faults
    faults = [*_contradictions(values, header)]
    if faults:
        return None, faults
    _infer(values, header)
    return header.table.record(**values), []


def _contradictions(values: dict[str, Any], header: HeaderRow) -> Iterator[str]:
    """Two cells of one row that cannot both be right."""
    table, present = header.table, header.places
    if table.record is Account and values.get("source") == "feed" and "feed_url" in present.keys() - values.keys():
        yield "“订阅地址”：没有填写，而采集方式是 feed。请补上，或清空采集方式"
    until, status = values.get("suspended_until"), values.get("status")
    if table.record is Site and until and "status" in present and status is not SiteStatus.SUSPENDED:
        yield f"“临时下线至”：填了 {until}，而状态不是临时下线。请更正其中一处"


def _infer(values: dict[str, Any], header: HeaderRow) -> None:
    if header.table.record is Account and "source" not in values:
        if values.get("feed_url"):
            values["source"] = "feed"
        elif values.get("last_published"):
            values["source"] = "self_report"


def _implied(record: Record) -> frozenset[str]:
    return frozenset({"source"}) if isinstance(record, Account) and record.source else frozenset()


def _shown(cell: Cell) -> str:
    return str(cell).strip()[:80]


_SUM = re.compile(r"(合\s*计|总\s*计|小\s*计|共\s*计)")
_REMARK = re.compile(r"(备?注|说明|填表|填报|制表|审核|联系人|截至|[（(]?[一二三四五六七八九十]+[、）)])")
