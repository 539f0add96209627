"""Rulings by period, findings with their first and last sight, and the ledger that follows from them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from checks import Finding, Ref, Severity
from checks.core.assess import Assessment, Status
from checks.core.chain import verify_chain
from checks.core.ledger import Action, Event, LedgerError, State
from monitor.store import Inspection, Store

NOW = datetime(2026, 9, 11, tzinfo=UTC)
DAY = timedelta(days=1)
SITE, COLUMN = Ref("site", "5118000001"), Ref("column", "5118000001/通知公告")
DEAD = Finding(
    text="链接打不开（404）",
    key="http://a/x",
    url="http://a/",
    advice="请更正",
    evidence=(3, 1),
    details={"outcome": "http_error", "status_code": 404, "on_home": True, "share": 0.5, "none": None},
    seen_at=NOW - DAY,
)
WARNING = Finding(text="还有 2 天到期（限 14 天）", severity=Severity.WARNING)


def ruling(status: Status, *findings: Finding, check="site.dead_link", subject=SITE, at=NOW, reason="") -> Assessment:
    return Assessment(
        check=check, subject=subject, status=status, findings=findings, reason=reason, at=at, facts_at=at - DAY / 24
    )


def commit(store: Store, *assessments: Assessment, at=NOW, period="2026H2"):
    return store.commit_inspection(Inspection(at=at, period=period, edition="gwb-2019", assessments=assessments))


def test_rulings_come_back_as_they_went_in(store):
    rulings = [
        ruling(Status.FAILED, DEAD, replace(DEAD, key="http://a/y", details={}), WARNING),
        ruling(Status.UNTESTED, check="site.ipv6", reason="监测点没有 IPv6"),
        ruling(Status.PASSED, check="column.stale", subject=COLUMN),
    ]
    commit(store, *rulings)
    back = store.assessments(["2026H2"])
    assert sorted(back, key=lambda a: a.check) == sorted(rulings, key=lambda a: a.check)
    [dead, *_] = next(a for a in back if a.check == "site.dead_link").findings
    assert dead.seen_at == DEAD.seen_at


def test_a_later_ruling_of_one_period_takes_the_place_of_the_earlier(store):
    commit(store, ruling(Status.FAILED, DEAD), ruling(Status.PASSED, check="site.ipv6"))
    commit(store, ruling(Status.PASSED, at=NOW + DAY), at=NOW + DAY)
    assert {(a.check, a.status, a.findings) for a in store.assessments(["2026H2"])} == {
        ("site.dead_link", Status.PASSED, ()),
        ("site.ipv6", Status.PASSED, ()),
    }


def test_of_several_periods_the_latest_ruling_counts(store):
    commit(store, ruling(Status.FAILED, DEAD), period="2026Q3")
    commit(store, ruling(Status.PASSED, at=NOW + DAY), at=NOW + DAY, period="2026H2")
    assert [a.status for a in store.assessments(["2026Q3", "2026H2"])] == [Status.PASSED]
    assert [a.status for a in store.assessments(["2026Q3"])] == [Status.FAILED]
    assert [a.status for a in store.assessments(None)] == [Status.PASSED]
    assert store.assessments([]) == []


def test_the_latest_period_is_the_one_inspected_last(store):
    assert store.latest_period() is None
    commit(store, at=NOW + DAY, period="2026Q3")
    commit(store, at=NOW, period="2026H2")
    assert store.latest_period() == "2026Q3"


def test_a_finding_keeps_its_first_sight_and_moves_its_last(store):
    for days in (1, 0, 3):
        at = NOW + days * DAY
        commit(store, ruling(Status.FAILED, DEAD, at=at), at=at, period=f"2026-{days}")
    assert store.seen() == {("site.dead_link", SITE, DEAD.key): (NOW, NOW + 3 * DAY)}


def test_two_findings_of_one_key_are_both_kept(store):
    commit(store, ruling(Status.FAILED, DEAD, replace(DEAD, text="同一链接，另一句话")))
    [assessment] = store.assessments(["2026H2"])
    assert len(assessment.findings) == 2
    assert len(store.seen()) == 1


def test_an_inspection_opens_entries_and_chains_their_events(store):
    changes = commit(store, ruling(Status.FAILED, DEAD, WARNING))
    [event] = store.events()
    [entry] = store.entries()
    assert changes.events == (event,)
    assert changes.entries == (entry,)
    assert (event.action, event.number, event.evidence) == (Action.FOUND, 1, DEAD.evidence)
    assert (entry.state, entry.check, entry.subject, entry.key) == (State.TO_VERIFY, "site.dead_link", SITE, DEAD.key)
    assert verify_chain(store.events()) == []


def test_the_same_inspection_twice_makes_no_second_finding_and_no_second_entry(store):
    commit(store, ruling(Status.FAILED, DEAD))
    before = (store.assessments(["2026H2"]), store.seen(), store.entries(), store.events())
    assert commit(store, ruling(Status.FAILED, DEAD)).events == ()
    assert (store.assessments(["2026H2"]), store.seen(), store.entries(), store.events()) == before


def test_an_entry_lives_through_its_whole_life_in_the_database(store):
    commit(store, ruling(Status.FAILED, DEAD))
    id_ = store.entries()[0].id

    def step(hours: int, action: Action, **given) -> None:
        [entry] = store.act([Event(entry=id_, at=NOW + timedelta(hours=hours), who="李四", action=action, **given)])
        assert store.entries() == [entry]

    step(1, Action.CONFIRMED)
    step(2, Action.ASSIGNED, due=date(2026, 9, 21), assignee="某局")
    step(3, Action.SUBMITTED, why="已更正", evidence=(7,))
    step(4, Action.APPROVED)
    assert store.entries()[0].state is State.CLOSED
    later = NOW + 5 * DAY
    commit(store, ruling(Status.FAILED, replace(DEAD, seen_at=later - DAY), at=later), at=later)
    [entry] = store.entries()
    assert (entry.state, entry.recurrences) == (State.TO_VERIFY, 1)
    assert [e.number for e in store.events(id_)] == [1, 2, 3, 4, 5, 6]
    assert store.events("no such entry") == []
    assert verify_chain(store.events()) == []


def test_a_forbidden_step_leaves_the_ledger_as_it_was(store):
    commit(store, ruling(Status.FAILED, DEAD))
    id_ = store.entries()[0].id
    before = (store.entries(), store.events())
    steps = [
        Event(entry=id_, at=NOW, who="李四", action=Action.CONFIRMED),
        Event(entry=id_, at=NOW, who="李四", action=Action.APPROVED),
    ]
    with pytest.raises(LedgerError):
        store.act(steps)
    assert (store.entries(), store.events()) == before


def test_a_changed_event_shows_in_the_chain(url):
    from sqlalchemy import text

    from monitor.store.engine import Database

    store = Store.open(url)
    commit(store, ruling(Status.FAILED, DEAD, replace(DEAD, key="http://a/y")))
    store.close()
    database = Database(url)
    with database.writing() as connection:
        connection.execute(text("UPDATE event SET who = '某人' WHERE number = 1"))
    database.close()
    store = Store.open(url)
    assert len(verify_chain(store.events())) == 1
    store.close()


def test_a_ruling_that_cannot_be_kept_takes_the_whole_inspection_back(store):
    naive = replace(ruling(Status.PASSED, check="site.ipv6"), at=datetime(2026, 9, 11))
    with pytest.raises(Exception, match="timezone"):
        commit(store, ruling(Status.FAILED, DEAD), naive)
    assert (store.assessments(["2026H2"]), store.seen(), store.entries(), store.latest_period()) == ([], {}, [], None)
