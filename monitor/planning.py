"""Which probe goes to whom in a collecting round. Pure: what is due follows from the record, by ``monitor.due``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from checks import Account, Check, Column, Ref, Site, Subject
from checks.core.assess import watched
from checks.core.model import SiteStatus
from monitor.due import NOTHING_URGENT, USUAL, Rhythm, Urgency, groups_of, is_due
from monitor.probing import Probe


@dataclass(frozen=True)
class Task:
    """One probe to send to one subject."""

    probe: Probe
    subject: Subject


def needed_probes(checks: Iterable[Check], probes: Mapping[str, Probe]) -> list[Probe]:
    """The probes that yield what these checks read. Checks say what they read, probes what they yield."""
    read = {kind for check in checks for kind in check.reads}
    on = {check.on for check in checks}
    return [p for p in probes.values() if p.on in on and any(kind in read for kind in p.yields)]


def plan(
    subjects: Iterable[Subject],
    probes: Collection[Probe],
    *,
    now: datetime,
    last_runs: Mapping[tuple[str, Ref], datetime] | None = None,
    rhythm: Rhythm = USUAL,
    urgency: Urgency = NOTHING_URGENT,
) -> list[Task]:
    """The tasks of a round: all, or where ``last_runs`` is given those that are due, the longest overdue first.

    What is closed for good is visited by the probes made for that, and by no other, an account where its source is
    known; a site filed as offline for a time is visited, and not ruled on.
    """
    tasks = [Task(probe, subject) for subject, probe in _pairs(list(subjects), probes)]
    if last_runs is None:
        # What is due most often goes first: a crawl of hours must not hold up a visit of seconds.
        return sorted(tasks, key=lambda task: rhythm.of(task.probe))
    sizes = Counter(task.probe.id for task in tasks)
    groups = {probe.id: groups_of(probe, sizes[probe.id]) for probe in probes}
    due = [
        task
        for task in tasks
        if is_due(
            task.probe,
            ref := task.subject.ref,
            last_runs.get((task.probe.id, ref)),
            now=now,
            rhythm=rhythm,
            urgency=urgency,
            groups=groups[task.probe.id],
        )
    ]
    never = datetime.min.replace(tzinfo=now.tzinfo)
    return sorted(due, key=lambda t: (rhythm.of(t.probe), last_runs.get((t.probe.id, t.subject.ref), never)))


def _pairs(subjects: list[Subject], probes: Collection[Probe]) -> Iterable[tuple[Subject, Probe]]:
    sites = {s.id: s for s in subjects if isinstance(s, Site)}
    for subject in subjects:
        if isinstance(subject, Account):
            closed = subject.ended and bool(subject.source)
        else:
            closed = isinstance(subject, Site) and subject.status is SiteStatus.CLOSED
        if closed or watched(subject, sites.get(subject.site_id) if isinstance(subject, Column) else None):
            for probe in probes:
                if isinstance(subject, probe.on) and probe.closed is closed:
                    yield subject, probe
