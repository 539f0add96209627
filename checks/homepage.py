"""首页不更新: 国办秘函〔2019〕19号 单项否决（内容更新）. Two weeks of monitoring in which the home page shows no new
information (domain.md §2.2 W3). New information is an item of news, not a changed page (§11.2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from checks import Finding, History, ListItem, ListReading, Severity, Site, Untestable, bounded, check
from checks.core.calendar import local_day
from checks.core.freshness import newest_item, readings_of, told
from checks.core.outcome_names import OUTCOMES


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Limits of 首页不更新. ``gap_days`` is the longest time without a reading that still is monitoring."""

    days: int = bounded(14, low=1, high=366)
    warn_days: int = bounded(10, low=1, high=366)
    gap_days: int = bounded(3, low=1, high=14)


@check(
    "site.homepage_stale",
    title="首页不更新",
    on=Site,
    reads=ListReading,
    # The first reading must lie before the two weeks, and it may be as old as a gap allows.
    within=lambda limits: timedelta(days=limits.days + limits.gap_days),
    limits=Limits(),
)
def homepage_stale(site: Site, seen: History, limits: Limits, now: datetime) -> Iterator[Finding]:
    readings = readings_of(site.url, seen)
    good = [r for r in readings if r.readable and r.rows > 0]
    today = local_day(now)
    item = newest_item(good, today=today)
    newest = item.published if item else None
    appeared = _last_appearance(good)
    changed = max((day for day in (newest, appeared) if day is not None), default=None)
    days = max((today - changed).days, 0) if changed else None
    if days is not None and days <= limits.days:
        if days >= limits.warn_days:
            yield _finding(site, good, limits, item=item, days=days, severity=Severity.WARNING)
        return
    _require_monitoring(readings, good, limits, newest=newest, now=now)
    yield _finding(site, good, limits, item=item, days=days, severity=Severity.PROBLEM)


def _last_appearance(good: Sequence[ListReading]) -> date | None:
    """The last day on which an item was read that no earlier reading held: what tells where nothing is dated."""
    known: set[str] = set()
    last: date | None = None
    for number, reading in enumerate(good):
        if number and not known.issuperset(reading.fingerprints):
            last = local_day(reading.at)
        known.update(reading.fingerprints)
    return last


def _require_monitoring(
    readings: Sequence[ListReading], good: Sequence[ListReading], limits: Limits, *, newest: date | None, now: datetime
) -> None:
    """Raise ``Untestable`` unless the home page was read throughout the two weeks, the last time included."""
    if not readings:
        raise Untestable("首页尚无采集记录")
    last = readings[-1]
    if not last.readable or not last.rows:
        why = last.reason or ("未识别到信息条目" if last.readable else OUTCOMES[last.outcome])
        raise Untestable(f"首页未能读取：{why}")
    known = f"首页最新信息日期为 {newest}" if newest else "首页信息未标注日期"
    if last.unproven:
        raise Untestable(f"{known}；{last.unproven}，须人工核查")
    watched = now - good[0].at
    if watched < timedelta(days=limits.days):
        raise Untestable(f"{known}；须连续监测 {limits.days} 天才能判定，已监测 {watched.days} 天")
    moments = [*(r.at for r in good), now]
    gap = max(later - earlier for earlier, later in pairwise(moments))
    if gap > timedelta(days=limits.gap_days):
        hours = gap.total_seconds() / 3600
        raise Untestable(f"{known}；监测中断过 {hours:.0f} 小时（限 {limits.gap_days} 天），不足以判定")


def _finding(
    site: Site,
    good: Sequence[ListReading],
    limits: Limits,
    *,
    item: ListItem | None,
    days: int | None,
    severity: Severity,
) -> Finding:
    if days is None:
        watched = (local_day(good[-1].at) - local_day(good[0].at)).days
        text = f"首页信息未标注日期，连续监测 {watched} 天未出现新信息（限 {limits.days} 天）"
    else:
        newest = f"，最新信息日期为 {told(item)}" if item else "，信息未标注日期"
        text = f"首页已 {days} 天未更新（限 {limits.days} 天）{newest}"
    return Finding(
        text=text,
        url=site.url,
        severity=severity,
        advice="请及时在首页发布新信息，并标注发布日期",
        evidence=tuple(r.id for r in good),
        details={
            "days": days,
            "newest": item.published.isoformat() if item and item.published else None,
            "newest_title": item.title if item else None,
            "newest_url": item.url if item else None,
            "basis": item.basis if item else None,
        },
    )
