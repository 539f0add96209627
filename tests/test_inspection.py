"""Inspections: the same record gives the same rulings, and nobody outside the scope is touched."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest

from checks import Account, Column, Finding, Observation, Outcome, PageVisit, Ref, Site, Untestable, all_checks
from checks.core.aftermath import ClosedVisit
from checks.core.assess import Status
from checks.core.calendar import Period
from checks.core.entries import State
from checks.core.ledger import Action, verify_chain
from checks.core.model import SiteStatus
from checks.core.registry import Check, NoLimits, Severity
from checks.core.standard import Result, load_standard
from monitor.inspection import CHUNK, InspectionResult, inspect, verdicts
from monitor.registry.changes import Change, RegistryChanges
from tests.checks.facts import ACCOUNT, NEWS, NOW, SITE, TODAY, account_reading, ago, day, reading, survey, visit

PERIOD = Period.parse("2026Q4")
STANDARD = load_standard("gwb-2019")
OTHER = replace(SITE, id="5133000002", url="http://other.example.gov.cn/")


@pytest.fixture
def registered(record):
    """The record with one site, one column and one account on it."""
    record.apply(RegistryChanges(added=(SITE, NEWS, ACCOUNT)))
    return record


def no_aaaa(site: Site = SITE) -> list[Observation]:
    return [replace(survey(ago(hours=1), aaaa=()), subject=site.ref, host=site.url.split("/")[2])]


def stale_column(column: Column = NEWS) -> list[Observation]:
    return [reading(ago(hours=hours), day(30), day(40), of=column) for hours in (26, 1)]


def rule(record, facts: Iterable[Observation] = (), *, now=NOW, checks=None, **more) -> InspectionResult:
    record.record(facts)
    chosen = [all_checks()[id] for id in checks or all_checks()]
    return inspect(record, STANDARD, chosen, now=now, period=more.pop("period", PERIOD), **more)


ALWAYS = [check for check in all_checks().values() if not check.keyed and not check.closed]


def statuses(result: InspectionResult) -> dict[tuple[str, Ref], Status]:
    return {(a.check, a.subject): a.status for a in result.assessments}


def test_every_watched_subject_is_ruled_on_by_every_check_of_its_kind(registered):
    result = rule(registered)
    subjects = (SITE, NEWS, ACCOUNT)
    expected = {(check.id, s.ref) for check in ALWAYS for s in subjects if isinstance(s, check.on)}
    assert set(statuses(result)) == expected
    assert len(result.assessments) == len(expected)


def test_without_facts_nothing_fails_and_nothing_passes_but_what_is_exempt(registered):
    result = rule(registered)
    assert {a.status for a in result.assessments if not a.exempt} == {Status.UNTESTED}
    assert all(a.reason for a in result.assessments)
    assert registered.entries() == []


def test_a_problem_is_ruled_and_opens_an_entry(registered):
    result = rule(registered, [*no_aaaa(), *stale_column()])
    assert statuses(result)["site.ipv6", SITE.ref] is Status.FAILED
    assert statuses(result)["column.stale", NEWS.ref] is Status.FAILED
    assert dict(result.opened_by_check) == {"site.ipv6": 1, "column.stale": 1}
    assert result.opened == 2
    assert {(e.check, e.subject, e.state) for e in registered.entries()} == {
        ("site.ipv6", SITE.ref, State.TO_VERIFY),
        ("column.stale", NEWS.ref, State.TO_VERIFY),
    }
    held = {fact.id for s in (SITE, NEWS) for fact in registered.observations(s.ref)}
    for assessment in result.assessments:
        for finding in assessment.findings:
            assert finding.evidence
            assert set(finding.evidence) <= held


def test_the_same_record_ruled_on_twice_gives_the_same_rulings_and_no_new_events(registered):
    first = rule(registered, [*no_aaaa(), *stale_column()])
    events, entries = registered.events(), registered.entries()
    again = rule(registered)
    assert again.assessments == first.assessments
    assert (again.opened, again.recurred, again.proposed) == (0, 0, 0)
    assert registered.events() == events
    assert registered.entries() == entries
    assert verify_chain(events) == []
    later = rule(registered, now=NOW + timedelta(hours=1))
    assert (later.opened, later.recurred, later.proposed) == (0, 0, 0)
    assert registered.events() == events


def test_facts_from_after_now_are_not_read(registered):
    future = replace(no_aaaa()[0], at=NOW + timedelta(seconds=1))
    assert statuses(rule(registered, [future]))["site.ipv6", SITE.ref] is Status.UNTESTED


def test_a_fact_at_the_very_moment_of_the_inspection_is_read(registered):
    present = replace(no_aaaa()[0], at=NOW)
    assert statuses(rule(registered, [present]))["site.ipv6", SITE.ref] is Status.FAILED


def test_an_unseen_subject_keeps_its_entry_and_gets_no_event(registered):
    rule(registered, no_aaaa())
    events = registered.events()
    a_month_on = rule(registered, now=NOW + timedelta(days=30))
    assert statuses(a_month_on)["site.ipv6", SITE.ref] is Status.UNTESTED
    assert registered.events() == events
    [entry] = registered.entries()
    assert not entry.close_proposed


def test_a_passed_recheck_proposes_to_close_and_a_person_closes(registered):
    rule(registered, no_aaaa())
    later = NOW + timedelta(days=5)
    mended = [replace(survey(later), subject=SITE.ref), visit(later), visit(later, family=6)]
    result = rule(registered, mended, now=later)
    assert result.proposed == 1
    [entry] = registered.entries()
    assert entry.close_proposed
    assert entry.state is not State.CLOSED
    assert [e.action for e in registered.events()] == [Action.FOUND, Action.RECHECK_PASSED]


# Scope


def test_a_partial_inspection_leaves_the_others_alone(registered):
    registered.apply(RegistryChanges(added=(OTHER,)))
    rule(registered, [*no_aaaa(), *no_aaaa(OTHER), *stale_column()])
    before = {(a.check, a.subject): a for a in registered.assessments()}
    events = registered.events()

    later = NOW + timedelta(days=1)
    result = rule(registered, now=later, only={OTHER.ref})
    assert {a.subject for a in result.assessments} == {OTHER.ref}
    after = {(a.check, a.subject): a for a in registered.assessments()}
    assert set(after) == set(before)
    for place, assessment in after.items():
        if place[1] == OTHER.ref:
            assert assessment.at == later
        else:
            assert assessment == before[place]
    assert registered.events() == events


def test_an_inspection_by_one_check_leaves_the_rulings_of_others_alone(registered):
    rule(registered, [*no_aaaa(), *stale_column()])
    before = {(a.check, a.subject): a for a in registered.assessments()}
    result = rule(registered, checks=["column.stale"], now=NOW + timedelta(hours=1))
    assert {a.check for a in result.assessments} == {"column.stale"}
    after = {(a.check, a.subject): a for a in registered.assessments()}
    assert {place for place in before if after[place] != before[place]} == {("column.stale", NEWS.ref)}
    assert len(registered.entries()) == 2


def test_an_empty_scope_rules_on_nobody(registered):
    assert rule(registered, no_aaaa(), only=set()).assessments == ()
    assert registered.entries() == []


def test_a_period_keeps_its_own_rulings(registered):
    rule(registered, no_aaaa())
    quarter = registered.assessments([str(PERIOD)])
    rule(registered, now=NOW + timedelta(days=60), period=Period.parse("2027Q1"))
    assert registered.assessments([str(PERIOD)]) == quarter
    assert {a.status for a in registered.assessments(["2027Q1"]) if a.check == "site.ipv6"} == {Status.UNTESTED}
    assert registered.latest_period() == "2027Q1"


def test_more_subjects_than_a_chunk_holds_are_all_ruled_on(record):
    sites = [replace(SITE, id=f"51330{n:05}", url=f"http://s{n}.example.gov.cn/") for n in range(CHUNK + 1)]
    record.apply(RegistryChanges(added=tuple(sites)))
    result = rule(record, [fact for site in sites for fact in no_aaaa(site)], checks=["site.ipv6"])
    assert {a.subject for a in result.assessments} == {site.ref for site in sites}
    assert result.by_status == {Status.FAILED: CHUNK + 1}


# Who is not to be tested


def replaced(record, old: Site | Account, new: Site | Account) -> None:
    record.apply(RegistryChanges(changed=(Change(old=old, new=new, fields=("status",)),)))


@pytest.mark.parametrize(("days", "suspended"), [(1, True), (0, True), (-1, False)])
def test_a_suspended_site_and_its_columns_are_untested_to_the_end_of_the_last_day(registered, days, suspended):
    until = TODAY + timedelta(days=days)
    replaced(registered, SITE, replace(SITE, status=SiteStatus.SUSPENDED, suspended_until=until))
    result = rule(registered, [*no_aaaa(), *stale_column()])
    of_the_site = {a.status for a in result.assessments if a.subject in (SITE.ref, NEWS.ref)}
    assert (of_the_site == {Status.UNTESTED}) is suspended
    assert (registered.entries() == []) is suspended
    if suspended:
        assert {a.reason for a in result.assessments if a.subject == NEWS.ref} == {
            f"网站已备案临时下线（至 {until}），暂不检测"
        }


def test_a_suspension_holds_for_a_column_ruled_on_by_itself(registered):
    replaced(registered, SITE, replace(SITE, status=SiteStatus.SUSPENDED))
    result = rule(registered, stale_column(), only={NEWS.ref})
    assert {a.status for a in result.assessments} == {Status.UNTESTED}


def test_a_closed_site_and_its_columns_are_out_of_scope(registered):
    replaced(registered, SITE, replace(SITE, status=SiteStatus.CLOSED))
    result = rule(registered, [*no_aaaa(), *stale_column()])
    assert {a.subject for a in result.assessments} == {ACCOUNT.ref}
    assert registered.entries() == []


def test_a_site_that_is_suspended_later_keeps_its_entry(registered):
    rule(registered, no_aaaa())
    events = registered.events()
    replaced(registered, SITE, replace(SITE, status=SiteStatus.SUSPENDED))
    rule(registered, now=NOW + timedelta(hours=1))
    assert registered.events() == events
    assert len(registered.entries()) == 1


# Faults of our own


def made_check(rule_, *, id: str = "site.ipv6") -> Check:
    """A check of ours under an id that the edition knows."""
    return Check(
        id=id,
        title="试",
        on=Site,
        reads=(PageVisit,),
        within=lambda _limits: timedelta(days=1),
        limits=NoLimits(),
        rule=rule_,
    )


def test_a_check_that_breaks_is_an_error_of_ours_and_the_others_go_on(registered):
    def broken(site, seen, limits, now):
        raise KeyError("a slip of ours")
        yield

    checks = [made_check(broken), *(c for c in all_checks().values() if c.id != "site.ipv6")]
    registered.record([*no_aaaa(), *stale_column()])
    result = inspect(registered, STANDARD, checks, now=NOW, period=PERIOD)
    ruled = statuses(result)
    assert ruled["site.ipv6", SITE.ref] is Status.ERROR
    assert ruled["column.stale", NEWS.ref] is Status.FAILED
    assert [e.check for e in registered.entries()] == ["column.stale"]


@pytest.mark.parametrize("others", [(), ("site.unreachable",)])
def test_a_check_sees_its_own_kinds_of_fact_within_its_own_window_whoever_is_ruled_on_beside_it(registered, others):
    seen_by_check: list[list[Observation]] = []

    def curious(site, seen, limits, now):
        seen_by_check.append(list(seen))
        raise Untestable("只看看")
        yield Finding(text="")

    inside, edge = visit(ago(hours=24) + timedelta(seconds=1)), visit(ago(hours=24))
    registered.record([edge, inside, *no_aaaa()])
    checks = [made_check(curious), *(all_checks()[id] for id in others)]
    inspect(registered, STANDARD, checks, now=NOW, period=PERIOD)
    assert [[fact.at for fact in seen] for seen in seen_by_check] == [[inside.at]]


# Verdicts


def test_the_verdict_of_a_site_counts_its_columns(registered):
    columns = [replace(NEWS, name=f"栏目{n}", url=f"{SITE.url}c{n}/") for n in range(5)]
    registered.apply(RegistryChanges(added=tuple(columns)))
    result = rule(registered, [fact for column in columns for fact in stale_column(column)])
    ruled = verdicts(STANDARD, registered.subjects(), result.assessments)
    assert set(ruled) == {SITE.ref, ACCOUNT.ref}
    assert ruled[SITE.ref].result is Result.UNQUALIFIED
    assert ruled[ACCOUNT.ref].result is Result.UNTESTED


def test_a_dormant_account_is_unqualified_and_its_neighbour_is_not(registered):
    lively = replace(ACCOUNT, account_id="1002")
    registered.apply(RegistryChanges(added=(lively,)))
    silent = [account_reading(ago(hours=h), ago(days=20), covered_from=day(60)) for h in (25, 13, 1)]
    posted = account_reading(ago(hours=1), ago(days=1), covered_from=day(60))
    posting = [replace(posted, subject=lively.ref), replace(posted, subject=lively.ref, at=ago(hours=13))]
    result = rule(registered, [*silent, *posting])
    ruled = verdicts(STANDARD, registered.subjects(), result.assessments)
    assert ruled[ACCOUNT.ref].result is Result.UNQUALIFIED
    assert ruled[lively.ref].result is Result.QUALIFIED


def test_blocked_visits_are_no_ground_for_a_verdict(registered):
    blocked = [visit(ago(hours=hours), Outcome.BLOCKED) for hours in range(1, 160)]
    result = rule(registered, blocked)
    assert {a.status for a in result.assessments if a.subject == SITE.ref} == {Status.UNTESTED}


def test_a_site_closed_for_good_is_looked_at_for_answering_alone_and_gets_no_verdict(record):
    closed = replace(SITE, status=SiteStatus.CLOSED)
    record.apply(RegistryChanges(added=(closed,)))
    answers = {"subject": closed.ref, "vantage": "v", "url": closed.url, "final_url": closed.url}
    looks = [ClosedVisit(**answers, at=ago(days=days), outcome=Outcome.OK) for days in (40, 5)]
    result = rule(record, [*looks, *no_aaaa()])
    [ruling] = result.assessments
    assert (ruling.check, [f.severity for f in ruling.findings]) == ("site.closed_answers", [Severity.WARNING])
    assert verdicts(STANDARD, record.subjects(), result.assessments) == {}
    assert record.entries() == []
