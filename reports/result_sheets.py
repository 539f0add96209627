"""The sheets of the workbook that count and rule: by unit, region, level, platform, column; verdicts; indicators."""

from __future__ import annotations

from collections.abc import Iterable

from reports.figures import RateStyle
from reports.problems import UnitProblems
from reports.rulings import Basis, Ruling
from reports.sheets import Cell, Head, Table
from reports.tallies import ColumnTally, Tally
from reports.wording import UNNAMED, or_unnamed, said


def units_table(units: Iterable[UnitProblems]) -> Table:
    return Table(
        name="按单位",
        heads=(
            Head("序号", 6),
            Head("主办单位", 28),
            Head("对象类型", 9),
            Head("对象名称", 30),
            Head("检查项", 20),
            Head("问题数", 9),
        ),
        rows=tuple(
            (number, unit, group.subject.kind, group.subject.full_name, group.title, len(group.problems))
            for number, (unit, group) in enumerate(((u.unit, g) for u in units for g in u.groups), 1)
        ),
    )


def tallies_table(name: str, by: str, sites: Iterable[Tally], accounts: Iterable[Tally], rates: RateStyle) -> Table:
    heads = ("应检查", "已检查", "检查覆盖率", "已判定", "合格", "不合格", "未检测", "合格率")
    rows = [("网站", tally) for tally in sites] + [("新媒体", tally) for tally in accounts]
    return Table(
        name=name,
        heads=(Head("对象类型", 10), Head(by, 24), *(Head(head, 11) for head in heads)),
        rows=tuple(
            (
                kind,
                tally.name,
                tally.registered,
                tally.checked,
                rates.percent(tally.coverage),
                tally.judged,
                tally.qualified,
                tally.failed,
                tally.untested,
                rates.percent(tally.pass_rate),
            )
            for kind, tally in rows
        ),
        note="检查覆盖率＝已检查÷应检查；合格率＝合格÷已判定。",
    )


def columns_table(columns: tuple[ColumnTally, ...]) -> Table:
    titles = [title for title, _ in columns[0].problems] if columns else []
    return Table(
        name="栏目",
        heads=(
            Head("栏目类别", 14),
            *(Head(head, 11) for head in ("应检查", "已检查", "不适用", "未检测", "有问题")),
            *(Head(title, 16) for title in titles),
        ),
        rows=tuple(
            (
                tally.category,
                tally.registered,
                tally.checked,
                tally.exempt,
                tally.untested,
                tally.with_problems,
                *(count for _, count in tally.problems),
            )
            for tally in columns
        ),
        note="一个栏目可能有几种问题，各项之和可大于“有问题”的栏目数。",
    )


def indicators_table(basis: Basis) -> Table:
    return Table(
        name="检查指标",
        heads=(
            Head("编号", 14),
            Head("指标", 28),
            Head("性质", 10),
            Head("一级指标", 14),
            Head("方式", 8),
            Head("检查项", 30),
            Head("数量门槛", 9),
            Head("每处分值", 9),
            Head("分值上限", 9),
            Head("文件", 24),
            Head("条款", 24),
            Head("规定", 60),
            Head("已核对原文", 11),
        ),
        rows=tuple(
            (
                i.id,
                i.name,
                said(i.tier),
                i.group,
                "人工" if i.manual else "机器",
                "、".join(i.checks),
                i.at_least,
                i.points_each or None,
                i.cap or None,
                i.document,
                i.clause,
                i.threshold,
                "是" if i.verified else "否",
            )
            for i in basis.indicators
        ),
        note=f"{basis.title}（{basis.document}），版本 {basis.edition}。“已核对原文”为否的，引用前请先核对。",
    )


def rulings_table(rulings: Iterable[Ruling], *, scored: bool) -> Table:
    scores = (Head("得分", 8), Head("各项得分", 36), Head("扣分", 40), Head("加分", 24)) if scored else ()
    return Table(
        name="结论",
        heads=(
            Head("序号", 6),
            Head("对象类型", 9),
            Head("对象名称", 28),
            Head("平台", 11),
            Head("主办单位", 24),
            Head("地区", 14),
            Head("层级", 16),
            Head("结论", 9),
            Head("原因", 60),
            Head("问题清单序号", 40),
            Head("人工未核查", 30),
            *scores,
        ),
        rows=tuple(
            (
                number,
                ruling.subject.kind,
                ruling.subject.name,
                said(ruling.subject.platform) if ruling.subject.platform else "",
                or_unnamed(ruling.subject.sponsor),
                ruling.subject.region or UNNAMED,
                said(ruling.subject.level),
                ruling.result.value,
                "；".join(ruling.reasons),
                "；".join(ground.text for ground in ruling.grounds),
                "、".join(ruling.unanswered),
                *(
                    (
                        ruling.score,
                        "；".join(g.text for g in ruling.groups),
                        "；".join(ruling.deductions),
                        "；".join(ruling.bonuses),
                    )
                    if scored
                    else ()
                ),
            )
            for number, ruling in enumerate(rulings, 1)
        ),
    )


def _score_cells(ruling: Ruling) -> tuple[Cell, ...]:
    told = ([group.text for group in ruling.groups], ruling.deductions, ruling.bonuses)
    return (ruling.score, *("；".join(texts) for texts in told))
