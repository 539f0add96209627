"""Times the reading of every subject's recent facts from a database that make_year.py made. A script, not a test."""

from __future__ import annotations

import resource
import sys
import time
from datetime import timedelta

from checks import AccountReading, AddressSurvey, CrawlSummary, LinkFailure, ListReading, PageVisit
from monitor.store import Store
from tests.bench.district import END

WINDOWS = {
    PageVisit: timedelta(days=7),
    ListReading: timedelta(days=14),
    AddressSurvey: timedelta(days=14),
    LinkFailure: timedelta(days=14),
    CrawlSummary: timedelta(days=14),
    AccountReading: timedelta(days=14),
}


def main(database: str) -> None:
    store = Store.open(f"sqlite:///{database}")
    refs = [subject.ref for subject in store.subjects()]
    began = time.monotonic()
    facts = 0
    for _, history in store.histories(refs, {kind: END - span for kind, span in WINDOWS.items()}, until=END):
        facts += len(history)
    print(
        f"{facts:,} facts of {len(refs):,} subjects in {time.monotonic() - began:.1f} s, "
        f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB"
    )
    store.close()


if __name__ == "__main__":
    main(sys.argv[1])
