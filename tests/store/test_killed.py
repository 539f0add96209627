"""``kill -9`` at twenty moments: each time the database opens, holds whole transactions, and nothing twice."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from checks.core.chain import verify_chain
from checks.core.observations import Observation
from monitor.store import Store

WRITER = Path(__file__).with_name("killed_writer.py")
ROOT = Path(__file__).parents[2]


def test_a_writer_killed_at_any_moment_leaves_whole_transactions_and_nothing_twice(tmp_path):
    url = f"sqlite:///{tmp_path}/x.db"
    chance = random.Random(20260911)
    for turn in range(20):
        with subprocess.Popen(
            [sys.executable, WRITER, url], cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE
        ) as writer:
            if turn % 2:
                assert writer.stdout is not None
                writer.stdout.readline()  # a whole round is done
                time.sleep(chance.uniform(0, 0.2))
            else:
                time.sleep(chance.uniform(0.2, 0.9))  # while it starts, or makes the tables, or is in a round
            writer.send_signal(signal.SIGKILL)
        store = Store.open(url)
        _whole(store)
        store.close()
    store = Store.open(url)
    assert len(store.entries()) == 40
    store.close()


def _whole(store: Store) -> None:
    runs = store.last_runs()
    assert len(runs) in (0, 20)
    assert len(set(runs.values())) <= 1  # all of a record, or nothing
    facts: list[Observation] = [fact for (_, site) in runs for fact in store.observations(site)]
    assert set(Counter(fact.at for fact in facts).values()) <= {40 * n for n in range(1, 21)}
    rulings = store.assessments(["2026H2"])
    assert len(rulings) in (0, 20)
    assert len({a.at for a in rulings}) <= 1
    entries = store.entries()
    assert len(entries) in (0, 40)
    assert len({(e.check, e.subject, e.key) for e in entries}) == len(entries)
    assert len(store.seen()) == len(entries) == 2 * len(rulings)
    events = store.events()
    assert len(events) == len(entries)
    assert verify_chain(events) == []
