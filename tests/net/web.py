"""Web servers on loopback for the tests: they say exactly what a test tells them to, right or wrong."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import inspect
import ipaddress
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

from monitor.net import Net
from monitor.resolver import Addresses, Answer, Heard, ZoneServers
from monitor.settings import Network

LOOPBACK = ("127.0.0.0/8", "::1/128")


@dataclass
class Asked:
    """A request as it came."""

    method: str
    target: str
    headers: dict[str, str]
    address: str

    @property
    def host(self) -> str:
        return self.headers.get("host", "")


Behaviour = bytes | Callable[[Asked, asyncio.StreamWriter], Awaitable[None]] | Callable[[Asked], bytes]


@dataclass
class Server:
    """``routes`` maps "host/path" or "/path" to what is sent: bytes as they are, or a function that decides."""

    routes: dict[str, Behaviour]
    port: int = 0
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0
    _serving: set[asyncio.Task[None]] = field(default_factory=set)

    def url(self, path: str = "/", *, host: str = "site.example", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    def paths(self, method: str = "") -> list[str]:
        return [asked.target for asked in self.asked if method in ("", asked.method)]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        try:
            while await self._answer_one(reader, writer):
                pass
        except (OSError, asyncio.IncompleteReadError):
            pass  # the client has gone
        except asyncio.CancelledError:
            pass  # the test is over
        finally:
            self._serving.discard(task)
            writer.close()
            if task.cancelling():
                writer.transport.abort()

    async def _answer_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.strip().split("\r\n")
        method, target, _ = first.split(" ", 2)
        headers = {k.strip().lower(): v.strip() for k, _, v in (line.partition(":") for line in lines)}
        asked = Asked(method, target, headers, writer.get_extra_info("sockname")[0])
        self.asked.append(asked)
        reply = await self._reply(asked, writer)
        if reply is not None:
            head_only = reply.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
            writer.write(head_only if method == "HEAD" else reply)
            await writer.drain()
        return not writer.is_closing() and not (reply and b"connection: close" in reply[:500].lower())

    async def _reply(self, asked: Asked, writer: asyncio.StreamWriter) -> bytes | None:
        path = asked.target.partition("?")[0]
        host = asked.host.rpartition(":")[0] or asked.host
        route = self.routes.get(f"{host}{path}", self.routes.get(path, self.routes.get("*", not_found())))
        if isinstance(route, bytes):
            return route
        takes_writer = len(inspect.signature(route).parameters) == 2
        reply = route(asked, writer) if takes_writer else route(asked)
        return await reply if inspect.isawaitable(reply) else reply

    async def _stop(self) -> None:
        serving = list(self._serving)
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)
        for _ in range(3):  # closing a transport takes a turn of the loop, one more over TLS
            await asyncio.sleep(0)


@contextlib.asynccontextmanager
async def serving(
    routes: dict[str, Behaviour],
    *,
    on: tuple[str, ...] = ("127.0.0.1",),
    tls: ssl.SSLContext | None = None,
    port: int = 0,
) -> AsyncIterator[Server]:
    """A server on the same port of each address: ``port``, or one that is free."""
    server = Server(routes, port)
    listening: list[asyncio.Server] = []
    try:
        for address in on:
            listener = await asyncio.start_server(server._serve, address, server.port, ssl=tls, limit=1_000_000)
            server.port = listener.sockets[0].getsockname()[1]
            listening.append(listener)
        yield server
    finally:
        for listener in listening:
            listener.close()
        await server._stop()


async def tlcp_only(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A server of the national TLS (TLCP, GB/T 38636) that answers any other hello with alert 40."""
    hello = await reader.read(1000)
    if hello[:3] == b"\x16\x01\x01":
        body = b"\x01\x01" + bytes(32) + b"\x00\xe0\x13\x00"
        handshake = b"\x02" + len(body).to_bytes(3, "big") + body
        writer.write(b"\x16\x01\x01" + len(handshake).to_bytes(2, "big") + handshake)
    else:
        writer.write(b"\x15\x01\x01\x00\x02\x02\x28")
    await writer.drain()
    writer.close()


class Zone:
    """A resolver that knows what it was told: ``{"site.example": ["127.0.0.1", "::1"]}``, or an ``Answer``."""

    def __init__(self, names: dict[str, list[str] | Answer]) -> None:
        self.names = names
        self.zones: dict[str, ZoneServers] = {}
        self.heard: dict[str, str] = {}
        self.aliases: dict[str, tuple[str, ...]] = {}
        self.asked: list[tuple[str, int]] = []

    def remembered(self, host: str, family: int) -> Addresses | None:
        return None

    async def addresses(self, host: str, family: int) -> Addresses:
        self.asked.append((host, family))
        literal = host.strip("[]")
        known = self.names.get(host, [literal] if _is_address(literal) else Answer.NXDOMAIN)
        if isinstance(known, Answer):
            return Addresses(known)
        found = tuple(address for address in known if (":" in address) == (family == 6))
        return Addresses(Answer.OK if found else Answer.NO_DATA, found, self.aliases.get(host, ()))

    async def zone_servers(self, host: str) -> ZoneServers:
        """The zone that a test told of in ``zones``, by its name."""
        return next((zone for zone in self.zones.values() if host.endswith(zone.zone)), ZoneServers(Answer.NO_DATA))

    async def hear(self, zone: str, address: str, *, port: int = 53) -> Heard:
        """As told in ``heard``, by address; a name server of which nothing is told answers."""
        return Heard(self.heard.get(address, "ok"), 0.01)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


EXAMPLE = {"site.example": ["127.0.0.1"], "www.site.example": ["127.0.0.1"], "other.example": ["127.0.0.2"]}


@contextlib.asynccontextmanager
async def visiting(
    names: dict | None = None, *, allow: tuple[str, ...] = LOOPBACK, **network: object
) -> AsyncIterator[Net]:
    """A ``Net`` that knows these names and, unless told otherwise, may visit loopback, without politeness."""
    settings = {"host_interval": 0.0, "timeout": 5.0, **network}
    async with Net(Network(allow_addresses=allow, **settings), Zone(EXAMPLE if names is None else names)) as net:
        yield net


def answer(body: bytes | str = b"", *, status: int = 200, reason: str = "X", **headers: str) -> bytes:
    """An honest answer. Header names are written with underscores."""
    raw = body.encode() if isinstance(body, str) else body
    fields = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(raw))}
    fields |= {name.replace("_", "-").title(): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status} {reason}\r\n{head}\r\n".encode("latin-1") + raw


def not_found() -> bytes:
    return answer("<title>Not Found</title>", status=404)


def redirect(to: str, *, status: int = 302, **headers: str) -> bytes:
    return answer(status=status, location=to, **headers)


def page(*links: str, title: str = "网站", text: str = "") -> bytes:
    """A page with links, and text enough not to be taken for an empty one."""
    anchors = "".join(f'<p><a href="{link}">链接 {number}</a></p>' for number, link in enumerate(links, 1))
    words = text or "这是一个正常的网页，有足够多的文字内容供读者阅读。" * 20
    return answer(
        f"<!doctype html><html><head><title>{title}</title></head><body><p>{words}</p>{anchors}</body></html>"
    )


def in_loop(story: Callable[..., Awaitable[None]]) -> Callable[..., None]:
    """Let pytest run a coroutine."""

    @functools.wraps(story)
    def run(*args: object, **kwargs: object) -> None:
        asyncio.run(story(*args, **kwargs))

    return run
