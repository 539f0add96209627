"""Maintenance windows and filed suspensions: add, list, end."""

from __future__ import annotations

import getpass
from datetime import datetime, time, timedelta
from typing import Annotated

import typer

from checks.core.calendar import SHANGHAI
from checks.core.hours import WeeklyHours
from checks.core.suspensions import Suspension
from monitor.commands.context import FormatOption, app_of, parse_ref, readable
from monitor.facts import plain
from monitor.output import Format, print_records, stdout
from monitor.suspending import end_suspension, suspend

cli = typer.Typer(help="维护窗口与备案暂停：告警暂停，事实照记；只有已备案的才不判定。", no_args_is_help=True)

WhoOption = Annotated[str | None, typer.Option("--who", help="经办人，默认为当前系统用户")]


@cli.command("add")
def add_command(
    context: typer.Context,
    subject: Annotated[str, typer.Argument(metavar="对象", help="site:… column:… 或 account:…；网站包括其全部栏目")],
    until: Annotated[str, typer.Option("--until", metavar="时间", help="到何时（日期则含当日；或 ISO 8601 时刻）")],
    why: Annotated[str, typer.Option("--why", help="理由")],
    since: Annotated[str | None, typer.Option("--from", metavar="时间", help="从何时，默认现在")] = None,
    weekly: Annotated[
        str | None,
        typer.Option(
            "--weekly", metavar="时段", help="每周只在这个时段（北京时间），例如 “周二 22:00-02:00”，“每天 01:00-03:00”"
        ),
    ] = None,
    filed: Annotated[
        str, typer.Option("--filed", metavar="备案号", help="已正式备案的备案号或文号；其间为未检测")
    ] = "",
    who: WhoOption = None,
) -> None:
    """登记一个维护窗口（只停告警），或已备案的暂停（告警停，判定记为未检测）。"""
    with app_of(context) as app:
        now = app.clock.now()
        kept = suspend(
            app.store,
            Suspension(
                subject=parse_ref(subject),
                since=moment(since, "--from") if since else now,
                until=moment(until, "--until", end_of_day=True),
                who=who or getpass.getuser(),
                why=why,
                filed=filed.strip(),
                weekly=readable(WeeklyHours.parse, weekly) if weekly is not None else None,
            ),
            now=now,
        )
    what = f"已备案（{kept.filed}），其间不判定" if kept.filed else "未备案，只停告警，照常判定"
    recurs = f"，{kept.weekly}" if kept.weekly else ""
    stdout.print(
        f"已登记 {kept.id}：{kept.subject}，至 {shown(kept.until)}{recurs}；{what}", markup=False, soft_wrap=True
    )


@cli.command("list")
def list_command(
    context: typer.Context,
    all_: Annotated[bool, typer.Option("--all", help="连同已结束的")] = False,
    format: FormatOption = Format.TABLE,
) -> None:
    """列出暂停。"""
    with app_of(context) as app:
        now = app.clock.now()
        records = [record(each, now) for each in app.store.suspensions.all() if all_ or now < each.end]
    print_records(
        records,
        {
            "id": "编号",
            "subject": "对象",
            "state": "状态",
            "since": "起",
            "until": "止",
            "weekly": "每周时段",
            "filed": "备案号",
            "why": "理由",
            "who": "经办",
        },
        format=format,
        fields=("id", "subject", "state", "since", "until", "weekly", "filed", "why", "who", "ended", "ended_by"),
    )


@cli.command("end")
def end_command(
    context: typer.Context, number: Annotated[int, typer.Argument(metavar="编号")], who: WhoOption = None
) -> None:
    """提前结束一个暂停；记录保留。"""
    with app_of(context) as app:
        ended = end_suspension(app.store, number, now=app.clock.now(), who=who or getpass.getuser())
    stdout.print(f"已结束 {ended.id}：{ended.subject}", markup=False, soft_wrap=True)


def record(suspension: Suspension, now: datetime) -> dict[str, object]:
    """One suspension as a listing shows it."""
    names = ("id", "subject", "since", "until", "weekly", "filed", "why", "who", "ended", "ended_by")
    return {name: plain(getattr(suspension, name)) for name in names} | {"state": state_of(suspension, now)}


def state_of(suspension: Suspension, now: datetime) -> str:
    """How a suspension stands at a moment."""
    if now < suspension.since:
        return "未开始"
    if now >= suspension.end:
        return "已结束"
    return "进行中" if suspension.covers(now) else "未到时段"


def moment(text: str, option: str, *, end_of_day: bool = False) -> datetime:
    """A day or an ISO 8601 time, by Beijing time where it has no offset; ``end_of_day`` takes a day to its end."""
    at = readable(datetime.fromisoformat, text, f"{option} 的“{text}”不是时间，例如 2026-12-04 或 2026-12-04T18:00")
    if len(text) <= 10 and end_of_day:
        at = datetime.combine(at.date(), time()) + timedelta(days=1)
    return at if at.tzinfo else at.replace(tzinfo=SHANGHAI)


def shown(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
