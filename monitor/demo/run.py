"""`xuncha demo`: the whole story on loopback, from the registry to the report, by the same functions as in earnest.

schedule ──▶ clock.set, collect (real requests) … ──▶ inspect ──▶ findings, ledger, papers ──▶ compare
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from checks import all_checks
from checks.core.assess import Status
from checks.core.calendar import half_year_of, quarter_of
from checks.core.standard import Standard, load_standard
from monitor.clock import Clock, FixedClock
from monitor.collect import Progress, collect_with, plan
from monitor.demo.planted import Planted, compare
from monitor.demo.story import schedule
from monitor.demo.world import World
from monitor.errors import OperationError
from monitor.inspection import InspectionResult, inspect
from monitor.net import Net
from monitor.output import Format, print_records, stderr, stdout
from monitor.probing import all_probes
from monitor.progress import progress_bars
from monitor.registry import import_files
from monitor.report_settings import Report
from monitor.reporting import chart_font, gather, write_report
from monitor.resolver import Resolver
from monitor.settings import Settings
from monitor.store import Store
from reports.findings import finding_records
from reports.wording import said

STAGE = "demo"


@dataclass(frozen=True)
class Told:
    """The end of the story: what was ruled, what of the planted was found, where the papers lie."""

    inspection: InspectionResult
    records: Sequence[dict[str, Any]]
    found: Sequence[tuple[Planted, bool]]
    papers: Sequence[Path]
    requests: int
    ipv6: bool


def run_demo(folder: Path, clock: Clock) -> None:
    """Tell the story in ``folder`` and print it. Raises ``OperationError`` where the findings are not as planted."""
    with progress_bars() as progress:
        told = asyncio.run(tell(folder, end=clock.now(), progress=progress))
    print_told(told, folder)
    if missed := sum(not found for _, found in told.found):
        raise OperationError(f"演示中有 {missed} 处预设情形的判定与预期不符，见上表")


async def tell(folder: Path, *, end: datetime, progress: Progress | None = None) -> Told:
    """Build the district, watch it over the scripted sixteen days, rule, and write the papers into ``folder``."""
    database = fresh_database(folder)
    clock = FixedClock(end)
    standard = load_standard("gwb-2019")
    store = Store.open(f"sqlite:///{database}")
    try:
        async with World(clock, end=end) as world:
            settings = world.settings(f"sqlite:///{database}")
            import_files(store, world.registry_files(folder / "registry"), prune=False, dry_run=False)
            await watch(store, settings, clock, end=end, progress=progress or Progress())
            clock.set(end)
            inspection = inspect(store, standard, list(all_checks().values()), now=end, period=quarter_of(end))
            records = finding_records(inspection.assessments, store.seen())
            return Told(
                inspection=inspection,
                records=records,
                found=compare(world.planted, records),
                papers=papers(store, standard, folder, now=end),
                requests=world.requests,
                ipv6=world.ipv6,
            )
    finally:
        store.close()


async def watch(store: Store, settings: Settings, clock: FixedClock, *, end: datetime, progress: Progress) -> None:
    """Go through the scripted time: at each step, a collecting round of the step's probes."""
    steps = list(schedule(end))
    probes = all_probes()
    subjects = store.subjects()
    progress.started(STAGE, len(steps))
    resolver = Resolver(settings.network.nameservers)
    async with Net(settings.network, resolver) as net:
        for step in steps:
            clock.set(step.at)
            tasks = plan(subjects, [probes[id] for id in step.probes], now=step.at)
            await collect_with(net, resolver, tasks, store=store, settings=settings, clock=clock)
            progress.advanced(STAGE)


def papers(store: Store, standard: Standard, folder: Path, *, now: datetime) -> list[Path]:
    """The bulletin of the quarter and the report of the half-year."""
    font = chart_font(Report())
    materials = [gather(store, standard, period, now=now) for period in (quarter_of(now), half_year_of(now))]
    return [path for material in materials for path in write_report(material, folder, font=font)]


def fresh_database(folder: Path) -> Path:
    """The place of the demo's own database, with what an earlier demo left there removed."""
    database = folder / "demo.db"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for suffix in ("", "-wal", "-shm"):
            Path(f"{database}{suffix}").unlink(missing_ok=True)
    except OSError as error:
        raise OperationError(f"无法写入 {folder}：{error.strerror}。请用 --out 指定别处") from None
    return database


def print_told(told: Told, folder: Path) -> None:
    """The story's end for people."""
    shown = [r | {"status": said(Status(r["status"]))} for r in told.records if r["status"] != Status.PASSED]
    print_records(
        shown,
        {"check": "检查项", "subject": "对象", "status": "状态", "text": "说明"},
        format=Format.TABLE,
        title="发现",
    )
    counts = Counter(said(a.status) for a in told.inspection.assessments)
    stdout.print("，".join(f"{name} {count} 项" for name, count in counts.items()), markup=False)
    stdout.print(f"整改台账：{told.inspection.opened} 项待核实（数据库 {folder / 'demo.db'}）", markup=False)
    print_records(
        [
            {"found": "是" if found else "否", "check": p.check, "subject": p.subject, "story": p.story}
            for p, found in told.found
        ],
        {"found": "相符", "check": "检查项", "subject": "对象", "story": "预设情形"},
        format=Format.TABLE,
        title="预设情形与判定是否相符",
    )
    hits = sum(found for _, found in told.found)
    stdout.print(f"预设情形 {len(told.found)} 处，判定相符 {hits} 处；共发出 {told.requests} 次请求", markup=False)
    if not told.ipv6:
        stderr.print("本机没有 IPv6 回环地址，IPv6 各项均为未检测", markup=False)
    stdout.print("报告：", markup=False)
    for path in told.papers:
        stdout.print(f"  {path}", markup=False, soft_wrap=True)
