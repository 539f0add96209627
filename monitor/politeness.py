"""How we take turns at one host: so many connections at once, so many seconds from one request to the next.

A host that is in trouble, or says that we ask too much, is asked more slowly, and faster again as it recovers.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from monitor.clock import SystemClock


class HostTurns:
    """``interval`` is in seconds between the starts of two requests to one host; 0 is no waiting."""

    def __init__(self, *, interval: float, connections: int) -> None:
        self._interval = interval
        self._connections = connections
        self._hosts: dict[str, _Turns] = {}

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait for a turn at this host and hold it."""
        turns = self._of(host)
        turns.users += 1
        try:
            async with turns.places:
                await self._wait(turns)
                yield
        finally:
            turns.users -= 1
            self._forget_idle()

    def heard(self, host: str, *, status: int | None, seconds: float) -> None:
        """How a request to this host ended: ``status`` is ``None`` where no answer came."""
        turns = self._of(host)
        if status is None or status == 429 or (status >= 500 and status not in _NOT_IN_TROUBLE):
            self._slow(turns, 2.0, floor=_LIMITED_INTERVAL if status == 429 else 0.0)
        elif turns.quickest and seconds > max(_LATE_SECONDS, _LATE_TIMES * turns.quickest):
            self._slow(turns, 1.5)
        else:
            turns.quickest = min(turns.quickest or seconds, seconds)
            turns.slowness = max(1.0, turns.slowness * _RECOVERY)
            if turns.slowness == 1.0:
                turns.floor = 0.0

    def put_off(self, host: str, seconds: float) -> None:
        """The host has said when it will be asked again (Retry-After)."""
        turns = self._of(host)
        turns.closed_until = max(turns.closed_until, _now() + min(seconds, _MOST_PUT_OFF))

    def closed_for(self, host: str) -> float:
        """For how many seconds more the host does not want to be asked."""
        turns = self._hosts.get(host)
        return max(0.0, turns.closed_until - _now()) if turns is not None and turns.closed_until else 0.0

    def interval(self, host: str) -> float:
        """Seconds between two requests to this host, as things stand."""
        turns = self._of(host)
        return min(_MOST_INTERVAL, max(self._interval, turns.floor) * turns.slowness)

    async def _wait(self, turns: _Turns) -> None:
        if not (self._interval or turns.floor or turns.closed_until):
            return
        now = _now()
        start = max(now, turns.next_start, turns.closed_until)
        turns.next_start = start + min(_MOST_INTERVAL, max(self._interval, turns.floor) * turns.slowness)
        if start > now:
            await asyncio.sleep(start - now)

    def _slow(self, turns: _Turns, times: float, *, floor: float = 0.0) -> None:
        now = _now()
        if now - turns.slowed < _STEP_SECONDS:
            return  # several requests were under way: together they are one sign
        turns.slowed = now
        turns.floor = max(turns.floor, floor)
        turns.slowness = min(_MOST_SLOWNESS, turns.slowness * times)

    def _of(self, host: str) -> _Turns:
        turns = self._hosts.get(host)
        if turns is None:
            turns = self._hosts[host] = _Turns(asyncio.Semaphore(self._connections))
        return turns

    def _forget_idle(self) -> None:
        if len(self._hosts) <= _REMEMBERED_HOSTS:
            return
        now = _now()
        idle = [h for h, t in self._hosts.items() if not t.users and max(t.next_start, t.closed_until) <= now]
        for host in idle:
            del self._hosts[host]


def retry_after(headers: Mapping[str, str], *, now: datetime | None = None) -> float | None:
    """The seconds of a ``Retry-After``, given as a number or as a date (RFC 9110 §10.2.3); None where there is none."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(0.0, (until - (now or SystemClock().now())).total_seconds())


_REMEMBERED_HOSTS = 1000
_STEP_SECONDS = 1.0
_MOST_SLOWNESS = 64.0
_MOST_INTERVAL = 30.0
_MOST_PUT_OFF = 86_400.0
_LIMITED_INTERVAL = 0.1
_NOT_IN_TROUBLE = frozenset((501, 505, 521, 550))  # what they say is of the request
_RECOVERY = 0.9
_LATE_SECONDS = 2.0
_LATE_TIMES = 4.0

_now = time.monotonic


class _Turns:
    def __init__(self, places: asyncio.Semaphore) -> None:
        self.places = places
        self.next_start = 0.0
        self.closed_until = 0.0
        self.users = 0
        self.slowness = 1.0
        self.floor = 0.0
        self.slowed = float("-inf")
        self.quickest = 0.0
