"""Read and rule: one inspecting round. It visits nobody; the same record, limits and ``now`` give the same rulings.

scope | store.histories | assess | reconcile | store.commit_inspection (one transaction)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from checks import Account, Check, Column, History, Observation, Ref, Site, Subject
from checks.core.assess import Assessment, Status, assess, suspension, watched
from checks.core.calendar import Period
from checks.core.ledger import Action
from checks.core.model import SiteStatus
from checks.core.standard import Standard, Verdict, judge
from checks.core.suspensions import filed_reason, outside_filed
from monitor.collect import Progress
from monitor.store import Store
from monitor.store.judgement import Inspection

# Subjects whose histories are held in memory at once.
CHUNK = 200


@dataclass(frozen=True)
class InspectionResult:
    """What a round ruled: assessments by status, and what it did to the ledger."""

    period: Period
    assessments: tuple[Assessment, ...]
    opened_by_check: Mapping[str, int]
    recurred: int
    proposed: int

    @property
    def opened(self) -> int:
        return sum(self.opened_by_check.values())

    @property
    def by_status(self) -> Mapping[Status, int]:
        return Counter(a.status for a in self.assessments)


def inspect(
    store: Store,
    standard: Standard,
    checks: Collection[Check],
    *,
    now: datetime,
    period: Period,
    only: Collection[Ref] | None = None,
    auto_close: bool = False,
    progress: Progress | None = None,
) -> InspectionResult:
    """Rule on every watched subject, or on ``only`` these, by ``checks``, and commit the rulings at once."""
    assessments = rule_on(store, standard, checks, now=now, only=only, progress=progress)
    changes = store.commit_inspection(
        Inspection(at=now, period=str(period), edition=standard.edition, assessments=assessments),
        auto_close=auto_close,
    )
    actions = Counter(event.action for event in changes.events)
    return InspectionResult(
        period=period,
        assessments=tuple(assessments),
        opened_by_check=Counter(e.finding["check"] for e in changes.events if e.action is Action.FOUND),
        recurred=actions[Action.RECURRED],
        proposed=actions[Action.RECHECK_PASSED],
    )


def rule_on(
    store: Store,
    standard: Standard,
    checks: Collection[Check],
    *,
    now: datetime,
    only: Collection[Ref] | None = None,
    progress: Progress | None = None,
) -> list[Assessment]:
    """The rulings on every watched subject, or on ``only`` these, as of ``now``. It keeps nothing.

    What is closed for good is ruled on by the checks that are for that alone.
    """
    progress = progress or Progress()
    subjects = store.subjects()
    sites = {s.id: s for s in subjects if isinstance(s, Site)}
    suspended = store.suspensions.all()
    chosen = [s for s in subjects if only is None or s.ref in only]
    scope = [s for s in chosen if _closed(s) or watched(s, owning_site(s, sites))]
    progress.started("inspect", len(scope))

    assessments: list[Assessment] = []
    for subject, history in _histories(store, scope, checks, standard, now):
        closed = _closed(subject)
        reason = suspension(subject, owning_site(subject, sites), now) or filed_reason(suspended, subject.ref, now)
        if closed:
            reason = ""
        history = outside_filed(suspended, subject.ref, history)
        for check in checks:
            if isinstance(subject, check.on) and check.closed is closed:
                limits = standard.limits[check.id]
                seen = _window(history, check, limits, now)
                if (closed and not seen) or (check.keyed and (not seen or check.exempt(subject, limits))):
                    continue
                assessments.append(assess(check, subject, seen, limits=limits, now=now, suspension=reason))
        progress.advanced("inspect")
    return assessments


def verdicts(standard: Standard, subjects: Sequence[Subject], assessments: Sequence[Assessment]) -> dict[Ref, Verdict]:
    """The verdict on each site (with its columns) and account that was assessed."""
    by_owner: dict[Ref, list[Assessment]] = {}
    for assessment in assessments:
        by_owner.setdefault(_owner(assessment.subject), []).append(assessment)
    return {
        subject.ref: judge(standard, subject, by_owner[subject.ref])
        for subject in subjects
        if isinstance(subject, Site | Account) and subject.ref in by_owner and not _closed(subject)
    }


def owning_site(subject: Subject, sites: Mapping[str, Site]) -> Site | None:
    """The site that a site or a column belongs to; nothing for an account."""
    match subject:
        case Site():
            return subject
        case Column():
            return sites.get(subject.site_id)
        case Account():
            return None


def _closed(subject: Subject) -> bool:
    """A site or account closed for good: it gets no verdict, and only what was seen of it since is read."""
    if isinstance(subject, Account):
        return subject.ended
    return isinstance(subject, Site) and subject.status is SiteStatus.CLOSED


def _owner(ref: Ref) -> Ref:
    return Ref("site", ref.id.partition("/")[0]) if ref.kind == "column" else ref


def _histories(
    store: Store, scope: Sequence[Subject], checks: Collection[Check], standard: Standard, now: datetime
) -> Iterator[tuple[Subject, list[Observation]]]:
    """Each subject with all that its checks may read, a chunk of subjects in memory at a time."""
    for on in (Site, Column, Account):
        since: dict[type[Observation], datetime] = {}
        for check in checks:
            if check.on is on:
                start = now - check.within(standard.limits[check.id])
                for kind in check.reads:
                    since[kind] = min(since.get(kind, start), start)
        subjects = [s for s in scope if isinstance(s, on)]
        for first in range(0, len(subjects), CHUNK):
            chunk = {s.ref: s for s in subjects[first : first + CHUNK]}
            for ref, history in store.histories(list(chunk), since, until=now):
                yield chunk[ref], history


def _window(history: Sequence[Observation], check: Check, limits: object, now: datetime) -> History:
    start = now - check.within(limits)
    return History(o for o in history if isinstance(o, check.reads) and o.at > start)
