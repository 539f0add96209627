"""One sheet → records, each with the place it was read at, and every fault of every row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from checks.core.model import Account, AccountStatus, Site, SiteStatus
from monitor.registry.cells import CellFault
from monitor.registry.changes import Record
from monitor.registry.faults import Fault
from monitor.registry.headers import HeaderRow, find_header
from monitor.registry.sheets import Cell, Sheet


@dataclass(frozen=True, kw_only=True)
class ReadRow:
    """A record, where it stood, and the fields that its file has a column for."""

    record: Record
    where: str
    row: int
    given: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class ReadSheet:
    """What a sheet held. ``recognised`` is false where it has no header of ours.

    ``claimed`` are the codes of sites whose rows are faulty: their columns are not to be blamed as well.
    """

    recognised: bool
    rows: tuple[ReadRow, ...] = ()
    claimed: frozenset[str] = frozenset()
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()


def read_sheet(sheet: Sheet) -> ReadSheet:
    """Read a sheet by its header. Blank rows, sums and remarks below the table are passed over."""
    header = find_header(sheet.rows)
    if header is None:
        return ReadSheet(recognised=False)
    notes = []
    if header.ignored:
        notes.append(f"{sheet.place}：不认识的列没有读入：{'、'.join(header.ignored)}")
    if header_faults := [Fault(sheet.place, header.row, text) for text in _header_faults(header)]:
        return ReadSheet(recognised=True, faults=tuple(header_faults), notes=tuple(notes))
    rows: list[ReadRow] = []
    faults: list[Fault] = []
    claimed: set[str] = set()
    for number, row in _data_rows(sheet, header, notes):
        values, texts = _values(row, header)
        if texts:
            faults.extend(Fault(sheet.place, number, text) for text in texts)
            if header.table.record is Site and "id" in values:
                claimed.add(values["id"])
            continue
        given = frozenset(header.places) | (values.keys() & {"source", "variety"})
        record = header.table.record(**values)
        rows.append(ReadRow(record=record, where=sheet.place, row=number, given=given))
    return ReadSheet(
        recognised=True, rows=tuple(rows), claimed=frozenset(claimed), faults=tuple(faults), notes=tuple(notes)
    )


def _header_faults(header: HeaderRow) -> Iterator[str]:
    for name in header.repeated:
        yield f"表头“{name}”出现了不止一次。请删去多余的一列"
    if missing := header.table.missing(header.places):
        yield f"是{header.table.title}表的表头，但缺少“{'”、“'.join(missing)}”列。请补上"


def _data_rows(sheet: Sheet, header: HeaderRow, notes: list[str]) -> Iterator[tuple[int, Sequence[Cell]]]:
    titles = sheet.rows[header.row - 1]
    read = sorted(header.places.values())
    for number, row in enumerate(sheet.rows[header.row :], header.row + 1):
        filled = [str(cell).strip() for cell in row if cell is not None and str(cell).strip()]
        if not any(place < len(row) and row[place] is not None and str(row[place]).strip() for place in read):
            if any(not text.isdecimal() for text in filled):  # more than a number in 序号
                notes.append(f"{sheet.place} 第 {number} 行没有读入：{filled[0][:30]}")
            continue
        if all(place < len(row) and row[place] == titles[place] for place in read):
            continue  # the header again: of a further printed page, or the lower half of merged cells
        if _SUM.match(filled[0]) or (len(filled) == 1 and _REMARK.match(filled[0])):
            notes.append(f"{sheet.place} 第 {number} 行不是数据行，没有读入：{filled[0][:30]}")
            continue
        yield number, row


def _values(row: Sequence[Cell], header: HeaderRow) -> tuple[dict[str, Any], list[str]]:
    """The fields of a row that are filled in, and what is wrong with the row."""
    values: dict[str, Any] = {}
    faults: list[str] = []
    for column in header.table.headers:
        place = header.places.get(column.field)
        cell = row[place] if place is not None and place < len(row) else None
        try:
            value = column.read(cell)
        except CellFault as fault:
            faults.append(f"“{column.name}”的值“{str(cell).strip()[:80]}”有误：{fault}")
            continue
        if value not in (None, ""):
            values[column.field] = value
        elif column.required:
            faults.append(f"“{column.name}”没有填写。这一列不能为空")
    faults.extend(_contradictions(values, header))
    if header.table.record is Account and (variety := _variety(row, header)):
        values.setdefault("variety", variety)
    if header.table.record is Account and "source" not in values:
        if values.get("feed_url"):
            values["source"] = "feed"
        elif values.get("last_published"):
            values["source"] = "self_report"
    return values, faults


def _variety(row: Sequence[Cell], header: HeaderRow) -> str:
    """订阅号 or 服务号, where the platform is written so."""
    place = header.places.get("platform")
    written = str(row[place] or "") if place is not None and place < len(row) else ""
    found = [variety for variety in ("订阅号", "服务号") if variety in written]
    return found[0] if len(found) == 1 else ""


def _contradictions(values: dict[str, Any], header: HeaderRow) -> Iterator[str]:
    """Two cells of one row that cannot both be right."""
    table, present = header.table, header.places
    wants_feed = "feed" in values.get("source", "").split("+")
    if table.record is Account and wants_feed and "feed_url" in present.keys() - values.keys():
        yield "“订阅地址”没有填写，而采集方式是 feed。请补上，或清空采集方式"
    opened, closed = values.get("opened_on"), values.get("closed_on")
    if table.record is Account and opened and closed and closed < opened:
        yield f"“关停时间”的值“{closed}”有误：早于开设时间 {opened}。请更正其中一处"
    if table.record is Account and closed and values.get("status") is AccountStatus.ACTIVE:
        yield f"“关停时间”的值“{closed}”有误：状态是正常。请更正其中一处"
    until, status = values.get("suspended_until"), values.get("status")
    if table.record is Site and until and "status" in present and status is not SiteStatus.SUSPENDED:
        yield f"“临时下线至”的值“{until}”有误：状态不是临时下线。请更正其中一处"


_SUM = re.compile(r"(合\s*计|总\s*计|小\s*计|共\s*计)")
_REMARK = re.compile(r"(备?注|说明|填表|填报|制表|审核|联系人|截至|[（(]?[一二三四五六七八九十]+[、）)])")
