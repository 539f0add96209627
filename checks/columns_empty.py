"""空白栏目: 国办秘函〔2019〕19号 单项否决（内容更新）. A column that exists and holds nothing; five of them veto the
site (domain.md §2.2 W4, §11.5). A list that could not be read is not blank, and one that had rows may have changed its
template. A page of prose is not blank. A column that only sends its reader to another site is told as such."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from checks import Column, Finding, History, ListReading, Severity, Untestable, bounded, check
from checks.core.freshness import confirmed, is_empty, readable, readings_of, require_no_drift, trailing


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Limits of 空白栏目: how old the last reading may be, and how far apart the two that must agree.

    ``emptied_hours`` is for a column that held information before: a fault of its database looks the same.
    """

    recent_days: int = bounded(3, low=1, high=14)
    agree_hours: int = bounded(12, low=1, high=72)
    emptied_hours: int = bounded(48, low=1, high=72)


@check(
    "column.empty",
    title="空白栏目",
    on=Column,
    reads=ListReading,
    within=lambda limits: timedelta(days=limits.recent_days + 1),
    limits=Limits(),
)
def empty(column: Column, seen: History, limits: Limits, now: datetime) -> Iterator[Finding]:
    recent = timedelta(days=limits.recent_days)
    readings = readings_of(column.url, seen)
    if readings and readings[-1].prose and now - readings[-1].at <= recent:
        return
    good = readable(readings, now=now, recent=recent)
    blank = trailing(good, [is_empty(r) for r in good])
    if not blank:
        if good[-1].forwards_to:
            yield _forwarding(column, good[-1])
        return
    last = blank[-1]
    require_no_drift(last)
    hours = limits.emptied_hours if last.rows_before else limits.agree_hours
    if not confirmed(blank, hours=hours):
        raise Untestable(f"读到 0 条信息，待 {hours} 小时后再次采集确认")
    said = "，页面注明暂无内容" if last.says_empty else ""
    said += f"，此前曾有 {last.rows_before} 条" if last.rows_before else ""
    yield Finding(
        text=f"“{column.name}”没有信息（0 条，限不少于 1 条），{len(blank)} 次采集一致{said}",
        url=column.url,
        advice="请补充内容；不再使用的栏目请撤除",
        evidence=tuple(r.id for r in blank),
        details={"category": str(column.category), "readings": len(blank)},
    )


def _forwarding(column: Column, reading: ListReading) -> Finding:
    return Finding(
        key="forwards",
        text=f"“{column.name}”本身没有内容，只跳转到其他网站 {reading.forwards_to}",
        url=column.url,
        severity=Severity.WARNING,
        advice="请核对该栏目是否应由本网站维护",
        evidence=(reading.id,),
        details={"category": str(column.category), "forwards_to": reading.forwards_to},
    )
