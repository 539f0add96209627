"""空白栏目: 国办秘函〔2019〕19号 单项否决（内容更新）. A column that exists and holds nothing; five of them veto the
site (domain.md §2.2 W4, §11.5). A list that could not be read is not blank."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from checks import Column, Finding, History, ListReading, Untestable, bounded, check
from checks.core.freshness import confirmed, is_empty, readable, readings_of, trailing


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Limits of 空白栏目: how old the last reading may be, and how far apart the two that must agree."""

    recent_days: int = bounded(3, low=1, high=14)
    agree_hours: int = bounded(12, low=1, high=72)


@check(
    "column.empty",
    title="空白栏目",
    on=Column,
    reads=ListReading,
    within=lambda limits: timedelta(days=limits.recent_days + 1),
    limits=Limits(),
)
def empty(column: Column, seen: History, limits: Limits, now: datetime) -> Iterator[Finding]:
    good = readable(readings_of(column.url, seen), now=now, recent=timedelta(days=limits.recent_days))
    blank = trailing(good, [is_empty(r) for r in good])
    if not blank:
        return
    if not confirmed(blank, hours=limits.agree_hours):
        raise Untestable(f"读到 0 条信息，待 {limits.agree_hours} 小时后再次采集确认")
    said = "，页面注明暂无内容" if blank[-1].says_empty else ""
    yield Finding(
        text=f"“{column.name}”没有信息（0 条，限不少于 1 条），{len(blank)} 次采集一致{said}",
        url=column.url,
        advice="请补充内容；不再使用的栏目请撤除",
        evidence=tuple(r.id for r in blank),
        details={"category": str(column.category), "readings": len(blank)},
    )
