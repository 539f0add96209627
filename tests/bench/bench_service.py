"""A day of the service over real sockets on a scripted clock: processor and memory it takes. A script, not a test.

python -m tests.bench.bench_service --scale 1

Sites, columns and feeds are served by another process on addresses of 127.0.0.0/8, so that each is a host of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import multiprocessing.connection
import resource
import tempfile
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from checks import Account, Column, ColumnCategory, Platform, Site
from checks.core.model import SiteKind
from monitor.app import App
from monitor.clock import FixedClock
from monitor.net import Net
from monitor.registry.changes import RegistryChanges
from monitor.resolver import Resolver
from monitor.service import Service
from monitor.settings import parse_settings

START = datetime(2026, 11, 22, 16, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def main() -> None:
    options = _options()
    parent, child = multiprocessing.Pipe()
    server = multiprocessing.Process(target=_serve, args=(child,), daemon=True)
    server.start()
    port = parent.recv()
    try:
        with tempfile.TemporaryDirectory() as folder:
            asyncio.run(_day(Path(folder), port, scale=options.scale, hours=options.hours))
    finally:
        server.terminate()
        server.join()


async def _day(folder: Path, port: int, *, scale: float, hours: int) -> None:
    reference = f"http://127.0.0.1:{port}/"
    settings = parse_settings(
        {
            "database": {"url": f"sqlite:///{folder}/x.db"},
            # Waiting for politeness takes no processor, and is left out here.
            "network": {"allow_addresses": ["127.0.0.0/8"], "nameservers": ["127.0.0.1:9"], "host_interval": 0.0},
            "vantage": {"ipv4": [reference], "ipv6": ["http://[::1]:9/"]},
        },
        "bench",
    )
    clock = FixedClock(START)
    app = App(settings, clock, folder=folder)
    app.store.apply(RegistryChanges(added=tuple(_subjects(port, scale))))
    resolver = Resolver(settings.network.nameservers)
    seconds: Counter[str] = Counter()
    began, cpu = time.monotonic(), time.process_time()
    async with Net(settings.network, resolver) as net:
        service = Service(app, net, resolver)
        for minute in range(hours * 60):
            for job in service.jobs:
                if job not in ("papers", "upkeep") or minute % 10 == 0:
                    before = time.process_time()
                    await service.turn(job)
                    seconds[job] += time.process_time() - before
            clock.advance(MINUTE)
    used = time.process_time() - cpu
    facts, subjects = app.store.keeping.sizes(), Counter(s.ref.kind for s in app.store.subjects())
    app.close()
    print(
        f"{subjects['site']} sites, {subjects['column']} columns, {subjects['account']} accounts, "
        f"{hours} h: {used:.0f} s of processor = {used / hours / 36:.2f} % of one core on average "
        f"(times {1 / scale:g}: {used / hours / 36 / scale:.2f} %); "
        f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB\n"
        f"by job { ({job: round(s, 1) for job, s in seconds.items()}) }; facts {facts.facts}; "
        f"{time.monotonic() - began:.0f} s"
    )


def _subjects(port: int, scale: float) -> list[Site | Column | Account]:
    site = Site(id="", name="", url="", kind=SiteKind.DEPARTMENT, sponsor="某局")
    sites = [
        replace(site, id=f"51{n:08}", name=f"网站{n}", url=f"http://127.{1 + n // 200}.{n % 200}.1:{port}/")
        for n in range(round(800 * scale))
    ]
    columns = [
        Column(site_id=s.id, name=f"栏目{k}", url=f"{s.url}c{k}/", category=ColumnCategory.NEWS)
        for s in sites
        for k in range(10)
    ]
    accounts = [
        Account(
            platform=Platform.WEIBO,
            name=f"账号{n}",
            account_id=str(n),
            sponsor="某局",
            source="feed",
            feed_url=f"http://127.{50 + n // 200}.{n % 200}.1:{port}/feed.xml",
        )
        for n in range(round(5000 * scale))
    ]
    return [*sites, *columns, *accounts]


def _serve(told: multiprocessing.connection.Connection) -> None:
    rows = "".join(
        f'<li><a href="/c0/t{n}.html">关于开展第{n}批政务公开工作检查的通知</a><span>2026-11-{22 - n:02}</span></li>'
        for n in range(20)
    )
    page = f"<html><head><title>某局</title></head><body><ul>{rows}</ul>{'<p>正文</p>' * 1500}</body></html>".encode()
    items = "".join(
        f"<item><title>消息{n}</title><link>http://a.example/{n}</link>"
        f"<pubDate>{(START - timedelta(days=n)):%a, %d %b %Y %H:%M:%S} GMT</pubDate></item>"
        for n in range(20)
    )
    feed = f'<?xml version="1.0"?><rss version="2.0"><channel><title>a</title>{items}</channel></rss>'.encode()

    def answer(kind: str, body: bytes) -> bytes:
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
        return head.encode() + body

    answers = {True: answer("application/rss+xml", feed), False: answer("text/html", page)}

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                writer.write(answers[b"feed.xml" in head.partition(b"\r\n")[0]])
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def serve() -> None:
        server = await asyncio.start_server(connected, "0.0.0.0", 0, backlog=1000)
        told.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(serve())


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=1.0, help="1.0 is 800 sites, 8,000 columns, 5,000 accounts")
    parser.add_argument("--hours", type=int, default=24)
    return parser.parse_args()


if __name__ == "__main__":
    main()
