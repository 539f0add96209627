"""站点无法访问: the week, the share, the fifteen seconds, and what does not count."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from checks import Outcome, PageVisit, Severity
from checks.core.assess import Status
from tests.checks.facts import NOW, SITE, ago, rule, visit

EVERY = timedelta(minutes=70)  # 140 of them are 6.8 days


def week(failed: int, *, rounds: int = 140, outcome: Outcome = Outcome.TIMEOUT) -> list[PageVisit]:
    return [visit(NOW - n * EVERY, outcome if n < failed else Outcome.OK) for n in range(rounds)]


@pytest.mark.parametrize(
    ("failed", "status", "severity"),
    [
        (4, Status.PASSED, None),  # 2.9 %
        (5, Status.PASSED, Severity.WARNING),  # 3.6 %
        (6, Status.PASSED, Severity.WARNING),  # 4.3 %
        (7, Status.FAILED, Severity.PROBLEM),  # 5.0 %: 含
        (8, Status.FAILED, Severity.PROBLEM),
    ],
)
def test_five_per_cent_and_more_of_the_visits_fail_a_site_and_three_warn(failed, status, severity):
    assessment = rule("site.unreachable", SITE, week(failed))
    assert assessment.status is status
    assert [f.severity for f in assessment.findings] == ([severity] if severity else [])


@pytest.mark.parametrize(("seconds", "status"), [(14.9, Status.PASSED), (15.0, Status.FAILED), (15.1, Status.FAILED)])
def test_a_visit_that_takes_fifteen_seconds_counts_as_not_opened(seconds, status):
    slow = [visit(NOW - n * EVERY, seconds=seconds) for n in range(140)]
    assert rule("site.unreachable", SITE, slow).status is status


@pytest.mark.parametrize(("rounds", "status"), [(139, Status.UNTESTED), (140, Status.FAILED), (141, Status.FAILED)])
def test_fewer_than_twenty_visits_a_day_of_a_week_allow_no_judgement(rounds, status):
    assessment = rule("site.unreachable", SITE, week(rounds, rounds=rounds))
    assert assessment.status is status
    if status is Status.UNTESTED:
        assert "有效监测 139 次，不足 140 次" in assessment.reason


def test_rounds_in_which_only_ipv6_was_tried_in_vain_say_nothing_of_the_site():
    over_ipv6 = [visit(NOW - n * EVERY, Outcome.DNS_ERROR, family=6) for n in range(150)]
    assessment = rule("site.unreachable", SITE, over_ipv6)
    assert assessment.status is Status.UNTESTED
    assert "有效监测 0 次" in assessment.reason
    assert "拦截" not in assessment.reason


def test_a_site_that_opens_over_ipv6_alone_is_open():
    dual = [visit(NOW - n * EVERY, Outcome.DNS_ERROR) for n in range(150)]
    dual += [visit(NOW - n * EVERY, family=6) for n in range(150)]
    assert rule("site.unreachable", SITE, dual).status is Status.PASSED


def test_visits_crowded_into_a_day_are_no_week():
    crowded = [visit(NOW - timedelta(minutes=10 * n), Outcome.TIMEOUT) for n in range(144)]
    assessment = rule("site.unreachable", SITE, crowded)
    assert assessment.status is Status.UNTESTED
    assert "集中在 24 小时内" in assessment.reason


def test_the_finding_tells_count_share_limit_causes_and_evidence():
    [finding] = rule("site.unreachable", SITE, week(14)).findings
    assert "监测 140 次，打不开 14 次，占 10.0%（限 5%" in finding.text
    assert "访问超时 14 次" in finding.text
    assert len(finding.evidence) == 14


def test_a_blocked_site_is_untested_not_unreachable_and_the_reason_asks_for_the_whitelist():
    assessment = rule("site.unreachable", SITE, week(150, rounds=150, outcome=Outcome.BLOCKED))
    assert assessment.status is Status.UNTESTED
    assert "白名单" in assessment.reason


def test_an_address_that_our_own_guard_refuses_says_nothing_of_the_site():
    assessment = rule("site.unreachable", SITE, week(140, outcome=Outcome.REFUSED_BY_GUARD))
    assert assessment.status is Status.UNTESTED


def test_a_round_is_open_if_either_family_opened():
    dead_v6 = [visit(v.at, Outcome.CONNECT_ERROR, family=6) for v in week(0)]
    assert rule("site.unreachable", SITE, [*week(0), *dead_v6]).status is Status.PASSED


def test_a_round_with_one_family_blocked_and_the_other_dead_does_not_count_against_the_site():
    blocked = week(140, outcome=Outcome.BLOCKED)
    dead_v6 = [visit(v.at, Outcome.CONNECT_ERROR, family=6) for v in blocked]
    assert rule("site.unreachable", SITE, [*blocked, *dead_v6]).status is Status.UNTESTED


def test_a_page_beyond_our_size_limit_was_open():
    assert rule("site.unreachable", SITE, week(140, outcome=Outcome.TOO_LARGE)).status is Status.PASSED


def test_visits_of_an_address_that_the_registry_no_longer_gives_do_not_count():

    moved = replace(SITE, url="http://new.example.gov.cn/")
    assert rule("site.unreachable", moved, week(140)).status is Status.UNTESTED


@pytest.mark.parametrize(("failed", "warned"), [(5, False), (6, True), (7, True)])
def test_three_per_cent_is_warned_of_to_the_dot(failed, warned):
    every = timedelta(minutes=50)  # 200 of them are 6.9 days
    visits = [visit(NOW - n * every, Outcome.TIMEOUT if n < failed else Outcome.OK) for n in range(200)]
    assert bool(rule("site.unreachable", SITE, visits).findings) is warned


@pytest.mark.parametrize(("hours", "status"), [(119, Status.UNTESTED), (120, Status.FAILED), (121, Status.FAILED)])
def test_the_visits_must_span_five_days(hours, status):
    crowded = [visit(NOW - timedelta(minutes=n), Outcome.TIMEOUT) for n in range(139)]
    assert rule("site.unreachable", SITE, [visit(ago(hours=hours), Outcome.TIMEOUT), *crowded]).status is status
