"""A simulated year of a record with its daily upkeep: how big does it get? A script, not a test.

python -m tests.bench.bench_year /tmp/year.db --scale 0.1
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import chain
from pathlib import Path

from checks import ListReading, Observation, all_checks
from checks.core.calendar import quarter_of
from checks.core.observations import observation_kinds
from checks.core.standard import load_standard
from monitor.inspection import inspect
from monitor.registry import Registry, plan_changes
from monitor.store import Store
from monitor.store.rounds import Round
from monitor.store.sql import batches
from monitor.store.thinning import bounds_of
from monitor.upkeep import read_by
from tests.bench.district import END, both_families, daily, full_district, surveys, visits, weekly

DAYS = 365
FIRST_INSPECTION = 15
ROUNDS = 2900
"""Rounds a day: one of visits and one of other looks a minute."""


def main() -> None:
    options = _options()
    if options.database.exists():
        sys.exit(f"{options.database} is there already; name another file or remove it")
    district = full_district(options.scale)
    began, cpu = time.monotonic(), time.process_time()
    store = Store.open(f"sqlite:///{options.database}")
    store.apply(
        plan_changes(Registry(), Registry(sites=district.sites, columns=district.columns, accounts=district.accounts))
    )
    standard = load_standard("gwb-2019")
    windows = read_by(all_checks().values(), standard)
    upkeep = 0.0
    peak = 0
    for ago in range(options.days, 0, -1):
        day = END - timedelta(days=ago)
        for hour in range(24):
            store.record(both_families(visits(district, day + timedelta(hours=hour))))
        number = options.days - ago
        store.record(chain(_changing(daily(district, day), number), surveys(district, day)))
        store.record(weekly(district, day) if ago % 7 == 1 else ())
        for n in range(round(ROUNDS * options.scale)):
            at = day + timedelta(days=n / ROUNDS / options.scale)
            store.record_round(Round(at=at, vantage="bench", families=frozenset({4, 6}), tasks=20))
        if number == FIRST_INSPECTION or day + timedelta(days=1) == quarter_of(day).end:
            at = day + timedelta(hours=23, minutes=59)
            inspect(store, standard, list(all_checks().values()), now=at, period=quarter_of(at))
        started = time.process_time()
        bounds = bounds_of(now=day, raw_days=60, fact_days=400, windows=windows, kinds=observation_kinds())
        keep = store.keeping.cited()
        for subjects in batches(store.keeping.observed_subjects(), 50):
            store.keeping.thin(subjects, bounds, keep=keep)
        store.keeping.drop_rounds(bounds.gone)
        upkeep = time.process_time() - started
        peak = max(peak, options.database.stat().st_size)  # the journal beside it stays as small at full size
        if number % 30 == 29 or number == 364:
            print(f"day {number + 1:3}: {peak / 1e6:8,.1f} MB", file=sys.stderr)
    sizes, cited = store.keeping.sizes(), store.keeping.cited()
    standing = store.observations_by_id(cited)
    store.close()
    seconds, cpu = time.monotonic() - began, time.process_time() - cpu
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{len(district.sites)} sites at 24 visits a day over two families, {len(district.columns)} columns, "
        f"{len(district.accounts)} accounts, {options.days} days: {peak / 1e6:,.0f} MB at the most "
        f"(times {1 / options.scale:g}: {peak / 1e9 / options.scale:.2f} GB)\n"
        f"facts that are cited: {len(cited)}, of them on record {len(standing)}, "
        f"of before the last bound {sum(fact.at < bounds.gone for fact in standing)}\n"
        f"the last day's upkeep took {upkeep:.1f} s of processor; facts {sizes.facts}\n"
        f"{seconds:.0f} s, {cpu:.0f} s of processor, peak memory {memory:.0f} MB"
    )


def _changing(seen: Iterator[Observation], day: int) -> Iterator[Observation]:
    """Lists change as lists do: home pages and every fifth column daily, the next fifth weekly, the rest monthly."""
    for n, fact in enumerate(seen):
        if isinstance(fact, ListReading):
            rhythm = 1 if fact.subject.kind == "site" or n % 5 == 0 else 7 if n % 5 == 1 else 30
            turn = (day + n % rhythm) // rhythm
            first = date(2026, 1, 1) + timedelta(days=turn * rhythm)
            items = tuple(
                replace(item, url=f"{fact.url}{first:%Y%m}/t{turn - k}.html", published=first - timedelta(days=k))
                for k, item in enumerate(fact.items)
            )
            fact = replace(fact, items=items, fingerprints=tuple(f"{n:06x}{turn - k & 255:02x}" for k in range(20)))
        yield fact


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("database", type=Path, help="the SQLite file to make")
    parser.add_argument("--scale", type=float, default=0.1, help="1.0 is 800 sites, 8,000 columns, 5,000 accounts")
    parser.add_argument("--days", type=int, default=DAYS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
