"""Looks at links that lead outside: in one sweep each is asked for once, whichever sites hold it. No I/O of its own."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from monitor.outside_desk import DeskCounter

Found = TypeVar("Found")


class OutsideLooks(Generic[Found]):
    """The looks of one sweep. Of what failed a second look is a new one: nobody is accused out of memory.

    ``desk`` is shared with other processes. ``hijacked`` holds the hosts of which a page was read and that seem to be
    somebody else's now, and why.
    """

    def __init__(self, desk: DeskCounter[Found] | None = None) -> None:
        self._desk = desk
        self.hijacked: dict[str, str] = {}
        self._asking: dict[str, asyncio.Task[Found]] = {}
        self._found: OrderedDict[str, Found] = OrderedDict()
        self._read: set[str] = set()

    async def look(self, url: str, ask: Callable[[], Awaitable[Found]], *, again: bool = False) -> Found:
        """What was found at ``url``; ``ask`` is called for the first to want it, or where it is to be asked again."""
        if not again and url in self._found:
            return self._found[url]
        task = self._asking.get(url)
        if task is None or again:
            task = self._asking[url] = asyncio.create_task(self._ask(url, ask, again=again))
        return await asyncio.shield(task)

    def first_at(self, host: str) -> bool:
        """Whether nobody has read a page of this host in this sweep; from now on somebody has."""
        first = host not in self._read
        self._read.add(host)
        return first

    def not_read(self, host: str) -> None:
        """The page of this host came to nothing: the next one is to be read."""
        self._read.discard(host)

    async def aclose(self) -> None:
        """Give up what is still being asked."""
        asking = list(self._asking.values())
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)

    async def _ask(self, url: str, ask: Callable[[], Awaitable[Found]], *, again: bool) -> Found:
        try:
            found = self._found[url] = await (
                ask() if again or self._desk is None else self._shared(url, ask, self._desk)
            )
        finally:
            if self._asking.get(url) is asyncio.current_task():
                del self._asking[url]
        if len(self._found) > _MOST_KEPT:
            self._found.popitem(last=False)
        return found

    async def _shared(self, url: str, ask: Callable[[], Awaitable[Found]], desk: DeskCounter[Found]) -> Found:
        found = await desk.claim(url)
        if found is not None:
            return found
        try:
            found = await ask()
        finally:
            desk.tell(url, found)
        return found


_MOST_KEPT = 50_000
