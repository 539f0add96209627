"""Times the keeping and reading of an inspection of 40,000 rulings, 2,000 of them failed. A script, not a test."""

from __future__ import annotations

import tempfile
import time
from datetime import timedelta
from pathlib import Path

from checks import Finding
from checks.core.assess import Assessment, Status
from monitor.store import Inspection, Store
from tests.bench.district import END, make_district

CHECKS = ("bench.one", "bench.two", "bench.three")


def main() -> None:
    district = make_district()
    subjects = [*district.sites, *district.columns, *district.accounts]
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(f"sqlite:///{Path(folder, 'commit.db')}")
        for turn in range(3):
            at = END + timedelta(days=turn)
            rulings = [_ruling(check, s.ref, n, at) for check in CHECKS for n, s in enumerate(subjects)][:40_000]
            began = time.monotonic()
            changes = store.commit_inspection(
                Inspection(at=at, period="2026H2", edition="gwb-2019", assessments=rulings)
            )
            kept = time.monotonic()
            read = len(store.assessments(["2026H2"]))
            print(
                f"round {turn + 1}: {len(rulings):,} rulings and {len(changes.events):,} events kept in "
                f"{kept - began:.1f} s, {read:,} read in {time.monotonic() - kept:.1f} s"
            )
        store.close()


def _ruling(check: str, subject, n: int, at) -> Assessment:
    findings = (Finding(text="已 15 天未更新（限 14 天）", evidence=(n,)),) if n % 20 == 0 else ()
    status = Status.FAILED if findings else Status.PASSED
    return Assessment(check=check, subject=subject, status=status, findings=findings, at=at, facts_at=at)


if __name__ == "__main__":
    main()
