"""A rulebook in force, and the verdict that it gives on a site or an account. It detects nothing: checks do that."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from checks.core.assess import Assessment, Status
from checks.core.model import Account, Ref, Site, SiteKind
from checks.core.registry import Finding

PASS_SCORE = 60  # 低于 60 分为不合格
BONUS_SCORE = 80  # 高于 80 分计入加分


class StandardError(ValueError):
    """A rulebook that cannot be used. The message names, in Chinese, every faulty file and key."""


class Tier(StrEnum):
    """性质 of an indicator."""

    VETO = "veto"
    DEDUCT = "deduct"
    BONUS = "bonus"


class Applies(StrEnum):
    """What an indicator is for. A portal is a site too."""

    SITE = "site"
    PORTAL = "portal"
    ACCOUNT = "account"


class Result(StrEnum):
    """结论 of a site or an account."""

    QUALIFIED = "合格"
    UNQUALIFIED = "不合格"
    UNTESTED = "未检测"


@dataclass(frozen=True, kw_only=True)
class Rectification:
    """整改期限 in days, counted from 交办."""

    days: int = 30
    working_days: bool = False


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """One official indicator, and how the findings of its checks are counted.

    ``checks`` is empty for what only people can judge. ``where`` keeps only the findings with these ``details``.
    ``verified`` tells that number and wording were read in the document, and not remembered.
    """

    id: str
    name: str
    tier: Tier
    applies: Applies
    checks: tuple[str, ...] = ()
    at_least: int = 1
    points_each: float = 0.0
    cap: float = 0.0
    where: Mapping[str, Any] = field(default_factory=dict)
    document: str = ""
    clause: str = ""
    threshold: str = ""
    verified: bool = False

    @property
    def manual(self) -> bool:
        return not self.checks

    def concerns(self, subject: Site | Account) -> bool:
        if isinstance(subject, Account):
            return self.applies is Applies.ACCOUNT
        return self.applies is Applies.SITE or (self.applies is Applies.PORTAL and subject.kind is SiteKind.PORTAL)


@dataclass(frozen=True, kw_only=True)
class Standard:
    """One edition of the rules. ``limits`` holds those in force for every check, by its id.

    ``draw_rates`` are the shares to be drawn in a quarter, by ``site`` and ``account``.
    """

    edition: str
    title: str
    document: str
    draw_rates: Mapping[str, float]
    rectification: Rectification
    limits: Mapping[str, Any]
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True, kw_only=True)
class IndicatorResult:
    """How an indicator came out: what was counted, what could not be tested, the points taken off (or added)."""

    indicator: Indicator
    status: Status
    count: int = 0
    untested: int = 0
    points: float = 0.0

    @property
    def manual(self) -> bool:
        return self.indicator.manual


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """结论 of a subject. ``score`` is ``None`` where no scored indicator is for it, or a veto settled it."""

    subject: Ref
    result: Result
    indicators: tuple[IndicatorResult, ...]
    score: float | None = None
    reasons: tuple[str, ...] = ()

    @property
    def qualified(self) -> bool | None:
        return None if self.result is Result.UNTESTED else self.result is Result.QUALIFIED

    @property
    def manual(self) -> tuple[Indicator, ...]:
        """The veto indicators that no machine tested: the verdict stands subject to them."""
        return tuple(r.indicator for r in self.indicators if r.manual and r.indicator.tier is Tier.VETO)


def load_standard(name_or_path: str) -> Standard:
    """Read an edition by its name in ``checks/standards``, or by the path of a TOML file.

    Raises ``StandardError``, which tells all faults at once.
    """
    from checks.core.rulebook import read_standard

    return read_standard(name_or_path)


def judge(standard: Standard, subject: Site | Account, assessments: Sequence[Assessment]) -> Verdict:
    """Give the verdict on a subject from its own assessments and, for a site, those of its columns.

    Any veto that failed is 不合格; else any that was not tested is 未检测; else 100 less the capped deductions, below
    60 不合格, above 80 with the bonus added (国办秘函〔2019〕19号). A deduction that was not tested takes no points,
    but where it alone could bring the score below 60 there is no verdict. Indicators for people change nothing.
    """
    results = tuple(_count(i, subject, assessments) for i in standard.indicators if i.concerns(subject))
    machine = [r for r in results if not r.manual]
    vetoes = [r for r in machine if r.indicator.tier is Tier.VETO]

    def end(result: Result, reasons: Iterable[str], score: float | None = None) -> Verdict:
        told = (*reasons, *_manual_notes(results))
        return Verdict(subject=subject.ref, result=result, indicators=results, score=score, reasons=told)

    failed = [r for r in vetoes if r.status is Status.FAILED]
    if failed:
        return end(Result.UNQUALIFIED, [_veto_reason(r) for r in failed])
    unknown = [r for r in vetoes if r.status is Status.UNTESTED]
    if unknown or not vetoes:
        return end(Result.UNTESTED, _untested_reasons(unknown, subject, assessments))
    deductions = [r for r in machine if r.indicator.tier is Tier.DEDUCT]
    if not deductions:
        return end(Result.QUALIFIED, ())
    return _scored(machine, deductions, end)


def _scored(
    machine: Sequence[IndicatorResult],
    deductions: Sequence[IndicatorResult],
    end: Callable[[Result, Iterable[str], float | None], Verdict],
) -> Verdict:
    score = round(100 - sum(r.points for r in deductions), 2)
    open_items = [r for r in deductions if r.untested]
    worst = score - sum(r.indicator.cap - r.points for r in open_items)
    notes = [f"{r.indicator.name}未检测或未全部检测，未计入得分" for r in open_items]
    if score < PASS_SCORE:
        return end(Result.UNQUALIFIED, [f"得分 {score:g}，低于 {PASS_SCORE} 分", *notes], score)
    if worst < PASS_SCORE:
        told = f"已检测部分得分 {score:g}，未检测部分可能使其低于 {PASS_SCORE} 分"
        return end(Result.UNTESTED, [told, *notes], None)
    bonus = sum(r.points for r in machine if r.indicator.tier is Tier.BONUS) if score > BONUS_SCORE else 0
    return end(Result.QUALIFIED, notes, round(score + bonus, 2))


def _count(indicator: Indicator, subject: Site | Account, assessments: Sequence[Assessment]) -> IndicatorResult:
    """Count an indicator: each failed column once, and each finding about the subject itself."""
    if indicator.manual:
        return IndicatorResult(indicator=indicator, status=Status.UNTESTED)
    mine = [a for a in assessments if a.check in indicator.checks]
    if indicator.tier is Tier.BONUS:
        count = sum(a.status is Status.PASSED and not a.exempt for a in mine)
        points = min(indicator.cap, count * indicator.points_each)
        status = Status.PASSED if count >= indicator.at_least else Status.UNTESTED
        return IndicatorResult(indicator=indicator, status=status, count=count, points=points)
    failed_columns: set[str] = set()  # by address: a column that two share is one
    unknown_columns: set[Ref] = set()
    count = unknown = 0
    boundless = not {a.check for a in mine} >= set(indicator.checks)  # a check that did not run could hold anything
    for a in mine:
        problems = [f for f in a.problems if _matches(f, indicator.where)]
        unsure = a.status in (Status.UNTESTED, Status.ERROR)
        if a.subject != subject.ref:
            if problems:
                failed_columns.add(problems[0].url or str(a.subject))
            elif unsure or a.partial:
                unknown_columns.add(a.subject)
        else:
            count += len(problems)
            boundless = boundless or unsure or a.partial
    count += len(failed_columns)
    unknown += len(unknown_columns)
    if boundless:
        unknown = max(unknown, 1)
    if count >= indicator.at_least:
        status = Status.FAILED
    elif unknown and (boundless or count + unknown >= indicator.at_least):
        status = Status.UNTESTED
    else:
        status = Status.PASSED
    points = 0.0
    if indicator.tier is Tier.DEDUCT and status is Status.FAILED:
        points = min(indicator.cap, round(count * indicator.points_each, 2))
    return IndicatorResult(indicator=indicator, status=status, count=count, untested=unknown, points=points)


def _matches(finding: Finding, where: Mapping[str, Any]) -> bool:
    return all(finding.details.get(name) == value for name, value in where.items())


def _veto_reason(result: IndicatorResult) -> str:
    indicator = result.indicator
    counted = f"（{result.count} 个，达到 {indicator.at_least} 个）" if indicator.at_least > 1 else ""
    return f"单项否决 {indicator.id} {indicator.name}{counted}"


def _untested_reasons(
    unknown: Sequence[IndicatorResult], subject: Site | Account, assessments: Sequence[Assessment]
) -> list[str]:
    """The reasons of what was not tested, or the one reason that all of them share, such as 临时下线."""
    if not unknown:
        return ["本检查标准没有适用的单项否决指标"]
    told: list[str] = []
    for result in unknown:
        why = {a.reason for a in assessments if a.check in result.indicator.checks and a.reason and not a.exempt}
        head = f"{result.indicator.id} {result.indicator.name}未检测"
        if not any(a.check in result.indicator.checks for a in assessments):
            told.append(f"{head}：本次未运行该项检查，或台账没有登记栏目")
        elif len(why) == 1:
            told.append(f"{head}：{why.pop()}")
        else:
            told.append(f"{head}：{result.untested} 个对象无法判定")
    shared = {a.reason for a in assessments}
    if len(shared) == 1 and all(shared) and all(a.status is Status.UNTESTED for a in assessments):
        return sorted(shared)
    return told


def _manual_notes(results: Sequence[IndicatorResult]) -> list[str]:
    names = [f"{r.indicator.id} {r.indicator.name}" for r in results if r.manual and r.indicator.tier is Tier.VETO]
    return [f"须人工核查（机器未检测）：{'、'.join(names)}"] if names else []
