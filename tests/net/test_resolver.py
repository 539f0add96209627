"""The resolver against a DNS server on loopback."""

import asyncio

import dns.rcode
import pytest

from monitor.resolver import Addresses, Answer, Resolver
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
