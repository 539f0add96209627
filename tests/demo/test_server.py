"""The HTTP server behaves, and misbehaves on demand."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable

import pytest

from monitor.demo.ports import has_ipv6_loopback
from monitor.demo.server import Answer, HttpServer, IPv6, Misconduct, Request

ADDRESS = "127.0.1.77"
needs_ipv6 = pytest.mark.skipif(not has_ipv6_loopback(), reason="this machine has no IPv6 loopback")


def echo(request: Request) -> Answer | Misconduct:
    match request.path:
        case "/reset":
            return Misconduct.RESET
        case "/silence":
            return Misconduct.SILENCE
        case "/late":
            return Answer(b"late", delay=0.05)
        case "/521":
            return Answer(b"no", status=521, headers=(("Set-Cookie", "a=1"),))
        case _:
            return Answer(f"{request.method} {request.target} {request.family}".encode())


def serving(look: Callable[[HttpServer], Awaitable[object]], *, ipv6: IPv6 = IPv6.ABSENT) -> object:
    async def main() -> object:
        server = HttpServer(echo, ADDRESS, ipv6)
        await server.start()
        try:
            return await look(server)
        finally:
            await server.stop()

    return asyncio.run(main())


def send(wire: bytes, answers: int = 1) -> object:
    """The raw answers to raw bytes sent in one connection."""

    async def look(server: HttpServer) -> list[bytes]:
        reader, writer = await asyncio.open_connection(ADDRESS, server.port)
        writer.write(wire)
        got = []
        for _ in range(answers):
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.split(b"Content-Length: ")[1].split(b"\r\n")[0])
            has_body = not wire.startswith(b"HEAD")
            got.append(head + (await reader.readexactly(length) if has_body else b""))
        writer.close()
        await writer.wait_closed()
        return got

    return serving(look)


def test_one_connection_carries_many_requests_in_order():
    wire = b"".join(b"GET /%d HTTP/1.1\r\nHost: x\r\n\r\n" % n for n in range(3))
    assert [answer.rsplit(b"\r\n", 1)[1] for answer in send(wire, 3)] == [b"GET /0 4", b"GET /1 4", b"GET /2 4"]


def test_a_late_answer_holds_up_those_behind_it():
    wire = b"GET /late HTTP/1.1\r\n\r\nGET /next HTTP/1.1\r\n\r\n"
    assert [answer.rsplit(b"\r\n", 1)[1] for answer in send(wire, 2)] == [b"late", b"GET /next 4"]


def test_a_posted_body_is_passed_over():
    wire = b"POST /a HTTP/1.1\r\nContent-Length: 5\r\n\r\nhelloGET /b HTTP/1.1\r\n\r\n"
    assert [answer.rsplit(b"\r\n", 1)[1] for answer in send(wire, 2)] == [b"POST /a 4", b"GET /b 4"]


def test_head_tells_the_length_and_sends_no_body():
    [answer] = send(b"HEAD /a?b HTTP/1.1\r\n\r\n")
    assert b"Content-Length: 11\r\n" in answer
    assert answer.endswith(b"\r\n\r\n")


def test_a_status_that_no_standard_knows_is_sent():
    [answer] = send(b"GET /521 HTTP/1.1\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 521 ")
    assert b"Set-Cookie: a=1\r\n" in answer


@pytest.mark.parametrize("wire", [b"nonsense\r\n\r\n", b"GET / HTTP/1.1\r\nno colon\r\n\r\n"])
def test_nonsense_is_answered_with_400(wire):
    assert send(wire)[0].startswith(b"HTTP/1.1 400 ")


def test_connection_close_is_honoured():
    async def look(server: HttpServer) -> bytes:
        reader, writer = await asyncio.open_connection(ADDRESS, server.port)
        writer.write(b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n")
        answer = await reader.read()
        writer.close()
        await writer.wait_closed()
        return answer

    assert b"Connection: close" in serving(look)


def test_a_reset_tears_the_connection_down():
    async def look(server: HttpServer) -> None:
        reader, writer = await asyncio.open_connection(ADDRESS, server.port)
        writer.write(b"GET /reset HTTP/1.1\r\n\r\n")
        try:
            with pytest.raises(ConnectionResetError):
                await reader.read()
        finally:
            writer.close()

    serving(look)


def test_silence_lasts_until_the_server_stops():
    async def look(server: HttpServer) -> None:
        reader, writer = await asyncio.open_connection(ADDRESS, server.port)
        writer.write(b"GET /silence HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.read(1), 0.1)
        writer.close()
        await writer.wait_closed()

    serving(look)


@needs_ipv6
def test_the_same_port_answers_over_both_families():
    async def look(server: HttpServer) -> list[bytes]:
        got = []
        for address in (ADDRESS, "::1"):
            reader, writer = await asyncio.open_connection(address, server.port)
            writer.write(b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n")
            got.append((await reader.read()).rsplit(b"\r\n", 1)[1])
            writer.close()
            await writer.wait_closed()
        return got

    assert serving(look, ipv6=IPv6.ALIVE) == [b"GET / 4", b"GET / 6"]


@needs_ipv6
@pytest.mark.parametrize("ipv6", [IPv6.REFUSED, IPv6.ABSENT])
def test_a_site_that_is_dead_over_ipv6_refuses_there(ipv6):
    async def look(server: HttpServer) -> None:
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("::1", server.port)

    serving(look, ipv6=ipv6)


def test_a_server_stops_with_clients_connected_and_then_refuses():
    async def main() -> int:
        server = HttpServer(echo, ADDRESS)
        await server.start()
        clients = [await asyncio.open_connection(ADDRESS, server.port) for _ in range(5)]
        await server.stop()
        ends = [await reader.read() for reader, _ in clients]
        for _, writer in clients:
            writer.close()
        assert ends == [b""] * 5
        return server.port

    port = asyncio.run(main())
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((ADDRESS, port))
