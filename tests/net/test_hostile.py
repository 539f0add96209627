"""Servers that send anything at all: each costs bounded time and memory, is told, and starves nobody else."""

from __future__ import annotations

import asyncio
import gzip

import pytest

from checks import Outcome
from monitor import crawl as crawl_module
from monitor.crawl import CrawlBounds
from tests.net.test_links_told import BOTH, facts_of
from tests.net.web import EXAMPLE, answer, in_loop, page, redirect, serving, visiting

HTML = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
GOOD = {f"/{n}.html": page(text=f"第 {n} 页，正文" * 60) for n in range(20)}


class Sent:
    """Sends the same piece for ever, or until the other side has had enough, and counts the bytes."""

    def __init__(self, head, piece, *, pause=0.0):
        self.head, self.piece, self.pause, self.bytes = head, piece, pause, 0

    async def __call__(self, asked, writer):
        writer.write(self.head)
        while not writer.is_closing():
            writer.write(self.piece)
            await writer.drain()
            self.bytes += len(self.piece)
            await asyncio.sleep(self.pause)


def endless_redirects(asked):
    return redirect(f"{asked.target}x")


NO_END = {
    "a page without end": Sent(HTML + b"Content-Length: 900000000\r\n\r\n", b"<p>text</p>" * 5_000),
    "chunks without end": Sent(HTML + b"Transfer-Encoding: chunked\r\n\r\n", b"2710\r\n" + b"x" * 10_000 + b"\r\n"),
    "headers without end": Sent(HTML, b"X-More: " + b"y" * 8_000 + b"\r\n"),
    "one header without end": Sent(HTML + b"X-One: ", b"y" * 8_000),
    "a body that drips": Sent(HTML + b"Content-Length: 900\r\n\r\n", b"x", pause=0.05),
    "a head that drips": Sent(HTML, b"X", pause=0.05),
    "a hundred answers before the answer": Sent(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100),
}


@pytest.mark.parametrize("behaviour", NO_END.values(), ids=NO_END)
@in_loop
async def test_what_has_no_end_is_cut_short_and_the_others_are_judged(behaviour):
    behaviour.bytes = 0
    routes = {**GOOD, "/bad.html": behaviour, "/": page("/bad.html", *GOOD, "/dead.html")}
    async with serving(routes) as server, visiting(timeout=0.5, host_connections=2) as net:
        # The patience for what may pass is four times the time-out: 2 s here.
        looks, _, summary = await facts_of(server, net)
    assert looks["/dead.html"].control_passed
    assert set(looks) <= {"/bad.html", "/dead.html"}
    assert summary.links == len(GOOD) + 3
    assert behaviour.bytes < 40_000_000


NONSENSE = {
    "chunks that are none": HTML + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nnonsense",
    "a negative length": HTML + b"Content-Length: -5\r\n\r\nhello",
    "two lengths": HTML + b"Content-Length: 5\r\nContent-Length: 900\r\n\r\nhello",
    "length and chunks": HTML + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    "too short a length": answer("<p>正文正文正文</p>", content_length="5"),
    "too long a length": answer("<p>正文正文正文</p>", content_length="5000", connection="close"),
    "no status": b"HTTP/1.1 abc OK\r\n\r\n",
    "nothing but noise": bytes(range(256)) * 20,
    "a packing that is none": answer(b"\x00" * 500, content_encoding="gzip"),
    "a bomb": answer(gzip.compress(b"<p>" * 20_000_000), content_encoding="gzip"),
    "deep": answer("<div>" * 100_000 + "<a href=/0.html>x</a>"),
    "one huge attribute": answer(f"<a href='/0.html' title='{'y' * 3_000_000}'>x</a>"),
    "bytes of no encoding": answer(b"<p>\xff\xfe\x80\x81" * 1000, content_type="text/html; charset=no-such"),
    "unclosed": answer("<a href='/0.html" + "<script>" * 1000 + "<!--"),
}


@pytest.mark.parametrize("behaviour", NONSENSE.values(), ids=NONSENSE)
@in_loop
async def test_nonsense_is_never_a_dead_link_and_the_others_are_judged(behaviour):
    routes = {**GOOD, "/bad.html": behaviour, "/": page("/bad.html", *GOOD, "/dead.html")}
    async with serving(routes) as server, visiting(timeout=3.0) as net:
        looks, _, summary = await facts_of(server, net)
    conclusive = {url for url, look in looks.items() if look.outcome.conclusive}
    assert conclusive - {"/bad.html"} <= {"/dead.html"}
    assert "/dead.html" in conclusive
    assert summary.links >= len(GOOD) + 3


@in_loop
async def test_redirects_without_end_are_a_loop():
    routes = {**GOOD, "/": page("/r", *GOOD), "/r": redirect("/s"), "*": endless_redirects}
    async with serving(routes) as server, visiting() as net:
        looks, _, _ = await facts_of(server, net)
    assert {url: look.outcome for url, look in looks.items()} == {"/r": Outcome.REDIRECT_LOOP}
    assert len(server.asked) < 100


@in_loop
async def test_two_hundred_thousand_links_on_a_page_are_taken_in_part_and_told(monkeypatch):
    assert crawl_module._MOST_ON_PAGE <= 20_000
    monkeypatch.setattr(crawl_module, "_MOST_ON_PAGE", 500)  # spares the test the looks
    many = "".join(f"<a href=/x{n}.pdf>a</a>" for n in range(200_000))
    routes = {"/": page("/crowd.html", *GOOD, "/dead.html"), "/crowd.html": answer(f"<p>{'文' * 500}{many}"), **GOOD}
    routes["*"] = answer(b"%PDF", content_type="application/pdf")
    routes["/dead.html"] = answer("gone", status=410)
    async with serving(routes) as server, visiting() as net:
        looks, _, summary = await facts_of(server, net)
    assert set(looks) == {"/dead.html"}
    assert not summary.complete
    assert "1 个页面链接过多" in summary.reason
    assert "crowd.html 有" in summary.reason
    assert len({path for path in server.paths() if path.startswith("/x")}) == 500 + 1  # and one control


@in_loop
async def test_a_site_does_not_grow_without_end(monkeypatch):
    monkeypatch.setattr(crawl_module, "_MOST_LINKS", 60)
    routes = {"/": page(*(f"/p{n}.html" for n in range(10)))}
    routes |= {f"/p{n}.html": page("/p0.html", *(f"/f{n}-{m}.pdf" for m in range(20))) for n in range(10)}
    routes["*"] = answer(b"%PDF", content_type="application/pdf")
    async with serving(routes) as server, visiting() as net:
        looks, _, summary = await facts_of(server, net)
    assert looks == {}
    assert summary.links == 60
    assert not summary.complete
    assert "链接过多" in summary.reason


@in_loop
async def test_a_bad_site_does_not_hold_up_a_good_one():
    async def hang(asked, writer):
        await asyncio.sleep(60)

    async with serving({}, on=BOTH) as server, visiting(timeout=0.5, host_connections=2) as net:
        bad = {f"site.example/h{n}.html": hang for n in range(60)}
        server.routes |= {"site.example/": page(*(f"/h{n}.html" for n in range(60))), **bad}
        server.routes |= {f"other.example{path}": reply for path, reply in GOOD.items()}
        server.routes["other.example/"] = page(*GOOD, "/dead.html")
        slow = asyncio.create_task(facts_of(server, net, bounds=CrawlBounds(100, 20.0, 0.0)))
        await asyncio.sleep(0.1)

        class Other:
            url = staticmethod(lambda path="/", **_: server.url(path, host="other.example"))

        looks, _, summary = await facts_of(Other, net)
        assert not slow.done()
        slow.cancel()
    assert set(looks) == {"/dead.html"}
    assert (summary.pages, summary.complete) == (len(GOOD) + 1, True)


@in_loop
async def test_a_name_that_leads_inside_at_the_second_question_is_not_followed_there():
    """DNS rebinding in a real crawl: public for the home page, private from then on."""
    names = {**EXAMPLE, "rebind.example": ["127.0.0.2"]}

    def and_then_inside(asked):
        names["rebind.example"] = ["10.9.8.7"]
        return redirect(f"http://rebind.example:{server.port}/inside")

    async with serving({}, on=BOTH) as server, visiting(names) as net:
        server.routes |= {"rebind.example/first": and_then_inside, "rebind.example/inside": page(text="内部" * 100)}
        server.routes["site.example/"] = page(server.url("/first", host="rebind.example"))
        looks, remarks, _ = await facts_of(server, net)
    assert looks == {}
    assert [r.nature.value for r in remarks.values()] == ["resolves_inside"]
    assert "/inside" not in server.paths()
