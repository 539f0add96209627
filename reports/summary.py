"""总体情况 of the workbook: every figure of the paper, with the sheet and filter under which its lines stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from checks.core.ledger import State
from checks.core.standard import Result
from reports.figures import Rate
from reports.sections import Sections
from reports.sheets import Cell, Head, Table


@dataclass(frozen=True, slots=True)
class Source:
    """Where the lines behind a count stand: a sheet, and the values that its columns must have."""

    sheet: str
    where: Mapping[str, str]

    @property
    def text(self) -> str:
        told = "，".join(f"{column}＝{value}" for column, value in self.where.items())
        return f"“{self.sheet}”表{f'：{told}' if told else ''}"


def summary(title: str, parts: Sections) -> Table:
    """The sheet. A reader filters the sheet that 明细 names, and counts the same number of lines."""
    return Table(
        name="总体情况",
        heads=(
            Head("项目", 34),
            Head("数值", 16),
            Head("分子", 10),
            Head("分母", 10),
            Head("说明", 60),
            Head("明细", 44),
        ),
        rows=tuple(_rows(parts)),
        note=title,
    )


def _rows(parts: Sections) -> Iterator[tuple[Cell, ...]]:
    basis, window, ledger, recheck = parts.basis, parts.window, parts.ledger, parts.recheck
    yield _line("检查标准", basis.title, f"{basis.document}（版本 {basis.edition}）")
    yield _line("检查周期", window.title, f"{window.first_day} 至 {window.last_day}")
    yield ("统计截至", window.cut_off, None, None, "周期尚未结束，数字为阶段性结果" if window.running else "", "")
    for sampling in parts.samplings:
        yield ("抽样：" + sampling.name, sampling.drawn, sampling.drawn, sampling.base, f"种子 {sampling.seed}", "")
    if parts.coverage is not None:
        yield _line("采集轮次", parts.coverage.rounds)
        yield _line("因监测点异常不计的轮次", parts.coverage.held_back, "该轮不对任何对象作记录")
        yield _line("监测点无 IPv6 的轮次", parts.coverage.without_ipv6, "该轮不作 IPv6 判定")
        yield _line("监测中断次数", len(parts.coverage.gaps), "、".join(g.told for g in parts.coverage.longest_gaps))
        yield _line("监测中断小时数", round(parts.coverage.hours_away, 1), "中断期间不对任何对象作判定")
    yield from _results(parts)
    yield _line("发现问题数", len(parts.problems), source=Source("问题清单", {}))
    yield _line("预警数", len(parts.warnings), source=Source("预警", {}))
    for name, count, where in (
        ("已销号", recheck.closed, {"状态": State.CLOSED.value}),
        ("待复核", recheck.to_review, {"状态": State.TO_REVIEW.value}),
        ("整改中", recheck.rectifying, {"状态": State.RECTIFYING.value}),
        ("不予认定", recheck.dismissed, {"状态": State.DISMISSED.value}),
        ("超期未改", recheck.late, {"超期": "是"}),
    ):
        yield _line(f"上期问题：{name}", count, source=Source("上期问题", {"来源": "上期结转", **where}))
    yield _line("上期问题：共计", len(recheck.carried), source=Source("上期问题", {"来源": "上期结转"}))
    yield _rate(parts, "上期问题：整改率", recheck.rate, "已销号÷（共计－不予认定）")
    yield _line("上期问题：本期复现", len(recheck.recurred), source=Source("上期问题", {"来源": "本期复现"}))
    yield _line("台账：本期新增", ledger.opened, "按“发现时间”")
    yield _line("台账：本期销号", ledger.closed, "按“销号时间”")
    yield _line("台账：未销号", ledger.open_now, "待核实、待交办、整改中、待复核之和")
    yield _line("台账：超期", ledger.overdue, "已过整改期限而未提交整改，“超期天数”大于 0")
    yield _line("台账：复现", ledger.recurring, "销号后再次出现且未销号")
    yield _rate(parts, "台账：销号率", ledger.closing_rate, "已销号÷全部事项（不予认定的除外）")
    for state, count in ledger.by_state:
        yield _line(f"台账状态：{state}", count, source=Source("整改台账", {"状态": state}))
    if parts.strangers:
        yield _line("已不在登记册中的对象", parts.strangers, "有检查记录，不计入任何数字")


def _results(parts: Sections) -> Iterator[tuple[Cell, ...]]:
    for scope in parts.scopes:
        base = f"登记册在册 {scope.on_register} 个，其中已永久下线或注销 {scope.gone} 个不列入基数"
        yield _rate(parts, f"{scope.name}检查覆盖率", scope.coverage, f"已检查÷应检查；{base}")
    for tally, kind in ((parts.sites, "网站"), (parts.accounts, "新媒体")):
        yield _rate(parts, f"{tally.name}合格率", tally.pass_rate, "合格÷已判定；未检测不计入分子和分母")
        for result, count in (
            (Result.QUALIFIED, tally.qualified),
            (Result.UNQUALIFIED, tally.failed),
            (Result.UNTESTED, tally.untested),
        ):
            note = "原因见“未检测”和“结论”两表" if result is Result.UNTESTED else ""
            source = Source("结论", {"对象类型": kind, "结论": result.value})
            yield _line(f"{tally.name}{result.value}数", count, note, source)
    yield _rate(parts, "网站 IPv6 支持率", parts.ipv6.all_sites, f"支持÷已检测；{parts.ipv6.untested} 个未检测")
    yield _rate(parts, "门户网站 IPv6 支持率", parts.ipv6.portals, "支持÷已检测")


def _line(name: str, value: Cell, note: str = "", source: Source | None = None) -> tuple[Cell, ...]:
    return (name, value, None, None, note, source.text if source else "")


def _rate(parts: Sections, name: str, rate: Rate, note: str) -> tuple[Cell, ...]:
    return (name, parts.rates.percent(rate), rate.numerator, rate.denominator, note, "")
