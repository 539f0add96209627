"""The papers' annex as a workbook: every figure and every line behind it, a sheet each."""

from __future__ import annotations

from collections.abc import Iterable

from reports.bulletin import QuarterBulletin
from reports.inspection import HalfYearReport
from reports.ledger import ledger_table
from reports.problems import Problem, Untested
from reports.recheck import Recheck
from reports.result_sheets import (
    columns_table,
    indicators_table,
    rulings_table,
    tallies_table,
    units_table,
)
from reports.sheets import Cell, Head, Table, to_xlsx
from reports.summary import summary
from reports.wording import or_unnamed, said

_EVIDENCE_SHOWN = 20


def workbook(report: QuarterBulletin | HalfYearReport) -> bytes:
    """The annex workbook of a paper. The same paper gives the same bytes."""
    parts = report.sections
    tables = [
        summary(report.title, parts),
        _problems(
            "问题清单",
            parts.problems,
            "自动监测发现的问题，经核实后认定；“台账状态”为截至统计时的状态。"
            "每条的事实可查：xuncha explain 检查项编号 对象；每项的经过可查：xuncha ledger show 事项编号。",
        ),
        _untested(parts.untested),
        units_table(parts.units),
        tallies_table("按地区", "地区", parts.sites_by_region, parts.accounts_by_region, parts.rates),
        tallies_table("按层级", "层级", parts.sites_by_level, parts.accounts_by_level, parts.rates),
        tallies_table("按平台", "平台", (), parts.accounts_by_platform, parts.rates),
        columns_table(parts.columns),
        rulings_table(parts.rulings, scored=isinstance(report, HalfYearReport)),
        _problems("预警", parts.warnings, "预警只作提醒，不计入不合格，不进入整改台账。"),
        _rechecked(parts.recheck),
        ledger_table(parts.ledger_rows),
        indicators_table(parts.basis),
        *([parts.ipv6_parts] if parts.ipv6_parts is not None else []),
    ]
    return to_xlsx(tables, now=parts.window.cut_off, title=report.title)


def _problems(name: str, problems: Iterable[Problem], note: str) -> Table:
    return Table(
        name=name,
        heads=(
            Head("序号", 6),
            Head("主办单位", 22),
            Head("地区", 14),
            Head("层级", 16),
            Head("对象类型", 9),
            Head("对象名称", 24),
            Head("平台", 11),
            Head("标识码/账号ID", 18),
            Head("检查项", 16),
            Head("检查项编号", 20),
            Head("问题描述", 50),
            Head("页面地址", 40),
            Head("问题地址或标识", 40),
            Head("访问结果", 16),
            Head("状态码", 8),
            Head("整改建议", 30),
            Head("事项编号", 19),
            Head("首次入账", 17),
            Head("台账状态", 10),
            Head("整改期限", 12),
            Head("证据编号", 18),
            Head("对象", 30),
        ),
        rows=tuple(_problem_row(problem.number, problem) for problem in problems),
        note=note,
        links=frozenset({11, 12}),
    )


def _problem_row(number: int, problem: Problem) -> tuple[Cell, ...]:
    subject = problem.subject
    return (
        number,
        or_unnamed(subject.sponsor),
        or_unnamed(subject.region),
        said(subject.level),
        subject.kind,
        subject.name,
        said(subject.platform) if subject.platform else "",
        subject.number,
        problem.title,
        problem.check,
        problem.text,
        problem.url,
        problem.key,
        problem.outcome,
        problem.status_code,
        problem.advice,
        problem.entry,
        problem.opened,
        problem.state,
        problem.due,
        evidence_text(problem.evidence),
        str(subject.ref),
    )


def evidence_text(ids: tuple[int, ...]) -> str:
    """The numbers of the observations; beyond twenty, how many there are."""
    shown = "、".join(str(id_) for id_ in ids[:_EVIDENCE_SHOWN])
    return shown if len(ids) <= _EVIDENCE_SHOWN else f"{shown} 等 {len(ids)} 条"


def _untested(lines: Iterable[Untested]) -> Table:
    return Table(
        name="未检测",
        heads=(
            Head("序号", 6),
            Head("主办单位", 22),
            Head("地区", 14),
            Head("对象类型", 9),
            Head("对象名称", 28),
            Head("平台", 11),
            Head("检查项", 18),
            Head("范围", 10),
            Head("原因", 60),
            Head("对象", 30),
        ),
        rows=tuple(
            (
                number,
                or_unnamed(line.subject.sponsor),
                or_unnamed(line.subject.region),
                line.subject.kind,
                line.subject.name,
                said(line.subject.platform) if line.subject.platform else "",
                line.title,
                line.scope,
                line.reason,
                str(line.subject.ref),
            )
            for number, line in enumerate(lines, 1)
        ),
        note="未检测不是不合格，也不是合格：不计入合格率的分子和分母。",
    )


def _rechecked(recheck: Recheck) -> Table:
    lines = [("上期结转", line) for line in recheck.carried] + [("本期复现", line) for line in recheck.recurred]
    return Table(
        name="上期问题",
        heads=(
            Head("序号", 6),
            Head("来源", 10),
            Head("主办单位", 22),
            Head("对象名称", 28),
            Head("检查项", 18),
            Head("问题描述", 50),
            Head("状态", 10),
            Head("整改期限", 12),
            Head("超期", 8),
            Head("事项编号", 19),
        ),
        rows=tuple(
            (
                number,
                source,
                or_unnamed(line.subject.sponsor),
                line.subject.full_name,
                line.title,
                line.entry.text,
                line.entry.state.value,
                line.entry.due,
                "是" if line.late else "",
                line.entry.id,
            )
            for number, (source, line) in enumerate(lines, 1)
        ),
        note="本期开始时未销号的事项和本期复现的事项，状态截至统计时。",
    )
