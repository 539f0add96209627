"""Lists that stand at another address than their page, and pages that do not show what is newest. All made up."""

from __future__ import annotations

import json
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from monitor.extract.listing import joined, read_list
from monitor.extract.paging import Order, order_of
from tests.extract.test_listing import DAYS, HANWEB, MENU, TITLES, TODAY, read, rows

HEX = "0123456789abcdef0123456789abcdef"
ROW = "<li><a href='{href}'>{title}</a><span>{day}</span></li>"
UNIT = (
    "<div id='a' url='/api-gateway/jpaas-publish-server/front/page/build/unit' queryData=\"{'webId':'7','pageId':'9',"
    "'parseType':'bulidstatic','pageType':'column','tagId':'信息列表','tplSetId':'5'}\"></div>"
)


def query(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def test_a_jpaas_shell_wants_its_unit_with_the_words_of_the_shell() -> None:
    page = read(MENU + UNIT + "<script src='/app.js'></script>")
    assert not page.readable
    [wanted] = page.wanted
    assert urlsplit(wanted.url).path == "/api-gateway/jpaas-publish-server/front/page/build/unit"
    asked = query(wanted.url)
    assert (asked["webId"], asked["parseType"], asked["tagId"]) == ("7", "bulidstatic", "信息列表")
    assert json.loads(asked["paramJson"])["pageNo"] == 1


def test_a_jpaas_shell_with_several_lists_does_not_say_which_is_its_own() -> None:
    page = read(MENU + UNIT + UNIT.replace("信息列表", "热门") + "<script src='/app.js'></script>")
    assert (page.readable, page.wanted) == (False, ())


def test_a_ucap_shell_wants_its_search() -> None:
    page = read(MENU + f"<div id='list'></div><script>$.get('/common/search/{HEX}?_isAgg=true', show)</script>")
    [wanted] = page.wanted
    assert urlsplit(wanted.url).path == f"/common/search/{HEX}"
    assert query(wanted.url)["_isJson"] == "true"


def test_a_page_with_two_searches_does_not_say_which_is_its_list() -> None:
    page = read(f"<script>get('/common/search/{HEX}');get('/common/search/{HEX[::-1]}')</script>")
    assert not page.wanted


GKMLPT = "<script>window._CONFIG = {SID: 'abc1', TREE: [{id: 12, name: '通知公告', post_count: 3}]}</script>"


def test_a_gkmlpt_page_wants_the_interface_of_the_column_in_its_fragment() -> None:
    page = read(GKMLPT, url="http://www.example.gov.cn/county/gkmlpt/index#12")
    assert [w.url for w in page.wanted] == ["http://www.example.gov.cn/county/gkmlpt/api/all/12?page=1&sid=abc1"]


def test_a_gkmlpt_page_without_a_column_says_what_the_registry_lacks() -> None:
    page = read(GKMLPT, url="http://www.example.gov.cn/gkmlpt/index")
    assert (page.readable, page.wanted) == (False, ())
    assert "#栏目号" in page.reason


def test_a_gkmlpt_column_that_counts_no_post_is_empty() -> None:
    answer = {"classify": {"id": 12, "post_count": 0}, "articles": []}
    page = read_list(json.dumps(answer), "http://www.example.gov.cn/gkmlpt/api/all/12", today=TODAY)
    assert (page.readable, page.says_empty) == (True, True)


def test_a_count_that_contradicts_the_empty_list_is_not_empty() -> None:
    answer = {"classify": {"id": 12, "post_count": 5}, "articles": [], "total": 0}
    page = read_list(json.dumps(answer), "http://www.example.gov.cn/gkmlpt/api/all/12", today=TODAY)
    assert (page.readable, page.says_empty) == (False, False)


def test_a_hanweb_island_without_its_rows_wants_the_dataproxy() -> None:
    page = read(MENU + HANWEB.format(total=95, records=""))
    [wanted] = page.wanted
    assert urlsplit(wanted.url).path == "/module/web/jpage/dataproxy.jsp"
    assert (query(wanted.url)["startrecord"], query(wanted.url)["endrecord"]) == ("1", "45")


def test_rows_on_the_page_itself_need_no_interface() -> None:
    page = read(MENU + UNIT + "<ul>" + rows(ROW) * 3 + "</ul>")
    assert (page.readable, page.rows, page.wanted) == (True, 9, ())


def test_what_the_interface_answers_is_the_list_of_the_shell() -> None:
    shell = read(MENU + UNIT + "<script src='/app.js'></script>")
    answer = read_list(json.dumps({"data": {"html": "<ul>" + rows(ROW) + "</ul>"}}), "http://x.cn/", today=TODAY)
    page = joined(shell, [answer])
    assert (page.readable, page.reader, page.rows) == (True, "大汉 jpaas 接口", 3)


def test_an_interface_that_fails_leaves_the_shell_unreadable_with_both_reasons() -> None:
    shell = read(MENU + UNIT + "<script src='/app.js'></script>")
    page = joined(shell, [read_list('{"code":500,"data":null}', "http://x.cn/", today=TODAY)])
    assert (page.readable, page.says_empty, page.wanted) == (False, False, ())
    assert "jpaas" in page.reason
    assert "未识别出列表" in page.reason
    assert "未取得应答" in joined(shell, []).reason


def days(*numbers: int) -> list[date]:
    return [TODAY - timedelta(days=n) for n in numbers]


@pytest.mark.parametrize(
    ("listed", "order"),
    [
        (days(0, 1, 2, 3, 4), Order.NEWEST_FIRST),
        (days(500, 0, 1, 2, 3), Order.NEWEST_FIRST),  # one pinned
        (days(5, 4, 3, 2, 1), Order.OLDEST_FIRST),
        (days(0, 5, 1, 4, 2, 6, 0), Order.MIXED),
        (days(3, 2, 1), Order.NEWEST_FIRST),  # too few to tell
        (days(2, 2, 2, 2, 2), Order.NEWEST_FIRST),
        ([], Order.NEWEST_FIRST),
    ],
)
def test_the_order_of_a_list_is_told_by_most_of_its_rows(listed, order) -> None:
    assert order_of(listed) is order


def oldest_first(pager: str) -> str:
    items = "".join(
        f"<li><a href='/a/content_{1000 + n}.html'>关于第{n}项重点工作的通知</a><span>2020-0{n}-01</span></li>"
        for n in range(1, 9)
    )
    return f"{MENU}<ul>{items}</ul>{pager}"


@pytest.mark.parametrize(
    ("pager", "last"),
    [
        ('<script>createPageHTML(17, 0, "index", "shtml");</script>', "index_16.shtml"),
        ("<script>createPageHTML('paging',25,1,'index','html',500);</script>", "index_25.html"),
        ("<a href='list_2.html'>下一页</a><a href='list_9.html'>尾页</a>", "list_9.html"),
        ("<a href='list_2.html'>下页&gt;</a>", "list_2.html"),
    ],
)
def test_a_list_with_its_oldest_first_wants_its_last_page(pager: str, last: str) -> None:
    page = read(oldest_first(pager))
    assert [w.url.rpartition("/")[2] for w in page.wanted] == [last]
    assert "后面的页" in page.unproven


@pytest.mark.parametrize(
    "pager", ["", '<script>createPageHTML(1, 0, "index", "shtml");</script>', "<p>共1页</p><a href='#'>下一页</a>"]
)
def test_a_list_of_one_page_is_proven_in_any_order(pager: str) -> None:
    page = read(oldest_first(pager))
    assert (page.wanted, page.unproven) == ((), "")


def test_a_list_with_its_newest_first_needs_no_further_page() -> None:
    pager = '<script>createPageHTML(17, 0, "index", "shtml");</script>'
    assert not read(MENU + "<ul>" + rows(ROW) + "</ul>" + pager).unproven


def test_the_last_page_of_a_list_with_its_oldest_first_proves_the_newest() -> None:
    first = read(oldest_first("<a href='list_9.html'>下一页</a>"))
    last = read("<ul>" + rows(ROW) + "</ul>")
    page = joined(first, [last])
    assert (page.unproven, page.rows) == ("", 11)
    assert max(str(item.published) for item in page.items) == DAYS[0]
    assert TITLES[0] in {item.title for item in page.items}


def test_a_further_page_that_is_the_first_again_or_a_stub_proves_nothing() -> None:
    first = read(oldest_first("<a href='list_9.html'>下一页</a>"))
    assert joined(first, [first]).unproven
    stub = joined(first, [read_list("ok", "http://x.cn/", today=TODAY)])
    assert (stub.readable, stub.rows, bool(stub.unproven)) == (True, 8, True)
