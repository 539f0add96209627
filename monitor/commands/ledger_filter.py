"""The options by which entries of the ledger are chosen, the same for listing and for taking steps."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from checks import all_checks
from checks.core.calendar import Period
from checks.core.ledger import State
from monitor.choosing import Filter
from monitor.commands.context import readable
from monitor.errors import UsageError

SiteOption = Annotated[
    list[str] | None, typer.Option("--site", metavar="ID", help="只选这些网站（标识码）及其栏目，可重复")
]
CheckOption = Annotated[list[str] | None, typer.Option("--check", metavar="ID", help="只选这些检查项，可重复")]
UnitOption = Annotated[
    list[str] | None, typer.Option("--unit", metavar="单位", help="只选这些主办、主管或责任单位的，可重复")
]
StateOption = Annotated[list[State] | None, typer.Option("--state", help="只选这些状态的，可重复")]
SubjectOption = Annotated[list[str] | None, typer.Option("--subject", metavar="对象", help="只选这些对象的，可重复")]
BeforeOption = Annotated[
    str | None, typer.Option("--before", metavar="2026-10-01", help="只选此日（或此周期首日，如 2026Q4）以前发现的")
]
UnfinishedOption = Annotated[bool, typer.Option("--unfinished", help="只选未销号、未不予认定的")]
OverdueOption = Annotated[bool, typer.Option("--overdue", help="只选整改中且已超期的")]
ProposedOption = Annotated[bool, typer.Option("--proposed", help="只选复查通过、建议销号的")]


def filter_of(
    *,
    site: list[str] | None = None,
    check: list[str] | None = None,
    unit: list[str] | None = None,
    state: list[State] | None = None,
    subject: list[str] | None = None,
    before: str | None = None,
    unfinished: bool = False,
    overdue: bool = False,
    proposed: bool = False,
) -> Filter:
    """The filter of the options. Raises ``UsageError`` for a check that is not there or a day that is none."""
    if unknown := sorted(set(check or ()) - set(all_checks())):
        raise UsageError(f"没有检查项 {'、'.join(unknown)}。可用的有：{'、'.join(all_checks())}")
    return Filter(
        sites=tuple(site or ()),
        checks=tuple(check or ()),
        units=tuple(unit or ()),
        states=tuple(state or ()),
        subjects=tuple(subject or ()),
        before=_day(before) if before else None,
        unfinished=unfinished,
        overdue=overdue,
        proposed=proposed,
    )


def _day(text: str) -> date:
    if "Q" in text.upper() or "H" in text.upper():
        return readable(Period.parse, text).first_day
    return readable(date.fromisoformat, text, f"--before 的“{text}”不是日期或周期，例如 2026-10-01 或 2026Q4")
