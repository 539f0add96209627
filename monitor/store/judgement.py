"""The rulings of inspections: assessments by period, their findings, and when each was first and last found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, and_, bindparam, delete, func, insert, select

from checks.core.assess import Assessment, Status
from checks.core.model import Ref
from checks.core.registry import Answered, Finding
from monitor.store.sql import batches, earlier, later, table_of, upsert
from monitor.store.tables import AssessmentRow, FindingRow, InspectionRow, SightingRow

_INSPECTIONS = table_of(InspectionRow)
_ASSESSMENTS = table_of(AssessmentRow)
_FINDINGS = table_of(FindingRow)
_SIGHTINGS = table_of(SightingRow)
_FINDING = TypeAdapter(Finding)
_BATCH = 1000
_ANSWERED = TypeAdapter(tuple[Answered, ...] | None)

Place = tuple[str, str, str]
"""period, check, subject"""


@dataclass(frozen=True, kw_only=True)
class Inspection:
    """The rulings of one inspecting round."""

    at: datetime
    period: str
    edition: str
    assessments: Sequence[Assessment]


def add_rulings(connection: Connection, inspection: Inspection) -> None:
    """Put an inspection's rulings in the place of the period's earlier ones on the same checks and subjects."""
    rulings = {(a.check, a.subject): a for a in inspection.assessments}.values()
    connection.execute(
        insert(_INSPECTIONS).values(at=inspection.at, period=inspection.period, edition=inspection.edition)
    )
    for batch in batches(rulings, _BATCH):
        _put_in_place(connection, inspection.period, batch)


def _put_in_place(connection: Connection, period: str, rulings: Sequence[Assessment]) -> None:
    connection.execute(
        delete(_ASSESSMENTS).where(  # the findings go with it
            _ASSESSMENTS.c.period == period,
            _ASSESSMENTS.c.check_id == bindparam("check"),
            _ASSESSMENTS.c.subject == bindparam("of"),
        ),
        [{"check": a.check, "of": str(a.subject)} for a in rulings],
    )
    connection.execute(insert(_ASSESSMENTS), [_assessment_row(period, a) for a in rulings])
    if rows := [row for a in rulings for row in _finding_rows(period, a)]:
        connection.execute(insert(_FINDINGS), rows)
    upsert(connection, _SIGHTINGS, _sightings(rulings), merge={"first_seen": earlier, "last_seen": later})


def assessments(
    connection: Connection, periods: Sequence[str] | None, *, after: datetime | None = None
) -> list[Assessment]:
    """The latest ruling of each check on each subject among these periods, or of all; by check and subject.

    With ``after``, only rulings later than that.
    """
    query = select(_ASSESSMENTS).order_by(_ASSESSMENTS.c.at)
    if periods is not None:
        query = query.where(_ASSESSMENTS.c.period.in_(periods))
    if after is not None:
        query = query.where(_ASSESSMENTS.c.at > after)
    latest = {(row.check_id, row.subject): row for row in connection.execute(query)}
    findings: dict[Place, list[Finding]] = defaultdict(list)
    query = select(_FINDINGS).order_by(_FINDINGS.c.position)
    if periods is not None:
        query = query.where(_FINDINGS.c.period.in_(periods))
    if after is not None:
        same = (_FINDINGS.c[name] == _ASSESSMENTS.c[name] for name in ("period", "check_id", "subject"))
        query = query.join(_ASSESSMENTS, and_(*same)).where(_ASSESSMENTS.c.at > after)
    for row in connection.execute(query):
        findings[row.period, row.check_id, row.subject].append(_FINDING.validate_python(row.finding))
    # There are tens of thousands of these: what is equal in them is held once, and no row longer than it is needed.
    subjects: dict[str, Ref] = {}
    held: dict[Any, Any] = {}
    rulings = []
    for place in sorted(latest):
        row = latest.pop(place)
        subject = subjects.get(row.subject) or subjects.setdefault(row.subject, Ref.parse(row.subject))
        rulings.append(
            Assessment(
                check=held.setdefault(row.check_id, row.check_id),
                subject=subject,
                status=Status(row.status),
                findings=tuple(findings.get((row.period, row.check_id, row.subject), ())),
                reason=held.setdefault(row.reason, row.reason),
                at=held.setdefault(row.at, row.at),
                facts_at=held.setdefault(row.facts_at, row.facts_at),
                answered=_ANSWERED.validate_python(row.answered),
            )
        )
    return rulings


def latest_period(connection: Connection) -> str | None:
    """The period of the latest inspection."""
    query = select(_INSPECTIONS.c.period).order_by(_INSPECTIONS.c.at.desc(), _INSPECTIONS.c.id.desc()).limit(1)
    return connection.execute(query).scalar()


def periods(connection: Connection) -> list[str]:
    """The periods that were ever inspected."""
    return list(connection.execute(select(_INSPECTIONS.c.period).distinct()).scalars())


def latest_inspection(connection: Connection) -> int:
    """The number of the latest inspection to be kept; 0 where there is none."""
    return connection.execute(select(func.max(_INSPECTIONS.c.id))).scalar() or 0


def seen(connection: Connection) -> dict[tuple[str, Ref, str], tuple[datetime, datetime]]:
    """When each finding was first and last found, over all inspections."""
    return {
        (row.check_id, Ref.parse(row.subject), row.key): (row.first_seen, row.last_seen)
        for row in connection.execute(select(_SIGHTINGS))
    }


def _assessment_row(period: str, assessment: Assessment) -> dict[str, Any]:
    return {
        "period": period,
        "check_id": assessment.check,
        "subject": str(assessment.subject),
        "status": assessment.status.value,
        "reason": assessment.reason,
        "at": assessment.at,
        "facts_at": assessment.facts_at,
        "answered": _ANSWERED.dump_python(assessment.answered, mode="json"),
    }


def _finding_rows(period: str, assessment: Assessment) -> list[dict[str, Any]]:
    return [
        {
            "period": period,
            "check_id": assessment.check,
            "subject": str(assessment.subject),
            "position": position,
            "finding": _FINDING.dump_python(finding, mode="json", warnings=False),
        }
        for position, finding in enumerate(assessment.findings)
    ]


def _sightings(rulings: Iterable[Assessment]) -> list[dict[str, Any]]:
    found = {(a.check, str(a.subject), finding.key): a.at for a in rulings for finding in a.findings}
    return [
        {"check_id": check, "subject": subject, "key": key, "first_seen": at, "last_seen": at}
        for (check, subject, key), at in found.items()
    ]
