"""The rounds: collect, inspect, sweep; and demo, which tells the whole story on loopback."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Collection
from pathlib import Path
from typing import Annotated

import typer

from checks import Check, Column, Ref, Site, Subject, all_checks
from checks.core.assess import Status
from checks.core.calendar import Period, PeriodKind, quarter_of
from monitor.app import App
from monitor.collect import RoundResult, collect, needed_probes, plan
from monitor.commands.context import CheckOption, FormatOption, GlobalOptions, SiteOption, app_of, readable
from monitor.due import NOTHING_URGENT
from monitor.errors import UsageError
from monitor.inspection import InspectionResult, inspect
from monitor.output import Format, print_json, print_records, stderr
from monitor.probing import all_probes
from monitor.progress import progress_bars
from monitor.urgent import urgency_now

DueOption = Annotated[bool, typer.Option("--due", help="只做到期的项目（默认全部做一遍）")]
ResumeOption = Annotated[
    bool, typer.Option("--resume/--fresh", help="未做完的链接检查从中断处继续（--resume，默认），或从头开始（--fresh）")
]
QuarterOption = Annotated[str | None, typer.Option("--quarter", metavar="2026Q4", help="记入这个季度（默认为当季）")]
HalfYearOption = Annotated[str | None, typer.Option("--half-year", metavar="2026H2", help="记入这个半年")]


def register(cli: typer.Typer) -> None:
    cli.command("collect")(collect_command)
    cli.command("inspect")(inspect_command)
    cli.command("sweep")(sweep_command)
    cli.command("demo")(demo_command)


def collect_command(
    context: typer.Context,
    site: SiteOption = None,
    check: CheckOption = None,
    due: DueOption = False,
    resume: ResumeOption = True,
) -> None:
    """去看：访问网站、栏目和账号，记录事实，不作判定。"""
    with app_of(context) as app:
        tell_round(go_and_look(app, site or [], chosen_checks(check), due_only=due, resume=resume))


def inspect_command(
    context: typer.Context,
    site: SiteOption = None,
    check: CheckOption = None,
    quarter: QuarterOption = None,
    half_year: HalfYearOption = None,
    format: FormatOption = Format.TABLE,
) -> None:
    """判定：按检查指标对已有事实作出判定，更新整改台账，不访问任何网站。"""
    with app_of(context) as app:
        tell_inspection(read_and_rule(app, site or [], chosen_checks(check), quarter, half_year), format)


def sweep_command(
    context: typer.Context,
    site: SiteOption = None,
    check: CheckOption = None,
    quarter: QuarterOption = None,
    half_year: HalfYearOption = None,
    due: DueOption = False,
    resume: ResumeOption = True,
    format: FormatOption = Format.TABLE,
) -> None:
    """巡查：先去看（collect），再判定（inspect）。"""
    with app_of(context) as app:
        chosen = chosen_checks(check)
        chosen_period(app, quarter, half_year)  # a mistyped period is told before the round, not after it
        tell_round(go_and_look(app, site or [], chosen, due_only=due, resume=resume))
        tell_inspection(read_and_rule(app, site or [], chosen, quarter, half_year), format)


def demo_command(
    context: typer.Context,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="演示的数据库和报告写到这里")] = Path("demo-out"),
) -> None:
    """演示：在本机回环地址上搭起一个虚构的县区，走完从导入到报告的全过程，不需要外网。"""
    from monitor.demo.run import run_demo

    options: GlobalOptions = context.obj
    run_demo(out, options.clock)


def go_and_look(
    app: App, sites: Collection[str], checks: Collection[Check], *, due_only: bool, resume: bool = True
) -> RoundResult:
    """One collecting round of the chosen scope. Without ``resume``, unfinished crawls in it are begun afresh."""
    subjects = in_scope(app.store.subjects(), sites)
    tasks = plan(
        subjects,
        needed_probes(checks, all_probes()),
        now=app.clock.now(),
        last_runs=app.store.last_runs() if due_only else None,
        rhythm=app.settings.schedule.rhythm,
        urgency=urgency_now(app, all_probes()) if due_only else NOTHING_URGENT,
    )
    if not resume:
        for task in tasks:
            if task.probe.id == "site.links":
                app.store.crawl_log.forget_unfinished(task.subject.ref.id)
    with progress_bars() as progress:
        return asyncio.run(collect(tasks, store=app.store, settings=app.settings, clock=app.clock, progress=progress))


def read_and_rule(
    app: App, sites: Collection[str], checks: Collection[Check], quarter: str | None, half_year: str | None
) -> InspectionResult:
    """One inspecting round of the chosen scope and period."""
    only: set[Ref] | None = {s.ref for s in in_scope(app.store.subjects(), sites)} if sites else None
    period = chosen_period(app, quarter, half_year)
    with progress_bars() as progress:
        return inspect(
            app.store,
            app.standard,
            checks,
            now=app.clock.now(),
            period=period,
            only=only,
            auto_close=app.settings.ledger.auto_close,
            progress=progress,
        )


def in_scope(subjects: Collection[Subject], sites: Collection[str]) -> list[Subject]:
    """All subjects, or these sites with their columns. Raises ``UsageError`` for codes that nobody registered."""
    if not subjects:
        raise UsageError("台账里还没有监测对象，请先用 xuncha import 导入网站、栏目和账号")
    if not sites:
        return list(subjects)
    known = {s.id for s in subjects if isinstance(s, Site)}
    if unknown := sorted(set(sites) - known):
        raise UsageError(f"没有登记标识码为 {'、'.join(unknown)} 的网站，请检查 --site")
    return [
        s for s in subjects if (isinstance(s, Site) and s.id in sites) or (isinstance(s, Column) and s.site_id in sites)
    ]


def chosen_checks(ids: Collection[str] | None) -> list[Check]:
    """All checks, or these. Raises ``UsageError`` for an id that no check has."""
    checks = all_checks()
    if unknown := sorted(set(ids or ()) - set(checks)):
        raise UsageError(f"没有检查项 {'、'.join(unknown)}。可用的有：{'、'.join(checks)}")
    return [check for check in checks.values() if not ids or check.id in ids]


def chosen_period(app: App, quarter: str | None, half_year: str | None) -> Period:
    """The official period of a round: as named, or the quarter of now."""
    if quarter and half_year:
        raise UsageError("--quarter 和 --half-year 只能给一个")
    if quarter:
        return period_of(quarter, PeriodKind.QUARTER)
    if half_year:
        return period_of(half_year, PeriodKind.HALF_YEAR)
    return quarter_of(app.clock.now())


def period_of(text: str, kind: PeriodKind) -> Period:
    """A period of one kind as it is written."""
    period = readable(Period.parse, text)
    if period.kind is not kind:
        wanted = "季度，例如 2026Q4" if kind is PeriodKind.QUARTER else "半年，例如 2026H2"
        raise UsageError(f"“{text}”应为{wanted}")
    return period


def tell_round(result: RoundResult) -> None:
    """What a collecting round did, on standard error."""
    families = "、".join(f"IPv{family}" for family in sorted(result.families)) or "无"
    stderr.print(
        f"已完成 {result.tasks} 项监测，记录 {result.facts} 条事实；本监测点可用：{families}",
        markup=False,
        soft_wrap=True,
    )
    if result.held_back:
        stderr.print(f"注意：{result.held_back}", markup=False, soft_wrap=True)
    for fault in result.faults:
        stderr.print(f"程序出错（该项未记录，仍为到期）：{fault}", markup=False, soft_wrap=True)


def tell_inspection(result: InspectionResult, format: Format) -> None:
    """The summary of an inspecting round: a line a check, and what is new on the ledger."""
    titles = {check.id: check.title for check in all_checks().values()}
    counts = Counter((a.check, a.status) for a in result.assessments)
    opened = Counter(result.opened_by_check)
    records = [
        {
            "check": check,
            "title": titles.get(check, check),
            "checked": sum(counts[check, status] for status in Status),
            **{status.value: counts[check, status] for status in Status},
            "new": opened[check],
        }
        for check in dict.fromkeys(a.check for a in result.assessments)
    ]
    if format is Format.JSON:
        print_json(
            {
                "period": str(result.period),
                "opened": result.opened,
                "recurred": result.recurred,
                "proposed": result.proposed,
                "checks": records,
            }
        )
        return
    print_records(
        records,
        {
            "check": "检查项",
            "title": "名称",
            "checked": "检查对象",
            "passed": "通过",
            "failed": "未通过",
            "untested": "未检测",
            "error": "出错",
            "new": "台账新增",
        },
        format=format,
        title=f"{result.period.title}巡查结果",
    )
    stderr.print(
        f"整改台账：新增 {result.opened} 项，复现 {result.recurred} 项，复查通过建议销号 {result.proposed} 项",
        markup=False,
    )
