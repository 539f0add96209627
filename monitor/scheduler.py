"""The door to APScheduler: it ticks, and knows nothing of what is due. Kept in memory, rebuilt at every start."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta

from apscheduler.events import EVENT_JOB_MAX_INSTANCES, JobSubmissionEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from checks.core.calendar import SHANGHAI
from monitor.clock import SystemClock

Job = Callable[[], Awaitable[None]]

JUMP_SECONDS = 30.0
"""The clock was set, or the machine slept, where it and the time that passed differ by more than this."""


class Ticker:
    """Calls jobs again and again. No job runs twice at the same time: a turn that comes too early is left out.

    Turns missed while the machine slept are made up for by one. A clock that was set back does not make it wait.
    """

    def __init__(self) -> None:
        logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a job still at work at its next turn is no news
        self._scheduler = AsyncIOScheduler(
            timezone=SHANGHAI, job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
        )
        self._scheduler.add_listener(self._left_out, EVENT_JOB_MAX_INSTANCES)
        self._running: set[asyncio.Task[None]] = set()
        self._guard: asyncio.Task[None] | None = None
        self._stopping = False
        self.left_out: Counter[str] = Counter()

    def every(self, seconds: float, name: str, job: Job) -> None:
        """Call a job at once when started, and then every so many seconds."""

        async def turn() -> None:
            task = asyncio.current_task()
            assert task is not None
            self._running.add(task)
            try:
                await job()
            except asyncio.CancelledError:
                if not self._stopping:
                    raise
            finally:
                self._running.discard(task)

        self._scheduler.add_job(turn, "interval", seconds=seconds, id=name, next_run_time=SystemClock().now())

    def start(self) -> None:
        """Begin to tick, on the running event loop."""
        self._scheduler.start()
        self._guard = asyncio.create_task(self._watch_the_clock())

    async def stop(self, *, grace: float) -> bool:
        """Tick no more; wait so many seconds for jobs under way, and cancel the rest. Whether all came to their end."""
        self._stopping = True
        self._scheduler.pause()
        if self._guard is not None:
            self._guard.cancel()
        running = set(self._running)
        pending = (await asyncio.wait(running, timeout=grace))[1] if running else set()
        for task in pending:
            task.cancel()
        await asyncio.gather(*running, *([self._guard] if self._guard else []), return_exceptions=True)
        self._scheduler.shutdown(wait=False)
        return not pending

    def tick_now(self) -> None:
        """Give every job its turn at once, and count its time from here."""
        for job in self._scheduler.get_jobs():
            job.modify(next_run_time=SystemClock().now())

    async def _watch_the_clock(self) -> None:
        ahead = time.time() - time.monotonic()
        while True:
            await asyncio.sleep(JUMP_SECONDS / 2)
            now_ahead = time.time() - time.monotonic()
            if abs(now_ahead - ahead) > JUMP_SECONDS:
                logging.getLogger(__name__).warning("系统时钟变动了 %s", timedelta(seconds=round(now_ahead - ahead)))
                self.tick_now()
            ahead = now_ahead

    def _left_out(self, event: JobSubmissionEvent) -> None:
        self.left_out[event.job_id] += 1
