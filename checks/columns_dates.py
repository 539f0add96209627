"""日期存疑: dates of a column's items that contradict each other or the calendar. They bear on 栏目不更新
of 国办秘函〔2019〕19号 and are told, never counted: only a person can say whether it is a slip, a migration or 弄虚作假
(web.md §5.9)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from checks import (
    Column,
    ColumnCategory,
    DateBasis,
    Finding,
    History,
    ListItem,
    ListReading,
    OtherDate,
    Severity,
    bounded,
    check,
)
from checks.core.calendar import local_day
from checks.core.freshness import readable, readings_of
from checks.core.outcome_names import BASES


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Days between two dates of one item, and between an item's date and a later reading without it, that are still
    taken for ordinary; and how many items must be back-dated before that is told."""

    disagree_days: int = bounded(7, low=1, high=366)
    backdate_days: int = bounded(7, low=1, high=366)
    backdate_items: int = bounded(3, low=1, high=20)
    recent_days: int = bounded(3, low=1, high=14)


def _exempt(column: Column, _limits: Limits) -> str:
    return "不更新类栏目不适用本项" if column.category is ColumnCategory.STATIC else ""


@check(
    "column.date_doubtful",
    title="日期存疑",
    on=Column,
    reads=ListReading,
    within=lambda limits: timedelta(days=limits.recent_days + 1),
    limits=Limits(),
    exempt=_exempt,
)
def date_doubtful(column: Column, seen: History, limits: Limits, now: datetime) -> Iterator[Finding]:
    last = readable(readings_of(column.url, seen), now=now, recent=timedelta(days=limits.recent_days))[-1]
    for doubt in (_ahead, _changed, _disagreeing, _generated, _back_dated):
        if finding := doubt(column, last, limits):
            yield finding


def _ahead(column: Column, last: ListReading, _limits: Limits) -> Finding | None:
    tomorrow = local_day(last.at) + timedelta(days=1)
    found = _pairs(last, lambda item, other: other.basis is DateBasis.LIST and other.day > tomorrow)
    if not found:
        return None
    item, other = found[0]
    text = (
        f"“{column.name}”有 {len(found)} 条信息的日期晚于采集之日（限不晚于次日），"
        f"如“{item.title}”标注 {other.day}，采集于 {local_day(last.at)}"
    )
    return _finding(column, last, "ahead", text, item=item, count=len(found))


def _changed(column: Column, last: ListReading, limits: Limits) -> Finding | None:
    """A list that now prints a later date for an item than it did."""

    def later(item: ListItem, other: OtherDate) -> bool:
        return other.basis is DateBasis.LIST and _apart(item, other) > 0 and _apart(item, other) > limits.disagree_days

    found = _pairs(last, later)
    if not found:
        return None
    item, other = found[0]
    text = (
        f"“{column.name}”有 {len(found)} 条信息的日期在两次采集之间改后 {limits.disagree_days} 天以上，"
        f"如“{item.title}”由 {other.day} 改为 {item.published}（相差 {_apart(item, other)} 天）"
    )
    return _finding(column, last, "changed", text, item=item, count=len(found))


def _disagreeing(column: Column, last: ListReading, limits: Limits) -> Finding | None:
    # The address's date is a hint and no statement: it differs for good reasons (web.md §5.9).
    def disagree(item: ListItem, other: OtherDate) -> bool:
        stated = other.basis is DateBasis.ARTICLE or (other.basis is DateBasis.META and not other.made)
        return stated and abs(_apart(item, other)) > limits.disagree_days

    found = _pairs(last, disagree)
    if not found:
        return None
    item, other = found[0]
    items = len({item.fingerprint for item, _ in found})
    text = (
        f"“{column.name}”有 {items} 条信息的日期前后不一（限 {limits.disagree_days} 天），"
        f"如“{item.title}”{_basis(item.basis)} {item.published}，{_basis(other.basis)} {other.day}，"
        f"相差 {abs(_apart(item, other))} 天"
    )
    return _finding(column, last, "disagreeing", text, item=item, count=items)


def _generated(column: Column, last: ListReading, limits: Limits) -> Finding | None:
    def generated(item: ListItem, other: OtherDate) -> bool:
        return other.made and (item.published is None or abs(_apart(item, other)) > limits.disagree_days)

    found = _pairs(last, generated)
    if not found:
        return None
    item, other = found[0]
    shown = f"列表日期为 {item.published}" if item.published else "列表和文章页均未标注日期"
    text = (
        f"“{column.name}”有 {len(found)} 条信息的 PubDate 是网页生成时间而非发布日期"
        f"（限相差 {limits.disagree_days} 天），"
        f"如“{item.title}”PubDate 为 {other.day}，{shown}"
    )
    return _finding(column, last, "generated", text, item=item, count=len(found))


def _back_dated(column: Column, last: ListReading, limits: Limits) -> Finding | None:
    """A run of items that appeared between two readings with dates long before the first of these.

    What stands below several items that were there before may have moved up from a further page, and is no proof.
    """
    if last.unproven:
        return None
    found = [
        item
        for item in last.items
        if item.published and item.absent_on and (item.absent_on - item.published).days > limits.backdate_days
        if _stands_above(item, last.items)
    ]
    if len(found) < limits.backdate_items:
        return None
    item = max(found, key=_days_back)
    text = (
        f"“{column.name}”有 {len(found)} 条信息出现时日期已早于上一次采集 {limits.backdate_days} 天以上"
        f"（满 {limits.backdate_items} 条提示），如“{item.title}”标注 {item.published}，"
        f"{item.absent_on} 采集时尚无，{item.first_seen} 首次读到"
    )
    return _finding(column, last, "back_dated", text, item=item, count=len(found))


_KNOWN_BELOW = 3


def _stands_above(item: ListItem, items: Sequence[ListItem]) -> bool:
    """Whether enough older items were there before it: then it would have been seen, had it been there."""
    below = [
        other
        for other in items
        if other.published
        and item.published
        and other.published < item.published
        and (other.absent_on is None or (item.absent_on is not None and other.absent_on < item.absent_on))
    ]
    return len(below) >= _KNOWN_BELOW


def _pairs(last: ListReading, wanted: Callable[[ListItem, OtherDate], bool]) -> list[tuple[ListItem, OtherDate]]:
    """The items with a further date of that kind, newest item first."""
    return [(item, other) for item in last.items for other in item.others if wanted(item, other)]


def _apart(item: ListItem, other: OtherDate) -> int:
    """Days from the further date to the item's own; 0 where the item has none."""
    return (item.published - other.day).days if item.published else 0


def _days_back(item: ListItem) -> int:
    return ((item.absent_on or date.min) - (item.published or date.min)).days


def _basis(basis: DateBasis | None) -> str:
    return BASES[basis] if basis else "标注"


def _finding(column: Column, last: ListReading, key: str, text: str, *, item: ListItem, count: int) -> Finding:
    return Finding(
        key=key,
        text=text,
        url=item.url or column.url,
        severity=Severity.WARNING,
        advice="请核对并更正发布日期；是否属于弄虚作假须人工查明",
        evidence=(last.id,),
        details={"category": str(column.category), "items": count, "title": item.title},
    )
