"""栏目不更新, 应更新未更新 and 空白栏目."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from checks import Column, ColumnCategory, DateBasis, Outcome, Severity
from checks.core.assess import Status
from tests.checks.facts import NEWS, NOW, ago, day, reading, rule


def column(category: ColumnCategory, **fields) -> Column:
    return replace(NEWS, category=category, name=str(category), **fields)


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
def test_news_are_stale_after_fourteen_days(age, status, severity):
    assessment = rule("column.stale", NEWS, [reading(NOW, day(age), day(age + 1))])
    assert assessment.status is status
    assert [f.severity for f in assessment.findings] == ([severity] if severity else [])


def test_the_finding_tells_days_limit_and_evidence():
    fact = reading(NOW, day(15))
    [finding] = rule("column.stale", NEWS, [fact]).findings
    assert "已 15 天未更新（限 14 天），最新信息日期为 2026-11-09" in finding.text
    assert finding.evidence == (fact.id,)
    assert finding.url == NEWS.url


@pytest.mark.parametrize("category", [ColumnCategory.NOTICES, ColumnCategory.POLICY])
@pytest.mark.parametrize(
    ("newest", "status"),
    [
        (date(2026, 5, 25), Status.PASSED),
        (date(2026, 5, 24), Status.PASSED),  # six calendar months to the day
        (date(2026, 5, 23), Status.FAILED),
    ],
)
def test_notices_and_policy_files_are_stale_after_six_calendar_months(category, newest, status):
    assessment = rule("column.stale", column(category), [reading(NOW, newest)])
    assert assessment.status is status
    assert "限 6 个月" in assessment.findings[0].text  # nearly late is warned of


@pytest.mark.parametrize(("age", "warned"), [(131, False), (132, True)])
def test_notices_are_warned_of_at_ten_fourteenths_of_the_six_months(age, warned):
    # 184 days; 10/14 of them are 131.4
    assessment = rule("column.stale", column(ColumnCategory.NOTICES), [reading(NOW, day(age))])
    assert bool(assessment.findings) is warned


@pytest.mark.parametrize(
    "exempt",
    [
        column(ColumnCategory.STATIC),
        column(ColumnCategory.PERIODIC),
        column(ColumnCategory.INTERPRETATION),
        column(ColumnCategory.NOTICES, top_level=False),
        column(ColumnCategory.POLICY, top_level=False),
    ],
    ids=lambda c: f"{c.category}{c.top_level}",
)
def test_other_columns_are_never_stale_and_the_reason_says_so(exempt):
    assessment = rule("column.stale", exempt, [reading(NOW, day(2000))])
    assert assessment.status is Status.PASSED
    assert assessment.exempt


def unreadable() -> list:
    return [reading(NOW, readable=False, reason="列表由脚本加载")]


def blocked() -> list:
    return [reading(NOW, readable=False, outcome=Outcome.BLOCKED)]


def nothing() -> list:
    return []


def long_ago() -> list:
    return [reading(ago(hours=73), day(30))]


def undated_once() -> list:
    return [reading(NOW, None, None)]


def undated_twice_too_soon() -> list:
    return [reading(ago(hours=11), None, None), reading(NOW, None, None)]


def mostly_undated() -> list:
    return [reading(NOW, day(30), None, None)]


def only_future_dates() -> list:
    return [reading(NOW, day(-5), day(-2))]


@pytest.mark.parametrize(
    "facts",
    [unreadable, blocked, nothing, long_ago, undated_once, undated_twice_too_soon, mostly_undated, only_future_dates],
    ids=lambda scenario: scenario.__name__,
)
@pytest.mark.parametrize("check", ["column.stale", "column.neglected"])
def test_what_could_not_be_seen_is_untested_and_never_stale(check, facts):
    subject = NEWS if check == "column.stale" else column(ColumnCategory.PERIODIC, limit_days=20)
    assessment = rule(check, subject, facts())
    assert assessment.status is Status.UNTESTED
    assert assessment.reason
    assert not assessment.findings


def test_a_list_read_three_days_ago_still_counts_where_later_readings_failed():
    facts = [reading(ago(hours=72), day(18)), *unreadable()]
    assert rule("column.stale", NEWS, facts).status is Status.FAILED


@pytest.mark.parametrize(("hours", "status"), [(11, Status.UNTESTED), (12, Status.FAILED), (13, Status.FAILED)])
def test_rows_without_any_date_count_as_not_updated_once_two_readings_agree(hours, status):
    facts = [reading(ago(hours=hours), None, None), reading(NOW, None, None)]
    assessment = rule("column.stale", NEWS, facts)
    assert assessment.status is status
    if assessment.findings:
        assert "2 条信息均未标注日期" in assessment.findings[0].text


def test_a_date_read_yesterday_outweighs_a_reading_without_dates():
    facts = [reading(ago(days=1), day(2), None), reading(NOW, None, None)]
    assert rule("column.stale", NEWS, facts).status is Status.PASSED


def test_dates_read_in_the_articles_speak_for_a_list_that_prints_none():
    facts = [reading(NOW, day(30), day(31), day(40), basis=DateBasis.ARTICLE, undated=17)]
    assert rule("column.stale", NEWS, facts).status is Status.FAILED


def test_a_future_date_is_passed_over_for_the_next_one():
    assert rule("column.stale", NEWS, [reading(NOW, day(-40), day(15))]).status is Status.FAILED
    assert rule("column.stale", NEWS, [reading(NOW, day(-40), day(3))]).status is Status.PASSED


def test_a_pinned_old_item_does_not_hide_a_new_one():
    assert rule("column.stale", NEWS, [reading(NOW, day(400), day(1))]).status is Status.PASSED


def test_a_column_that_holds_nothing_is_empty_and_not_stale():
    facts = [reading(ago(days=1)), reading(NOW)]
    assert rule("column.stale", NEWS, facts).status is Status.PASSED
    assert rule("column.empty", NEWS, facts).status is Status.FAILED


def test_readings_of_an_address_since_corrected_do_not_accuse():
    moved = replace(NEWS, url=NEWS.url + "new/")
    assert rule("column.stale", moved, [reading(NOW, day(300))]).status is Status.UNTESTED


@pytest.mark.parametrize(
    ("age", "status", "severity"),
    [
        (21, Status.PASSED, None),
        (22, Status.PASSED, Severity.WARNING),
        (29, Status.PASSED, Severity.WARNING),
        (30, Status.PASSED, Severity.WARNING),
        (31, Status.FAILED, Severity.PROBLEM),
    ],
)
def test_a_column_is_neglected_after_its_own_limit(age, status, severity):
    assessment = rule("column.neglected", column(ColumnCategory.PERIODIC, limit_days=30), [reading(NOW, day(age))])
    assert assessment.status is status
    assert [f.severity for f in assessment.findings] == ([severity] if severity else [])


@pytest.mark.parametrize(
    ("subject", "limit"),
    [
        (column(ColumnCategory.PERIODIC), 365),
        (column(ColumnCategory.INTERPRETATION), 365),
        (column(ColumnCategory.NOTICES, top_level=False), 365),
        (column(ColumnCategory.INTERACTION, limit_days=60), 60),
    ],
    ids=lambda value: str(getattr(value, "category", value)),
)
def test_where_the_registry_gives_no_limit_that_of_the_category_holds(subject, limit):
    assert rule("column.neglected", subject, [reading(NOW, day(limit))]).status is Status.PASSED
    late = rule("column.neglected", subject, [reading(NOW, day(limit + 1))])
    assert late.status is Status.FAILED
    assert f"限 {limit} 天" in late.findings[0].text


@pytest.mark.parametrize(
    "exempt",
    [
        NEWS,
        column(ColumnCategory.NOTICES),
        column(ColumnCategory.POLICY),
        column(ColumnCategory.STATIC, limit_days=5),
        column(ColumnCategory.INTERACTION),
    ],
    ids=lambda c: str(c.category),
)
def test_no_column_is_both_stale_and_neglected_nor_neglected_without_a_limit(exempt):
    assert rule("column.neglected", exempt, [reading(NOW, day(2000))]).exempt


@pytest.mark.parametrize(("hours", "status"), [(11, Status.UNTESTED), (12, Status.FAILED), (13, Status.FAILED)])
def test_a_column_is_empty_once_two_readings_agree(hours, status):
    assert rule("column.empty", NEWS, [reading(ago(hours=hours)), reading(NOW)]).status is status


def test_a_column_of_one_row_is_not_empty():
    assert rule("column.empty", NEWS, [reading(ago(days=1), None), reading(NOW, None)]).status is Status.PASSED


def test_a_page_that_says_so_itself_is_empty():
    facts = [reading(ago(days=1), says_empty=True, undated=1), reading(NOW, says_empty=True, undated=1)]
    [finding] = rule("column.empty", NEWS, facts).findings
    assert "页面注明暂无内容" in finding.text


def test_dated_rows_outweigh_a_no_content_notice_elsewhere_on_the_page():
    facts = [reading(ago(days=1), day(3), says_empty=True), reading(NOW, day(3), says_empty=True)]
    assert rule("column.empty", NEWS, facts).status is Status.PASSED


def test_an_empty_reading_between_full_ones_is_not_believed():
    facts = [reading(ago(days=2)), reading(ago(days=1), day(1)), reading(NOW)]
    assert rule("column.empty", NEWS, facts).status is Status.UNTESTED


@pytest.mark.parametrize("facts", [unreadable, blocked, nothing], ids=lambda scenario: scenario.__name__)
def test_a_list_that_was_not_read_is_not_empty(facts):
    assert rule("column.empty", NEWS, facts()).status is Status.UNTESTED


def test_a_static_column_may_be_empty_too():
    subject = column(ColumnCategory.STATIC)
    assert rule("column.empty", subject, [reading(ago(days=1)), reading(NOW)]).status is Status.FAILED
