"""政务新媒体不更新: silence must be proved twice; freshness once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from checks import AccountStatus, DateBasis, Severity
from checks.core.account_states import AccountState, Turn, standing
from checks.core.assess import Status, suspension
from checks.core.calendar import SHANGHAI
from tests.checks.facts import ACCOUNT, NOW, account_reading, ago, day, rule

FULL = day(60)


def twice(latest: datetime | None, **fields) -> list:
    """Two healthy readings, a day apart, of a list that goes back two months."""
    return [account_reading(at, latest, covered_from=FULL, **fields) for at in (ago(days=1), NOW)]


@pytest.mark.parametrize(
    ("age", "status", "severity"),
    [
        (9, Status.PASSED, None),
        (10, Status.PASSED, Severity.WARNING),
        (13, Status.PASSED, Severity.WARNING),
        (14, Status.PASSED, Severity.WARNING),
        (15, Status.FAILED, Severity.PROBLEM),
    ],
)
def test_an_account_is_dormant_after_fourteen_days_and_warned_of_after_ten(age, status, severity):
    assessment = rule("account.dormant", ACCOUNT, twice(ago(days=age)))
    assert assessment.status is status
    assert [f.severity for f in assessment.findings] == ([severity] if severity else [])


def test_the_finding_tells_days_limit_and_evidence():
    facts = twice(ago(days=15))
    [finding] = rule("account.dormant", ACCOUNT, facts).findings
    assert "已 15 天未更新（限 14 天）" in finding.text
    assert set(finding.evidence) == {f.id for f in facts}


@pytest.mark.parametrize(("age", "zombie"), [(89, False), (90, False), (91, True)])
def test_an_account_silent_for_more_than_ninety_days_is_called_a_zombie(age, zombie):
    facts = [account_reading(at, ago(days=age), covered_from=day(200)) for at in (ago(days=1), NOW)]
    [finding] = rule("account.dormant", ACCOUNT, facts).findings
    assert ("僵尸账号" in finding.text) is zombie


def test_a_day_counts_to_its_end():
    midnight = datetime(2026, 11, 10, tzinfo=SHANGHAI)
    evening = datetime(2026, 11, 24, 23, 59, tzinfo=SHANGHAI)
    facts = [account_reading(evening - timedelta(days=n), midnight, covered_from=FULL) for n in (1, 0)]
    assert rule("account.dormant", ACCOUNT, facts, now=evening).status is Status.PASSED
    assert rule("account.dormant", ACCOUNT, facts, now=evening + timedelta(minutes=2)).status is Status.FAILED


def nothing() -> list:
    return []


def source_down() -> list:
    return [account_reading(at, source_ok=False, error="HTTP 502") for at in (ago(days=1), NOW)]


def source_not_set() -> list:
    return [account_reading(NOW, source_ok=False, error="未配置采集方式", adapter="")]


def self_reported_long_ago() -> list:
    return twice(ago(days=40), basis=DateBasis.SELF_REPORTED, adapter="self_report")


def seen_silent_once() -> list:
    return twice(ago(days=30))[1:]


def seen_silent_twice_too_soon() -> list:
    return [account_reading(at, ago(days=30), covered_from=FULL) for at in (ago(hours=5), NOW)]


def list_that_does_not_reach_back() -> list:
    return [account_reading(at, ago(days=30), covered_from=day(13)) for at in (ago(days=1), NOW)]


def list_of_unknown_reach() -> list:
    return [account_reading(at, ago(days=30)) for at in (ago(days=1), NOW)]


def list_with_undated_items() -> list:
    return twice(ago(days=30), undated=1)


def empty_list() -> list:
    return [account_reading(at) for at in (ago(days=1), NOW)]


def list_dated_in_the_future() -> list:
    return twice(ago(days=-30))


def silent_but_not_asked_since() -> list:
    return [account_reading(at, ago(days=30), covered_from=FULL) for at in (ago(hours=61), ago(hours=37))]


def only_what_the_unit_named() -> list:
    return twice(ago(days=30), basis=DateBasis.PROOF_PAGE, adapter="proof_url")


def list_that_the_source_itself_doubts() -> list:
    return twice(ago(days=30), doubt="阅读数据尚未定稿；请监测单位次日再查")


def source_whose_canary_is_silent() -> list:
    return twice(ago(days=30), source_ok=False, error="来源异常：哨兵账号已 4 天没有新内容")


def in_time_when_last_looked_at() -> list:
    """The fifteenth day has come, but the last look was on the fourteenth."""
    return [account_reading(at, ago(days=15), covered_from=FULL) for at in (ago(hours=44), ago(hours=20))]


def statistics_that_end_with_yesterday_in_time() -> list:
    return [
        account_reading(at, ago(days=15), covered_from=FULL, covered_to=end, adapter="wechat_official")
        for at, end in ((ago(days=1), day(2)), (NOW, day(1)))
    ]


def statistics_of_the_same_day_read_twice() -> list:
    return [
        account_reading(at, ago(days=30), covered_from=FULL, covered_to=day(1), adapter="wechat_official")
        for at in (ago(hours=8), NOW)
    ]


@pytest.mark.parametrize(
    "facts",
    [
        nothing,
        source_down,
        source_not_set,
        self_reported_long_ago,
        seen_silent_once,
        seen_silent_twice_too_soon,
        list_that_does_not_reach_back,
        list_of_unknown_reach,
        list_with_undated_items,
        empty_list,
        list_dated_in_the_future,
        silent_but_not_asked_since,
        only_what_the_unit_named,
        list_that_the_source_itself_doubts,
        source_whose_canary_is_silent,
        in_time_when_last_looked_at,
        statistics_that_end_with_yesterday_in_time,
        statistics_of_the_same_day_read_twice,
    ],
    ids=lambda scenario: scenario.__name__,
)
def test_silence_that_is_not_proved_is_untested_and_the_reason_names_who_must_act(facts):
    assessment = rule("account.dormant", ACCOUNT, facts())
    assert assessment.status is Status.UNTESTED
    assert not assessment.findings
    assert any(who in assessment.reason for who in ("请监测单位", "请主办单位", "由系统自动复查"))


@pytest.mark.parametrize(("hours", "status"), [(5, Status.UNTESTED), (6, Status.FAILED), (7, Status.FAILED)])
def test_the_second_reading_must_lie_six_hours_apart(hours, status):
    facts = [account_reading(at, ago(days=30), covered_from=FULL) for at in (ago(hours=hours), NOW)]
    assert rule("account.dormant", ACCOUNT, facts).status is status


def test_another_source_confirms_at_once():
    facts = [account_reading(NOW, ago(days=30), covered_from=FULL, adapter=name) for name in ("feed", "api")]
    assert rule("account.dormant", ACCOUNT, facts).status is Status.FAILED


@pytest.mark.parametrize(("reach", "status"), [(15, Status.FAILED), (14, Status.FAILED), (13, Status.UNTESTED)])
def test_the_list_must_reach_back_two_weeks(reach, status):
    facts = [account_reading(at, None, covered_from=day(reach)) for at in (ago(days=1), NOW)]
    assert rule("account.dormant", ACCOUNT, facts).status is status


@pytest.mark.parametrize(("hours", "status"), [(36, Status.FAILED), (37, Status.UNTESTED)])
def test_the_last_reading_must_be_recent(hours, status):
    facts = [account_reading(at, ago(days=30), covered_from=FULL) for at in (ago(hours=hours + 24), ago(hours=hours))]
    assert rule("account.dormant", ACCOUNT, facts).status is status


def test_a_self_reported_date_proves_freshness():
    facts = [*twice(ago(days=30)), account_reading(NOW, ago(days=2), basis=DateBasis.SELF_REPORTED)]
    assert rule("account.dormant", ACCOUNT, facts).status is Status.PASSED


def test_a_publication_seen_earlier_counts_though_the_source_is_down_now():
    facts = [account_reading(ago(days=5), ago(days=6)), *source_down()]
    assert rule("account.dormant", ACCOUNT, facts).status is Status.PASSED


def test_an_account_opened_this_week_owes_no_fortnight():
    young = replace(ACCOUNT, opened_on=day(5))
    assert rule("account.dormant", young, twice(None)).status is Status.UNTESTED
    grown = replace(ACCOUNT, opened_on=day(14))
    assert rule("account.dormant", grown, twice(None)).status is Status.FAILED


@pytest.mark.parametrize("status", list(AccountStatus))
def test_an_account_keeps_its_duty_until_it_is_closed(status):
    suspended = suspension(replace(ACCOUNT, status=status), None, NOW)
    assert bool(suspended) is (status not in (AccountStatus.ACTIVE, AccountStatus.CLOSING))


def test_a_publication_dated_tomorrow_is_taken_for_one_of_today():
    assert rule("account.dormant", ACCOUNT, twice(ago(days=-1))).status is Status.PASSED


def test_statistics_that_end_with_yesterday_prove_silence_up_to_yesterday():
    facts = [
        account_reading(at, ago(days=16), covered_from=day(16), covered_to=end, adapter="wechat_official")
        for at, end in ((ago(days=1), day(2)), (NOW, day(1)))
    ]
    [finding] = rule("account.dormant", ACCOUNT, facts).findings
    assert "已 15 天未更新（限 14 天）" in finding.text
    assert f"（截至 {day(1)}）" in finding.text


@pytest.mark.parametrize(("reach", "status"), [(16, Status.FAILED), (15, Status.FAILED), (14, Status.UNTESTED)])
def test_statistics_must_reach_two_weeks_back_from_their_own_last_day(reach, status):
    facts = [
        account_reading(at, None, covered_from=day(reach), covered_to=end, adapter="wechat_official")
        for at, end in ((ago(days=1), day(2)), (NOW, day(1)))
    ]
    assert rule("account.dormant", ACCOUNT, facts).status is status


def test_a_publication_that_a_sick_source_shows_took_place():
    facts = twice(ago(days=3), source_ok=False, error="来源异常")
    assert rule("account.dormant", ACCOUNT, facts).status is Status.PASSED


def test_an_undated_item_that_came_up_between_two_looks_proves_freshness():
    looks = [
        account_reading(at, undated=len(marks), marks=marks)
        for at, marks in ((ago(days=2), ("a", "b")), (ago(days=1), ("a", "b")), (NOW, ("c", "a")))
    ]
    assert rule("account.dormant", ACCOUNT, looks).status is Status.PASSED
    assert rule("account.dormant", ACCOUNT, looks[:2]).status is Status.UNTESTED
    assert rule("account.dormant", ACCOUNT, looks[2:]).status is Status.UNTESTED


def test_an_empty_but_complete_list_over_ninety_days_is_a_zombie():
    facts = [account_reading(at, None, covered_from=day(91)) for at in (ago(days=1), NOW)]
    [finding] = rule("account.dormant", ACCOUNT, facts).findings
    assert finding.details["zombie"] is True
    facts = [account_reading(at, None, covered_from=day(90)) for at in (ago(days=1), NOW)]
    [finding] = rule("account.dormant", ACCOUNT, facts).findings
    assert finding.details["zombie"] is False


@pytest.mark.parametrize(
    ("facts", "state", "turn"),
    [
        (twice(ago(days=1)), AccountState.ALIVE, Turn.NOBODY),
        (twice(ago(days=12)), AccountState.DUE, Turn.OWNER),
        (twice(ago(days=30)), AccountState.SILENT, Turn.OWNER),
        ([account_reading(at, ago(days=100), covered_from=day(200)) for at in (ago(days=1), NOW)],
         AccountState.ZOMBIE, Turn.OWNER),
        (source_down(), AccountState.UNKNOWN, Turn.WATCHER),
        (self_reported_long_ago(), AccountState.UNKNOWN, Turn.OWNER),
        (seen_silent_once(), AccountState.UNKNOWN, Turn.MACHINE),
    ],
)  # fmt: skip
def test_the_state_of_an_account_follows_from_the_ruling(facts, state, turn):
    found = standing(ACCOUNT, rule("account.dormant", ACCOUNT, facts))
    assert (found.state, found.turn) == (state, turn)
    assert bool(found.reason) is (state is not AccountState.ALIVE)


def test_a_closed_account_is_closed_whatever_was_ruled():
    closed = replace(ACCOUNT, status=AccountStatus.DEREGISTERED)
    assert standing(closed, None).state is AccountState.CLOSED
    assert standing(ACCOUNT, None).state is AccountState.UNKNOWN
