"""整改通知单: what one unit has to put right by when, as a value and as a paper. It issues no number."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from checks.core.calendar import local_day
from reports.figures import PLAIN_RATES
from reports.material import Imprint
from reports.paper import Grid, Head, Paper, grid
from reports.phrasing import day_text, phrase

TITLE = "政府网站与政务新媒体问题限期整改通知单"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeLine:
    """One problem on a notice, as it stood when the notice was issued. ``assigned`` tells which 交办 it is of."""

    entry: str
    assigned: datetime
    subject: str
    title: str
    text: str
    url: str = ""
    due: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RectificationNotice:
    """A notice as issued: the ``number``-th of its ``year``."""

    year: int
    number: int
    unit: str
    at: datetime
    who: str
    lines: tuple[NoticeLine, ...]

    @property
    def due(self) -> date | None:
        """The earliest day by which something has to be put right."""
        return min((line.due for line in self.lines if line.due), default=None)

    @property
    def one_due(self) -> bool:
        """Whether all problems have the same day."""
        return len({line.due for line in self.lines}) == 1


def notice_paper(notice: RectificationNotice, *, imprint: Imprint, number: str, templates: Path | None = None) -> Paper:
    """The paper to the unit; ``number`` is the number as the office writes it.

    Raises ``WordingError`` for a template with a fault in it.
    """
    said = phrase(
        "notice.txt",
        {"n": notice, "imprint": imprint},
        tables={"lines": lambda: _lines(notice), "feedback": lambda: _feedback(notice)},
        charts={},
        rates=PLAIN_RATES,
        folder=templates,
    )
    return Paper(
        title=TITLE,
        imprint=Imprint(issuer=imprint.issuer, recipients=notice.unit, number=number, contact=imprint.contact),
        window="",
        day=local_day(notice.at),
        blocks=said.blocks,
        annexes=said.annexes,
    )


def _lines(notice: RectificationNotice) -> Grid | None:
    rows = [
        (
            str(number),
            line.subject,
            line.title,
            f"{line.text} {line.url}".strip(),
            day_text(line.due),
            line.entry,
        )
        for number, line in enumerate(notice.lines, 1)
    ]
    heads = (
        Head("序号", 0.7, centred=True),
        Head("网站（账号、栏目）", 2),
        Head("检查项", 1.3),
        Head("问题", 5),
        Head("整改期限", 1.5, centred=True),
        Head("事项编号", 1.9, centred=True),
    )
    return grid("问题清单", heads, rows, sheet="整改台账", wide=True, whole=True)


def _feedback(notice: RectificationNotice) -> Grid | None:
    rows = [(str(number), line.subject, line.title, "", "", "") for number, line in enumerate(notice.lines, 1)]
    heads = (
        Head("序号", 0.7, centred=True),
        Head("网站（账号、栏目）", 2),
        Head("检查项", 1.3),
        Head("原因和整改措施", 4),
        Head("完成时间", 1.3, centred=True),
        Head("责任人和电话", 1.6, centred=True),
    )
    form = grid("整改情况反馈表", heads, rows, sheet="整改台账", wide=True, whole=True)
    return replace(form, roomy=True) if form else None
