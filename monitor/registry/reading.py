"""Files → one registry, or every fault of every file at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

from checks.core.model import Account, Column, Site, Unit
from monitor.errors import FaultyInput
from monitor.registry.changes import Key, Registry, key_of
from monitor.registry.faults import Fault, told
from monitor.registry.headers import TABLES
from monitor.registry.rows import ReadRow, ReadSheet, read_sheet
from monitor.registry.sheets import UnreadableFile, read_sheets


def read_files(paths: Sequence[Path], *, known_sites: Collection[str] = (), sites_replaced: bool = False) -> Registry:
    """Read files of any of the four kinds, told by their headers.

    A column has to belong to a site of the files, or to one of ``known_sites`` (ids), unless the files' own list of
    sites is to replace these. Raises ``FaultyInput`` with every fault: file, sheet, row, column, value and remedy.
    """
    sheets: list[ReadSheet] = []
    faults: list[Fault] = []
    notes: list[str] = []
    for path in paths:
        _read_file(path, sheets, faults, notes)
    rows = [row for sheet in sheets for row in sheet.rows]
    sites = {row.record.id for row in rows if isinstance(row.record, Site)}.union(*(sheet.claimed for sheet in sheets))
    faults.extend(_duplicates(rows))
    faults.extend(_orphans(rows, sites if sites_replaced and sites else sites | set(known_sites)))
    if faults:
        raise FaultyInput("台账有误，没有导入任何内容。请更正后重新导入：", told(faults))
    return Registry(
        units=_of(rows, Unit),
        sites=_of(rows, Site),
        columns=_of(rows, Column),
        accounts=_of(rows, Account),
        given={key_of(row.record): row.given for row in rows},
        notes=(*notes, *_unidentified(rows)),
    )


def _read_file(path: Path, sheets: list[ReadSheet], faults: list[Fault], notes: list[str]) -> None:
    try:
        found, file_notes = read_sheets(path)
    except UnreadableFile as error:
        faults.append(Fault(str(path), None, str(error)))
        return
    notes.extend(file_notes)
    read = [(sheet, read_sheet(sheet)) for sheet in found]
    if not any(result.recognised for _, result in read):
        faults.append(Fault(str(path), None, f"没有找到表头。第一行应写列名，至少要有：{_least_headers()}"))
        return
    for sheet, result in read:
        if not result.recognised and any(any(row) for row in sheet.rows):
            notes.append(f"{sheet.place}没有表头，没有读入")
        sheets.append(result)
        faults.extend(result.faults)
        notes.extend(result.notes)


def _least_headers() -> str:
    return "；".join(
        f"{table.title}表 {'、'.join(h.name for h in table.headers if h.required)}" for table in TABLES.values()
    )


def _duplicates(rows: Sequence[ReadRow]) -> Iterator[Fault]:
    first: dict[Key, ReadRow] = {}
    for row in rows:
        earlier = first.setdefault(key_of(row.record), row)
        if earlier is not row:
            other = f"第 {earlier.row} 行" if earlier.where == row.where else f"{earlier.where} 第 {earlier.row} 行"
            yield Fault(row.where, row.row, f"与{other}重复（{_what(row.record)}）。请删去其中一行")


def _what(record: Any) -> str:
    match record:
        case Site():
            return f"标识码 {record.id}"
        case Column():
            return f"标识码 {record.site_id}，栏目名称 {record.name}"
        case Account() if record.account_id:
            return f"账号ID {record.account_id}"
        case Account():
            return f"没有账号ID，账号名称 {record.name}，主办单位 {record.sponsor}"
        case _:
            return f"单位名称 {record.name}"


def _orphans(rows: Sequence[ReadRow], known: Collection[str]) -> Iterator[Fault]:
    for row in rows:
        if isinstance(row.record, Column) and row.record.site_id not in known:
            code = row.record.site_id
            yield Fault(
                row.where, row.row, f"“标识码”的值“{code}”有误：网站台账里没有它。请先导入这个网站，或更正标识码"
            )


def _unidentified(rows: Sequence[ReadRow]) -> list[str]:
    count = sum(isinstance(row.record, Account) and not row.record.account_id for row in rows)
    return [f"{count} 个账号没有账号ID，以平台、主办单位和名称相认；改名后会被当作新账号"] if count else []


def _of(rows: Sequence[ReadRow], cls: type[Any]) -> tuple[Any, ...]:
    return tuple(row.record for row in rows if isinstance(row.record, cls))
