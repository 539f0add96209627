"""One indicator as a row of a rulebook's TOML, read into an ``Indicator`` with every fault told. It reads no file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from checks.core.indicators import Applies, Indicator, Tier
from checks.core.model import Platform
from checks.core.registry import all_checks

_KINDS: Mapping[str, type] = {
    "id": str,
    "name": str,
    "tier": str,
    "applies": str,
    "checks": list,
    "at_least": int,
    "points_each": float,
    "cap": float,
    "where": dict,
    "count_by": str,
    "group": str,
    "due": date,
    "platforms": list,
    "document": str,
    "clause": str,
    "threshold": str,
    "verified": bool,
}


def read_indicator(
    row: Mapping[str, Any], inherited: Indicator | None, fault: Callable[[str, str], None]
) -> Indicator | None:
    """One indicator, over the one of the same id that it changes. ``None`` where it is unusable."""
    fields: dict[str, Any] = {}
    sound = True

    def told(key: str, text: str) -> None:
        nonlocal sound
        sound = False
        fault(key, text)

    for key in row.keys() - _KINDS.keys():
        told(key, f"没有这一项；可用：{'、'.join(_KINDS)}")
    for key, kind in _KINDS.items():
        if key in row:
            fields[key] = typed(row, key, kind, None, told)
    for key, closed in (("tier", Tier), ("applies", Applies)):
        if isinstance(fields.get(key), str):
            if fields[key] in list(closed):
                fields[key] = closed(fields[key])
            else:
                told(key, f"应为 {'、'.join(closed)} 之一，现为 {fields[key]!r}")
    for check in fields.get("checks") or ():
        if check not in all_checks():
            told("checks", f"没有检查项 {check!r}")
    for platform in fields.get("platforms") or ():
        if platform not in list(Platform):
            told("platforms", f"没有平台 {platform!r}；可用：{'、'.join(Platform)}")
    if inherited is None:
        for key in ("name", "tier", "applies"):
            if key not in fields:
                told(key, "缺少")
    if not sound:
        return None
    fields["checks"] = tuple(fields["checks"]) if "checks" in fields else (inherited.checks if inherited else ())
    if "platforms" in fields:
        fields["platforms"] = tuple(fields["platforms"])
    indicator = replace(inherited, **fields) if inherited else Indicator(**fields)
    if indicator.at_least < 1:
        told("at_least", f"应不小于 1，现为 {indicator.at_least}")
    scored = indicator.tier in (Tier.DEDUCT, Tier.BONUS)
    if scored and not 0 < indicator.points_each <= indicator.cap <= 100:
        told("points_each", "应大于 0、不大于 cap，且 cap 不大于 100")
    if indicator.due is not None and indicator.tier is not Tier.REMIND:
        told("due", '只有 tier = "remind" 的事项可写期限')
    return indicator if sound else None


def typed(table: Mapping[str, Any], key: str, kind: type, default: Any, fault: Callable[[str, str], None]) -> Any:
    """The value of a key if it is of a kind, else the default. A whole number may stand for a fraction."""
    if key not in table:
        return default
    value = table[key]
    if kind is float and type(value) is int:
        return float(value)
    if type(value) is not kind:
        fault(key, f"应为{_CHINESE[kind]}，现为 {value!r}")
        return default
    return value


_CHINESE: Mapping[type, str] = {
    str: "文字",
    int: "整数",
    float: "数",
    bool: "true 或 false",
    list: "数组",
    dict: "表",
    date: "日期（如 2021-12-31，不加引号）",
}
