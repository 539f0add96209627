"""Collecting rounds, and when each probe last looked at each subject: what is due follows from it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, insert, select

from checks.core.model import Ref
from monitor.due import CLOCK_TOLERANCE, Look
from monitor.store.sql import batches, table_of, upsert
from monitor.store.tables import ProbeRunRow, RoundRow

_RUNS = table_of(ProbeRunRow)
_ROUNDS = table_of(RoundRow)
_BATCH = 500


@dataclass(frozen=True, kw_only=True)
class ProbeRun:
    """A probe looked at a subject, whether or not it saw anything."""

    probe: str
    subject: Ref
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Round:
    """One collecting round. ``held_back`` says why nothing was recorded, and is empty where the round was held."""

    at: datetime
    vantage: str
    families: frozenset[int]
    tasks: int
    held_back: str = ""


def add_runs(connection: Connection, runs: Iterable[ProbeRun]) -> None:
    """Remember when probes looked; the later time wins, unless it lies in the future."""
    newest: dict[tuple[str, str], datetime] = {}
    for run in runs:
        place = (run.probe, str(run.subject))
        newest[place] = max(run.at, newest.get(place, run.at))
    rows = [{"probe": probe, "subject": subject, "at": at} for (probe, subject), at in newest.items()]
    if rows:
        believable = max(newest.values()) + CLOCK_TOLERANCE
        upsert(
            connection, _RUNS, rows, merge={"at": lambda old, new: case((old.between(new, believable), old), else_=new)}
        )


def last_runs(
    connection: Connection, probes: Collection[str] | None = None, subjects: Collection[Ref] | None = None
) -> dict[Look, datetime]:
    """When each probe last looked at each subject: all, or only of these probes, and of these subjects."""
    query = select(_RUNS.c.probe, _RUNS.c.subject, _RUNS.c.at)
    if probes is not None:
        query = query.where(_RUNS.c.probe.in_(probes))
    if subjects is None:
        return _by_look(connection.execute(query))
    found: dict[Look, datetime] = {}
    for batch in batches(sorted(map(str, subjects)), _BATCH):
        found |= _by_look(connection.execute(query.where(_RUNS.c.subject.in_(batch))))
    return found


def _by_look(rows: Iterable[Any]) -> dict[Look, datetime]:
    return {(probe, Ref.parse(subject)): at for probe, subject, at in rows}


def add_round(connection: Connection, round_: Round) -> None:
    connection.execute(
        insert(_ROUNDS).values(
            at=round_.at,
            vantage=round_.vantage,
            families=sorted(round_.families),
            tasks=round_.tasks,
            held_back=round_.held_back,
        )
    )


def rounds(connection: Connection, since: datetime, until: datetime) -> list[Round]:
    """The rounds between two times, both included, oldest first."""
    query = select(_ROUNDS).where(_ROUNDS.c.at >= since, _ROUNDS.c.at <= until).order_by(_ROUNDS.c.at, _ROUNDS.c.id)
    return [
        Round(
            at=row.at,
            vantage=row.vantage,
            families=frozenset(row.families),
            tasks=row.tasks,
            held_back=row.held_back,
        )
        for row in connection.execute(query)
    ]
