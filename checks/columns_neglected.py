"""应更新未更新: 国办秘函〔2019〕19号 单项否决（内容更新）. Columns that should be updated and long have not been; ten
of them veto the site (domain.md §2.2 W4). The document gives no span: the registry does (更新期限), or our default."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from checks import Column, ColumnCategory, Finding, History, ListReading, bounded, check
from checks.core.calendar import local_day
from checks.core.freshness import Term, overdue


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Days after which a column of a category is neglected where the registry gives none; 0: no limit.

    ``subordinate_days`` is for 通知公告 and 政策文件 below the first level.
    """

    interpretation_days: int = bounded(365, low=0, high=3660)
    periodic_days: int = bounded(365, low=0, high=3660)
    interaction_days: int = bounded(0, low=0, high=3660)
    subordinate_days: int = bounded(365, low=0, high=3660)
    warn_percent: int = bounded(71, low=1, high=100)  # 10 of 14
    recent_days: int = bounded(3, low=1, high=14)
    agree_hours: int = bounded(12, low=1, high=72)


def _days(column: Column, limits: Limits) -> int:
    defaults: Mapping[ColumnCategory, int] = {
        ColumnCategory.INTERPRETATION: limits.interpretation_days,
        ColumnCategory.PERIODIC: limits.periodic_days,
        ColumnCategory.INTERACTION: limits.interaction_days,
        ColumnCategory.NOTICES: limits.subordinate_days,
        ColumnCategory.POLICY: limits.subordinate_days,
    }
    return column.limit_days or defaults.get(column.category, 0)


def _exempt(column: Column, limits: Limits) -> str:
    notices = column.category in (ColumnCategory.NOTICES, ColumnCategory.POLICY) and column.top_level
    if column.category is ColumnCategory.NEWS or notices:
        return f"{column.category}栏目按“栏目不更新”检查"
    if column.category is ColumnCategory.STATIC:
        return "不更新类栏目不适用本项"
    return "" if _days(column, limits) else f"{column.category}栏目没有更新期限"


@check(
    "column.neglected",
    title="应更新未更新",
    on=Column,
    reads=ListReading,
    within=lambda limits: timedelta(days=limits.recent_days + 1),
    limits=Limits(),
    exempt=_exempt,
)
def neglected(column: Column, seen: History, limits: Limits, now: datetime) -> Iterator[Finding]:
    days = _days(column, limits)
    reads = f"{days} 天" if column.limit_days else f"{days} 天，台账未填更新期限，按默认值"
    yield from overdue(
        column,
        seen,
        Term(
            in_time_from=local_day(now) - timedelta(days=days),
            reads=reads,
            warn_of=(limits.warn_percent, 100),
        ),
        now=now,
        recent=timedelta(days=limits.recent_days),
        agree_hours=limits.agree_hours,
    )
