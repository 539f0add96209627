"""首页不更新: two weeks of monitoring without a new item, dated or not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from checks import ListReading, Severity
from checks.core.assess import Status
from tests.checks.facts import NOW, SITE, ago, day, reading, rule


def daily(*dates, days: int = 15, **fields) -> list[ListReading]:
    """A reading a day over so many days, all alike."""
    return [reading(ago(days=n), *dates, of=SITE, **fields) for n in range(days, -1, -1)]


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
def test_a_home_page_is_stale_after_fourteen_days_and_warned_of_after_ten(age, status, severity):
    assessment = rule("site.homepage_stale", SITE, daily(day(age), day(age + 3)))
    assert assessment.status is status
    assert [f.severity for f in assessment.findings] == ([severity] if severity else [])


def test_the_finding_tells_days_and_limit():
    [finding] = rule("site.homepage_stale", SITE, daily(day(15))).findings
    assert "已 15 天未更新（限 14 天），最新信息日期为 2026-11-09" in finding.text
    assert finding.evidence


@pytest.mark.parametrize(("days", "status"), [(13, Status.UNTESTED), (14, Status.FAILED), (15, Status.FAILED)])
def test_an_old_home_page_is_judged_only_after_two_weeks_of_monitoring(days, status):
    assert rule("site.homepage_stale", SITE, daily(day(60), days=days)).status is status


def test_a_fresh_home_page_passes_at_the_first_reading():
    assert rule("site.homepage_stale", SITE, [reading(NOW, day(1), of=SITE)]).status is Status.PASSED


def test_a_gap_in_the_monitoring_allows_no_judgement():
    gap = [r for r in daily(day(60)) if not ago(days=9) < r.at < ago(days=5)]
    assessment = rule("site.homepage_stale", SITE, gap)
    assert assessment.status is Status.UNTESTED
    assert "监测中断过 96 小时（限 3 天）" in assessment.reason


def test_an_unreadable_last_reading_is_untested_with_its_reason():
    facts = [*daily(day(60))[:-1], reading(NOW, of=SITE, readable=False, reason="页面由脚本生成")]
    assessment = rule("site.homepage_stale", SITE, facts)
    assert assessment.status is Status.UNTESTED
    assert "页面由脚本生成" in assessment.reason


def test_a_home_page_without_any_item_is_untested():
    assert rule("site.homepage_stale", SITE, daily()).status is Status.UNTESTED


def test_nothing_read_yet_is_untested():
    assert rule("site.homepage_stale", SITE, []).status is Status.UNTESTED


def test_dates_in_the_future_prove_no_update():
    assert rule("site.homepage_stale", SITE, daily(day(-30), day(60))).status is Status.FAILED


def test_a_date_of_tomorrow_is_taken_for_one_of_today():
    assert rule("site.homepage_stale", SITE, daily(day(-1))).status is Status.PASSED


def test_an_undated_home_page_passes_where_new_items_appeared():
    facts = daily(None, fingerprints=["a", "b"])
    facts.append(reading(NOW + timedelta(minutes=-1), None, of=SITE, fingerprints=["b", "c"]))
    assert rule("site.homepage_stale", SITE, facts).status is Status.PASSED


def test_an_undated_home_page_on_which_nothing_appeared_for_two_weeks_fails():
    assessment = rule("site.homepage_stale", SITE, daily(None, fingerprints=["a", "b"]))
    assert assessment.status is Status.FAILED
    assert "连续监测 15 天未出现新信息（限 14 天）" in assessment.findings[0].text


def test_an_undated_home_page_is_untested_at_first():
    assert rule("site.homepage_stale", SITE, daily(None, days=5, fingerprints=["a"])).status is Status.UNTESTED


def test_items_that_only_come_and_go_are_no_news():
    facts = daily(None, fingerprints=["a", "b"])
    rotating = [reading(r.at, None, of=SITE, fingerprints=["a"] if n % 2 else ["a", "b"]) for n, r in enumerate(facts)]
    assert rule("site.homepage_stale", SITE, rotating).status is Status.FAILED


def test_a_stricter_limit_below_the_warning_line_still_fails():
    assert rule("site.homepage_stale", SITE, daily(day(8)), days=7).status is Status.FAILED


@pytest.mark.parametrize(("hours", "status"), [(71, Status.FAILED), (72, Status.FAILED), (73, Status.UNTESTED)])
def test_three_days_without_a_reading_are_still_monitoring(hours, status):
    hole_begins = ago(days=8)
    hole_ends = hole_begins + timedelta(hours=hours)
    facts = [r for r in daily(day(60)) if not hole_begins < r.at < hole_ends]
    facts.append(reading(hole_ends, day(60), of=SITE))
    assert rule("site.homepage_stale", SITE, facts).status is status


def test_what_an_unreadable_page_seems_to_list_proves_nothing():
    facts = [*daily(day(60)), reading(ago(hours=1), day(1), of=SITE, readable=False), reading(NOW, day(60), of=SITE)]
    assert rule("site.homepage_stale", SITE, facts).status is Status.FAILED


def test_a_home_page_whose_second_level_was_not_all_read_is_untested():
    facts = [reading(ago(days=n), day(60), of=SITE) for n in range(15, -1, -1)]
    facts[-1] = replace(facts[-1], unproven="首页只有导航，3 个二级页面中有 1 个未读到")
    assessment = rule("site.homepage_stale", SITE, facts)
    assert assessment.status is Status.UNTESTED
    assert "二级页面中有 1 个未读到" in assessment.reason


def test_the_finding_on_a_home_page_names_the_newest_item_with_its_basis():
    facts = [reading(ago(days=n), day(60), of=SITE) for n in range(15, -1, -1)]
    [finding] = rule("site.homepage_stale", SITE, facts).findings
    assert f"最新信息日期为 {day(60)}（列表标注），标题为“第 0 条”" in finding.text
    assert finding.details["newest_title"] == "第 0 条"
