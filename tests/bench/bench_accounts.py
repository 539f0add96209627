"""5,000 accounts on feeds of one loopback source: one collecting round, politeness off. Target: under 60 s.

.venv/bin/python tests/bench/bench_accounts.py [accounts]
"""

from __future__ import annotations

import asyncio
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from checks import all_checks
from monitor.clock import FixedClock
from monitor.collect import collect
from monitor.planning import needed_probes, plan
from monitor.probing import all_probes
from monitor.registry import import_files
from monitor.settings import Settings
from monitor.store import Store

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


def feed(number: int) -> bytes:
    """Twenty items, a day apart."""
    items = "".join(
        f"<item><title>第 {n} 条：关于做好冬季供暖工作的通告</title><link>https://weibo.com/{number}/{n}</link>"
        f"<pubDate>{format_datetime(NOW - timedelta(days=n, hours=number % 24))}</pubDate></item>"
        for n in range(20)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>某</title>{items}</channel></rss>'.encode()


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            body = feed(int(head.split(b" ")[1].rsplit(b"/", 1)[1]))
            writer.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nContent-Length: %d\r\n\r\n" % len(body) + body
            )
            await writer.drain()
    except (asyncio.IncompleteReadError, OSError):
        writer.close()


def registered(folder: Path, count: int, port: int) -> Store:
    rows = ["平台,账号名称,账号ID,主办单位,采集方式,订阅地址"]
    rows += [f"微博,账号{n},{n},第{n}局,feed,http://127.0.0.1:{port}/weibo/{n}" for n in range(1, count + 1)]
    path = folder / "accounts.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    store = Store.open(f"sqlite:///{folder}/bench.db")
    import_files(store, [path])
    return store


async def main(count: int) -> None:
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        store = registered(Path(folder), count, port)
        network = {"host_interval": 0.0, "host_connections": 16, "allow_addresses": ["127.0.0.0/8"]}
        settings = Settings.model_validate({"network": network})
        probes = needed_probes([all_checks()["account.dormant"]], all_probes())
        tasks = plan(store.subjects(), probes, now=NOW)
        started = time.perf_counter()
        result = await collect(tasks, store=store, settings=settings, clock=FixedClock(NOW))
        seconds = time.perf_counter() - started
        store.close()
    server.close()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{result.tasks} accounts, {result.facts} facts, {len(result.faults)} faults: {seconds:.1f} s, {memory:.0f} MB"
    )


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 5000))
