"""Redirects: followed by hand, with cookies, to an end."""

import pytest

from checks import Outcome
from tests.net.web import answer, in_loop, page, redirect, serving, visiting


@in_loop
async def test_hops_lie_between_the_address_asked_for_and_the_last_one():
    routes = {"/a": redirect("/b"), "/b": redirect("//other.example:{port}/c", status=301), "/c": page()}
    async with serving(routes, on=("127.0.0.1", "127.0.0.2")) as server, visiting() as net:
        server.routes["/b"] = redirect(f"//other.example:{server.port}/c", status=301)
        fetched = await net.fetch(server.url("/a"))
        assert fetched.outcome is Outcome.OK
        assert fetched.hops == (server.url("/b"),)
        assert fetched.final_url == server.url("/c", host="other.example")
        assert fetched.address == "127.0.0.2"
        direct = await net.fetch(server.url("/b"))
        assert direct.hops == ()


def goes_home_with_a_cookie(asked):
    if "pass=1" in asked.headers.get("cookie", ""):
        return page()
    return redirect("/", set_cookie="pass=1; Path=/; HttpOnly")


@in_loop
async def test_a_site_that_sends_to_itself_with_a_cookie_is_opened():
    async with serving({"/": goes_home_with_a_cookie}) as server, visiting() as net:
        fetched = await net.fetch(server.url())
        assert (fetched.outcome, fetched.final_url) == (Outcome.OK, server.url())
        again = await net.fetch(server.url())
    assert again.outcome is Outcome.OK
    assert "cookie" not in server.asked[2].headers  # a fetch does not know the cookies of another


@in_loop
async def test_a_cookie_is_not_carried_to_a_stranger():
    async with serving({"/end": page()}, on=("127.0.0.1", "127.0.0.2")) as server, visiting() as net:
        server.routes["/"] = redirect(server.url("/end", host="other.example"), set_cookie="secret=1")
        await net.fetch(server.url())
    assert "cookie" not in server.asked[-1].headers


@pytest.mark.parametrize(
    "routes",
    [{"/": redirect("/")}, {"/": redirect("/b"), "/b": redirect("/")}],
    ids=["to itself", "back and forth"],
)
@in_loop
async def test_a_circle_is_seen_as_soon_as_it_closes(routes):
    async with serving(routes) as server, visiting() as net:
        fetched = await net.fetch(server.url())
    assert fetched.outcome is Outcome.REDIRECT_LOOP
    assert fetched.status_code == 302
    assert len(server.asked) == len(routes)


@pytest.mark.parametrize(("hops", "expected"), [(19, Outcome.OK), (20, Outcome.OK), (21, Outcome.REDIRECT_LOOP)])
@in_loop
async def test_twenty_hops_are_followed_and_no_more(hops, expected):
    def step(asked):
        number = int(asked.target.strip("/"))
        return page() if number == hops else redirect(f"/{number + 1}")

    async with serving({"*": step}) as server, visiting() as net:
        fetched = await net.fetch(server.url("/0"))
    assert fetched.outcome is expected
    assert len(server.asked) == min(hops, 20) + 1


@in_loop
async def test_a_location_in_gbk_is_sent_back_byte_by_byte():
    raw = "/公告.html".encode("gb18030")
    reply = b"HTTP/1.1 302 Found\r\nLocation: " + raw + b"\r\nContent-Length: 0\r\n\r\n"
    async with serving({"/": reply, "*": page()}) as server, visiting() as net:
        assert (await net.fetch(server.url())).outcome is Outcome.OK
    assert server.asked[1].target == "/%B9%AB%B8%E6.html"


@pytest.mark.parametrize("location", ["file:///etc/passwd", "javascript:alert(1)", "http://a b/", "data:,x"])
@in_loop
async def test_a_redirect_to_what_is_no_web_address_leads_nowhere(location):
    async with serving({"/": redirect(location)}) as server, visiting() as net:
        fetched = await net.fetch(server.url())
    assert (fetched.outcome, fetched.status_code) == (Outcome.HTTP_ERROR, 302)


@in_loop
async def test_a_redirect_without_a_target_is_an_error():
    async with serving({"/": answer(status=302)}) as server, visiting() as net:
        assert (await net.fetch(server.url())).outcome is Outcome.HTTP_ERROR


@in_loop
async def test_the_status_at_the_end_of_the_chain_counts():
    async with serving({"/": redirect("/404.html"), "/404.html": answer(status=404)}) as server, visiting() as net:
        fetched = await net.fetch(server.url())
    assert (fetched.outcome, fetched.status_code) == (Outcome.HTTP_ERROR, 404)
    assert fetched.final_url == server.url("/404.html")
