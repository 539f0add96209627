"""The collecting side of the service: what is due in each lane, round by round, over connections that stay open.

record | plan (pure) | of one lane, so many at once | collect_with | record
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from checks import Subject
from monitor.clock import Clock
from monitor.collect import Pace, RoundResult, Task, collect_with, plan
from monitor.due import NOTHING_URGENT, Lane, Look, Urgency, lane_of
from monitor.errors import NoNetwork
from monitor.metrics import Metrics
from monitor.net import Net
from monitor.probing import Probe
from monitor.resolver import Resolver
from monitor.settings import Settings
from monitor.store import Store
from monitor.store.rounds import Round
from monitor.vantage import online_families

log = logging.getLogger(__name__)

MOST_AT_ONCE = {Lane.VISITS: 2000, Lane.LOOKS: 300, Lane.CRAWLS: 12}
"""Looks of one round: few enough that a round ends soon, and what is due is asked again."""

REREAD = timedelta(minutes=5)
"""How old the register, and looks of other processes, may be that we know of. A lane's own looks are read at once."""

REST = timedelta(minutes=5)
"""How long nobody is visited after it showed that it is we who are in trouble."""

Gate = Callable[[], Awaitable[frozenset[int]]]


@dataclass
class Lanes:
    """The lanes over one record. ``urgency`` is set from outside; ``stopping`` begins no further look.

    ``gate`` tells which address families are online here; without one the settings' references are asked.
    """

    net: Net
    resolver: Resolver
    store: Store
    settings: Settings
    clock: Clock
    probes: Mapping[str, Probe]
    metrics: Metrics
    stopping: Callable[[], bool]
    gate: Gate | None = None
    urgency: Urgency = NOTHING_URGENT
    resting_until: datetime | None = None
    _subjects: tuple[datetime, list[Subject]] | None = field(default=None, repr=False)
    _runs: dict[Lane, tuple[datetime, dict[Look, datetime]]] = field(default_factory=dict, repr=False)

    async def turn(self, lane: Lane) -> RoundResult | None:
        """One round of what is due in a lane; nothing where nothing is. Raises ``NoNetwork`` where we are offline."""
        now = self.clock.now()
        if self.resting_until is not None and now < self.resting_until <= now + REST:
            return None
        due = await asyncio.to_thread(self._due, lane, now)
        self.metrics.put("xuncha_due", len(due), lane=lane)
        if not due:
            return None
        tasks = due[: MOST_AT_ONCE[lane]]
        read_at, runs = self._runs.pop(lane)  # after a round that failed, all is read anew
        try:
            result = await self._round(lane, tasks)
        except NoNetwork as offline:
            self._note_offline(now, len(tasks), str(offline))
            raise
        runs |= await asyncio.to_thread(self.store.last_runs, self._ids_of(lane), {t.subject.ref for t in tasks})
        self._runs[lane] = read_at, runs
        self._account_for(lane, result)
        return result

    def _due(self, lane: Lane, now: datetime) -> list[Task]:
        if self._subjects is None or not timedelta() <= now - self._subjects[0] < REREAD:
            self._subjects = now, self.store.subjects()
        if lane not in self._runs or not timedelta() <= now - self._runs[lane][0] < REREAD:
            self._runs[lane] = now, self.store.last_runs(self._ids_of(lane))
        return plan(
            self._subjects[1],
            [self.probes[id_] for id_ in self._ids_of(lane)],
            now=now,
            last_runs=self._runs[lane][1],
            rhythm=self.settings.schedule.rhythm,
            urgency=self.urgency,
        )

    def _ids_of(self, lane: Lane) -> list[str]:
        return [probe.id for probe in self.probes.values() if lane_of(probe) is lane]

    async def _round(self, lane: Lane, tasks: list[Task]) -> RoundResult:
        online = await (self.gate() if self.gate else online_families(self.net, self.settings.vantage))
        return await collect_with(
            self.net,
            self.resolver,
            tasks,
            store=self.store,
            settings=self.settings,
            clock=self.clock,
            pace=Pace(go_on=lambda: self._may_go_on(lane)),
            online=online,
        )

    def _may_go_on(self, lane: Lane) -> bool:
        night = self.settings.schedule.rhythm.night
        return not self.stopping() and (lane is not Lane.CRAWLS or night is None or night.hold(self.clock.now()))

    def _note_offline(self, now: datetime, tasks: int, why: str) -> None:
        self.resting_until = now + REST
        self.metrics.add("xuncha_held_back_total")
        vantage = self.settings.vantage.name
        self.store.record_round(Round(at=now, vantage=vantage, families=frozenset(), tasks=tasks, held_back=why))

    def _account_for(self, lane: Lane, result: RoundResult) -> None:
        self.metrics.add("xuncha_facts_total", result.facts)
        self.metrics.add("xuncha_faults_total", len(result.faults))
        if lane is Lane.VISITS:
            self.resting_until = None
        if result.held_back:
            log.warning("%s", result.held_back)
            self.metrics.add("xuncha_held_back_total")
            if 4 not in result.families:
                self.resting_until = self.clock.now() + REST
