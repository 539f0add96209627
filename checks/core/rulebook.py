"""The TOML of a rulebook, read into a ``Standard``: editions extend one another, and all faults are told at once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, TypeVar

from checks.core.calendar_rows import read_calendar_item
from checks.core.indicator_rows import read_indicator, typed
from checks.core.indicators import Applies, CalendarItem, Indicator, Rectification, Score, Standard, StandardError, Tier
from checks.core.limits import override
from checks.core.registry import all_checks

Row = TypeVar("Row")

STANDARDS = Path(__file__).parents[1] / "standards"

_TOP = (
    "edition",
    "title",
    "document",
    "extends",
    "draw_rates",
    "rectification",
    "score",
    "limits",
    "indicators",
    "calendar",
)
_RATES = ("site", "account")
_SCORE = ("pass_below", "bonus_above", "bonus_cap", "scope", "groups")
_SCOPES = ("portal", "site")
_POSITION = re.compile(r"\(at line (\d+), column (\d+)\)|\(at end of document\)")


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
        score = self._score(table, parent.score, fault)
        indicators = self._indicators(table, parent.indicators, fault)
        calendar = self._calendar(table, parent.calendar, fault)
        return Standard(
            edition=typed(table, "edition", str, path.stem, fault),
            title=typed(table, "title", str, parent.title, fault),
            document=typed(table, "document", str, parent.document, fault),
            draw_rates=self._rates(table, parent.draw_rates, fault),
            rectification=self._rectification(table, parent.rectification, fault),
            limits=_with_calendar(self._limits(table, parent.limits, fault), calendar),
            indicators=_scoped(indicators, score),
            score=score,
            calendar=calendar,
            lineage=(parent.edition, *parent.lineage) if parent.edition else (),
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
            fault("", _position(broken))
        return {}

    def _teller(self, file: str) -> Callable[[str, str], None]:
        def fault(key: str, text: str) -> None:
            self.faults.append(f"{file}：{key}：{text}" if key else f"{file}：{text}")

        return fault

    def _rates(
        self, table: Mapping[str, Any], parent: Mapping[str, float], fault: Callable[[str, str], None]
    ) -> Mapping[str, float]:
        rates = dict(parent)
        for kind, value in typed(table, "draw_rates", dict, {}, fault).items():
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
        given = typed(table, "rectification", dict, {}, fault)

        told = _led(fault, "rectification")
        for key in given.keys() - {"days", "working_days"}:
            told(key, "没有这一项；可用：days、working_days")
        days = typed(given, "days", int, parent.days, told)
        if not 1 <= days <= 366:
            told("days", f"应在 1 至 366 之间，现为 {days}")
        return Rectification(days=days, working_days=typed(given, "working_days", bool, parent.working_days, told))

    def _score(self, table: Mapping[str, Any], parent: Score, fault: Callable[[str, str], None]) -> Score:
        given = typed(table, "score", dict, {}, fault)
        told = _led(fault, "score")
        for key in given.keys() - set(_SCORE):
            told(key, f"没有这一项；可用：{'、'.join(_SCORE)}")
        numbers: dict[str, float] = {}
        for key in ("pass_below", "bonus_above", "bonus_cap"):
            numbers[key] = typed(given, key, float, getattr(parent, key), told)
            if not 0 <= numbers[key] <= 100:
                told(key, f"应在 0 至 100 之间，现为 {numbers[key]:g}")
        scope = typed(given, "scope", str, parent.scope, told)
        if scope not in _SCOPES:
            told("scope", f"应为 {'、'.join(_SCOPES)} 之一，现为 {scope!r}")
        groups = dict(parent.groups)
        for name, points in typed(given, "groups", dict, {}, told).items():
            if type(points) not in (int, float) or not 0 < points <= 100:
                told(f"groups.{name}", f"应为大于 0、不大于 100 的数，现为 {points!r}")
            else:
                groups[name] = float(points)
        if groups and sum(groups.values()) != 100:
            told("groups", f"各项分值之和应为 100，现为 {sum(groups.values()):g}")
        return Score(scope=scope, groups=groups, **numbers)

    def _limits(
        self, table: Mapping[str, Any], parent: Mapping[str, Any], fault: Callable[[str, str], None]
    ) -> Mapping[str, Any]:
        limits = dict(parent)
        for check, changes in typed(table, "limits", dict, {}, fault).items():
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
        return self._rows(table, "indicators", {i.id: i for i in parent}, read_indicator, fault)

    def _calendar(
        self, table: Mapping[str, Any], parent: tuple[CalendarItem, ...], fault: Callable[[str, str], None]
    ) -> tuple[CalendarItem, ...]:
        return self._rows(table, "calendar", {i.id: i for i in parent}, read_calendar_item, fault)

    def _rows(
        self,
        table: Mapping[str, Any],
        name: str,
        known: dict[str, Row],
        read: Callable[[Mapping[str, Any], Row | None, Callable[[str, str], None]], Row | None],
        fault: Callable[[str, str], None],
    ) -> tuple[Row, ...]:
        """The rows of an array of tables laid over those of the same ids that are inherited."""
        seen: set[str] = set()
        for number, row in enumerate(typed(table, name, list, [], fault), start=1):
            id_ = row.get("id") if isinstance(row, dict) else None
            if not isinstance(id_, str) or not id_:
                fault(f"{name} 第 {number} 项", "缺少 id")
                continue
            if id_ in seen:
                fault(f"{name}.{id_}", "重复")
            seen.add(id_)
            if id_ not in known:
                row = {"document": table.get("document", ""), **row}
            item = read(row, known.get(id_), _led(fault, f"{name}.{id_}"))
            if item is not None:
                known[id_] = item
        return tuple(known.values())


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


def _position(broken: tomllib.TOMLDecodeError) -> str:
    """Where the TOML breaks off, in Chinese."""
    found = _POSITION.search(str(broken))
    place = f"第 {found[1]} 行第 {found[2]} 列" if found and found[1] else "文件末尾"
    return f"{place}：不是正确的 TOML（{_POSITION.sub('', str(broken)).strip()}）"


def _scoped(indicators: tuple[Indicator, ...], score: Score) -> tuple[Indicator, ...]:
    """The indicators, with those that score portals widened to every site where the edition scores departments too."""
    if score.scope != "site":
        return indicators
    return tuple(
        replace(i, applies=Applies.SITE) if i.applies is Applies.PORTAL and i.tier in (Tier.DEDUCT, Tier.BONUS) else i
        for i in indicators
    )


def _with_calendar(limits: Mapping[str, Any], items: tuple[CalendarItem, ...]) -> Mapping[str, Any]:
    """The limits, with the calendar handed to the checks that judge by one."""
    return {
        id_: replace(limit, items=items) if any(f.name == "items" for f in fields(limit)) else limit
        for id_, limit in limits.items()
    }
