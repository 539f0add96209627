"""One list of the outside links for all processes of a sweep, so that each link is asked for once. No I/O of its own.

worker: claim ──▶ desk: yours | what another found ──▶ worker: asks, tells ──▶ desk ──▶ those who wait for it
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar

Found = TypeVar("Found")
Asker = TypeVar("Asker")

Verb = Literal["claim", "tell"]
Send = Callable[[Verb, str, Found | None], None]


class OutsideDesk(Generic[Asker, Found]):
    """Where the askers' claims meet. ``reply`` takes an asker, the address, and what was found of it by another, or
    ``None`` where that asker is to look itself."""

    def __init__(self, reply: Callable[[Asker, str, Found | None], None]) -> None:
        self._reply = reply
        self._askers: dict[str, list[Asker]] = {}  # who is looking, and who waits for what that one finds
        self._found: OrderedDict[str, Found] = OrderedDict()

    def claim(self, asker: Asker, url: str) -> None:
        """The asker wants to know of a link."""
        if url in self._found:
            self._reply(asker, url, self._found[url])
        elif url in self._askers:
            self._askers[url].append(asker)
        else:
            self._askers[url] = [asker]
            self._reply(asker, url, None)

    def tell(self, url: str, found: Found | None) -> None:
        """What its asker found, or ``None`` where it gave up: then the next in line looks."""
        waiting = self._askers.pop(url, [])[1:]
        if found is None:
            if waiting:
                self._askers[url] = waiting
                self._reply(waiting[0], url, None)
            return
        self._found[url] = found
        if len(self._found) > _MOST_KEPT:
            self._found.popitem(last=False)
        for asker in waiting:
            self._reply(asker, url, found)

    def gone(self, asker: Asker) -> None:
        """An asker has ended: it waits for nothing more, and what it was looking at is another's to look at."""
        for url, askers in list(self._askers.items()):
            askers[1:] = [other for other in askers[1:] if other is not asker]
            if askers[0] is asker:
                self.tell(url, None)


_MOST_KEPT = 50_000


@dataclass
class DeskCounter(Generic[Found]):
    """The desk as a worker sees it. ``send`` carries its words there; ``hear`` is called with each reply."""

    send: Send[Found]
    _claims: dict[str, asyncio.Future[Found | None]] = field(default_factory=dict)

    async def claim(self, url: str) -> Found | None:
        """What another has found of a link, or is finding now; ``None``: look, and then ``tell``."""
        claim = self._claims[url] = asyncio.get_running_loop().create_future()
        self.send("claim", url, None)
        try:
            found: Found | None = await claim
        except asyncio.CancelledError:
            if not claim.cancelled() and claim.result() is None:
                self.tell(url, None)  # it had just become ours
            raise
        finally:
            del self._claims[url]
        return found

    def tell(self, url: str, found: Found | None) -> None:
        """What was found of a link that was ours to look at; ``None`` where the look was given up."""
        self.send("tell", url, found)

    def hear(self, url: str, found: Found | None) -> None:
        """A reply of the desk."""
        claim = self._claims.get(url)
        if claim is not None and not claim.done():
            claim.set_result(found)
        elif found is None:
            self.tell(url, None)  # whoever claimed it here has gone: it is another's to look at
