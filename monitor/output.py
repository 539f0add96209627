"""Printing: a listing as table, JSON or CSV. JSON and CSV go to standard output alone, everything else to stderr."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

Record = Mapping[str, Any]

stderr = Console(stderr=True, highlight=False)
stdout = Console(highlight=False)


class Format(StrEnum):
    """--format"""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


def print_json(value: Any) -> None:
    """One JSON document on standard output, Chinese as it is."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")


def print_records(
    records: Sequence[Record],
    columns: Mapping[str, str],
    *,
    format: Format,
    title: str = "",
    fields: Sequence[str] = (),
) -> None:
    """A listing. ``columns`` maps the fields of the table to their Chinese heads; JSON holds every field.

    CSV holds ``fields`` (by default all of the first record), so that its head is the same for an empty listing.
    """
    match format:
        case Format.JSON:
            print_json(list(records))
        case Format.CSV:
            _print_csv(records, fields or list(records[0] if records else columns))
        case Format.TABLE:
            stdout.print(_table(records, columns, title))


def _print_csv(records: Sequence[Record], fields: Sequence[str]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(fields)
    for record in records:
        writer.writerow([_cell(record.get(field)) for field in fields])


def _table(records: Sequence[Record], columns: Mapping[str, str], title: str) -> Table:
    table = Table(title=title or None, title_justify="left")
    for head in columns.values():
        table.add_column(head, overflow="fold")
    for record in records:
        # Text, not str: what a web page wrote must not be read as markup.
        table.add_row(*(Text(_cell(record.get(field))) for field in columns))
    if not records:
        table.caption = "（无）"
    return table


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return " ".join(map(str, value))
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value)
