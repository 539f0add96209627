"""Platforms' interfaces on loopback: they answer in the shapes that accounts.md gives, or wrongly, as a test says."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from monitor.clock import FixedClock
from monitor.crawl import CrawlBounds
from monitor.guard import AddressGuard
from monitor.probing import Kit
from monitor.sources.calling import Caller
from monitor.sources.confirming import SourceEvent
from monitor.sources.desk import SourceDesk
from monitor.sources.secrets import Secrets
from tests.net.test_crawl import Memory
from tests.net.web import EXAMPLE, visiting
from tests.probes.kits import NOW

Reply = Any  # JSON, bytes as they are, or (status, JSON or bytes)


@dataclass
class Asked:
    """A call as it came."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any


@dataclass
class Interface:
    """``routes`` maps a path to a reply or to a function of the call."""

    routes: Mapping[str, Reply | Callable[[Asked], Reply]]
    port: int = 0
    asked: list[Asked] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def to(self, path: str) -> list[Asked]:
        return [asked for asked in self.asked if asked.path == path]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                first, *lines = head.strip().split("\r\n")
                headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines)}
                raw = await reader.readexactly(int(headers.get("content-length", 0)))
                method, target, _ = first.split(" ", 2)
                parts = urlsplit(target)
                asked = Asked(
                    method, parts.path, dict(parse_qsl(parts.query)), headers, json.loads(raw) if raw else None
                )
                self.asked.append(asked)
                writer.write(self._reply(asked))
                await writer.drain()
        writer.close()

    def _reply(self, asked: Asked) -> bytes:
        reply = self.routes.get(asked.path, (404, b"not found"))
        reply = reply(asked) if callable(reply) else reply
        status, content = reply if isinstance(reply, tuple) else (200, reply)
        raw = content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False).encode()
        location = "Location: http://elsewhere.example/\r\n" if status == 302 else ""
        head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {len(raw)}\r\n{location}\r\n"
        return head.encode() + raw


@contextlib.asynccontextmanager
async def asking(
    routes: Mapping[str, Reply | Callable[[Asked], Reply]],
    *hosts: str,
    secrets: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] | None = None,
    confirmed: Mapping[str, SourceEvent] | None = None,
    seconds: float = 5.0,
    allow: tuple[str, ...] = ("127.0.0.0/8",),
) -> AsyncIterator[tuple[Kit, Interface]]:
    """A kit whose calls of these hosts come to an interface on loopback."""
    interface = Interface(routes)
    server = await asyncio.start_server(interface.serve, "127.0.0.1", 0)
    interface.port = server.sockets[0].getsockname()[1]
    gateways = dict.fromkeys(hosts, interface.url)
    async with visiting(EXAMPLE) as net:
        caller = Caller(
            net._resolver, AddressGuard(allow), user_agent="test", timeout=seconds, interval=0.0, gateways=gateways
        )
        desk = SourceDesk(
            confirmed=confirmed,
            secrets=Secrets(secrets or {}, environment or {}),
            caller=caller,
            gateways=gateways,
        )
        try:
            yield (
                Kit(
                    net=net,
                    resolver=net._resolver,
                    clock=FixedClock(NOW),
                    vantage="test",
                    families=frozenset({4}),
                    crawl_log=Memory(),
                    crawl_bounds=CrawlBounds(100, 60.0, 0.0),
                    desk=desk,
                ),
                interface,
            )
        finally:
            await desk.aclose()
            server.close()
