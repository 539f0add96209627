"""From facts to assessments: runs one check on one subject and says how that ended. It judges nothing itself."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from checks.core.calendar import local_day
from checks.core.model import Account, AccountStatus, Column, Ref, Site, SiteStatus, Subject
from checks.core.observations import History
from checks.core.registry import Answered, Check, Finding, Severity, Untestable

_KEPT_EVIDENCE = 5
_ENDED_ACCOUNTS = (AccountStatus.CLOSED, AccountStatus.DEREGISTERED)


class Status(StrEnum):
    """How a check of a subject ended. ``UNTESTED`` is neither passed nor failed; ``ERROR`` is a fault of ours."""

    PASSED = "passed"
    FAILED = "failed"
    UNTESTED = "untested"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What one check says of one subject.

    ``reason`` says why it could not be tested, wholly or in part; on a passed one it says why the rule does not bind
    this subject. ``in_doubt`` holds the keys that alone could not be judged, if it is known that it was these alone.
    ``facts_at`` is when the newest of the facts was seen: a re-check needs facts later than the repair; ``newest`` are
    their ids, the evidence that a problem is gone. ``answered`` is ``None`` but for a keyed check, which speaks of the
    keys of its findings and of these, and of no others.
    """

    check: str
    subject: Ref
    status: Status
    findings: tuple[Finding, ...] = ()
    reason: str = ""
    at: datetime
    facts_at: datetime | None = None
    in_doubt: frozenset[str] = frozenset()
    newest: tuple[int, ...] = ()
    answered: tuple[Answered, ...] | None = None

    @property
    def problems(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.severity is Severity.PROBLEM)

    @property
    def partial(self) -> bool:
        """Findings stand, and something else could not be judged."""
        return bool(self.findings) and bool(self.reason)

    @property
    def conclusive(self) -> bool:
        """Everything was judged."""
        return self.status in (Status.PASSED, Status.FAILED) and not self.partial

    def settles(self, key: str) -> bool:
        """Whether a problem of this key was looked for, so that it is gone if it is not among the findings."""
        if self.answered is not None:
            return any(a.key == key for a in self.answered)
        others_judged = self.status in (Status.FAILED, Status.UNTESTED) and bool(self.in_doubt)
        return self.conclusive or (others_judged and key not in self.in_doubt)

    @property
    def exempt(self) -> bool:
        """The rule does not bind this subject."""
        return self.status is Status.PASSED and bool(self.reason) and not self.findings


def assess(
    check: Check, subject: Subject, history: History, *, limits: Any, now: datetime, suspension: str = ""
) -> Assessment:
    """Run a check. ``suspension`` is the reason for which the subject is not to be tested at present, or empty.

    A fault of the check's own becomes ``Status.ERROR`` with its place: one broken check must not stop a round.
    """
    moments = {o.id: o.at for o in history}  # oldest first
    newest = max(moments.values(), default=None)
    newest_ids = tuple(id_ for id_, at in moments.items() if id_ and at == newest)[:_KEPT_EVIDENCE]
    answered: list[Answered] = []

    def end(
        status: Status,
        findings: tuple[Finding, ...] = (),
        reason: str = "",
        in_doubt: frozenset[str] = frozenset(),
    ) -> Assessment:
        return Assessment(
            check=check.id,
            subject=subject.ref,
            status=status,
            findings=findings,
            reason=reason,
            at=now,
            facts_at=newest,
            in_doubt=in_doubt,
            newest=newest_ids,
            answered=tuple(answered) if check.keyed else None,
        )

    if suspension:
        return end(Status.UNTESTED, reason=suspension)
    findings: list[Finding] = []
    reason, in_doubt = "", frozenset[str]()
    try:
        if exemption := check.exempt(subject, limits):
            return end(Status.PASSED, reason=exemption)
        for said in check.rule(subject, history, limits, now):
            if isinstance(said, Answered):
                answered.append(said)
            else:
                findings.append(replace(said, seen_at=_seen_at(said, moments)))
    except Untestable as untestable:
        reason, in_doubt = str(untestable), untestable.keys
    except Exception as fault:
        return end(Status.ERROR, reason=f"检查程序出错：{type(fault).__name__}: {fault}（{_place(fault)}）")
    if any(f.severity is Severity.PROBLEM for f in findings):
        status = Status.FAILED
    else:
        status = Status.UNTESTED if reason else Status.PASSED
    return end(status, tuple(findings), reason, in_doubt)


def suspension(subject: Subject, site: Site | None, now: datetime) -> str:
    """Why a subject is not to be tested at present; empty where it is. ``site`` is the site of a column.

    A filed 临时下线 suspends the checks to the end of its last day (国办发〔2017〕47号; domain.md §3.6).
    """
    if isinstance(subject, Account):
        return _account_suspension(subject)
    if isinstance(subject, Site):
        return _site_suspension(subject, now)
    return _site_suspension(site, now) if site is not None else ""


def watched(subject: Subject, site: Site | None = None) -> bool:
    """Whether a subject belongs to the scope of a round at all: what is closed for good does not."""
    if isinstance(subject, Account):
        return subject.status not in _ENDED_ACCOUNTS
    owner = site if isinstance(subject, Column) else subject
    return owner is None or owner.status is not SiteStatus.CLOSED


def _site_suspension(site: Site, now: datetime) -> str:
    if site.status is SiteStatus.CLOSED:
        return "网站已永久下线，不检测"
    if site.status is not SiteStatus.SUSPENDED:
        return ""
    if site.suspended_until is None:
        return "网站已备案临时下线（台账未填恢复日期），暂不检测"
    if local_day(now) <= site.suspended_until:
        return f"网站已备案临时下线（至 {site.suspended_until}），暂不检测"
    return ""


def _seen_at(finding: Finding, moments: Mapping[int, datetime]) -> datetime | None:
    return max((moments[id_] for id_ in finding.evidence if id_ in moments), default=None)


def _account_suspension(account: Account) -> str:
    if account.status in _ENDED_ACCOUNTS:
        return f"账号{account.status}，不检测"
    if account.status is AccountStatus.MOVED:
        return "账号已迁移，请在台账登记新账号；原账号不检测"
    if account.status is AccountStatus.PAUSED:
        return "账号停更并已公告，是否认定由主管单位决定，不检测"
    return ""


def _place(fault: Exception) -> str:
    frame = traceback.extract_tb(fault.__traceback__)[-1]
    return f"{frame.filename.replace(chr(92), '/').rsplit('/', 1)[-1]}:{frame.lineno}"
