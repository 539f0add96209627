"""`xuncha`: the commands. Exit status 0: done, whatever was found; 1: it failed; 2: wrong usage or settings."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from typer import rich_utils

from monitor.commands import (
    accounts,
    alert,
    discover,
    ledger,
    papers,
    reading,
    registry,
    rounds,
    sample,
    service,
    source,
    standards,
    suspend,
)
from monitor.commands.context import GlobalOptions, parse_now
from monitor.commands.usage import NoArgsIsHelpError, UsageError, usage_message
from monitor.errors import XunchaError
from monitor.memory import collect_garbage_seldom
from monitor.output import stderr

rich_utils.OPTIONS_PANEL_TITLE = "选项"
rich_utils.ARGUMENTS_PANEL_TITLE = "参数"
rich_utils.COMMANDS_PANEL_TITLE = "命令"
rich_utils.DEFAULT_STRING = "[默认 {}]"
rich_utils.REQUIRED_LONG_STRING = "[必填]"

GLOBAL_OPTIONS = ("--settings", "--now")

cli = typer.Typer(
    help="巡查：政府网站与政务新媒体的监测、判定、整改台账与报告。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
for group in (registry, discover, rounds, reading, accounts, source, sample, papers, service, standards):
    group.register(cli)
cli.add_typer(ledger.cli, name="ledger")
cli.add_typer(alert.cli, name="alert")
cli.add_typer(suspend.cli, name="suspend")


@cli.callback()
def options(
    context: typer.Context,
    settings: Annotated[
        Path | None, typer.Option(metavar="FILE", help="设置文件，默认当前文件夹的 settings.toml")
    ] = None,
    now: Annotated[str | None, typer.Option(metavar="时间", help="以此刻（ISO 8601）为“现在”，使结果可以重现")] = None,
) -> None:
    context.obj = GlobalOptions(settings, parse_now(now))


@cli.command("version")
def show_version() -> None:
    """显示版本号。"""
    print(version("xuncha"))  # noqa: T201


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line. Our own errors are told in one message, without a traceback."""
    collect_garbage_seldom()
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    given = globals_first(sys.argv[1:] if arguments is None else arguments)
    try:
        sys.exit(cli(given, prog_name="xuncha", standalone_mode=False))
    except NoArgsIsHelpError as error:
        stderr.print(error.message, markup=False, soft_wrap=True)
        sys.exit(2)
    except UsageError as error:
        fail(usage_message(error), 2)
    except XunchaError as error:
        fail(str(error), error.exit_status)
    except (KeyboardInterrupt, typer.Abort):
        fail("已中断。已记录的事实都在，再次运行即可接着做", 130)


def fail(message: str, status: int) -> NoReturn:
    """Say what is wrong, in one message, and end."""
    stderr.print(f"错误：{message}", markup=False, soft_wrap=True)
    sys.exit(status)


def globals_first(arguments: Sequence[str]) -> list[str]:
    """The arguments with the global options at the front, so that they may stand after the command as well."""
    front: list[str] = []
    rest: list[str] = []
    waiting = iter(arguments)
    for argument in waiting:
        name, equals, _ = argument.partition("=")
        if argument == "--":
            rest += [argument, *waiting]
        elif name not in GLOBAL_OPTIONS:
            rest.append(argument)
        elif equals:
            front.append(argument)
        else:
            front += [argument, *([value] if (value := next(waiting, None)) is not None else [])]
    return front + rest


if __name__ == "__main__":
    main()
