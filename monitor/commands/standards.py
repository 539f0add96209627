"""The rulebooks: list, show, diff, check; the sheet for people, out and in; a past period under another edition."""

from __future__ import annotations

import getpass
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from checks import Account, ManualAnswer, PolicyRegister, PublicationCount, Site, all_checks
from checks.core.calendar import Period
from checks.core.indicators import Applies, Indicator, Standard, StandardError, Tier
from checks.core.limits import numbers
from checks.core.rulebook import editions
from checks.core.standard import load_standard
from monitor.answer_sheet import answer_sheet
from monitor.commands import tasks
from monitor.commands.context import FormatOption, SiteOption, app_of, readable
from monitor.commands.rounds import in_scope
from monitor.comparing import differences
from monitor.errors import UsageError
from monitor.handed_in import blank_counts, blank_register, read_handed_in
from monitor.output import Format, print_json, print_records, stdout
from monitor.rejudging import changed, rejudge
from monitor.reporting import write_files
from reports.sheets import to_xlsx
from reports.wording import said

cli = typer.Typer(help="检查标准：列出、查看、比较、校验；待填的表；任务进度；按另一标准复算。", no_args_is_help=True)
tasks.register(cli)

EditionArgument = Annotated[str, typer.Argument(metavar="标准", help="自带标准的名称，或一个 TOML 文件的路径")]

APPLIES = {
    Applies.SITE: "网站",
    Applies.PORTAL: "门户网站",
    Applies.DEPARTMENT: "部门网站",
    Applies.ACCOUNT: "政务新媒体",
    Applies.SUPERVISOR: "监管单位",
}


class SheetKind(StrEnum):
    """--kind"""

    ANSWERS = "answers"
    COUNTS = "counts"
    FILES = "files"


def register(parent: typer.Typer) -> None:
    parent.add_typer(cli, name="standards")


@cli.command("list")
def list_command(format: FormatOption = Format.TABLE) -> None:
    """列出自带的检查标准。"""
    records = [summary(read(name)) for name in editions()]
    columns = {
        "edition": "标准",
        "title": "名称",
        "document": "公文",
        "extends": "继承自",
        "indicators": "指标",
        "unverified": "未核对原文",
        "manual": "人工核查",
    }
    print_records(records, columns, format=format)


@cli.command("show")
def show_command(
    edition: EditionArgument,
    tier: Annotated[Tier | None, typer.Option(help="只看这种性质的指标")] = None,
    format: FormatOption = Format.TABLE,
) -> None:
    """一个检查标准的全部指标：公文、条款、门槛、分值、适用范围、是否核对过原文。"""
    standard = read(edition)
    rows = [indicator_record(i) for i in standard.indicators if tier is None or i.tier is tier]
    if format is Format.JSON:
        print_json({**summary(standard), **rules(standard), "list": rows})
        return
    if format is Format.TABLE:
        rows = [shown(row) for row in rows]
    columns = {"id": "编号", "name": "名称", "tier": "性质", "points": "计数、分值", "threshold": "门槛与依据"}
    fields = tuple(rows[0]) if rows else tuple(columns)
    print_records(rows, columns, format=format, title=f"{standard.title}（{standard.edition}）", fields=fields)
    if format is Format.TABLE:
        for name, value in rules(standard).items():
            stdout.print(f"{name} = {value}", markup=False, soft_wrap=True)


@cli.command("diff")
def diff_command(old: EditionArgument, new: EditionArgument, format: FormatOption = Format.TABLE) -> None:
    """两个检查标准的不同之处，逐项列出。"""
    records = [
        {"place": d.place, "old": d.old, "new": d.new} for d in differences(rulebook(read(old)), rulebook(read(new)))
    ]
    print_records(records, {"place": "项目", "old": old, "new": new}, format=format)


@cli.command("check")
def check_command(edition: EditionArgument) -> None:
    """校验一个检查标准；有误时逐条指出文件和位置。"""
    standard = read(edition)
    told = summary(standard)
    stdout.print(
        f"{standard.edition}：可用。指标 {told['indicators']} 项，其中人工核查 {told['manual']} 项、"
        f"未核对原文 {told['unverified']} 项",
        markup=False,
        soft_wrap=True,
    )


@cli.command("sheet")
def sheet_command(
    context: typer.Context,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="写到这个 XLSX 文件")] = Path("待填表.xlsx"),
    site: SiteOption = None,
    kind: Annotated[SheetKind, typer.Option("--kind", help="哪一种表")] = SheetKind.ANSWERS,
) -> None:
    """导出待填的表，填好后用 standards fill 读入。

    answers 人工核查表（机器不能检测的指标，每个对象一项一行）；counts 年度公开数量表；files 主动公开文件台账。
    """
    if out.suffix.lower() != ".xlsx":
        raise UsageError(f"--out 应为 .xlsx 文件，现为 {out}")
    with app_of(context) as app:
        match kind:
            case SheetKind.ANSWERS:
                table = answer_sheet(app.standard, judged(app.store, site or []))
            case SheetKind.COUNTS:
                table = blank_counts()
            case SheetKind.FILES:
                table = blank_register()
        content = to_xlsx([table], now=app.clock.now(), title=table.name)
    for path in write_files(out.parent, [(out.name, content)]):
        stdout.print(str(path), markup=False, soft_wrap=True)


@cli.command("fill")
def fill_command(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="填好的表，XLSX 或 CSV，种类由表头认出")],
    who: Annotated[str | None, typer.Option("--who", help="核查人、填报人，默认为当前系统用户")] = None,
) -> None:
    """读入填好的人工核查表、公开数量表、主动公开文件台账，记为填报人的事实（manual:姓名）；其后的 inspect 据此判定。"""
    with app_of(context) as app:
        subjects = judged(app.store, [])
        facts = read_handed_in(files, app.standard, subjects, who=who or getpass.getuser(), at=app.clock.now())
        app.store.record(facts)
    answers = sum(isinstance(f, ManualAnswer) for f in facts)
    counts = sum(isinstance(f, PublicationCount) for f in facts)
    documents = sum(len(f.files) for f in facts if isinstance(f, PolicyRegister))
    stdout.print(
        f"已读入核查结论 {answers} 项、公开数量 {counts} 项、文件 {documents} 件。下一步：xuncha inspect", markup=False
    )


@cli.command("rejudge")
def rejudge_command(
    context: typer.Context,
    period: Annotated[str, typer.Argument(metavar="2026Q3", help="季度或半年")],
    edition: Annotated[str, typer.Option("--edition", metavar="标准", help="按这个检查标准复算")],
    every: Annotated[bool, typer.Option("--all", help="也列出结论不变的")] = False,
    format: FormatOption = Format.TABLE,
) -> None:
    """用当时的事实按另一检查标准复算一个周期，与原结论并列；不改动任何记录。"""
    wanted = readable(Period.parse, period)
    other = read(edition)
    with app_of(context) as app:
        result = rejudge(app.store, app.standard, other, list(all_checks().values()), period=wanted)
    rows = [
        {
            "subject": str(r.subject),
            "name": r.name,
            "given": r.given.result if r.given else None,
            "given_score": r.given.score if r.given else None,
            "again": r.again.result,
            "again_score": r.again.score,
            "reasons": "；".join(r.again.reasons),
        }
        for r in (result.verdicts if every else changed(result))
    ]
    columns = {
        "subject": "对象",
        "name": "名称",
        "given": f"原判定按 {app.standard.edition}",
        "given_score": "得分",
        "again": f"复算按 {other.edition}",
        "again_score": "得分",
        "reasons": "复算理由",
    }
    print_records(rows, columns, format=format, title=f"{wanted.title}按 {other.edition} 复算", fields=tuple(columns))
    if format is Format.TABLE:
        stdout.print(f"共复算 {len(result.verdicts)} 个对象，结论或得分改变 {len(changed(result))} 个", markup=False)


def read(name_or_path: str) -> Standard:
    """An edition. Raises ``UsageError`` with every fault."""
    try:
        return load_standard(name_or_path)
    except StandardError as error:
        raise UsageError(str(error)) from None


def judged(store: Any, sites: list[str]) -> list[Site | Account]:
    """The sites and accounts on which people answer: all, or these sites."""
    return [s for s in in_scope(store.subjects(), sites) if isinstance(s, Site | Account)]


def summary(standard: Standard) -> dict[str, Any]:
    return {
        "edition": standard.edition,
        "title": standard.title,
        "document": standard.document,
        "extends": standard.lineage[0] if standard.lineage else "",
        "indicators": len(standard.indicators),
        "unverified": sum(not i.verified for i in standard.indicators),
        "manual": sum(i.manual for i in standard.indicators),
    }


def rules(standard: Standard) -> dict[str, Any]:
    """What an edition says besides its indicators."""
    return {
        "draw_rates": dict(standard.draw_rates),
        "rectification": asdict(standard.rectification),
        "score": asdict(standard.score),
        "calendar": {item.id: asdict(item) for item in standard.calendar},
        "limits": {check: numbers(limits) for check, limits in standard.limits.items()},
    }


def rulebook(standard: Standard) -> dict[str, Any]:
    """The whole of an edition as plain values, indicators by id."""
    names = {"title": standard.title, "document": standard.document}
    return {**names, **rules(standard), "indicators": {i.id: indicator_record(i) for i in standard.indicators}}


def indicator_record(indicator: Indicator) -> dict[str, Any]:
    return asdict(indicator) | {"checks": list(indicator.checks), "due": indicator.due and indicator.due.isoformat()}


def shown(row: dict[str, Any]) -> dict[str, Any]:
    """An indicator's record for people."""
    points = f"每项 {row['points_each']:g}，至多 {row['cap']:g}" if row["cap"] else ""
    if row["at_least"] > 1:
        points = f"达到 {row['at_least']} 个"
    due = f"（{row['due']} 前）" if row["due"] else ""
    how = "、".join(row["checks"]) or "人工核查"
    verified = "" if row["verified"] else "（未核对原文）"
    return row | {
        "tier": f"{APPLIES[row['applies']]} {said(row['tier'])}",
        "points": points,
        "threshold": f"{row['threshold']}{due}\n{row['document']} {row['clause']}{verified}；{how}",
    }
