"""Records → CSV with the canonical headers, such as the import reads again; and empty tables to fill in."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from itertools import zip_longest
from typing import Any

from checks.core.model import Platform
from monitor.registry.changes import Record
from monitor.registry.headers import TABLES, Kind
from monitor.registry.synonyms import PLATFORMS

BOM = "\ufeff"
"""Without it Excel reads UTF-8 as GBK."""


def export_csv(kind: Kind, records: Iterable[Record], *, remarks: Sequence[str] = ()) -> str:
    """A table as CSV text, to be written in UTF-8 with its leading BOM.

    ``remarks``, one for each record, stand in a last column 发现说明, which the import passes over.
    What Excel would take for a formula or round off gets a leading ``'``, which the import takes away.
    """
    headers = TABLES[kind].headers
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([header.name for header in headers] + (["发现说明"] if remarks else []))
    for record, remark in zip_longest(records, remarks, fillvalue=""):
        cells = [_guarded(_written(getattr(record, header.field))) for header in headers]
        writer.writerow(cells + ([_guarded(remark)] if remarks else []))
    return BOM + out.getvalue()


def template(kind: Kind) -> str:
    """The header alone."""
    return export_csv(kind, ())


def _written(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case Platform():
            return PLATFORMS[value][0]
        case StrEnum():
            return value.value
        case date():
            return value.isoformat()
        case _:
            return str(value)


def _guarded(text: str) -> str:
    long_number = len(text) > 15 and text.isdigit()
    return f"'{text}" if long_number or text.startswith(("=", "+", "-", "@", "'")) else text
