"""How long all sub-tests of IPv6 take on healthy sites on loopback, and how much memory.

    python -m tests.bench.bench_ipv6 [--sites 500]

child process: one web server over both families for all names, one DNS server
this process:  site.visit, site.addresses, site.ipv6_pages ──▶ store ──▶ site.ipv6 on every site
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import os
import resource
import tempfile
import time
from collections import Counter
from multiprocessing.connection import Connection
from pathlib import Path

from checks import Site, all_checks
from checks.core.model import SiteKind
from checks.core.standard import load_standard
from monitor.clock import SystemClock
from monitor.collect import collect, plan
from monitor.demo.dns import DnsServer, Zone
from monitor.demo.server import Answer, HttpServer, IPv6, Request
from monitor.inspection import rule_on
from monitor.probing import all_probes
from monitor.registry.changes import RegistryChanges
from monitor.settings import parse_settings
from monitor.store import Store

PROBES = ("site.visit", "site.addresses", "site.ipv6_pages")
LINKS = 20


def name(number: int) -> str:
    return f"s{number}.bench.test"


def page(host: str, path: str) -> bytes:
    """A page of 12 kB: its own text, and links to the next level down."""
    links = "".join(
        f"<li><a href='{path.rstrip('/')}/{n}/'>{host} 第{n}条 某县召开重点工作推进会议</a>"
        f"<span>2026-11-{n + 1:02}</span></li>"
        for n in range(LINKS)
    )
    text = f"<p>{host}{path} 为做好重点领域信息公开，现将有关情况通报如下，请各单位认真贯彻落实。</p>" * 60
    outside = "<img src='http://img.bench.test/logo.png'><a href='http://www.bench.test/'>上级网站</a>"
    head = f"<!doctype html><html><head><title>{host}</title></head>"
    return f"{head}<body>{outside}<ul>{links}</ul>{text}</body></html>".encode()


def serve(told: Connection, sites: int) -> None:
    """The child: answers until it is killed."""

    async def run() -> None:
        def answer(request: Request) -> Answer:
            return Answer(page(request.headers["host"].partition(":")[0], request.path))

        web = HttpServer(answer, "127.0.0.1", IPv6.ALIVE)
        host = {"A": ("127.0.0.1",), "AAAA": ("::1",)}
        records = {name(n): host for n in range(sites)} | {
            f"{n}.bench.test": host for n in ("ns1", "ns2", "img", "www")
        }
        names = DnsServer(Zone(records | {"bench.test": {"NS": ("ns1.bench.test.", "ns2.bench.test.")}}), ipv6=True)
        await web.start()
        await names.start()
        told.send((web.port, names.port))
        await asyncio.Event().wait()

    asyncio.run(run())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", type=int, default=500)
    sites = parser.parse_args().sites
    ours, theirs = multiprocessing.Pipe()
    child = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs, sites), daemon=True)
    child.start()
    web, dns = ours.recv()
    try:
        measure(sites, web, dns)
    finally:
        child.terminate()
        child.join()


def measure(sites: int, web: int, dns: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'bench.db'}"
        settings = parse_settings(
            {
                "database": {"url": url},
                "network": {
                    "nameservers": [f"127.0.0.1:{dns}"],
                    "allow_addresses": ["127.0.0.0/8", "::1/128"],
                    "host_interval": 0.0,
                },
                "vantage": {"ipv4": [f"http://127.0.0.1:{web}/"], "ipv6": [f"http://[::1]:{web}/"]},
                "ipv6": {"ports": [], "dns_port": dns, "level2_links": LINKS, "level3_links": LINKS},
            },
            "bench",
        )
        subjects = [
            Site(id=f"51{n:08}", name=f"站点{n}", url=f"http://{name(n)}:{web}/", kind=SiteKind.PORTAL, sponsor="某办")
            for n in range(sites)
        ]
        store = Store.open(url)
        clock = SystemClock()
        try:
            store.apply(RegistryChanges(added=tuple(subjects)))
            tasks = plan(subjects, [all_probes()[id] for id in PROBES], now=clock.now())
            started, processor = time.monotonic(), time.process_time()
            result = asyncio.run(collect(tasks, store=store, settings=settings, clock=clock))
            seconds = time.monotonic() - started
            check = all_checks()["site.ipv6"]
            begun = time.monotonic()
            rulings = rule_on(store, load_standard("gwb-2019"), [check], now=clock.now())
            judged = time.monotonic() - begun
        finally:
            store.close()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        size = os.path.getsize(Path(folder) / "bench.db") / 1e6
    statuses = dict(Counter(r.status.value for r in rulings))
    spent = time.process_time() - processor
    print(f"{sites} sites: {seconds:.1f} s ({spent:.1f} s of processor), judged in {judged:.2f} s")
    print(f"facts {result.facts}, faults {len(result.faults)}, held back {result.held_back or 'nothing'}, {statuses}")
    print(f"peak RSS {peak:.0f} MB, database {size:.1f} MB, load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
