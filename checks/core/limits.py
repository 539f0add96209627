"""The limits of a check: a frozen dataclass of numbers, each with its range, whose fields a rulebook may override.

A field without a range is data that an edition or the deployment hands in as a whole: a calendar.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, fields, replace
from typing import Any, TypeVar

N = TypeVar("N", int, float)


def bounded(default: N, *, low: float, high: float) -> N:
    """A field of a limits dataclass: its default, and the range (both ends included) of what may replace it."""
    limit: N = field(default=default, metadata={"low": low, "high": high})
    return limit


def override(limits: Any, changes: Mapping[str, Any]) -> tuple[Any, list[str]]:
    """Replace fields by name. Gives the new limits and every fault in Chinese, each led by its field.

    A whole number may stand for a fraction, never the other way round.
    """
    known = {f.name: f for f in fields(limits) if "low" in f.metadata}
    good: dict[str, Any] = {}
    faults: list[str] = []
    for name, value in changes.items():
        if name not in known:
            faults.append(f"{name}：没有这个限值；可用：{'、'.join(known) or '无'}")
            continue
        kind = type(getattr(limits, name))
        if isinstance(value, int) and not isinstance(value, bool) and kind is float:
            value = float(value)
        if type(value) is not kind:
            faults.append(f"{name}：应为{'整数' if kind is int else '数'}，现为 {value!r}")
            continue
        low, high = known[name].metadata["low"], known[name].metadata["high"]
        if not low <= value <= high:
            faults.append(f"{name}：应在 {low:g} 至 {high:g} 之间，现为 {value}")
            continue
        good[name] = value
    return replace(limits, **good), faults


def numbers(limits: Any) -> dict[str, int | float]:
    """The numbers among the fields, by name."""
    return {f.name: getattr(limits, f.name) for f in fields(limits) if "low" in f.metadata}
