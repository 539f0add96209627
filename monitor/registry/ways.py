"""采集方式: how registers write the ways to learn what an account publishes. The folder of adapters is the list."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from monitor.registry.cells import CellFault, folded
from monitor.registry.sheets import Cell

_FOLDER = Path(__file__).parents[1] / "probes" / "sources"

_SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "self_report": ("自报", "自行填报", "人工填报", "手工填报", "填报", "人工"),
    "feed": ("订阅", "RSS", "Atom", "订阅地址", "订阅源"),
    "wechat_official": ("微信接口", "公众号接口", "微信官方接口"),
    "proof_url": ("证明链接", "链接核验"),
    "apple_lookup": ("苹果商店", "App Store", "应用商店"),
}


@cache
def ways() -> tuple[str, ...]:
    """The name of every adapter: a module of the folder, or a preset of the declarative one."""
    modules = {path.stem for path in _FOLDER.glob("*.py") if not path.stem.startswith("_")}
    presets = {path.stem for path in (_FOLDER / "presets").glob("*.toml")}
    return tuple(sorted((modules - {"json_list"}) | presets))


def read_ways(cell: Cell) -> str | None:
    """One way or several, joined with ``+`` in the order written. Raises ``CellFault``."""
    value = folded(cell)
    if not value:
        return None
    found = []
    for part in _SEPARATORS.split(value):
        way = _known().get(part.strip().lower())
        if way is None:
            raise CellFault(f"没有名为“{part}”的采集方式。可用的有：{'、'.join(ways())}，几种并用时以 + 相连")
        found.append(way)
    return "+".join(dict.fromkeys(found))


@cache
def _known() -> Mapping[str, str]:
    known = {way: way for way in ways()}
    return known | {name.lower(): way for way, names in _SYNONYMS.items() if way in known for name in names}


_SEPARATORS = re.compile(r"\s*[+、,，;；]\s*")
