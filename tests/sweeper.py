"""A process that sweeps when told to, each time in a child that may be killed. Not a test: test_kill.py drives it.

A line of JSON in, the job; a line of JSON out, how the child ended and how many steps it took in the database. All is
loaded once, so that a kill hits the work and not the loading. ``die_at`` kills the child before that step, and
``die_after`` after so many seconds, both as ``kill -9`` does.
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
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from checks import all_checks
from checks.core.calendar import quarter_of
from checks.core.standard import load_standard
from monitor import collect
from monitor.clock import FixedClock
from monitor.inspection import inspect
from monitor.probing import all_probes
from monitor.registry import import_files
from monitor.settings import Settings
from monitor.store import Store

# Many small transactions, so that there are many moments between them.
collect.FLUSH_FACTS = 8


def sweep(job: dict[str, Any]) -> None:
    """Registry in, collect, inspect."""
    settings = Settings.model_validate_json(job["settings"])
    clock = FixedClock(datetime.fromisoformat(job["now"]))
    store = Store.open(settings.database.url)
    import_files(store, [Path(name) for name in job["registry"]], prune=False, dry_run=False)
    last_runs = store.last_runs() if job["due"] else None
    tasks = collect.plan(store.subjects(), all_probes().values(), now=clock.now(), last_runs=last_runs)
    asyncio.run(collect.collect(tasks, store=store, settings=settings, clock=clock))
    checks = list(all_checks().values())
    inspect(store, load_standard("gwb-2019"), checks, now=clock.now(), period=quarter_of(clock.now()))
    store.close()


def counted_sweep(job: dict[str, Any]) -> int:
    """A sweep that counts its steps in the database, and ends itself before one of them if told to."""
    steps = count(1)
    taken = 0

    def step(*_: object) -> None:
        nonlocal taken
        taken = next(steps)
        if taken == job.get("die_at"):
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", step)
    event.listen(Engine, "commit", step)
    sweep(job)
    return taken


def in_a_child(job: dict[str, Any]) -> dict[str, Any]:
    """Do a job in a child: ``signal`` that ended it or 0, its exit ``status``, its ``steps`` if it came to the end."""
    told, telling = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(telling, str(counted_sweep(job)).encode())
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
        steps = int(pipe.read() or 0)
    return {"signal": os.WTERMSIG(ended), "status": os.waitstatus_to_exitcode(ended), "steps": steps}


def main() -> None:
    """One job a line, until there are no more."""
    all_checks()
    all_probes()
    load_standard("gwb-2019")
    for line in sys.stdin:
        print(json.dumps(in_a_child(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
