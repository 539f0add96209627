"""Answers that are easily taken for dead or for fine, and what a crawl tells of links besides whether they open."""

from __future__ import annotations

from datetime import timedelta

import pytest

from checks import LinkFailure, LinkNature, LinkRecheck, LinkRemark, Outcome
from monitor.clock import FixedClock
from monitor.crawl import CrawlBounds, crawl
from monitor.frontier import LinkRow, most_bred
from monitor.outside import OutsideLooks
from monitor.rechecking import AFTER, due, recheck
from tests.net.test_crawl import MISSING, NOW, Memory, the_site
from tests.net.web import EXAMPLE, answer, in_loop, not_found, page, redirect, serving, visiting

BOTH = ("127.0.0.1", "127.0.0.2")


async def facts_of(server, net, **more):
    bounds = more.pop("bounds", CrawlBounds(500, 60.0, 0.0))
    facts = await crawl(
        the_site(server.url()),
        net=net,
        clock=FixedClock(NOW),
        vantage="test",
        log=more.pop("log", None) or Memory(),
        bounds=bounds,
        **more,
    )
    looks = {f.url.removeprefix(server.url("")): f for f in facts if isinstance(f, LinkFailure)}
    remarks = {f.url.removeprefix(server.url("")): f for f in facts if isinstance(f, LinkRemark)}
    return looks, remarks, facts[-1]


# Neither dead nor fine


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        (redirect("/sso/login?service=x"), "登录"),
        (answer(""), "为空"),
        (answer(" \n "), "为空"),
        (answer("<script>document.cookie='C3VK=1; max-age=300';location.reload()</script>"), "C3VK"),
        (answer("x", status=412), "拒绝访问"),
    ],
)
@in_loop
async def test_what_was_not_shown_to_us_is_kept_as_blocked_and_never_told_as_dead(behaviour, words):
    routes = {"/": page("/x.html", *(f"/{n}.html" for n in range(20))), "/x.html": behaviour, "/sso/login": page()}
    routes |= {f"/{n}.html": page(text=f"第 {n} 页" * 50) for n in range(20)}
    async with serving(routes) as server, visiting() as net:
        looks, _, summary = await facts_of(server, net)
    assert {path: look.outcome for path, look in looks.items()} == {"/x.html": Outcome.BLOCKED}
    assert words in looks["/x.html"].detail
    assert (summary.failures, summary.blocked, summary.complete) == (0, 1, True)


@pytest.mark.parametrize(("missing_too", "outcome"), [(False, Outcome.BLOCKED), (True, Outcome.SOFT_404)])
@in_loop
async def test_the_index_of_a_section_at_the_address_of_an_article_is_no_article(missing_too, outcome):
    index = page(*(f"/news/t20261101_{n:04}.html" for n in range(20)), text="工作动态列表" * 400)
    routes = {"/": page("/news/"), "/news/": index, "/news/t20261101_0007.html": index}
    articles = {f"/news/t20261101_{n:04}.html": page(text=f"第 {n} 篇" * 400) for n in range(20) if n != 7}
    if missing_too:
        routes["*"] = index
    async with serving({**routes, **articles}) as server, visiting() as net:
        looks, _, _ = await facts_of(server, net)
    assert {path: look.outcome for path, look in looks.items()} == {"/news/t20261101_0007.html": outcome}
    assert looks["/news/t20261101_0007.html"].control_passed is missing_too


@in_loop
async def test_a_removed_article_of_wechat_is_dead_with_status_200_but_only_after_a_second_look():
    gone = page(text="该内容已被发布者删除")
    routes = {"mp.weixin.qq.com/s/gone": gone, "mp.weixin.qq.com/s/there": page()}
    names = {**EXAMPLE, "mp.weixin.qq.com": ["127.0.0.2"]}
    async with serving(routes, on=BOTH) as server, visiting(names) as net:
        urls = [server.url(path, host="mp.weixin.qq.com") for path in ("/s/gone", "/s/there")]
        server.routes["/"] = page(*urls)
        looks, _, _ = await facts_of(server, net)
    assert {url: (f.outcome, f.control_passed) for url, f in looks.items()} == {urls[0]: (Outcome.SOFT_404, False)}


@in_loop
async def test_550_is_gone_at_once():
    async with serving({"/": page("/x.html"), "/x.html": answer("x", status=550)}) as server, visiting() as net:
        looks, _, _ = await facts_of(server, net)
    assert (looks["/x.html"].status_code, looks["/x.html"].control_passed) == (550, True)


# What is told besides


@pytest.mark.parametrize(
    ("title", "text", "told"),
    [
        ("澳门新葡京_真人百家乐官网", "开户", True),
        ("example.com", "此域名可出售，请联系", True),
        ("青禾健康网", "本站提供健康知识", False),
        ("公安机关打击网络赌博：百家乐、老虎机网站被查处", "新闻", False),
        ("体育彩票开奖公告", "中国体育彩票开奖公告", False),
    ],
)
@in_loop
async def test_a_domain_that_somebody_else_took_is_a_danger_of_its_own(title, text, told):
    async with serving({}, on=BOTH) as server, visiting() as net:
        server.routes["other.example/"] = page(title=title, text=text)
        server.routes["/"] = page(server.url("/", host="other.example"))
        looks, remarks, _ = await facts_of(server, net)
    assert looks == {}
    assert [r.nature for r in remarks.values()] == ([LinkNature.HIJACKED] if told else [])


@in_loop
async def test_links_to_private_addresses_names_and_files_are_never_asked_for_and_told():
    inside = ["http://10.1.2.3/oa", "http://oaserver/x", "file:///C:/a.doc", "C:\\b.doc", "http://inside.example/"]
    names = {**EXAMPLE, "oaserver": ["10.0.0.9"], "inside.example": ["10.0.0.1"]}
    async with serving({"/": page(*inside)}) as server, visiting(names) as net:
        looks, remarks, summary = await facts_of(server, net)
    assert looks == {}
    assert {url: r.nature for url, r in remarks.items()} == {
        "http://10.1.2.3/oa": LinkNature.INTRANET,
        "http://oaserver/x": LinkNature.INTRANET,
        "file:///C:/a.doc": LinkNature.INTRANET,
        "C:\\b.doc": LinkNature.INTRANET,
        "http://inside.example/": LinkNature.RESOLVES_INSIDE,
    }
    assert summary.complete


@in_loop
async def test_a_picture_that_only_a_style_asks_for_is_told_and_not_counted_as_a_dead_link():
    body = (
        "<style>a{background:url(/lost.png)}b{background:url('/both.png')}</style><img src=/both.png><a href='#'>空</a>"
    )
    routes = {"/": answer(body + "<a href=/ok.html>好</a>"), "/ok.html": page()}
    async with serving(routes) as server, visiting() as net:
        looks, remarks, summary = await facts_of(server, net)
    assert set(looks) == {"/both.png"}
    assert {url: r.nature for url, r in remarks.items()} == {"/lost.png": LinkNature.MISSING_DECOR}
    assert (summary.empty_links, summary.empty_pages, summary.empty_on) == (1, 1, (server.url(),))


@in_loop
async def test_a_long_chain_of_redirects_is_told():
    routes = {"/": page("/0"), **{f"/{n}": redirect(f"/{n + 1}") for n in range(5)}, "/5": page()}
    async with serving(routes) as server, visiting() as net:
        looks, remarks, _ = await facts_of(server, net)
    assert (looks, [r.nature for r in remarks.values()]) == ({}, [LinkNature.LONG_CHAIN])


# Hosts


@in_loop
async def test_only_where_no_look_at_a_host_was_answered_is_the_host_down():
    async with serving({}, on=BOTH) as server, visiting() as net:
        port = server.port
        server.routes["other.example/ok"] = page()
        server.routes["/"] = page(
            f"http://other.example:{port}/lost", f"http://other.example:{port}/ok", "http://no.example/a"
        )
        looks, _, _ = await facts_of(server, net)
    assert {url: look.host_down for url, look in looks.items()} == {
        f"http://other.example:{port}/lost": False,
        "http://no.example/a": True,
    }


@in_loop
async def test_an_outside_link_is_asked_for_once_in_a_sweep_whichever_sites_hold_it():
    outside = OutsideLooks()
    async with serving({}, on=BOTH) as server, visiting() as net:
        server.routes["other.example/x.pdf"] = answer(b"%PDF", content_type="application/pdf")
        server.routes["/"] = page(server.url("/x.pdf", host="other.example"))
        for _ in range(3):
            looks, _, summary = await facts_of(server, net, outside=outside)
            assert (looks, summary.links) == ({}, 2)
    assert sum(asked.host.startswith("other.example") for asked in server.asked) == 1


# robots.txt and pages without end

RULES = "User-agent: *\nDisallow: /private/\n"


@pytest.mark.parametrize(
    ("ignored", "asked"), [((), False), (("5100000001",), True), (("*",), True), (("5100000009",), False)]
)
@in_loop
async def test_robots_txt_is_obeyed_unless_the_settings_let_it_be_and_told_either_way(ignored, asked):
    routes = {"/": page("/private/a.html", *(f"/{n}.html" for n in range(20)))}
    routes |= {f"/{n}.html": page() for n in range(20)}
    routes["/robots.txt"] = answer(RULES, content_type="text/plain")
    bounds = CrawlBounds(500, 60.0, 0.0, robots_ignored=ignored)
    async with serving(routes) as server, visiting() as net:
        looks, _, summary = await facts_of(server, net, bounds=bounds)
    assert ("/private/a.html" in server.paths()) is asked
    assert looks["/private/a.html"].outcome is (Outcome.HTTP_ERROR if asked else Outcome.BLOCKED)
    assert "robots.txt" in summary.robots


@pytest.mark.parametrize(
    ("robots", "told"),
    [
        (not_found(), ""),
        (answer("<html>Disallow: /</html>"), ""),
        (answer("User-agent: *\nDisallow:\n", content_type="text/plain"), ""),
        (answer("x", status=500), "未能读取"),
    ],
)
@in_loop
async def test_a_robots_txt_that_says_nothing_or_cannot_be_read_forbids_nothing(robots, told):
    async with serving({"/": page("/a.html"), "/a.html": page(), "/robots.txt": robots}) as server, visiting() as net:
        looks, _, summary = await facts_of(server, net)
    assert (looks, summary.pages, summary.complete) == ({}, 2, True)
    assert (told in summary.robots) if told else (summary.robots == "")


@in_loop
async def test_a_calendar_without_end_does_not_eat_the_crawl():
    def day(asked):
        number = asked.target.removeprefix("/calendar/")
        if not number.isdigit():
            return not_found()
        number = int(number)
        return page(f"/calendar/{number + 1}", f"/calendar/{number + 2}")

    routes = {"/": page("/calendar/1", "/a.html"), "/a.html": page("/dead.html"), "*": day, "/dead.html": not_found()}
    async with serving(routes) as server, visiting() as net:
        looks, _, summary = await facts_of(server, net)
    assert set(looks) == {"/dead.html"}
    assert "疑似无穷页面" in summary.reason
    assert summary.pages <= most_bred("http://a/calendar/1") + 5


@pytest.mark.parametrize(("depth", "pages"), [(2, 3), (3, 4), (10, 6)])
@in_loop
async def test_beyond_so_many_clicks_pages_are_checked_but_not_read(depth, pages):
    routes = {
        "/": page("/p1.html"),
        **{f"/p{n}.html": page(f"/p{n + 1}.html") for n in range(1, 5)},
        "/p5.html": page(),
    }
    async with serving(routes) as server, visiting() as net:
        _, _, summary = await facts_of(server, net, bounds=CrawlBounds(500, 60.0, 0.0, depth=depth))
    assert summary.pages == pages


# The second look


def failed_row(path, **fields):
    more = {"outcome": Outcome.HTTP_ERROR, "status_code": 503, "sources": (), **fields}
    return LinkRow(url=path, depth=1, internal=True, is_page=True, **more)


@pytest.mark.parametrize(("after", "is_due"), [(-1, False), (0, True), (1, True)])
def test_a_second_look_is_due_a_day_after_the_crawl_and_once(after, is_due):
    log = Memory()
    log.ended, log.rows = NOW, {"x": failed_row("http://site.example/x")}
    clock = FixedClock(NOW + AFTER + timedelta(seconds=after))
    assert bool(due(the_site(""), clock=clock, log=log)) is is_due
    log.looked_again("5100000001")
    assert due(the_site(""), clock=clock, log=log) == []


@in_loop
async def test_a_second_look_asks_for_the_failed_links_alone_and_tells_which_failed_again():
    routes = {"/": page("/other.html"), "/mended.html": page(), "/waf.html": answer("x", status=403)}
    routes["/dead.html"] = answer("x", status=503)
    async with serving(routes) as server, visiting() as net:
        failed = [failed_row(server.url(path)) for path in ("/dead.html", "/mended.html", "/waf.html")]
        facts = await recheck(
            the_site(server.url()), failed, net=net, clock=FixedClock(NOW), vantage="test", log=Memory()
        )
    assert {f.url.removeprefix(server.url("")): f.outcome for f in facts if isinstance(f, LinkFailure)} == {
        "/dead.html": Outcome.HTTP_ERROR,
        "/waf.html": Outcome.BLOCKED,
    }
    [look] = [f for f in facts if isinstance(f, LinkRecheck)]
    assert set(look.looked) == {row.url for row in failed}
    assert "/other.html" not in server.paths()


@in_loop
async def test_where_the_home_page_does_not_open_a_second_look_says_nothing_of_any_link():
    async with serving({"/": answer("x", status=503), "/dead.html": MISSING}) as server, visiting() as net:
        failed = [failed_row(server.url("/dead.html"))]
        facts = await recheck(
            the_site(server.url()), failed, net=net, clock=FixedClock(NOW), vantage="test", log=Memory()
        )
    assert facts == []
    assert "/dead.html" not in server.paths()
