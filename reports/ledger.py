"""整改台账 as a table: one line for each entry, with what its events tell (domain.md §7.2). It changes no entry."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType

from checks.core.calendar import local_day
from checks.core.ledger import Action, Entry, Event, State
from checks.core.model import Account, Column, Site
from reports.figures import grouped
from reports.roll import Particulars, roll, stranger
from reports.sheets import Cell, Head, Table, to_xlsx
from reports.wording import check_title, said

_VERIFYING = (Action.CONFIRMED, Action.DISMISSED)
_RECHECKING = (Action.RECHECK_PASSED, Action.RECHECK_FAILED, Action.APPROVED, Action.REJECTED, Action.AUTO_CLOSED)
_CLOSING = (Action.APPROVED, Action.AUTO_CLOSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """One line of the ledger. The events are the latest of their sort, ``None`` where there was none.

    ``extensions`` are counted since the entry was opened; ``days_over`` is 0 where it is not late; ``notice`` is the
    number of its 整改通知单.
    """

    entry: Entry
    subject: Particulars
    title: str
    verified: Event | None
    assigned: Event | None
    submitted: Event | None
    rechecked: Event | None
    closed: Event | None
    extensions: int
    days_over: int
    notice: str = ""


def ledger_rows(
    entries: Iterable[Entry],
    events: Iterable[Event],
    *,
    sites: Iterable[Site],
    columns: Iterable[Column] = (),
    accounts: Iterable[Account] = (),
    notices: Mapping[str, str] = MappingProxyType({}),
    now: datetime,
) -> tuple[LedgerRow, ...]:
    """The lines, by the time of opening. ``events`` are in chain order; those of other entries are passed over."""
    register = roll(sites, columns, accounts)
    histories = grouped(events, lambda event: event.entry)
    today = local_day(now)
    ordered = sorted(entries, key=lambda entry: (entry.opened, entry.check, str(entry.subject), entry.key))
    return tuple(
        replace(
            _row(entry, histories.get(entry.id, []), register.get(entry.subject) or stranger(entry.subject), today),
            notice=notices.get(entry.id, ""),
        )
        for entry in ordered
    )


def ledger_table(rows: Sequence[LedgerRow], *, title: str = "整改台账") -> Table:
    """The ledger as a sheet, with a list to choose the state from."""
    places = {name: index for index, (name, _, _) in enumerate(_COLUMNS, 1)}
    return Table(
        name="整改台账",
        heads=(Head("序号", 6), *(Head(name, width) for name, width, _ in _COLUMNS)),
        rows=tuple((number, *(cell(row) for _, _, cell in _COLUMNS)) for number, row in enumerate(rows, 1)),
        note=f"{title}（共 {len(rows)} 项，时间为北京时间）",
        choices={places["状态"]: tuple(state.value for state in State)},
        links=frozenset({places["问题地址或标识"], places["所在页面"]}),
    )


def ledger_workbook(rows: Sequence[LedgerRow], *, now: datetime, title: str = "整改台账") -> bytes:
    """The ledger as XLSX. The same rows and ``now`` give the same bytes."""
    return to_xlsx([ledger_table(rows, title=title)], now=now, title=title)


def _row(entry: Entry, history: Sequence[Event], subject: Particulars, today: date) -> LedgerRow:
    current = _since_last_opening(history)
    return LedgerRow(
        entry=entry,
        subject=subject,
        title=check_title(entry.check),
        verified=_latest(current, _VERIFYING),
        assigned=_latest(current, (Action.ASSIGNED,)),
        submitted=_latest(current, (Action.SUBMITTED,)),
        rechecked=_latest(current, _RECHECKING),
        closed=_latest(current, _CLOSING) if entry.state is State.CLOSED else None,
        extensions=sum(event.action is Action.EXTENDED for event in current),
        days_over=entry.days_late(today),
    )


def _since_last_opening(history: Sequence[Event]) -> Sequence[Event]:
    """The events of the present round: what was said before the problem came back says nothing of it now."""
    starts = [index for index, event in enumerate(history) if event.action is Action.RECURRED]
    return history[starts[-1] :] if starts else history


def _latest(history: Sequence[Event], actions: Sequence[Action]) -> Event | None:
    return next((event for event in reversed(history) if event.action in actions), None)


def _who(event: Event | None) -> str:
    return event.who if event else ""


def _at(event: Event | None) -> datetime | None:
    return event.at if event else None


def _what(event: Event | None) -> str:
    return said(event.action) if event else ""


def _why(event: Event | None) -> str:
    return event.why if event else ""


_COLUMNS: tuple[tuple[str, float, Callable[[LedgerRow], Cell]], ...] = (
    ("事项编号", 19, lambda r: r.entry.id),
    ("对象类型", 9, lambda r: r.subject.kind),
    ("网站（账号、栏目）名称", 28, lambda r: r.subject.name),
    ("平台", 11, lambda r: said(r.subject.platform) if r.subject.platform else ""),
    ("标识码/账号ID", 18, lambda r: r.subject.number),
    ("地区", 14, lambda r: r.subject.region),
    ("层级", 16, lambda r: said(r.subject.level) if r.subject.level else ""),
    ("主办单位", 22, lambda r: r.subject.sponsor),
    ("主管单位", 22, lambda r: r.subject.supervisor),
    ("检查项编号", 20, lambda r: r.entry.check),
    ("检查项名称", 18, lambda r: r.title),
    ("性质", 8, lambda r: said(r.entry.severity)),
    ("问题描述", 50, lambda r: r.entry.text),
    ("问题地址或标识", 40, lambda r: r.entry.key),
    ("所在页面", 40, lambda r: r.entry.url),
    ("发现时间", 17, lambda r: r.entry.opened),
    ("发现方式", 9, lambda r: "自动"),
    ("核验人", 12, lambda r: _who(r.verified)),
    ("核验时间", 17, lambda r: _at(r.verified)),
    ("核验结论", 10, lambda r: _what(r.verified)),
    ("核验说明", 24, lambda r: _why(r.verified)),
    ("通知单编号", 16, lambda r: r.notice),
    ("交办时间", 17, lambda r: _at(r.assigned)),
    ("责任单位（人）", 20, lambda r: r.entry.assignee),
    ("整改期限", 12, lambda r: r.entry.due),
    ("延期次数", 9, lambda r: r.extensions),
    ("提交整改时间", 17, lambda r: _at(r.submitted)),
    ("整改说明", 30, lambda r: _why(r.submitted)),
    ("复查时间", 17, lambda r: _at(r.rechecked)),
    ("复查结果", 14, lambda r: _what(r.rechecked)),
    ("复查说明", 30, lambda r: _why(r.rechecked)),
    ("状态", 10, lambda r: r.entry.state.value),
    ("建议销号", 9, lambda r: "是" if r.entry.close_proposed else ""),
    ("销号时间", 17, lambda r: _at(r.closed)),
    ("销号人", 12, lambda r: _who(r.closed)),
    ("超期天数", 9, lambda r: r.days_over),
    ("复现次数", 9, lambda r: r.entry.recurrences),
)
