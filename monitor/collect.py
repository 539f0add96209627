"""Go and look: one collecting round. It records facts and rules on nothing.

store.subjects, store.last_runs | plan (pure) | dispatch | probe (I/O) | store.record
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from checks import Check, Column, Observation, Outcome, PageVisit, Ref, Site, Subject
from checks.core.assess import watched
from monitor.clock import Clock
from monitor.crawl import CrawlBounds
from monitor.dispatch import in_process
from monitor.errors import NoNetwork, XunchaError
from monitor.net import Net
from monitor.probing import Kit, Probe
from monitor.resolver import Resolver
from monitor.settings import Settings
from monitor.store import Store
from monitor.store.rounds import ProbeRun, Round
from monitor.vantage import online_families

log = logging.getLogger(__name__)

# 监测点异常: so many targets, and so large a share of them dead at once, speaks against us and not against them.
MASS_FAILURE_TARGETS = 5
MASS_FAILURE_SHARE = 0.8

TASKS_IN_FLIGHT = 24
FLUSH_FACTS = 400
RECALLED_FACTS = 5
FLUSH_SECONDS = 1.0


@dataclass(frozen=True)
class Task:
    """One probe to send to one subject."""

    probe: Probe
    subject: Subject


@dataclass
class Progress:
    """What a watcher of the round is told; the default tells nobody."""

    started: Callable[[str, int], None] = lambda stage, tasks: None
    advanced: Callable[[str], None] = lambda stage: None


@dataclass(frozen=True)
class RoundResult:
    """What a round did. ``held_back`` says why facts were not recorded; ``faults`` are our own, by task."""

    families: frozenset[int]
    tasks: int
    facts: int
    held_back: str = ""
    faults: tuple[str, ...] = field(default=())


def needed_probes(checks: Iterable[Check], probes: Mapping[str, Probe]) -> list[Probe]:
    """The probes that yield what these checks read. Checks say what they read, probes what they yield."""
    read = {kind for check in checks for kind in check.reads}
    on = {check.on for check in checks}
    return [p for p in probes.values() if p.on in on and any(kind in read for kind in p.yields)]


def plan(
    subjects: Iterable[Subject],
    probes: Collection[Probe],
    *,
    now: datetime,
    last_runs: Mapping[tuple[str, Ref], datetime] | None = None,
) -> list[Task]:
    """The tasks of a round: all, or where ``last_runs`` is given those that are due by their probe's cadence.

    Pure. A subject that is closed for good is not visited; one filed as offline for a time is, and not ruled on.
    """
    subjects = list(subjects)
    sites = {s.id: s for s in subjects if isinstance(s, Site)}
    tasks = [
        Task(probe, subject)
        for subject in subjects
        if watched(subject, sites.get(subject.site_id) if isinstance(subject, Column) else None)
        for probe in probes
        if isinstance(subject, probe.on)
    ]
    if last_runs is not None:
        never = datetime.min.replace(tzinfo=now.tzinfo)
        tasks = [t for t in tasks if now - last_runs.get((t.probe.id, t.subject.ref), never) >= t.probe.every]
    # What is due most often goes first: a crawl of hours must not hold up a visit of seconds.
    return sorted(tasks, key=lambda task: task.probe.every)


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
) -> RoundResult:
    """``collect`` over connections that the caller keeps open from round to round."""
    progress = progress or Progress()
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
        crawl_bounds=CrawlBounds(pages=settings.network.crawl_pages, seconds=settings.network.crawl_seconds),
        recall=lambda subject, kind: store.observations(subject, kind=kind, limit=RECALLED_FACTS),
    )
    recorder = _Recorder(store)

    # The visits of all home pages come first: they show whether it is we who are in trouble.
    visits = [look async for look in _looks([t for t in tasks if _is_visit(t)], kit, progress)]
    doubts = {family: doubt for family in online if (doubt := mass_failure(visits, family))}
    trusted = online - set(doubts)
    for look in visits:
        recorder.add(_of_families(look, trusted))

    others = [t for t in tasks if not _is_visit(t)]
    if 4 in trusted:
        kit = replace(kit, families=trusted)
        async for look in _looks(others, kit, progress):
            recorder.add(look)
    elif others:
        doubts.setdefault(4, "监测点 IPv4 离线，本轮只记录 IPv6 访问")
    held_back = "；".join(doubts.values())
    recorder.finish(Round(at=clock.now(), vantage=kit.vantage, families=trusted, tasks=len(tasks), held_back=held_back))
    return RoundResult(
        families=trusted, tasks=len(tasks), facts=recorder.facts, held_back=held_back, faults=tuple(recorder.faults)
    )


@dataclass(frozen=True)
class Look:
    """What one task brought home: facts, or a fault of our own."""

    task: Task
    at: datetime
    facts: tuple[Observation, ...] = ()
    fault: str = ""


def mass_failure(visits: Iterable[Look], family: int) -> str:
    """Why a whole family of visits is not believed (监测点异常), or nothing. Pure.

    A host without an IPv6 address does not count as failed over IPv6: most of a district may have none.
    """
    outcomes = [
        fact.outcome
        for look in visits
        for fact in look.facts
        if isinstance(fact, PageVisit) and fact.family == family and fact.outcome.conclusive
    ]
    if family == 6:
        outcomes = [o for o in outcomes if o is not Outcome.DNS_ERROR]
    failed = sum(o in _NO_CONNECTION for o in outcomes)
    if len(outcomes) < MASS_FAILURE_TARGETS or failed < MASS_FAILURE_SHARE * len(outcomes):
        return ""
    share = f"{len(outcomes)} 个网站中 {failed} 个经 IPv{family} 同时无法连接"
    return f"监测点异常：{share}，本轮结果不予记录，请检查监测点网络"


_NO_CONNECTION = {Outcome.TIMEOUT, Outcome.DNS_ERROR, Outcome.CONNECT_ERROR, Outcome.TLS_ERROR}


def _is_visit(task: Task) -> bool:
    return PageVisit in task.probe.yields


def _of_families(look: Look, families: frozenset[int]) -> Look:
    kept = tuple(f for f in look.facts if not isinstance(f, PageVisit) or f.family in families)
    return replace(look, facts=kept)


async def _looks(tasks: Sequence[Task], kit: Kit, progress: Progress) -> AsyncIterator[Look]:
    by_stage = Counter(task.probe.id for task in tasks)
    for stage, count in by_stage.items():
        progress.started(stage, count)
    async for look in in_process(tasks, lambda task: _look(task, kit), in_flight=TASKS_IN_FLIGHT):
        progress.advanced(look.task.probe.id)
        yield look


async def _look(task: Task, kit: Kit) -> Look:
    at = kit.clock.now()
    try:
        return Look(task, at, facts=tuple(await task.probe.look(task.subject, kit)))
    except XunchaError:
        raise
    except Exception as error:
        # A fault in one probe must not take the round with it: the task stays due, and the round tells of it.
        log.exception("probe %s failed on %s", task.probe.id, task.subject.ref)
        return Look(task, at, fault=f"{task.probe.id} {task.subject.ref}：{type(error).__name__}: {error}")


class _Recorder:
    """Gathers what the looks bring and writes it in batches: a kill loses a second's facts, and they stay due."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._observations: list[Observation] = []
        self._runs: list[ProbeRun] = []
        self._flushed = time.monotonic()
        self.facts = 0
        self.faults: list[str] = []

    def add(self, look: Look) -> None:
        if look.fault:
            self.faults.append(look.fault)
        elif look.facts:
            self._observations += look.facts
            self._runs.append(ProbeRun(probe=look.task.probe.id, subject=look.task.subject.ref, at=look.at))
        if len(self._observations) >= FLUSH_FACTS or time.monotonic() - self._flushed >= FLUSH_SECONDS:
            self._flush()

    def finish(self, round_: Round) -> None:
        self._flush()
        self._store.record_round(round_)

    def _flush(self) -> None:
        self._store.record(self._observations, self._runs)
        self.facts += len(self._observations)
        self._observations, self._runs = [], []
        self._flushed = time.monotonic()
