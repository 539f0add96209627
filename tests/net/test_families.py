"""Address families and the guard: what is connected to, and what is never."""

import socket

import pytest

from checks import Outcome
from monitor.resolver import Answer
from tests.net.web import in_loop, page, redirect, serving, visiting


def _has_ipv6_loopback():
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


needs_ipv6 = pytest.mark.skipif(not _has_ipv6_loopback(), reason="this machine has no ::1")
BOTH = {"site.example": ["127.0.0.1", "::1"]}


@needs_ipv6
@in_loop
async def test_a_pinned_family_is_the_one_that_is_used():
    async with serving({"/": page()}, on=("127.0.0.1", "::1")) as server, visiting(BOTH) as net:
        for family, address in ((4, "127.0.0.1"), (6, "::1"), (None, "127.0.0.1")):
            fetched = await net.fetch(server.url(), family=family)
            assert (fetched.outcome, fetched.address) == (Outcome.OK, address)
            assert server.asked[-1].address == address
            assert server.asked[-1].host == f"site.example:{server.port}"


@needs_ipv6
@in_loop
async def test_the_family_is_pinned_on_every_hop():
    names = {"site.example": ["127.0.0.1", "::1"], "old.example": ["127.0.0.1"]}
    async with serving({"/": page()}, on=("127.0.0.1", "::1")) as server, visiting(names) as net:
        server.routes["site.example/"] = redirect(server.url(host="old.example"))
        over_6 = await net.fetch(server.url(), family=6)
        assert over_6.outcome is Outcome.DNS_ERROR
        assert over_6.final_url == server.url(host="old.example")
        assert "没有 IPv6 地址" in over_6.detail
        assert [asked.address for asked in server.asked] == ["::1"]
        assert (await net.fetch(server.url(), family=4)).outcome is Outcome.OK


@needs_ipv6
@pytest.mark.parametrize("names", [{"site.example": ["::1"]}, BOTH], ids=["no A record", "IPv4 refuses"])
@in_loop
async def test_without_a_pinned_family_ipv6_steps_in(names):
    async with serving({"/": page()}, on=("::1",)) as server, visiting(names) as net:
        fetched = await net.fetch(server.url())
        assert (fetched.outcome, fetched.family) == (Outcome.OK, 6)
        assert (await net.fetch(server.url(), family=4)).outcome is not Outcome.OK


@in_loop
async def test_where_both_families_fail_the_failure_of_ipv4_is_told():
    async with serving({}) as server:
        url = server.url()
    async with visiting(BOTH) as net:
        fetched = await net.fetch(url)
    assert (fetched.outcome, fetched.family, fetched.address) == (Outcome.CONNECT_ERROR, 4, "127.0.0.1")


@in_loop
async def test_a_second_address_is_tried_where_the_first_refuses():
    names = {"site.example": ["127.0.0.3", "127.0.0.1"]}
    async with serving({"/": page()}) as server, visiting(names) as net:
        fetched = await net.fetch(server.url())
    assert (fetched.outcome, fetched.address) == (Outcome.OK, "127.0.0.1")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer.TIMEOUT, "没有应答"),
        (Answer.SERVFAIL, "SERVFAIL"),
        (Answer.REFUSED, "REFUSED"),
        (Answer.NO_DATA, "没有 IPv4 地址"),
    ],
)
@in_loop
async def test_why_a_name_has_no_address_is_told(answer, words):
    async with visiting({"site.example": answer}) as net:
        fetched = await net.fetch("http://site.example/", family=4)
    assert fetched.outcome is Outcome.DNS_ERROR
    assert words in fetched.detail


@in_loop
async def test_a_name_with_a_private_address_is_refused_and_nothing_is_sent():
    async with serving({"/": page()}) as server, visiting(allow=()) as net:
        fetched = await net.fetch(server.url())
        assert fetched.outcome is Outcome.REFUSED_BY_GUARD
        assert "127.0.0.1" in fetched.detail
        literal = await net.fetch(server.url(host="127.0.0.1"))
        assert literal.outcome is Outcome.REFUSED_BY_GUARD
    assert (server.asked, server.connections) == ([], 0)


@pytest.mark.parametrize("inside", ["127.0.0.2", "inside.example", "2130706434", "0x7f.2", "[::ffff:127.0.0.2]"])
@in_loop
async def test_a_redirect_into_the_machine_sends_nothing_there(inside):
    names = {"site.example": ["127.0.0.1"], "inside.example": ["127.0.0.2"]}
    async with serving({"/": page()}, on=("127.0.0.2",)) as private, serving({}) as public:
        public.routes["/"] = redirect(f"http://{inside}:{private.port}/")
        async with visiting(names, allow=("127.0.0.1/32",)) as net:
            fetched = await net.fetch(public.url())
    assert fetched.outcome in (Outcome.REFUSED_BY_GUARD, Outcome.DNS_ERROR)
    assert len(public.asked) == 1
    assert (private.asked, private.connections) == ([], 0)


@in_loop
async def test_a_name_that_changes_its_address_between_hops_is_guarded_anew():
    async with serving({"/": page()}, on=("127.0.0.2",)) as private, serving({}) as public:
        names = {"site.example": ["127.0.0.1"]}

        def rebind(asked):
            names["site.example"] = ["127.0.0.2"]
            return redirect(f"http://site.example:{private.port}/")

        public.routes["/"] = rebind
        async with visiting(names, allow=("127.0.0.1/32",)) as net:
            fetched = await net.fetch(public.url())
    assert fetched.outcome is Outcome.REFUSED_BY_GUARD
    assert private.connections == 0


@in_loop
async def test_among_several_addresses_only_admitted_ones_are_connected_to():
    names = {"site.example": ["127.0.0.2", "127.0.0.1"]}
    async with (
        serving({"/": page()}, on=("127.0.0.1", "127.0.0.2")) as server,
        visiting(names, allow=("127.0.0.1/32",)) as net,
    ):
        fetched = await net.fetch(server.url())
    assert (fetched.outcome, fetched.address) == (Outcome.OK, "127.0.0.1")
    assert {asked.address for asked in server.asked} == {"127.0.0.1"}
