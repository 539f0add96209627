"""按期发布: what an edition's calendar asks a column to publish in each quarter, or in each year by a day: annual
reports by 31 January (国办函〔2018〕12号, domain.md §3.8), quarterly figures (云南民政, §8.3). What came late, but
came, is no problem."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from checks import Answered, Column, Finding, History, ListItem, ListReading, Severity, Untestable, bounded, check
from checks.core.calendar import local_day, quarter_of
from checks.core.freshness import is_empty, readable, readings_of
from checks.core.indicators import CalendarItem, Every


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Limits of 按期发布; ``items`` is the edition's calendar."""

    recent_days: int = bounded(3, low=1, high=14)
    warn_days: int = bounded(15, low=0, high=92)
    items: tuple[CalendarItem, ...] = ()


@dataclass(frozen=True)
class Span:
    """The days in which a publication is looked for, and the day by which it had to come."""

    first: date
    due: date
    title: str


def _asked(column: Column, limits: Limits) -> list[CalendarItem]:
    return [item for item in limits.items if any(word in column.name for word in item.columns)]


def _exempt(column: Column, limits: Limits) -> str:
    return "" if _asked(column, limits) else "栏目不在发布日历之列"


@check(
    "column.calendar",
    title="按期发布",
    on=Column,
    reads=ListReading,
    within=lambda limits: timedelta(days=limits.recent_days + 1),
    limits=Limits(),
    exempt=_exempt,
    keyed=True,
)
def calendar(column: Column, seen: History, limits: Limits, now: datetime) -> Iterator[Finding | Answered]:
    good = readable(readings_of(column.url, seen), now=now, recent=timedelta(days=limits.recent_days))
    last = good[-1]
    if is_empty(last):
        raise Untestable("栏目没有信息，按“空白栏目”检查")
    today = local_day(now)
    doubts: list[str] = []
    for item in _asked(column, limits):
        before, present = _spans(item, now)
        if _published(item, last.items, before, today):
            yield Answered(key=item.id)
            if not _published(item, last.items, present, today) and 0 <= (present.due - today).days < limits.warn_days:
                yield _finding(column, item, present, last, Severity.WARNING)
        elif doubt := _doubt(item, last, before):
            doubts.append(f"{item.name}：{doubt}")
        else:
            yield _finding(column, item, before, last, Severity.PROBLEM)
    if doubts:
        raise Untestable("；".join(doubts))


def _spans(item: CalendarItem, now: datetime) -> tuple[Span, Span]:
    """The latest span whose last day has passed, and the one that is running."""
    today = local_day(now)
    if item.every is Every.YEAR:
        month, day = item.due_month_day
        year = today.year if today > date(today.year, month, day) else today.year - 1
        return _year(item, year), _year(item, year + 1)
    quarter = quarter_of(now).previous
    grace = timedelta(days=item.grace_days)
    if today <= quarter.last_day + grace:
        quarter = quarter.previous
    after = quarter_of(now) if quarter == quarter_of(now).previous else quarter_of(now).previous
    return (
        Span(quarter.first_day, quarter.last_day + grace, quarter.title),
        Span(after.first_day, after.last_day + grace, after.title),
    )


def _year(item: CalendarItem, year: int) -> Span:
    month, day = item.due_month_day
    return Span(date(year, 1, 1), date(year, month, day), f"{year}年")


def _published(item: CalendarItem, items: Sequence[ListItem], span: Span, today: date) -> bool:
    """Whether an item of the calendar's kind is dated in the span or later, or names the year that it reports on."""
    reported = f"{span.first.year - 1}年" if item.every is Every.YEAR else None
    return any(
        (i.published is not None and span.first <= i.published <= today + timedelta(days=1))
        or (reported is not None and reported in i.title)
        for i in items
        if _counts(item, i)
    )


def _counts(item: CalendarItem, listed: ListItem) -> bool:
    return not item.titles or any(word in listed.title for word in item.titles)


def _doubt(item: CalendarItem, last: ListReading, span: Span) -> str:
    """Why an absence proves nothing, or nothing where it does."""
    if last.undated or any(i.published is None for i in last.items):
        return f"{last.rows} 条信息中有未标注日期的，须人工核查"
    dated = [i.published for i in last.items if i.published is not None]
    if not dated:
        return "没有可用的日期，须人工核查"
    if item.titles and min(dated) >= span.first:
        return f"列表前 {len(last.items)} 条未回溯到 {span.first}，须人工核查"
    return ""


def _finding(column: Column, item: CalendarItem, span: Span, last: ListReading, severity: Severity) -> Finding:
    newest = max((i.published for i in last.items if i.published and _counts(item, i)), default=None)
    told = f"，最近一条为 {newest}" if newest else ""
    late = severity is Severity.PROBLEM
    state = "未见发布" if late else "尚未见发布"
    return Finding(
        text=f"“{column.name}”{span.title}{state}{item.name}（限 1 条以上，最迟 {span.due}）{told}",
        key=item.id,
        url=column.url,
        severity=severity,
        advice="请补发并标注发布日期" if late else f"请在 {span.due} 前发布",
        evidence=(last.id,),
        details={"item": item.id, "due": span.due.isoformat(), "newest": newest.isoformat() if newest else None},
    )
