"""How we take turns at one host: so many connections at once, so many seconds from one request to the next."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class HostTurns:
    """``interval`` is in seconds between the starts of two requests to one host; 0 is no waiting."""

    def __init__(self, *, interval: float, connections: int) -> None:
        self._interval = interval
        self._connections = connections
        self._hosts: dict[str, _Turns] = {}

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait for a turn at this host and hold it."""
        turns = self._hosts.get(host)
        if turns is None:
            turns = self._hosts[host] = _Turns(asyncio.Semaphore(self._connections))
        turns.users += 1
        try:
            async with turns.places:
                now = asyncio.get_running_loop().time()
                start = max(now, turns.next_start)
                turns.next_start = start + self._interval
                if start > now:
                    await asyncio.sleep(start - now)
                yield
        finally:
            turns.users -= 1
            self._forget_idle()

    def _forget_idle(self) -> None:
        if len(self._hosts) <= _REMEMBERED_HOSTS:
            return
        now = asyncio.get_running_loop().time()
        for host in [h for h, t in self._hosts.items() if not t.users and t.next_start <= now]:
            del self._hosts[host]


_REMEMBERED_HOSTS = 1000


class _Turns:
    def __init__(self, places: asyncio.Semaphore) -> None:
        self.places = places
        self.next_start = 0.0
        self.users = 0
