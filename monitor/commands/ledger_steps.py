"""The steps that people take on the ledger, on one entry or on all that have something in common."""

from __future__ import annotations

import getpass
from typing import Annotated

import typer

from checks.core.calendar import local_day
from checks.core.ledger import Action, Entry
from monitor.acting import StepInput, able, take_steps
from monitor.choosing import Filter, chosen
from monitor.commands.context import app_of, parse_day
from monitor.commands.ledger_filter import (
    BeforeOption,
    CheckOption,
    OverdueOption,
    ProposedOption,
    SiteOption,
    StateOption,
    SubjectOption,
    UnitOption,
    filter_of,
)
from monitor.errors import UsageError
from monitor.output import stdout
from monitor.owning import Owners
from reports.wording import said

IdsArgument = Annotated[
    list[str] | None, typer.Argument(metavar="事项编号…", help="可只写前几位；不写编号则用下面的条件选取")
]
WhoOption = Annotated[str | None, typer.Option("--who", help="经办人，默认为当前系统用户")]
WhyOption = Annotated[str, typer.Option("--why", help="理由或说明")]
YesOption = Annotated[bool, typer.Option("--yes", help="选中多项时确认执行")]
DueOption = Annotated[str | None, typer.Option("--due", metavar="YYYY-MM-DD", help="整改期限")]

SHOWN = 5


def register(cli: typer.Typer) -> None:
    """Add the steps to ``xuncha ledger``."""
    for name, action, text in (
        ("confirm", Action.CONFIRMED, "核实：问题属实，待交办。"),
        ("submit", Action.SUBMITTED, "提交整改结果，待复核；系统随即安排复查。"),
        ("approve", Action.APPROVED, "复核通过，销号。"),
        ("reject", Action.REJECTED, "复核不通过，退回整改。"),
        ("urge", Action.URGED, "催办：提醒责任单位，记入经过；可与 --overdue 合用。"),
    ):
        cli.command(name, help=text)(_plain_step(action))
    cli.command("assign")(assign_command)
    cli.command("dismiss")(dismiss_command)
    cli.command("reopen")(reopen_command)
    cli.command("extend")(extend_command)


def assign_command(
    context: typer.Context,
    ids: IdsArgument = None,
    assignee: Annotated[str | None, typer.Option("--to", help="责任单位，默认为对象的主办单位")] = None,
    due: DueOption = None,
    site: SiteOption = None,
    check: CheckOption = None,
    unit: UnitOption = None,
    state: StateOption = None,
    subject: SubjectOption = None,
    before: BeforeOption = None,
    who: WhoOption = None,
    why: WhyOption = "",
    yes: YesOption = False,
) -> None:
    """交办：定责任单位和期限（默认按检查标准的整改期限，工作日或自然日）。"""
    wanted = filter_of(site=site, check=check, unit=unit, state=state, subject=subject, before=before)
    step(context, ids, wanted, Action.ASSIGNED, who=who, why=why, due=due, assignee=assignee, yes=yes)


def dismiss_command(
    context: typer.Context,
    why: Annotated[str, typer.Option("--why", help="不予认定的理由")],
    ids: IdsArgument = None,
    site: SiteOption = None,
    check: CheckOption = None,
    unit: UnitOption = None,
    state: StateOption = None,
    subject: SubjectOption = None,
    before: BeforeOption = None,
    who: WhoOption = None,
    yes: YesOption = False,
) -> None:
    """不予认定（误报等），须写明理由；以后再发现也不再列入，除非用 reopen 撤销。"""
    wanted = filter_of(site=site, check=check, unit=unit, state=state, subject=subject, before=before)
    step(context, ids, wanted, Action.DISMISSED, who=who, why=why, yes=yes)


def reopen_command(
    context: typer.Context,
    why: Annotated[str, typer.Option("--why", help="撤销的理由")],
    ids: IdsArgument = None,
    site: SiteOption = None,
    check: CheckOption = None,
    subject: SubjectOption = None,
    who: WhoOption = None,
    yes: YesOption = False,
) -> None:
    """撤销不予认定：事项回到待核实，须写明理由。"""
    step(context, ids, filter_of(site=site, check=check, subject=subject), Action.REOPENED, who=who, why=why, yes=yes)


def extend_command(
    context: typer.Context,
    due: Annotated[str, typer.Option("--due", metavar="YYYY-MM-DD", help="延期到")],
    ids: IdsArgument = None,
    site: SiteOption = None,
    check: CheckOption = None,
    unit: UnitOption = None,
    subject: SubjectOption = None,
    who: WhoOption = None,
    why: WhyOption = "",
    yes: YesOption = False,
) -> None:
    """延期。"""
    wanted = filter_of(site=site, check=check, unit=unit, subject=subject)
    step(context, ids, wanted, Action.EXTENDED, who=who, why=why, due=due, yes=yes)


def _plain_step(action: Action):  # type: ignore[no-untyped-def]
    """A command that needs nothing beside who and why."""

    def command(
        context: typer.Context,
        ids: IdsArgument = None,
        site: SiteOption = None,
        check: CheckOption = None,
        unit: UnitOption = None,
        state: StateOption = None,
        subject: SubjectOption = None,
        before: BeforeOption = None,
        overdue: OverdueOption = False,
        proposed: ProposedOption = False,
        who: WhoOption = None,
        why: WhyOption = "",
        yes: YesOption = False,
    ) -> None:
        wanted = filter_of(
            site=site,
            check=check,
            unit=unit,
            state=state,
            subject=subject,
            before=before,
            overdue=overdue,
            proposed=proposed,
        )
        step(context, ids, wanted, action, who=who, why=why, yes=yes)

    return command


def step(
    context: typer.Context,
    ids: list[str] | None,
    wanted: Filter,
    action: Action,
    *,
    who: str | None,
    why: str,
    due: str | None = None,
    assignee: str | None = None,
    yes: bool = False,
) -> None:
    """Take one step on the entries meant, and say where they stand now.

    Named entries must all allow it. Of those chosen by a filter, the ones that do not allow it are left out and
    counted. More than one needs --yes.
    """
    if not ids and wanted.empty:
        raise UsageError("请写事项编号，或用 --site、--check、--unit、--state 等选取")
    given = StepInput(who=who or getpass.getuser(), why=why, due=parse_day(due, "--due"), assignee=assignee or "")
    with app_of(context) as app:
        now = app.clock.now()
        meant = chosen(app.store.entries(), ids or [], wanted, Owners.of(app.store), today=local_day(now))
        can, cannot = (meant, []) if ids else able(meant, action)
        if not can:
            left = f"；选中的 {len(cannot)} 项现都不能{said(action)}" if cannot else ""
            stdout.print(f"没有可{said(action)}的事项{left}", markup=False)
            return
        if len(can) > 1 and not yes:
            raise UsageError(_ask(can, cannot, action))
        done = take_steps(app.store, app.standard, can, action, given, now=now, workdays=app.workdays)
    for entry in done if len(done) <= SHOWN else ():
        due_text = f"，期限 {entry.due}" if entry.due else ""
        stdout.print(f"{entry.id}：{said(action)}，现为“{entry.state}”{due_text}", markup=False)
    if len(done) > 1 or cannot:
        left = f"；另有 {len(cannot)} 项现不能{said(action)}，未动" if cannot else ""
        stdout.print(f"已{said(action)} {len(done)} 项{left}", markup=False)


def _ask(can: list[Entry], cannot: list[Entry], action: Action) -> str:
    """What would be done, for people to look at before they say --yes."""
    lines = [f"  {e.id} {e.subject} {e.text}" for e in can[:SHOWN]]
    if len(can) > SHOWN:
        lines.append(f"  ……等 {len(can)} 项")
    left = f"（另有 {len(cannot)} 项现不能{said(action)}）" if cannot else ""
    return "\n".join([f"将{said(action)} {len(can)} 项{left}，尚未执行；确认无误请加 --yes：", *lines])
