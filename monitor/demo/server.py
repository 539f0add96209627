"""A tiny, fast HTTP/1.1 server with keep-alive that misbehaves where its handler says so. No routing, no TLS."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus

from monitor.demo.ports import bind_one, bind_pair, close_listener

HEAD_LIMIT = 64 * 1024


@dataclass(frozen=True, slots=True)
class Request:
    """One request. ``target`` is as sent (path and query), header names are lower-case."""

    method: str
    target: str
    headers: Mapping[str, str]
    family: int

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        return self.target.partition("?")[2]


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, sent ``delay`` seconds after the request. A status need not be a registered one."""

    body: bytes = b""
    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()
    delay: float = 0.0


class Misconduct(StrEnum):
    """What a server may do instead of answering."""

    RESET = "reset"  # the connection is torn down by RST, as by a server that refuses
    SILENCE = "silence"  # nothing ever comes


class IPv6(StrEnum):
    """How a server stands on ::1."""

    ALIVE = "alive"
    REFUSED = "refused"  # the port is held and nobody listens
    ABSENT = "absent"


Handler = Callable[[Request], Answer | Misconduct]


@dataclass
class HttpServer:
    """Serves ``handler`` on an ephemeral port of ``address`` (IPv4) and, where asked, on the same port of ::1."""

    handler: Handler
    address: str
    ipv6: IPv6 = IPv6.ABSENT
    port: int = 0
    requests: int = 0
    _listeners: list[asyncio.Server] = field(default_factory=list)
    _held: socket.socket | None = None
    _connections: set[_Connection] = field(default_factory=set)
    _all_gone: asyncio.Event = field(default_factory=asyncio.Event)

    async def start(self) -> None:
        ipv4_place = (socket.AF_INET, socket.SOCK_STREAM, self.address)
        if self.ipv6 is IPv6.ABSENT:
            four, self.port = bind_one(ipv4_place)
        else:
            four, six, self.port = bind_pair(ipv4_place, (socket.AF_INET6, socket.SOCK_STREAM, "::1"))
            if self.ipv6 is IPv6.ALIVE:
                await self._listen(six, 6)
            else:
                self._held = six  # so that no other server can get the port and answer in its name
        await self._listen(four, 4)

    async def stop(self) -> None:
        for listener in self._listeners:
            await close_listener(listener)
        if self._held is not None:
            self._held.close()
        for connection in tuple(self._connections):
            connection.abort()
        if self._connections:
            self._all_gone.clear()
            await self._all_gone.wait()
        await asyncio.sleep(0)  # the loop closes the sockets on its next turn

    async def _listen(self, bound: socket.socket, family: int) -> None:
        loop = asyncio.get_running_loop()
        self._listeners.append(await loop.create_server(lambda: _Connection(self, family), sock=bound, backlog=512))

    def opened(self, connection: _Connection) -> None:
        self._connections.add(connection)

    def closed(self, connection: _Connection) -> None:
        self._connections.discard(connection)
        if not self._connections:
            self._all_gone.set()


class _Connection(asyncio.Protocol):
    """One client: requests are answered one after another, in order."""

    def __init__(self, server: HttpServer, family: int) -> None:
        self._server = server
        self._family = family
        self._transport: asyncio.Transport | None = None
        self._waiting = bytearray()
        self._busy: asyncio.TimerHandle | None = None
        self._mute = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._server.opened(self)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._busy is not None:
            self._busy.cancel()
        self._transport = None
        self._server.closed(self)

    def data_received(self, data: bytes) -> None:
        self._waiting += data
        if self._busy is None and not self._mute:
            self._serve_waiting()

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def _serve_waiting(self) -> None:
        while self._transport is not None and not self._transport.is_closing():
            end = self._waiting.find(b"\r\n\r\n")
            if end < 0:
                if len(self._waiting) > HEAD_LIMIT:
                    self._transport.abort()
                return
            request = _parse(bytes(self._waiting[:end]), self._family)
            if request is None:
                self._transport.write(_wire(Answer(status=400), keep_alive=False, with_body=True))
                self._transport.close()
                return
            length = request.headers.get("content-length", "0")
            whole = end + 4 + (int(length) if length.isdigit() else 0)
            if len(self._waiting) < whole:
                return
            del self._waiting[:whole]
            self._server.requests += 1
            match self._server.handler(request):
                case Misconduct.RESET:
                    self._reset()
                    return
                case Misconduct.SILENCE:
                    self._mute = True
                    return
                case Answer() as answer if answer.delay > 0:
                    loop = asyncio.get_running_loop()
                    self._busy = loop.call_later(answer.delay, self._send_late, request, answer)
                    return
                case Answer() as answer:
                    self._send(request, answer)

    def _send_late(self, request: Request, answer: Answer) -> None:
        self._busy = None
        self._send(request, answer)
        self._serve_waiting()

    def _send(self, request: Request, answer: Answer) -> None:
        if self._transport is None:
            return
        keep_alive = request.headers.get("connection", "").lower() != "close"
        self._transport.write(_wire(answer, keep_alive=keep_alive, with_body=request.method != "HEAD"))
        if not keep_alive:
            self._transport.close()

    def _reset(self) -> None:
        assert self._transport is not None
        client = self._transport.get_extra_info("socket")
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._transport.abort()


def _parse(head: bytes, family: int) -> Request | None:
    first, *rest = head.decode("latin-1").split("\r\n")
    parts = first.split(" ")
    if len(parts) != 3 or not parts[2].startswith("HTTP/1."):
        return None
    headers = {}
    for line in rest:
        name, colon, value = line.partition(":")
        if not colon:
            return None
        headers[name.strip().lower()] = value.strip()
    return Request(parts[0], parts[1], headers, family)


def _wire(answer: Answer, *, keep_alive: bool, with_body: bool) -> bytes:
    try:
        phrase = HTTPStatus(answer.status).phrase
    except ValueError:  # 521 and its like are nobody's standard
        phrase = "Unknown"
    lines = [
        f"HTTP/1.1 {answer.status} {phrase}",
        f"Content-Type: {answer.content_type}",
        f"Content-Length: {len(answer.body)}",
        *(f"{name}: {value}" for name, value in answer.headers),
        f"Connection: {'keep-alive' if keep_alive else 'close'}",
    ]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + (answer.body if with_body else b"")
