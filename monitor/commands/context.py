"""What every command starts from: the global options, and Chinese errors for arguments that cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from checks import Ref
from checks.core.calendar import SHANGHAI
from monitor.app import App, open_app
from monitor.clock import Clock, FixedClock, SystemClock
from monitor.errors import UsageError
from monitor.output import Format

FormatOption = Annotated[Format, typer.Option("--format", help="输出格式：table 表格，json，csv")]
SiteOption = Annotated[list[str] | None, typer.Option("--site", metavar="ID", help="只看这些网站（标识码），可重复")]
CheckOption = Annotated[list[str] | None, typer.Option("--check", metavar="ID", help="只看这些检查项，可重复")]

T = TypeVar("T")


@dataclass(frozen=True)
class GlobalOptions:
    """--settings and --now."""

    settings: Path | None = None
    now: datetime | None = None

    @property
    def clock(self) -> Clock:
        return FixedClock(self.now) if self.now else SystemClock()


@contextmanager
def app_of(context: typer.Context) -> Iterator[App]:
    """The app that the global options name, closed at the end of the block."""
    options: GlobalOptions = context.obj
    with open_app(options.settings, options.clock) as app:
        yield app


def parse_now(text: str | None) -> datetime | None:
    """--now: ISO 8601; without an offset it is Beijing time."""
    if text is None:
        return None
    at = readable(datetime.fromisoformat, text, f"--now 的“{text}”不是 ISO 8601 时间，例如 2026-11-24T09:00:00+08:00")
    return at if at.tzinfo else at.replace(tzinfo=SHANGHAI)


def parse_day(text: str | None, option: str) -> date | None:
    """A day as YYYY-MM-DD, or nothing."""
    if text is None:
        return None
    return readable(date.fromisoformat, text, f"{option} 的“{text}”不是日期，例如 2026-12-04")


def parse_ref(text: str) -> Ref:
    """A subject as it is written."""
    return readable(Ref.parse, text)


def readable(parse: Callable[[str], T], text: str, message: str = "") -> T:
    """What ``parse`` makes of ``text``. Raises ``UsageError`` where it cannot."""
    try:
        return parse(text)
    except ValueError as error:
        raise UsageError(message or str(error)) from None
