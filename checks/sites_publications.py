"""年度公开数量: how much a county, or a department on its city's site, discloses in a year, and the pace needed
(雅安 2021 年 5 月 20 日转发川办发〔2021〕16号: 8,000 and 200; domain.md §8.2). The counts are handed in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil

from checks import Answered, Finding, History, PublicationCount, Severity, Site, Untestable, bounded, check
from checks.core.calendar import local_day
from checks.core.model import Level, SiteKind


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Limits of 年度公开数量: items a year; 0 asks for none."""

    county_items: int = bounded(0, low=0, high=1_000_000)
    department_items: int = bounded(0, low=0, high=1_000_000)


def _exempt(_site: Site, limits: Limits) -> str:
    return "" if limits.county_items or limits.department_items else "本检查标准没有规定公开数量"


@check(
    "site.publications",
    title="年度公开数量",
    on=Site,
    reads=PublicationCount,
    within=timedelta(days=400),
    limits=Limits(),
    exempt=_exempt,
    keyed=True,
)
def publications(site: Site, seen: History, limits: Limits, now: datetime) -> Iterator[Finding | Answered]:
    latest: dict[tuple[str, int], PublicationCount] = {}
    for fact in seen.of(PublicationCount):
        known = latest.get((fact.unit, fact.year))
        if known is None or fact.as_of >= known.as_of:
            latest[fact.unit, fact.year] = fact
    if not latest:
        raise Untestable("尚未填报公开数量")
    doubts: list[str] = []
    for (unit, year), fact in sorted(latest.items()):
        limit = _limit(site, unit, limits)
        if not limit:
            continue
        whole = fact.as_of >= date(year, 12, 31)
        key = f"{year}/{unit}" if unit else str(year)
        if fact.count >= limit:
            yield Answered(key=key)
        elif whole:
            yield _finding(site, fact, key, limit, Severity.PROBLEM)
        else:
            if local_day(now) > date(year, 12, 31):
                doubts.append(f"{unit or site.name} {year} 年只填报到 {fact.as_of}，请填报全年数")
            elif fact.count < _pace(limit, fact.as_of):
                yield _finding(site, fact, key, limit, Severity.WARNING)
            yield Answered(key=key)
    if doubts:
        raise Untestable("；".join(doubts))


def _limit(site: Site, unit: str, limits: Limits) -> int:
    if unit or site.kind is SiteKind.DEPARTMENT:
        return limits.department_items
    return limits.county_items if site.kind is SiteKind.PORTAL and site.level is Level.COUNTY else 0


def _pace(limit: int, day: date) -> int:
    """What an even pace has reached by the end of a day."""
    days = date(day.year, 12, 31).timetuple().tm_yday
    return ceil(limit * day.timetuple().tm_yday / days)


def _finding(site: Site, fact: PublicationCount, key: str, limit: int, severity: Severity) -> Finding:
    late = severity is Severity.PROBLEM
    who = fact.unit or site.name
    if late:
        text = f"{who} {fact.year} 年公开 {fact.count} 条（限 {limit} 条以上），少 {limit - fact.count} 条"
        advice = "请说明原因，并补充公开应公开的信息"
    else:
        needed, left = _pace(limit, fact.as_of), (date(fact.year, 12, 31) - fact.as_of).days
        text = (
            f"{who} 截至 {fact.as_of} 公开 {fact.count} 条，按全年 {limit} 条的进度应有 {needed} 条"
            f"（限 {limit} 条以上），其余 {left} 天平均每天须公开 {(limit - fact.count) / left:.1f} 条"
        )
        advice = "请加快公开进度"
    return Finding(
        text=text,
        key=key,
        url=site.url,
        severity=severity,
        advice=advice,
        evidence=(fact.id,),
        details={"unit": fact.unit, "count": fact.count, "limit": limit},
    )
