"""`kill -9` at any moment of a sweep: the database opens, and the sweep can be run again without a duplicate."""

from __future__ import annotations

import asyncio
import json
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from checks import Ref
from checks.core.ledger import verify_chain
from monitor.clock import FixedClock
from monitor.demo.district import AGRICULTURE, HEALTH, POLICE
from monitor.demo.world import World
from monitor.probing import all_probes
from monitor.registry import Kind, export_csv, read_files
from monitor.settings import Settings
from monitor.store import Store
from tests.conftest import END

ROOT = Path(__file__).parent.parent
SEED = 20261123
DATABASES = 5
KILLS = ("seconds", "import", "collect", "inspect")
"""Of each database: one at some moment, and one before some step in the database at each stage."""

# They look only where something waits for a second look, or was handed in.
MAY_LEAVE_NOTHING = {"site.links_recheck", "site.policy_pages"}
KEPT_SITES = (AGRICULTURE.code, HEALTH.code, POLICE.code)
"""Three sites are enough to sweep: one without IPv6, one with dead links, one behind a challenge."""

Statement = tuple[str, Ref, str, str]


@dataclass(frozen=True)
class District:
    """The world while it runs elsewhere, and what a sweep of it is given."""

    settings: Settings
    registry: tuple[Path, ...]

    def job(self, database: Path, minute: int) -> dict[str, object]:
        place = self.settings.database.model_copy(update={"url": f"sqlite:///{database}"})
        settings = self.settings.model_copy(update={"database": place})
        return {
            "settings": settings.model_dump_json(),
            "registry": [str(path) for path in self.registry],
            "now": (END + timedelta(minutes=minute)).isoformat(),
            "due": False,
        }


@pytest.fixture
def district(tmp_path: Path) -> Iterator[District]:
    """The world in a thread with a loop of its own, for as long as the test runs."""
    started: list[Any] = []
    up = threading.Event()

    async def live() -> None:
        async with World(FixedClock(END)) as world:
            over = asyncio.Event()
            files = world.registry_files(tmp_path / "registry")
            started.extend([world.settings("sqlite:///elsewhere.db"), files, asyncio.get_running_loop(), over])
            up.set()
            await over.wait()

    def run() -> None:
        try:
            asyncio.run(live())
        finally:
            up.set()

    thread = threading.Thread(target=run)
    thread.start()
    up.wait()
    assert started, "the world did not start"
    settings, files, loop, over = started
    try:
        yield District(settings, few(files, tmp_path))
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()


def few(files: list[Path], folder: Path) -> tuple[Path, ...]:
    """The registry of some sites, their columns and all accounts."""
    registry = read_files(files)
    tables = {
        Kind.UNITS: registry.units,
        Kind.SITES: [site for site in registry.sites if site.id in KEPT_SITES],
        Kind.COLUMNS: [column for column in registry.columns if column.site_id in KEPT_SITES],
        Kind.ACCOUNTS: registry.accounts,
    }
    paths = []
    for kind, records in tables.items():
        paths.append(folder / f"{kind}.csv")
        paths[-1].write_text(export_csv(kind, records), encoding="utf-8", newline="")
    return tuple(paths)


class Sweeper:
    """The process that sweeps in children of its own."""

    def __init__(self, process: subprocess.Popen[str], district: District) -> None:
        self._process = process
        self._district = district

    def finish(self, database: Path, *, due: bool = False, minute: int = 0) -> dict[str, int]:
        """A sweep to its end: how many steps it took in the database at each stage."""
        told = self._do(database, minute, due=due)
        assert told["status"] == 0
        assert all(told["steps"].values())
        return told["steps"]

    def kill_at_step(self, database: Path, stage: str, step: int, *, minute: int) -> None:
        """Kill a sweep before a step. How many there are depends on the batches, so a late one may not come."""
        before = contents(database)
        while self._do(database, minute, die_at=[stage, step])["status"] == 0:
            put_back(database, before)
            step = max(1, step - 5)

    def kill_after(self, database: Path, seconds: float, *, minute: int) -> None:
        """Kill a sweep from outside. One that came to its end before is undone and tried again, and killed sooner."""
        before = contents(database)
        while self._do(database, minute, die_after=seconds)["status"] == 0:
            put_back(database, before)
            seconds *= 0.7

    def _do(self, database: Path, minute: int, **how: object) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(self._district.job(database, minute) | how) + "\n")
        self._process.stdin.flush()
        told = json.loads(self._process.stdout.readline())
        assert told["status"] in (0, -signal.SIGKILL), "the sweep failed, see its traceback on standard error"
        return told


def contents(database: Path) -> bytes | None:
    """A database that nobody has open: all of it is in its one file."""
    assert not Path(f"{database}-wal").exists()
    return database.read_bytes() if database.exists() else None


def put_back(database: Path, before: bytes | None) -> None:
    if before is None:
        database.unlink()
    else:
        database.write_bytes(before)


@pytest.fixture
def sweeper(district: District) -> Iterator[Sweeper]:
    arguments = [sys.executable, "-m", "tests.sweeper"]
    with subprocess.Popen(arguments, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Sweeper(process, district)


def check_whole(database: Path) -> None:
    """What must hold of a database at any time."""
    if not database.exists():
        return  # killed before it was made
    store = Store.open(f"sqlite:///{database}")
    try:
        with closing(sqlite3.connect(database)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        entries = store.entries()
        places = Counter((entry.check, entry.subject, entry.key) for entry in entries)
        assert [place for place, count in places.items() if count > 1] == []
        events = store.events()
        assert verify_chain(events) == []
        assert Counter(e.entry for e in events if e.action == "found") == Counter(e.id for e in entries)
        for (probe, subject), at in store.last_runs().items():
            if probe in MAY_LEAVE_NOTHING:
                continue
            # Each sweep has its minute, so that the facts of an earlier one do not stand in for those of a later.
            kinds = {type(fact) for fact in store.observations(subject) if fact.at >= at}
            assert kinds & set(all_probes()[probe].yields), f"{probe} of {subject} counts as done and left no fact"
        ruled = {(a.check, a.subject, finding.key) for a in store.assessments() for finding in a.problems}
        assert ruled <= set(places), "rulings and ledger were not committed together"
    finally:
        store.close()


def findings(store: Store) -> set[Statement]:
    """Every statement that was made: (check, subject, key, status)."""
    made = [
        (ruling.check, ruling.subject, finding.key, str(ruling.status))
        for ruling in store.assessments()
        for finding in ruling.findings
    ]
    assert len(made) == len(set(made))
    return {*made, *((r.check, r.subject, "", str(r.status)) for r in store.assessments())}


@dataclass(frozen=True)
class End:
    """What a finished sweep leaves, but for the facts themselves."""

    findings: set[Statement]
    entries: set[tuple[str, Ref, str]]
    runs: set[tuple[str, Ref]]
    subjects: set[Ref]
    kinds: set[tuple[Ref, str]]


def end_of(database: Path) -> End:
    store = Store.open(f"sqlite:///{database}")
    try:
        subjects = store.subjects()
        return End(
            findings=findings(store),
            entries={(entry.check, entry.subject, entry.key) for entry in store.entries()},
            runs=set(store.last_runs()),
            subjects={subject.ref for subject in subjects},
            kinds={(subject.ref, fact.kind) for subject in subjects for fact in store.observations(subject.ref)},
        )
    finally:
        store.close()


def test_a_sweep_that_is_killed_at_any_moment_can_be_run_again_without_a_duplicate(sweeper, tmp_path):
    chance = random.Random(SEED)
    undisturbed = tmp_path / "undisturbed.db"
    began = time.monotonic()
    sweeper.finish(undisturbed)
    seconds = 0.8 * (time.monotonic() - began)
    expected = end_of(undisturbed)
    assert len(expected.entries) >= 5
    assert expected.findings

    # The sweep of a database that is there already, with the same result.
    steps = sweeper.finish(undisturbed)
    check_whole(undisturbed)
    assert end_of(undisturbed) == expected

    kills = 0
    for number in range(DATABASES):
        database = tmp_path / f"killed-{number}.db"
        for minute, how in enumerate(chance.sample(KILLS, k=len(KILLS))):
            # An inspection reads, and writes in its last dozen steps only: that is where a kill could do harm.
            first = steps["inspect"] - 11 if how == "inspect" else 1
            moment = chance.uniform(0, seconds) if how == "seconds" else chance.randint(first, steps[how])
            print(f"seed {SEED}, database {number}: {how} {moment:.4g} of {seconds:.2f} s and {steps}")
            if how == "seconds":
                sweeper.kill_after(database, moment, minute=minute)
            else:
                sweeper.kill_at_step(database, how, int(moment), minute=minute)
            kills += 1
            check_whole(database)
        sweeper.finish(database, due=True, minute=len(KILLS))  # what was not recorded is still due
        check_whole(database)
        assert end_of(database) == expected
    assert kills == 20
