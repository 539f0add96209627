"""The probe of columns against servers on loopback."""

from dataclasses import replace
from datetime import date

import pytest

from checks import DateBasis, Outcome
from monitor.reading import fingerprint, newest_first
from tests.net.web import answer, in_loop, serving
from tests.probes.kits import column, kit, look
from tests.probes.test_sites import ROWS, art, news


@in_loop
async def test_a_list_is_read_newest_first_whatever_stands_on_top():
    pinned = ("置顶：某县人民政府关于长期有效事项的通告", "/top.html", "2019-01-01")
    async with serving({"/tzgg/": answer(news(pinned, *ROWS))}) as server, kit() as k:
        (reading,) = await look("column.list", column(server.url("/tzgg/")), k)
    assert (reading.readable, reading.rows, reading.undated) == (True, 21, 0)
    assert len(reading.items) == 20
    days = [item.published for item in reading.items]
    assert days == sorted(days, reverse=True)
    assert reading.newest.published == date(2026, 11, 20)
    assert reading.newest.basis is DateBasis.LIST
    assert len(reading.fingerprints) == 21
    assert fingerprint(server.url("/top.html")) in reading.fingerprints


@pytest.mark.parametrize("rows", [299, 300, 301])
@in_loop
async def test_fingerprints_are_kept_of_three_hundred_items(rows):
    many = [(f"关于印发第{n}号文件的通知公告", f"/n{n}.html", "2026-11-01") for n in range(rows)]
    async with serving({"/tzgg/": answer(news(*many))}) as server, kit() as k:
        (reading,) = await look("column.list", column(server.url("/tzgg/")), k)
    assert reading.rows == rows
    assert len(reading.fingerprints) == min(rows, 300)


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (answer("x", status=412), Outcome.BLOCKED),
        (answer("x", status=404), Outcome.HTTP_ERROR),
        (answer("<p>站点维护中</p>"), Outcome.OK),
    ],
)
@in_loop
async def test_a_list_that_could_not_be_read_says_why_and_holds_nothing(reply, outcome):
    async with serving({"/tzgg/": reply}) as server, kit() as k:
        (reading,) = await look("column.list", column(server.url("/tzgg/")), k)
    assert (reading.outcome, reading.readable, reading.items) == (outcome, False, ())
    assert reading.reason


def article(day: str) -> bytes:
    text = "为进一步做好有关工作，现将有关事项通知如下。" * 10
    return answer(f"<html><body><h1>通知</h1><p>发布时间：{day} 10:00</p><p>{text}</p></body></html>")


@in_loop
async def test_where_the_list_prints_no_dates_the_first_three_articles_are_asked():
    undated = [(title, url, "") for title, url, _ in reversed(ROWS)]
    routes = {"/tzgg/": answer(news(*undated).replace("<span></span>", ""))}
    routes |= {art(n): article(f"2026-11-{n:02}") for n in range(1, 21)}
    routes[art(19)] = answer("x", status=403)
    async with serving(routes) as server, kit() as k:
        (reading,) = await look("column.list", column(server.url("/tzgg/")), k)
    assert [path for path in server.paths() if "/art/" in path] == [art(n) for n in (20, 19, 18)]
    assert (reading.readable, reading.rows, reading.undated) == (True, 20, 18)
    assert reading.newest.published == date(2026, 11, 20)
    assert reading.newest.basis is DateBasis.ARTICLE
    assert [item.published for item in reading.items[:3]] == [date(2026, 11, 20), date(2026, 11, 18), None]


@in_loop
async def test_where_one_date_is_printed_no_article_is_fetched():
    rows = [(title, url, "") for title, url, _ in ROWS[1:]]
    body = news(ROWS[0], *rows).replace("<span></span>", "")
    async with serving({"/tzgg/": answer(body)}) as server, kit() as k:
        await look("column.list", column(server.url("/tzgg/")), k)
    assert server.paths() == ["/tzgg/"]


def test_undated_items_come_last_and_equal_days_stay_in_page_order():
    from checks import ListItem

    a, b, c = (ListItem(title=t, url=f"http://site.example/{t}", published=date(2026, 1, 1)) for t in "abc")
    undated = replace(a, published=None)
    newer = replace(c, published=date(2026, 1, 2))
    assert newest_first([undated, a, b, newer]) == (newer, a, b, undated)
