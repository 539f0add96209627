"""Go and look: one collecting round. It records facts and rules on nothing.

store.subjects, store.last_runs | plan (pure) | dispatch | probe (I/O) | store.record
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from checks import Account, Observation, PageVisit
from monitor.clock import Clock
from monitor.crawl import CrawlBounds, CrawlProgress
from monitor.crawl_workers import CrawlWorkers, Orders
from monitor.dispatch import in_process
from monitor.doubt import doubt
from monitor.errors import NoNetwork, XunchaError
from monitor.net import Net
from monitor.planning import Task, needed_probes, plan
from monitor.probing import NOTHING_TO_LOOK_AT, Kit
from monitor.pulse import Pulse
from monitor.resolver import Resolver
from monitor.settings import Settings
from monitor.sources.desk import desk_of
from monitor.sources.peers import AccountIndex
from monitor.store import Store
from monitor.store.rounds import ProbeRun, Round
from monitor.vantage import online_families

__all__ = ["Look", "Progress", "RoundResult", "Task", "collect", "collect_with", "needed_probes", "plan"]

log = logging.getLogger(__name__)

TASKS_IN_FLIGHT = 24
FLUSH_FACTS = 400
RECALLED_FACTS = 5
FLUSH_SECONDS = 1.0


@dataclass
class Progress:
    """What a watcher of the round is told; the default tells nobody."""

    started: Callable[[str, int], None] = lambda stage, tasks: None
    advanced: Callable[[str], None] = lambda stage: None
    crawled: Callable[[CrawlProgress], None] = lambda crawl: None


@dataclass(frozen=True)
class RoundResult:
    """What a round did. ``held_back`` says why facts were not recorded; ``faults`` are our own, by task."""

    families: frozenset[int]
    tasks: int
    facts: int
    held_back: str = ""
    faults: tuple[str, ...] = field(default=())


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How hard a round works: looks under way at once, and until when it begins further ones."""

    in_flight: int = TASKS_IN_FLIGHT
    go_on: Callable[[], bool] = lambda: True


STEADY = Pace()


async def collect(
    tasks: Sequence[Task], *, store: Store, settings: Settings, clock: Clock, progress: Progress | None = None
) -> RoundResult:
    """Carry out one round. Raises ``NoNetwork`` where this machine is offline, and then records nothing."""
    resolver = Resolver(settings.network.nameservers)
    async with Net(settings.network, resolver) as net:
        return await collect_with(net, resolver, tasks, store=store, settings=settings, clock=clock, progress=progress)


async def collect_with(
    net: Net,
    resolver: Resolver,
    tasks: Sequence[Task],
    *,
    store: Store,
    settings: Settings,
    clock: Clock,
    progress: Progress | None = None,
    pace: Pace = STEADY,
    online: frozenset[int] | None = None,
) -> RoundResult:
    """``collect`` over connections that the caller keeps open from round to round.

    ``online`` are the address families of this machine, where the caller has looked.
    Cancelled, it writes what has come home, and the rest stays due; visits of home pages are kept whole or not at all.
    """
    progress = progress or Progress()
    if online is None:
        online = await online_families(net, settings.vantage)
    if not online:
        raise NoNetwork("监测点离线：IPv4 和 IPv6 均不可用，本轮未记录任何对象的结果。请检查本机网络和 [vantage] 设置")
    kit = Kit(
        net=net,
        resolver=resolver,
        clock=clock,
        vantage=settings.vantage.name,
        families=online,
        crawl_log=store.crawl_log,
        crawl_bounds=CrawlBounds(
            pages=settings.network.crawl_pages,
            seconds=settings.network.crawl_seconds,
            depth=settings.network.crawl_depth,
            robots_ignored=settings.network.robots_ignored,
        ),
        crawl_told=progress.crawled,
        ipv6=settings.ipv6,
        recall=lambda subject, kind: store.observations(subject, kind=kind, limit=RECALLED_FACTS),
        desk=desk_of(settings, resolver, store.source_events()),
        accounts=AccountIndex(store.accounts() if any(isinstance(t.subject, Account) for t in tasks) else ()),
    )
    recorder = _Recorder(store)
    try:
        # The visits of all home pages come first: they show whether it is we who are in trouble.
        visiting = [t for t in tasks if _is_visit(t)]
        async with Pulse() as pulse, aclosing(_looks(visiting, kit, progress, pace)) as looks:
            visits = [look async for look in looks]
        if len(visits) < len(visiting):
            visits = []  # broken off: too few are left to tell whether it is we who are in trouble
        pages = [fact for look in visits for fact in look.facts if isinstance(fact, PageVisit)]
        doubts = {f: why for f in sorted(online) if (why := doubt(pages, f, held_up=pulse.longest))}
        trusted = online - set(doubts)
        for look in visits:
            await recorder.add(_of_families(look, trusted))

        others = [t for t in tasks if not _is_visit(t)]
        if 4 in trusted:
            kit = replace(kit, families=trusted)
            crawls = [t for t in others if _is_crawl(t)]
            slower = replace(pace, in_flight=settings.schedule.crawls_at_once)  # each takes memory as long as it runs
            async with _crawling_elsewhere(crawls, kit, settings) as kit:
                for some, their_pace in (([t for t in others if not _is_crawl(t)], pace), (crawls, slower)):
                    async with aclosing(_looks(some, kit, progress, their_pace)) as looks:
                        async for look in looks:
                            await recorder.add(look)
        elif others:
            doubts.setdefault(4, "监测点 IPv4 离线，本轮只记录 IPv6 访问")
    except asyncio.CancelledError:
        recorder.save_rest()
        raise
    finally:
        await kit.outside.aclose()
        await kit.desk.aclose()
    held_back = "；".join(dict.fromkeys(doubts.values()))
    await recorder.finish(
        Round(at=clock.now(), vantage=kit.vantage, families=trusted, tasks=len(tasks), held_back=held_back)
    )
    return RoundResult(
        families=trusted, tasks=len(tasks), facts=recorder.facts, held_back=held_back, faults=tuple(recorder.faults)
    )


@dataclass(frozen=True)
class Look:
    """What one task brought home: facts, or a fault of our own. ``idle``: there was nothing to look at."""

    task: Task
    at: datetime
    facts: tuple[Observation, ...] = ()
    fault: str = ""
    idle: bool = False


@asynccontextmanager
async def _crawling_elsewhere(crawls: Sequence[Task], kit: Kit, settings: Settings) -> AsyncGenerator[Kit, None]:
    """The kit, with further processes beside this one where the settings ask for them and there are several crawls."""
    count = min(settings.network.crawl_processes, len(crawls))
    if count < 2:
        yield kit
        return
    orders = Orders(
        network=settings.network,
        bounds=kit.crawl_bounds,
        vantage=kit.vantage,
        families=kit.families,
        clock=kit.clock,
    )
    async with CrawlWorkers(count - 1, orders, kit.crawl_log, kit.crawl_told) as workers:
        ours = replace(kit, outside=workers.outside)
        yield replace(ours, crawl_elsewhere=lambda site: workers.crawl(site, here=ours.crawl_here))


def _is_visit(task: Task) -> bool:
    return PageVisit in task.probe.yields


def _is_crawl(task: Task) -> bool:
    return task.probe.id == "site.links"


def _of_families(look: Look, families: frozenset[int]) -> Look:
    kept = tuple(f for f in look.facts if not isinstance(f, PageVisit) or f.family in families)
    return replace(look, facts=kept)


async def _looks(tasks: Sequence[Task], kit: Kit, progress: Progress, pace: Pace) -> AsyncGenerator[Look, None]:
    by_stage = Counter(task.probe.id for task in tasks)
    for stage, count in by_stage.items():
        progress.started(stage, count)
    carried_out = in_process(tasks, lambda task: _look(task, kit), in_flight=pace.in_flight, go_on=pace.go_on)
    async with aclosing(carried_out) as looks:
        async for look in looks:
            progress.advanced(look.task.probe.id)
            yield look


async def _look(task: Task, kit: Kit) -> Look:
    at = kit.clock.now()
    try:
        facts = await task.probe.look(task.subject, kit)
        return Look(task, at, facts=tuple(facts), idle=facts is NOTHING_TO_LOOK_AT)
    except XunchaError:
        raise
    except Exception as error:
        # A fault in one probe must not take the round with it: the task stays due, and the round tells of it.
        log.exception("probe %s failed on %s", task.probe.id, task.subject.ref)
        return Look(task, at, fault=f"{task.probe.id} {task.subject.ref}：{type(error).__name__}: {error}")


class _Recorder:
    """Gathers what the looks bring and writes it in batches: a kill loses a second's facts, and they stay due.

    Written by a thread, since a database that another holds must not keep us from hearing who answers.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._observations: list[Observation] = []
        self._runs: list[ProbeRun] = []
        self._flushed = time.monotonic()
        self.facts = 0
        self.faults: list[str] = []

    async def add(self, look: Look) -> None:
        if look.fault:
            self.faults.append(look.fault)
        elif look.facts or look.idle:
            self._observations += look.facts
            self._runs.append(ProbeRun(probe=look.task.probe.id, subject=look.task.subject.ref, at=look.at))
        if len(self._observations) >= FLUSH_FACTS or time.monotonic() - self._flushed >= FLUSH_SECONDS:
            await self._flush()

    async def finish(self, round_: Round) -> None:
        await self._flush()
        await asyncio.to_thread(self._store.record_round, round_)

    def save_rest(self) -> None:
        """Write at once what is left."""
        self._store.record(*self._taken())

    async def _flush(self) -> None:
        # Taken before it is written: whoever cancels us in between does not make us write it twice.
        await asyncio.shield(asyncio.to_thread(self._store.record, *self._taken()))
        self._flushed = time.monotonic()

    def _taken(self) -> tuple[list[Observation], list[ProbeRun]]:
        taken = self._observations, self._runs
        self._observations, self._runs = [], []
        self.facts += len(taken[0])
        return taken
