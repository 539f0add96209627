"""日期存疑, and what a doubtful date, a changed template or an unread page means for 栏目不更新 and 空白栏目."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from checks import ColumnCategory, DateBasis, ListItem, ListReading, OtherDate, Severity
from checks.core.assess import Status
from tests.checks.facts import NEWS, NOW, ago, day, reading, rule

DOUBTFUL = "column.date_doubtful"


def holding(*items: ListItem, **fields) -> ListReading:
    return replace(reading(NOW), items=items, rows=len(items), undated=sum(not i.published for i in items), **fields)


def item(published: date | None, *others: OtherDate, n: int = 0, **fields) -> ListItem:
    basis = DateBasis.LIST if published else None
    return ListItem(
        title=f"第 {n} 条通知", url=f"{NEWS.url}{n}.html", published=published, basis=basis, others=others, **fields
    )


def other(days: int, basis: DateBasis = DateBasis.ARTICLE, *, made: bool = False) -> OtherDate:
    return OtherDate(day=day(days), basis=basis, made=made)


def doubts(*facts: ListReading, **limits) -> dict[str, str]:
    assessment = rule(DOUBTFUL, NEWS, facts, **limits)
    assert assessment.status is Status.PASSED  # told, and never counted
    assert all(f.severity is Severity.WARNING for f in assessment.findings)
    return {f.key: f.text for f in assessment.findings}


@pytest.mark.parametrize(("apart", "told"), [(6, False), (7, False), (8, True)])
@pytest.mark.parametrize("basis", [DateBasis.ARTICLE, DateBasis.META])
@pytest.mark.parametrize("sign", [1, -1])
def test_two_dates_of_an_item_more_than_seven_days_apart_are_told(apart, told, basis, sign):
    found = doubts(holding(item(day(20), other(20 + sign * apart, basis))))
    assert (list(found) == ["disagreeing"]) is told
    if told:
        assert "限 7 天" in found["disagreeing"]
        assert "相差 8 天" in found["disagreeing"]
        assert str(day(20)) in found["disagreeing"]


def test_an_address_that_differs_is_a_hint_and_no_doubt():
    assert not doubts(holding(item(day(2), other(400, DateBasis.URL))))


@pytest.mark.parametrize(("apart", "told"), [(7, False), (8, True)])
def test_a_pubdate_that_is_the_time_of_generation_is_told_where_it_differs(apart, told):
    found = doubts(holding(item(day(20), other(20 - apart, DateBasis.META, made=True))))
    assert (list(found) == ["generated"]) is told


def test_a_pubdate_that_is_the_time_of_generation_is_told_where_nothing_else_is_printed():
    assert "列表和文章页均未标注日期" in doubts(holding(item(None, other(0, DateBasis.META, made=True))))["generated"]


@pytest.mark.parametrize(("ahead", "told"), [(1, False), (2, True), (40, True)])
def test_a_date_beyond_tomorrow_is_told(ahead, told):
    found = doubts(holding(item(None, other(-ahead, DateBasis.LIST)), item(day(1), n=1)))
    assert (list(found) == ["ahead"]) is told


@pytest.mark.parametrize(("later", "told"), [(7, False), (8, True)])
def test_a_date_that_was_moved_later_between_readings_is_told(later, told):
    found = doubts(holding(item(day(2), other(2 + later, DateBasis.LIST))))
    assert (list(found) == ["changed"]) is told


def test_a_date_that_was_corrected_to_an_earlier_one_is_no_doubt():
    assert not doubts(holding(item(day(20), other(2, DateBasis.LIST))))


def appeared(n: int, published: int, *, absent: int = 1) -> ListItem:
    return item(day(published), n=n, first_seen=day(absent - 1), absent_on=day(absent))


OLD = [item(day(n), n=n) for n in (30, 31, 32)]


@pytest.mark.parametrize(("back", "told"), [(7, False), (8, True)])
def test_a_run_of_items_dated_long_before_the_reading_that_lacked_them_is_told(back, told):
    found = doubts(holding(*(appeared(n, 1 + back) for n in (1, 2, 3)), *OLD))
    assert (list(found) == ["back_dated"]) is told
    if told:
        assert "3 条" in found["back_dated"]


@pytest.mark.parametrize(("items", "told"), [(2, False), (3, True), (4, True)])
def test_a_single_late_item_is_ordinary(items, told):
    found = doubts(holding(*(appeared(n, 15) for n in range(items)), *OLD))
    assert bool(found) is told


def test_what_moved_up_from_a_further_page_is_not_back_dated():
    assert not doubts(holding(item(day(1)), *(appeared(n, 50 + n) for n in (1, 2, 3))))


def test_after_a_gap_in_monitoring_new_items_are_not_back_dated():
    assert not doubts(holding(*(appeared(n, 10 + n, absent=15) for n in (1, 2, 3)), *OLD))


def test_a_list_in_no_order_proves_no_back_dating():
    assert not doubts(holding(*(appeared(n, 15) for n in (1, 2, 3)), *OLD, unproven="列表不按日期排列"))


def test_columns_that_are_not_updated_are_left_alone():
    assert rule(DOUBTFUL, replace(NEWS, category=ColumnCategory.STATIC), []).exempt


@pytest.mark.parametrize(("days", "status"), [(13, Status.UNTESTED), (14, Status.UNTESTED), (15, Status.FAILED)])
def test_a_list_that_accuses_is_not_believed_where_an_article_is_in_time(days, status):
    assessment = rule("column.stale", NEWS, [holding(item(day(30), other(days)))])
    assert assessment.status is status
    if status is Status.UNTESTED:
        assert str(day(30)) in assessment.reason
        assert str(day(days)) in assessment.reason


@pytest.mark.parametrize("basis", [DateBasis.META, DateBasis.URL, DateBasis.LIST])
def test_weaker_dates_do_not_speak_against_a_visible_one(basis):
    assert rule("column.stale", NEWS, [holding(item(day(30), other(1, basis)))]).status is Status.FAILED


def test_a_fresh_list_passes_whatever_its_articles_say():
    assert rule("column.stale", NEWS, [holding(item(day(1), other(300)))]).status is Status.PASSED


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"unproven": "列表不按日期从新到旧排列"}, "从新到旧"),
        ({"forwards_to": "http://www.other.gov.cn/a/"}, "http://www.other.gov.cn/a/"),
    ],
)
def test_a_list_whose_newest_item_may_stand_elsewhere_is_untested(fields, word):
    for items in ([item(day(30))], [item(None)]):
        assessment = rule("column.stale", NEWS, [replace(holding(*items, **fields), at=ago(days=1)),
                                                 holding(*items, **fields)])  # fmt: skip
        assert assessment.status is Status.UNTESTED
        assert word in assessment.reason
    assert rule("column.stale", NEWS, [holding(item(day(1)), **fields)]).status is Status.PASSED


def test_the_finding_names_the_newest_item_its_date_basis_and_days():
    [finding] = rule("column.stale", NEWS, [holding(item(day(30), n=1), item(day(20), n=2))]).findings
    assert f"已 20 天未更新（限 14 天），最新信息日期为 {day(20)}（列表标注），标题为“第 2 条通知”" in finding.text
    assert finding.details["newest_url"] == f"{NEWS.url}2.html"
    assert finding.details["basis"] == "list"


@pytest.mark.parametrize("check", ["column.stale", "column.empty"])
def test_a_list_that_had_rows_and_has_none_may_have_changed_its_template(check):
    facts = [replace(reading(at), rows_before=15) for at in (ago(days=3), NOW)]
    assessment = rule(check, NEWS, facts)
    assert assessment.status is Status.UNTESTED
    assert "模板" in assessment.reason
    assert "15 条" in assessment.reason


def test_a_list_that_printed_dates_and_prints_none_may_have_changed_its_template():
    facts = [replace(reading(at, None, None), dated_before=True) for at in (ago(days=3), NOW)]
    assessment = rule("column.stale", NEWS, facts)
    assert assessment.status is Status.UNTESTED
    assert "模板" in assessment.reason


@pytest.mark.parametrize(("hours", "status"), [(47, Status.UNTESTED), (48, Status.FAILED), (49, Status.FAILED)])
def test_a_column_that_was_emptied_is_blank_once_it_has_said_so_for_two_days(hours, status):
    facts = [replace(reading(at, says_empty=True), rows_before=15) for at in (ago(hours=hours), NOW)]
    assessment = rule("column.empty", NEWS, facts)
    assert assessment.status is status
    if assessment.findings:
        assert "此前曾有 15 条" in assessment.findings[0].text


def test_a_column_that_only_leads_to_another_site_is_told_as_such_and_not_accused():
    assessment = rule("column.empty", NEWS, [holding(item(day(1)), forwards_to="http://www.other.gov.cn/a/")])
    assert assessment.status is Status.PASSED
    [finding] = assessment.findings
    assert (finding.severity, finding.key) == (Severity.WARNING, "forwards")
    assert "http://www.other.gov.cn/a/" in finding.text


def asked(*days: int) -> ListReading:
    """A list of ten rows that prints no dates; the articles of the first ones were asked."""
    items = [
        ListItem(title=f"第 {n} 条", url=f"{NEWS.url}{n}.html", published=day(d), basis=DateBasis.ARTICLE)
        for n, d in enumerate(days)
    ]
    rest = [ListItem(title=f"第 {n} 条", url=f"{NEWS.url}{n}.html") for n in range(len(days), 10)]
    fingerprints = tuple(i.fingerprint for i in (*items, *rest))
    newest_first = sorted(items, key=lambda i: i.published or date.min, reverse=True)
    return replace(reading(NOW), items=(*newest_first, *rest), rows=10, undated=len(rest), fingerprints=fingerprints)


@pytest.mark.parametrize(
    ("days", "status"),
    [((30, 31, 40), Status.FAILED), ((30, 30, 30), Status.FAILED), ((400, 30, 31), Status.UNTESTED)],
)
def test_articles_speak_for_an_undated_list_only_where_their_dates_fall_down_the_page(days, status):
    assert rule("column.stale", NEWS, [asked(*days)]).status is status


@pytest.mark.parametrize(("hours", "status"), [(0, Status.PASSED), (72, Status.PASSED), (73, Status.UNTESTED)])
def test_a_column_of_prose_is_not_blank(hours, status):
    prose = replace(reading(ago(hours=hours), readable=False, reason="页面是文字，不是列表"), prose=True)
    assert rule("column.empty", NEWS, [prose]).status is status


def test_a_column_of_prose_is_neither_fresh_nor_stale():
    prose = replace(reading(NOW, readable=False, reason="页面是文字，不是列表"), prose=True)
    assert rule("column.stale", NEWS, [prose]).status is Status.UNTESTED
