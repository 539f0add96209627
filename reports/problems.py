"""What was found, by unit, and what was not tested, with reasons. Lists with names; the counts are in tallies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from checks.core.assess import Assessment, Status, suspension
from checks.core.ledger import Entry
from checks.core.model import Ref, Site, Subject
from checks.core.observations import Outcome
from checks.core.registry import Finding, Severity
from reports.figures import grouped
from reports.material import Material
from reports.roll import Particulars, Roll
from reports.wording import check_title, or_unnamed, said

NOT_REACHED = "本期没有检查记录"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One finding as a paper prints it. ``entry``, ``state``, ``opened`` and ``due`` are of its ledger entry, if any.

    ``number`` counts the problems of a paper from 1: the same in every table, so that a number leads to its finding.
    """

    subject: Particulars
    check: str
    title: str
    severity: Severity
    text: str
    advice: str
    key: str
    url: str
    outcome: str
    status_code: int | None
    evidence: tuple[int, ...]
    state: str
    opened: datetime | None
    due: date | None
    entry: str = ""
    number: int = 0
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemGroup:
    """The problems of one check on one subject: a site with 400 dead links is one group of 400."""

    subject: Particulars
    title: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitProblems:
    """What one unit has to put right, subject by subject."""

    unit: str
    groups: tuple[ProblemGroup, ...]

    @property
    def count(self) -> int:
        return sum(len(group.problems) for group in self.groups)

    @property
    def subjects(self) -> int:
        return len({group.subject.ref for group in self.groups})


@dataclass(frozen=True, slots=True, kw_only=True)
class Untested:
    """One check of one subject that allowed no judgement. ``scope`` is 全部, 部分 or 检查出错 (a fault of ours)."""

    subject: Particulars
    title: str
    scope: str
    reason: str


def findings_of(material: Material, roll: Roll, *, severity: Severity) -> tuple[Problem, ...]:
    """The findings of one severity about those on the roll: by unit, then in the roll's order; numbered."""
    ledger = {(entry.check, entry.subject, entry.key): entry for entry in material.entries}
    found = [
        _problem(
            assessment,
            finding,
            roll[assessment.subject],
            ledger.get((assessment.check, assessment.subject, finding.key)),
        )
        for assessment in material.assessments
        if assessment.subject in roll
        for finding in assessment.findings
        if finding.severity is severity
    ]
    place = {ref: number for number, ref in enumerate(roll)}
    units: dict[str, int] = {}
    for particulars in roll.values():
        units.setdefault(or_unnamed(particulars.sponsor), len(units))
    found.sort(key=lambda p: (units[or_unnamed(p.subject.sponsor)], place[p.subject.ref], p.check, p.key))
    return tuple(replace(problem, number=number) for number, problem in enumerate(found, 1))


def by_unit(problems: tuple[Problem, ...]) -> tuple[UnitProblems, ...]:
    """The problems by sponsor (主办单位), in order of first occurrence."""
    units = grouped(problems, lambda problem: or_unnamed(problem.subject.sponsor))
    return tuple(UnitProblems(unit=unit, groups=_groups(found)) for unit, found in units.items())


def untested(material: Material, roll: Roll) -> tuple[Untested, ...]:
    """Every check that allowed no judgement, and everybody on the roll of whom there is no assessment at all."""
    listed = [
        line
        for assessment in material.assessments
        if assessment.subject in roll
        for line in _untested_of(assessment, roll[assessment.subject])
    ]
    reached = {assessment.subject for assessment in material.assessments}
    reasons = _suspensions(material)
    listed += [
        Untested(subject=particulars, title="全部检查项", scope="全部", reason=reasons.get(ref, "") or NOT_REACHED)
        for ref, particulars in roll.items()
        if ref not in reached
    ]
    place = {ref: number for number, ref in enumerate(roll)}
    return tuple(sorted(listed, key=lambda line: (place[line.subject.ref], line.title, line.scope)))


def numbers_text(numbers: Iterable[int]) -> str:
    """``第 3、7—9 号``: the numbers of problems, runs of them drawn together; empty for none."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    told = "、".join(str(first) if first == last else f"{first}—{last}" for first, last in runs)
    return f"第 {told} 号" if told else ""


def _groups(problems: list[Problem]) -> tuple[ProblemGroup, ...]:
    groups = grouped(problems, lambda problem: (problem.subject.ref, problem.check))
    return tuple(
        ProblemGroup(subject=found[0].subject, title=found[0].title, problems=tuple(found)) for found in groups.values()
    )


def _problem(assessment: Assessment, finding: Finding, subject: Particulars, entry: Entry | None) -> Problem:
    status_code = finding.details.get("status_code")
    return Problem(
        subject=subject,
        check=assessment.check,
        title=check_title(assessment.check),
        severity=finding.severity,
        text=finding.text,
        advice=finding.advice,
        key=finding.key,
        url=finding.url,
        outcome=_outcome(finding.details.get("outcome")),
        status_code=status_code if isinstance(status_code, int) else None,
        evidence=finding.evidence,
        state=said(entry.state) if entry else "",
        opened=entry.opened if entry else None,
        due=entry.due if entry else None,
        entry=entry.id if entry else "",
        details=finding.details,
    )


def _outcome(value: object) -> str:
    """The Chinese of an outcome; a check may keep a word of its own there, which then stands as it is."""
    text = "" if value is None else str(value)
    return said(Outcome(text)) if text in set(Outcome) else text


def _untested_of(assessment: Assessment, subject: Particulars) -> Iterator[Untested]:
    title = check_title(assessment.check)
    if assessment.status is Status.ERROR:
        yield Untested(subject=subject, title=title, scope="检查出错", reason=assessment.reason)
    elif assessment.status is Status.UNTESTED:
        yield Untested(subject=subject, title=title, scope="全部", reason=assessment.reason)
    elif assessment.partial:
        yield Untested(subject=subject, title=title, scope="部分", reason=assessment.reason)


def _suspensions(material: Material) -> dict[Ref, str]:
    sites: dict[str, Site] = {site.id: site for site in material.sites}
    subjects: list[Subject] = [*material.sites, *material.accounts]
    reasons = {subject.ref: suspension(subject, None, material.now) for subject in subjects}
    for column in material.columns:
        reasons[column.ref] = suspension(column, sites.get(column.site_id), material.now)
    return reasons
