"""Troubles of our own that last: offline, away, a job that is not done, a disk nearly full, a source that fails.

The alert round tells of them, and `doctor` names them.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from checks import Account, AccountReading
from checks.core.alarms import Trouble
from checks.core.calendar import SHANGHAI, Period
from monitor.app import App
from monitor.coverage import BEFORE, LONGEST, gaps
from monitor.desk import ALIVE, INSPECT, paper_job, papers_due
from monitor.service_settings import Schedule
from monitor.store.rounds import Round
from monitor.upkeep import BACKUP, THIN
from reports.material import Gap

OFFLINE_AFTER = timedelta(minutes=30)
GAP_IS_NEWS = timedelta(days=1)
LITTLE_DISK = 2_000_000_000
SERVICE_LIVES = timedelta(days=1)
LATE = timedelta(days=3)
SOURCE_ACCOUNTS = 5
SOURCE_SHARE = 0.8


def own_troubles(app: App, *, now: datetime) -> list[Trouble]:
    """Every trouble of our own at this moment."""
    store = app.store
    rounds = store.rounds(now - BEFORE, now)
    away = gaps(rounds, now - BEFORE, now)
    schedule = app.settings.schedule
    accounts = [s.ref for s in store.subjects() if isinstance(s, Account)]
    readings = (readings[0] for readings in store.newest(accounts, AccountReading).values())
    return [
        *vantage_troubles(rounds, now=now),
        *gap_troubles(away, now=now, tried=rounds[-1].at if rounds else None),
        *job_troubles(
            store.jobs(),
            schedule,
            backups=bool(app.settings.service.backups),
            inspected=[Period.parse(period) for period in store.periods()],
            since=max((*(r.at for r in rounds[:1]), *(gap.end for gap in away)), default=None),
            now=now,
        ),
        *disk_troubles(free_room(app)),
        *source_troubles(readings),
    ]


def free_room(app: App) -> int:
    """Free bytes on the disk of the database, or where the settings lie if it is not a file."""
    place = Path(app.database_url.removeprefix("sqlite:///")).parent
    return shutil.disk_usage(place if place.is_dir() and app.database_url.startswith("sqlite") else app.folder).free


def vantage_troubles(rounds: Sequence[Round], *, now: datetime) -> Iterator[Trouble]:
    """Offline, where every round of the last half-hour and more was held back. Pure."""
    latest = rounds[-1:]
    held = [r for r in rounds if not r.families]
    since = next((r.at for r in reversed(rounds) if r.families), held[0].at if held else now)
    if latest and not latest[0].families and now - since >= OFFLINE_AFTER:
        text = f"监测点自 {_told(since)} 起没有可信的监测结果：{latest[0].held_back}"
        yield Trouble(key="vantage.offline", text=text, advice="请检查监测点的网络和 [vantage] 设置", silences=True)


def gap_troubles(found: Iterable[Gap], *, now: datetime, tried: datetime | None = None) -> Iterator[Trouble]:
    """The monitor did not run: told while it is away, and for a day after it came back. Pure.

    ``tried`` is the latest round, held back or not: where we are there and merely offline, that is told and not this.
    """
    for gap in found:
        away = gap.end >= now
        if now - gap.end < GAP_IS_NEWS and not (away and tried is not None and now - tried <= LONGEST):
            hours = (gap.end - gap.start).total_seconds() / 3600
            until = "至今" if away else f"至 {_told(gap.end)} "
            yield Trouble(
                key=f"monitor.gap.{gap.start:%Y%m%dT%H%M}",
                text=f"监测中断 {hours:.1f} 小时：{_told(gap.start)} {until}没有监测记录",
                advice="请检查监测主机和服务（systemctl status xuncha）；中断期间不对任何对象作判定",
            )


def job_troubles(
    jobs: Mapping[str, datetime],
    schedule: Schedule,
    *,
    backups: bool,
    inspected: Collection[Period] = (),
    since: datetime | None = None,
    now: datetime,
) -> Iterator[Trouble]:
    """What a living service does not get done. Pure.

    ``since`` is when it was first seen at work, or last came back: what it had no time for it did not miss. Where none
    lives, jobs are done by hand or by cron, and that one died is told as a gap.
    """
    alive = jobs.get(ALIVE)
    if alive is None or now - alive > SERVICE_LIVES:
        return
    terms = {INSPECT: timedelta(hours=3 * schedule.inspect_hours), THIN: LATE} | ({BACKUP: LATE} if backups else {})
    names = {INSPECT: "判定", BACKUP: "备份", THIN: "数据库精简"}
    advice = "请查看服务日志（journalctl -u xuncha），或运行 xuncha doctor"
    for name, term in terms.items():
        last = max((at for at in (jobs.get(name), since) if at is not None), default=now)
        if now - last > term:
            yield Trouble(key=f"job.{name}", text=f"{names[name]}自 {_told(last)} 起没有完成过", advice=advice)
    after = timedelta(days=schedule.papers_after_days) + LATE
    if since is not None and now - since > LATE:
        for period in papers_due(inspected, jobs, now=now, after=after):
            yield Trouble(key=f"job.{paper_job(period)}", text=f"{period.title}的报告到期后一直没有出具", advice=advice)


def disk_troubles(free: int) -> Iterator[Trouble]:
    """Little room for what is to come. Pure."""
    if free < LITTLE_DISK:
        text = f"数据库所在磁盘只剩 {free / 1e9:.1f} GB（提醒线 {LITTLE_DISK / 1e9:.0f} GB）"
        yield Trouble(
            key="disk.full", text=text, advice="请腾出空间，或缩短 [retention] 的保留天数后运行 xuncha maintain thin"
        )


def source_troubles(readings: Iterable[AccountReading]) -> Iterator[Trouble]:
    """A source of which most accounts cannot be read: it is the source, not the accounts. Pure."""
    by_adapter: dict[str, list[bool]] = defaultdict(list)
    for reading in readings:
        by_adapter[reading.adapter].append(reading.source_ok)
    for adapter, good in sorted(by_adapter.items()):
        failed = good.count(False)
        if adapter and len(good) >= SOURCE_ACCOUNTS and failed >= SOURCE_SHARE * len(good):
            yield Trouble(
                key=f"source.{adapter}",
                text=f"采集方式 {adapter} 的 {len(good)} 个账号中 {failed} 个采集不成功",
                advice="请检查该采集方式的服务和账号的订阅地址",
            )


def _told(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
