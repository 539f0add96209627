"""The monitor did not run: that is told at the next start, over a channel, once; and the commands tell it as well."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from checks import Site
from checks.core.model import SiteKind
from monitor.cli import main
from monitor.clock import SystemClock
from monitor.registry.changes import RegistryChanges
from monitor.store import Store
from monitor.store.rounds import Round
from tests.net.web import page, serving
from tests.notify import stubs
from tests.notify.stubs import Web, web

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
PATIENCE = 60.0


@pytest.fixture
def robot(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    monkeypatch.setenv("TEST_KEY", stubs.KEY)
    with web(stubs.wecom) as server:
        yield server


def deploy(folder: Path, robot: Web, *, looked: datetime, site: str = "http://127.0.0.1:9/") -> Path:
    """A deployment that watches one site, tells its own troubles only, and looked last at a time."""
    settings = folder / "settings.toml"
    settings.write_text(
        f"""
[database]
url = "sqlite:///x.db"
[network]
allow_addresses = ["127.0.0.0/8", "::1/128"]
host_interval = 0.0
[vantage]
ipv4 = ["{site}"]
ipv6 = ["http://[::1]:9/"]
[[alerts.channel]]
name = "群"
kind = "wecom"
key = "env:TEST_KEY"
base = "{robot.url("/cgi-bin/webhook/send")}"
[[alerts.rule]]
name = "运维"
channels = ["群"]
about = ["trouble"]
""",
        encoding="utf-8",
    )
    store = Store.open(f"sqlite:///{folder}/x.db")
    watched = Site(id="5100000001", name="某网", url=site, kind=SiteKind.PORTAL, sponsor="某县政府")
    store.apply(RegistryChanges(added=(watched,)))
    store.record_round(Round(at=looked, vantage="local", families=frozenset({4}), tasks=1))
    store.close()
    return settings


def ended(settings: Path, *arguments: str, now: datetime = NOW) -> int:
    with pytest.raises(SystemExit) as end:
        main(["--settings", str(settings), "--now", now.isoformat(), *arguments])
    return int(end.value.code or 0)


def told(robot: Web) -> list[str]:
    return [got.json["markdown"]["content"] for got in robot.received]


def test_a_service_that_was_away_tells_so_at_its_next_start(robot, tmp_path):
    async def story() -> None:
        async with serving({"/": page()}) as site:
            url = site.url(host="127.0.0.1")
            settings = deploy(tmp_path, robot, looked=SystemClock().now() - 10 * HOUR, site=url)
            command = [sys.executable, "-m", "monitor.cli", "--settings", str(settings), "run"]
            with (tmp_path / "log").open("w") as log:
                running = await asyncio.create_subprocess_exec(*command, stdout=log, stderr=log)
            try:
                async with asyncio.timeout(PATIENCE):
                    while not robot.received:  # noqa: ASYNC110 - it comes from another process
                        await asyncio.sleep(0.05)
                running.send_signal(signal.SIGTERM)
                assert await running.wait() == 0, (tmp_path / "log").read_text()
            finally:
                if running.returncode is None:
                    running.kill()
                    await running.wait()

    asyncio.run(story())
    [message] = told(robot)
    assert "监测中断 10.0 小时" in message


def test_the_commands_tell_it_from_the_record_and_once(robot, tmp_path, capsys):
    settings = deploy(tmp_path, robot, looked=NOW - 10 * HOUR)
    assert ended(settings, "alert", "preview", "--format", "json") == 0
    [previewed] = json.loads(capsys.readouterr().out)
    assert "监测中断 10.0 小时" in previewed["body"]
    assert robot.received == []
    for hour in range(3):
        assert ended(settings, "alert", "send", now=NOW + hour * HOUR) == 0
    [message] = told(robot)
    assert "监测中断 10.0 小时" in message
    assert "至今没有监测记录" in message


def test_an_hour_between_two_rounds_is_no_news(robot, tmp_path, capsys):
    settings = deploy(tmp_path, robot, looked=NOW - HOUR)
    assert ended(settings, "alert", "send") == 0
    assert robot.received == []
