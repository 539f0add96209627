"""A process that sweeps when told to, each time in a child that may be killed. Not a test: test_kill.py drives it.

A line of JSON in, the job; a line of JSON out: how the child ended. All is loaded once, so that a kill hits the work
and not the loading. ``die_after`` kills the child after so many seconds; ``die_at`` names a stage and kills it before
that step in the database, counted from the stage's begin. Both are ``kill -9``.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
import traceback
from datetime import datetime
from pathlib import Path
from typing import Any

import alembic.command  # noqa: F401  # used by the first opening of a database, and slow to load
from sqlalchemy import Engine, event

from checks import all_checks
from checks.core.calendar import quarter_of
from checks.core.standard import load_standard
from monitor import collect
from monitor.clock import FixedClock
from monitor.inspection import inspect
from monitor.probes.account_source import adapters
from monitor.probing import all_probes
from monitor.registry import import_files
from monitor.settings import Settings
from monitor.store import Store

# Many small transactions, so that there are many moments between them.
collect.FLUSH_FACTS = 8


class Steps:
    """Counts the steps in the database, and ends this process before one of them if told to."""

    def __init__(self, die_at: tuple[str, int] | None) -> None:
        self._die_at = die_at
        self._stage = ""
        self.taken: dict[str, int] = {}
        event.listen(Engine, "before_cursor_execute", self._step)
        event.listen(Engine, "commit", self._step)

    def begin(self, stage: str) -> None:
        self._stage = stage
        self.taken[stage] = 0

    def _step(self, *_: object) -> None:
        self.taken[self._stage] += 1
        if self._die_at == (self._stage, self.taken[self._stage]):
            os.kill(os.getpid(), signal.SIGKILL)


def sweep(job: dict[str, Any], steps: Steps) -> None:
    """Registry in, collect, inspect."""
    settings = Settings.model_validate_json(job["settings"])
    clock = FixedClock(datetime.fromisoformat(job["now"]))
    steps.begin("import")
    store = Store.open(settings.database.url)
    import_files(store, [Path(name) for name in job["registry"]], prune=False, dry_run=False)
    steps.begin("collect")
    last_runs = store.last_runs() if job["due"] else None
    tasks = collect.plan(store.subjects(), all_probes().values(), now=clock.now(), last_runs=last_runs)
    asyncio.run(collect.collect(tasks, store=store, settings=settings, clock=clock))
    steps.begin("inspect")
    checks = list(all_checks().values())
    inspect(store, load_standard("gwb-2019"), checks, now=clock.now(), period=quarter_of(clock.now()))
    store.close()


def in_a_child(job: dict[str, Any]) -> dict[str, Any]:
    """Do a job in a child: its exit ``status``, negative for a signal, and if it came to the end its ``steps``."""
    told, telling = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            die_at = job.get("die_at")
            steps = Steps(tuple(die_at) if die_at else None)
            sweep(job, steps)
            os.write(telling, json.dumps(steps.taken).encode())
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    os.close(telling)
    if "die_after" in job:
        time.sleep(job["die_after"])
        os.kill(child, signal.SIGKILL)
    _, ended = os.waitpid(child, 0)
    with os.fdopen(told) as pipe:
        steps = json.loads(pipe.read() or "{}")
    return {"status": os.waitstatus_to_exitcode(ended), "steps": steps}


def main() -> None:
    """One job a line, until there are no more."""
    all_checks()
    all_probes()
    adapters()
    load_standard("gwb-2019")
    for line in sys.stdin:
        print(json.dumps(in_a_child(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
