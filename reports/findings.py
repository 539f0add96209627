"""The findings as the public JSON contract gives them: one object a finding, and one for each check that had none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from checks.core.assess import Assessment, Status
from checks.core.calendar import SHANGHAI
from checks.core.model import Ref
from checks.core.registry import Finding, Severity

Seen = Mapping[tuple[str, Ref, str], tuple[datetime, datetime]]

_NOTHING_FOUND = "未发现问题"


def finding_records(assessments: Iterable[Assessment], seen: Seen) -> list[dict[str, Any]]:
    """The objects of ``findings --format json``, ordered by check and subject.

    ``seen`` tells when each (check, subject, key) was first and last found. An object that is no finding bears the
    time of its assessment in both places. An assessment that found something and could not judge the rest gives its
    findings and one ``untested`` object with the reason.
    """
    ordered = sorted(assessments, key=lambda a: (a.check, str(a.subject)))
    return [record for assessment in ordered for record in _records(assessment, seen)]


def _records(assessment: Assessment, seen: Seen) -> Iterator[dict[str, Any]]:
    for finding in sorted(assessment.findings, key=lambda f: f.key):
        yield _found(assessment, finding, seen)
    if not assessment.findings or assessment.status is Status.ERROR:
        yield _unfound(assessment, assessment.status)
    elif assessment.partial:
        yield _unfound(assessment, Status.UNTESTED)


def _found(assessment: Assessment, finding: Finding, seen: Seen) -> dict[str, Any]:
    first, last = seen.get((assessment.check, assessment.subject, finding.key), (assessment.at, assessment.at))
    record = {
        "check": assessment.check,
        "subject": str(assessment.subject),
        "key": finding.key,
        "status": _status(assessment, finding).value,
        "severity": finding.severity.value,
        "text": finding.text,
        "advice": finding.advice,
        "url": finding.url,
        "evidence": list(finding.evidence),
        "first_seen": _stamp(min(first, assessment.at)),
        "last_seen": _stamp(max(last, assessment.at)),
    }
    # 合同字段优先：检查自带的细节不能改写它们
    return record | {name: value for name, value in finding.details.items() if name not in record}


def _status(assessment: Assessment, finding: Finding) -> Status:
    """A warning (预警) is told, no more: it fails nobody."""
    if finding.severity is Severity.PROBLEM:
        return Status.FAILED
    return Status.UNTESTED if assessment.status is Status.UNTESTED else Status.PASSED


def _unfound(assessment: Assessment, status: Status) -> dict[str, Any]:
    return {
        "check": assessment.check,
        "subject": str(assessment.subject),
        "key": "",
        "status": status.value,
        "severity": None,
        "text": assessment.reason or _NOTHING_FOUND,
        "advice": "",
        "url": "",
        "evidence": [],
        "first_seen": _stamp(assessment.at),
        "last_seen": _stamp(assessment.at),
    }


def _stamp(at: datetime) -> str:
    return at.astimezone(SHANGHAI).isoformat(timespec="seconds")
