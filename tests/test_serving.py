"""`xuncha run` as a process: it looks, tells that it lives, ends when asked, and there is never a second one."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from checks import PageVisit, Site
from checks.core.model import SiteKind
from monitor.app import App
from monitor.clock import SystemClock
from monitor.desk import ALIVE
from monitor.errors import OperationError, UsageError
from monitor.registry.changes import RegistryChanges
from monitor.serving import only_one, serve
from monitor.settings import parse_settings
from monitor.store import Store
from tests.net.web import page, serving

PATIENCE = 60.0


def free_port() -> int:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def settings_text(folder: Path, *, reference: str, port: int = 0, heartbeat: str = "") -> str:
    return f"""
[database]
url = "sqlite:///{folder}/x.db"
[network]
allow_addresses = ["127.0.0.0/8", "::1/128"]
host_interval = 0.0
[vantage]
ipv4 = ["{reference}"]
ipv6 = ["http://[::1]:9/"]
[schedule]
every_hours = {{ "site.visit" = 0.05 }}
[service]
metrics = "{f"127.0.0.1:{port}" if port else ""}"
heartbeat_url = "{heartbeat}"
"""


def register(folder: Path, urls: list[str]) -> None:
    sites = [
        Site(id=f"51000000{n:02}", name="某网", url=url, kind=SiteKind.PORTAL, sponsor="某县政府")
        for n, url in enumerate(urls, 10)
    ]
    store = Store.open(f"sqlite:///{folder}/x.db")
    store.apply(RegistryChanges(added=tuple(sites)))
    store.close()


async def until(condition) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - it comes true in another process
            await asyncio.sleep(0.05)


def visits(folder: Path) -> int:
    store = Store.open(f"sqlite:///{folder}/x.db")
    try:
        return sum(len(store.observations(site.ref, kind=PageVisit)) for site in store.sites())
    finally:
        store.close()


def test_the_service_looks_tells_that_it_lives_and_ends_when_asked(tmp_path):
    async def story():
        async with serving({"/": page(), "/ping": page()}) as web:
            up = web.url(host="127.0.0.1")
            port = free_port()
            text = settings_text(tmp_path, reference=up, port=port, heartbeat=up + "ping")
            (tmp_path / "settings.toml").write_text(text)
            register(tmp_path, [up])
            command = [sys.executable, "-m", "monitor.cli", "--settings", str(tmp_path / "settings.toml"), "run"]
            with (tmp_path / "log").open("w") as log:
                running = await asyncio.create_subprocess_exec(*command, stdout=log, stderr=log)
            try:
                await until(lambda: "/ping" in web.paths())
                told = await asyncio.to_thread(_read, f"http://127.0.0.1:{port}/metrics")
                assert 'xuncha_turns_total{job="visits",outcome="ok"}' in told

                second = await asyncio.create_subprocess_exec(*command, stderr=subprocess.PIPE)
                _, said = await second.communicate()
                assert second.returncode == 1
                assert "已有一个服务" in said.decode()
                assert str(running.pid) in said.decode()

                running.send_signal(signal.SIGTERM)
                ended = await asyncio.wait_for(running.wait(), 10)  # after that the unit file has it killed
                assert ended == 0, (tmp_path / "log").read_text()
            finally:
                if running.returncode is None:
                    running.kill()
                    await running.wait()

    asyncio.run(story())
    assert visits(tmp_path) >= 1
    store = Store.open(f"sqlite:///{tmp_path}/x.db")
    assert ALIVE in store.jobs()
    store.close()


def test_asked_to_end_in_the_middle_of_a_visit_that_hangs_it_hands_back_and_ends(tmp_path):
    async def story():
        hanging = asyncio.Event()

        async def hang(reader, writer):
            hanging.set()
            try:
                await asyncio.sleep(PATIENCE)
            finally:
                writer.close()

        async with serving({"/": page()}) as web:
            server = await asyncio.start_server(hang, "127.0.0.1", 0)
            async with server:
                slow = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
                up = web.url(host="127.0.0.1")
                register(tmp_path, [slow])
                settings = parse_settings(_loaded(settings_text(tmp_path, reference=up)), "tests")
                app = App(settings, SystemClock(), folder=tmp_path)
                running = asyncio.create_task(serve(app, tick=0.5))
                await hanging.wait()
                os.kill(os.getpid(), signal.SIGTERM)
                assert await asyncio.wait_for(running, 10) is False  # something was broken off
                assert "site.visit" not in {probe for probe, _ in app.store.last_runs()}  # it stays due
                app.close()
                server.close()

    asyncio.run(story())
    assert visits(tmp_path) == 0


def test_a_schedule_of_a_probe_that_there_is_not_is_refused(tmp_path):
    settings = parse_settings(
        {
            "database": {"url": f"sqlite:///{tmp_path}/x.db"},
            "schedule": {"every_hours": {"site.vist": 1.0}},
        },
        "tests",
    )
    with pytest.raises(UsageError, match=r"site\.vist 的监测；可用的有：.*site\.visit"):
        asyncio.run(serve(App(settings, SystemClock(), folder=tmp_path)))


def test_the_lock_is_free_again_after_its_holder(tmp_path):
    with only_one(tmp_path / "lock"):
        pass
    with only_one(tmp_path / "lock"), pytest.raises(OperationError, match="已有一个服务"), only_one(tmp_path / "lock"):
        pass


def _read(url: str) -> str:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(url, timeout=PATIENCE) as answer:
        return answer.read().decode()


def _loaded(text: str) -> dict:
    import tomllib

    return tomllib.loads(text)
