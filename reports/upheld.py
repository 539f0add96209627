"""What people upheld: findings that the ledger holds as 不予认定 leave the material, and the verdicts follow."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace

from checks.core.assess import Assessment, Status
from checks.core.ledger import State
from checks.core.model import Account, Ref, Site
from checks.core.standard import judge
from reports.figures import grouped
from reports.material import Material
from reports.roll import owner_of

Place = tuple[str, Ref, str]


def upheld(material: Material) -> Material:
    """The material without its dismissed findings.

    Whoever loses a finding by that is judged again by the same standard; every other verdict stays as it was given.
    """
    dismissed = {(e.check, e.subject, e.key) for e in material.entries if e.state is State.DISMISSED}
    if not dismissed:
        return material
    kept = [_without(assessment, dismissed) for assessment in material.assessments]
    touched = {
        owner_of(after.subject) for before, after in zip(material.assessments, kept, strict=True) if after is not before
    }
    by_owner = grouped(kept, lambda assessment: owner_of(assessment.subject))
    verdicts = dict(material.verdicts)
    subjects: list[Site | Account] = [*material.sites, *material.accounts]
    for subject in subjects:
        if subject.ref in touched and subject.ref in verdicts:
            verdicts[subject.ref] = judge(material.standard, subject, by_owner[subject.ref])
    return replace(material, assessments=tuple(kept), verdicts=verdicts)


def _without(assessment: Assessment, dismissed: Set[Place]) -> Assessment:
    findings = tuple(f for f in assessment.findings if (assessment.check, assessment.subject, f.key) not in dismissed)
    if len(findings) == len(assessment.findings):
        return assessment
    left = replace(assessment, findings=findings)
    if assessment.status is not Status.FAILED or left.problems:
        return left
    return replace(left, status=Status.UNTESTED if assessment.reason else Status.PASSED)
