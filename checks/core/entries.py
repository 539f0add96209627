"""One 台账事项 and its life: the states, the actions, the table of what may follow what. Pure; it knows no check."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from checks.core.model import Ref
from checks.core.registry import Severity

GENESIS = ""  # the hash before the first event


class State(StrEnum):
    """Where an entry stands."""

    TO_VERIFY = "待核实"
    TO_ASSIGN = "待交办"
    RECTIFYING = "整改中"
    TO_REVIEW = "待复核"
    CLOSED = "已销号"
    DISMISSED = "不予认定"


class Action(StrEnum):
    """What happened to an entry. The first four and ``AUTO_CLOSED`` are the machine's, the others a person's."""

    FOUND = "found"
    RECURRED = "recurred"
    RECHECK_PASSED = "recheck_passed"
    RECHECK_FAILED = "recheck_failed"
    CONFIRMED = "confirmed"
    ASSIGNED = "assigned"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"
    DISMISSED = "dismissed"
    EXTENDED = "extended"
    AUTO_CLOSED = "auto_closed"
    URGED = "urged"
    REOPENED = "reopened"


OPEN_STATES = (State.TO_VERIFY, State.TO_ASSIGN, State.RECTIFYING, State.TO_REVIEW)


class LedgerError(ValueError):
    """A step that the ledger does not allow; the message says in Chinese which steps it does."""


@dataclass(frozen=True, kw_only=True)
class Event:
    """One line of an entry's history, append-only.

    ``number`` counts all events of the ledger from 1; a draft has 0 and no hashes until ``chain`` gives them.
    ``finding`` (check, subject, key, text, url, severity) is carried by ``found`` and ``recurred``.
    """

    entry: str
    number: int = 0
    at: datetime
    who: str
    action: Action
    why: str = ""
    evidence: tuple[int, ...] = ()
    due: date | None = None
    assignee: str = ""
    finding: Mapping[str, str] = field(default_factory=dict)
    previous_hash: str = GENESIS
    hash: str = ""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """台账事项: the present state of one problem, told by its check, subject and key.

    ``close_proposed`` says that the latest re-check no longer finds it; ``recurrences`` how often it came back.
    """

    id: str
    check: str
    subject: Ref
    key: str
    state: State
    text: str
    url: str
    severity: Severity
    opened: datetime
    changed: datetime
    due: date | None = None
    recurrences: int = 0
    close_proposed: bool = False
    assignee: str = ""

    @property
    def open(self) -> bool:
        return self.state in OPEN_STATES

    def days_late(self, today: date) -> int:
        """How many days the repair is overdue; 0 where it is in time, or not the unit's turn."""
        if self.due is None or self.state is not State.RECTIFYING:
            return 0
        return max((today - self.due).days, 0)


@dataclass(frozen=True, kw_only=True)
class Move:
    """One row of the transition table. ``to`` is ``None`` where the state stays as it is."""

    sources: tuple[State, ...]
    to: State | None
    only_proposed: bool = False
    needs: tuple[str, ...] = ()


#                  待核实 ──confirmed──▶ 待交办 ──assigned──▶ 整改中 ──submitted──▶ 待复核 ──approved──▶ 已销号
#                    ▲                                     ▲  rejected, recheck_failed │               │
#                    │                                     └───────────────────────────┘               │
#                    └──────────────────────────────── recurred ───────────────────────────────────────┘
MOVES: Mapping[Action, tuple[Move, ...]] = {
    Action.FOUND: (),  # opens an entry, and is never applied to one
    Action.RECURRED: (Move(sources=(State.CLOSED,), to=State.TO_VERIFY),),
    Action.RECHECK_PASSED: (Move(sources=OPEN_STATES, to=None),),
    Action.RECHECK_FAILED: (
        Move(sources=(State.TO_REVIEW,), to=State.RECTIFYING),
        Move(sources=OPEN_STATES, to=None, only_proposed=True),
    ),
    Action.CONFIRMED: (Move(sources=(State.TO_VERIFY,), to=State.TO_ASSIGN),),
    Action.ASSIGNED: (Move(sources=(State.TO_ASSIGN,), to=State.RECTIFYING, needs=("due", "assignee")),),
    Action.SUBMITTED: (Move(sources=(State.RECTIFYING,), to=State.TO_REVIEW),),
    Action.APPROVED: (
        Move(sources=(State.TO_REVIEW,), to=State.CLOSED),
        Move(sources=OPEN_STATES, to=State.CLOSED, only_proposed=True),
    ),
    Action.REJECTED: (Move(sources=(State.TO_REVIEW,), to=State.RECTIFYING),),
    Action.DISMISSED: (Move(sources=OPEN_STATES, to=State.DISMISSED, needs=("why",)),),
    Action.EXTENDED: (Move(sources=(State.RECTIFYING,), to=None, needs=("due",)),),
    Action.AUTO_CLOSED: (Move(sources=OPEN_STATES, to=State.CLOSED),),
    Action.URGED: (Move(sources=(State.RECTIFYING,), to=None),),
    Action.REOPENED: (Move(sources=(State.DISMISSED,), to=State.TO_VERIFY, needs=("why",)),),
}

_NEEDED = {"due": "整改期限", "assignee": "责任单位或责任人", "why": "理由"}
_NAMES = {
    Action.FOUND: "发现",
    Action.RECURRED: "复现",
    Action.RECHECK_PASSED: "复查通过",
    Action.RECHECK_FAILED: "复查不通过",
    Action.CONFIRMED: "核实",
    Action.ASSIGNED: "交办",
    Action.SUBMITTED: "提交整改",
    Action.APPROVED: "销号",
    Action.REJECTED: "退回",
    Action.DISMISSED: "不予认定",
    Action.EXTENDED: "延期",
    Action.AUTO_CLOSED: "自动销号",
    Action.URGED: "催办",
    Action.REOPENED: "撤销不予认定",
}


def entry_id(check: str, subject: Ref, key: str) -> str:
    """The identity of a problem: the same link that dies again is the same entry."""
    return hashlib.sha256(f"{check}|{subject}|{key}".encode()).hexdigest()[:16]


def advance(entry: Entry | None, event: Event) -> Entry:
    """Apply an event. Raises ``LedgerError`` where the table has no such step, or the event lacks what it needs."""
    if entry is None:
        return _opened(event)
    if event.entry != entry.id:
        raise LedgerError(f"事项 {entry.id} 收到了事项 {event.entry} 的记录")
    move = _move(entry, event)
    for name in move.needs:
        if not str(getattr(event, name) or "").strip():
            raise LedgerError(f"{_NAMES[event.action]}须写明{_NEEDED[name]}")
    if event.action is Action.EXTENDED and entry.due and event.due and event.due <= entry.due:
        raise LedgerError(f"延期后的期限 {event.due} 须晚于现期限 {entry.due}")
    moved = replace(entry, state=move.to or entry.state, changed=event.at, close_proposed=_proposed(entry, event))
    if event.action is Action.RECURRED:
        seen = event.finding
        return replace(
            moved,
            recurrences=entry.recurrences + 1,
            text=seen.get("text", entry.text),
            url=seen.get("url", entry.url),
            due=None,
            assignee="",
        )
    return replace(moved, due=event.due or entry.due, assignee=event.assignee or entry.assignee)


def allowed(entry: Entry) -> tuple[Action, ...]:
    """The actions that the table allows on an entry as it stands."""
    return tuple(a for a, moves in MOVES.items() if any(_fits(entry, m) for m in moves))


def _opened(event: Event) -> Entry:
    if event.action is not Action.FOUND:
        raise LedgerError(f"台账中没有事项 {event.entry}，不能{_NAMES[event.action]}")
    seen = event.finding
    try:
        subject, check, key = Ref.parse(seen["subject"]), seen["check"], seen["key"]
        severity = Severity(seen["severity"])
    except KeyError as missing:
        raise LedgerError(f"事项 {event.entry} 的发现记录缺少 {missing}") from missing
    if event.entry != entry_id(check, subject, key):
        raise LedgerError(f"事项 {event.entry} 的编号与其检查项、对象、键不符")
    return Entry(
        id=event.entry,
        check=check,
        subject=subject,
        key=key,
        state=State.TO_VERIFY,
        text=seen.get("text", ""),
        url=seen.get("url", ""),
        severity=severity,
        opened=event.at,
        changed=event.at,
    )


def _fits(entry: Entry, move: Move) -> bool:
    return entry.state in move.sources and (entry.close_proposed or not move.only_proposed)


def _move(entry: Entry, event: Event) -> Move:
    for move in MOVES[event.action]:
        if _fits(entry, move):
            return move
    can = "、".join(_NAMES[a] for a in allowed(entry)) or "无"
    raise LedgerError(f"事项 {entry.id} 现为“{entry.state}”，不能{_NAMES[event.action]}；现可：{can}")


def _proposed(entry: Entry, event: Event) -> bool:
    if event.action in (Action.EXTENDED, Action.CONFIRMED, Action.ASSIGNED, Action.SUBMITTED, Action.URGED):
        return entry.close_proposed
    return event.action is Action.RECHECK_PASSED
