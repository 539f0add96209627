"""Alarms in the database: what an alert round reads before it plans, and keeps after it. The planning is not here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, delete, select

from checks.core.alarms import FOUND, Alarm, looks_of_ruling
from checks.core.assess import Assessment
from checks.core.calendar import local_day
from checks.core.entries import Entry
from checks.core.model import Subject, Unit
from checks.core.notices import Tiding
from checks.core.suspensions import Suspension
from monitor.store import judgement, ledger, registry
from monitor.store.sql import batches, insert_into, later, table_of, upsert
from monitor.store.suspensions import suspensions
from monitor.store.tables import AlarmMarkRow, AlarmRow, NoticeRow

_ALARMS = table_of(AlarmRow)
_MARKS = table_of(AlarmMarkRow)
_NOTICES = table_of(NoticeRow)
_ALARM = TypeAdapter(Alarm)
_TIDING = TypeAdapter(Tiding)
_RULINGS = "rulings"
_READ_AGAIN = timedelta(hours=1)
"""An inspection is dated by its start and kept at its end, so another may be kept before it. An alarm counts no ruling
twice, so what is read again does no harm."""


class NoticeState(StrEnum):
    """What became of a notice. ``failed`` is put aside until a person sends it again or drops it."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"


@dataclass(frozen=True, kw_only=True)
class Known:
    """What a planner is handed: the rulings that the alarms have not read, and all that it takes to weigh them.

    ``inspection`` is the number of the newest inspection among them; without a newer one there is nothing to read.
    """

    rulings: Sequence[Assessment]
    inspection: int
    alarms: Mapping[str, Alarm]
    entries: Mapping[str, Entry]
    units: Sequence[Unit]
    subjects: Sequence[Subject]
    suspensions: Sequence[Suspension]


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A notice to be queued."""

    identity: str
    channel: str
    recipient: str
    tiding: Tiding
    not_before: datetime


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a planner makes of it: every alarm as it is after, and what is to be told."""

    alarms: Mapping[str, Alarm]
    tidings: tuple[Tiding, ...]
    drafts: tuple[Draft, ...]


Planner = Callable[[Known], Plan]


def read_known(connection: Connection, now: datetime) -> Known:
    """What a planner is handed, as it stands in this transaction."""
    mark = connection.execute(select(_MARKS).where(_MARKS.c.name == _RULINGS)).one_or_none()
    newest = judgement.latest_inspection(connection)
    if mark is not None and mark.inspection == newest:
        rulings = []
    else:
        rulings = judgement.assessments(connection, None, after=None if mark is None else mark.at - _READ_AGAIN)
    found = {look.concern.id: look.concern for ruling in rulings for look in looks_of_ruling(ruling, ())}
    alarms = _alarms(connection, found)
    concerns = [*found.values(), *(alarm.concern for alarm in alarms.values())]
    return Known(
        rulings=rulings,
        inspection=newest,
        alarms=alarms,
        entries=ledger.entries_to_weigh(
            connection, {concern.entry for concern in concerns if concern.subject}, today=local_day(now)
        ),
        units=registry.units(connection),
        subjects=[*registry.sites(connection), *registry.columns(connection), *registry.accounts(connection)],
        suspensions=suspensions(connection),
    )


def _alarms(connection: Connection, ids: Iterable[str]) -> dict[str, Alarm]:
    """The active alarms, and those with these ids."""
    rows = list(connection.execute(select(_ALARMS.c.id, _ALARMS.c.alarm).where(_ALARMS.c.active)))
    for batch in batches(ids, 500):
        rows += connection.execute(select(_ALARMS.c.id, _ALARMS.c.alarm).where(_ALARMS.c.id.in_(batch)))
    return {row.id: _ALARM.validate_python(row.alarm) for row in rows}


def keep_plan(connection: Connection, known: Known, plan: Plan, now: datetime) -> None:
    changed = [alarm for alarm in plan.alarms.values() if known.alarms.get(alarm.id) != alarm]
    upsert(
        connection,
        _ALARMS,
        [
            {"id": alarm.id, "active": _active(alarm), "alarm": _ALARM.dump_python(alarm, mode="json")}
            for alarm in changed
        ],
    )
    for batch in batches((id_ for id_ in known.alarms if id_ not in plan.alarms), 500):
        connection.execute(delete(_ALARMS).where(_ALARMS.c.id.in_(batch)))
    if plan.drafts:
        statement = insert_into(connection, _NOTICES).on_conflict_do_nothing(index_elements=["identity"])
        connection.execute(statement, [_row(draft, now) for draft in plan.drafts])
    if known.rulings:
        mark = max(ruling.at for ruling in known.rulings)
        row = {"name": _RULINGS, "at": mark, "inspection": known.inspection}
        upsert(connection, _MARKS, [row], merge={"at": later})


def _active(alarm: Alarm) -> bool:
    return FOUND in alarm.looks or any(told.firing for told in alarm.told.values())


def _row(draft: Draft, now: datetime) -> dict[str, Any]:
    return {
        "identity": draft.identity,
        "channel": draft.channel,
        "recipient": draft.recipient,
        "tiding": _TIDING.dump_python(draft.tiding, mode="json"),
        "created": now,
        "not_before": draft.not_before,
        "state": NoticeState.WAITING.value,
        "attempts": 0,
        "claim": "",
        "claimed_until": None,
        "message": "",
        "sent_at": None,
        "error": "",
    }
