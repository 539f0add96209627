"""The district in motion for one test, and a visitor that goes to its servers by address."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

import httpx
import pytest

from monitor.clock import FixedClock
from monitor.demo.district import SITES
from monitor.demo.world import World

END = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)


@dataclass
class Visit:
    """The running world, its clock, and a plain HTTP client."""

    world: World
    clock: FixedClock
    client: httpx.AsyncClient

    async def get(self, code: str, path: str = "/", *, method: str = "GET", family: int = 4, **more) -> httpx.Response:
        home = urlsplit(self.world.addresses[code])
        seat = next(site.seat for site in SITES if site.code == code)
        address = f"127.0.1.{seat}" if family == 4 else "[::1]"
        headers = {"Host": home.netloc} | more.pop("headers", {})
        url = httpx.URL(f"http://{address}:{home.port}").copy_with(raw_path=path.encode("ascii"))
        return await self.client.request(method, url, headers=headers, **more)


@pytest.fixture
def visiting() -> Callable[[Callable[[Visit], Awaitable[None]]], None]:
    """Run a coroutine function of a ``Visit`` in a fresh world whose clock stands at the story's end."""

    def run(look: Callable[[Visit], Awaitable[None]]) -> None:
        async def main() -> None:
            clock = FixedClock(END)
            async with World(clock) as world, httpx.AsyncClient(trust_env=False, timeout=20) as client:
                await look(Visit(world, clock, client))

        asyncio.run(main())

    return run


@pytest.fixture
def end() -> datetime:
    return END
