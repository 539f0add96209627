"""How a check of a subject ends, and what suspends it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from checks import Account, AccountStatus, Check, Finding, History, ListReading, NoLimits, Severity, Site, Untestable
from checks.core.assess import Assessment, Status, assess, suspension, watched
from checks.core.model import SiteStatus
from tests.checks.facts import ACCOUNT, NEWS, NOW, SITE, TODAY, ago, day, reading

PROBLEM = Finding(text="坏了")
WARNING = Finding(text="快坏了", severity=Severity.WARNING)


def run(rule: Callable, *facts, exempt: str = "", suspension: str = "") -> Assessment:
    check = Check(
        id="test",
        title="测试",
        on=Site,
        reads=(ListReading,),
        within=lambda _: timedelta(days=1),
        limits=NoLimits(),
        rule=rule,
        exempt=lambda _subject, _limits: exempt,
    )
    return assess(check, SITE, History(facts), limits=NoLimits(), now=NOW, suspension=suspension)


def yielding(*findings: Finding, untestable: str = "") -> Callable:
    def rule(_subject, _seen, _limits, _now):
        yield from findings
        if untestable:
            raise Untestable(untestable)

    return rule


@pytest.mark.parametrize(
    ("rule", "status", "partial", "settled"),
    [
        (yielding(), Status.PASSED, False, True),
        (yielding(WARNING), Status.PASSED, False, True),
        (yielding(PROBLEM), Status.FAILED, False, True),
        (yielding(PROBLEM, WARNING), Status.FAILED, False, True),
        (yielding(untestable="看不清"), Status.UNTESTED, False, False),
        (yielding(WARNING, untestable="看不清"), Status.UNTESTED, True, False),
        (yielding(PROBLEM, untestable="看不清"), Status.FAILED, True, False),
    ],
)
def test_findings_and_doubt_make_the_status(rule, status, partial, settled):
    assessment = run(rule)
    assert (assessment.status, assessment.partial, assessment.conclusive) == (status, partial, settled)
    assert assessment.settles("k") is settled


def test_where_only_some_keys_are_in_doubt_the_others_are_settled():
    def rule(_subject, _seen, _limits, _now):
        yield PROBLEM
        raise Untestable("待复查", keys=["a"])

    assessment = run(rule)
    assert assessment.partial
    assert not assessment.settles("a")
    assert assessment.settles("b")


def test_a_broken_check_is_an_error_that_tells_its_place_and_accuses_nobody():
    def broken(_subject, _seen, _limits, _now):
        yield PROBLEM
        raise KeyError("坏键")

    assessment = run(broken)
    assert assessment.status is Status.ERROR
    assert assessment.findings == ()
    assert "KeyError" in assessment.reason
    assert "test_assess.py:" in assessment.reason


def test_a_suspended_subject_is_untested_whatever_the_facts_say():
    assert run(yielding(PROBLEM), suspension="已备案临时下线").status is Status.UNTESTED


def test_a_subject_that_the_rule_does_not_bind_passes_with_the_reason():
    assessment = run(yielding(PROBLEM), exempt="不适用")
    assert assessment.status is Status.PASSED
    assert assessment.exempt
    assert assessment.reason == "不适用"


def test_an_assessment_knows_how_recent_its_facts_are():
    old, new = reading(ago(days=2)), reading(ago(days=1))
    assessment = run(yielding(replace(PROBLEM, evidence=(old.id,))), old, new)
    assert assessment.facts_at == new.at
    assert assessment.findings[0].seen_at == old.at


@pytest.mark.parametrize(
    ("until", "suspended"), [(day(1), False), (TODAY, True), (day(-1), True), (None, True)], ids=str
)
def test_a_filed_pause_holds_to_the_end_of_its_last_day(until, suspended):
    site = replace(SITE, status=SiteStatus.SUSPENDED, suspended_until=until)
    assert bool(suspension(site, site, NOW)) is suspended
    assert bool(suspension(NEWS, site, NOW)) is suspended


def test_a_running_site_and_a_column_of_an_unknown_site_are_not_suspended():
    assert suspension(SITE, SITE, NOW) == ""
    assert suspension(NEWS, None, NOW) == ""


def test_what_is_closed_for_good_is_not_watched():
    closed = replace(SITE, status=SiteStatus.CLOSED)
    assert not watched(closed, closed)
    assert not watched(NEWS, closed)
    assert suspension(closed, closed, NOW)
    assert watched(SITE, SITE)
    assert watched(NEWS, SITE)


@pytest.mark.parametrize("status", list(AccountStatus))
def test_an_account_is_watched_until_it_is_closed(status):
    account: Account = replace(ACCOUNT, status=status)
    assert watched(account) is (status not in (AccountStatus.CLOSED, AccountStatus.DEREGISTERED))
