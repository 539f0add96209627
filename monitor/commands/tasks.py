"""`standards tasks`: what the notices ask besides the official indicators, and how far it is done."""

from __future__ import annotations

from typing import Annotated

import typer

from checks.core.calendar import local_day
from checks.core.indicators import Every
from monitor.asked_tasks import asked_tasks, calendar_states
from monitor.commands.context import FormatOption, app_of
from monitor.inspection import verdicts
from monitor.output import Format, print_records


def register(cli: typer.Typer) -> None:
    cli.command("tasks")(tasks_command)


def tasks_command(
    context: typer.Context,
    overdue: Annotated[bool, typer.Option("--overdue", help="只列期限已过而未完成或未核查的（回头看）")] = False,
    format: FormatOption = Format.TABLE,
) -> None:
    """通知要求的任务（提醒类，有的带期限）和发布日历的完成情况，逾期未完成的在前；由检查项或人工核查表得出。"""
    with app_of(context) as app:
        rulings = app.store.assessments()
        given = verdicts(app.standard, app.store.subjects(), rulings)
        tasks = asked_tasks(app.standard, given.values(), today=local_day(app.clock.now()))
        states = calendar_states(app.standard, app.store.columns(), rulings)
    rows = [
        {
            "id": t.indicator.id,
            "name": t.indicator.name,
            "due": t.indicator.due.isoformat() if t.indicator.due else None,
            "days_late": t.days_late,
            "done": t.done,
            "unfinished": t.unfinished,
            "unknown": t.unknown,
            "source": f"{t.indicator.document} {t.indicator.clause}",
        }
        for t in tasks
        if t.overdue or not overdue
    ]
    rows += [
        {
            "id": s.item.id,
            "name": s.item.name + ("（没有登记对应栏目）" if s.uncovered else ""),
            "due": "每季度" if s.item.every is Every.QUARTER else f"每年 {s.item.due}",
            "days_late": None,
            "done": s.done,
            "unfinished": s.unfinished,
            "unknown": s.unknown,
            "source": f"{s.item.document} {s.item.clause}",
        }
        for s in states
        if s.unfinished or not overdue
    ]
    columns = {
        "id": "编号",
        "name": "任务",
        "due": "期限",
        "days_late": "已过天数",
        "done": "已完成",
        "unfinished": "未完成",
        "unknown": "未核查",
        "source": "依据",
    }
    print_records(rows, columns, format=format, fields=tuple(columns))
