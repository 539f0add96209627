"""The rulings of one paper: the edition that they follow, the verdict on each site and account, and its grounds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from checks.core.assess import Status
from checks.core.model import Account, Site
from checks.core.standard import MANUAL_CHECKS, Indicator, Result, Score, Tier, Verdict
from reports.figures import grouped
from reports.material import Material
from reports.problems import Problem, numbers_text
from reports.roll import Particulars, Roll, owner_of


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A veto indicator for people, and for how many sites or accounts nobody has answered it."""

    indicator: Indicator
    subjects: int

    @property
    def text(self) -> str:
        return f"{self.indicator.id} {self.indicator.name}（{self.subjects} 个未核查）"


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """依据: the edition and its document; what people have still to judge; what was not read in the document.

    ``unverified`` are vetoes by name, ``unverified_scored`` the number of the other indicators;
    ``unscored`` is the number of deductions and bonuses for people that are unanswered somewhere.
    """

    edition: str
    title: str
    document: str
    indicators: tuple[Indicator, ...]
    manual: tuple[Unanswered, ...]
    unscored: int
    unverified: tuple[str, ...]
    unverified_scored: int


@dataclass(frozen=True, slots=True)
class Ground:
    """What a failed indicator rests on: the numbers of its problems in the paper's list."""

    indicator: str
    numbers: tuple[int, ...]

    @property
    def text(self) -> str:
        return f"{self.indicator}：{numbers_text(self.numbers)}"


@dataclass(frozen=True, slots=True)
class GroupScore:
    """What is left of the points of one 一级指标."""

    name: str
    points: float
    full: float

    @property
    def text(self) -> str:
        return f"{self.name} {self.points:g}/{self.full:g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """The verdict on one site or account, with its reasons, and what nobody has judged by hand."""

    subject: Particulars
    result: Result
    score: float | None
    reasons: tuple[str, ...]
    deductions: tuple[str, ...] = ()
    bonuses: tuple[str, ...] = ()
    groups: tuple[GroupScore, ...] = ()
    grounds: tuple[Ground, ...] = ()
    unanswered: tuple[str, ...] = ()


def basis(material: Material, subjects: Sequence[Site | Account]) -> Basis:
    """The edition, and what of it is open for these subjects. Without a verdict a manual indicator is open."""
    standard = material.standard
    machine = [i for i in standard.indicators if not i.manual and not i.verified]
    open_: dict[str, int] = {}
    for subject in subjects:
        verdict = material.verdicts.get(subject.ref)
        results = verdict.indicators if verdict else ()
        answered = {r.indicator.id for r in results if r.manual and not r.unanswered}
        for i in standard.indicators:
            if i.manual and i.concerns(subject) and i.id not in answered:
                open_[i.id] = open_.get(i.id, 0) + 1
    scored = (Tier.DEDUCT, Tier.BONUS)
    return Basis(
        edition=standard.edition,
        title=standard.title,
        document=standard.document,
        indicators=standard.indicators,
        manual=tuple(Unanswered(i, open_[i.id]) for i in standard.indicators if i.id in open_ and i.tier is Tier.VETO),
        unscored=sum(i.id in open_ and i.tier in scored for i in standard.indicators),
        unverified=tuple(f"{i.id} {i.name}" for i in machine if i.tier is Tier.VETO),
        unverified_scored=sum(i.tier is not Tier.VETO for i in machine),
    )


def rulings(
    material: Material, listed: Roll, subjects: Sequence[Site | Account], problems: Sequence[Problem]
) -> tuple[Ruling, ...]:
    """The rulings in the order of the subjects. ``problems`` are those of the paper, numbered."""
    by_owner = grouped(problems, lambda problem: owner_of(problem.subject.ref))
    return tuple(
        _ruling(
            listed[subject.ref],
            material.verdicts.get(subject.ref),
            by_owner.get(subject.ref, ()),
            material.standard.score,
        )
        for subject in subjects
    )


def _ruling(subject: Particulars, verdict: Verdict | None, problems: Sequence[Problem], score: Score) -> Ruling:
    if verdict is None:
        return Ruling(subject=subject, result=Result.UNTESTED, score=None, reasons=("本期没有判定",))
    return Ruling(
        subject=subject,
        result=verdict.result,
        score=verdict.score,
        # 最后一条是人工指标的说明，报告另列一栏，并在检查范围一节统一说明
        reasons=verdict.reasons[:-1] if verdict.manual else verdict.reasons,
        deductions=_points(verdict, Tier.DEDUCT),
        bonuses=_points(verdict, Tier.BONUS) if verdict.score is not None and verdict.score > score.bonus_above else (),
        groups=tuple(_groups(verdict, score)) if verdict.score is not None else (),
        grounds=tuple(_grounds(verdict, problems)),
        unanswered=tuple(f"{i.id} {i.name}" for i in verdict.manual),
    )


def _points(verdict: Verdict, tier: Tier) -> tuple[str, ...]:
    sign = "-" if tier is Tier.DEDUCT else "+"
    return tuple(
        f"{outcome.indicator.name} {outcome.count} 处，{sign}{outcome.points:g}"
        for outcome in verdict.indicators
        if outcome.indicator.tier is tier and outcome.points
    )


def _groups(verdict: Verdict, score: Score) -> Iterator[GroupScore]:
    """Deductions within a group never exceed its points; a group that does not apply is left out."""
    deductions = [r for r in verdict.indicators if r.indicator.tier is Tier.DEDUCT]
    by_group = grouped(deductions, lambda r: r.indicator.group)
    for name, full in score.groups.items():
        mine = by_group.get(name, [])
        if mine and any(r.applicable for r in mine):
            yield GroupScore(name, round(full - min(full, sum(r.points for r in mine)), 2), full)


def _grounds(verdict: Verdict, problems: Sequence[Problem]) -> Iterator[Ground]:
    for outcome in verdict.indicators:
        indicator = outcome.indicator
        if outcome.status is not Status.FAILED or indicator.tier is Tier.BONUS:
            continue
        if numbers := tuple(problem.number for problem in problems if _counts(problem, indicator)):
            yield Ground(f"{indicator.id} {indicator.name}", numbers)


def _counts(problem: Problem, indicator: Indicator) -> bool:
    """Whether a problem is one of those that an indicator counts."""
    if indicator.manual:
        return problem.check in MANUAL_CHECKS and problem.key == indicator.id
    return problem.check in indicator.checks and all(
        problem.details.get(name) in value if isinstance(value, list) else problem.details.get(name) == value
        for name, value in indicator.where.items()
    )
