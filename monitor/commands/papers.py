"""The papers: report quarter, report half-year."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from checks.core.calendar import PeriodKind
from monitor.commands.context import app_of
from monitor.commands.rounds import period_of
from monitor.output import stdout
from monitor.reporting import gather, write_report

OutOption = Annotated[Path, typer.Option("--out", metavar="DIR", help="写到这个文件夹")]

report = typer.Typer(help="出具季度通报、半年检查报告（HTML 和 XLSX）。", no_args_is_help=True)


def register(cli: typer.Typer) -> None:
    cli.add_typer(report, name="report")


@report.command("quarter")
def quarter_command(
    context: typer.Context,
    period: Annotated[str, typer.Argument(metavar="2026Q4", help="季度")],
    out: OutOption = Path("reports-out"),
) -> None:
    """季度通报。"""
    write(context, period, PeriodKind.QUARTER, out)


@report.command("half-year")
def half_year_command(
    context: typer.Context,
    period: Annotated[str, typer.Argument(metavar="2026H2", help="半年")],
    out: OutOption = Path("reports-out"),
) -> None:
    """半年检查报告。"""
    write(context, period, PeriodKind.HALF_YEAR, out)


def write(context: typer.Context, text: str, kind: PeriodKind, out: Path) -> None:
    """Gather, write, and say where."""
    period = period_of(text, kind)
    with app_of(context) as app:
        material = gather(app.store, app.standard, period, now=app.clock.now())
    for path in write_report(material, out):
        stdout.print(str(path), markup=False, soft_wrap=True)
