"""The probes of IPv6 against servers on loopback: addresses and ports, name servers, pages over both families."""

from __future__ import annotations

import pytest

from checks import Outcome
from checks.core.ipv6.content import Verdict, compare
from checks.core.ipv6.limits import Limits
from monitor.inner_links import sample
from monitor.ipv6_settings import Ipv6
from monitor.resolver import Answer, ZoneServers
from tests.net.test_families import needs_ipv6
from tests.net.web import answer, in_loop, page, redirect, serving
from tests.probes.kits import kit, look, site

BOTH = {"site.example": ["127.0.0.1", "::1"]}
V4, V6 = "127.0.0.1", "::1"
NGINX = page(title="Welcome to nginx!", text="Thank you for using nginx, further configuration is required. " * 4)
OTHER = page("/a.html", title="某县人民政府", text="另一家单位的介绍文字，与上面毫无关系，版式却完全相同。" * 6)
WORDS = "某县召开乡村振兴工作推进会，传达学习有关会议精神，安排部署下一阶段重点任务，各乡镇负责同志参加会议。" * 3


def by_family(over_ipv4: bytes, over_ipv6: bytes):
    return lambda asked: over_ipv6 if ":" in asked.address else over_ipv4


# Addresses and ports


@needs_ipv6
@in_loop
async def test_every_address_is_asked_for_the_page_at_every_port():
    async with (
        serving({"/": page()}, on=(V4, V6)) as server,
        serving({}, on=(V4, V6)) as second,
        kit(BOTH, families=(4, 6), ipv6=Ipv6(ports=(second.port, server.port))) as k,
    ):
        survey, _ = await look("site.addresses", site(server.url()), k)
    assert [(r.address, r.port, r.outcome, r.http, r.status_code) for r in survey.reach] == [
        (V4, server.port, Outcome.OK, Outcome.OK, 200),
        (V6, server.port, Outcome.OK, Outcome.OK, 200),
        (V4, second.port, Outcome.OK, Outcome.HTTP_ERROR, 404),
        (V6, second.port, Outcome.OK, Outcome.HTTP_ERROR, 404),
    ]
    assert all(r.seconds is not None and r.http_seconds is not None for r in survey.reach)
    assert {asked.host for asked in server.asked} == {f"site.example:{server.port}"}


@in_loop
async def test_a_redirect_at_an_address_is_an_answer_and_not_followed():
    async with serving({"/": redirect("http://nowhere.example/")}) as server, kit() as k:
        answered = await k.net.ask_at(server.url(), V4)
    assert (answered.outcome, answered.status_code) == (Outcome.OK, 302)


@in_loop
async def test_an_address_that_the_guard_forbids_is_not_asked():
    async with serving({"/": page()}) as server, kit(allow=()) as k:
        assert (await k.net.ask_at(server.url(), V4)).outcome is Outcome.REFUSED_BY_GUARD
    assert server.connections == 0


@in_loop
async def test_dead_addresses_are_tried_side_by_side():
    holes = [f"127.0.0.{n}" for n in range(2, 10)]
    async with serving({"/": page()}) as server, kit({"site.example": [V4, *holes]}) as k:
        waiting: list[str] = []
        together = 0

        async def black_hole(address: str, port: int) -> tuple[Outcome, float | None]:
            nonlocal together
            waiting.append(address)
            together = max(together, len(waiting))
            while len(waiting) < 9 and together < 9:  # ends only if all of them are under way at once
                await asyncio_sleep()
            return Outcome.TIMEOUT, None

        k.net.reach = black_hole
        (survey,) = await look("site.addresses", site(server.url()), k)
    assert together == 9
    assert {r.outcome for r in survey.reach} == {Outcome.TIMEOUT}


async def asyncio_sleep() -> None:
    import asyncio

    await asyncio.sleep(0)


@in_loop
async def test_aliases_are_kept():
    async with kit({"site.example": [V4]}, families=(4, 6)) as k:
        k.resolver.aliases["site.example"] = ("site.cdn.example",)
        survey, _ = await look("site.addresses", site("http://site.example:9/"), k)
    assert survey.cnames == ("site.cdn.example",)
    assert survey.aaaa_answer == "no_data"


# Name servers


@in_loop
async def test_every_address_of_every_name_server_is_asked_over_both_families():
    names = {
        "site.example": [V4],
        "ns1.example": [V4, "::1"],
        "ns2.example": ["127.0.0.2"],
        "ns3.example": Answer.TIMEOUT,
    }
    async with kit(names, families=(4, 6)) as k:
        k.resolver.zones["example"] = ZoneServers(Answer.OK, "example", ("ns1.example", "ns2.example", "ns3.example"))
        k.resolver.heard |= {"::1": "refused", "127.0.0.2": "timeout"}
        _, told = await look("site.addresses", site("http://site.example:9/"), k)
    assert (told.zone, told.ns_answer) == ("example", "ok")
    assert [(s.name, s.aaaa, s.aaaa_answer) for s in told.servers] == [
        ("ns1.example", ("::1",), "ok"),
        ("ns2.example", (), "no_data"),
        ("ns3.example", (), "timeout"),
    ]
    assert [(a.address, a.answer) for s in told.servers for a in s.answers] == [
        ("::1", "refused"),
        (V4, "ok"),
        ("127.0.0.2", "timeout"),
    ]


@in_loop
async def test_a_name_server_at_a_forbidden_address_is_not_asked():
    names = {"site.example": [V4], "ns1.example": ["fd00::53"]}
    async with kit(names, families=(4, 6)) as k:
        k.resolver.zones["example"] = ZoneServers(Answer.OK, "example", ("ns1.example",))
        _, told = await look("site.addresses", site("http://site.example:9/"), k)
    assert [a.answer for a in told.servers[0].answers] == ["not_asked"]


@in_loop
async def test_offline_over_ipv6_no_name_server_is_looked_for():
    async with kit({"site.example": [V4]}, families=(4,)) as k:
        (survey,) = await look("site.addresses", site("http://site.example:9/"), k)
        assert survey.aaaa_answer == "offline"
        assert await look("site.ipv6_pages", site("http://site.example:9/"), k) == []


# The same site over both


@needs_ipv6
@pytest.mark.parametrize(
    ("over_ipv6", "verdict"),
    [
        (page("/a.html", title="某县人民政府", text=WORDS), Verdict.SAME),
        (NGINX, Verdict.DIFFERENT),
        (OTHER, Verdict.DIFFERENT),
        (answer("x", status=403), Verdict.UNKNOWN),
        (answer("x", status=500), Verdict.UNKNOWN),
    ],
    ids=["same", "default page", "same template", "blocked", "error"],
)  # fmt: skip
@in_loop
async def test_the_home_page_over_ipv6_stands_between_two_over_ipv4(over_ipv6, verdict):
    ours = page("/a.html", title="某县人民政府", text=WORDS)
    async with (
        serving({"/": by_family(ours, over_ipv6), "/a.html": page()}, on=(V4, V6)) as server,
        kit(BOTH, families=(4, 6)) as k,
    ):
        compared, *_ = await look("site.ipv6_pages", site(server.url()), k)
    assert compare(compared, Limits()).verdict is verdict
    assert (compared.first.family, compared.over_ipv6.family, compared.again.family) == (4, 6, 4)
    if verdict is Verdict.DIFFERENT:
        assert compared.only_ipv4
        assert compared.only_ipv6


@needs_ipv6
@in_loop
async def test_a_redirect_over_ipv6_to_a_host_without_it_ends_there():
    names = BOTH | {"old.example": [V4]}
    async with serving({"old.example/": page()}, on=(V4, V6)) as server, kit(names, families=(4, 6)) as k:
        server.routes["site.example/"] = redirect(server.url(host="old.example"))
        four, six = await look("site.visit", site(server.url()), k)
        (compared,) = await look("site.ipv6_pages", site(server.url()), k)
    assert (four.outcome, six.outcome) == (Outcome.OK, Outcome.DNS_ERROR)
    assert six.final_url == compared.over_ipv6.final_url == server.url(host="old.example")


@needs_ipv6
@in_loop
async def test_bare_to_www_to_https_like_hops_keep_the_family():
    names = {name: [V4, V6] for name in ("site.example", "www.site.example")}
    async with serving({"/": page(), "www.site.example/": page()}, on=(V4, V6)) as server:
        server.routes["site.example/"] = redirect(server.url(host="www.site.example"))
        async with kit(names, families=(4, 6)) as k:
            await look("site.visit", site(server.url()), k)
    assert sorted((a.address, a.host.partition(":")[0]) for a in server.asked) == [
        (V4, "site.example"),
        (V4, "www.site.example"),
        (V6, "site.example"),
        (V6, "www.site.example"),
    ]


# Below the home page


@needs_ipv6
@in_loop
async def test_links_of_levels_two_and_three_are_opened_over_ipv6():
    names = BOTH | {"v4.example": [V4]}
    routes = {
        "/": page("/a.html", "/b.html", "/gone.html", "/six.html", "/file.pdf", "http://else.example/"),
        "/a.html": page("/a/1.html", "/a/2.html", "/b.html"),
        "/b.html": page("/a/1.html"),
        "/a/1.html": page(),
        "/six.html": by_family(page(), answer(status=500)),
        "/file.pdf": page(),
    }
    async with serving(routes, on=(V4, V6)) as server, kit(names, families=(4, 6)) as k:
        server.routes["/a/2.html"] = redirect(server.url("/x.html", host="v4.example"))
        server.routes["v4.example/x.html"] = page()
        _, inner, _ = await look("site.ipv6_pages", site(server.url()), k)
    two, three = inner.levels
    assert (two.found, two.sampled, two.reached, two.failed, two.dead, two.unknown) == (4, 4, 2, 1, 1, 0)
    assert (three.found, three.sampled, three.reached, three.failed) == (2, 2, 1, 1)
    assert [(f.url, f.level, f.page, f.over_ipv6, f.over_ipv4) for f in inner.failing] == [
        (server.url("/six.html"), 2, server.url(), Outcome.HTTP_ERROR, Outcome.OK),
        (server.url("/a/2.html"), 3, server.url("/a.html"), Outcome.DNS_ERROR, Outcome.OK),
    ]
    assert "跳转到 http://v4.example" in inner.failing[1].detail
    assert inner.home_stayed


@needs_ipv6
@in_loop
async def test_a_home_page_that_fails_in_the_end_is_told():
    answers = iter([page("/a.html"), answer(status=500)])
    routes = {"/": lambda asked: next(answers) if ":" in asked.address else page("/a.html")}
    routes["/a.html"] = by_family(page(), answer(status=500))
    async with serving(routes, on=(V4, V6)) as server, kit(BOTH, families=(4, 6)) as k:
        _, inner, _ = await look("site.ipv6_pages", site(server.url()), k)
    assert not inner.home_stayed


@needs_ipv6
@in_loop
async def test_a_blocked_link_is_unknown():
    routes = {"/": page("/a.html"), "/a.html": by_family(page(), answer("x", status=403))}
    async with serving(routes, on=(V4, V6)) as server, kit(BOTH, families=(4, 6)) as k:
        _, inner, _ = await look("site.ipv6_pages", site(server.url()), k)
    assert (inner.levels[0].unknown, inner.levels[0].tested) == (1, 0)


def test_a_sample_is_all_or_the_same_ones_in_any_order():
    links = [f"http://a.example/{n}" for n in range(50)]
    assert sample(links, 50) == sorted(links)
    chosen = sample(links, 10)
    assert len(chosen) == 10
    assert sample(list(reversed(links)), 10) == chosen
    assert set(sample(links[:49], 10)) - set(chosen) <= set(links)  # one that leaves moves one place at most
    assert len(set(sample(links[:49], 10)) & set(chosen)) >= 9


# 天窗


@needs_ipv6
@in_loop
async def test_hosts_without_ipv6_are_listed_with_resources_and_links_apart():
    body = (
        "<title>某县</title><p>" + WORDS + "</p><img src='http://img.example/a.png'>"
        "<script src='//img.example/b.js'></script>"
        "<link rel=stylesheet href='http://both.example/c.css'><iframe src='http://frame.example/'></iframe>"
        "<a href='http://192.0.2.9/jiucuo'>找错</a>"
        "<a href='http://both.example/'>两者</a><a href='http://gone.example/'>无</a>"
        "<a href='http://silent.example/'>默</a><a href='/a.html'>内</a>"
    )
    names = BOTH | {
        "img.example": [V4],
        "frame.example": [V4],
        "both.example": [V4, V6],
        "silent.example": Answer.TIMEOUT,
    }
    async with serving({"/": answer(body), "/a.html": page()}, on=(V4, V6)) as server, kit(names, families=(4, 6)) as k:
        *_, told = await look("site.ipv6_pages", site(server.url()), k)
    assert (told.pages, told.hosts, told.resources, told.links, told.unknown) == (2, 6, 4, 4, 2)
    assert [(h.host, h.literal, h.resources, h.links) for h in told.without] == [
        ("192.0.2.9", True, 0, 1),
        ("frame.example", False, 1, 0),
        ("img.example", False, 2, 0),
    ]


@needs_ipv6
@in_loop
async def test_that_a_page_says_it_supports_ipv6_proves_nothing():
    async with (
        serving({"/": page(text="本网站支持IPv6 " * 50)}) as server,
        kit({"site.example": [V4]}, families=(4, 6)) as k,
    ):
        survey, _ = await look("site.addresses", site(server.url()), k)
    assert (survey.aaaa, survey.aaaa_answer) == ((), "no_data")
