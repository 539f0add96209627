"""The papers: report quarter, half-year, notice, notices, templates."""

from __future__ import annotations

import getpass
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from checks.core.calendar import PeriodKind
from monitor.app import App
from monitor.commands.context import FormatOption, app_of
from monitor.commands.rounds import period_of
from monitor.errors import UsageError
from monitor.issuing import issue, issued, waiting, write_notice
from monitor.output import Format, print_records, stderr, stdout
from monitor.reporting import chart_font, gather, write_files, write_report, written_number
from reports.phrasing import TEMPLATES

OutOption = Annotated[Path, typer.Option("--out", metavar="DIR", help="写到这个文件夹")]
NumberOption = Annotated[str | None, typer.Option("--number", help="本件的发文字号，默认取设置中的 report.number")]

NOTICE_COLUMNS = {
    "number": "编号",
    "written": "文号",
    "unit": "单位",
    "at": "发出时间",
    "who": "经办",
    "due": "最早期限",
    "entries": "问题数",
}

report = typer.Typer(help="出具季度通报、半年检查报告、整改通知单。", no_args_is_help=True)


def register(cli: typer.Typer) -> None:
    cli.add_typer(report, name="report")


@report.command("quarter")
def quarter_command(
    context: typer.Context,
    period: Annotated[str, typer.Argument(metavar="2026Q4", help="季度")],
    out: OutOption = Path("reports-out"),
    number: NumberOption = None,
) -> None:
    """季度通报（DOCX、HTML 和 XLSX）。"""
    write(context, period, PeriodKind.QUARTER, out, number)


@report.command("half-year")
def half_year_command(
    context: typer.Context,
    period: Annotated[str, typer.Argument(metavar="2026H2", help="半年")],
    out: OutOption = Path("reports-out"),
    number: NumberOption = None,
) -> None:
    """半年检查报告（DOCX、HTML 和 XLSX）。"""
    write(context, period, PeriodKind.HALF_YEAR, out, number)


@report.command("notice")
def notice_command(
    context: typer.Context,
    unit: Annotated[list[str] | None, typer.Argument(metavar="单位", help="主办单位或责任单位，可写几个")] = None,
    all_units: Annotated[bool, typer.Option("--all", help="给每个有新交办问题的单位各发一份")] = False,
    again: Annotated[str | None, typer.Option("--again", metavar="2026-3", help="重新打印已发的这一份")] = None,
    who: Annotated[str | None, typer.Option("--who", help="经办人，默认为当前系统用户")] = None,
    out: OutOption = Path("reports-out"),
) -> None:
    """整改通知单（DOCX）：把已交办、还没有通知的问题按单位各发一份，按年编号；同一个问题不重复通知。"""
    if sum((bool(unit), all_units, again is not None)) != 1:
        raise UsageError("请写明单位，或用 --all，或用 --again 年份-顺序号，三者选一")
    with app_of(context) as app:
        templates = templates_of(app)
        if again is not None:
            notices = [issued(app.store, again)]
        else:
            notices = []
            units = sorted(waiting(app.store)) if all_units else unit or []
            for name in units:
                notice = issue(app.store, name, now=app.clock.now(), who=who or getpass.getuser())
                if notice is None:
                    stderr.print(f"{name}：没有已交办而未通知的问题，不发通知单", markup=False)
                else:
                    notices.append(notice)
        paths = [
            path
            for notice in notices
            for path in write_notice(notice, out, settings=app.settings.report, templates=templates)
        ]
    tell(paths)


@report.command("notices")
def notices_command(context: typer.Context, format: FormatOption = Format.TABLE) -> None:
    """已发的整改通知单。"""
    with app_of(context) as app:
        records = [
            {
                "number": f"{notice.year}-{notice.number}",
                "written": written_number(notice.year, notice.number, app.settings.report),
                "unit": notice.unit,
                "at": notice.at,
                "who": notice.who,
                "due": notice.due,
                "entries": [line.entry for line in notice.lines] if format is Format.JSON else len(notice.lines),
            }
            for notice in app.store.rectification_notices()
        ]
    print_records(records, NOTICE_COLUMNS, format=format)


@report.command("templates")
def templates_command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="写到这个文件夹")] = Path("templates"),
) -> None:
    """取得文字模板的原样，供修改（改好后在设置中写 report.templates）；已有的同名文件不动。"""
    wordings = [(path.name, path.read_bytes()) for path in sorted(TEMPLATES.glob("*.txt"))]
    new = [(name, content) for name, content in wordings if not (folder / name).exists()]
    tell(write_files(folder, new))
    if kept := len(wordings) - len(new):
        stderr.print(f"{kept} 个同名文件已存在，没有改动", markup=False)


def write(context: typer.Context, text: str, kind: PeriodKind, out: Path, number: str | None) -> None:
    """Gather, write, and say where."""
    period = period_of(text, kind)
    with app_of(context) as app:
        settings = app.settings.report
        font = chart_font(settings, app.folder)
        if font is None:
            stderr.print("本机没有中文字体，DOCX 中的图略去（HTML 不受影响）。装一种中文字体后重新出具", markup=False)
        material = gather(app.store, app.standard, period, now=app.clock.now(), settings=settings)
        templates = templates_of(app)
    if number is not None:
        material = replace(material, imprint=replace(material.imprint, number=number))
    tell(write_report(material, out, templates=templates, font=font))


def templates_of(app: App) -> Path | None:
    """The centre's own wordings. Raises ``UsageError`` where the settings name a folder that is not there."""
    folder = app.settings.report.templates_in(app.folder)
    if folder is not None and not folder.is_dir():
        raise UsageError(f"report.templates：没有文件夹 {folder}。先用 xuncha report templates {folder} 取得原样")
    return folder


def tell(paths: list[Path]) -> None:
    for path in paths:
        stdout.print(str(path), markup=False, soft_wrap=True)
