"""The rectification ledger as it stands: list, show, export, verify. The steps that people take lie beside this."""

from __future__ import annotations

from datetime import date
from itertools import zip_longest
from pathlib import Path
from typing import Annotated, Any

import typer

from checks.core.calendar import local_day
from checks.core.ledger import Action, Entry, Event, verify_chain
from monitor.acting import find_entry
from monitor.choosing import chosen
from monitor.commands import ledger_steps
from monitor.commands.context import FormatOption, app_of
from monitor.commands.ledger_filter import (
    BeforeOption,
    CheckOption,
    OverdueOption,
    ProposedOption,
    SiteOption,
    StateOption,
    SubjectOption,
    UnfinishedOption,
    UnitOption,
    filter_of,
)
from monitor.commands.reading import summary
from monitor.errors import OperationError, UsageError
from monitor.facts import fact_record, plain
from monitor.output import Format, print_records, stdout
from monitor.owning import Owners
from monitor.reporting import notice_numbers, write_files
from monitor.store import Store
from reports.ledger import ledger_rows, ledger_workbook
from reports.wording import said

cli = typer.Typer(help="整改台账。", no_args_is_help=True)
ledger_steps.register(cli)

IdArgument = Annotated[str, typer.Argument(metavar="事项编号", help="可只写前几位")]

COLUMNS = {
    "id": "编号",
    "state": "状态",
    "subject": "对象",
    "check": "检查项",
    "text": "问题",
    "opened": "发现时间",
    "due": "期限",
    "days_late": "超期天数",
    "assignee": "责任单位",
}


@cli.command("list")
def list_command(
    context: typer.Context,
    site: SiteOption = None,
    check: CheckOption = None,
    unit: UnitOption = None,
    state: StateOption = None,
    subject: SubjectOption = None,
    before: BeforeOption = None,
    unfinished: UnfinishedOption = False,
    overdue: OverdueOption = False,
    proposed: ProposedOption = False,
    format: FormatOption = Format.TABLE,
) -> None:
    """列出事项，早发现的在前。“回头看”上期未完成的：--before 本期首日 --unfinished。"""
    wanted = filter_of(
        site=site,
        check=check,
        unit=unit,
        state=state,
        subject=subject,
        before=before,
        unfinished=unfinished,
        overdue=overdue,
        proposed=proposed,
    )
    with app_of(context) as app:
        today = local_day(app.clock.now())
        entries = chosen(app.store.entries(), [], wanted, Owners.of(app.store), today=today)
    records = [entry_record(e, today) for e in entries]
    print_records(records, COLUMNS, format=format, fields=tuple(ENTRY_FIELDS))
    if format is Format.TABLE:
        late = sum(e.days_late(today) > 0 for e in entries)
        stdout.print(f"共 {len(entries)} 项，其中超期 {late} 项", markup=False)


@cli.command("show")
def show_command(context: typer.Context, id: IdArgument, format: FormatOption = Format.TABLE) -> None:
    """一个事项的全部经过，及发现时和复查时的证据对照。"""
    with app_of(context) as app:
        today = local_day(app.clock.now())
        entry = find_entry(app.store.entries(), id)
        events = app.store.events(entry.id)
        facts = facts_of(app.store, events)
    if format is not Format.TABLE:
        records = [event_record(e) | {"facts": [facts[n] for n in e.evidence if n in facts]} for e in events]
        columns = ("number", "at", "who", "action", "why", "evidence", "due", "assignee", "hash")
        print_records(records, dict.fromkeys(columns, ""), format=format, fields=columns)
        return
    print_records([entry_record(entry, today)], COLUMNS, format=format)
    steps = [event_record(e) | {"action": said(e.action)} for e in events]
    print_records(
        steps,
        {"number": "序号", "at": "时间", "who": "经办", "action": "事由", "why": "说明", "due": "期限"},
        format=format,
    )
    found, again = compared(events)
    rows = [
        {"found": left, "again": right}
        for left, right in zip_longest(told(found, facts), told(again, facts), fillvalue="")
    ]
    heads = {"found": f"发现时的证据（{local_day(found.at)}）" if found else "发现时的证据"}
    heads["again"] = f"复查时的证据（{said(again.action)}，{local_day(again.at)}）" if again else "尚无复查证据"
    print_records(rows, heads, format=format, title="证据对照")


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
            notices=notice_numbers(store, app.settings.report),
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


def facts_of(store: Store, events: list[Event]) -> dict[int, dict[str, Any]]:
    """The facts that the events cite, as records by their ids."""
    ids = {n for event in events for n in event.evidence}
    return {fact.id: fact_record(fact) for fact in store.observations_by_id(ids)}


_FINDING = (Action.FOUND, Action.RECURRED)
_RECHECK = (Action.RECHECK_PASSED, Action.RECHECK_FAILED, Action.AUTO_CLOSED)


def compared(events: list[Event]) -> tuple[Event | None, Event | None]:
    """The event that opened the entry, or opened it again, and the latest re-check since."""
    starts = [n for n, event in enumerate(events) if event.action in _FINDING]
    if not starts:
        return None, None
    since = events[starts[-1] :]
    return since[0], next((e for e in reversed(since) if e.action in _RECHECK), None)


def told(event: Event | None, facts: dict[int, dict[str, Any]]) -> list[str]:
    """The facts of an event, a line each, with the pages that hold a dead link."""
    if event is None:
        return []
    lines: list[str] = []
    for number in event.evidence:
        record = facts.get(number)
        if record is None:
            lines.append(f"{number}：该条事实已不在记录中")
            continue
        lines.append(f"{number} {record['at']} {record['kind']}：{summary(record)}")
        pages = [source["page"] for source in record.get("sources") or []]
        lines += [f"  所在页面：{page}" for page in pages]
    return lines


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
    "days_late",
)


def entry_record(entry: Entry, today: date) -> dict[str, object]:
    own = {name: plain(getattr(entry, name)) for name in ENTRY_FIELDS if name != "days_late"}
    return own | {"days_late": entry.days_late(today)}


def event_record(event: Event) -> dict[str, object]:
    names = ("number", "at", "who", "action", "why", "evidence", "due", "assignee", "hash")
    return {name: plain(getattr(event, name)) for name in names}
