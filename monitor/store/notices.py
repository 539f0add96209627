"""The outbox: what is to be told, to whom, and what became of it.

plan:    what is new ──▶ planner (pure) ──▶ alarms, notices                        one transaction
send:    claim (a conditional update that lapses) ──▶ the channel ──▶ settle       killed between: claimed again
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, and_, case, delete, func, or_, select, text, update

from checks.core.notices import Tiding
from monitor.store.alarms import NoticeState, Plan, Planner, keep_plan, read_known
from monitor.store.engine import Database
from monitor.store.sql import batches, table_of
from monitor.store.tables import NoticeRow

TROUBLING = 3
"""Attempts after which a channel counts as ailing."""

_NOTICES = table_of(NoticeRow)
_TIDING = TypeAdapter(Tiding)


@dataclass(frozen=True, kw_only=True)
class Notice:
    """One notice as it stands."""

    id: int
    channel: str
    recipient: str
    tiding: Tiding
    created: datetime
    not_before: datetime
    state: NoticeState
    attempts: int
    sent_at: datetime | None = None
    error: str = ""


@dataclass(frozen=True, kw_only=True)
class Claim:
    """What a sender holds until ``until``: all that is due to one recipient over one channel."""

    token: str
    channel: str
    recipient: str
    until: datetime
    notices: tuple[Notice, ...]


class Outbox:
    """Each call is a transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def plan(self, planner: Planner, *, now: datetime) -> Plan:
        """Let a planner weigh what is new, and keep what it says. Two at once take turns."""
        with self._database.writing() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(7863)"))
            known = read_known(connection, now)
            plan = planner(known)
            keep_plan(connection, known, plan, now)
            return plan

    def preview(self, planner: Planner, *, now: datetime) -> Plan:
        """What ``plan`` would say; nothing is kept."""
        with self._database.reading() as connection:
            return planner(read_known(connection, now))

    def claim(self, channel: str, *, now: datetime, lapse: timedelta) -> Claim | None:
        """Take all that is due to the recipient who has waited longest; ``None`` where nothing is due."""
        with self._database.writing() as connection:
            due = and_(_NOTICES.c.channel == channel, _due(now))
            query = select(_NOTICES.c.recipient).where(due).order_by(_NOTICES.c.not_before, _NOTICES.c.id).limit(1)
            recipient = connection.execute(query).scalar()
            if recipient is None:
                return None
            token, until = uuid4().hex, now + lapse
            connection.execute(
                update(_NOTICES)
                .where(due, _NOTICES.c.recipient == recipient)
                .values(claim=token, claimed_until=until, attempts=_NOTICES.c.attempts + 1)
            )
            query = select(_NOTICES).where(_NOTICES.c.claim == token).order_by(_NOTICES.c.id)
            taken = tuple(_notice(row) for row in connection.execute(query).mappings())
        if not taken:
            return None
        return Claim(token=token, channel=channel, recipient=recipient, until=until, notices=taken)

    def sent(self, claim: Claim, ids: Iterable[int], *, message: str, at: datetime) -> None:
        """Notices of a claim arrived, in one message."""
        self._settle(claim, ids, state=NoticeState.SENT.value, message=message, sent_at=at, error="")

    def failed(self, claim: Claim, ids: Iterable[int], *, error: str, again_at: datetime | None) -> None:
        """Notices of a claim did not arrive: to be tried again, or put aside where ``again_at`` is ``None``."""
        if again_at is None:
            self._settle(claim, ids, state=NoticeState.FAILED.value, error=error)
        else:
            self._settle(claim, ids, state=NoticeState.WAITING.value, error=error, not_before=again_at)

    def put_back(self, claim: Claim, ids: Iterable[int]) -> None:
        """Notices of a claim were not tried."""
        self._settle(claim, ids, attempts=_NOTICES.c.attempts - 1)

    def messages_since(self, channel: str, since: datetime) -> list[datetime]:
        """When messages went out over a channel after a moment, oldest first."""
        query = (
            select(func.max(_NOTICES.c.sent_at))
            .where(_NOTICES.c.channel == channel, _NOTICES.c.sent_at > since)
            .group_by(_NOTICES.c.message, _NOTICES.c.recipient)
        )
        with self._database.reading() as connection:
            return sorted(connection.execute(query).scalars())

    def give_up(self, *, created_before: datetime, now: datetime, channels: Collection[str]) -> int:
        """Put aside what was tried in vain for too long, or is for none of these channels; returns how many."""
        orphan = _NOTICES.c.channel.not_in(list(channels))
        statement = (
            update(_NOTICES)
            .where(_due(now), _NOTICES.c.created < created_before, or_(_NOTICES.c.attempts > 0, orphan))
            .values(
                state=NoticeState.FAILED.value,
                claim="",
                claimed_until=None,
                error=case((orphan, "设置里已没有这个通道"), else_=_NOTICES.c.error),
            )
        )
        with self._database.writing() as connection:
            return connection.execute(statement).rowcount

    def reopen(self, *, now: datetime, channel: str | None = None) -> int:
        """Let what was put aside be sent again; returns how many. Its channel ails until it has arrived."""
        tried = case((_NOTICES.c.attempts < TROUBLING, TROUBLING), else_=_NOTICES.c.attempts)
        values = {"state": NoticeState.WAITING.value, "not_before": now, "created": now, "attempts": tried}
        return self._turn_failed(values, channel)

    def drop(self, *, channel: str | None = None) -> int:
        """Let what was put aside never be sent; returns how many."""
        return self._turn_failed({"state": NoticeState.DROPPED.value}, channel)

    def notices(self, *, states: Sequence[NoticeState] = tuple(NoticeState), limit: int | None = None) -> list[Notice]:
        """Notices in these states, newest first."""
        query = (
            select(_NOTICES)
            .where(_NOTICES.c.state.in_([state.value for state in states]))
            .order_by(_NOTICES.c.id.desc())
            .limit(limit)
        )
        with self._database.reading() as connection:
            return [_notice(row) for row in connection.execute(query).mappings()]

    def forget(self, *, before: datetime) -> int:
        """Delete what was sent or dropped before a moment; the alarms remember that it was told."""
        old = and_(
            _NOTICES.c.state.in_([NoticeState.SENT.value, NoticeState.DROPPED.value]), _NOTICES.c.created < before
        )
        with self._database.writing() as connection:
            return connection.execute(delete(_NOTICES).where(old)).rowcount

    def _settle(self, claim: Claim, ids: Iterable[int], **values: Any) -> None:
        with self._database.writing() as connection:
            for batch in batches(ids, 500):
                connection.execute(
                    update(_NOTICES)
                    .where(_NOTICES.c.claim == claim.token, _NOTICES.c.id.in_(batch))
                    .values(claim="", claimed_until=None, **values)
                )

    def _turn_failed(self, values: Mapping[str, Any], channel: str | None) -> int:
        statement = update(_NOTICES).where(_NOTICES.c.state == NoticeState.FAILED.value)
        if channel is not None:
            statement = statement.where(_NOTICES.c.channel == channel)
        with self._database.writing() as connection:
            return connection.execute(statement.values(**values)).rowcount


def _due(now: datetime) -> ColumnElement[bool]:
    free = or_(_NOTICES.c.claimed_until.is_(None), _NOTICES.c.claimed_until <= now)
    return and_(_NOTICES.c.state == NoticeState.WAITING.value, _NOTICES.c.not_before <= now, free)


def _notice(row: Any) -> Notice:
    return Notice(
        id=row["id"],
        channel=row["channel"],
        recipient=row["recipient"],
        tiding=_TIDING.validate_python(row["tiding"]),
        created=row["created"],
        not_before=row["not_before"],
        state=NoticeState(row["state"]),
        attempts=row["attempts"],
        sent_at=row["sent_at"],
        error=row["error"],
    )
