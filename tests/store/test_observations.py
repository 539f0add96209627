"""Histories by subject and window, bulk recording, probe runs and rounds."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from checks import CrawlSummary, Outcome, PageVisit, Ref
from monitor.store import ProbeRun, Round, Store

NOW = datetime(2026, 9, 11, tzinfo=UTC)
A, B, C = Ref("site", "5118000001"), Ref("column", "5118000001/通知公告"), Ref("account", "weibo:1")


def visit(subject: Ref, at: datetime, family: int = 4) -> PageVisit:
    return PageVisit(subject=subject, at=at, vantage="local", url="http://a/", family=family, outcome=Outcome.OK)


def crawl(subject: Ref, at: datetime) -> CrawlSummary:
    counts = {"pages": 1, "links": 1, "failures": 0, "blocked": 0}
    return CrawlSummary(subject=subject, at=at, vantage="local", started=at, complete=True, **counts)


def test_a_history_holds_what_lies_in_each_kinds_own_window_oldest_first(store):
    hour = timedelta(hours=1)
    store.record(visit(A, NOW - n * hour) for n in range(5))
    store.record(crawl(A, NOW - n * hour) for n in range(5))
    since = {PageVisit: NOW - 2 * hour, CrawlSummary: NOW - 4 * hour}
    [(ref, found)] = store.histories([A], since, until=NOW - hour)
    assert ref == A
    assert [o.at for o in found if isinstance(o, PageVisit)] == [NOW - hour]
    assert [o.at for o in found if isinstance(o, CrawlSummary)] == [NOW - n * hour for n in (3, 2, 1)]
    assert [o.at for o in found] == sorted(o.at for o in found)


@pytest.mark.parametrize(("offset", "inside"), [(-1, False), (0, False), (1, True)])
def test_the_start_of_a_window_does_not_belong_to_it(store, offset, inside):
    store.record([visit(A, NOW + timedelta(microseconds=offset))])
    [(_, found)] = store.histories([A], {PageVisit: NOW}, until=NOW + timedelta(days=1))
    assert bool(found) is inside


@pytest.mark.parametrize(("offset", "inside"), [(-1, True), (0, True), (1, False)])
def test_the_end_of_a_window_belongs_to_it(store, offset, inside):
    store.record([visit(A, NOW + timedelta(microseconds=offset))])
    [(_, found)] = store.histories([A], {PageVisit: NOW - timedelta(days=1)}, until=NOW)
    assert bool(found) is inside


def test_every_subject_has_its_pair_also_without_facts_and_only_once(store):
    store.record([visit(C, NOW), visit(A, NOW)])
    pairs = list(store.histories([C, B, A, C], {PageVisit: NOW - timedelta(days=1)}, until=NOW))
    assert sorted((str(ref), len(found)) for ref, found in pairs) == [(str(C), 1), (str(B), 0), (str(A), 1)]


def test_a_kind_that_is_not_asked_for_is_not_read(store):
    store.record([visit(A, NOW), crawl(A, NOW)])
    [(_, found)] = store.histories([A], {CrawlSummary: NOW - timedelta(days=1)}, until=NOW)
    assert [o.kind for o in found] == ["crawl_summary"]


def test_asking_for_no_kind_gives_empty_histories(store):
    store.record([visit(A, NOW)])
    assert list(store.histories([A], {}, until=NOW)) == [(A, [])]


def test_no_fact_goes_astray_over_many_subjects(store):
    refs = [Ref("column", f"5118000001/栏目{n}") for n in range(1203)] + [Ref("site", f"{n:010d}") for n in range(7)]
    seen = {ref: n % 4 for n, ref in enumerate(refs)}
    store.record(visit(ref, NOW - timedelta(hours=n)) for ref, count in seen.items() for n in range(count))
    found = dict(store.histories(refs, {PageVisit: NOW - timedelta(days=1)}, until=NOW))
    assert {ref: len(facts) for ref, facts in found.items()} == seen
    assert all(fact.subject == ref for ref, facts in found.items() for fact in facts)


def test_histories_may_be_left_half_read_and_the_store_written_to(store):
    store.record(visit(ref, NOW) for ref in (A, B, C))
    pairs = store.histories([A, B, C], {PageVisit: NOW - timedelta(days=1)}, until=NOW)
    next(pairs)
    store.record([visit(A, NOW + timedelta(hours=1))])
    pairs.close()
    assert len(store.observations(A)) == 2


def test_observations_come_newest_first_and_can_be_limited(store):
    store.record([visit(A, NOW + timedelta(hours=n)) for n in (2, 0, 1)])
    assert [o.at for o in store.observations(A)] == [NOW + timedelta(hours=n) for n in (2, 1, 0)]
    assert [o.at for o in store.observations(A, limit=1)] == [NOW + timedelta(hours=2)]


def test_evidence_is_found_by_its_ids(store):
    store.record([visit(A, NOW), visit(B, NOW), visit(C, NOW)])
    [a], [c] = store.observations(A), store.observations(C)
    assert store.observations_by_id([c.id, a.id, 999_999]) == [a, c]
    assert store.observations_by_id([]) == []


def test_a_record_that_breaks_off_leaves_nothing(store):
    def broken():
        yield from (visit(A, NOW) for _ in range(2500))
        raise RuntimeError("the probe's host lost power")

    with pytest.raises(RuntimeError):
        store.record(broken(), [ProbeRun(probe="site.visit", subject=A, at=NOW)])
    assert store.observations(A) == []
    assert store.last_runs() == {}


def test_the_last_run_is_the_latest_however_they_come(store):
    times = [NOW, NOW + timedelta(hours=2), NOW + timedelta(hours=1)]
    for at in times:
        store.record([], [ProbeRun(probe="site.visit", subject=A, at=at)])
    store.record([], [ProbeRun(probe="site.visit", subject=B, at=at) for at in times])
    assert store.last_runs() == {("site.visit", A): max(times), ("site.visit", B): max(times)}


def test_rounds_are_found_by_time_with_both_ends(store):
    rounds = [
        Round(
            at=NOW + timedelta(days=n), vantage="local", families=frozenset({4, 6}), tasks=n, held_back="监测点异常" * n
        )
        for n in range(4)
    ]
    for round_ in reversed(rounds):
        store.record_round(round_)
    assert store.rounds(NOW + timedelta(days=1), NOW + timedelta(days=2)) == rounds[1:3]


def test_a_naive_time_is_refused_rather_than_guessed(store):
    naive = visit(A, datetime(2026, 9, 11))
    with pytest.raises(Exception, match="timezone"):
        store.record([naive])
    assert store.observations(A) == []


def test_writers_wait_for_each_other(url):
    def write(number: int) -> None:
        opened = Store.open(url)
        for _ in range(25):
            opened.record([visit(A, NOW)], [ProbeRun(probe=f"probe.{number}", subject=A, at=NOW)])
        opened.close()

    Store.open(url).close()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    store = Store.open(url)
    assert len(store.observations(A)) == 100
    assert len(store.last_runs()) == 4
    store.close()


def test_a_new_database_may_be_opened_by_several_at_once(url):
    with ThreadPoolExecutor(4) as pool:
        for store in pool.map(lambda _: Store.open(url), range(4)):
            assert store.subjects() == []
            store.close()
