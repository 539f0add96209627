"""A process that finds problems and tells of them until it is killed. Not a test: test_killed.py shoots it."""

from __future__ import annotations

import asyncio
import itertools
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from checks import Finding, Ref
from checks.core.assess import Assessment, Status
from monitor.alerting import alert
from monitor.clock import SystemClock
from monitor.notify.sending import Sender
from monitor.store import Inspection, Store
from tests.notify.tidings import alerts

SITES = 400
LAPSE = timedelta(seconds=3)  # a later pair finds what an earlier one had claimed


def site(number: int) -> str:
    return f"{number:010d}"


def webhook(base: str):
    return alerts({"name": "平台", "kind": "webhook", "base": base, "per_minute": 6000, "timeout": 5})


def work(store: Store, base: str, *, worker: int) -> None:
    """One site after another turns out to have three dead links, and is told of; then its last one is mended."""
    settings = webhook(base)
    done = {entry.subject for entry in store.entries()}
    mine = [Ref("site", site(n)) for n in range(worker, SITES, 2)]
    print("up", flush=True)
    for ref in itertools.islice((ref for ref in mine if ref not in done), None):
        for keys in ("abc", "ab"):
            now = datetime.now(UTC)
            findings = tuple(Finding(text=f"{ref.id}{key}", key=key) for key in keys)
            ruling = Assessment(check="site.dead_link", subject=ref, status=Status.FAILED, findings=findings, at=now)
            store.commit_inspection(Inspection(at=now, period="2026Q4", edition="gwb-2019", assessments=[ruling]))
            asyncio.run(alert(store, settings, clock=SystemClock(), sender=Sender(Path()), lapse=LAPSE))


if __name__ == "__main__":
    work(Store.open(sys.argv[1]), sys.argv[2], worker=int(sys.argv[3]))
