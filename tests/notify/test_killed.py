"""``kill -9`` of two alerters at random moments while they find, tell and are refused: no alert is lost, and what
arrives twice was on its way when its sender was shot."""

from __future__ import annotations

import asyncio
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from checks import Site
from checks.core.model import SiteKind
from checks.core.notices import About, News
from monitor.alerting import alert
from monitor.clock import FixedClock
from monitor.notify.sending import Sender
from monitor.registry.changes import RegistryChanges
from monitor.store import Store
from monitor.store.alarms import NoticeState
from tests.notify.killed_alerter import SITES, site, webhook
from tests.notify.stubs import Received, Said, web

ALERTER = Path(__file__).with_name("killed_alerter.py")
ROOT = Path(__file__).parents[2]
TURNS = 8


class Platform:
    """A webhook that refuses now and then, and counts what it took."""

    def __init__(self) -> None:
        self.chance = random.Random(20261123)
        self.lock = threading.Lock()
        self.messages: list[frozenset[str]] = []
        self.texts: Counter[tuple[str, str]] = Counter()

    def judge(self, got: Received) -> Said:
        with self.lock:
            mood = self.chance.random()
            if mood < 0.05:
                return Said(status=503)
            if mood < 0.1:
                return Said({"code": 500, "msg": "busy"})
            self.messages.append(frozenset(item["id"] for item in got.json["items"]))
            # the channel's own trouble may be told too: it did refuse, again and again
            self.texts.update((i["news"], i["text"]) for i in got.json["items"] if i["about"] == About.PROBLEM)
            return Said({"code": 0})


def test_alerters_killed_at_any_moment_lose_no_alert_and_repeat_only_what_was_on_its_way(tmp_path):
    url = f"sqlite:///{tmp_path}/x.db"
    store = Store.open(url)
    sites = [
        Site(id=site(n), name=f"站{n}", url="http://a/", kind=SiteKind.SPECIAL, sponsor="甲") for n in range(SITES)
    ]
    store.apply(RegistryChanges(added=tuple(sites)))
    platform = Platform()
    with web(platform.judge) as server:
        kills = _shoot(url, server.url("/hook"))
        _finish(store, server.url("/hook"))

    notices = store.outbox.notices()
    assert {notice.state for notice in notices} == {NoticeState.SENT}
    assert len({notice.tiding.identity for notice in notices}) == len(notices)
    entries = store.entries()
    assert len(entries) > 3 * TURNS  # it was under load
    raised = {text for news, text in platform.texts if news == News.RAISED}
    found = {entry.text for entry in entries}
    assert found - raised == set()  # no alert is lost
    assert raised - found == set()
    assert sum(news == News.RECOVERED for news, _ in platform.texts) == sum(e.close_proposed for e in entries)
    assert {notice.tiding.identity for notice in notices} == frozenset().union(*platform.messages)
    repeated = sum(count - 1 for count in Counter(platform.messages).values())
    taken_apart = sum(
        any(one < other for other in platform.messages) for one in set(platform.messages)
    )  # came again among others
    assert repeated + taken_apart <= kills
    store.close()


def _shoot(url: str, base: str) -> int:
    chance = random.Random(20261124)
    kills = 0
    for _ in range(TURNS):
        command = [sys.executable, ALERTER, url, base]
        alerters = [
            subprocess.Popen([*command, str(worker)], cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE)
            for worker in (0, 1)
        ]
        for alerter in alerters:
            assert alerter.stdout is not None
            assert alerter.stdout.readline() == b"up\n"
        time.sleep(chance.uniform(0.05, 0.6))
        for alerter in alerters:
            with alerter:
                alerter.send_signal(signal.SIGKILL)
            kills += 1
    return kills


def _finish(store: Store, base: str) -> None:
    """What is left is sent by a process that nobody shoots; its clock runs past every claim and every wait."""
    clock = FixedClock(datetime.now(UTC))
    for _ in range(60):
        clock.advance(timedelta(hours=1))
        asyncio.run(alert(store, webhook(base), clock=clock, sender=Sender(Path())))
        if not store.outbox.notices(states=[NoticeState.WAITING]):
            return
    raise AssertionError("something is never sent")
