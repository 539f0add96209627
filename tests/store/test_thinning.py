"""What goes in time and what stays: figures for old visits, runs of equal readings, and everything that is cited."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from checks import (
    AccountReading,
    AddressSurvey,
    Answer,
    Finding,
    ListItem,
    ListReading,
    ManualAnswer,
    Outcome,
    PageVisit,
    Peer,
    Ref,
    RegistryPeers,
)
from checks.core.assess import Assessment, Status
from checks.core.ipv6.facts import FamilyComparison, PagePrint
from checks.core.observations import observation_kinds
from monitor.store import Inspection
from monitor.store.rounds import Round
from monitor.store.thinning import bounds_of

NOW = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
DAY = timedelta(days=1)
SITE = Ref("site", "5118000022")
COLUMN = Ref("column", "5118000022/要闻")
ACCOUNT = Ref("account", "weibo:1")
WINDOWS = {"list_reading": 17 * DAY, "page_visit": 7 * DAY}


def bounds(*, raw_days=60, fact_days=400, windows=WINDOWS, now=NOW):
    return bounds_of(now=now, raw_days=raw_days, fact_days=fact_days, windows=windows, kinds=observation_kinds())


def thin(store, **more) -> int:
    keeping = store.keeping
    return keeping.thin(keeping.observed_subjects(), bounds(**more), keep=keeping.cited())


def visit(at, *, outcome=Outcome.OK, seconds=0.5, family=4):
    return PageVisit(subject=SITE, at=at, vantage="v", url="http://a/", family=family, outcome=outcome, seconds=seconds)


def reading(at, slug="a", **more):
    items = tuple(
        ListItem(title=f"关于开展政务公开工作的第{n}号通知", url=f"http://a/{slug}{n}.html") for n in range(20)
    )
    return ListReading(
        subject=COLUMN, at=at, vantage="v", url="http://a/", outcome=Outcome.OK, items=items, rows=20, **more
    )


def kept(store, ref=SITE):
    return [fact.at for fact in store.observations(ref)]


def day(ago: int) -> datetime:
    """Eight in the morning in Beijing, so many days ago."""
    return datetime(2026, 11, 23, tzinfo=UTC) - ago * DAY


@pytest.mark.parametrize(("ago", "stays"), [(59, True), (60, True), (61, False), (62, False)])
def test_visits_are_kept_for_sixty_whole_days(store, ago, stays):
    store.record([visit(day(ago))])
    thin(store)
    assert bool(kept(store)) is stays


def test_of_old_visits_the_figures_of_their_day_and_hours_are_left(store):
    old = day(100)
    store.record(
        [
            visit(old),
            visit(old + timedelta(minutes=20), seconds=1.5),
            visit(old + timedelta(hours=1), outcome=Outcome.TIMEOUT, seconds=15.0),
            visit(old + timedelta(hours=1), family=6, outcome=Outcome.DNS_ERROR, seconds=None),
            visit(old + DAY),
        ]
    )
    assert thin(store) == 5
    four, six, other = store.keeping.visit_days(SITE, date(2026, 1, 1), date(2026, 12, 31))
    assert (four.day, four.family, four.visits, four.vantage) == (date(2026, 8, 15), 4, 3, "v")
    assert four.outcomes == {"ok": 2, "timeout": 1}
    assert (four.mean_seconds, four.worst_seconds) == (pytest.approx(17 / 3, abs=0.001), 15.0)
    assert four.hours == [[8, 2, 2, 1.5], [9, 1, 0, 15.0]]
    assert (six.family, six.mean_seconds, six.hours) == (6, None, [[9, 1, 0, None]])
    assert other.day == date(2026, 8, 16)


def test_the_hours_of_days_beyond_the_last_bound_go_and_the_days_stay(store):
    store.record([visit(day(100)), visit(day(30)), visit(day(-300))])
    thin(store)
    for later, hours in ((300, [[8, 1, 1, 0.5]]), (301, []), (302, [])):
        thin(store, now=NOW + later * DAY)
        [old, young] = store.keeping.visit_days(SITE, date(2026, 1, 1), date(2026, 12, 31))
        assert (old.visits, old.outcomes, old.hours) == (1, {"ok": 1}, hours)
        assert young.hours == [[8, 1, 1, 0.5]]


def cite(store, *facts):
    finding = Finding(text="打不开", evidence=tuple(fact.id for fact in facts))
    ruling = Assessment(
        check="site.unreachable", subject=SITE, status=Status.FAILED, findings=(finding,), at=NOW, facts_at=NOW
    )
    store.commit_inspection(Inspection(at=NOW, period="2026Q4", edition="gwb-2019", assessments=[ruling]))


def test_what_a_finding_or_the_ledger_cites_stays_for_good_and_is_counted_once(store):
    store.record([visit(day(500)), visit(day(500) + timedelta(hours=1), outcome=Outcome.TIMEOUT)])
    [failed, _fine] = store.observations(SITE)
    cite(store, failed)
    assert thin(store) == 1
    assert [fact.id for fact in store.observations(SITE)] == [failed.id]
    assert thin(store) == 0
    [figures] = store.keeping.visit_days(SITE, date(2025, 1, 1), date(2026, 12, 31))
    assert figures.visits == 2
    # The finding goes with a later ruling; the ledger's event still cites it.
    passed = Assessment(check="site.unreachable", subject=SITE, status=Status.PASSED, at=NOW + DAY, facts_at=NOW)
    store.commit_inspection(Inspection(at=NOW + DAY, period="2026Q4", edition="gwb-2019", assessments=[passed]))
    assert thin(store) == 0
    assert store.observations(SITE)


def test_of_equal_readings_the_first_and_the_last_of_each_run_stay(store):
    slugs = "aaaabbcaa"
    days = [day(100 - n) for n in range(len(slugs))]
    store.record([reading(at, slug) for at, slug in zip(days, slugs, strict=True)])
    thin(store)
    left = [(fact.at, fact.items[0].url[9]) for fact in reversed(store.observations(COLUMN))]
    assert "".join(slug for _, slug in left) == "aabbcaa"
    assert [at for at, _ in left] == [days[n] for n in (0, 3, 4, 5, 6, 7, 8)]


def survey(at, **more):
    return AddressSurvey(
        **({"subject": SITE, "at": at, "vantage": "v", "host": "a", "a_answer": "ok", "aaaa_answer": "ok"} | more)
    )


def test_of_old_daily_surveys_one_a_week_and_vantage_stays_and_the_cited(store):
    days = [day(100 - n) for n in range(21)]  # 15 August to 4 September 2026, from a Saturday
    store.record([survey(at) for at in days])
    store.record([survey(days[3], vantage="w"), survey(days[4], vantage="w")])
    cited = next(fact for fact in store.observations(SITE) if fact.at == days[10])
    cite(store, cited)
    thin(store, now=NOW - 15 * DAY)
    thin(store)
    weeks = [days[n] for n in (0, 2, 3, 9, 10, 16)]
    assert sorted(kept(store)) == weeks


def test_what_the_registry_holds_beside_an_account_is_kept_once_a_run(store):
    peer = Peer(account="weibo:2", name="b", sponsor="c")
    for ago, beside in ((99, ()), (98, ()), (97, ()), (96, (peer,)), (95, ())):
        store.record([RegistryPeers(subject=ACCOUNT, at=day(ago), vantage="v", same_unit=beside)])
    thin(store)
    assert sorted(kept(store, ACCOUNT)) == [day(99), day(97), day(96), day(95)]


def test_thinning_day_by_day_leaves_what_thinning_at_once_leaves(store):
    slugs = "aaaaaabbbbbcdddddddd"
    days = [day(120 - n) for n in range(len(slugs))]
    store.record([reading(at, slug) for at, slug in zip(days, slugs, strict=True)])
    for at in days:
        thin(store, now=at + 62 * DAY)
    thin(store)
    assert sorted(kept(store, COLUMN)) == [days[n] for n in (0, 5, 6, 10, 11, 12, 19)]


def test_readings_that_differ_in_anything_told_are_not_equal(store):
    store.record([reading(day(99)), reading(day(98), says_empty=True), reading(day(97)), reading(day(96))])
    assert thin(store) == 0


def test_equal_readings_of_an_account_are_thinned_although_the_covered_days_move_on(store):
    def asked(ago, latest):
        return AccountReading(
            subject=ACCOUNT,
            at=day(ago),
            vantage="v",
            adapter="feed",
            source_ok=True,
            latest_at=day(latest),
            covered_from=day(ago + 30).date(),
        )

    store.record([asked(100 - n, 110) for n in range(6)] + [asked(94, 95)])
    assert thin(store) == 4
    assert len(kept(store, ACCOUNT)) == 3


def test_what_lies_within_a_checks_window_stays_however_short_the_settings(store):
    store.record([reading(day(n)) for n in range(30)] + [visit(day(n)) for n in range(30)])
    thin(store, raw_days=1, fact_days=1)
    assert min(kept(store, COLUMN)) <= NOW - 17 * DAY
    assert len([at for at in kept(store, COLUMN) if at > NOW - 17 * DAY]) == 17
    assert len([at for at in kept(store) if at > NOW - 7 * DAY]) == 7
    assert len(kept(store)) <= 10


@pytest.mark.parametrize(("ago", "stays"), [(399, True), (400, True), (401, False)])
def test_any_fact_goes_at_last_but_a_persons_answer(store, ago, stays):
    survey = AddressSurvey(subject=SITE, at=day(ago), vantage="v", host="a", a_answer="ok", aaaa_answer="no_data")
    by_hand = ManualAnswer(
        subject=SITE, at=day(ago), vantage="manual:张三", indicator="x", name="x", answer=Answer.CLEAR
    )
    store.record([survey, by_hand])
    thin(store)
    facts = store.observations(SITE)
    assert any(isinstance(f, AddressSurvey) for f in facts) is stays
    assert any(isinstance(f, ManualAnswer) for f in facts)


def contents(store) -> int:
    with store._database.reading() as connection:
        return connection.exec_driver_sql("SELECT count(*) FROM content").scalar_one()


def test_a_list_that_does_not_change_is_kept_once_and_goes_with_its_last_reading(store):
    store.record([reading(day(n)) for n in range(10)])
    assert contents(store) == 1
    store.record([reading(day(450)), reading(day(451), "b")])
    assert contents(store) == 2
    thin(store)
    assert contents(store) == 1
    assert [len(fact.items) for fact in store.observations(COLUMN)] == [20] * 10


def test_the_prints_of_a_page_that_does_not_change_are_kept_once(store):
    page = PagePrint(family=4, outcome=Outcome.OK, text="0123456789abcdef" * 40)
    compared = [
        FamilyComparison(subject=SITE, at=day(n), vantage="v", url="http://a/", first=page, over_ipv6=page, again=page)
        for n in range(3)
    ]
    store.record(compared)
    assert contents(store) == 1
    assert [fact.first for fact in store.observations(SITE)] == [page] * 3


def test_old_rounds_are_forgotten(store):
    for ago in (10, 500):
        store.record_round(Round(at=day(ago), vantage="v", families=frozenset({4}), tasks=1))
    store.keeping.drop_rounds(day(400))
    assert [r.at for r in store.rounds(day(600), NOW)] == [day(10)]


def test_sizes_tell_the_facts_by_kind_and_the_oldest(store):
    store.record([visit(day(3)), visit(day(2)), replace(reading(day(1)))])
    sizes = store.keeping.sizes()
    assert sizes.facts == {"list_reading": 1, "page_visit": 2}
    assert sizes.oldest == day(3)
    assert sizes.bytes > 0
