"""Fills a SQLite database with half a year of a made-up district, through the store. A script, not a test.

python -m tests.bench.make_year /tmp/half-year.db --scale 0.1
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from datetime import timedelta
from itertools import chain
from pathlib import Path

from monitor.registry import Registry, plan_changes
from monitor.store import ProbeRun, Store
from tests.bench.district import END, daily, make_district, surveys, visits, weekly


def main() -> None:
    options = _options()
    if options.database.exists():
        sys.exit(f"{options.database} is there already; name another file or remove it")
    district = make_district(options.scale)
    began = time.monotonic()
    store = Store.open(f"sqlite:///{options.database}")
    incoming = Registry(sites=district.sites, columns=district.columns, accounts=district.accounts)
    store.apply(plan_changes(Registry(), incoming))
    for ago in range(options.days, 0, -1):
        day = END - timedelta(days=ago)
        for hour in range(24):
            store.record(visits(district, day + timedelta(hours=hour)))
        store.record(chain(daily(district, day), surveys(district, day), weekly(district, day) if ago % 7 == 1 else ()))
        if sys.stderr.isatty():
            print(
                f"\r{options.days - ago + 1}/{options.days} days, {time.monotonic() - began:.0f} s",
                end="",
                file=sys.stderr,
            )
    day = END - timedelta(days=1)
    subjects = {
        "site.visit": district.sites,
        "site.home": district.sites,
        "site.addresses": district.sites,
        "site.links": district.sites,
        "column.list": district.columns,
        "account.source": district.accounts,
    }
    store.record((), (ProbeRun(probe=p, subject=s.ref, at=day) for p, of in subjects.items() for s in of))
    store.close()
    print(
        f"{len(district.sites)} sites, {len(district.columns)} columns, {len(district.accounts)} accounts, "
        f"{options.days} days up to {END:%Y-%m-%dT%H:%MZ}: {time.monotonic() - began:.1f} s, "
        f"{options.database.stat().st_size / 1e6:,.0f} MB on disk, "
        f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB"
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("database", type=Path, help="the SQLite file to make")
    parser.add_argument("--scale", type=float, default=1.0, help="1.0 is 1,000 sites, 10,000 columns, 5,000 accounts")
    parser.add_argument("--days", type=int, default=184, help="length of the record; 184 is the second half-year")
    return parser.parse_args()


if __name__ == "__main__":
    main()
