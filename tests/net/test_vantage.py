"""The vantage gate: is this machine online?"""

from checks import Outcome
from monitor.settings import Vantage
from monitor.vantage import online_families
from tests.net.web import answer, in_loop, page, serving, visiting


@in_loop
async def test_a_family_is_online_when_any_of_its_references_opens_over_it():
    names = {"up.example": ["127.0.0.1", "::1"], "down.example": ["127.0.0.1"], "blocked.example": ["127.0.0.1"]}
    routes = {"up.example/": page(), "blocked.example/": answer(status=403), "down.example/": answer(status=502)}
    async with serving(routes) as server, visiting(names) as net:
        up, down, blocked = (server.url(host=f"{name}.example") for name in ("up", "down", "blocked"))
        assert await online_families(net, Vantage(ipv4=(down, up), ipv6=(up,))) == {4}  # nobody listens on ::1
        assert await online_families(net, Vantage(ipv4=(down, blocked), ipv6=(up,))) == frozenset()


@in_loop
async def test_over_ipv6_only_an_answer_over_ipv6_counts():
    names = {"up.example": ["127.0.0.1", "::1"]}
    async with serving({"/": page()}, on=("127.0.0.1", "::1")) as server, visiting(names) as net:
        url = server.url(host="up.example")
        assert await online_families(net, Vantage(ipv4=(url,), ipv6=(url,))) == {4, 6}
    assert {asked.address for asked in server.asked} == {"127.0.0.1", "::1"}


@in_loop
async def test_without_references_the_routes_are_asked_and_nobody_is_visited():
    async with visiting({}) as net:
        found = await online_families(net, Vantage())
        assert found <= {4, 6}
        assert net._resolver.asked == []


@in_loop
async def test_a_large_reference_page_proves_as_much_as_a_small_one():
    async with serving({"/": answer(b"x" * 300_000)}) as server, visiting() as net:
        assert (await net.fetch(server.url(), body_limit=100_000)).outcome is Outcome.TOO_LARGE
        assert 4 in await online_families(net, Vantage(ipv4=(server.url(),), ipv6=(server.url(),)))
