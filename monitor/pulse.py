"""How regularly this process gets to run. Whatever it measured while it was held up is told of nobody."""

from __future__ import annotations

import asyncio
import time

BEAT = 0.25
"""Seconds between two beats."""


class Pulse:
    """Within the block, ``longest`` is how many seconds the event loop ran late at the worst.

    A machine that was suspended, or starved of its processor, counts as late too: it uses the clock that goes on.
    """

    def __init__(self) -> None:
        self.longest = 0.0
        self._beating: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Pulse:
        self._beating = asyncio.create_task(self._beat())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._beating is not None:
            self._beating.cancel()
            await asyncio.gather(self._beating, return_exceptions=True)

    async def _beat(self) -> None:
        due = _elapsed() + BEAT
        while True:
            try:
                await asyncio.sleep(BEAT)
            finally:
                self.longest = max(self.longest, _elapsed() - due)
            due = _elapsed() + BEAT


def _elapsed() -> float:
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)  # unlike the monotonic clock, it counts a suspended machine
    return time.monotonic()
