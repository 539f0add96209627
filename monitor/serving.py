"""The life of the service: one at a time, its turns, its sign of life, and its end ten seconds after it is asked."""

from __future__ import annotations

import asyncio
import fcntl
import logging
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from checks import Outcome
from monitor.app import App
from monitor.desk import ALIVE
from monitor.due import Lane
from monitor.errors import OperationError, UsageError
from monitor.memory import spare_memory
from monitor.metrics import serve_metrics
from monitor.net import Net
from monitor.probing import all_probes
from monitor.resolver import Resolver
from monitor.scheduler import Ticker
from monitor.service import Service
from monitor.service_settings import listening_place

log = logging.getLogger(__name__)

TICK_SECONDS = 60.0
SELDOM = {"papers": 10, "upkeep": 10}
"""Jobs whose turn comes at every so many ticks only."""

GRACE_SECONDS = 7.0


async def serve(app: App, *, tick: float = TICK_SECONDS) -> bool:
    """Run the service until SIGTERM or SIGINT. Whether everything under way came to its end.

    Raises ``UsageError`` for a schedule that names probes that there are not, ``OperationError`` where another service
    runs on this database or the address of the metrics is taken.
    """
    if unknown := sorted(set(app.settings.schedule.every_hours) - set(all_probes())):
        known = "、".join(all_probes())
        raise UsageError(f"[schedule] every_hours 里没有名为 {'、'.join(unknown)} 的监测；可用的有：{known}")
    spare_memory()
    with only_one(app.lock_file):
        resolver = Resolver(app.settings.network.nameservers)
        async with Net(app.settings.network, resolver) as net:
            service = Service(app, net, resolver)
            return await _live(service, tick=tick)


@contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Hold the lock that a running service holds. Raises ``OperationError`` where another process has it."""
    with path.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            raise OperationError(
                f"已有一个服务（进程 {lock.read().strip() or '不明'}）在使用这个数据库，请先停止它（锁文件 {path}）"
            ) from None
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield


async def _live(service: Service, *, tick: float) -> bool:
    asked_to_end = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, asked_to_end.set)
    endpoint = await _endpoint(service)
    ticker = Ticker()
    for name in service.jobs:
        ticker.every(tick * SELDOM.get(name, 1), name, lambda name=name: _turn(service, name))  # type: ignore[misc]
    service.metrics.put("xuncha_start_timestamp_seconds", service.app.clock.now().timestamp())
    ticker.start()
    log.info("服务已启动：%s", service.app.store.name)
    try:
        await asked_to_end.wait()
    finally:
        log.info("正在结束：完成或交还手头的工作")
        service.stopping = True
        whole = await ticker.stop(grace=GRACE_SECONDS)
        if endpoint is not None:
            endpoint.close()
        for each in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(each)
        log.info("服务已结束")
    return whole


async def _turn(service: Service, name: str) -> None:
    good = await service.turn(name)
    if good and name == Lane.VISITS:
        await _sign_of_life(service)


async def _sign_of_life(service: Service) -> None:
    """Say that we live: in the record, and to who would miss us."""
    app = service.app
    await asyncio.to_thread(app.store.mark_job, ALIVE, app.clock.now())
    url = app.settings.service.heartbeat_url
    if url:
        answer = await service.net.fetch(url, body_limit=100_000)
        if answer.outcome not in (Outcome.OK, Outcome.TOO_LARGE):
            log.warning("心跳网址 %s 没有应答：%s", url, answer.detail or answer.outcome)


async def _endpoint(service: Service) -> asyncio.Server | None:
    place = service.app.settings.service.metrics
    if not place:
        return None
    try:
        return await serve_metrics(service.metrics, *listening_place(place))
    except OSError as error:
        raise OperationError(f"指标地址 {place} 用不了：{error.strerror}。请改 [service] metrics") from None
