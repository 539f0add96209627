"""How long ago a list was last updated, as its readings tell: shared by the checks of columns and home pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from checks.core.calendar import local_day
from checks.core.model import Column
from checks.core.observations import DateBasis, History, ListItem, ListReading
from checks.core.outcome_names import BASES, OUTCOMES
from checks.core.registry import Finding, Severity, Untestable


@dataclass(frozen=True, kw_only=True)
class Term:
    """更新期限 of a column: the last day that is still in time, and how the limit reads.

    A warning is given from ``warn_of`` of the days from that day to the present one, as (part, whole).
    """

    in_time_from: date
    reads: str
    warn_of: tuple[int, int]


def overdue(
    column: Column, seen: History, term: Term, *, now: datetime, recent: timedelta, agree_hours: int
) -> Iterator[Finding]:
    """A problem where a column's newest row is older than its term, a warning where it nearly is.

    A column without rows is left to 空白栏目. Rows without any date count as not updated, as the notices read the
    rule, but only where two readings agree. Raises ``Untestable`` where the list was not read or may have changed its
    template, and where it would accuse although the newest item may stand elsewhere: most rows carry no date, the
    list goes on, the column sends its reader to another site, or an article tells a date that is in time.
    """
    good = readable(readings_of(column.url, seen), now=now, recent=recent)
    last = good[-1]
    if is_empty(last):
        require_no_drift(last)
        return
    today = local_day(now)
    item = newest_item(good, today=today)
    newest = item.published if item else None
    if item is None or newest is None:
        yield _undated(column, good, term, agree_hours=agree_hours)
        return
    days = max((today - newest).days, 0)
    late = newest < term.in_time_from
    part, whole = term.warn_of
    if not late and days * whole < (today - term.in_time_from).days * part:
        return
    if late:
        _require_proof(good, newest, in_time_from=term.in_time_from, today=today)
    yield Finding(
        text=f"“{column.name}”已 {days} 天未更新（限 {term.reads}），最新信息日期为 {told(item)}",
        url=column.url,
        severity=Severity.PROBLEM if late else Severity.WARNING,
        advice="请尽快更新该栏目" if late else f"临近更新期限，请在 {_deadline(newest, today, term)} 前更新",
        evidence=_evidence(good, newest),
        details={
            "category": str(column.category),
            "days": days,
            "newest": newest.isoformat(),
            "newest_title": item.title,
            "newest_url": item.url,
            "basis": item.basis,
        },
    )


def readings_of(url: str, seen: History) -> list[ListReading]:
    """The readings of an address, oldest first: those of an address since corrected say nothing of this one."""
    return [r for r in seen.of(ListReading) if r.url == url]


def readable(readings: Sequence[ListReading], *, now: datetime, recent: timedelta) -> list[ListReading]:
    """The readable ones, oldest first, of which the newest is recent. Raises ``Untestable`` with the last reason."""
    if not readings:
        raise Untestable("尚无采集记录")
    good = [r for r in readings if r.readable]
    if good and now - good[-1].at <= recent:
        return good
    last = readings[-1]
    if last.readable:
        raise Untestable(f"最近一次采集在 {local_day(last.at)}，已超过 {_span(recent)}")
    raise Untestable(f"列表未能读取：{last.reason or OUTCOMES[last.outcome]}")


def is_empty(reading: ListReading) -> bool:
    """Whether a readable list holds nothing. A dated row outweighs a "暂无内容" elsewhere on the page."""
    return reading.rows == 0 or (reading.says_empty and reading.newest is None)


def newest_item(readings: Sequence[ListReading], *, today: date) -> ListItem | None:
    """The item with the latest day of all readings, as it was read last.

    A day beyond tomorrow is a slip of the pen and is passed over.
    """
    dated = [
        (item.published, item)
        for reading in reversed(readings)
        for item in reading.items
        if item.published is not None and item.published <= today + timedelta(days=1)
    ]
    return max(dated, key=lambda pair: pair[0])[1] if dated else None


def told(item: ListItem) -> str:
    """The item's day with its basis and its title, as a sentence prints them."""
    basis = f"（{BASES[item.basis]}）" if item.basis else ""
    title = item.title if len(item.title) <= _TITLE else f"{item.title[: _TITLE - 1]}…"
    return f"{item.published}{basis}，标题为“{title}”"


def require_no_drift(last: ListReading) -> None:
    """Raise ``Untestable`` where a list that had rows has none, and the page does not say that it is empty."""
    if last.rows == 0 and last.rows_before and not last.says_empty:
        raise Untestable(f"此前读到 {last.rows_before} 条信息，现在识别不到，疑似栏目模板已更换，须人工核查")


def confirmed(readings: Sequence[ListReading], *, hours: int) -> bool:
    """Whether the newest reading is borne out by another at least so many hours older."""
    return any(readings[-1].at - r.at >= timedelta(hours=hours) for r in readings[:-1])


def trailing(readings: Sequence[ListReading], wanted: Sequence[bool]) -> list[ListReading]:
    """The unbroken run of wanted readings at the end."""
    run = len(readings)
    while run and wanted[run - 1]:
        run -= 1
    return list(readings[run:])


_TITLE = 40


def _require_proof(good: Sequence[ListReading], newest: date, *, in_time_from: date, today: date) -> None:
    """Raise ``Untestable`` where a newer item than the newest may exist."""
    last = good[-1]
    if last.forwards_to:
        raise Untestable(f"栏目跳转到其他网站 {last.forwards_to}，那里最新为 {newest}，须人工核查")
    if _mostly_undated(last):
        raise Untestable(f"{last.rows} 条信息中 {last.undated} 条未读到日期，其余最新为 {newest}，须人工核查")
    if last.unproven:
        raise Untestable(f"{last.unproven}，已读到的最新为 {newest}，须人工核查")
    for item in (item for reading in good for item in reading.items):
        for other in item.others:
            if other.basis is DateBasis.ARTICLE and in_time_from <= other.day <= today + timedelta(days=1):
                raise Untestable(
                    f"“{item.title}”列表日期为 {item.published or '空'}，文章页标注 {other.day}，不一致，须人工核查"
                )


def _mostly_undated(reading: ListReading) -> bool:
    """Whether most rows have no date.

    Dates read in a few articles speak for a list that prints none, as long as they fall down the page: the first ones
    may be pinned.
    """
    if reading.undated * 2 <= reading.rows:
        return False
    dated = [item for item in reading.items if item.published]
    if any(item.basis not in (DateBasis.ARTICLE, DateBasis.META) for item in dated):
        return True
    places = {fingerprint: place for place, fingerprint in enumerate(reading.fingerprints)}
    down = sorted(dated, key=lambda item: places.get(item.fingerprint, -1))
    days = [item.published or date.min for item in down]
    return bool(places) and days != sorted(days, reverse=True)


def _undated(column: Column, good: Sequence[ListReading], term: Term, *, agree_hours: int) -> Finding:
    last = good[-1]
    if last.undated < last.rows:
        raise Untestable(f"{last.rows} 条信息的日期均不可信（晚于今日或不在最新之列），须人工核查")
    if last.dated_before:
        raise Untestable(f"此前的列表标注有日期，现在 {last.rows} 条均读不到，疑似栏目模板已更换，须人工核查")
    if last.unproven or last.forwards_to:
        raise Untestable(last.unproven or f"栏目跳转到其他网站 {last.forwards_to}，信息均未读到日期，须人工核查")
    undated = trailing(good, [r.rows > 0 and r.undated >= r.rows for r in good])
    if not confirmed(undated, hours=agree_hours):
        raise Untestable(f"{last.rows} 条信息均未读到日期，待 {agree_hours} 小时后再次采集确认")
    return Finding(
        text=f"“{column.name}”的 {last.rows} 条信息均未标注日期，按未更新计（限 {term.reads}）",
        url=column.url,
        advice="请在列表中标注每条信息的发布日期",
        evidence=tuple(r.id for r in undated),
        details={"category": str(column.category), "days": None, "newest": None},
    )


def _evidence(good: Sequence[ListReading], newest: date) -> tuple[int, ...]:
    """The last reading, and the first one that tells of the newest day."""
    first = next(r for r in good if any(i.published == newest for i in r.items))
    return tuple(dict.fromkeys((first.id, good[-1].id)))


def _deadline(newest: date, today: date, term: Term) -> date:
    return newest + (today - term.in_time_from) + timedelta(days=1)


def _span(span: timedelta) -> str:
    return f"{span.days} 天" if span.days else f"{span.total_seconds() / 3600:g} 小时"
