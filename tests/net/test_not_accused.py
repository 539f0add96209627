"""Living links that a checker easily calls dead, each on a server that behaves so: none is a failure."""

from __future__ import annotations

import asyncio
import itertools

import pytest

from checks import Outcome
from monitor.clock import FixedClock
from monitor.demo.ports import has_ipv6_loopback
from monitor.frontier import LinkRow
from monitor.rechecking import recheck
from tests.extract.test_challenge import SEEN
from tests.net.test_crawl import NOW, Memory, the_site
from tests.net.test_links_told import BOTH, facts_of
from tests.net.web import EXAMPLE, answer, in_loop, not_found, page, redirect, serving, visiting

GOOD = {f"/{n}.html": page(text=f"第 {n} 页，正文" * 60) for n in range(20)}


def home(*links):
    return page(*links, *GOOD)


async def dead_among(routes, *, names=None, **network):
    """What a crawl of a site with these routes calls dead, by path or address, and its summary."""
    async with serving({**GOOD, **routes}, on=BOTH) as server, visiting(names, **network) as net:
        looks, _, summary = await facts_of(server, net)
    return {url: look for url, look in looks.items() if look.outcome.conclusive}, summary


# HEAD


async def hang(asked, writer):
    await asyncio.sleep(60)


async def reset(asked, writer):
    writer.transport.abort()


async def garbage(asked, writer):
    writer.write(b"\x00\x01garbage\r\n\r\n")
    await writer.drain()
    writer.close()


async def with_body(asked, writer):
    writer.write(answer(b"a body that HEAD must not have"))
    await writer.drain()


async def far_too_long(asked, writer):
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\nContent-Length: 99999999999\r\n\r\n")
    await writer.drain()


@pytest.mark.parametrize(
    "head",
    [hang, reset, garbage, with_body, far_too_long, redirect("/nowhere.html"), redirect("/f.pdf"), answer(status=502)],
    ids=["hangs", "resets", "garbage", "has a body", "wrong length", "leads to a 404", "leads to itself", "502"],
)
@in_loop
async def test_a_file_whose_head_is_answered_wrongly(head):
    async def file(asked, writer):
        if asked.method == "HEAD":
            return await head(asked, writer) if callable(head) else head
        return answer(b"%PDF-1.4", content_type="application/pdf")

    dead, summary = await dead_among({"/": home("/f.pdf", "/g.pdf"), "/f.pdf": file, "/g.pdf": file}, timeout=0.5)
    assert (dead, summary.complete) == ({}, True)


# 404 that says nothing of the link


@in_loop
async def test_a_firewall_that_answers_404_to_everything_from_some_moment_on():
    asked_for = itertools.count()

    def then_closed(asked):
        return home() if next(asked_for) < 8 else not_found()

    async with serving({"*": then_closed}) as server, visiting() as net:
        looks, _, summary = await facts_of(server, net)
    assert {url for url, look in looks.items() if look.outcome.conclusive} == set()
    assert not summary.complete
    assert "首页" in summary.reason


@in_loop
async def test_a_firewall_that_answers_404_to_everything_for_a_while():
    pages = {f"/{n}.html": page(text=f"第 {n} 页" * 60) for n in range(120)}
    asked_for = itertools.count()

    def closed_for_a_while(asked):
        if 8 <= next(asked_for) < 60:
            return not_found()
        return page(*pages) if asked.target == "/" else pages.get(asked.target, not_found())

    async with serving({"*": closed_for_a_while}) as server, visiting() as net:
        looks, _, summary = await facts_of(server, net)
    assert {url for url, look in looks.items() if look.outcome.conclusive} == set()
    assert not summary.complete


@in_loop
async def test_a_firewall_that_closes_during_the_second_look():
    closed = False

    def sometimes(asked):
        nonlocal closed
        closed = closed or asked.target == "/x.html"
        return not_found() if closed else page("/x.html")

    log = Memory()
    log.ended = NOW
    async with serving({"*": sometimes}) as server, visiting() as net:
        log.rows = {
            server.url(path): LinkRow(
                url=server.url(path), depth=1, internal=True, is_page=True, outcome=Outcome.TIMEOUT, answered=True
            )
            for path in ("/x.html", "/y.html")
        }
        facts = await recheck(
            the_site(server.url()), list(log.rows.values()), net=net, clock=FixedClock(NOW), vantage="test", log=log
        )
    assert facts == []


@in_loop
async def test_many_dead_links_in_a_row_are_told_where_the_home_page_still_opens():
    gone = [f"/gone/{n}.html" for n in range(40)]
    dead, summary = await dead_among({"/": page(*gone)})
    assert set(dead) == set(gone)
    assert all(look.control_passed for look in dead.values())
    assert summary.complete


@pytest.mark.parametrize("root", [not_found(), page()], ids=["404 everywhere", "home page opens"])
@in_loop
async def test_an_outside_host_that_shows_us_nothing_at_all_is_not_believed_at_once(root):
    async with serving({"other.example/": root}, on=BOTH) as server, visiting() as net:
        url = server.url("/a/gone.html", host="other.example")
        server.routes["site.example/"] = page(url)
        looks, _, _ = await facts_of(server, net)
    assert looks[url].outcome is Outcome.HTTP_ERROR
    assert looks[url].control_passed is (root != not_found())


@in_loop
async def test_what_is_shown_only_to_those_who_come_from_the_page():
    def guarded(asked):
        return page(text="只给从本站来的人看") if asked.headers.get("referer") else not_found()

    def picture(asked):
        seen = asked.headers.get("referer", "").startswith("http://site.example")
        return answer(b"\x89PNG", content_type="image/png") if seen else not_found()

    async with serving({**GOOD, "/in.html": guarded, "/p.png": picture}, on=BOTH) as server, visiting() as net:
        outside = server.url("/p.png", host="other.example")
        server.routes["/"] = home("/in.html", "/p.png", outside)
        looks, _, _ = await facts_of(server, net)
    assert looks == {}


# Pages that speak of 404

LETTER = "来信人：王某 来信时间：2026-10-08 内容：办事指南页面不存在，请处理。回复时间：2026-10-09 已修复。"


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("404页面设计规范", "各单位网站应当设置统一的 404 页面。" * 10),
        ("404页面", "发布时间：2026-09-01 来源：市大数据中心 各单位网站应当设置统一的 404 页面。" * 4),
        ("反映办事指南页面不存在-市长信箱", LETTER),
        ("市长信箱", LETTER),
        ("404路公交线路调整公告", "404路公交自即日起绕行。"),
        ("关于规范404页面的通知", "请各单位规范404页面，不得出现页面不存在等提示而无引导。发布日期：2026-11-01"),
    ],
)
@pytest.mark.parametrize("random_path", [not_found(), page(title="首页")], ids=["honest", "200 for all"])
@in_loop
async def test_an_article_about_missing_pages(title, text, random_path):
    article = answer(f"<title>{title}</title><body><p>{text}</p></body>")
    dead, _ = await dead_among({"/": home("/art/20261001.html"), "/art/20261001.html": article, "*": random_path})
    assert dead == {}


# One answer for all


@in_loop
async def test_a_site_by_script_that_answers_every_path_with_the_same_shell():
    shell = answer(
        "<!doctype html><html><head><title>某县</title></head><body><div id=app></div>"
        + "<script>"
        + "var a=1;" * 500
        + "</script></body></html>"
    )
    dead, _ = await dead_among({"/": home("/list/", "/detail/2026110512345"), "*": shell})
    assert dead == {}


@pytest.mark.parametrize("path", ["/index.html", "/index.jhtml", "/default.aspx", "/home", "/portal/index.do"])
@in_loop
async def test_another_name_of_the_home_page_on_a_site_that_sends_all_it_does_not_know_home(path):
    dead, _ = await dead_among({"/": home(path, "/art/gone.html"), "*": redirect("/")})
    assert set(dead) == {"/art/gone.html"}


@in_loop
async def test_a_server_that_sends_all_home_who_have_not_been_there():
    def only_known(asked):
        if "visitor=1" not in asked.headers.get("cookie", ""):
            return redirect("/")
        return page(text="正文" * 100) if asked.target.startswith("/art/1") else redirect("/")

    def start(asked):
        body = page("/art/1.html", "/art/12.html", "/art/gone.html", *GOOD)
        return body.replace(b"\r\n", b"\r\nSet-Cookie: visitor=1; path=/\r\n", 1)

    dead, _ = await dead_among({"/": start, "*": only_known})
    assert set(dead) == {"/art/gone.html"}


# Redirects


@in_loop
async def test_a_chain_that_a_browser_still_follows():
    chain = {f"/r{n}": redirect(f"/r{n + 1}") for n in range(18)} | {"/r18": page()}
    dead, _ = await dead_among({"/": home("/r0"), **chain})
    assert dead == {}


@in_loop
async def test_a_page_that_sends_to_itself_with_ever_new_cookies_is_a_firewall():
    count = itertools.count()
    dead, summary = await dead_among(
        {"/": home("/x.html"), "/x.html": lambda asked: redirect("/x.html", set_cookie=f"CT6T={next(count)}; path=/")}
    )
    assert (dead, summary.blocked) == ({}, 1)


@in_loop
async def test_a_redirect_into_an_application_cannot_be_judged():
    routes = {"/": home("/app", "/wx"), "/app": redirect("itms-apps://apps.example/id1")}
    dead, summary = await dead_among({**routes, "/wx": redirect("weixin://dl/business/?t=1")})
    assert (dead, summary.blocked) == ({}, 2)


# Statuses


@pytest.mark.parametrize("status", [401, 402, 403, 405, 406, 412, 418, 429, 444, 466, 493, 495, 511, 521, 567, 999])
@in_loop
async def test_a_status_by_which_we_are_turned_away(status):
    dead, summary = await dead_among({"/": home("/x.html"), "/x.html": answer("no", status=status)})
    assert (dead, summary.blocked, summary.complete) == ({}, 1, True)


@pytest.mark.parametrize(("name", "status", "headers", "body"), SEEN)
@in_loop
async def test_the_pages_of_firewalls(name, status, headers, body):
    sent = {header.replace("-", "_"): value for header, value in headers.items()}
    dead, summary = await dead_among({"/": home("/x.html"), "/x.html": answer(body, status=status, **sent)})
    assert (dead, summary.blocked, summary.complete) == ({}, 1, True)


@in_loop
async def test_a_server_that_asks_for_a_certificate_of_the_visitor():
    refused = answer(
        "<head><title>400 No required SSL certificate was sent</title></head><body>nginx</body>", status=400
    )
    dead, summary = await dead_among({"/": home("/ca.html"), "/ca.html": refused})
    assert (dead, summary.blocked) == ({}, 1)


@pytest.mark.parametrize("fault", [answer(status=408), answer(status=500), answer(status=503, retry_after="1"), reset])
@in_loop
async def test_a_fault_that_passes(fault):
    count = itertools.count()

    async def once(asked, writer):
        if next(count):
            return page()
        return await fault(asked, writer) if callable(fault) else fault

    dead, summary = await dead_among({"/": home("/x.html"), "/x.html": once})
    assert (dead, summary.blocked) == ({}, 0)


# Slowness


@in_loop
async def test_an_outside_host_that_is_slow_and_holds_many_links():
    async def slow(asked):
        await asyncio.sleep(0.6)
        return page()

    async with serving({f"other.example/{n}": slow for n in range(12)}, on=BOTH) as server:
        server.routes["/"] = page(*(server.url(f"/{n}", host="other.example") for n in range(12)))
        async with visiting(timeout=0.3) as net:
            looks, _, summary = await facts_of(server, net)
    assert looks == {}
    assert summary.complete


# Addresses


@pytest.mark.skipif(not has_ipv6_loopback(), reason="this machine has no ::1")
@in_loop
async def test_an_address_written_as_ipv6():
    async with serving({"/six.html": page(), **GOOD}, on=("127.0.0.1", "::1")) as server, visiting() as net:
        server.routes["/"] = home(f"http://[0:0:0:0:0:0:0:1]:{server.port}/six.html")
        looks, remarks, _ = await facts_of(server, net)
    assert (looks, remarks) == ({}, {})
    asked_at = {(asked.address, asked.host) for asked in server.asked if asked.target == "/six.html"}
    assert asked_at == {("::1", f"[::1]:{server.port}")}


@in_loop
async def test_addresses_of_every_spelling_reach_what_a_browser_reaches():
    names = {
        **EXAMPLE,
        "site.example.": ["127.0.0.1"],
        "xn--fiq228c.cn": ["127.0.0.2"],
        "www.xn--wbsy6n.xn--zfr164b": ["127.0.0.2"],
    }
    async with serving({"*": not_found()}, on=BOTH) as server, visiting(names) as net:
        port = server.port
        links = {
            f"HTTP://SITE.Example:{port}/Upper.html": "/Upper.html",
            f"http://site.example.:{port}/dot.html": "/dot.html",
            f"http://user:secret@site.example:{port}/credentials.html": "/credentials.html",
            f"http://中文.CN:{port}/idn.html": "/idn.html",
            f"http://www.四川.政务:{port}/gov.html": "/gov.html",
            f"http://www。四川．政务:{port}/wide.html": "/wide.html",
            "../../above.html": "/above.html",
            "a/../b/./c.html": "/b/c.html",
            "/frag.html#第三章": "/frag.html",
            "/附件/通知 一.doc": "/%E9%99%84%E4%BB%B6/%E9%80%9A%E7%9F%A5%20%E4%B8%80.doc",
            "/raw/%B8%BD%BC%FE.doc": "/raw/%B8%BD%BC%FE.doc",
            "/s?词=公告&amp;p=1": "/s?%B4%CA=%B9%AB%B8%E6&p=1",
            "\\back\\slash.html": "/back/slash.html",
            "\u3000/blank.html\u00a0": "/blank.html",
            "/pipe|a[1].html": "/pipe|a[1].html",
            "http:scheme-only.html": "/scheme-only.html",
        }
        anchors = "".join(f'<p><a href="{link}">链接</a></p>' for link in links)
        text = "这是一个正常的网页，有足够多的文字内容。" * 20
        gbk = f"<title>网站</title><p>{text}</p>{anchors}".encode("gb18030")
        server.routes["site.example/"] = answer(gbk, content_type="text/html; charset=gbk")
        server.routes |= {path.partition("?")[0]: page(text=path * 100) for path in links.values()}
        looks, _, _ = await facts_of(server, net)
    assert looks == {}
    assert set(links.values()) <= set(server.paths())


# Forms


@pytest.mark.parametrize(
    "says", [answer(status=500), answer(status=400), answer("<title>提示</title><p>没有找到您要查找的内容</p>")]
)
@in_loop
async def test_a_form_that_wants_its_fields_is_not_dead_and_one_that_is_not_there_is(says):
    forms = answer("<form action=/search.jsp></form><form action=/gone.jsp></form>")
    dead, _ = await dead_among({"/": forms, "/search.jsp": says})
    assert set(dead) == {"/gone.jsp"}


HANDLERS = [
    "open('/y?id=1');return false",
    "go(); return false;",
    "javascript:return false",
    "go()\n return  false;\n",
    "if(a){go()} return false",
    "event.preventDefault();go(a?b:c)",
]


@pytest.mark.parametrize("handler", HANDLERS)
@in_loop
async def test_an_address_that_no_click_opens_is_not_dead(handler):
    page = answer(f'<a href=/nolink onclick="{handler}">x</a><a href=/gone>y</a>')
    dead, _ = await dead_among({"/": page})
    assert set(dead) == {"/gone"}


@pytest.mark.parametrize(
    "handler",
    ["count()", "return confirm('离开？')", "if(!ok()) return false", "if(x){return false}", "return ok?0:1"],
)
@in_loop
async def test_an_address_that_a_click_may_open_is_dead_where_it_does_not_open(handler):
    page = answer(f'<a href=/gone onclick="{handler}">x</a>')
    dead, _ = await dead_among({"/": page})
    assert set(dead) == {"/gone"}


@in_loop
async def test_what_a_plain_link_leads_to_as_well_is_not_left_to_scripts():
    both = answer("<a href=/x onclick='return false'>x</a><a href=/x>x</a>")
    dead, _ = await dead_among({"/": both})
    assert set(dead) == {"/x"}


@in_loop
async def test_what_a_plain_link_leads_to_as_well_is_no_form():
    both = answer("<form action=/x.jsp></form><a href=/x.jsp>x</a>")
    dead, _ = await dead_among({"/": both, "/x.jsp": answer(status=500)})
    assert set(dead) == {"/x.jsp"}
