"""The tables and charts that a wording template may ask for, by name. Each is made from the sections of one paper."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from checks.core.standard import Result
from reports.charts import Bar, BarChart, Pattern, Series
from reports.figures import RateStyle
from reports.ipv6 import rates_grid
from reports.lists import (
    carried_over,
    ledger_list,
    problem_list,
    score_list,
    unjudged,
    unqualified,
    untested_checks,
)
from reports.paper import Graph, Grid, Head, grid
from reports.sections import Sections
from reports.tallies import Tally

NAMES_SHOWN = 5

_RESULT_SERIES = (
    Series("合格", Pattern.EMPTY),
    Series("不合格", Pattern.DARK),
    Series("未检测", Pattern.HATCHED),
)


def tables(s: Sections) -> Mapping[str, Callable[[], Grid | None]]:
    """The tables by name. A maker gives ``None`` where its table would have no row."""
    return {
        "scopes": lambda: _scopes(s),
        "sites_by_region": lambda: _tallies("政府网站检查结果（按地区）", "地区", s.sites_by_region, s.sites, s.rates),
        "sites_by_level": lambda: _tallies("政府网站检查结果（按层级）", "层级", s.sites_by_level, s.sites, s.rates),
        "accounts_by_platform": lambda: _tallies(
            "政务新媒体检查结果（按平台）", "平台", s.accounts_by_platform, s.accounts, s.rates
        ),
        "accounts_by_region": lambda: _tallies(
            "政务新媒体检查结果（按地区）", "地区", s.accounts_by_region, s.accounts, s.rates
        ),
        "accounts_by_level": lambda: _tallies(
            "政务新媒体检查结果（按层级）", "层级", s.accounts_by_level, s.accounts, s.rates
        ),
        "columns": lambda: _columns(s),
        "ipv6_by_region": lambda: _ipv6("网站 IPv6 支持情况（按地区）", "地区", s),
        "ipv6_by_level": lambda: _ipv6("网站 IPv6 支持情况（按层级）", "层级", s),
        "changes": lambda: _changes(s),
        "vetoes": lambda: _vetoes(s),
        "unqualified_sites": lambda: unqualified("不合格政府网站名单", s.rulings_of(Result.UNQUALIFIED, "site")),
        "unqualified_accounts": lambda: unqualified(
            "不合格政务新媒体名单", s.rulings_of(Result.UNQUALIFIED, "account")
        ),
        "untested_sites": lambda: unjudged("未作判定的政府网站", s.rulings_of(Result.UNTESTED, "site")),
        "untested_accounts": lambda: unjudged("未作判定的政务新媒体", s.rulings_of(Result.UNTESTED, "account")),
        "untested": lambda: untested_checks(s),
        "problems": lambda: problem_list(s),
        "scores": lambda: score_list(s.rulings_of_kind("site")),
        "ledger_states": lambda: _ledger_states(s),
        "unsettled": lambda: carried_over("上期未整改到位的问题", s.recheck.unsettled),
        "recurred": lambda: carried_over("销号后复现的问题", s.recheck.recurred),
        "ledger": lambda: ledger_list(s),
    }


def charts(s: Sections) -> Mapping[str, Callable[[], Graph | None]]:
    """The charts by name. A maker gives ``None`` where there is nothing to draw."""
    return {
        "sites_by_region": lambda: _results("政府网站检查结果（按地区）", s.sites_by_region),
        "sites_by_level": lambda: _results("政府网站检查结果（按层级）", s.sites_by_level),
        "accounts_by_platform": lambda: _results("政务新媒体检查结果（按平台）", s.accounts_by_platform),
        "accounts_by_region": lambda: _results("政务新媒体检查结果（按地区）", s.accounts_by_region),
        "accounts_by_level": lambda: _results("政务新媒体检查结果（按层级）", s.accounts_by_level),
        "problems": lambda: _counts("各检查项的问题数", [(kind.title, kind.problems) for kind in s.typical]),
        "ledger_states": lambda: _counts(
            "整改台账各状态事项数", [(state, count) for state, count in s.ledger.by_state if count]
        ),
    }


def _ipv6(caption: str, first: str, s: Sections) -> Grid | None:
    if s.ipv6_rates is None:
        return None
    rows = s.ipv6_rates.by_region if first == "地区" else s.ipv6_rates.by_level
    return rates_grid(caption, first, rows, s.ipv6_rates.everywhere, s.rates)


def _results(title: str, tallies: Sequence[Tally]) -> Graph | None:
    if len(tallies) < 2:
        return None
    bars = tuple(Bar(tally.name, (tally.qualified, tally.failed, tally.untested)) for tally in tallies)
    return Graph(BarChart(title, _RESULT_SERIES, bars))


def _counts(title: str, counts: Iterable[tuple[str, int]]) -> Graph | None:
    bars = tuple(Bar(name, (count,)) for name, count in counts)
    if not any(bar.counts[0] for bar in bars):
        return None
    return Graph(BarChart(title, (Series("", Pattern.GREY),), bars))


def _count_heads(*titles: str) -> tuple[Head, ...]:
    return tuple(Head(title, 1, centred=True) for title in titles)


def _scopes(s: Sections) -> Grid | None:
    rows = [
        (
            scope.name,
            *(str(n) for n in (scope.on_register, scope.gone, scope.registered, scope.checked)),
            s.rates.text(scope.coverage),
        )
        for scope in s.scopes
    ]
    heads = (
        Head("对象", 1.8),
        *_count_heads("在册数", "已下线（注销）", "应检查", "已检查"),
        Head("检查覆盖率", 2, centred=True),
    )
    return grid("检查覆盖情况", heads, rows)


def _tallies(caption: str, by: str, tallies: Sequence[Tally], total: Tally, style: RateStyle) -> Grid | None:
    def row(tally: Tally, name: str) -> tuple[str, ...]:
        counts = (tally.registered, tally.checked, tally.qualified, tally.failed, tally.untested)
        return (name, *(str(count) for count in counts), style.text(tally.pass_rate))

    heads = (
        Head(by, 2),
        *_count_heads("应检查", "已检查", "合格", "不合格", "未检测"),
        Head("合格率（合格/已判定）", 2.8, centred=True),
    )
    rows = [row(tally, tally.name) for tally in tallies]
    return grid(caption, heads, [*rows, row(total, "合计")] if rows else [], totals=True)


def _columns(s: Sections) -> Grid | None:
    titles = [title for title, _ in s.columns[0].problems] if s.columns else []
    rows = [
        (
            tally.category,
            *(str(n) for n in (tally.registered, tally.checked, tally.exempt, tally.untested, tally.with_problems)),
            *(str(count) for _, count in tally.problems),
        )
        for tally in s.columns
    ]
    heads = (Head("栏目类别", 1.4), *_count_heads("应检查", "已检查", "不适用", "未检测", "有问题", *titles))
    return grid("网站栏目检查情况", heads, rows)


def _changes(s: Sections) -> Grid | None:
    if s.comparison is None:
        return None
    heads = (
        Head("项目", 2),
        Head(s.comparison.title, 1.6, centred=True),
        Head(s.window.title, 1.6, centred=True),
        Head("变化", 1.4, centred=True),
    )
    rows = [(change.name, change.before, change.now, change.difference or "—") for change in s.comparison.changes]
    return grid("与上期比较", heads, rows)


def _names(names: Sequence[str]) -> str:
    """Some of the names; the list of the unqualified has them all."""
    told = "、".join(names[:NAMES_SHOWN])
    return f"{told}等 {len(names)} 个" if len(names) > NAMES_SHOWN else told


def _vetoes(s: Sections) -> Grid | None:
    rows = [
        (
            f"{veto.indicator.id} {veto.indicator.name}",
            f"{veto.indicator.document}{veto.indicator.clause}",
            str(len(veto.subjects)),
            _names([subject.full_name for subject in veto.subjects]),
        )
        for veto in s.vetoes
    ]
    heads = (Head("指标", 1.6), Head("依据", 1.8), Head("数量", 0.7, centred=True), Head("网站（账号）", 3))
    return grid("单项否决原因", heads, rows)


def _ledger_states(s: Sections) -> Grid | None:
    heads = _count_heads(*(state for state, _ in s.ledger.by_state))
    return grid("整改台账各状态事项数", heads, [tuple(str(count) for _, count in s.ledger.by_state)])
