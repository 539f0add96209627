"""The probe of columns against servers on loopback."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from checks import DateBasis, ListItem, ListReading, OtherDate, Outcome
from monitor.clock import FixedClock
from monitor.probing import all_probes
from monitor.reading import leads_elsewhere, newest_first
from monitor.store.facts import dump_facts
from tests.net.web import answer, in_loop, serving
from tests.probes.kits import NOW, column, kit, look
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
    assert ListItem(title="", url=server.url("/top.html")).fingerprint in reading.fingerprints


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


class Record:
    """Facts on record, as ``recall`` gives them."""

    def __init__(self) -> None:
        self.facts: list[ListReading] = []

    def __call__(self, subject, kind):
        return list(reversed(self.facts))


async def read(server, record: Record, *, days: int = 0) -> ListReading:
    """One more reading, so many days after the first."""
    async with kit() as k:
        k = replace(k, clock=FixedClock(NOW + timedelta(days=days)), recall=record)
        (reading,) = await all_probes()["column.list"].look(column(server.url("/tzgg/")), k)
    record.facts.append(reading)
    return reading


@in_loop
async def test_the_articles_of_the_three_newest_items_are_asked_and_their_dates_kept_beside():
    routes = {"/tzgg/": answer(news(*ROWS))} | {art(n): article("2026-10-01") for n in range(1, 21)}
    async with serving(routes) as server:
        reading = await read(server, Record())
        assert sorted(path for path in server.paths() if "/art/" in path) == sorted(art(n) for n in (18, 19, 20))
    assert reading.newest.published == date(2026, 11, 20)
    assert reading.newest.basis is DateBasis.LIST
    assert reading.newest.others == (OtherDate(day=date(2026, 10, 1), basis=DateBasis.ARTICLE),)
    assert [item.asked for item in reading.items[:4]] == [True, True, True, False]


@in_loop
async def test_an_article_is_asked_once_and_what_it_said_is_remembered():
    routes = {"/tzgg/": answer(news(*ROWS))} | {art(n): article("2026-10-01") for n in range(1, 22)}
    record = Record()
    async with serving(routes) as server:
        await read(server, record)
        server.asked.clear()
        again = await read(server, record, days=1)
        assert server.paths() == ["/tzgg/"]
        assert again.newest.others == record.facts[0].newest.others
        new = ("某县召开第二十一次工作会议研究部署有关工作", art(21), "2026-11-24")
        routes["/tzgg/"] = answer(news(new, *ROWS))
        third = await read(server, record, days=2)
        assert server.paths() == ["/tzgg/", "/tzgg/", art(21)]
    assert [item.first_seen for item in third.items[:2]] == [date(2026, 11, 26), None]
    assert third.rows_before == 20


@pytest.mark.parametrize("there", ["http://elsewhere.example.com/a/content_12345.html", "/a/P020261120.pdf"])
@in_loop
async def test_other_sites_and_attachments_are_not_asked(there):
    routes = {"/tzgg/": answer(news(*((title, there, day) for title, _, day in ROWS[:3])))}
    async with serving(routes) as server:
        await read(server, Record())
        assert server.paths() == ["/tzgg/"]


@in_loop
async def test_a_date_that_the_list_has_changed_since_is_kept_beside():
    record = Record()
    routes = {"/tzgg/": answer(news(*ROWS))}
    async with serving(routes) as server:
        await read(server, record)
        title, url, _ = ROWS[0]
        routes["/tzgg/"] = answer(news((title, url, "2026-11-24"), *ROWS[1:]))
        reading = await read(server, record, days=1)
    assert reading.newest.others == (OtherDate(day=date(2026, 11, 1), basis=DateBasis.LIST),)


@in_loop
async def test_rows_on_record_are_remembered_while_nothing_can_be_read():
    record = Record()
    routes = {"/tzgg/": answer(news(*ROWS))}
    async with serving(routes) as server:
        await read(server, record)
        routes["/tzgg/"] = answer("x", status=500)
        for day in (1, 2):
            assert (await read(server, record, days=day)).rows_before == 20
        routes["/tzgg/"] = answer(news())
        assert (await read(server, record, days=3)).rows_before == 20


@in_loop
async def test_a_column_that_sends_its_reader_to_another_site_says_so():
    async with serving({}) as server, kit({"site.example": ["127.0.0.1"], "other.gov.cn": ["127.0.0.1"]}) as k:
        there = server.url("/list/", host="other.gov.cn")
        server.routes |= {
            "site.example/tzgg/": answer(f'<meta http-equiv="refresh" content="0;url={there}">'),
            "other.gov.cn/list/": answer(news(*ROWS)),
        }
        (reading,) = await look("column.list", column(server.url("/tzgg/")), k)
    assert (reading.forwards_to, reading.rows) == (there, 20)


@pytest.mark.parametrize(
    ("one", "other", "elsewhere"),
    [
        ("http://www.qinghe.gov.cn/a/", "https://zwgk.qinghe.gov.cn/b/", False),
        ("http://www.qinghe.gov.cn/a/", "http://www.yunling.gov.cn/a/", True),
        ("http://127.0.0.1:1/", "http://127.0.0.1:2/", False),
    ],
)
def test_hosts_of_one_domain_are_one_site(one, other, elsewhere):
    assert leads_elsewhere(one, other) is elsewhere


def test_undated_items_come_last_and_equal_days_stay_in_page_order():
    a, b, c = (ListItem(title=t, url=f"http://site.example/{t}", published=date(2026, 1, 1)) for t in "abc")
    undated = replace(a, published=None)
    newer = replace(c, published=date(2026, 1, 2))
    assert newest_first([undated, a, b, newer]) == (newer, a, b, undated)


@in_loop
async def test_an_unchanged_list_gives_the_same_reading_again_from_the_second_on():
    routes = {"/tzgg/": answer(news(*ROWS))} | {art(n): article(f"2026-11-{n:02}") for n in range(1, 21)}
    record = Record()
    async with serving(routes) as server:
        first, second, third = [dump_facts(await read(server, record, days=day)) for day in range(3)]
    assert second == third  # so that the record keeps it once
    assert {name for name in second if first.get(name) != second[name]} == {"rows_before", "dated_before"}


@in_loop
async def test_the_undated_list_is_asked_through_a_few_articles_at_a_time():
    undated = [(title, url, "") for title, url, _ in reversed(ROWS)]
    routes = {"/tzgg/": answer(news(*undated).replace("<span></span>", ""))}
    routes |= {art(n): article(f"2026-11-{n:02}") for n in range(1, 21)}
    record = Record()
    async with serving(routes) as server:
        undated_rows = [(await read(server, record, days=day)).undated for day in range(8)]
        assert len([path for path in server.paths() if "/art/" in path]) == 20
    assert undated_rows == [17, 14, 11, 8, 5, 2, 0, 0]
