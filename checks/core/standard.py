"""The verdict that a rulebook gives on a site or an account. It detects nothing: checks do that.

The rulebook's own values live in ``indicators``; what others need of them is offered here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from checks.core.assess import Assessment, Status
from checks.core.indicators import (
    Applies,
    Indicator,
    Rectification,
    Score,
    Standard,
    StandardError,
    Tier,
)
from checks.core.model import Account, Ref, Site
from checks.core.registry import Finding

__all__ = [
    "MANUAL_CHECKS",
    "Applies",
    "Indicator",
    "IndicatorResult",
    "Rectification",
    "Result",
    "Score",
    "Standard",
    "StandardError",
    "Tier",
    "Verdict",
    "judge",
    "load_standard",
]

MANUAL_CHECKS = ("site.manual", "account.manual")
"""The checks that tell what people found on the indicators without checks of their own."""


class Result(StrEnum):
    """结论 of a site or an account."""

    QUALIFIED = "合格"
    UNQUALIFIED = "不合格"
    UNTESTED = "未检测"


@dataclass(frozen=True, kw_only=True)
class IndicatorResult:
    """How an indicator came out: what was counted, what could not be tested, the points taken off (or added).

    ``applicable`` is false where a person said that the indicator does not apply to the subject.
    """

    indicator: Indicator
    status: Status
    count: int = 0
    untested: int = 0
    points: float = 0.0
    applicable: bool = True

    @property
    def manual(self) -> bool:
        return self.indicator.manual

    @property
    def unanswered(self) -> bool:
        """Only people can judge it, and nobody has."""
        return self.manual and self.status is Status.UNTESTED


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
        """The veto indicators that nobody tested: the verdict stands subject to them."""
        return tuple(r.indicator for r in self.indicators if r.unanswered and r.indicator.tier is Tier.VETO)

    @property
    def unscored(self) -> tuple[Indicator, ...]:
        """The deductions for people that nobody filled in: the score holds none of them."""
        return tuple(r.indicator for r in self.indicators if r.unanswered and r.indicator.tier is Tier.DEDUCT)


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
    but where it alone could bring the score below 60 there is no verdict. An indicator for people counts as they
    answered it, and changes nothing where nobody did.
    """
    results = tuple(_count(i, subject, assessments) for i in standard.indicators if i.concerns(subject))
    counted = [r for r in results if not r.unanswered]
    vetoes = [r for r in counted if r.indicator.tier is Tier.VETO]

    def end(result: Result, reasons: Iterable[str], score: float | None = None) -> Verdict:
        told = (*reasons, *_manual_notes(results))
        return Verdict(subject=subject.ref, result=result, indicators=results, score=score, reasons=told)

    failed = [r for r in vetoes if r.status is Status.FAILED]
    if failed:
        return end(Result.UNQUALIFIED, [_veto_reason(r) for r in failed])
    unknown = [r for r in vetoes if r.status is Status.UNTESTED]
    if unknown or not any(not r.manual for r in vetoes):
        return end(Result.UNTESTED, _untested_reasons(unknown, subject, assessments))
    if not any(r.indicator.tier is Tier.DEDUCT for r in counted):
        return end(Result.QUALIFIED, ())
    return _scored(standard.score, results, end)


def _scored(
    rule: Score,
    results: Sequence[IndicatorResult],
    end: Callable[[Result, Iterable[str], float | None], Verdict],
) -> Verdict:
    deductions = [r for r in results if r.indicator.tier is Tier.DEDUCT]
    score = _total(rule, deductions, [r.points for r in deductions])
    open_items = [r for r in deductions if r.untested]
    worst = _total(rule, deductions, [r.indicator.cap if r.untested else r.points for r in deductions])
    notes = [f"{r.indicator.name}未检测或未全部检测，未计入得分" for r in open_items]
    if score < rule.pass_below:
        return end(Result.UNQUALIFIED, [f"得分 {score:g}，低于 {rule.pass_below:g} 分", *notes], score)
    if worst < rule.pass_below:
        told = f"已检测部分得分 {score:g}，未检测部分可能使其低于 {rule.pass_below:g} 分"
        return end(Result.UNTESTED, [told, *notes], None)
    bonus = 0.0
    if score > rule.bonus_above:
        bonus = min(rule.bonus_cap, sum(r.points for r in results if r.indicator.tier is Tier.BONUS))
    return end(Result.QUALIFIED, notes, round(score + bonus, 2))


def _total(rule: Score, deductions: Sequence[IndicatorResult], points: Sequence[float]) -> float:
    """The score after deductions, each group within its points; a group that does not apply is scored by the rest."""
    full, off = 100.0, 0.0
    by_group: dict[str, list[tuple[IndicatorResult, float]]] = {}
    for result, taken in zip(deductions, points, strict=True):
        by_group.setdefault(result.indicator.group, []).append((result, taken))
    for group, rows in by_group.items():
        limit = rule.groups.get(group)
        if limit is not None and not any(r.applicable for r, _ in rows):
            full -= limit
            continue
        taken = sum(t for _, t in rows)
        off += taken if limit is None else min(limit, taken)
    return round((full - off) * 100 / full, 2) if full > 0 else 100.0


def _count(indicator: Indicator, subject: Site | Account, assessments: Sequence[Assessment]) -> IndicatorResult:
    """Count an indicator: each failed column once, and each finding about the subject itself."""
    if indicator.manual:
        return _count_answers(indicator, subject, assessments)
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
        problems = [f for f in a.problems if _weight(f, indicator)]
        unsure = a.status in (Status.UNTESTED, Status.ERROR)
        if a.subject != subject.ref:
            if problems:
                failed_columns.add(problems[0].url or str(a.subject))
            elif unsure or a.partial:
                unknown_columns.add(a.subject)
        else:
            count += sum(_weight(f, indicator) for f in problems)
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
    return _result(indicator, status, count=count, untested=unknown)


def _count_answers(indicator: Indicator, subject: Site | Account, assessments: Sequence[Assessment]) -> IndicatorResult:
    """Count what people answered on an indicator; without an answer it is untested and counts for nothing."""
    mine = [a for a in assessments if a.check in MANUAL_CHECKS and a.subject == subject.ref]
    for finding in (f for a in mine for f in a.problems if f.key == indicator.id):
        if indicator.tier is Tier.BONUS:
            continue
        given = finding.details.get("count")
        count = given if isinstance(given, int) else 1
        status = Status.FAILED if count >= indicator.at_least else Status.PASSED
        return _result(indicator, status, count=count)
    for said in (s for a in mine for s in a.answered or () if s.key == indicator.id):
        return _result(indicator, Status.PASSED, count=said.count, applicable=said.applicable)
    return IndicatorResult(indicator=indicator, status=Status.UNTESTED)


def _result(
    indicator: Indicator, status: Status, *, count: int, untested: int = 0, applicable: bool = True
) -> IndicatorResult:
    counts = status is Status.FAILED or (indicator.tier is Tier.BONUS and count >= indicator.at_least)
    points = min(indicator.cap, round(count * indicator.points_each, 2)) if counts else 0.0
    if indicator.tier not in (Tier.DEDUCT, Tier.BONUS):
        points = 0.0
    return IndicatorResult(
        indicator=indicator, status=status, count=count, untested=untested, points=points, applicable=applicable
    )


def _weight(finding: Finding, indicator: Indicator) -> int:
    """For how many problems of an indicator a finding stands: 0 where it is none of them."""
    if not _matches(finding, indicator.where):
        return 0
    if not indicator.count_by:
        return 1
    count = finding.details.get(indicator.count_by)
    return count if isinstance(count, int) else 0


def _matches(finding: Finding, where: Mapping[str, Any]) -> bool:
    """Whether a finding's details are those wanted; a list of values means any of them."""
    return all(
        finding.details.get(name) in value if isinstance(value, list) else finding.details.get(name) == value
        for name, value in where.items()
    )


def _veto_reason(result: IndicatorResult) -> str:
    indicator = result.indicator
    counted = f"（{result.count} 个，达到 {indicator.at_least} 个）" if indicator.at_least > 1 else ""
    by_hand = "（人工核查）" if result.manual else ""
    return f"单项否决 {indicator.id} {indicator.name}{counted}{by_hand}"


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
    names = [f"{r.indicator.id} {r.indicator.name}" for r in results if r.unanswered and r.indicator.tier is Tier.VETO]
    return [f"须人工核查（机器未检测）：{'、'.join(names)}"] if names else []
