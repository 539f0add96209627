"""A fault of a registry file, and how many are told: the same fault of many rows takes one line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

_ROWS_NAMED = 20


@dataclass(frozen=True)
class Fault:
    """``where`` is the file and sheet, ``row`` as Excel shows it, ``text`` what is wrong and what to do, in Chinese."""

    where: str
    row: int | None
    text: str


def told(faults: Iterable[Fault]) -> list[str]:
    """A line for each fault, in the order of their first rows."""
    rows: dict[tuple[str, str], list[int]] = {}
    for fault in faults:
        found = rows.setdefault((fault.where, fault.text), [])
        if fault.row is not None:
            found.append(fault.row)
    return [f"{where}{_numbers(numbers)}{text}" for (where, text), numbers in rows.items()]


def _numbers(rows: list[int]) -> str:
    if not rows:
        return "："
    named = "、".join(str(row) for row in rows[:_ROWS_NAMED])
    return f" 第 {named} 行" + (f"等 {len(rows)} 行" if len(rows) > _ROWS_NAMED else "")
