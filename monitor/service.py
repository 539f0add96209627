"""`xuncha run`: the jobs of the service and their turns. Each job asks the record what is due, and does it.

visits, looks, crawls  ──▶ lanes     (go and look)
inspect                ──▶ desk      (rule, in a thread)
papers                 ──▶ desk      (write, in a process of its own: drawing takes memory)
alert                  ──▶ alerting  (tell, by the outbox)
upkeep                 ──▶ thinning, backup
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from checks import all_checks
from checks.core.alarms import Trouble
from checks.core.calendar import Period, quarter_of
from monitor.alerting import alert
from monitor.apart import apart
from monitor.app import App
from monitor.collect import Progress
from monitor.desk import INSPECT, job_is_due, papers_due, write_paper_apart
from monitor.due import Lane
from monitor.errors import NoNetwork, XunchaError
from monitor.inspection import inspect
from monitor.lanes import Gate, Lanes
from monitor.metrics import Metrics
from monitor.net import Net
from monitor.notify.sending import Sender
from monitor.probing import Probe, all_probes
from monitor.resolver import Resolver
from monitor.troubles import own_troubles
from monitor.upkeep import Upkeep
from monitor.urgent import urgency_now

log = logging.getLogger(__name__)

FIRST_REST = timedelta(minutes=1)
LONGEST_REST = timedelta(hours=1)
URGENCY_EVERY = timedelta(hours=1)
TROUBLES_EVERY = timedelta(minutes=10)

Job = Callable[[], Awaitable[None]]


class HandedBack(Exception):
    """The service is to end, and work in a thread breaks off: nothing of it was committed."""


@dataclass
class Service:
    """The jobs over one app. ``turn`` never raises: a job that fails is told, and rests the longer the oftener it does.

    ``probes`` and ``gate`` are given by tests; in earnest they are the declared probes and the settings' references.
    """

    app: App
    net: Net
    resolver: Resolver
    probes: Mapping[str, Probe] = field(default_factory=all_probes)
    gate: Gate | None = None
    sender: Sender | None = None
    metrics: Metrics = field(default_factory=Metrics)

    def __post_init__(self) -> None:
        self.stopping = False
        self.lanes = Lanes(
            net=self.net,
            resolver=self.resolver,
            store=self.app.store,
            settings=self.app.settings,
            clock=self.app.clock,
            probes=self.probes,
            metrics=self.metrics,
            stopping=lambda: self.stopping,
            gate=self.gate,
        )
        self.upkeep = Upkeep(self.app, go_on=self._go_on)
        self.jobs: Mapping[str, Job] = {
            **{str(lane): lambda lane=lane: self._collect(lane) for lane in Lane},  # type: ignore[misc]
            INSPECT: self._inspect,
            "papers": self._papers,
            "alert": self._alert,
            "upkeep": self._upkeep,
        }
        self._attention = asyncio.Lock()  # what is measured in seconds and what keeps the processor busy take turns
        self._desk = asyncio.Lock()  # so does what holds many rulings in memory
        self._urgency_at: datetime | None = None
        self._troubles: tuple[datetime, list[Trouble]] | None = None
        self._failures: dict[str, tuple[int, datetime]] = {}

    async def turn(self, name: str) -> bool:
        """One turn of a job, unless it rests after a failure. Whether it ended well."""
        now = self.app.clock.now()
        failures, until = self._failures.get(name, (0, now))
        if self.stopping or now < until <= now + LONGEST_REST:
            return False
        began = time.monotonic()
        try:
            await self.jobs[name]()
        except HandedBack:
            return False
        except NoNetwork as offline:
            log.warning("%s", offline)  # the lanes rest by themselves
            self.metrics.add("xuncha_turns_total", job=name, outcome="offline")
            return False
        except Exception as error:
            self._failures[name] = failures + 1, now + min(FIRST_REST * 2**failures, LONGEST_REST)
            if isinstance(error, XunchaError):
                log.error("%s：%s", name, error)
            else:
                log.exception("job %s failed", name)
            self.metrics.add("xuncha_turns_total", job=name, outcome="failed")
            return False
        self._failures.pop(name, None)
        self.metrics.add("xuncha_turns_total", job=name, outcome="ok")
        self.metrics.put("xuncha_last_good_timestamp_seconds", now.timestamp(), job=name)
        self.metrics.put("xuncha_turn_seconds", time.monotonic() - began, job=name)
        return True

    async def _collect(self, lane: Lane) -> None:
        await self._refresh_urgency()
        attention: AbstractAsyncContextManager[object] = self._attention if lane is Lane.VISITS else nullcontext()
        async with attention:
            await self.lanes.turn(lane)

    async def _inspect(self) -> None:
        app, now = self.app, self.app.clock.now()
        every = timedelta(hours=app.settings.schedule.inspect_hours)
        if not job_is_due(app.store.jobs().get(INSPECT), every=every, now=now):
            return
        async with self._desk, self._attention:
            await asyncio.to_thread(
                inspect,
                app.store,
                app.standard,
                list(all_checks().values()),
                now=now,
                period=quarter_of(now),
                auto_close=app.settings.ledger.auto_close,
                progress=Progress(advanced=lambda _stage: self._go_on()),
            )
        app.store.mark_job(INSPECT, now)
        self._urgency_at = None

    async def _papers(self) -> None:
        app, now = self.app, self.app.clock.now()
        inspected = [Period.parse(period) for period in app.store.periods()]
        after = timedelta(days=app.settings.schedule.papers_after_days)
        folder = app.folder / app.settings.service.papers
        for period in papers_due(inspected, app.store.jobs(), now=now, after=after):
            self._go_on()
            await apart(write_paper_apart, app.settings, app.folder, period, folder, now)
            log.info("已出具 %s 报告，见 %s", period, folder)

    async def _alert(self) -> None:
        app, now = self.app, self.app.clock.now()
        if not app.settings.alerts.rule:
            return
        if self._troubles is None or not timedelta() <= now - self._troubles[0] < TROUBLES_EVERY:
            self._troubles = now, await asyncio.to_thread(own_troubles, app, now=now)
        async with self._desk:
            told = await alert(
                app.store,
                app.settings.alerts,
                clock=app.clock,
                sender=self.sender or Sender(app.folder),
                troubles=self._troubles[1],
                label=app.settings.vantage.name,
            )
        for fault in told.faults:
            log.warning("告警没有发出：%s", fault)

    async def _upkeep(self) -> None:
        await asyncio.to_thread(self.upkeep.turn)
        self.metrics.put("xuncha_database_bytes", self.app.store.keeping.size())

    async def _refresh_urgency(self) -> None:
        app, now = self.app, self.app.clock.now()
        if self._urgency_at is not None and timedelta() <= now - self._urgency_at < URGENCY_EVERY:
            return
        self._urgency_at = now
        self.lanes.urgency = await asyncio.to_thread(urgency_now, app, self.probes)

    def _go_on(self) -> None:
        if self.stopping:
            raise HandedBack
