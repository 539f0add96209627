"""Times a half-year report of 1,000 sites, 10,000 columns and 5,000 accounts with 20,000 ledger entries. A script.

`python -m tests.bench.bench_papers` makes the record in a temporary folder, runs `xuncha report half-year` on it in a
process of its own, and prints wall time and peak memory.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from checks import Account, Column, Finding, Site, Subject, all_checks
from checks.core.assess import Assessment, Status
from checks.core.ledger import Action, Entry, Event
from monitor.registry.changes import RegistryChanges
from monitor.store import Inspection, Store
from tests.bench.district import END, District, make_district

ENTRIES = 20_000
LINKS = 18  # on each site
STALE = 1_500
DORMANT = 500


def main() -> None:
    district = make_district()
    with tempfile.TemporaryDirectory() as folder:
        make_record(district, Path(folder))
        command = [sys.executable, "-m", "monitor.cli", "--settings", f"{folder}/settings.toml"]
        command += ["--now", END.isoformat(), "report", "half-year", "2026H2", "--out", f"{folder}/out"]
        began = time.monotonic()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        seconds = time.monotonic() - began
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(f"half-year report: {seconds:.1f} s, peak {peak:.0f} MB")
        for path in sorted(Path(folder, "out").iterdir()):
            print(f"  {path.name}: {path.stat().st_size / 1e6:.1f} MB")


def make_record(district: District, folder: Path) -> None:
    """The registry, two half-years of rulings, and a ledger half of which has been worked on."""
    (folder / "settings.toml").write_text("", encoding="utf-8")
    store = Store.open(f"sqlite:///{folder / 'xuncha.db'}")
    store.apply(RegistryChanges(added=(*district.sites, *district.columns, *district.accounts)))
    for period, at in (("2026H1", END - timedelta(days=200)), ("2026H2", END - timedelta(days=20))):
        rulings = list(_rulings(district, at))
        store.commit_inspection(Inspection(at=at, period=period, edition="gwb-2019", assessments=rulings))
    entries = store.entries()
    assert len(entries) == ENTRIES, len(entries)
    steps = [event for n, entry in enumerate(entries) for event in _steps(entry, n)]
    for first in range(0, len(steps), 5_000):
        store.act(steps[first : first + 5_000])
    print(f"record: {len(entries):,} entries, {len(store.events()):,} events")
    store.close()


def _steps(entry: Entry, number: int) -> Iterator[Event]:
    actions = (Action.CONFIRMED, Action.ASSIGNED, Action.SUBMITTED, Action.APPROVED)[: number % 5]
    for day, action in enumerate(actions, 1):
        at = END - timedelta(days=150 - day)
        assigned = {"due": at.date() + timedelta(days=30), "assignee": "某单位"} if action is Action.ASSIGNED else {}
        yield Event(entry=entry.id, at=at, who="张三", action=action, why="已核对", **assigned)


def _rulings(district: District, at: datetime) -> Iterator[Assessment]:
    subjects: list[Subject] = [*district.sites, *district.columns, *district.accounts]
    for check in all_checks().values():
        mine = [subject for subject in subjects if isinstance(subject, check.on)]
        for number, subject in enumerate(mine):
            findings = _findings(check.id, subject, number)
            status = Status.FAILED if findings else Status.UNTESTED if number % 50 == 9 else Status.PASSED
            reason = "列表无法识别" if status is Status.UNTESTED else ""
            yield Assessment(
                check=check.id, subject=subject.ref, status=status, findings=findings, reason=reason, at=at, facts_at=at
            )


def _findings(check: str, subject: Subject, number: int) -> tuple[Finding, ...]:
    match subject:
        case Site() if check == "site.dead_link":
            return tuple(
                Finding(
                    text="链接返回 404，两次采集均如此（限 0 个）",
                    key=f"{subject.url}content/2026/{n:06}.html",
                    url=f"{subject.url}index.html",
                    evidence=(number * LINKS + n, number),
                    details={"outcome": "http_error", "status_code": 404},
                )
                for n in range(LINKS)
            )
        case Column() if check == "column.stale" and number < STALE:
            return (Finding(text="“通知公告”已 200 天未更新（限 180 天）", url=subject.url, evidence=(number,)),)
        case Account() if check == "account.dormant" and number < DORMANT:
            return (Finding(text="已 20 天未更新（限 14 天）", evidence=(number,)),)
    return ()


if __name__ == "__main__":
    main()
