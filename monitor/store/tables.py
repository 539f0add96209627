"""The tables. Rows do not leave this package: values go in and come out."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, ForeignKeyConstraint, Index, Integer, LargeBinary, String, Text, text
from sqlmodel import Field, SQLModel

# One order of keys everywhere: by code point, as Python and SQLite sort
_KEY = String().with_variant(String(collation="C"), "postgresql")
_SERIAL = BigInteger().with_variant(Integer(), "sqlite")

metadata = SQLModel.metadata
metadata.naming_convention = {  # a later migration can alter only what has a name
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UnitRow(SQLModel, table=True):
    __tablename__ = "unit"

    name: str = Field(primary_key=True, sa_type=_KEY)
    credit_code: str
    parent: str
    region: str
    level: str | None
    contact: str
    phone: str
    email: str


class SiteRow(SQLModel, table=True):
    __tablename__ = "site"

    id: str = Field(primary_key=True, sa_type=_KEY)
    name: str
    url: str
    kind: str
    sponsor: str
    supervisor: str
    region: str
    level: str | None
    status: str
    suspended_until: date | None


class ColumnRow(SQLModel, table=True):
    __tablename__ = "site_column"

    site_id: str = Field(primary_key=True, sa_type=_KEY, foreign_key="site.id")
    name: str = Field(primary_key=True, sa_type=_KEY)
    url: str
    category: str
    top_level: bool
    limit_days: int | None


class AccountRow(SQLModel, table=True):
    __tablename__ = "account"

    ref_id: str = Field(primary_key=True, sa_type=_KEY)  # Account.ref.id
    platform: str
    name: str
    account_id: str
    sponsor: str
    supervisor: str
    region: str
    level: str | None
    status: str
    opened_on: date | None
    followers: int | None = Field(sa_type=BigInteger)
    source: str
    feed_url: str
    last_published: date | None
    last_url: str
    variety: str
    operator: str
    home_url: str
    closed_on: date | None
    verified: bool | None
    filed: bool | None
    filing_no: str


class AccountEventRow(SQLModel, table=True):
    """分级备案: what became of an account and when, as each import told it. Append-only."""

    __tablename__ = "account_event"

    id: int | None = Field(default=None, primary_key=True)
    account: str = Field(sa_type=_KEY, index=True)
    step: str
    day: date | None
    at: datetime
    who: str
    detail: str = Field(sa_type=Text)


class SourceEventRow(SQLModel, table=True):
    """Who vouched for a feed source, or took that back. Append-only; the last word on an origin stands."""

    __tablename__ = "source_event"

    id: int | None = Field(default=None, primary_key=True)
    origin: str = Field(sa_type=_KEY, index=True)
    confirmed: bool
    who: str
    at: datetime
    note: str = Field(sa_type=Text)
    canary: str
    status_url: str


class DrawFrameRow(SQLModel, table=True):
    """A frame that was frozen for a draw, to the byte."""

    __tablename__ = "draw_frame"

    id: int | None = Field(default=None, primary_key=True)
    period: str = Field(sa_type=_KEY)
    kind: str
    sha256: str = Field(sa_type=_KEY, index=True)
    frozen_at: datetime
    frozen_by: str
    content: str = Field(sa_type=Text)


class DrawRecordRow(SQLModel, table=True):
    """The record of a draw, to the byte. Append-only; ``id`` is the order of the chain."""

    __tablename__ = "draw_record"

    id: int | None = Field(default=None, primary_key=True)
    period: str = Field(sa_type=_KEY)
    kind: str
    sha256: str = Field(sa_type=_KEY, unique=True)
    previous: str = Field(sa_type=_KEY, unique=True)  # two writers cannot both go on from one record
    frame_sha256: str = Field(sa_type=_KEY)
    content: str = Field(sa_type=Text)


class ObservationRow(SQLModel, table=True):
    """Every fact of every kind; ``facts`` holds the fields that are the kind's own."""

    __tablename__ = "observation"
    __table_args__ = (
        Index("observation_of_subject", "subject", "kind", "at"),
        Index(
            "observation_of_content",
            "content",
            sqlite_where=text("content IS NOT NULL"),
            postgresql_where=text("content IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, sa_column=Column(_SERIAL, primary_key=True, autoincrement=True))
    subject: str = Field(sa_type=_KEY)
    kind: str = Field(sa_type=_KEY)
    at: datetime
    vantage: str
    facts: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    content: int | None = Field(sa_column=Column(BigInteger, nullable=True))


class ContentRow(SQLModel, table=True):
    """The bulky parts of facts, each once under its digest: see ``contents``."""

    __tablename__ = "content"

    id: int = Field(sa_column=Column(_SERIAL, primary_key=True, autoincrement=False))
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class VisitDayRow(SQLModel, table=True):
    """What is left of a day's visits of a site: see ``thinning``. ``hours`` holds [hour, visits, opened, worst]."""

    __tablename__ = "visit_day"

    subject: str = Field(primary_key=True, sa_type=_KEY)
    day: date = Field(primary_key=True)
    family: int = Field(primary_key=True)
    vantage: str = Field(primary_key=True, sa_type=_KEY)
    visits: int
    outcomes: dict[str, int] = Field(sa_column=Column(JSON, nullable=False))
    mean_seconds: float | None
    worst_seconds: float | None
    hours: list[list[Any]] = Field(sa_column=Column(JSON, nullable=False))


class ProbeRunRow(SQLModel, table=True):
    """When a probe last looked at a subject: what is due follows from it."""

    __tablename__ = "probe_run"

    probe: str = Field(primary_key=True, sa_type=_KEY)
    subject: str = Field(primary_key=True, sa_type=_KEY)
    at: datetime


class RoundRow(SQLModel, table=True):
    __tablename__ = "round"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(index=True)
    vantage: str
    families: list[int] = Field(sa_column=Column(JSON, nullable=False))
    tasks: int
    held_back: str


class JobRow(SQLModel, table=True):
    """When the service last did one of its jobs."""

    __tablename__ = "job"

    name: str = Field(primary_key=True, sa_type=_KEY)
    at: datetime


class CrawlRow(SQLModel, table=True):
    """The last crawl of a site; ``finished`` once its facts are on record."""

    __tablename__ = "crawl"

    site_id: str = Field(primary_key=True, sa_type=_KEY)
    started: datetime
    finished: datetime | None = None


class CrawlLinkRow(SQLModel, table=True):
    """The frontier of an unfinished crawl, and what was found so far; of a finished one, what failed."""

    __tablename__ = "crawl_link"

    site_id: str = Field(primary_key=True, sa_type=_KEY, foreign_key="crawl.site_id", ondelete="CASCADE")
    url: str = Field(primary_key=True, sa_type=_KEY)
    failed: bool
    facts: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


class InspectionRow(SQLModel, table=True):
    __tablename__ = "inspection"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(index=True)
    period: str
    edition: str


class AssessmentRow(SQLModel, table=True):
    """The ruling in force of one check on one subject in one period."""

    __tablename__ = "assessment"

    period: str = Field(primary_key=True, sa_type=_KEY)
    check_id: str = Field(primary_key=True, sa_type=_KEY)
    subject: str = Field(primary_key=True, sa_type=_KEY)
    status: str
    reason: str = Field(sa_type=Text)
    at: datetime
    facts_at: datetime | None
    answered: list[dict[str, Any]] | None = Field(sa_column=Column(JSON(none_as_null=True), nullable=True))


class FindingRow(SQLModel, table=True):
    __tablename__ = "finding"
    __table_args__ = (
        ForeignKeyConstraint(
            ["period", "check_id", "subject"],
            ["assessment.period", "assessment.check_id", "assessment.subject"],
            ondelete="CASCADE",
        ),
    )

    period: str = Field(primary_key=True, sa_type=_KEY)
    check_id: str = Field(primary_key=True, sa_type=_KEY)
    subject: str = Field(primary_key=True, sa_type=_KEY)
    position: int = Field(primary_key=True)
    finding: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


class SightingRow(SQLModel, table=True):
    """When one problem was first and last found, over all periods."""

    __tablename__ = "sighting"

    check_id: str = Field(primary_key=True, sa_type=_KEY)
    subject: str = Field(primary_key=True, sa_type=_KEY)
    key: str = Field(primary_key=True, sa_type=_KEY)
    first_seen: datetime
    last_seen: datetime


class EntryRow(SQLModel, table=True):
    """Where a ledger entry stands: the sum of its events."""

    __tablename__ = "entry"

    id: str = Field(primary_key=True, sa_type=_KEY)
    check_id: str = Field(sa_type=_KEY)
    subject: str = Field(sa_type=_KEY)
    key: str = Field(sa_type=_KEY)
    state: str
    text: str = Field(sa_type=Text)
    url: str
    severity: str
    opened: datetime
    changed: datetime
    due: date | None
    recurrences: int
    close_proposed: bool
    assignee: str


class EventRow(SQLModel, table=True):
    """One step of an entry's life. Append-only; ``id`` is the order of the chain."""

    __tablename__ = "event"

    id: int | None = Field(default=None, primary_key=True)
    entry: str = Field(sa_type=_KEY, index=True)
    number: int = Field(unique=True)
    at: datetime
    who: str
    action: str
    why: str = Field(sa_type=Text)
    evidence: list[int] = Field(sa_column=Column(JSON, nullable=False))
    due: date | None
    assignee: str
    finding: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))
    previous_hash: str = Field(unique=True)  # two writers cannot both go on from one event
    hash: str = Field(unique=True)


class RectificationNoticeRow(SQLModel, table=True):
    """整改通知单 as issued: the ``number``-th of its ``year``."""

    __tablename__ = "rectification_notice"

    year: int = Field(primary_key=True)
    number: int = Field(primary_key=True)
    unit: str
    at: datetime
    who: str
    lines: list[dict[str, Any]] = Field(sa_column=Column(JSON, nullable=False))


class SuspensionRow(SQLModel, table=True):
    """A maintenance window or filed suspension of one subject. ``weekly`` as ``WeeklyHours`` writes it, or empty."""

    __tablename__ = "suspension"

    id: int | None = Field(default=None, primary_key=True)
    subject: str = Field(sa_type=_KEY)
    since: datetime
    until: datetime
    who: str
    why: str = Field(sa_type=Text)
    filed: str
    weekly: str = Field(sa_column_kwargs={"server_default": ""})
    ended: datetime | None
    ended_by: str


class AlarmRow(SQLModel, table=True):
    """The memory of one concern. ``active``: it was found of late, or somebody was told of it and not of its end."""

    __tablename__ = "alarm"

    id: str = Field(primary_key=True, sa_type=_KEY)
    active: bool = Field(index=True)
    alarm: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


class AlarmMarkRow(SQLModel, table=True):
    """Up to which ruling, and which inspection, the alarms have read."""

    __tablename__ = "alarm_mark"

    name: str = Field(primary_key=True, sa_type=_KEY)
    at: datetime
    inspection: int


class NoticeRow(SQLModel, table=True):
    """The outbox: one tiding for one recipient. ``identity`` is unique, so that nothing is queued twice."""

    __tablename__ = "notice"
    __table_args__ = (Index("notice_due", "state", "channel", "not_before"),)

    id: int | None = Field(default=None, primary_key=True)
    identity: str = Field(sa_type=_KEY, unique=True)
    channel: str = Field(sa_type=_KEY)
    recipient: str = Field(sa_type=_KEY)
    tiding: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    created: datetime
    not_before: datetime
    state: str = Field(sa_type=_KEY)
    attempts: int
    claim: str
    claimed_until: datetime | None
    message: str
    sent_at: datetime | None = Field(index=True)
    error: str = Field(sa_type=Text)
