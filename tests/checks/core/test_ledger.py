"""The life of an entry, what a round does to the ledger, and the chain that shows a later change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks import Finding, Ref, Severity
from checks.core.assess import Assessment, Status
from checks.core.ledger import (
    GENESIS,
    OPEN_STATES,
    Action,
    Entry,
    Event,
    LedgerError,
    State,
    advance,
    allowed,
    chain_all,
    entry_id,
    reconcile,
    verify_chain,
)
from tests.checks.facts import NOW, SITE

CHECK = "site.dead_link"
LATER = NOW + timedelta(days=1)
DUE = date(2026, 12, 4)


def finding(key: str = "a", **fields) -> Finding:
    return Finding(text=f"{key} 打不开", key=key, url="http://www.example.gov.cn/", evidence=(7,), **fields)


def ruling(*keys: str, reason: str = "", status: Status | None = None, **fields) -> Assessment:
    findings = tuple(finding(key) for key in keys)
    default = Status.FAILED if keys else Status.UNTESTED if reason else Status.PASSED
    values = {"check": CHECK, "subject": SITE.ref, "findings": findings, "reason": reason, "at": NOW} | fields
    return Assessment(status=status or default, **values)


def entry(state: State = State.TO_VERIFY, **fields) -> Entry:
    values = {
        "id": entry_id(CHECK, SITE.ref, "a"),
        "check": CHECK,
        "subject": SITE.ref,
        "key": "a",
        "text": "a 打不开",
        "url": "",
        "severity": Severity.PROBLEM,
        "opened": NOW,
        "changed": NOW,
    } | fields
    return Entry(state=state, **values)


def event(action: Action, **fields) -> Event:
    values = {"at": LATER, "who": "张三"} | fields
    return Event(entry=entry_id(CHECK, SITE.ref, "a"), action=action, **values)


def actions(entries: Iterable[Entry], *rulings: Assessment, now: datetime = LATER, **fields) -> list[Action]:
    return [e.action for e in reconcile(entries, rulings, now=now, **fields).events]


def test_an_entry_goes_the_whole_way_from_found_to_closed():
    [found] = reconcile([], [ruling("a")], now=NOW).events
    steps = [
        found,
        event(Action.CONFIRMED),
        event(Action.ASSIGNED, due=DUE, assignee="县教育局"),
        event(Action.SUBMITTED),
        event(Action.REJECTED, why="仍打不开"),
        event(Action.EXTENDED, due=date(2026, 12, 10)),
        event(Action.SUBMITTED),
        event(Action.APPROVED),
    ]
    states, current = [], None
    for step in steps:
        current = advance(current, step)
        states.append(current.state)
    assert states == [
        State.TO_VERIFY,
        State.TO_ASSIGN,
        State.RECTIFYING,
        State.TO_REVIEW,
        State.RECTIFYING,
        State.RECTIFYING,
        State.TO_REVIEW,
        State.CLOSED,
    ]
    assert current.due == date(2026, 12, 10)
    assert current.assignee == "县教育局"
    assert current.key == "a"


TABLE = {
    State.TO_VERIFY: {Action.CONFIRMED, Action.DISMISSED, Action.RECHECK_PASSED, Action.AUTO_CLOSED},
    State.TO_ASSIGN: {Action.ASSIGNED, Action.DISMISSED, Action.RECHECK_PASSED, Action.AUTO_CLOSED},
    State.RECTIFYING: {
        Action.SUBMITTED,
        Action.EXTENDED,
        Action.DISMISSED,
        Action.RECHECK_PASSED,
        Action.AUTO_CLOSED,
        Action.URGED,
    },
    State.TO_REVIEW: {
        Action.APPROVED,
        Action.REJECTED,
        Action.DISMISSED,
        Action.RECHECK_PASSED,
        Action.RECHECK_FAILED,
        Action.AUTO_CLOSED,
    },
    State.CLOSED: {Action.RECURRED},
    State.DISMISSED: {Action.REOPENED},
}


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("action", list(Action))
def test_only_the_steps_of_the_table_are_allowed(state, action):
    given_all = event(action, why="理由", due=DUE, assignee="县教育局")
    if action in TABLE[state]:
        assert advance(entry(state), given_all).changed == LATER
        assert action in allowed(entry(state))
    else:
        assert action not in allowed(entry(state))
        with pytest.raises(LedgerError, match=f"现为“{state}”"):
            advance(entry(state), given_all)


@pytest.mark.parametrize("state", OPEN_STATES)
def test_a_proposed_closing_may_be_approved_from_any_open_state(state):
    proposed = advance(entry(state), event(Action.RECHECK_PASSED))
    assert proposed.close_proposed
    assert proposed.state is state
    assert advance(proposed, event(Action.APPROVED)).state is State.CLOSED


@pytest.mark.parametrize(
    ("state", "action", "fields", "told"),
    [
        (State.TO_ASSIGN, Action.ASSIGNED, {"assignee": "县教育局"}, "整改期限"),
        (State.TO_ASSIGN, Action.ASSIGNED, {"due": DUE}, "责任"),
        (State.RECTIFYING, Action.EXTENDED, {}, "整改期限"),
        (State.TO_VERIFY, Action.DISMISSED, {}, "理由"),
    ],
)
def test_a_step_says_what_it_lacks(state, action, fields, told):
    with pytest.raises(LedgerError, match=told):
        advance(entry(state), event(action, **fields))


@pytest.mark.parametrize(("day", "allowed_"), [(3, False), (4, False), (5, True)])
def test_an_extension_must_be_later_than_the_present_due_date(day, allowed_):
    extended = event(Action.EXTENDED, due=date(2026, 12, day))
    if allowed_:
        assert advance(entry(State.RECTIFYING, due=DUE), extended).due == date(2026, 12, day)
    else:
        with pytest.raises(LedgerError, match="须晚于"):
            advance(entry(State.RECTIFYING, due=DUE), extended)


def test_events_of_another_entry_or_of_none_are_refused():
    with pytest.raises(LedgerError, match="收到了"):
        advance(entry(), replace(event(Action.CONFIRMED), entry="other"))
    with pytest.raises(LedgerError, match="没有事项"):
        advance(None, event(Action.CONFIRMED))
    with pytest.raises(LedgerError, match="缺少"):
        advance(None, event(Action.FOUND))


def test_a_problem_opens_an_entry_that_carries_what_was_found():
    result = reconcile([], [ruling("a")], now=LATER)
    [opened] = result.entries
    assert opened.state is State.TO_VERIFY
    assert (opened.check, opened.subject, opened.key, opened.text) == (CHECK, SITE.ref, "a", "a 打不开")
    assert result.events[0].evidence == (7,)
    assert result.events[0].finding["subject"] == str(SITE.ref)


def test_a_warning_opens_nothing():
    warned = replace(ruling(), findings=(finding(severity=Severity.WARNING),))
    assert actions([], warned) == []


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize(
    "unclear",
    [
        ruling(reason="看不清"),
        ruling(reason="程序出错", status=Status.ERROR),
        ruling("b", reason="其余看不清"),
    ],
    ids=["untested", "error", "partial"],
)
def test_what_was_not_tested_moves_no_entry(state, unclear):
    moved = reconcile([entry(state, close_proposed=True)], [unclear], now=LATER).events
    assert not [e for e in moved if e.entry == entry().id]


@pytest.mark.parametrize(
    ("state", "proposed", "expected"),
    [
        (State.TO_VERIFY, False, []),
        (State.TO_ASSIGN, False, []),
        (State.RECTIFYING, False, []),
        (State.TO_REVIEW, False, [Action.RECHECK_FAILED]),
        (State.RECTIFYING, True, [Action.RECHECK_FAILED]),
        (State.TO_REVIEW, True, [Action.RECHECK_FAILED]),
        (State.CLOSED, False, [Action.RECURRED]),
        (State.DISMISSED, False, []),
    ],
)
def test_a_problem_found_again(state, proposed, expected):
    assert actions([entry(state, close_proposed=proposed)], ruling("a")) == expected


@pytest.mark.parametrize(
    ("state", "proposed", "expected", "closing"),
    [
        (State.TO_VERIFY, False, [Action.RECHECK_PASSED], [Action.AUTO_CLOSED]),
        (State.TO_REVIEW, False, [Action.RECHECK_PASSED], [Action.AUTO_CLOSED]),
        (State.RECTIFYING, True, [], [Action.AUTO_CLOSED]),
        (State.CLOSED, False, [], []),
        (State.DISMISSED, False, [], []),
    ],
)
def test_a_problem_no_longer_found(state, proposed, expected, closing):
    known = entry(state, close_proposed=proposed)
    for clear in (ruling(), ruling("b")):
        mine = [e.action for e in reconcile([known], [clear], now=LATER).events if e.entry == known.id]
        assert mine == expected
    assert actions([known], ruling(), auto_close=True) == closing


def test_doubt_about_one_link_does_not_keep_another_on_the_ledger():
    doubtful = ruling("b", reason="1 条链接待复查")
    known = entry(State.TO_REVIEW)
    for in_doubt, expected in ((frozenset(), []), (frozenset({"a"}), []), (frozenset({"c"}), [Action.RECHECK_PASSED])):
        events = reconcile([known], [replace(doubtful, in_doubt=in_doubt)], now=LATER).events
        assert [e.action for e in events if e.entry == known.id] == expected


def test_a_failed_recheck_sends_back_and_a_recurrence_begins_again():
    [back] = reconcile([entry(State.TO_REVIEW)], [ruling("a")], now=LATER).entries
    assert back.state is State.RECTIFYING
    closed = entry(State.CLOSED, due=DUE, assignee="县教育局", recurrences=1)
    [again] = reconcile([closed], [ruling("a")], now=LATER).entries
    assert (again.state, again.recurrences, again.due, again.assignee) == (State.TO_VERIFY, 2, None, "")
    assert again.opened == NOW


@pytest.mark.parametrize("state", [State.TO_REVIEW, State.CLOSED])
@pytest.mark.parametrize(("seen", "counts"), [(-1, False), (0, True), (1, True)])
def test_what_was_seen_before_a_repair_says_nothing_of_it(state, seen, counts):
    seen_at = LATER + timedelta(hours=seen)
    moved = entry(state, changed=LATER)
    after = LATER + timedelta(days=2)
    old = replace(ruling(), status=Status.FAILED, findings=(replace(finding(), seen_at=seen_at),), facts_at=after)
    assert bool(actions([moved], old, now=after)) is counts
    if state is State.TO_REVIEW:
        assert bool(actions([moved], ruling(facts_at=seen_at), now=after)) is counts


def test_other_checks_and_subjects_are_left_alone():
    elsewhere = ruling(subject=Ref("site", "5133000002"))
    other = ruling(check="site.ipv6")
    assert actions([entry()], elsewhere, other) == []


keys = st.sets(st.sampled_from("abcd"))
rulings = st.builds(
    lambda check, found, reason: replace(ruling(*sorted(found), reason=reason), check=check),
    st.sampled_from(["site.dead_link", "site.ipv6"]),
    keys,
    st.sampled_from(["", "看不清"]),
)
rounds = st.lists(rulings, max_size=3, unique_by=lambda a: a.check)


def _act(entries: dict[str, Entry], step: int) -> None:
    """A person's part between two rounds, as the step number happens to choose it."""
    for id_, known in entries.items():
        can = [a for a in allowed(known) if a not in (Action.RECHECK_PASSED, Action.RECHECK_FAILED, Action.RECURRED)]
        if can and step % 2:
            due = (known.due or DUE) + timedelta(days=1)
            action = can[step % len(can)]
            entries[id_] = advance(
                known, Event(entry=id_, at=NOW, who="张三", action=action, why="理由", due=due, assignee="某局")
            )


@given(st.lists(st.tuples(rounds, st.integers(0, 9)), max_size=6), st.booleans())
def test_a_round_applied_to_its_own_result_does_nothing(history, auto_close):
    entries: dict[str, Entry] = {}
    drafts: list[Event] = []
    for found, step in history:
        result = reconcile(entries.values(), found, now=NOW, auto_close=auto_close)
        entries |= {e.id: e for e in result.entries}
        drafts += result.events
        assert reconcile(entries.values(), found, now=NOW, auto_close=auto_close).events == ()
        _act(entries, step)
    assert verify_chain(chain_all(drafts, last_number=0, last_hash=GENESIS)) == []


@given(st.lists(rounds, max_size=5))
def test_the_events_alone_rebuild_the_entries(history):
    entries: dict[str, Entry] = {}
    rebuilt: dict[str, Entry] = {}
    for found in history:
        result = reconcile(entries.values(), found, now=NOW)
        entries |= {e.id: e for e in result.entries}
        for happened in result.events:
            rebuilt[happened.entry] = advance(rebuilt.get(happened.entry), happened)
    assert rebuilt == entries


def ledger() -> list[Event]:
    drafts = [*reconcile([], [ruling("a", "b", "c")], now=NOW).events, event(Action.CONFIRMED)]
    return list(chain_all(drafts, last_number=0, last_hash=GENESIS))


def test_a_chain_numbers_its_events_and_goes_on_from_its_end():
    first = ledger()
    more = chain_all([event(Action.ASSIGNED, due=DUE)], last_number=first[-1].number, last_hash=first[-1].hash)
    assert [e.number for e in (*first, *more)] == [1, 2, 3, 4, 5]
    assert verify_chain([*first, *more]) == []


@pytest.mark.parametrize(
    "change",
    [
        {"who": "李四"},
        {"why": "改过"},
        {"at": NOW + timedelta(microseconds=1)},
        {"evidence": (8,)},
        {"due": DUE},
        {"assignee": "某局"},
        {"finding": {}},
        {"action": Action.DISMISSED},
        {"entry": "other"},
        {"number": 9},
        {"previous_hash": "0"},
        {"hash": "0"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_any_change_of_an_event_breaks_the_chain(change):
    events = ledger()
    events[1] = replace(events[1], **change)
    assert verify_chain(events)


@pytest.mark.parametrize("tamper", [lambda e: e[1:], lambda e: e[:1] + e[2:], lambda e: [e[1], e[0], *e[2:]]])
def test_a_missing_or_swapped_event_breaks_the_chain(tamper):
    assert verify_chain(tamper(ledger()))


def test_a_chain_does_not_mind_the_zone_in_which_a_store_gives_moments_back():
    from checks.core.calendar import SHANGHAI

    assert verify_chain([replace(e, at=e.at.astimezone(SHANGHAI)) for e in ledger()]) == []
