"""One item of a rulebook's [[calendar]], read into a ``CalendarItem`` with every fault told. It reads no file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from checks.core.indicator_rows import typed
from checks.core.indicators import CalendarItem, Every

_KINDS: Mapping[str, type] = {
    "id": str,
    "name": str,
    "every": str,
    "columns": list,
    "titles": list,
    "grace_days": int,
    "due": str,
    "document": str,
    "clause": str,
    "threshold": str,
    "verified": bool,
}


def read_calendar_item(
    row: Mapping[str, Any], inherited: CalendarItem | None, fault: Callable[[str, str], None]
) -> CalendarItem | None:
    """One item, over the one of the same id that it changes. ``None`` where it is unusable."""
    sound = True

    def told(key: str, text: str) -> None:
        nonlocal sound
        sound = False
        fault(key, text)

    for key in row.keys() - _KINDS.keys():
        told(key, f"没有这一项；可用：{'、'.join(_KINDS)}")
    fields = {key: typed(row, key, kind, None, told) for key, kind in _KINDS.items() if key in row}
    for key in ("columns", "titles"):
        if isinstance(fields.get(key), list):
            if not all(isinstance(word, str) and word for word in fields[key]):
                told(key, "应为文字的数组")
            fields[key] = tuple(fields[key])
    if "every" in fields:
        if fields["every"] in list(Every):
            fields["every"] = Every(fields["every"])
        else:
            told("every", f"应为 {'、'.join(Every)} 之一，现为 {fields['every']!r}")
    if inherited is None:
        for key in ("name", "every", "columns"):
            if key not in fields:
                told(key, "缺少")
    if not 0 <= (fields.get("grace_days") or 0) <= 92:
        told("grace_days", f"应在 0 至 92 之间，现为 {fields['grace_days']}")
    if isinstance(fields.get("due"), str) and not _is_day(fields["due"]):
        told("due", f"应为月-日，例如 01-31，现为 {fields['due']!r}")
    if not sound:
        return None
    return replace(inherited, **fields) if inherited else CalendarItem(**fields)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(f"2023-{text}")  # a year without 29 February: the day must be there every year
    except ValueError:
        return False
    return True
