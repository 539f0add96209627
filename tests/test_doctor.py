"""Each trouble, provoked: `doctor` names it, and says what to do."""

from __future__ import annotations

import asyncio
import shutil
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from checks import Site
from checks.core.calendar import SHANGHAI
from checks.core.model import SiteKind
from monitor.app import App
from monitor.clock import FixedClock
from monitor.desk import ALIVE
from monitor.doctor import Diagnosis, State, examine, zone_of
from monitor.registry.changes import RegistryChanges
from monitor.settings import parse_settings
from monitor.store.rounds import Round
from tests.net.web import page, serving

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
RULE = {"name": "值班", "channels": ["群"]}


def deployed(folder: Path, **sections: Any) -> App:
    settings = parse_settings({"database": {"url": f"sqlite:///{folder}/x.db"}} | sections, "tests")
    return App(settings, FixedClock(NOW), folder=folder)


def examined(app: App) -> list[Diagnosis]:
    found = asyncio.run(examine(app))
    app.close()
    return found


def troubles(found: list[Diagnosis]) -> list[Diagnosis]:
    return [each for each in found if each.state is State.TROUBLE]


@pytest.mark.parametrize("key", ["env:NOT_SET_ANYWHERE", "file:not-there"])
def test_a_channel_whose_secret_is_not_there_is_named(tmp_path, key):
    channel = {"name": "群", "kind": "wecom", "key": key}
    found = troubles(examined(deployed(tmp_path, alerts={"channel": [channel], "rule": [RULE]})))
    [told] = [each for each in found if each.area == "告警"]
    assert "通道“群”" in told.text
    assert key.partition(":")[2] in told.text
    assert "alert test" in told.remedy


def test_a_channel_whose_secret_is_there_is_in_order(tmp_path, monkeypatch):
    monkeypatch.setenv("TEST_KEY", "0e4c6f1a")
    channel = {"name": "群", "kind": "wecom", "key": "env:TEST_KEY"}
    found = examined(deployed(tmp_path, alerts={"channel": [channel], "rule": [RULE]}))
    assert [each for each in troubles(found) if each.area == "告警"] == []


def test_name_servers_that_do_not_answer_are_named(tmp_path):
    app = deployed(tmp_path, network={"nameservers": ["127.0.0.1:9"]})
    site = Site(id="5100000001", name="某网", url="http://www.qinghe.test/", kind=SiteKind.PORTAL, sponsor="某县政府")
    app.store.apply(RegistryChanges(added=(site,)))
    [told] = [each for each in examined(app) if each.area == "域名解析"]
    assert told.state is State.TROUBLE
    assert "www.qinghe.test" in told.text
    assert "nameservers" in told.remedy


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def test_a_disk_nearly_full_is_named(tmp_path, monkeypatch):
    asked = []

    def usage(path: Path) -> Usage:
        asked.append(Path(path))
        return Usage(10**10, 9 * 10**9, 10**9)

    (tmp_path / "data").mkdir()
    app = deployed(tmp_path, database={"url": "sqlite:///data/x.db"})
    monkeypatch.setattr(shutil, "disk_usage", usage)
    [told] = [each for each in troubles(examined(app)) if each.text.startswith("数据库所在磁盘")]
    assert "1.0 GB" in told.text
    assert "retention" in told.remedy
    assert set(asked) == {tmp_path / "data"}  # the disk of the database, wherever the settings lie


def test_a_service_that_died_is_a_trouble_and_one_that_never_ran_a_note(tmp_path):
    app = deployed(tmp_path)
    [told] = [each for each in asyncio.run(examine(app)) if each.area == "服务"]
    assert told.state is State.NOTE
    assert "从未运行过" in told.text
    app.store.mark_job(ALIVE, NOW - 16 * timedelta(minutes=1))
    [told] = [each for each in examined(app) if each.area == "服务"]
    assert told.state is State.TROUBLE
    assert "2026-11-23 09:44" in told.text
    assert "systemctl start xuncha" in told.remedy


def test_that_nobody_watched_is_named(tmp_path):
    app = deployed(tmp_path)
    app.store.record_round(Round(at=NOW - 10 * HOUR, vantage="v", families=frozenset({4}), tasks=1))
    [told] = [each for each in troubles(examined(app)) if each.area == "运行"]
    assert "监测中断 10.0 小时" in told.text


@pytest.mark.parametrize(
    ("zone", "state"),
    [(SHANGHAI, State.GOOD), (timezone(timedelta(hours=8)), State.GOOD), (UTC, State.NOTE)],
)
def test_a_machine_in_another_time_zone_is_noted(zone, state):
    told = zone_of(NOW.astimezone(zone))
    assert told.state is state
    if state is State.NOTE:
        assert "UTC+00:00" in told.text
        assert "Asia/Shanghai" in told.remedy


def test_a_reference_that_tells_no_time_is_said_to(tmp_path):
    async def story() -> list[Diagnosis]:
        async with serving({"/": page()}) as web:
            up = web.url(host="127.0.0.1")
            app = deployed(tmp_path, network={"allow_addresses": ["127.0.0.0/8"]}, vantage={"ipv4": [up]})
            try:
                return await examine(app)
            finally:
                app.close()

    [told] = [each for each in asyncio.run(story()) if each.area == "时钟"]
    assert told.state is State.NOTE
    assert "没有报出时间" in told.text


def test_a_font_that_is_none_is_named(tmp_path):
    [told] = [
        each for each in troubles(examined(deployed(tmp_path, report={"font": "none.ttf"}))) if each.area == "字体"
    ]
    assert "none.ttf" in told.text
