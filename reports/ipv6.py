"""The IPv6 of sites in figures: the rates that bulletins print by region and level, and the parts of each site."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from checks.core.model import Level, Ref, Site
from checks.core.parts import Part, PartStatus, total
from reports.figures import Rate, RateStyle, grouped
from reports.paper import Grid, Head, grid
from reports.sheets import Cell, Table
from reports.sheets import Head as Column
from reports.wording import or_unnamed, said

Parts = Mapping[Ref, Sequence[Part]]

_TOLD = (PartStatus.PASSED, PartStatus.PARTIAL, PartStatus.FAILED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ipv6Row:
    """The rates of one group of sites. What was not tested is in neither number of any rate.

    ``aaaa``, ``home`` and ``content`` count sites; ``level2`` and ``level3`` count links, those that opened over IPv6
    ÷ those tested.
    """

    name: str
    sites: int
    aaaa: Rate
    home: Rate
    content: Rate
    level2: Rate
    level3: Rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Ipv6Rates:
    """The rates of all sites, by region in the order of the register, and by level from the province down."""

    everywhere: Ipv6Row
    by_region: tuple[Ipv6Row, ...]
    by_level: tuple[Ipv6Row, ...]


def ipv6_rates(sites: Sequence[Site], parts: Parts) -> Ipv6Rates:
    """Work out the rates. A site without AAAA counts as one whose home page does not open over IPv6."""
    order = [*Level, None]
    ranked = sorted(sites, key=lambda site: order.index(site.level))
    return Ipv6Rates(
        everywhere=_row("合计", sites, parts),
        by_region=_by(sites, parts, lambda site: or_unnamed(site.region)),
        by_level=_by(ranked, parts, lambda site: said(site.level)),
    )


def rates_grid(caption: str, first: str, rows: Sequence[Ipv6Row], everywhere: Ipv6Row, style: RateStyle) -> Grid | None:
    """The rates as a table of a paper, with the sum of all groups below."""
    heads = (
        Head(first, 1.4),
        *(Head(title, 1, centred=True) for title in ("网站数", "AAAA", "首页可访问")),
        *(Head(title, 1, centred=True) for title in ("内容一致", "二级链接", "三级链接")),
    )
    lines = [
        (
            row.name,
            str(row.sites),
            *(_cell(r, style) for r in (row.aaaa, row.home, row.content, row.level2, row.level3)),
        )
        for row in (*rows, everywhere)
    ]
    return grid(caption, heads, lines, totals=True) if rows else None


def parts_table(sites: Sequence[Site], parts: Parts) -> Table:
    """Every part of every site that was looked at, a line each: the annex of the rates."""
    return Table(
        name="IPv6 分项",
        heads=(
            Column("标识码", 14),
            Column("网站名称", 26),
            Column("分项", 22),
            Column("结果", 9),
            Column("性质", 8),
            Column("得分", 7),
            Column("满分", 7),
            Column("可达", 7),
            Column("测试", 7),
            Column("说明", 70),
        ),
        rows=tuple(row for site in sites for row in _lines(site, parts.get(site.ref, ()))),
        note="得分为参考分，未检测、不适用的不计；“可达÷测试”为该项的比率。",
    )


def _cell(rate: Rate, style: RateStyle) -> str:
    """The percentage under its two numbers: five rates side by side are narrow."""
    return f"{rate.numerator}/{rate.denominator}\n{style.percent(rate)}" if rate.denominator else style.percent(rate)


def _lines(site: Site, parts: Sequence[Part]) -> list[tuple[Cell, ...]]:
    lines: list[tuple[Cell, ...]] = [
        (
            site.id,
            site.name,
            part.name,
            said(part.status),
            said(part.severity) if part.severity else "",
            part.points,
            part.most if part.points is not None else None,
            part.reached,
            part.tested,
            part.text,
        )
        for part in parts
    ]
    if lines:
        points, most = total(parts)
        lines.append((site.id, site.name, "合计", "", "", points, most, None, None, ""))
    return lines


def _by(sites: Sequence[Site], parts: Parts, key: Callable[[Site], str]) -> tuple[Ipv6Row, ...]:
    return tuple(_row(name, group, parts) for name, group in grouped(sites, key).items())


def _row(name: str, sites: Sequence[Site], parts: Parts) -> Ipv6Row:
    told = [{part.key: part for part in parts[site.ref]} for site in sites if site.ref in parts]
    return Ipv6Row(
        name=name,
        sites=len(sites),
        aaaa=_share([ok for p in told if (ok := _passed(p.get("aaaa"))) is not None]),
        home=_share([ok for p in told if (ok := _home(p)) is not None]),
        content=_share([ok for p in told if (ok := _passed(p.get("content"))) is not None]),
        level2=_links(told, "level2"),
        level3=_links(told, "level3"),
    )


def _passed(part: Part | None) -> bool | None:
    return part.status is not PartStatus.FAILED if part is not None and part.status in _TOLD else None


def _home(parts: Mapping[str, Part]) -> bool | None:
    if _passed(parts.get("aaaa")) is False:
        return False
    return _passed(parts.get("reach"))


def _share(told: Sequence[bool]) -> Rate:
    return Rate(sum(told), len(told))


def _links(told: Sequence[Mapping[str, Part]], key: str) -> Rate:
    counted = [p[key] for p in told if key in p and p[key].tested is not None]
    return Rate(sum(part.reached or 0 for part in counted), sum(part.tested or 0 for part in counted))
