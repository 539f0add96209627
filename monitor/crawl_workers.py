"""Crawls in further processes, each with whole sites, so that all cores work; only this process writes.

here: resume, save, facts ◀──pipe── worker: an event loop, a Net, several crawls
      ├──────────────────site, rows──▶┤
      └─ what others found outside ──▶┘
"""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from checks import Observation, Site
from monitor.clock import Clock
from monitor.crawl import CrawlBounds, CrawlLog, CrawlProgress, LinkRow, crawl
from monitor.errors import OperationError
from monitor.linkcheck import Look
from monitor.memory import collect_garbage_seldom
from monitor.net import Net
from monitor.outside import OutsideLooks
from monitor.outside_desk import DeskCounter, OutsideDesk
from monitor.resolver import Resolver
from monitor.settings import Network


@dataclass(frozen=True)
class Orders:
    """What every worker is told when it starts."""

    network: Network
    bounds: CrawlBounds
    vantage: str
    families: frozenset[int]
    clock: Clock


class CrawlWorkers:
    """``count`` processes. They end with the block; what they were at then stays unfinished, and is gone on with."""

    def __init__(self, count: int, orders: Orders, log: CrawlLog, told: Callable[[CrawlProgress], None]) -> None:
        self._orders = orders
        self._log = log
        self._told = told
        self._workers: list[_Worker] = []
        self._here = 0
        self._outside: OutsideDesk[_Worker | None, Look] = OutsideDesk(self._reply)  # None: this process itself
        self._counter: DeskCounter[Look] = DeskCounter(self._ask_desk)
        self.outside: OutsideLooks[Look] = OutsideLooks(self._counter)
        self._count = count

    async def __aenter__(self) -> CrawlWorkers:
        context = multiprocessing.get_context("spawn")  # a fork would share the database and the event loop
        for _ in range(self._count):
            ours, theirs = context.Pipe()
            process = context.Process(target=_work, args=(theirs, self._orders), daemon=True)
            process.start()
            theirs.close()
            worker = _Worker(process, ours)
            self._workers.append(worker)
            asyncio.get_running_loop().add_reader(ours.fileno(), self._hear, worker)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.outside.aclose()
        for worker in self._workers:
            asyncio.get_running_loop().remove_reader(worker.pipe.fileno())
            worker.process.terminate()
            worker.pipe.close()
        for worker in self._workers:
            await asyncio.to_thread(worker.process.join)

    async def crawl(
        self, site: Site, *, here: Callable[[Site], Awaitable[Sequence[Observation]]] | None = None
    ) -> Sequence[Observation]:
        """``monitor.crawl.crawl`` of a site by whoever has least to do: a worker or, where given, ``here``.

        ``outside`` is what this process is to find outside links with.
        """
        worker = min(self._workers, key=lambda worker: len(worker.waiting))
        if here is not None and self._here <= len(worker.waiting):
            self._here += 1
            try:
                return await here(site)
            finally:
                self._here -= 1
        started, rows = self._log.resume_or_start(site.id, self._orders.clock.now())
        found: asyncio.Future[list[Observation]] = asyncio.get_running_loop().create_future()
        worker.waiting[site.id] = found
        try:
            worker.pipe.send(("crawl", site.id, (site, started, rows)))
            return await found
        except (OSError, ValueError) as error:
            raise OperationError(_ENDED) from error
        finally:
            worker.waiting.pop(site.id, None)

    def _reply(self, asker: _Worker | None, url: str, found: Look | None) -> None:
        if asker is None:
            self._counter.hear(url, found)
            return
        with suppress(OSError):  # a worker that is gone is told of where it is heard
            asker.pipe.send(("outside", url, found))

    def _ask_desk(self, verb: str, url: str, found: Look | None) -> None:
        if verb == "claim":
            self._outside.claim(None, url)
        else:
            self._outside.tell(url, found)

    def _hear(self, worker: _Worker) -> None:
        try:
            kind, site_id, content = worker.pipe.recv()
        except (OSError, EOFError):
            asyncio.get_running_loop().remove_reader(worker.pipe.fileno())
            self._outside.gone(worker)
            for unfinished in worker.waiting.values():
                if not unfinished.done():
                    unfinished.set_exception(OperationError(_ENDED))
            return
        future = worker.waiting.get(site_id)
        if kind == "rows":
            self._log.save(site_id, content)
        elif kind == "told":
            self._told(content)
        elif kind == "claim":
            self._outside.claim(worker, site_id)
        elif kind == "tell":
            self._outside.tell(site_id, content)
        elif future is not None and not future.done():
            if kind == "facts":
                future.set_result(content)
            else:
                future.set_exception(RuntimeError(content))


_ENDED = "采集进程意外退出，本轮未完成；再次运行会从中断处继续"


@dataclass(eq=False)
class _Worker:
    process: BaseProcess
    pipe: Connection
    waiting: dict[str, asyncio.Future[list[Observation]]] = field(default_factory=dict)


def _work(pipe: Connection, orders: Orders) -> None:
    """What a worker process does until it is ended."""
    collect_garbage_seldom()
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(pipe, orders))


async def _serve(pipe: Connection, orders: Orders) -> None:
    loop = asyncio.get_running_loop()
    asked: asyncio.Queue[tuple[Site, datetime, list[LinkRow]] | None] = asyncio.Queue()
    desk: DeskCounter[Look] = DeskCounter(lambda verb, url, found: pipe.send((verb, url, found)))

    def hear() -> None:
        try:
            kind, url, content = pipe.recv()
        except (OSError, EOFError):
            loop.remove_reader(pipe.fileno())
            asked.put_nowait(None)  # whom we work for is gone
            return
        if kind == "outside":
            desk.hear(url, content)
        else:
            asked.put_nowait(content)

    loop.add_reader(pipe.fileno(), hear)
    outside: OutsideLooks[Look] = OutsideLooks(desk)
    crawls: set[asyncio.Task[None]] = set()
    async with Net(orders.network, Resolver(orders.network.nameservers)) as net:
        while (task := await asked.get()) is not None:
            crawling = asyncio.create_task(_crawl(pipe, orders, net, outside, *task))
            crawls.add(crawling)
            crawling.add_done_callback(crawls.discard)
        for crawling in crawls:
            crawling.cancel()


async def _crawl(
    pipe: Connection,
    orders: Orders,
    net: Net,
    outside: OutsideLooks[Look],
    site: Site,
    started: datetime,
    rows: list[LinkRow],
) -> None:
    try:
        facts = await crawl(
            site,
            net=net,
            clock=orders.clock,
            vantage=orders.vantage,
            log=_Sent(pipe, started, rows),
            bounds=orders.bounds,
            families=orders.families,
            outside=outside,
            told=lambda progress: pipe.send(("told", site.id, progress)),
        )
        answer: tuple[str, str, Any] = ("facts", site.id, facts)
    except Exception as error:
        answer = ("fault", site.id, f"{type(error).__name__}: {error}")
    pipe.send(answer)


@dataclass
class _Sent:
    """The ``CrawlLog`` of a worker: what it saves goes home."""

    pipe: Connection
    started: datetime
    rows: list[LinkRow]

    def resume_or_start(self, site_id: str, now: datetime) -> tuple[datetime, list[LinkRow]]:
        return self.started, self.rows

    def save(self, site_id: str, rows: Iterable[LinkRow]) -> None:
        self.pipe.send(("rows", site_id, list(rows)))

    def failed(self, site_id: str) -> None:
        return None

    def looked_again(self, site_id: str) -> None: ...
