"""The probes of sites against servers on loopback."""

from datetime import date, timedelta

import pytest

from checks import CrawlSummary, LinkFailure, ListReading, Outcome, PageVisit, Site
from monitor.probing import all_probes
from monitor.resolver import Answer
from tests.net.test_families import needs_ipv6
from tests.net.web import answer, in_loop, page, redirect, serving
from tests.probes.kits import kit, look, site

BOTH = {"site.example": ["127.0.0.1", "::1"]}


def news(*rows: tuple[str, str, str], heading: str = "要闻") -> str:
    items = "".join(f'<li><a href="{url}">{title}</a><span>{day}</span></li>' for title, url, day in rows)
    return (
        f"<html><head><title>某县人民政府</title></head><body><h2>{heading}</h2>"
        f"<ul class='list'>{items}</ul><p>主办：某县人民政府办公室</p></body></html>"
    )


def art(number: int) -> str:
    return f"/art/art_100_{12300 + number}.html"


ROWS = [(f"某县召开第{n}次工作会议研究部署有关工作", art(n), f"2026-11-{n:02}") for n in range(1, 21)]


def test_every_probe_is_found_with_its_cadence():
    assert {id: probe.every for id, probe in all_probes().items()} == {
        "account.closed_source": timedelta(days=30),
        "account.peers": timedelta(days=1),
        "account.source": timedelta(days=1),
        "column.list": timedelta(days=1),
        "site.addresses": timedelta(days=1),
        "site.closed": timedelta(days=30),
        "site.home": timedelta(days=1),
        "site.ipv6_pages": timedelta(days=1),
        "site.links": timedelta(days=7),
        "site.links_recheck": timedelta(hours=6),
        "site.policy_pages": timedelta(days=7),
        "site.visit": timedelta(hours=1),
    }
    assert all_probes()["site.visit"].on is Site


@needs_ipv6
@in_loop
async def test_a_visit_is_made_over_each_family_that_is_online_here_and_no_other():
    routes = {"/": redirect("/home/"), "/home/": page()}
    async with serving(routes, on=("127.0.0.1", "::1")) as server:
        async with kit(BOTH, families=(4, 6)) as k:
            visits = await look("site.visit", site(server.url()), k)
            assert [(v.family, v.outcome, v.address) for v in visits] == [
                (4, Outcome.OK, "127.0.0.1"),
                (6, Outcome.OK, "::1"),
            ]
            assert {v.final_url for v in visits} == {server.url("/home/")}
            assert all(v.url == server.url() and v.seconds is not None for v in visits)
        server.asked.clear()
        async with kit(BOTH, families=(4,)) as k:
            assert [v.family for v in await look("site.visit", site(server.url()), k)] == [4]
        async with kit(BOTH, families=()) as k:
            assert await look("site.visit", site(server.url()), k) == []
    assert {asked.address for asked in server.asked} == {"127.0.0.1"}


@pytest.mark.parametrize(
    ("reply", "outcome", "status"),
    [(answer(status=500), Outcome.HTTP_ERROR, 500), (answer("x", status=412), Outcome.BLOCKED, 412)],
)
@in_loop
async def test_a_visit_that_does_not_open_says_how(reply, outcome, status):
    async with serving({"/": reply}) as server, kit() as k:
        (visit,) = await look("site.visit", site(server.url()), k)
    assert isinstance(visit, PageVisit)
    assert (visit.outcome, visit.status_code) == (outcome, status)
    assert visit.detail


@needs_ipv6
@in_loop
async def test_the_survey_knocks_at_every_address_of_the_families_that_are_online_here():
    names = {"site.example": ["127.0.0.1", "127.0.0.9", "::1"]}
    async with serving({}, on=("127.0.0.1",)) as server:
        async with kit(names, families=(4, 6)) as k:
            survey, _ = await look("site.addresses", site(server.url()), k)
        assert (survey.host, survey.a, survey.aaaa) == ("site.example", ("127.0.0.1", "127.0.0.9"), ("::1",))
        assert (survey.a_answer, survey.aaaa_answer) == ("ok", "ok")
        assert [(reach.address, reach.port, reach.outcome) for reach in survey.reach] == [
            ("127.0.0.1", server.port, Outcome.OK),
            ("127.0.0.9", server.port, Outcome.CONNECT_ERROR),
            ("::1", server.port, Outcome.CONNECT_ERROR),
        ]
        async with kit(names, families=(4,)) as k:
            (survey,) = await look("site.addresses", site(server.url()), k)
        assert survey.aaaa == ("::1",)
        assert [reach.address for reach in survey.reach] == ["127.0.0.1", "127.0.0.9"]


@in_loop
async def test_the_survey_keeps_apart_no_record_and_no_answer():
    async with kit({"site.example": ["127.0.0.1"], "silent.example": Answer.TIMEOUT}, families=(4, 6)) as k:
        plain, _ = await look("site.addresses", site("https://site.example/"), k)
        silent, _ = await look("site.addresses", site("http://silent.example/"), k)
    assert (plain.a_answer, plain.aaaa_answer, plain.reach[0].port) == ("ok", "no_data", 443)
    assert (silent.a_answer, silent.aaaa_answer, silent.reach) == ("timeout", "timeout", ())


@in_loop
async def test_the_home_page_is_read_for_its_newest_items():
    async with serving({"/": answer(news(*ROWS))}) as server, kit() as k:
        (reading,) = await look("site.home", site(server.url()), k)
    assert isinstance(reading, ListReading)
    assert (reading.readable, reading.outcome) == (True, Outcome.OK)
    assert reading.newest.published == date(2026, 11, 20)
    assert reading.newest.url == server.url(art(20))


@in_loop
async def test_a_home_page_behind_a_landing_page_is_read():
    routes = {"/": answer('<meta http-equiv="refresh" content="0;url=/main/">'), "/main/": answer(news(*ROWS))}
    async with serving(routes) as server, kit() as k:
        (reading,) = await look("site.home", site(server.url()), k)
    assert reading.readable
    assert (reading.url, reading.final_url) == (server.url(), server.url("/main/"))


@pytest.mark.parametrize(
    "reply",
    [
        answer("x", status=403),
        answer(status=500),
        answer("<div id=app></div><script src=/app.js></script>"),
        answer(news(*ROWS).encode()[:2000], content_length="9000", connection="close"),
    ],
    ids=["blocked", "error", "shell", "cut off"],
)
@in_loop
async def test_a_home_page_that_was_not_read_is_not_called_stale_or_empty(reply):
    async with serving({"/": reply}) as server, kit() as k:
        (reading,) = await look("site.home", site(server.url()), k)
    assert (reading.readable, reading.items) == (False, ())
    assert reading.reason


NAVIGATION = ["政务公开", "工作动态", "通知公告"]


def entrance(*names: str) -> bytes:
    links = "".join(f'<li><a href="/{n}/">{name}</a></li>' for n, name in enumerate(names))
    return answer(f"<html><body><ul class='nav'>{links}</ul></body></html>")


@in_loop
async def test_behind_a_home_page_that_is_only_navigation_the_second_level_is_read():
    routes = {"/": entrance(*NAVIGATION), "/0/": answer("<p>暂无内容</p>")}
    routes |= {"/1/": answer(news(*ROWS[:10])), "/2/": answer(news(*ROWS[10:]))}
    async with serving(routes) as server, kit() as k:
        (reading,) = await look("site.home", site(server.url()), k)
    assert (reading.readable, reading.rows, reading.unproven) == (True, 20, "")
    assert reading.newest.published == date(2026, 11, 20)
    assert "二级页面" in reading.reader


@pytest.mark.parametrize("unread", [answer("x", status=403), answer("<div id=app></div><script src=/a.js></script>")])
@in_loop
async def test_a_second_level_page_that_was_not_read_leaves_the_newest_unproven(unread):
    routes = {"/": entrance(*NAVIGATION), "/0/": unread, "/1/": answer(news(*ROWS)), "/2/": answer(news(*ROWS))}
    async with serving(routes) as server, kit() as k:
        (reading,) = await look("site.home", site(server.url()), k)
    assert reading.readable
    assert "3 个二级页面中有 1 个未读到" in reading.unproven


@pytest.mark.parametrize(("ways", "unproven"), [(7, False), (8, False), (9, True)])
@in_loop
async def test_at_most_eight_second_level_pages_are_read(ways, unproven):
    names = ["工作动态", "通知公告", "政策文件", "政策解读", "机构职能", "财政信息", "统计信息", "人事信息", "重点项目"]
    routes = {"/": entrance(*names[:ways])} | {f"/{n}/": answer(news(*ROWS)) for n in range(ways)}
    async with serving(routes) as server, kit() as k:
        (reading,) = await look("site.home", site(server.url()), k)
        assert len(server.paths()) == 1 + min(ways, 8)
    assert bool(reading.unproven) is unproven


@in_loop
async def test_a_home_page_with_news_of_its_own_is_not_entered():
    body = news(*ROWS).replace("<h2>", "<ul class='nav'><li><a href='/1/'>工作动态</a></li></ul><h2>")
    async with serving({"/": answer(body)}) as server, kit() as k:
        await look("site.home", site(server.url()), k)
        assert server.paths() == ["/"]


@in_loop
async def test_the_links_of_a_site_are_crawled():
    async with serving({"/": page("/dead.html")}) as server, kit() as k:
        failure, summary = await look("site.links", site(server.url()), k)
    assert isinstance(failure, LinkFailure)
    assert failure.url == server.url("/dead.html")
    assert isinstance(summary, CrawlSummary)
    assert summary.complete
