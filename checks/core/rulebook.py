"""The TOML of a rulebook, read into a ``Standard``: editions extend one another, and all faults are told at once."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from checks.core.limits import override
from checks.core.registry import all_checks
from checks.core.standard import Applies, Indicator, Rectification, Standard, StandardError, Tier

STANDARDS = Path(__file__).parents[1] / "standards"

_TOP = ("edition", "title", "document", "extends", "draw_rates", "rectification", "limits", "indicators")
_RATES = ("site", "account")


def read_standard(name_or_path: str) -> Standard:
    """Read an edition and those that it extends. Raises ``StandardError``."""
    reading = _Reading()
    standard = reading.edition(_locate(name_or_path, Path()), ())
    if reading.faults:
        raise StandardError("检查标准有误：\n" + "\n".join(reading.faults))
    return standard


def editions() -> tuple[str, ...]:
    """The names of the editions that come with the product."""
    return tuple(sorted(p.stem for p in STANDARDS.glob("*.toml")))


def _locate(name_or_path: str, folder: Path) -> Path:
    if name_or_path.endswith(".toml"):
        return folder / name_or_path
    return STANDARDS / f"{name_or_path}.toml"


class _Reading:
    """One reading: it gathers faults, each led by file and key, and goes on with what is sound."""

    def __init__(self) -> None:
        self.faults: list[str] = []

    def edition(self, path: Path, extended_by: tuple[Path, ...]) -> Standard:
        table = self._table(path, extended_by)
        fault = self._teller(path.name)
        for key in table.keys() - set(_TOP):
            fault(key, f"没有这一项；可用：{'、'.join(_TOP)}")
        if table.get("extends"):
            parent_path = _locate(str(table["extends"]), path.parent)
            parent = self.edition(parent_path, (*extended_by, path))
        else:
            parent = _bare()
        return Standard(
            edition=_typed(table, "edition", str, path.stem, fault),
            title=_typed(table, "title", str, parent.title, fault),
            document=_typed(table, "document", str, parent.document, fault),
            draw_rates=self._rates(table, parent.draw_rates, fault),
            rectification=self._rectification(table, parent.rectification, fault),
            limits=self._limits(table, parent.limits, fault),
            indicators=self._indicators(table, parent.indicators, fault),
        )

    def _table(self, path: Path, extended_by: tuple[Path, ...]) -> dict[str, Any]:
        fault = self._teller(path.name)
        if path in extended_by:
            fault("extends", "相互继承，成了环")
            return {}
        try:
            return tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            fault("", f"找不到该检查标准；自带的有：{'、'.join(editions())}，也可写 TOML 文件的路径")
        except (OSError, UnicodeDecodeError) as unread:
            fault("", f"读不出：{unread}")
        except tomllib.TOMLDecodeError as broken:
            fault("", f"不是正确的 TOML：{broken}")
        return {}

    def _teller(self, file: str) -> Callable[[str, str], None]:
        def fault(key: str, text: str) -> None:
            self.faults.append(f"{file}：{key}：{text}" if key else f"{file}：{text}")

        return fault

    def _rates(
        self, table: Mapping[str, Any], parent: Mapping[str, float], fault: Callable[[str, str], None]
    ) -> Mapping[str, float]:
        rates = dict(parent)
        for kind, value in _typed(table, "draw_rates", dict, {}, fault).items():
            key = f"draw_rates.{kind}"
            if kind not in _RATES:
                fault(key, f"没有这一项；可用：{'、'.join(_RATES)}")
            elif not isinstance(value, int | float) or isinstance(value, bool) or not 0 < value <= 1:
                fault(key, f"应为大于 0、不大于 1 的数，现为 {value!r}")
            else:
                rates[kind] = float(value)
        return rates

    def _rectification(
        self, table: Mapping[str, Any], parent: Rectification, fault: Callable[[str, str], None]
    ) -> Rectification:
        given = _typed(table, "rectification", dict, {}, fault)

        told = _led(fault, "rectification")
        for key in given.keys() - {"days", "working_days"}:
            told(key, "没有这一项；可用：days、working_days")
        days = _typed(given, "days", int, parent.days, told)
        if not 1 <= days <= 366:
            told("days", f"应在 1 至 366 之间，现为 {days}")
        return Rectification(days=days, working_days=_typed(given, "working_days", bool, parent.working_days, told))

    def _limits(
        self, table: Mapping[str, Any], parent: Mapping[str, Any], fault: Callable[[str, str], None]
    ) -> Mapping[str, Any]:
        limits = dict(parent)
        for check, changes in _typed(table, "limits", dict, {}, fault).items():
            key = f'limits."{check}"'
            if check not in limits:
                fault(key, f"没有这个检查项；可用：{'、'.join(limits)}")
            elif not isinstance(changes, dict):
                fault(key, "应为一个表")
            else:
                limits[check], faults = override(limits[check], changes)
                for text in faults:
                    fault(key, text)
        return limits

    def _indicators(
        self, table: Mapping[str, Any], parent: tuple[Indicator, ...], fault: Callable[[str, str], None]
    ) -> tuple[Indicator, ...]:
        indicators = {i.id: i for i in parent}
        seen: set[str] = set()
        for number, row in enumerate(_typed(table, "indicators", list, [], fault), start=1):
            id_ = row.get("id") if isinstance(row, dict) else None
            if not isinstance(id_, str) or not id_:
                fault(f"indicators 第 {number} 项", "缺少 id")
                continue
            if id_ in seen:
                fault(f"indicators.{id_}", "重复")
            seen.add(id_)
            indicator = _indicator(row, indicators.get(id_), _led(fault, f"indicators.{id_}"))
            if indicator is not None:
                indicators[id_] = indicator
        return tuple(indicators.values())


def _led(fault: Callable[[str, str], None], lead: str) -> Callable[[str, str], None]:
    return lambda key, text: fault(f"{lead}.{key}", text)


def _bare() -> Standard:
    """What an edition starts from that extends none: the checks' own limits and no indicators."""
    return Standard(
        edition="",
        title="",
        document="",
        draw_rates={},
        rectification=Rectification(),
        limits={id_: check.limits for id_, check in all_checks().items()},
        indicators=(),
    )


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
    "document": str,
    "clause": str,
    "threshold": str,
    "verified": bool,
}


def _indicator(
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
            fields[key] = _typed(row, key, kind, None, told)
    for key, closed in (("tier", Tier), ("applies", Applies)):
        if isinstance(fields.get(key), str):
            if fields[key] in list(closed):
                fields[key] = closed(fields[key])
            else:
                told(key, f"应为 {'、'.join(closed)} 之一，现为 {fields[key]!r}")
    for check in fields.get("checks") or ():
        if check not in all_checks():
            told("checks", f"没有检查项 {check!r}")
    if inherited is None:
        for key in ("name", "tier", "applies"):
            if key not in fields:
                told(key, "缺少")
    if not sound:
        return None
    fields["checks"] = tuple(fields["checks"]) if "checks" in fields else (inherited.checks if inherited else ())
    indicator = replace(inherited, **fields) if inherited else Indicator(**fields)
    if indicator.at_least < 1:
        told("at_least", f"应不小于 1，现为 {indicator.at_least}")
    scored = indicator.tier is not Tier.VETO and not indicator.manual
    if scored and not 0 < indicator.points_each <= indicator.cap <= 100:
        told("points_each", "应大于 0、不大于 cap，且 cap 不大于 100")
    return indicator if sound else None


def _typed(table: Mapping[str, Any], key: str, kind: type, default: Any, fault: Callable[[str, str], None]) -> Any:
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
}
