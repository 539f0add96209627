"""公文上网时限 in working days, and 政策文件与解读相互链接."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from checks import Severity
from checks.core.assess import Assessment, Status
from checks.core.standard import load_standard
from checks.core.workdays import NO_CALENDAR, with_workdays
from tests.checks.facts import SITE, rule
from tests.checks.handed_in import WORKDAYS, document, pairs, register

ISSUED = date(2026, 9, 24)  # Thursday; 20 working days later, over the holidays, is Wednesday 28 October
NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)


def ruled(*files, today: date | None = None, **limits) -> Assessment:
    now = datetime(today.year, today.month, today.day, 4, tzinfo=UTC) if today else NOW
    return rule("site.policy_files", SITE, [register(*files, at=now)], now=now, **{"workdays": WORKDAYS, **limits})


@pytest.mark.parametrize(
    ("today", "status"),
    [(date(2026, 10, 27), Status.PASSED), (date(2026, 10, 28), Status.PASSED), (date(2026, 10, 29), Status.FAILED)],
)
def test_a_document_must_be_online_within_twenty_working_days(today, status):
    assessment = ruled(document(ISSUED), today=today)
    assert assessment.status is status
    if assessment.problems:
        assert (
            "《某办法》（某府发〔2026〕1号）印发后已 21 个工作日未上网（限 20 个工作日" in assessment.problems[0].text
        )


@pytest.mark.parametrize(("online", "warned"), [(date(2026, 10, 28), False), (date(2026, 10, 29), True)])
def test_what_came_online_late_is_told_and_put_on_no_ledger(online, warned):
    assessment = ruled(document(ISSUED, published=online))
    assert assessment.status is Status.PASSED
    assert [f.severity for f in assessment.findings] == [Severity.WARNING] * warned


def test_a_document_that_is_not_for_disclosure_has_no_term():
    assert ruled(document(ISSUED, active=False)).findings == ()


@pytest.mark.parametrize(("today", "status"), [(date(2026, 9, 29), Status.PASSED), (date(2026, 9, 30), Status.FAILED)])
def test_the_gazette_has_three_working_days_where_the_edition_asks(today, status):
    file = document(ISSUED, normative=True)
    assert ruled(file, today=today, gazette_workdays=3).status is status
    assert ruled(file, today=today).status is Status.PASSED
    assert load_standard("yunnan-minzheng").limits["site.policy_files"].gazette_workdays == 3


@pytest.mark.parametrize(("today", "status"), [(date(2026, 9, 30), Status.PASSED), (date(2026, 10, 8), Status.FAILED)])
def test_an_interpretation_follows_within_three_working_days(today, status):
    file = document(ISSUED, published=date(2026, 9, 25), interpreted=True)
    assert ruled(file, today=today).status is status
    assert ruled(document(ISSUED, published=date(2026, 9, 25)), today=today).status is Status.PASSED


def test_a_year_without_calendar_is_untested():
    assessment = ruled(document(ISSUED), workdays=NO_CALENDAR)
    assert assessment.status is Status.UNTESTED
    assert "2026 年的放假和调休安排未知" in assessment.reason


def test_an_edition_takes_the_calendar_of_the_deployment():
    standard = with_workdays(load_standard("jishishan"), WORKDAYS)
    assert standard.limits["site.policy_files"].workdays is WORKDAYS


def test_the_latest_register_stands():
    early = register(document(ISSUED), at=datetime(2026, 11, 1, tzinfo=UTC))
    late = register(document(ISSUED, published=date(2026, 10, 1)), at=NOW)
    assessment = rule("site.policy_files", SITE, [late, early], now=NOW, workdays=WORKDAYS)
    assert assessment.status is Status.PASSED
    assert assessment.settles("某府发〔2026〕1号#上网")


def linked(*links, hints=(False, False)) -> Assessment:
    return rule("site.policy_links", SITE, [pairs(*links, hints=hints)], now=NOW)


def test_both_pages_have_to_lead_to_each_other():
    assert linked((True, True)).status is Status.PASSED
    for links, told in (
        ((False, True), "文件页未链接到解读页"),
        ((True, False), "解读页未链接到文件页"),
        ((False, False), "文件页未链接到解读页、解读页未链接到文件页"),
    ):
        [finding] = linked(links).problems
        assert finding.text.endswith(told)


@pytest.mark.parametrize("links", [(None, True), (True, None), (None, None)])
def test_a_page_that_was_not_read_is_untested(links):
    assessment = linked(links)
    assert assessment.status is Status.UNTESTED
    assert "未能完整读取" in assessment.reason


def test_a_page_whose_script_may_show_the_link_is_not_accused():
    assessment = linked((False, True), hints=(True, False))
    assert assessment.status is Status.UNTESTED
    assert "由脚本加载" in assessment.reason
    assert linked((False, False), hints=(True, False)).problems  # the other page is at fault all the same


def test_pairs_are_judged_one_by_one():
    assessment = linked((True, True), (False, True), (None, True))
    assert [f.key for f in assessment.problems] == ["某府发〔2026〕2号"]
    assert assessment.settles("某府发〔2026〕1号")
    assert not assessment.settles("某府发〔2026〕3号")
