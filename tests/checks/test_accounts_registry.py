"""What the registry says against what is seen: duplicates, closed and publishing, not filed; and stores of APPs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checks import Account, AccountStatus, DateBasis, Platform, Severity
from checks.core.assess import Status
from monitor.sources.peers import AccountIndex
from tests.checks.facts import ACCOUNT, APP, NOW, account_reading, ago, day, listing, peers, rule

WECHAT = replace(ACCOUNT, platform=Platform.WECHAT)


def severities(assessment) -> list[Severity]:
    return [finding.severity for finding in assessment.findings]


# account.duplicate


def test_an_account_that_stands_alone_passes_and_one_never_compared_is_untested():
    assert rule("account.duplicate", ACCOUNT, [peers()]).status is Status.PASSED
    assert rule("account.duplicate", ACCOUNT, []).status is Status.UNTESTED


def test_the_surplus_account_is_a_problem_and_the_main_one_is_not():
    assert rule("account.duplicate", ACCOUNT, [peers(same_unit=("甲",), main=True)]).status is Status.PASSED
    [finding] = rule("account.duplicate", ACCOUNT, [peers(same_unit=("甲",), main=False)]).findings
    assert "登记了 2 个账号（限 1 个）" in finding.text
    assert "甲（weibo:0）" in finding.text


@pytest.mark.parametrize(
    ("account", "variety", "others", "severity"),
    [
        (WECHAT, "订阅号", ("服务号",), Severity.WARNING),
        (WECHAT, "订阅号", ("订阅号",), Severity.PROBLEM),
        (WECHAT, "订阅号", ("",), Severity.WARNING),
        (WECHAT, "", ("",), Severity.WARNING),
        (WECHAT, "订阅号", ("服务号", "服务号"), Severity.PROBLEM),
        (ACCOUNT, "", ("",), Severity.PROBLEM),
    ],
)
def test_a_subscription_beside_a_service_account_asks_for_an_explanation(account, variety, others, severity):
    facts = [peers(same_unit=tuple("甲乙丙"[: len(others)]), varieties=others, main=False)]
    assert severities(rule("account.duplicate", replace(account, variety=variety), facts)) == [severity]


def test_the_same_id_under_two_units_is_a_problem_and_the_same_name_a_warning():
    assert severities(rule("account.duplicate", ACCOUNT, [peers(same_id=("乙局",))])) == [Severity.PROBLEM]
    assert severities(rule("account.duplicate", ACCOUNT, [peers(same_name=("乙局",))])) == [Severity.WARNING]


def test_the_latest_comparison_counts():
    before = peers(same_unit=("甲",), main=False, at=ago(days=1))
    assert rule("account.duplicate", ACCOUNT, [before, peers()]).status is Status.PASSED


def test_accounts_of_other_platforms_are_not_told_apart():
    other = replace(ACCOUNT, platform=Platform.OTHER)
    assert rule("account.duplicate", other, [peers(same_unit=("甲",), main=False)]).exempt


# The comparison


def compared(*accounts: Account) -> list:
    index = AccountIndex(accounts)
    return [index.peers_of(account, at=NOW, vantage="test") for account in accounts]


def test_the_account_with_most_followers_is_the_main_one_and_of_equals_the_oldest():
    first = replace(ACCOUNT, account_id="1", followers=10)
    second = replace(ACCOUNT, account_id="2", followers=20)
    assert [fact.main for fact in compared(first, second)] == [False, True]
    old, new = replace(first, opened_on=day(900)), replace(second, followers=10, opened_on=day(90))
    assert [fact.main for fact in compared(new, old)] == [False, True]
    assert [[p.account for p in fact.same_unit] for fact in compared(first, second)] == [["weibo:2"], ["weibo:1"]]


@pytest.mark.parametrize(
    "status", [AccountStatus.CLOSED, AccountStatus.DEREGISTERED, AccountStatus.MOVED, AccountStatus.CLOSING]
)
def test_only_running_accounts_stand_beside_one_another(status):
    other = replace(ACCOUNT, account_id="2", status=status, followers=10**6)
    [fact, *_] = compared(ACCOUNT, other)
    assert bool(fact.same_unit) is (status is AccountStatus.CLOSING)
    assert fact.main


def test_ids_and_names_are_the_same_whatever_their_width_and_case():
    a = replace(ACCOUNT, account_id="gh_ABC", sponsor="甲局")
    b = replace(ACCOUNT, account_id="ｇｈ_abc", sponsor="乙局")
    c = replace(ACCOUNT, account_id="gh_x", sponsor="丙局")
    fact = compared(a, b, c)[0]
    assert [p.sponsor for p in fact.same_id] == ["乙局"]
    assert [p.sponsor for p in fact.same_name] == ["丙局"]
    assert fact.same_unit == ()


def test_other_platforms_and_other_units_are_no_peers():
    others = [replace(ACCOUNT, platform=Platform.DOUYIN), replace(ACCOUNT, account_id="9", sponsor="乙局", name="乙")]
    fact = compared(ACCOUNT, *others)[0]
    assert (fact.same_unit, fact.same_id, fact.same_name) == ((), (), ())


# account.closed_publishing

CLOSED = replace(ACCOUNT, status=AccountStatus.CLOSED, closed_on=day(30))


@pytest.mark.parametrize(("age", "failed"), [(31, False), (30, False), (29, True), (0, True)])
def test_a_closed_account_must_not_publish_after_the_day_of_its_closing(age, failed):
    assessment = rule("account.closed_publishing", CLOSED, [account_reading(NOW, ago(days=age))])
    assert assessment.status is (Status.FAILED if failed else Status.PASSED)


def test_what_cannot_be_known_of_a_closed_account_is_untested():
    seen = [account_reading(NOW, ago(days=1))]
    assert rule("account.closed_publishing", replace(CLOSED, closed_on=None), seen).status is Status.UNTESTED
    down = [account_reading(NOW, source_ok=False, error="HTTP 502")]
    assert rule("account.closed_publishing", CLOSED, down).status is Status.UNTESTED
    claimed = [account_reading(NOW, ago(days=1), basis=DateBasis.SELF_REPORTED)]
    assert rule("account.closed_publishing", CLOSED, claimed).status is Status.PASSED


def test_a_date_that_editing_moves_is_only_a_warning():
    seen = [account_reading(NOW, ago(days=1), basis=DateBasis.UPDATED)]
    assert severities(rule("account.closed_publishing", CLOSED, seen)) == [Severity.WARNING]


# account.unfiled


@pytest.mark.parametrize(
    ("filed", "age", "status"),
    [
        (None, 1, Status.PASSED),
        (True, 1, Status.PASSED),
        (False, 1, Status.FAILED),
        (False, 31, Status.FAILED),
        (False, 32, Status.UNTESTED),
    ],
)
def test_an_account_known_not_to_be_filed_must_not_publish(filed, age, status):
    assert (
        rule("account.unfiled", replace(ACCOUNT, filed=filed), [account_reading(NOW, ago(days=age))]).status is status
    )


# account.app_unlisted


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ([listing(NOW, True)], Status.PASSED),
        ([listing(NOW, False)], Status.UNTESTED),
        ([listing(ago(hours=23), False), listing(NOW, False)], Status.UNTESTED),
        ([listing(ago(hours=24), False), listing(NOW, False)], Status.FAILED),
        ([listing(ago(hours=48), False), listing(ago(hours=10), True), listing(NOW, False)], Status.UNTESTED),
        ([listing(ago(hours=25), False), listing(ago(hours=9), None), listing(NOW, False)], Status.FAILED),
        ([listing(ago(hours=25), False), listing(NOW, True)], Status.PASSED),
        ([listing(NOW, None, error="HTTP 403")], Status.UNTESTED),
        ([listing(ago(hours=80), False), listing(ago(hours=50), False)], Status.UNTESTED),
    ],
)
def test_an_app_is_unlisted_when_two_looks_a_day_apart_agree(facts, status):
    assert rule("account.app_unlisted", APP, facts).status is status


def test_what_is_no_app_is_exempt():
    assert rule("account.app_unlisted", ACCOUNT, [listing(NOW, False)]).exempt
