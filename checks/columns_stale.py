"""栏目不更新: 国办秘函〔2019〕19号 单项否决（内容更新）. 动态要闻 without an update in the two weeks before, and
first-level 通知公告 and 政策文件 in the six months before; five such columns veto the site (domain.md §2.2 W4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from checks import Column, ColumnCategory, Finding, History, ListReading, bounded, check
from checks.core.calendar import local_day, months_before
from checks.core.freshness import Term, overdue

_SIX_MONTHS = (ColumnCategory.NOTICES, ColumnCategory.POLICY)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Limits of 栏目不更新. ``warn_days`` of ``news_days`` is the share of any limit at which a warning is given."""

    news_days: int = bounded(14, low=1, high=366)
    notice_months: int = bounded(6, low=1, high=60)
    warn_days: int = bounded(10, low=1, high=366)
    recent_days: int = bounded(3, low=1, high=14)
    agree_hours: int = bounded(12, low=1, high=72)


def _exempt(column: Column, _limits: Limits) -> str:
    if column.category is ColumnCategory.NEWS or (column.category in _SIX_MONTHS and column.top_level):
        return ""
    level = "" if column.top_level else "非一级"
    return f"{level}{column.category}栏目不适用本项"


@check(
    "column.stale",
    title="栏目不更新",
    on=Column,
    reads=ListReading,
    within=lambda limits: timedelta(days=limits.recent_days + 1),
    limits=Limits(),
    exempt=_exempt,
)
def stale(column: Column, seen: History, limits: Limits, now: datetime) -> Iterator[Finding]:
    today = local_day(now)
    if column.category is ColumnCategory.NEWS:
        in_time_from, reads = today - timedelta(days=limits.news_days), f"{limits.news_days} 天"
    else:
        in_time_from, reads = months_before(today, limits.notice_months), f"{limits.notice_months} 个月"
    yield from overdue(
        column,
        seen,
        Term(in_time_from=in_time_from, reads=reads, warn_of=(limits.warn_days, limits.news_days)),
        now=now,
        recent=timedelta(days=limits.recent_days),
        agree_hours=limits.agree_hours,
    )
