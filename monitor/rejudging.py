"""A past period under another edition: its facts ruled on again, and the verdicts beside those given. No writing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from checks import Account, Check, Ref, Site
from checks.core.assess import Assessment
from checks.core.calendar import Period
from checks.core.standard import Standard, Verdict
from monitor.errors import UsageError
from monitor.inspection import rule_on, verdicts
from monitor.store import Store


@dataclass(frozen=True, kw_only=True)
class Rejudged:
    """A subject's verdict in the period as it was given, and as the other edition gives it."""

    subject: Ref
    name: str
    given: Verdict | None
    again: Verdict


@dataclass(frozen=True, kw_only=True)
class Rejudging:
    """A period ruled on again: at which moments, and what came of it."""

    period: Period
    moments: tuple[datetime, ...]
    assessments: tuple[Assessment, ...]
    verdicts: tuple[Rejudged, ...]


def rejudge(
    store: Store, standard: Standard, other: Standard, checks: Collection[Check], *, period: Period
) -> Rejudging:
    """Rule again on whatever the period holds rulings of, each as of the moment at which it was ruled on.

    The facts are those on record and the subjects as now registered: what was pruned or removed since is not seen.
    ``standard`` is the edition of the verdicts given. Raises ``UsageError`` where the period was never inspected.
    """
    held = store.assessments([str(p) for p in dict.fromkeys((period, *period.quarters))])
    if not held:
        raise UsageError(f"{period.title}没有判定记录，无从复算")
    moments: dict[datetime, set[tuple[str, Ref]]] = {}
    for assessment in held:
        moments.setdefault(assessment.at, set()).add((assessment.check, assessment.subject))
    again: list[Assessment] = []
    for at, asked in sorted(moments.items()):
        ruled = rule_on(store, other, checks, now=at, only={ref for _, ref in asked})
        again += [a for a in ruled if (a.check, a.subject) in asked]
    subjects = store.subjects()
    before, after = verdicts(standard, subjects, held), verdicts(other, subjects, again)
    return Rejudging(
        period=period,
        moments=tuple(sorted(moments)),
        assessments=tuple(again),
        verdicts=tuple(
            Rejudged(subject=s.ref, name=s.name, given=before.get(s.ref), again=after[s.ref])
            for s in subjects
            if isinstance(s, Site | Account) and s.ref in after
        ),
    )


def changed(rejudging: Rejudging) -> Sequence[Rejudged]:
    """Those whose result or score differs."""
    return [
        r
        for r in rejudging.verdicts
        if r.given is None or (r.given.result, r.given.score) != (r.again.result, r.again.score)
    ]
