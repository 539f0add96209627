"""The tables that name somebody: who failed and why, what was found, what was not tested, what is on the ledger."""

from __future__ import annotations

from collections.abc import Sequence

from checks.core.calendar import local_day
from reports.figures import grouped
from reports.paper import Grid, Head, grid
from reports.phrasing import day_text
from reports.problems import ProblemGroup, numbers_text
from reports.recheck import CarriedOver
from reports.rulings import Ruling
from reports.sections import Sections
from reports.wording import or_unnamed

PROBLEMS_SHOWN = 5

_NUMBER = Head("序号", 0.7, centred=True)


def unqualified(caption: str, rulings: Sequence[Ruling]) -> Grid | None:
    rows = [
        (
            str(number),
            ruling.subject.full_name,
            or_unnamed(ruling.subject.sponsor),
            or_unnamed(ruling.subject.region),
            "；".join(ruling.reasons),
            "；".join(ground.text for ground in ruling.grounds),
        )
        for number, ruling in enumerate(rulings, 1)
    ]
    heads = (
        _NUMBER,
        Head("名称", 2),
        Head("主办单位", 2),
        Head("地区", 1),
        Head("原因", 2.4),
        Head("问题清单序号", 2.2),
    )
    return grid(caption, heads, rows, sheet="结论")


def unjudged(caption: str, rulings: Sequence[Ruling]) -> Grid | None:
    rows = [
        (
            str(number),
            ruling.subject.full_name,
            or_unnamed(ruling.subject.sponsor),
            or_unnamed(ruling.subject.region),
            "；".join(ruling.reasons),
        )
        for number, ruling in enumerate(rulings, 1)
    ]
    heads = (_NUMBER, Head("名称", 2), Head("主办单位", 2), Head("地区", 1), Head("原因", 4))
    return grid(caption, heads, rows, sheet="结论")


def untested_checks(s: Sections) -> Grid | None:
    """Untested checks, one row for each reason that one subject's checks share."""
    groups = grouped(s.untested, lambda line: (line.subject.ref, line.scope, line.reason))
    rows = [
        (
            str(number),
            lines[0].subject.full_name,
            or_unnamed(lines[0].subject.sponsor),
            "、".join(line.title for line in lines),
            lines[0].scope,
            lines[0].reason,
        )
        for number, lines in enumerate(groups.values(), 1)
    ]
    heads = (
        _NUMBER,
        Head("网站（账号、栏目）", 2),
        Head("主办单位", 2),
        Head("检查项", 2),
        Head("范围", 0.8, centred=True),
        Head("原因", 4),
    )
    return grid("未检测的检查项", heads, rows, sheet="未检测", wide=True)


def problem_list(s: Sections) -> Grid | None:
    rows = [(*_problem_group(unit.unit, group),) for unit in s.units for group in unit.groups]
    heads = (
        Head("序号", 0.9, centred=True),
        Head("主办单位", 1.8),
        Head("网站（账号、栏目）", 2),
        Head("检查项", 1.3),
        Head("问题数", 0.7, centred=True),
        Head("问题", 5.6),
        Head("台账状态和期限", 1.4, centred=True),
    )
    return grid("问题清单", heads, rows, sheet="问题清单", wide=True)


def _problem_group(unit: str, group: ProblemGroup) -> tuple[str, ...]:
    shown = group.problems[:PROBLEMS_SHOWN]
    told = [f"{p.text}{f' {p.url}' if p.url else ''}" for p in shown]
    if len(shown) > 1:
        told = [f"{number}. {text}" for number, text in enumerate(told, 1)]
    if rest := len(group.problems) - len(shown):
        told.append(f"另有 {rest} 个，见同名工作簿“问题清单”表。")
    states = grouped(group.problems, lambda p: (p.state, p.due))
    standing = [
        f"{state or '未入台账'}{f'，{day_text(due)}前' if due else ''}{f' {len(of)} 个' if len(states) > 1 else ''}"
        for (state, due), of in states.items()
    ]
    return (
        numbers_text(p.number for p in group.problems).removeprefix("第 ").removesuffix(" 号"),
        unit,
        group.subject.full_name,
        group.title,
        str(len(group.problems)),
        "\n".join(told),
        "\n".join(standing),
    )


def score_list(rulings: Sequence[Ruling]) -> Grid | None:
    rows = [
        (
            str(number),
            ruling.subject.name,
            ruling.result.value,
            score_text(ruling.score),
            "\n".join(group.text for group in ruling.groups),
            "；".join(ruling.deductions),
            "；".join(ruling.bonuses),
            "；".join(ruling.reasons),
            "；".join(ground.text for ground in ruling.grounds),
        )
        for number, ruling in enumerate(rulings, 1)
    ]
    heads = (
        _NUMBER,
        Head("网站名称", 2),
        Head("结论", 0.8, centred=True),
        Head("得分", 0.7, centred=True),
        Head("各项得分", 1.6),
        Head("扣分", 2),
        Head("加分", 1.2),
        Head("原因", 2.6),
        Head("问题清单序号", 2),
    )
    return grid("政府网站得分情况", heads, rows, sheet="结论", wide=True)


def score_text(score: float | None) -> str:
    """``96.5``, or ``—`` where nothing was scored."""
    return "—" if score is None else f"{score:g}"


def carried_over(caption: str, lines: Sequence[CarriedOver]) -> Grid | None:
    rows = [
        (
            str(number),
            line.subject.full_name,
            or_unnamed(line.subject.sponsor),
            line.title,
            line.entry.text,
            line.entry.state.value,
            day_text(line.entry.due),
            "是" if line.late else "",
            line.entry.id,
        )
        for number, line in enumerate(lines, 1)
    ]
    heads = (
        _NUMBER,
        Head("网站（账号、栏目）", 2),
        Head("主办单位", 1.8),
        Head("检查项", 1.3),
        Head("问题", 4),
        Head("状态", 0.9, centred=True),
        Head("整改期限", 1.5, centred=True),
        Head("超期", 0.7, centred=True),
        Head("事项编号", 1.9, centred=True),
    )
    return grid(caption, heads, rows, sheet="整改台账", wide=True)


def ledger_list(s: Sections) -> Grid | None:
    """What is open, and what was settled within the period; all else is in the workbook."""
    first_day = s.window.first_day
    current = [row for row in s.ledger_rows if row.entry.open or local_day(row.entry.changed) >= first_day]
    rows = [
        (
            str(number),
            row.subject.full_name,
            or_unnamed(row.subject.sponsor),
            row.title,
            row.entry.text,
            day_text(row.entry.opened),
            row.notice,
            row.entry.state.value,
            day_text(row.entry.due),
            str(row.days_over or ""),
            row.entry.id,
        )
        for number, row in enumerate(current, 1)
    ]
    heads = (
        _NUMBER,
        Head("网站（账号、栏目）", 2),
        Head("主办单位", 1.8),
        Head("检查项", 1.2),
        Head("问题", 3.6),
        Head("发现时间", 1.5, centred=True),
        Head("通知单编号", 1.1, centred=True),
        Head("状态", 0.9, centred=True),
        Head("整改期限", 1.5, centred=True),
        Head("超期天数", 0.7, centred=True),
        Head("事项编号", 1.9, centred=True),
    )
    return grid("整改台账", heads, rows, sheet="整改台账", wide=True)
