"""A day of the service over real sockets on a scripted clock: processor and memory it takes. A script, not a test.

python -m tests.bench.bench_service --scale 1 --record /tmp/record.db

It begins with a record of some weeks and one inspection, in the night after a quarter's end, so that lists are read
against what was read before, inspections have their facts, and the quarter's papers are due within the day. The web
that is looked at and the DNS are another process. Waiting for politeness takes no processor, and is left out.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import multiprocessing
import resource
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import chain
from pathlib import Path

from checks import Subject, all_checks
from checks.core.calendar import quarter_of
from monitor.app import App
from monitor.clock import FixedClock
from monitor.desk import INSPECT
from monitor.due import NOTHING_URGENT, Rhythm, groups_of, is_due
from monitor.inspection import inspect
from monitor.memory import collect_garbage_seldom, spare_memory
from monitor.net import Net
from monitor.probing import all_probes
from monitor.registry import Registry, plan_changes
from monitor.resolver import Resolver
from monitor.service import Service
from monitor.settings import parse_settings
from monitor.sources.confirming import SourceEvent
from monitor.store import ProbeRun, Store
from tests.bench.district import END, District, both_families, daily, full_district, surveys, visits, weekly
from tests.bench.web import DOMAIN, serve

START = END + timedelta(hours=12)  # the quarter's papers are due twelve hours later
MINUTE = timedelta(minutes=1)
_FEEDS_A_HOST = 100


def main() -> None:
    options = _options()
    fork = multiprocessing.get_context("spawn")  # what the others hold in memory must not count as the service's
    with tempfile.TemporaryDirectory() as folder:
        record = options.record or Path(folder) / "record.db"
        if not record.exists():
            maker = fork.Process(target=make_record, args=(record, options.scale, options.weeks, options.port))
            maker.start()
            maker.join()
        database = Path(folder) / "x.db"
        shutil.copyfile(record, database)
        told, child = fork.Pipe()
        places = {"sites": round(800 * options.scale), "feeds": 50, "port": options.port}
        web = fork.Process(target=serve, args=(child,), kwargs=places, daemon=True)
        web.start()
        try:
            asyncio.run(_day(database, options, dns=told.recv()))
        finally:
            web.terminate()
            web.join()


def make_record(path: Path, scale: float, weeks: int, port: int) -> None:
    """A record of so many weeks up to ``END``, and an inspection of it."""
    district = _at(full_district(scale), port)
    store = Store.open(f"sqlite:///{path}")
    incoming = Registry(sites=district.sites, columns=district.columns, accounts=district.accounts)
    store.apply(plan_changes(Registry(), incoming))
    origins = {account.feed_url.rpartition("/")[0] for account in district.accounts}
    store.add_source_events(SourceEvent(origin=o, confirmed=True, who="bench", at=END) for o in sorted(origins))
    for ago in range(7 * weeks, 0, -1):
        day = END - timedelta(days=ago)
        for hour in range(24):
            store.record(both_families(visits(district, day + timedelta(hours=hour))))
        store.record(chain(daily(district, day), surveys(district, day)))
        store.record(weekly(district, day) if ago % 7 == 1 else ())
    store.record((), _last_looks(store.subjects()))
    app = App(parse_settings({}, "bench"), FixedClock(END))
    checks = list(all_checks().values())
    before = END - timedelta(minutes=1)
    inspect(store, app.standard, checks, now=before, period=quarter_of(before))
    store.mark_job(INSPECT, END)
    store.close()


def _last_looks(subjects: list[Subject]) -> Iterator[ProbeRun]:
    """When each probe last looked at each subject, had the service run until ``START``."""
    for probe in all_probes().values():
        looked_at = [s.ref for s in subjects if isinstance(s, probe.on) and not probe.closed]
        groups = groups_of(probe, len(looked_at))
        times = [START - probe.every * step / 32 for step in range(64, 0, -1)]
        for ref in looked_at:
            last = times[0] - probe.every
            for at in times:
                if is_due(probe, ref, last, now=at, rhythm=Rhythm(), urgency=NOTHING_URGENT, groups=groups):
                    last = at
            yield ProbeRun(probe=probe.id, subject=ref, at=last)


async def _day(database: Path, options: argparse.Namespace, *, dns: int) -> None:
    importlib.import_module("monitor.cli")  # as much in memory as `xuncha run` has
    collect_garbage_seldom()
    spare_memory()
    reference = f"http://s0.{DOMAIN}:{options.port}/"
    settings = parse_settings(
        {
            "database": {"url": f"sqlite:///{database}"},
            "network": {
                "allow_addresses": ["127.0.0.0/8", "::1/128"],
                "nameservers": [f"127.0.0.1:{dns}"],
                "host_interval": 0.0,
            },
            "ipv6": {"dns_port": dns},
            "vantage": {"ipv4": [reference], "ipv6": [reference]},
            "service": {"backups": "backups"},
            "alerts": {
                "channel": [{"kind": "webhook", "name": "hook", "base": f"http://127.0.0.1:{options.port}/hook"}],
                "rule": [{"name": "all", "channels": ["hook"]}],
            },
        },
        "bench",
    )
    clock = FixedClock(START)
    app = App(settings, clock, folder=database.parent)
    before = app.store.keeping.sizes()
    resolver = Resolver(settings.network.nameservers)
    seconds: Counter[str] = Counter()
    began, cpu = time.monotonic(), time.process_time()
    async with Net(settings.network, resolver) as net:
        service = Service(app, net, resolver)

        async def turn(job: str) -> None:
            started = time.process_time()
            await service.turn(job)
            seconds[job] += time.process_time() - started

        for minute in range(options.hours * 60):
            jobs = [job for job in service.jobs if job not in ("papers", "upkeep") or minute % 10 == 0]
            if options.one_by_one:
                for job in jobs:
                    await turn(job)
            else:
                await asyncio.gather(*(service.turn(job) for job in jobs))
            clock.advance(MINUTE)
            if minute % 60 == 59:
                print(
                    f"hour {minute // 60 + 1:2}: {time.process_time() - cpu:7.1f} s of processor, "
                    f"resident {_resident():3.0f} MB, at the most {_peak():3.0f} MB, {time.monotonic() - began:5.0f} s",
                    flush=True,
                )
    used = time.process_time() - cpu
    after, subjects = app.store.keeping.sizes(), Counter(s.ref.kind for s in app.store.subjects())
    jobs_done = sorted(app.store.jobs())
    app.close()
    print(
        f"{subjects['site']} sites, {subjects['column']} columns, {subjects['account']} accounts, {options.hours} h: "
        f"{used:.0f} s of processor = {used / options.hours / 36:.2f} % of one core on average; "
        f"memory at the most {_peak():.0f} MB; {time.monotonic() - began:.0f} s\n"
        f"new facts { ({kind: n - before.facts.get(kind, 0) for kind, n in after.facts.items()}) }\n"
        f"record {before.bytes / 1e6:,.0f} MB before, {after.bytes / 1e6:,.0f} MB after; jobs done {jobs_done}"
    )
    if seconds:
        print(f"seconds of processor by job { ({job: round(s, 1) for job, s in seconds.most_common()}) }")


def _at(district: District, port: int) -> District:
    """The district as the bench's own web serves it."""

    def moved(url: str) -> str:
        return url.replace(".cn/", f".cn:{port}/")

    feeds = f"http://feeds{{}}.{DOMAIN}:{port}/{{}}.xml"
    return District(
        tuple(replace(site, url=moved(site.url)) for site in district.sites),
        tuple(replace(column, url=moved(column.url)) for column in district.columns),
        tuple(replace(a, feed_url=feeds.format(n // _FEEDS_A_HOST, n)) for n, a in enumerate(district.accounts)),
    )


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 2**20


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=1.0, help="1.0 is 800 sites, 8,000 columns, 5,000 accounts")
    parser.add_argument("--hours", type=int, default=24)
    parser.add_argument("--weeks", type=int, default=4, help="length of the record that it begins with")
    parser.add_argument("--record", type=Path, help="where that record is kept; made where it is not there yet")
    parser.add_argument("--port", type=int, default=28180, help="where the made-up web listens")
    parser.add_argument("--one-by-one", action="store_true", help="jobs take turns, so that each one's processor shows")
    return parser.parse_args()


if __name__ == "__main__":
    main()
