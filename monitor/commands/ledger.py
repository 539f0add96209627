"""The rectification ledger: list, show, the steps that people take, export, verify."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Annotated

import typer

from checks.core.ledger import Action, Entry, Event, State, verify_chain
from monitor.acting import StepInput, find_entry, take_step
from monitor.commands.context import FormatOption, app_of, parse_day
from monitor.errors import OperationError, UsageError
from monitor.facts import plain
from monitor.output import Format, print_records, stdout
from monitor.reporting import write_files
from reports.ledger import ledger_rows, ledger_workbook
from reports.wording import said

cli = typer.Typer(help="整改台账。", no_args_is_help=True)

IdArgument = Annotated[str, typer.Argument(metavar="事项编号", help="可只写前几位")]
WhoOption = Annotated[str | None, typer.Option("--who", help="经办人，默认为当前系统用户")]
WhyOption = Annotated[str, typer.Option("--why", help="理由或说明")]
DueOption = Annotated[str | None, typer.Option("--due", metavar="YYYY-MM-DD", help="整改期限")]

COLUMNS = {
    "id": "编号",
    "state": "状态",
    "subject": "对象",
    "check": "检查项",
    "text": "问题",
    "opened": "发现时间",
    "due": "期限",
    "assignee": "责任单位",
}


@cli.command("list")
def list_command(
    context: typer.Context,
    state: Annotated[State | None, typer.Option(help="只看这种状态")] = None,
    format: FormatOption = Format.TABLE,
) -> None:
    """列出事项。"""
    with app_of(context) as app:
        entries = app.store.entries()
    records = [entry_record(e) for e in entries if state is None or e.state is state]
    print_records(records, COLUMNS, format=format, fields=tuple(ENTRY_FIELDS))


@cli.command("show")
def show_command(context: typer.Context, id: IdArgument, format: FormatOption = Format.TABLE) -> None:
    """一个事项的全部经过。"""
    with app_of(context) as app:
        entry = find_entry(app.store.entries(), id)
        events = app.store.events(entry.id)
    records = [event_record(event) for event in events]
    columns = {"number": "序号", "at": "时间", "who": "经办", "action": "事由", "why": "说明", "due": "期限"}
    if format is Format.TABLE:
        print_records([entry_record(entry)], COLUMNS, format=format)
        records = [r | {"action": said(Action(str(r["action"])))} for r in records]
    print_records(records, columns, format=format)


@cli.command("confirm")
def confirm_command(context: typer.Context, id: IdArgument, who: WhoOption = None, why: WhyOption = "") -> None:
    """核实：问题属实，待交办。"""
    step(context, id, Action.CONFIRMED, who=who, why=why)


@cli.command("assign")
def assign_command(
    context: typer.Context,
    id: IdArgument,
    assignee: Annotated[str | None, typer.Option("--to", help="责任单位，默认为对象的主办单位")] = None,
    due: DueOption = None,
    who: WhoOption = None,
    why: WhyOption = "",
) -> None:
    """交办：定责任单位和期限（默认按检查指标的整改天数）。"""
    step(context, id, Action.ASSIGNED, who=who, why=why, due=due, assignee=assignee)


@cli.command("submit")
def submit_command(context: typer.Context, id: IdArgument, who: WhoOption = None, why: WhyOption = "") -> None:
    """提交整改结果，待复核。"""
    step(context, id, Action.SUBMITTED, who=who, why=why)


@cli.command("approve")
def approve_command(context: typer.Context, id: IdArgument, who: WhoOption = None, why: WhyOption = "") -> None:
    """复核通过，销号。"""
    step(context, id, Action.APPROVED, who=who, why=why)


@cli.command("reject")
def reject_command(context: typer.Context, id: IdArgument, who: WhoOption = None, why: WhyOption = "") -> None:
    """复核不通过，退回整改。"""
    step(context, id, Action.REJECTED, who=who, why=why)


@cli.command("dismiss")
def dismiss_command(
    context: typer.Context,
    id: IdArgument,
    why: Annotated[str, typer.Option("--why", help="不予认定的理由")],
    who: WhoOption = None,
) -> None:
    """不予认定（误报等），须写明理由；以后再发现也不再列入。"""
    step(context, id, Action.DISMISSED, who=who, why=why)


@cli.command("extend")
def extend_command(
    context: typer.Context,
    id: IdArgument,
    due: Annotated[str, typer.Option("--due", metavar="YYYY-MM-DD", help="延期到")],
    who: WhoOption = None,
    why: WhyOption = "",
) -> None:
    """延期。"""
    step(context, id, Action.EXTENDED, who=who, why=why, due=due)


@cli.command("export")
def export_command(
    context: typer.Context,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="写到这个 XLSX 文件")] = Path("整改台账.xlsx"),
) -> None:
    """导出台账（XLSX）。"""
    if out.suffix.lower() != ".xlsx":
        raise UsageError(f"--out 应为 .xlsx 文件，现为 {out}")
    with app_of(context) as app:
        store = app.store
        now = app.clock.now()
        rows = ledger_rows(
            store.entries(),
            store.events(),
            sites=store.sites(),
            columns=store.columns(),
            accounts=store.accounts(),
            now=now,
        )
    content = ledger_workbook(rows, now=now)
    for path in write_files(out.parent, [(out.name, content)]):
        stdout.print(str(path), markup=False, soft_wrap=True)


@cli.command("verify")
def verify_command(context: typer.Context) -> None:
    """核验台账的事件链：事后改动过就会显出来。"""
    with app_of(context) as app:
        events = app.store.events()
    if faults := verify_chain(events):
        raise OperationError("台账的事件链有误：\n" + "\n".join(f"  · {fault}" for fault in faults))
    stdout.print(f"{len(events)} 条记录，事件链完整", markup=False)


def step(
    context: typer.Context,
    id: str,
    action: Action,
    *,
    who: str | None,
    why: str,
    due: str | None = None,
    assignee: str | None = None,
) -> None:
    """Take one step on one entry, and say where it stands now."""
    given = StepInput(who=who or getpass.getuser(), why=why, due=parse_day(due, "--due"), assignee=assignee or "")
    with app_of(context) as app:
        entry = take_step(app.store, app.standard, id, action, given, now=app.clock.now())
    due_text = f"，期限 {entry.due}" if entry.due else ""
    stdout.print(f"{entry.id}：{said(action)}，现为“{entry.state}”{due_text}", markup=False)


ENTRY_FIELDS = (
    "id",
    "check",
    "subject",
    "key",
    "state",
    "severity",
    "text",
    "url",
    "opened",
    "changed",
    "due",
    "assignee",
    "recurrences",
    "close_proposed",
)


def entry_record(entry: Entry) -> dict[str, object]:
    return {name: plain(getattr(entry, name)) for name in ENTRY_FIELDS}


def event_record(event: Event) -> dict[str, object]:
    names = ("number", "at", "who", "action", "why", "evidence", "due", "assignee", "hash")
    return {name: plain(getattr(event, name)) for name in names}
