"""The papers' annex as a workbook: every figure and every line behind it, a sheet each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reports.bulletin import QuarterBulletin
from reports.figures import Rate
from reports.inspection import HalfYearReport
from reports.problems import Problem, UnitProblems, Untested
from reports.sections import Ruling, Sections
from reports.sheets import Cell, Head, Table, to_xlsx
from reports.tallies import ColumnTally, Tally
from reports.wording import UNNAMED, or_unnamed, said

_EVIDENCE_SHOWN = 20


def workbook(report: QuarterBulletin | HalfYearReport) -> bytes:
    """The annex workbook of a paper. The same paper gives the same bytes."""
    parts = report.sections
    tables = [
        _summary(report.title, parts),
        _problems("问题清单", parts.problems, "自动监测发现的问题，经核实后认定；“台账状态”为截至统计时的状态。"),
        _untested(parts.untested),
        _by_unit(parts.units),
        _tallies("按地区", "地区", parts.sites_by_region, parts.accounts_by_region),
        _tallies("按层级", "层级", parts.sites_by_level, parts.accounts_by_level),
        _tallies("按平台", "平台", (), parts.accounts_by_platform),
        _columns(parts.columns),
        _rulings(parts.rulings, scored=isinstance(report, HalfYearReport)),
        _problems("预警", parts.warnings, "预警只作提醒，不计入不合格，不进入整改台账。"),
    ]
    return to_xlsx(tables, now=parts.window.cut_off, title=report.title)


def _summary(title: str, parts: Sections) -> Table:
    return Table(
        name="总体情况",
        heads=(Head("项目", 34), Head("数值", 16), Head("分子", 10), Head("分母", 10), Head("说明", 60)),
        rows=tuple(_summary_rows(parts)),
        note=title,
    )


def _summary_rows(parts: Sections) -> Iterator[tuple[Cell, ...]]:
    basis, window, ledger = parts.basis, parts.window, parts.ledger
    yield ("检查标准", basis.title, None, None, f"{basis.document}（版本 {basis.edition}）")
    yield ("检查周期", window.title, None, None, f"{window.first_day} 至 {window.last_day}")
    yield ("统计截至", window.cut_off, None, None, "周期尚未结束，数字为阶段性结果" if window.running else "")
    if parts.coverage is not None:
        yield ("采集轮次", parts.coverage.rounds, None, None, "")
        yield ("因监测点异常不计的轮次", parts.coverage.held_back, None, None, "该轮不对任何对象作记录")
        yield ("监测点无 IPv6 的轮次", parts.coverage.without_ipv6, None, None, "该轮不作 IPv6 判定")
    for scope in parts.scopes:
        base = f"登记册在册 {scope.on_register} 个，其中已永久下线或注销 {scope.gone} 个不列入基数"
        yield _rate(f"{scope.name}检查覆盖率", scope.coverage, f"已检查÷应检查；{base}")
    for tally in (parts.sites, parts.accounts):
        yield _rate(f"{tally.name}合格率", tally.pass_rate, "合格÷已判定；未检测不计入分子和分母")
        yield (f"{tally.name}不合格数", tally.failed, None, None, "")
        yield (f"{tally.name}未检测数", tally.untested, None, None, "原因见“未检测”和“结论”两表")
    yield _rate("网站 IPv6 支持率", parts.ipv6.all_sites, f"支持÷已检测；{parts.ipv6.untested} 个未检测")
    yield _rate("门户网站 IPv6 支持率", parts.ipv6.portals, "支持÷已检测")
    yield ("发现问题数", len(parts.problems), None, None, "明细见“问题清单”")
    yield ("预警数", len(parts.warnings), None, None, "")
    yield ("台账：本期新增", ledger.opened, None, None, "")
    yield ("台账：本期销号", ledger.closed, None, None, "")
    yield ("台账：未销号", ledger.open_now, None, None, "")
    yield ("台账：超期", ledger.overdue, None, None, "已过整改期限而未提交整改")
    yield ("台账：复现", ledger.recurring, None, None, "销号后再次出现且未销号")
    yield _rate("台账：销号率", ledger.closing_rate, "已销号÷全部事项（不予认定的除外）")
    for state, count in ledger.by_state:
        yield (f"台账状态：{state}", count, None, None, "")
    if parts.strangers:
        yield ("已不在登记册中的对象", parts.strangers, None, None, "有检查记录，不计入任何数字")


def _rate(name: str, rate: Rate, note: str) -> tuple[Cell, ...]:
    return (name, rate.percent(), rate.numerator, rate.denominator, note)


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
            Head("首次入账", 17),
            Head("台账状态", 10),
            Head("整改期限", 12),
            Head("证据编号", 18),
        ),
        rows=tuple(_problem_row(number, problem) for number, problem in enumerate(problems, 1)),
        note=note,
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
        problem.opened,
        problem.state,
        problem.due,
        evidence_text(problem.evidence),
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
            )
            for number, line in enumerate(lines, 1)
        ),
        note="未检测不是不合格，也不是合格：不计入合格率的分子和分母。",
    )


def _by_unit(units: Iterable[UnitProblems]) -> Table:
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


def _tallies(name: str, by: str, sites: Iterable[Tally], accounts: Iterable[Tally]) -> Table:
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
                tally.coverage.percent(),
                tally.judged,
                tally.qualified,
                tally.failed,
                tally.untested,
                tally.pass_rate.percent(),
            )
            for kind, tally in rows
        ),
        note="检查覆盖率＝已检查÷应检查；合格率＝合格÷已判定。",
    )


def _columns(columns: tuple[ColumnTally, ...]) -> Table:
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


def _rulings(rulings: Iterable[Ruling], *, scored: bool) -> Table:
    scores = (Head("得分", 8), Head("扣分", 40), Head("加分", 24)) if scored else ()
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
                *((ruling.score, "；".join(ruling.deductions), "；".join(ruling.bonuses)) if scored else ()),
            )
            for number, ruling in enumerate(rulings, 1)
        ),
    )
