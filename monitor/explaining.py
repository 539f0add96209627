"""`xuncha explain CHECK SUBJECT`: the facts, limits and clause behind a ruling, as one plain record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from checks import Check, History, Ref, Subject
from checks.core.assess import Assessment, assess, suspension
from checks.core.limits import numbers
from checks.core.parts import Part
from checks.core.standard import Standard
from checks.core.suspensions import filed_reason, outside_filed
from monitor.facts import fact_record
from monitor.inspection import owning_site
from monitor.store import Store


def explain(
    check: Check, subject: Subject, *, store: Store, standard: Standard, now: datetime, recent: int = 20
) -> dict[str, Any]:
    """Rule again on what the record holds, and show everything that the ruling rests on.

    ``facts`` are the ``recent`` newest of those that the check read, and all that a finding cites.
    """
    limits = standard.limits[check.id]
    start = now - check.within(limits)
    [(_, history)] = store.histories([subject.ref], dict.fromkeys(check.reads, start), until=now)
    sites = {s.id: s for s in store.sites()}
    suspended = store.suspensions.all()
    reason = "" if check.closed else suspension(subject, owning_site(subject, sites), now)
    reason = reason or filed_reason(suspended, subject.ref, now)
    history = outside_filed(suspended, subject.ref, history)
    parts = check.parts(subject, History(history), limits, now) if check.parts and not reason else ()
    ruling = assess(check, subject, History(history), limits=limits, now=now, suspension=reason)
    cited = {id_ for finding in ruling.findings for id_ in finding.evidence}
    shown = [fact for n, fact in enumerate(reversed(history)) if n < recent or fact.id in cited]
    return {
        "check": check.id,
        "title": check.title,
        "subject": str(subject.ref),
        "status": ruling.status,
        "reason": ruling.reason,
        "findings": [_finding(ruling, n) for n in range(len(ruling.findings))],
        "parts": [_part(part) for part in parts],
        "limits": numbers(limits),
        "window": {"from": start.isoformat(), "to": now.isoformat()},
        "indicators": clauses(standard, check.id),
        "edition": standard.edition,
        "facts_read": len(history),
        "facts": [fact_record(fact) for fact in shown],
    }


def clauses(standard: Standard, check_id: str) -> list[dict[str, Any]]:
    """The indicators that count a check, with document and clause."""
    return [
        {
            "id": indicator.id,
            "name": indicator.name,
            "tier": indicator.tier,
            "document": indicator.document,
            "clause": indicator.clause,
            "threshold": indicator.threshold,
            "at_least": indicator.at_least,
            "verified": indicator.verified,
        }
        for indicator in standard.indicators
        if check_id in indicator.checks
    ]


def find_subject(subjects: Sequence[Subject], ref: Ref) -> Subject | None:
    """The subject of a reference, or nothing."""
    return next((s for s in subjects if s.ref == ref), None)


def _part(part: Part) -> dict[str, Any]:
    return {
        "key": part.key,
        "name": part.name,
        "status": part.status,
        "severity": part.severity,
        "points": part.points,
        "most": part.most,
        "reached": part.reached,
        "tested": part.tested,
        "text": part.text,
    }


def _finding(ruling: Assessment, number: int) -> dict[str, Any]:
    finding = ruling.findings[number]
    return {
        "key": finding.key,
        "severity": finding.severity,
        "text": finding.text,
        "advice": finding.advice,
        "url": finding.url,
        "evidence": list(finding.evidence),
        **finding.details,
    }
