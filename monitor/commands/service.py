"""The service and what keeps it fit: run, doctor, maintain."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Annotated

import typer

from monitor.clock import FixedClock
from monitor.commands.context import FormatOption, GlobalOptions, app_of
from monitor.errors import UsageError
from monitor.output import Format, print_records, stderr, stdout
from monitor.serving import only_one, serve
from monitor.store.copies import put_back
from monitor.upkeep import Upkeep

maintain = typer.Typer(help="数据库的备份、恢复、精简和压缩。", no_args_is_help=True)


def register(cli: typer.Typer) -> None:
    cli.command("run")(run_command)
    cli.command("doctor")(doctor_command)
    cli.add_typer(maintain, name="maintain")


def run_command(context: typer.Context) -> None:
    """服务：按节奏监测、判定、告警、出具报告，直到收到结束信号（Ctrl+C 或 SIGTERM）。"""
    options: GlobalOptions = context.obj
    if isinstance(options.clock, FixedClock):
        raise UsageError("run 是长期运行的服务，不能与 --now 同用")
    logging.getLogger().setLevel(logging.INFO)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    with app_of(context) as app:
        asyncio.run(serve(app))


def doctor_command(context: typer.Context, format: FormatOption = Format.TABLE) -> None:
    """检查设置、数据库、时钟、域名解析、网络、字体、告警通道、磁盘和服务，逐项给出处理办法。"""
    from monitor.doctor import examine

    with app_of(context) as app:
        records = [
            {"area": each.area, "state": each.state.value, "text": each.text, "remedy": each.remedy}
            for each in asyncio.run(examine(app))
        ]
    columns = {"area": "项目", "state": "状况", "text": "说明", "remedy": "处理办法"}
    print_records(records, columns, format=format, fields=tuple(columns))


@maintain.command("backup")
def backup_command(
    context: typer.Context,
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="备份文件；不写则按 [service] backups")] = None,
) -> None:
    """在线备份 SQLite 数据库，并打开备份核验。服务可以照常运行。"""
    with app_of(context) as app:
        if file is None:
            if not app.settings.service.backups:
                raise UsageError("请写明备份文件，或在 [service] backups 里设定备份文件夹")
            file = Upkeep(app).back_up_daily()
        else:
            app.store.keeping.back_up(file)
    stdout.print(f"已备份到 {file}，核验通过", markup=False, soft_wrap=True)


@maintain.command("restore")
def restore_command(
    context: typer.Context, file: Annotated[Path, typer.Argument(metavar="FILE", help="备份文件")]
) -> None:
    """从备份恢复（先停止服务）。原来的数据库改名保留。"""
    with app_of(context) as app, only_one(app.lock_file):
        path = app.database_url.removeprefix("sqlite:///")
        if path == app.database_url:
            raise UsageError("PostgreSQL 数据库请用 pg_restore 恢复；本命令只用于 SQLite")
        kept = put_back(file, Path(path))
    stdout.print(f"已从 {file} 恢复", markup=False, soft_wrap=True)
    if kept is not None:
        stderr.print(f"原来的数据库保留为 {kept}，确认无误后可以删除", markup=False, soft_wrap=True)


@maintain.command("thin")
def thin_command(context: typer.Context) -> None:
    """按 [retention] 精简：旧的逐次访问转为统计，未变的读数去重，过期的事实删除；被引用的保留。"""
    with app_of(context) as app:
        gone = Upkeep(app).thin()
    stdout.print(f"已精简 {gone} 条事实。腾出的空间会被重复利用；要还给磁盘，运行 xuncha maintain vacuum", markup=False)


@maintain.command("vacuum")
def vacuum_command(context: typer.Context) -> None:
    """压缩 SQLite 数据库文件（先停止服务，需要与数据库一样大的空闲磁盘）。"""
    with app_of(context) as app, only_one(app.lock_file):
        before, after = app.store.keeping.vacuum()
    stdout.print(f"{before / 1e6:.1f} MB → {after / 1e6:.1f} MB", markup=False)
