"""按期发布: quarterly items and annual reports, at the limit, before and after."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from checks import ColumnCategory, Severity, all_checks
from checks.core.assess import Assessment, Status
from checks.core.standard import load_standard
from tests.checks.facts import NEWS, reading, rule

YUNNAN = {item.id: item for item in load_standard("yunnan-minzheng").calendar}
QUARTERLY = replace(NEWS, name="城乡低保", category=ColumnCategory.PERIODIC)
ANNUAL = replace(NEWS, name="政府网站工作年度报表", category=ColumnCategory.PERIODIC)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


def ruled(today: date, *dates: date | None, column=QUARTERLY, titles: tuple[str, ...] = (), **fields) -> Assessment:
    now = noon(today)
    read = reading(now, *dates, of=column, **fields)
    if titles:
        items = tuple(replace(i, title=t) for i, t in zip(read.items, titles, strict=True))
        read = replace(read, items=items)
    return rule("column.calendar", column, [read], now=now, items=tuple(YUNNAN.values()))


@pytest.mark.parametrize(
    ("today", "newest", "status"),
    [
        # the third quarter may be published until 31 October
        (date(2026, 10, 31), date(2026, 4, 1), Status.PASSED),  # the second quarter was served
        (date(2026, 10, 31), date(2026, 3, 31), Status.FAILED),
        (date(2026, 11, 1), date(2026, 6, 30), Status.FAILED),
        (date(2026, 11, 1), date(2026, 7, 1), Status.PASSED),
        (date(2026, 11, 1), date(2026, 10, 31), Status.PASSED),
        (date(2026, 11, 24), date(2026, 11, 2), Status.PASSED),  # late, but there
        (date(2027, 1, 15), date(2026, 6, 30), Status.FAILED),
    ],
)
def test_a_quarterly_item_is_asked_of_each_quarter(today, newest, status):
    assert ruled(today, newest, date(2025, 12, 1)).status is status


@pytest.mark.parametrize(
    ("today", "newest", "status"),
    [
        (date(2026, 1, 31), date(2025, 1, 20), Status.PASSED),  # this year's is not late yet
        (date(2026, 1, 31), date(2024, 12, 31), Status.FAILED),
        (date(2026, 2, 1), date(2025, 1, 20), Status.FAILED),
        (date(2026, 2, 1), date(2026, 1, 31), Status.PASSED),
        (date(2026, 12, 31), date(2025, 12, 31), Status.FAILED),
    ],
)
def test_an_annual_report_is_due_on_31_january(today, newest, status):
    assert ruled(today, newest, column=ANNUAL).status is status


@pytest.mark.parametrize(
    ("today", "status"),
    [(date(2026, 3, 31), Status.PASSED), (date(2026, 4, 1), Status.FAILED)],
)
def test_the_report_on_disclosure_is_due_on_31_march_where_a_column_serves_government_and_departments(today, status):
    column = replace(ANNUAL, name="政府信息公开年报")
    assert ruled(today, date(2025, 1, 20), column=column).status is status


def test_other_yearly_books_are_not_asked_for():
    limits = load_standard("gwb-2019").limits["column.calendar"]
    for name in ("统计年报", "企业年度报告公示", "年度报告"):
        assert all_checks()["column.calendar"].exempt(replace(ANNUAL, name=name), limits)


def test_a_report_that_names_its_year_counts_whenever_it_was_dated():
    named = ruled(date(2026, 2, 1), date(2025, 12, 30), column=ANNUAL, titles=("某县2025年政府网站工作年度报表",))
    assert named.status is Status.PASSED
    older = ruled(date(2026, 2, 1), date(2025, 1, 30), column=ANNUAL, titles=("某县2024年政府网站工作年度报表",))
    assert older.status is Status.FAILED


def test_a_finding_tells_item_span_limit_and_the_newest():
    [finding] = ruled(date(2026, 11, 1), date(2026, 6, 30)).problems
    assert finding.key == "YN-Q1"
    assert (
        "2026年第三季度未见发布城乡低保季度信息（限 1 条以上，最迟 2026-10-31），最近一条为 2026-06-30" in finding.text
    )


@pytest.mark.parametrize(("today", "warned"), [(date(2026, 1, 16), False), (date(2026, 1, 17), True)])
def test_the_end_of_the_term_is_warned_of(today, warned):
    assessment = ruled(today, date(2025, 1, 20), column=ANNUAL)
    assert assessment.status is Status.PASSED
    assert [f.severity for f in assessment.findings] == [Severity.WARNING] * warned


def test_undated_items_prove_no_absence():
    assessment = ruled(date(2026, 11, 1), date(2026, 6, 30), None)
    assert assessment.status is Status.UNTESTED
    assert "未标注日期" in assessment.reason
    assert ruled(date(2026, 11, 1), date(2026, 7, 1), None).status is Status.PASSED


@pytest.mark.parametrize("fields", [{"readable": False, "reason": "列表由脚本加载"}, {"says_empty": True}])
def test_a_list_that_was_not_read_or_is_blank_is_untested_here(fields):
    assert ruled(date(2026, 11, 1), **fields).status is Status.UNTESTED


def test_a_list_that_does_not_go_back_far_enough_proves_nothing_of_a_titled_item():
    item = replace(YUNNAN["YN-Q1"], titles=("低保",))
    now = noon(date(2026, 11, 1))

    def read(*days: date) -> Assessment:
        listed = reading(now, *days, of=QUARTERLY)
        return rule("column.calendar", QUARTERLY, [listed], now=now, items=(item,))

    assert read(date(2026, 10, 1), date(2026, 7, 1)).status is Status.UNTESTED
    assert read(date(2026, 10, 1), date(2026, 6, 30)).status is Status.FAILED


def test_columns_that_no_calendar_names_are_exempt():
    check = all_checks()["column.calendar"]
    limits = load_standard("yunnan-minzheng").limits["column.calendar"]
    assert check.exempt(NEWS, limits)
    assert not check.exempt(QUARTERLY, limits)
    assert check.exempt(QUARTERLY, load_standard("gwb-2019").limits["column.calendar"])
    assert not check.exempt(ANNUAL, load_standard("gwb-2019").limits["column.calendar"])


def test_an_item_published_since_settles_its_entry_and_no_other():
    passed = ruled(date(2026, 11, 1), date(2026, 7, 1))
    assert passed.settles("YN-Q1")
    assert not passed.settles("YN-Q2")


def test_an_old_reading_is_no_proof():
    then = noon(date(2026, 11, 1))
    stale = reading(then - timedelta(days=4), date(2026, 6, 30), of=QUARTERLY)
    assert rule("column.calendar", QUARTERLY, [stale], now=then, items=tuple(YUNNAN.values())).status is Status.UNTESTED
