"""整改通知单 as a paper."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from checks.core.calendar import local_day
from reports.figures import PLAIN_RATES
from reports.material import Imprint
from reports.paper import Grid, Head, Paper, grid
from reports.phrasing import day_text, phrase
from reports.rectification_notice import RectificationNotice

TITLE = "政府网站与政务新媒体问题限期整改通知单"


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
