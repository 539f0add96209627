"""When an article was published: the printed date, PubDate with care, or None. All pages here are made up."""

from __future__ import annotations

import json
from datetime import date, datetime

import pytest

from checks import DateBasis
from monitor.extract.article import Published, published
from monitor.extract.dates import CHINA

TODAY = date(2026, 11, 24)
URL = "http://www.example.gov.cn/zwgk/content_1.html"
TITLE = "关于开展冬季安全生产检查的通知"
BODY = "<p>各乡镇人民政府：现将有关事项通知如下，自2026年1月1日起施行。</p><p>县人民政府</p><p>2026年9月1日</p>"


def read(
    under_title: str = "", *, head: str = "", before: str = "", after: str = "", url: str = URL
) -> Published | None:
    page = (
        f"<html><head><title>{TITLE}_某县人民政府</title>{head}</head><body>{before}"
        f"<h1>{TITLE}</h1>{under_title}<div class='content'>{BODY}</div>{after}</body></html>"
    )
    return published(page, url, today=TODAY)


def day(found: Published | None) -> str | None:
    return str(found.day) if found else None


@pytest.mark.parametrize(
    "line",
    [
        "<p>发布时间：2026-09-11</p>",
        "<p>发布日期:2026/09/11 来源：县政府办</p>",
        "<p>来源：县政府办　发布时间：2026年9月11日　浏览：33</p>",
        "<p><span>发布时间：</span><em>2026-09-11</em></p>",
        "<table><tr><td>发布日期</td><td>2026-09-11</td></tr></table>",
        "<table><tr><td>发 布 日 期：</td><td>2026年09月11日</td></tr>"
        "<tr><td>成文日期：</td><td>2026-09-01</td></tr></table>",
        "<p>信息来源：县应急局 发布时间：[2026.09.11]</p>",
        "<p>日期：2026/09/11 来源：民委</p>",
        "<p>时间：2026-09-11 来源：民委 字号：大 中 小</p>",
        "<p><span>2026-09-11</span><span>来源：县政府办</span></p>",
        "<p>来源：县政府办 2026-09-11</p>",
        "<div class='pubtime'>2026-09-11</div>",
        "<p class='time'>2026-09-11</p>",
        "<p>[发布日期：2026-09-11] [来源：县政府办] [字体：大 中 小]</p>",
        "<p>发布时间：2026-09-11 更新时间：2026-10-11 来源：县政府办</p>",
        "<p>发布者：县政府办 发布时间：2026-09-11 点击：3次</p>",
        "<table><tr><td>成文日期</td><td>2026-09-01</td></tr><tr><td>公开日期</td><td>2026-09-11</td></tr></table>",
        "<table><tr><td>生成日期：</td><td>2026-09-11</td></tr><tr><td>生效日期：</td><td>2026-10-01</td></tr></table>",
    ],
)
def test_the_date_that_the_page_prints_is_its_publication(line: str) -> None:
    found = read(line)
    assert found is not None
    assert (str(found.day), found.at, found.basis) == ("2026-09-11", None, DateBasis.ARTICLE)


def test_a_time_with_the_ratio_sign_is_read() -> None:
    found = read("<p>发布时间：2023-08-19 10∶08</p>")
    assert found == Published(datetime(2023, 8, 19, 10, 8, tzinfo=CHINA), date(2023, 8, 19), DateBasis.ARTICLE)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "<p>成文日期：2026-09-11</p>",
        "<p>发文日期：2026-09-11</p>",
        "<p>生效日期：2026-09-11</p>",
        "<p>索引号：2026-09-11 来源：县政府办</p>",
        "<p>发布时间：2026-11-26</p>",
        "<p>发布时间：2026-02-30</p>",
        "<p>发布时间：</p>",
        "<p style='display:none'>发布时间：2026-09-11</p>",
        "<p>会议时间：2026-09-11</p>",
        "<p>来源：县政府办</p><p>时间：2026年9月11日 地点：礼堂</p>",
        "<p>一、时间：2026年9月11日上午9:30</p>",
        "<p>发布时间：2026年9月11日上午10时</p>",
        "<p>更新时间：2026-09-11 来源：县政府办</p>",
        "<table><tr><td>公告日期</td><td>2026-09-11</td></tr></table>",
        "<p>发布日期：2026年9月11日至2026年9月20日</p>",
    ],
)
def test_a_date_of_something_else_is_not_taken_for_publication(line: str) -> None:
    assert read(line) is None


def test_a_title_without_a_heading_is_found_by_the_window_title() -> None:
    page = (
        f"<html><head><title>某县人民政府网站 {TITLE}</title></head><body><div>某县人民政府网站</div><div>{TITLE}</div>"
        f"<div><span>2026-09-11 10:00:01</span><span>浏览次数：<b>3</b></span></div>{BODY}</body></html>"
    )
    assert day(published(page, URL, today=TODAY)) == "2026-09-11"


def test_dates_of_the_text_of_menus_and_of_clocks_are_not_taken() -> None:
    clock = (
        "<div class='top'>今天是：<span>2026年11月24日</span> 星期二</div><ul><li>留言时间：<i>2026-11-23</i></li></ul>"
    )
    assert read(before=clock, after="<p>上一篇：<a href='x'>某通知</a> <span>2026-11-20</span></p>") is None


def test_a_publication_of_something_that_the_text_speaks_of_is_not_the_articles() -> None:
    text = "<p>一、招标公告发布日期：2026年5月26日</p><p>二、成交日期：2026年6月9日</p>"
    assert read(after=text) is None
    assert day(read("<p><span>2026-09-11 17:35</span> 来源：</p>", after=text)) == "2026-09-11"


def test_related_articles_with_their_own_dates_do_not_count() -> None:
    related = "<ul><li>另一篇文章 发布时间：2026-11-20</li><li>第三篇文章 发布时间：2026-11-21</li></ul>"
    assert day(read("<p>发布时间：2026-09-11</p>", before=related, after=related)) == "2026-09-11"


def test_tomorrow_is_believed_and_the_day_after_is_not() -> None:
    assert day(read("<p>发布时间：2026-11-25</p>")) == "2026-11-25"
    assert read("<p>发布时间：2026-11-26</p>") is None


def meta(pub: str, *, made: str = "") -> str:
    others = f'<meta name="others" content="页面生成时间 {made}">' if made else ""
    return f'<meta name="PubDate" content="{pub}">{others}'


def test_the_printed_date_wins_over_the_meta_of_a_migration() -> None:
    found = read("<p>发布时间：2009-09-30 10:53</p>", head=meta("2023-05-12 23:20"))
    assert day(found) == "2009-09-30"


def test_a_meta_that_differs_from_the_time_of_generation_is_taken() -> None:
    found = read(head=meta("2026-09-11 10:00", made="2026-10-01 08:00:00"))
    assert found == Published(datetime(2026, 9, 11, 10, tzinfo=CHINA), date(2026, 9, 11), DateBasis.META)


@pytest.mark.parametrize(
    ("made", "taken"),
    [
        ("2026-09-11 10:00:00", False),
        ("2026-09-11 10:10:00", False),
        ("2026-09-11 10:11:00", True),
        ("2026-09-11 09:49:00", True),
    ],
)
def test_a_meta_within_ten_minutes_of_generation_is_none(made: str, taken: bool) -> None:
    assert (read(head=meta("2026-09-11 10:00:00", made=made)) is not None) is taken


def test_a_meta_that_contradicts_the_month_of_the_address_is_none() -> None:
    head = meta("2026-09-11 10:00", made="2026-10-01 08:00:00")
    assert read(head=head, url="http://a.gov.cn/201705/t20170515_1.html") is None
    assert day(read(head=head, url="http://a.gov.cn/202608/t20260831_1.html")) == "2026-09-11"


def test_an_answer_of_an_interface_is_read_by_the_names_of_its_fields() -> None:
    answer = {
        "data": {
            "docTitle": TITLE,
            "publishDate": "2026-04-24 17:32:00",
            "builddate": "2026-04-21",
            "docEditdate": "2026-04-24T09:47:41.000+00:00",
        }
    }
    found = published(json.dumps(answer), URL, today=TODAY)
    assert found == Published(datetime(2026, 4, 24, 17, 32, tzinfo=CHINA), date(2026, 4, 24), DateBasis.API)


@pytest.mark.parametrize(
    "answer",
    ['{"data":null}', '{"title":"x","builddate":"2026-04-21"}', '{"cut', "[]", '{"title":"x","publishDate":"soon"}'],
)
def test_an_answer_that_names_no_publication_is_none(answer: str) -> None:
    assert published(answer, URL, today=TODAY) is None


@pytest.mark.parametrize("page", ["", "ok", "<html></html>", "<p>发布时间：</p>"])
def test_stubs_are_none(page: str) -> None:
    assert published(page, URL, today=TODAY) is None
