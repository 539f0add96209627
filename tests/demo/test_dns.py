"""The DNS server answers as its zone says, over UDP and TCP."""

from __future__ import annotations

import asyncio
import socket
import struct

import dns.asyncquery
import dns.exception
import dns.message
import dns.rcode
import pytest

from monitor.demo.dns import DnsServer, Mishap, Zone

ZONE = Zone(
    {
        "www.qinghe.test": {"CNAME": ("edge.qinghe.test.",)},
        "edge.qinghe.test": {"A": ("127.0.1.1",), "AAAA": ("::1",)},
        "four.qinghe.test": {"A": ("127.0.1.2", "127.0.1.3")},
        "a.b.qinghe.test": {"A": ("127.0.1.4",)},
        "loop.qinghe.test": {"CNAME": ("loop.qinghe.test.",)},
        "qinghe.test": {"NS": ("ns1.qinghe.test.",)},
    },
    {"bad.qinghe.test": Mishap.SERVFAIL, "no.qinghe.test": Mishap.REFUSED, "mute.qinghe.test": Mishap.SILENCE},
)


def ask(name: str, rdtype: str = "A", *, tcp: bool = False, timeout: float = 5.0) -> dns.message.Message:
    async def main() -> dns.message.Message:
        server = DnsServer(ZONE)
        await server.start()
        try:
            query = dns.asyncquery.tcp if tcp else dns.asyncquery.udp
            return await query(dns.message.make_query(name, rdtype), "127.0.0.1", port=server.port, timeout=timeout)
        finally:
            await server.stop()

    return asyncio.run(main())


def texts(message: dns.message.Message) -> set[str]:
    return {record.to_text() for rrset in message.answer for record in rrset}


@pytest.mark.parametrize("tcp", [False, True])
def test_every_record_of_a_name_is_answered_over_udp_and_tcp(tcp):
    assert texts(ask("four.qinghe.test", tcp=tcp)) == {"127.0.1.2", "127.0.1.3"}


@pytest.mark.parametrize(("rdtype", "address"), [("A", "127.0.1.1"), ("AAAA", "::1")])
def test_a_cname_is_followed_for_both_families(rdtype, address):
    assert texts(ask("www.qinghe.test", rdtype)) == {"edge.qinghe.test.", address}


def test_names_are_asked_without_regard_to_case():
    assert "127.0.1.2" in texts(ask("FOUR.Qinghe.test"))


def test_name_servers_are_answered():
    assert texts(ask("qinghe.test", "NS")) == {"ns1.qinghe.test."}


def test_a_name_without_the_type_has_no_data_and_exists():
    answer = ask("four.qinghe.test", "AAAA")
    assert (answer.rcode(), answer.answer) == (dns.rcode.NOERROR, [])


def test_a_name_above_a_known_one_exists():
    assert ask("b.qinghe.test").rcode() == dns.rcode.NOERROR


def test_an_unknown_name_does_not_exist():
    answer = ask("gone.qinghe.test")
    assert answer.rcode() == dns.rcode.NXDOMAIN
    assert answer.authority


@pytest.mark.parametrize(
    ("name", "rcode"), [("bad.qinghe.test", dns.rcode.SERVFAIL), ("no.qinghe.test", dns.rcode.REFUSED)]
)
def test_planned_names_fail_as_planned(name, rcode):
    assert ask(name).rcode() == rcode


@pytest.mark.parametrize("tcp", [False, True])
def test_a_silent_name_is_never_answered(tcp):
    with pytest.raises(dns.exception.Timeout):
        ask("mute.qinghe.test", tcp=tcp, timeout=0.2)


def test_a_cname_loop_ends():
    assert len(ask("loop.qinghe.test").answer) >= 1


def test_one_tcp_connection_carries_several_questions_and_garbage_is_passed_over():
    async def main() -> list[bytes]:
        server = DnsServer(ZONE)
        await server.start()
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        good = dns.message.make_query("four.qinghe.test", "A").to_wire()
        for wire in (good, b"garbage", good):
            writer.write(struct.pack("!H", len(wire)) + wire)
        answers = []
        for _ in range(2):
            (length,) = struct.unpack("!H", await reader.readexactly(2))
            answers.append(await reader.readexactly(length))
        await server.stop()  # with the conversation still open
        writer.close()
        await writer.wait_closed()
        return answers

    assert [len(dns.message.from_wire(wire).answer[0]) for wire in asyncio.run(main())] == [2, 2]


def test_a_stopped_server_leaves_its_port():
    async def main() -> int:
        server = DnsServer(ZONE)
        await server.start()
        await server.stop()
        return server.port

    port = asyncio.run(main())
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as again:
        again.bind(("127.0.0.1", port))
        assert again.getsockname()[1] == port
