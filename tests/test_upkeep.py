"""Upkeep as the service and `maintain` do it, and what `doctor` says of a deployment."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from checks import Outcome, PageVisit, Site
from checks.core.model import SiteKind
from monitor.app import App
from monitor.cli import main
from monitor.clock import FixedClock
from monitor.doctor import Diagnosis, State, examine, growth
from monitor.registry.changes import RegistryChanges
from monitor.serving import only_one
from monitor.settings import parse_settings
from monitor.store import Store
from monitor.store.keeping import Sizes
from monitor.upkeep import Upkeep, upkeep_is_due
from tests.net.web import answer, page, serving

NOW = datetime(2026, 11, 23, 18, 30, tzinfo=UTC)  # half past two in the night of Beijing
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
SITE = Site(id="5100000001", name="某网", url="http://127.0.0.1/", kind=SiteKind.PORTAL, sponsor="某县政府")


def app_in(folder: Path, **sections) -> App:
    settings = parse_settings({"database": {"url": f"sqlite:///{folder}/x.db"}} | sections, "tests")
    return App(settings, FixedClock(NOW), folder=folder)


@pytest.mark.parametrize(
    ("last", "now", "due"),
    [
        (None, NOW, True),
        (NOW - 19 * HOUR, NOW, False),
        (NOW - 20 * HOUR, NOW, True),
        (NOW - 20 * HOUR, NOW + 6 * HOUR, False),  # by day it waits for the night
        (NOW - 24 * HOUR, NOW + 6 * HOUR, True),  # but not for ever
    ],
)
def test_upkeep_is_done_at_night_and_by_day_only_where_a_night_was_missed(last, now, due):
    assert upkeep_is_due(last, now) is due


def test_a_turn_backs_up_and_thins_once_a_day_and_keeps_so_many_copies(tmp_path):
    app = app_in(tmp_path, service={"backups": "copies", "backups_kept": 3})
    app.store.record(
        [PageVisit(subject=SITE.ref, at=NOW - 100 * DAY, vantage="v", url="u", family=4, outcome=Outcome.OK)]
    )
    (tmp_path / "copies").mkdir()
    (tmp_path / "copies" / "mine.db").write_text("not the service's to remove")
    for n in range(5):
        app.clock.set(NOW + n * DAY)
        for _ in range(3):
            Upkeep(app).turn()
    assert sorted(path.name for path in (tmp_path / "copies").iterdir()) == [
        "mine.db",
        "xuncha-20261126-023000.db",
        "xuncha-20261127-023000.db",
        "xuncha-20261128-023000.db",
    ]
    assert app.store.observations(SITE.ref) == []
    assert app.store.jobs().keys() == {"thin", "backup"}
    app.close()


def ended(*arguments: str) -> int:
    with pytest.raises(SystemExit) as end:
        main(list(arguments))
    return end.value.code or 0


@pytest.fixture
def deployed(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "settings.toml").write_text('[database]\nurl = "sqlite:///x.db"\n')
    store = Store.open(f"sqlite:///{tmp_path}/x.db")
    store.apply(RegistryChanges(added=(SITE,)))
    store.close()
    return tmp_path


def test_a_backup_is_taken_and_put_back_by_command(deployed, capsys):
    assert ended("maintain", "backup", "copy.db") == 0
    assert "核验通过" in capsys.readouterr().out
    (deployed / "x.db").write_bytes(b"overwritten by accident" * 100)
    assert ended("maintain", "restore", "copy.db") == 0
    told = capsys.readouterr()
    assert "已从 copy.db 恢复" in told.out
    assert "x.db.before-restore-1" in told.err.replace("\n", "")
    store = Store.open(f"sqlite:///{deployed}/x.db")
    assert store.sites() == [SITE]
    store.close()


def test_nothing_is_restored_or_packed_under_a_running_service(deployed, capsys):
    assert ended("maintain", "backup", "copy.db") == 0
    with only_one(deployed / "x.db.lock"):
        assert ended("maintain", "restore", "copy.db") == 1
        assert ended("maintain", "vacuum") == 1
        assert ended("maintain", "backup", "again.db") == 0
    assert "请先停止它" in capsys.readouterr().err


def test_thin_and_vacuum_say_what_they_did(deployed, capsys):
    assert ended("maintain", "thin") == 0
    assert ended("maintain", "vacuum") == 0
    told = capsys.readouterr().out
    assert "已精简 0 条事实" in told
    assert "MB → " in told


def test_a_backup_without_a_place_is_asked_for_one(deployed, capsys):
    assert ended("maintain", "backup") == 2
    assert "backups" in capsys.readouterr().err


def test_a_service_does_not_run_at_a_made_up_time(deployed, capsys):
    assert ended("run", "--now", "2026-11-24T09:00:00+08:00") == 2
    assert "--now" in capsys.readouterr().err


# doctor


def found_in(app: App) -> dict[str, list[Diagnosis]]:
    by_area: dict[str, list[Diagnosis]] = {}
    for each in asyncio.run(examine(app)):
        by_area.setdefault(each.area, []).append(each)
    return by_area


def test_doctor_gives_a_remedy_with_everything_that_is_not_well(tmp_path):
    app = app_in(tmp_path, schedule={"every_hours": {"site.vist": 1.0, "site.visit": 2.0}})
    found = found_in(app)
    app.close()
    everything = [each for diagnoses in found.values() for each in diagnoses]
    assert all(each.remedy for each in everything if each.state is not State.GOOD)
    troubles = " ".join(each.text for each in everything if each.state is State.TROUBLE)
    assert "site.vist" in troubles
    assert "一天不足 20 次" in troubles
    assert {"设置", "数据库", "磁盘", "备份", "IPv4", "IPv6", "时钟", "域名解析", "字体", "告警", "服务"} <= set(found)


@pytest.mark.parametrize(
    ("skew", "state"), [(0, State.GOOD), (59, State.GOOD), (61, State.TROUBLE), (-61, State.TROUBLE)]
)
def test_doctor_compares_the_clock_with_that_of_a_reference(tmp_path, skew, state):
    async def story():
        at = NOW - timedelta(seconds=skew)
        dated = answer(page(), status=200, **{"Date": at.strftime("%a, %d %b %Y %H:%M:%S GMT")})
        async with serving({"/": dated}) as web:
            app = app_in(
                tmp_path,
                network={"allow_addresses": ["127.0.0.0/8"]},
                vantage={"ipv4": [web.url(host="127.0.0.1")]},
            )
            [clock] = [each for each in await examine(app) if each.area == "时钟"]
            app.close()
            return clock

    clock = asyncio.run(story())
    assert clock.state is state
    if state is State.TROUBLE:
        assert f"{'快' if skew > 0 else '慢'} 61 秒" in clock.text


def test_doctor_goes_on_where_the_database_cannot_be_opened(tmp_path):
    (tmp_path / "x.db").write_text("这不是数据库" * 1000)
    found = found_in(app_in(tmp_path))
    assert found["数据库"][0].state is State.TROUBLE
    assert "备份恢复" in found["数据库"][0].text
    assert "字体" in found


@pytest.mark.parametrize(("free", "state"), [(3_649, State.TROUBLE), (3_650, State.GOOD)])
def test_doctor_asks_whether_the_disk_holds_another_year(free, state):
    sizes = Sizes(bytes=100, facts={}, oldest=NOW - 10 * DAY)
    [told] = growth(sizes, now=NOW, free=free)
    assert told.state is state


def test_doctor_prints_json(deployed, capsys):
    assert ended("doctor", "--format", "json") == 0
    records = json.loads(capsys.readouterr().out)
    assert all(set(record) == {"area", "state", "text", "remedy"} for record in records)
