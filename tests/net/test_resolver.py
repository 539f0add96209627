"""The resolver against a DNS server on loopback."""

import asyncio
import contextlib

import dns.rcode
import pytest

from monitor.demo.dns import DnsServer, Zone
from monitor.resolver import Addresses, Answer, Resolver, ZoneServers
from tests.net.dns_server import name_server
from tests.net.web import in_loop


@in_loop
async def test_each_family_is_asked_by_itself_and_keeps_the_order_of_the_answer():
    records = {("a.example", "A"): ["192.0.2.2", "192.0.2.1"], ("a.example", "AAAA"): ["2001:db8::1"]}
    async with name_server(records) as server:
        resolver = Resolver([f"127.0.0.1:{server.port}"])
        assert await resolver.addresses("a.example", 4) == Addresses(Answer.OK, ("192.0.2.2", "192.0.2.1"))
        assert await resolver.addresses("A.EXAMPLE.", 6) == Addresses(Answer.OK, ("2001:db8::1",))


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (dns.rcode.NXDOMAIN, Answer.NXDOMAIN),
        ([], Answer.NO_DATA),
        (dns.rcode.SERVFAIL, Answer.SERVFAIL),
        (dns.rcode.REFUSED, Answer.REFUSED),
        (None, Answer.TIMEOUT),
        (["CNAME cdn.example."], Answer.NO_DATA),
    ],
)
@in_loop
async def test_absence_silence_and_refusal_are_different_answers(record, expected):
    async with name_server({("b.example", "AAAA"): record, ("b.example", "A"): ["192.0.2.1"]}) as server:
        resolver = Resolver([f"127.0.0.1:{server.port}"], timeout=0.4)
        assert await resolver.addresses("b.example", 6) == Addresses(expected)


@in_loop
async def test_a_closed_port_is_silence():
    async with name_server({}) as server:
        port = server.port
    assert (await Resolver([f"127.0.0.1:{port}"], timeout=0.4).addresses("a.example", 4)).answer is Answer.TIMEOUT


@in_loop
async def test_ipv4_in_the_disguise_of_ipv6_is_no_ipv6_address():
    records = {
        ("mapped.example", "AAAA"): ["::ffff:192.0.2.1"],
        ("mixed.example", "AAAA"): ["::ffff:192.0.2.1", "2001:db8::7"],
    }
    async with name_server(records) as server:
        resolver = Resolver([f"127.0.0.1:{server.port}"])
        assert await resolver.addresses("mapped.example", 6) == Addresses(Answer.NO_DATA)
        assert await resolver.addresses("mixed.example", 6) == Addresses(Answer.OK, ("2001:db8::7",))


@in_loop
async def test_a_malformed_record_is_dropped_and_the_others_stand():
    records = {
        ("short.example", "AAAA"): ["RAW 20010db8"],
        ("mixed.example", "AAAA"): ["RAW 20010db8", "2001:db8::7", "RAW " + "00" * 17],
    }
    async with name_server(records) as server:
        resolver = Resolver([f"127.0.0.1:{server.port}"], timeout=2)
        assert await resolver.addresses("short.example", 6) == Addresses(Answer.NO_DATA)
        assert await resolver.addresses("mixed.example", 6) == Addresses(Answer.OK, ("2001:db8::7",))


@pytest.mark.parametrize("cut", [1, 5, 15, 17, 20, 27])
@in_loop
async def test_of_an_answer_that_was_cut_off_nothing_is_taken_for_absent(cut):
    async with name_server({("cut.example", "AAAA"): ["2001:db8::7", f"CUT {cut}"]}) as server:
        found = await Resolver([f"127.0.0.1:{server.port}"], timeout=0.4).addresses("cut.example", 6)
    assert found.answer is Answer.TIMEOUT


@in_loop
async def test_an_alias_is_followed_to_the_end():
    records = {("www.example", "A"): ["CNAME cdn.example."], ("cdn.example", "A"): ["192.0.2.9"]}
    async with name_server(records) as server:
        resolver = Resolver([f"127.0.0.1:{server.port}"])
        assert (await resolver.addresses("www.example", 4)).addresses == ("192.0.2.9",)


@in_loop
async def test_equal_questions_at_the_same_time_are_asked_once_and_then_remembered():
    async with name_server({("a.example", "A"): ["192.0.2.1"]}) as server:
        resolver = Resolver([f"127.0.0.1:{server.port}"])
        answers = await asyncio.gather(*(resolver.addresses("a.example", 4) for _ in range(20)))
        answers.append(await resolver.addresses("a.example", 4))
        assert {answer.addresses for answer in answers} == {("192.0.2.1",)}
        assert server.asked == [("a.example", "A")]


@in_loop
async def test_a_record_that_asks_not_to_be_remembered_is_asked_again():
    async with name_server({("a.example", "A"): ["192.0.2.1"]}, ttl=0) as server:
        resolver = Resolver([f"127.0.0.1:{server.port}"])
        await resolver.addresses("a.example", 4)
        server.records["a.example", "A"] = ["192.0.2.2"]
        assert (await resolver.addresses("a.example", 4)).addresses == ("192.0.2.2",)


@in_loop
async def test_one_asker_who_gives_up_does_not_take_the_answer_from_the_others():
    async with name_server({("a.example", "A"): ["192.0.2.1"]}) as server:
        resolver = Resolver([f"127.0.0.1:{server.port}"])
        impatient = asyncio.create_task(resolver.addresses("a.example", 4))
        patient = asyncio.create_task(resolver.addresses("a.example", 4))
        await asyncio.sleep(0)
        impatient.cancel()
        assert (await patient).addresses == ("192.0.2.1",)
        await asyncio.gather(impatient, return_exceptions=True)


@in_loop
async def test_a_second_server_answers_where_the_first_fails():
    async with (
        name_server({("a.example", "A"): dns.rcode.SERVFAIL}) as broken,
        name_server({("a.example", "A"): ["192.0.2.1"]}) as sound,
    ):
        resolver = Resolver([f"127.0.0.1:{broken.port}", f"127.0.0.1:{sound.port}"])
        assert (await resolver.addresses("a.example", 4)).addresses == ("192.0.2.1",)


@pytest.mark.parametrize(
    ("host", "family", "expected"),
    [
        ("192.0.2.1", 4, Addresses(Answer.OK, ("192.0.2.1",))),
        ("192.0.2.1", 6, Addresses(Answer.NO_DATA)),
        ("[2001:DB8::1]", 6, Addresses(Answer.OK, ("2001:db8::1",))),
        ("2001:db8::1", 4, Addresses(Answer.NO_DATA)),
        ("localhost", 4, Addresses(Answer.OK, ("127.0.0.1",))),
        ("localhost", 6, Addresses(Answer.OK, ("::1",))),
        ("a" * 64 + ".example", 4, Addresses(Answer.NXDOMAIN)),
        ("a..example", 4, Addresses(Answer.NXDOMAIN)),
    ],
)
@in_loop
async def test_what_needs_no_question_is_not_asked(host, family, expected):
    async with name_server({}) as server:
        assert await Resolver([f"127.0.0.1:{server.port}"]).addresses(host, family) == expected
        assert server.asked == []


# Name servers


@in_loop
async def test_the_zone_is_the_nearest_name_with_name_servers():
    records = {
        ("www.site.example", "NS"): ["CNAME cdn.other."],
        ("cdn.other", "NS"): ["ns.other."],
        ("site.example", "NS"): ["NS2.example.", "ns1.example."],
        ("example", "NS"): ["ns.root."],
    }
    async with name_server(records) as server:
        resolver = Resolver([f"127.0.0.1:{server.port}"])
        found = await resolver.zone_servers("www.site.example")
        assert found == ZoneServers(Answer.OK, "site.example", ("ns1.example", "ns2.example"))
        assert await resolver.zone_servers("alone.test") == ZoneServers(Answer.NO_DATA)


@pytest.mark.parametrize("rcode", [dns.rcode.SERVFAIL, dns.rcode.REFUSED, None])
@in_loop
async def test_a_zone_that_cannot_be_asked_is_not_looked_for_higher_up(rcode):
    expected = {dns.rcode.SERVFAIL: Answer.SERVFAIL, dns.rcode.REFUSED: Answer.REFUSED, None: Answer.TIMEOUT}[rcode]
    records = {("www.site.example", "NS"): rcode, ("site.example", "NS"): ["ns1.example."]}
    async with name_server(records) as server:
        resolver = Resolver([f"127.0.0.1:{server.port}"], timeout=0.4)
        assert await resolver.zone_servers("www.site.example") == ZoneServers(expected)


@pytest.mark.parametrize(
    ("record", "answer"),
    [
        (["ns1.example."], "ok"),
        ([], "no_data"),
        (dns.rcode.REFUSED, "refused"),
        (dns.rcode.SERVFAIL, "servfail"),
        (dns.rcode.NXDOMAIN, "nxdomain"),
        (None, "closed"),  # silent over UDP, and nobody listens over TCP
    ],
)
@in_loop
async def test_any_answer_of_a_name_server_is_heard_and_kept_apart(record, answer):
    async with name_server({("site.example", "NS"): record, ("site.example", "A"): ["192.0.2.1"]}) as server:
        resolver = Resolver(["127.0.0.1"], timeout=0.4)
        heard = await resolver.hear("site.example", "127.0.0.1", port=server.port)
        assert heard.answer == answer
        assert (heard.seconds is None) is (answer == "closed")


@in_loop
async def test_a_name_server_that_is_silent_over_udp_is_asked_over_tcp():
    zone = Zone({"site.example": {"NS": ("ns1.example.",)}})
    server = DnsServer(zone)
    await server.start()
    try:
        server._transports[0].close()  # only TCP is left
        resolver = Resolver(["127.0.0.1"], timeout=0.6)
        assert (await resolver.hear("site.example", "127.0.0.1", port=server.port)).answer == "ok"
    finally:
        await server.stop()


@in_loop
async def test_a_silent_name_server_times_out():
    async def mute(reader, writer):
        with contextlib.suppress(asyncio.CancelledError):
            await reader.read()
        writer.close()

    records = {("site.example", "NS"): None, ("site.example", "A"): ["192.0.2.1"]}
    async with await asyncio.start_server(mute, "127.0.0.1", 0) as tcp:
        port = tcp.sockets[0].getsockname()[1]  # of TCP first: that is where others take ports at random
        async with name_server(records, port=port):
            resolver = Resolver(["127.0.0.1"], timeout=0.4)
            assert (await resolver.hear("site.example", "127.0.0.1", port=port)).answer == "timeout"


@in_loop
async def test_dropped_records_and_aliases_are_told():
    records = {
        ("www.example", "AAAA"): ["CNAME cdn.example."],
        ("cdn.example", "AAAA"): ["::ffff:192.0.2.1", "fe80::1", "::", "2001:db8::7"],
    }
    async with name_server(records) as server:
        found = await Resolver([f"127.0.0.1:{server.port}"]).addresses("www.example", 6)
    assert (found.addresses, found.aliases) == (("2001:db8::7",), ("cdn.example",))
    assert found.dropped == ("::ffff:192.0.2.1", "fe80::1", "::")
