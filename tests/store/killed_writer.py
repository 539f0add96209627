"""A process that writes to a store until it is killed. Not a test: test_killed.py starts it and shoots it."""

from __future__ import annotations

import itertools
import sys
from datetime import UTC, datetime, timedelta

from checks import Finding, LinkFailure, Outcome, Ref
from checks.core.assess import Assessment, Status
from monitor.crawl import LinkRow
from monitor.store import Inspection, ProbeRun, Store

SITES = [Ref("site", f"{n:010d}") for n in range(20)]
START = datetime(2026, 9, 11, tzinfo=UTC)


def work(store: Store) -> None:
    """Rounds of the same twenty sites; every round finds the same two dead links of each."""
    for round_ in itertools.count():
        at = START + timedelta(minutes=round_)
        store.record(
            (
                LinkFailure(subject=site, at=at, vantage="test", url=f"http://a/{k}", outcome=Outcome.HTTP_ERROR)
                for site in SITES
                for k in range(2)
            ),
            [ProbeRun(probe="site.links", subject=site, at=at) for site in SITES],
        )
        for site in SITES[:3]:
            store.crawl_log.resume_or_start(site.id, at)
            rows = [LinkRow(url=f"http://a/{k}", depth=1, internal=True, is_page=True) for k in range(50)]
            store.crawl_log.save(site.id, rows)
        found = tuple(Finding(text="打不开", key=f"http://a/{k}") for k in range(2))
        rulings = [
            Assessment(check="site.dead_link", subject=s, status=Status.FAILED, findings=found, at=at) for s in SITES
        ]
        store.commit_inspection(Inspection(at=at, period="2026H2", edition="gwb-2019", assessments=rulings))
        for site in SITES[:3]:
            store.crawl_log.finish(site.id, at)
        print(round_, flush=True)


if __name__ == "__main__":
    work(Store.open(sys.argv[1]))
