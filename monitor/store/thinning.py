"""The record grows by rule: old visits become figures, readings that only repeat their neighbours go, what nothing
cites goes at last. Judged facts stay as they were seen: whoever calls gives bounds beyond every check's window.

    a subject's facts ── figures of the day's visits ──▶ visit_day
                      ── middle of a run of equal readings ──▶ gone
                      ── all but the first of a week's surveys ──▶ gone
                      ── beyond the last bound ──▶ gone             (cited ones and a person's answers stay, always)
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Text, bindparam, cast, delete, insert, select, update

from checks.core.calendar import SHANGHAI, local_day
from checks.core.ipv6.facts import FamilyComparison, InnerLinkSurvey, NameServiceSurvey, OutsideSurvey
from checks.core.model import Ref
from checks.core.observations import (
    AccountReading,
    AddressSurvey,
    AppListing,
    ListReading,
    Outcome,
    PageVisit,
    RegistryPeers,
)
from monitor.store import contents
from monitor.store.sql import batches, table_of
from monitor.store.tables import EventRow, FindingRow, ObservationRow, RoundRow, VisitDayRow

RUNS = tuple(
    cls.kind for cls in (ListReading, AccountReading, AppListing, RegistryPeers, InnerLinkSurvey, OutsideSurvey)
)
"""Kinds of which a run of equal ones says no more than its first and its last."""

WEEKLY = tuple(cls.kind for cls in (AddressSurvey, NameServiceSurvey, FamilyComparison))
"""Daily kinds of which no two are quite equal (they hold times, or a page that changes): one a week is enough."""

_FACTS = table_of(ObservationRow)
_DAYS = table_of(VisitDayRow)
_BY_HAND = "manual:"
_BATCH = 500
_OPENED = (Outcome.OK, Outcome.TOO_LARGE)


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """What is old. ``raw`` is, by kind, before when facts may be thinned; ``gone`` before when they may go at all."""

    raw: Mapping[str, datetime]
    gone: datetime


@dataclass(frozen=True, kw_only=True)
class VisitDay:
    """The figures of one day's visits. ``hours`` holds [hour, visits, opened, worst seconds]; a day is Beijing's."""

    subject: Ref
    day: date
    family: int
    vantage: str
    visits: int
    outcomes: Mapping[str, int]
    mean_seconds: float | None
    worst_seconds: float | None
    hours: Sequence[Sequence[Any]]


def observed_subjects(connection: Connection) -> list[str]:
    """Everyone of whom there are facts, on the register or not."""
    return list(connection.execute(select(_FACTS.c.subject).distinct().order_by(_FACTS.c.subject)).scalars())


def cited(connection: Connection) -> set[int]:
    """The facts that a standing finding or any event of the ledger cites."""
    findings = connection.execute(select(table_of(FindingRow).c.finding)).scalars()
    events = connection.execute(select(table_of(EventRow).c.evidence)).scalars()
    return {id_ for finding in findings for id_ in finding.get("evidence", ())} | {i for ids in events for i in ids}


def thin(connection: Connection, subjects: Iterable[str], bounds: Bounds, *, keep: Collection[int]) -> int:
    """Thin the facts of subjects, in this transaction. How many went."""
    going: list[Any] = []
    for subject in subjects:
        visits = _old_visits(connection, subject, bounds)
        _keep_figures(connection, subject, visits)
        _drop_hours(connection, subject, bounds.gone)
        going += visits
        for kind in RUNS:
            going += _surplus(connection, subject, kind, bounds)
        for kind in WEEKLY:
            going += _of_weeks(connection, subject, kind, bounds)
        going += _outdated(connection, subject, bounds)
    rows = {row.id: row for row in going if row.id not in keep and not row.vantage.startswith(_BY_HAND)}
    for batch in batches(rows, _BATCH):
        connection.execute(delete(_FACTS).where(_FACTS.c.id == bindparam("gone")), [{"gone": id_} for id_ in batch])
    contents.drop_unused(connection, (row.content for row in rows.values() if row.content is not None))
    return len(rows)


def drop_rounds(connection: Connection, before: datetime) -> None:
    """Forget the rounds before a time."""
    rounds = table_of(RoundRow)
    connection.execute(delete(rounds).where(rounds.c.at < before))


def visit_days(connection: Connection, ref: Ref, since: date, until: date) -> list[VisitDay]:
    """The figures of a site's days, both included, oldest first."""
    query = (
        select(_DAYS)
        .where(_DAYS.c.subject == str(ref), _DAYS.c.day >= since, _DAYS.c.day <= until)
        .order_by(_DAYS.c.day, _DAYS.c.family, _DAYS.c.vantage)
    )
    return [VisitDay(**{**row, "subject": ref}) for row in map(dict, connection.execute(query).mappings())]


_ROW = (_FACTS.c.id, _FACTS.c.at, _FACTS.c.vantage, _FACTS.c.facts, _FACTS.c.content)


def _of(subject: str, kind: str) -> Any:
    return select(*_ROW).where(_FACTS.c.subject == subject, _FACTS.c.kind == kind).order_by(_FACTS.c.at, _FACTS.c.id)


def _bare(subject: str) -> Any:
    """A subject's facts without what they say."""
    columns = (_FACTS.c.id, _FACTS.c.kind, _FACTS.c.at, _FACTS.c.vantage, _FACTS.c.content)
    return select(*columns).where(_FACTS.c.subject == subject).order_by(_FACTS.c.at, _FACTS.c.id)


def _old_visits(connection: Connection, subject: str, bounds: Bounds) -> list[Any]:
    before = bounds.raw[PageVisit.kind]
    return list(connection.execute(_of(subject, PageVisit.kind).where(_FACTS.c.at < before)))


def _keep_figures(connection: Connection, subject: str, visits: Sequence[Any]) -> None:
    """Figures of whole days, each once: what is left of a day later are cited visits, which were counted."""
    days: dict[tuple[date, int, str], list[Any]] = defaultdict(list)
    for row in visits:
        days[local_day(row.at), row.facts["family"], row.vantage].append(row)
    if not days:
        return
    known = select(_DAYS.c.day, _DAYS.c.family, _DAYS.c.vantage).where(_DAYS.c.subject == subject)
    there = {tuple(row) for row in connection.execute(known.where(_DAYS.c.day >= min(day for day, _, _ in days)))}
    rows = [{"subject": subject} | _figures(place, rows) for place, rows in days.items() if place not in there]
    if rows:
        connection.execute(insert(_DAYS), rows)


def _drop_hours(connection: Connection, subject: str, before: datetime) -> None:
    """Of days so long ago the day's own figures are enough."""
    old = _DAYS.c.subject == subject, _DAYS.c.day < local_day(before), cast(_DAYS.c.hours, Text) != "[]"
    connection.execute(update(_DAYS).where(*old).values(hours=[]))


def _figures(place: tuple[date, int, str], visits: Sequence[Any]) -> dict[str, Any]:
    seconds = [row.facts["seconds"] for row in visits if row.facts.get("seconds") is not None]
    hours: dict[int, list[Any]] = defaultdict(list)
    for row in visits:
        hours[row.at.astimezone(SHANGHAI).hour].append(row.facts)
    day, family, vantage = place
    return {
        "day": day,
        "family": family,
        "vantage": vantage,
        "visits": len(visits),
        "outcomes": dict(Counter(row.facts["outcome"] for row in visits)),
        "mean_seconds": round(sum(seconds) / len(seconds), 3) if seconds else None,
        "worst_seconds": max(seconds, default=None),
        "hours": [
            [
                hour,
                len(seen),
                sum(facts["outcome"] in _OPENED for facts in seen),
                max((facts["seconds"] for facts in seen if facts.get("seconds") is not None), default=None),
            ]
            for hour, seen in sorted(hours.items())
        ],
    }


def _surplus(connection: Connection, subject: str, kind: str, bounds: Bounds) -> Iterator[Any]:
    """Readings that say what the one before and the one after say."""
    before, query = bounds.raw[kind], _of(subject, kind)
    rows = list(connection.execute(query.where(_FACTS.c.at < before)))
    if len(rows) > 1:
        rows += connection.execute(query.where(_FACTS.c.at >= before).limit(1))
    for previous, row, following in zip(rows, rows[1:], rows[2:], strict=False):
        if _same(previous, row) and _same(row, following):
            yield row


def _of_weeks(connection: Connection, subject: str, kind: str, bounds: Bounds) -> Iterator[Any]:
    """All but the first of each week, of Beijing and from Monday, and vantage."""
    weeks: set[tuple[int, int, str]] = set()
    for row in connection.execute(_bare(subject).where(_FACTS.c.kind == kind, _FACTS.c.at < bounds.raw[kind])):
        week = (*local_day(row.at).isocalendar()[:2], row.vantage)
        if week in weeks:
            yield row
        weeks.add(week)


def _same(one: Any, other: Any) -> bool:
    return bool(
        one.content == other.content and one.vantage == other.vantage and _telling(one.facts) == _telling(other.facts)
    )


_MOVING = ("covered_from",)
"""What is another every day although the source says the same."""


def _telling(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if name not in _MOVING}


def _outdated(connection: Connection, subject: str, bounds: Bounds) -> list[Any]:
    rows = connection.execute(_bare(subject).where(_FACTS.c.at < bounds.gone))
    return [row for row in rows if row.at < bounds.raw.get(row.kind, bounds.gone)]


def bounds_of(
    *,
    now: datetime,
    raw_days: int,
    fact_days: int,
    windows: Mapping[str, timedelta],
    kinds: Iterable[str],
) -> Bounds:
    """The bounds by settings, drawn back behind all that checks read (``windows`` by kind). Whole days of Beijing."""
    margin = timedelta(days=2)

    def start_of_day(moment: datetime) -> datetime:
        return moment.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)

    raw = {
        kind: start_of_day(now - max(timedelta(days=raw_days), windows.get(kind, timedelta()) + margin))
        for kind in kinds
    }
    gone = start_of_day(now - timedelta(days=max(fact_days, raw_days)))
    return Bounds(raw=raw, gone=gone)
