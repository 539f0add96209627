"""The one face of the database. Thin: each method is a transaction over the functions of this package."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from checks.core.assess import Assessment
from checks.core.ledger import Entry, Event, Reconciliation
from checks.core.model import Account, Column, Ref, Site, Subject, Unit
from checks.core.observations import CrawlSummary, Observation
from monitor.registry.changes import RegistryChanges
from monitor.registry.lifecycle import AccountEvent
from monitor.sources.confirming import SourceEvent
from monitor.store import (
    account_events,
    draws,
    jobs,
    judgement,
    ledger,
    observations,
    rectification_notices,
    registry,
    rounds,
)
from monitor.store.crawls import StoredCrawls, finish_recorded, noting_crawls
from monitor.store.draws import FrozenFrame, KeptRecord
from monitor.store.engine import Database
from monitor.store.judgement import Inspection
from monitor.store.keeping import Keeping
from monitor.store.notices import Outbox
from monitor.store.observations import Kind
from monitor.store.rounds import ProbeRun, Round
from monitor.store.schema import prepare
from monitor.store.suspensions import Suspensions
from reports.rectification_notice import NoticeLine, RectificationNotice


class Store:
    """The record and all that was concluded from it. ``name`` is what users are told: the file, or the URL unsecret."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.crawl_log = StoredCrawls(database)
        self.outbox = Outbox(database)
        self.keeping = Keeping(database)
        self.suspensions = Suspensions(database)

    @classmethod
    def open(cls, url: str) -> Store:
        """Open, create or upgrade a database. Raises ``UsageError`` or ``OperationError``, naming file and remedy."""
        database = Database(url)
        try:
            prepare(database)
        except BaseException:
            database.close()
            raise
        return cls(database)

    def close(self) -> None:
        self._database.close()

    @property
    def name(self) -> str:
        return self._database.name

    # Registry

    def units(self) -> list[Unit]:
        with self._database.reading() as connection:
            return registry.units(connection)

    def sites(self) -> list[Site]:
        with self._database.reading() as connection:
            return registry.sites(connection)

    def columns(self) -> list[Column]:
        with self._database.reading() as connection:
            return registry.columns(connection)

    def accounts(self) -> list[Account]:
        with self._database.reading() as connection:
            return registry.accounts(connection)

    def subjects(self) -> list[Subject]:
        """Sites, then columns, then accounts."""
        with self._database.reading() as connection:
            return [*registry.sites(connection), *registry.columns(connection), *registry.accounts(connection)]

    def apply(
        self, changes: RegistryChanges, *, lives: Iterable[AccountEvent] = (), vouched: Iterable[SourceEvent] = ()
    ) -> None:
        """Change the registry as planned, and keep what became of accounts and who answers for their sources."""
        with self._database.writing() as connection:
            registry.apply(connection, changes)
            account_events.add_lives(connection, lives)
            account_events.add_source_events(connection, vouched)

    def lives(self, account: str | None = None) -> list[AccountEvent]:
        """What became of one account, by the id of its reference, or of all, oldest first."""
        with self._database.reading() as connection:
            return account_events.lives(connection, account)

    def add_source_events(self, events: Iterable[SourceEvent]) -> None:
        with self._database.writing() as connection:
            account_events.add_source_events(connection, events)

    def source_events(self) -> list[SourceEvent]:
        """Who vouched for which feed source, oldest first."""
        with self._database.reading() as connection:
            return account_events.source_events(connection)

    # What was seen

    def record(self, facts: Iterable[Observation], runs: Iterable[ProbeRun] = ()) -> None:
        """Append facts, and remember which probes looked."""
        with self._database.writing() as connection:
            crawls: list[CrawlSummary] = []
            observations.add_observations(connection, noting_crawls(facts, crawls))
            finish_recorded(connection, crawls)
            rounds.add_runs(connection, runs)

    def last_runs(
        self, probes: Collection[str] | None = None, subjects: Collection[Ref] | None = None
    ) -> dict[tuple[str, Ref], datetime]:
        """When each probe last looked at each subject: all, or only of these probes, and of these subjects."""
        with self._database.reading() as connection:
            return rounds.last_runs(connection, probes, subjects)

    def histories(
        self, refs: Sequence[Ref], since: Mapping[type[Observation], datetime], *, until: datetime
    ) -> Iterator[tuple[Ref, list[Observation]]]:
        """The facts of each subject within windows, oldest first: see ``observations.histories``."""
        with self._database.reading() as connection:
            yield from observations.histories(connection, refs, since, until=until)

    def observations(
        self, ref: Ref, *, kind: type[Observation] | None = None, limit: int | None = None
    ) -> list[Observation]:
        """What is known of a subject, of one kind of fact or of all, newest first."""
        with self._database.reading() as connection:
            return observations.observations_of(connection, ref, kind=kind, limit=limit)

    def newest(self, refs: Iterable[Ref], kind: type[Kind], *, count: int = 1) -> dict[Ref, list[Kind]]:
        """The newest facts of a kind of each subject, newest first; a subject without any is left out."""
        with self._database.reading() as connection:
            return observations.newest(connection, refs, kind, count=count)

    def observations_by_id(self, ids: Iterable[int]) -> list[Observation]:
        """The facts with these ids, by id; an id that is not there is passed over."""
        with self._database.reading() as connection:
            return observations.observations_by_id(connection, ids)

    def record_round(self, round_: Round) -> None:
        with self._database.writing() as connection:
            rounds.add_round(connection, round_)

    def rounds(self, since: datetime, until: datetime) -> list[Round]:
        """The rounds between two times, both included, oldest first."""
        with self._database.reading() as connection:
            return rounds.rounds(connection, since, until)

    # What the service did

    def jobs(self) -> dict[str, datetime]:
        """When the service last did each of its jobs."""
        with self._database.reading() as connection:
            return jobs.jobs(connection)

    def mark_job(self, name: str, at: datetime) -> None:
        """Remember that a job was done."""
        with self._database.writing() as connection:
            jobs.mark(connection, name, at)

    # What was concluded

    def commit_inspection(self, inspection: Inspection, *, auto_close: bool = False) -> Reconciliation:
        """Keep an inspection's rulings, and lay them over the ledger; returns what that did to it, chained."""
        with self._database.writing() as connection:
            judgement.add_rulings(connection, inspection)
            return ledger.lay_over(connection, inspection.assessments, now=inspection.at, auto_close=auto_close)

    def assessments(self, periods: Sequence[str] | None = None) -> list[Assessment]:
        """The latest ruling of each check on each subject among these periods, or of all; by check and subject."""
        with self._database.reading() as connection:
            return judgement.assessments(connection, periods)

    def latest_period(self) -> str | None:
        """The period of the latest inspection."""
        with self._database.reading() as connection:
            return judgement.latest_period(connection)

    def periods(self) -> list[str]:
        """The periods that were ever inspected."""
        with self._database.reading() as connection:
            return judgement.periods(connection)

    def seen(self) -> dict[tuple[str, Ref, str], tuple[datetime, datetime]]:
        """When each finding (check, subject, key) was first and last found."""
        with self._database.reading() as connection:
            return judgement.seen(connection)

    # Draws

    def freeze_frame(self, frame: FrozenFrame) -> None:
        with self._database.writing() as connection:
            draws.add_frame(connection, frame)

    def frames(self, period: str, kind: str) -> list[FrozenFrame]:
        """The frames frozen for a period, oldest first."""
        with self._database.reading() as connection:
            return draws.frames(connection, period, kind)

    def frame_content(self, sha256: str) -> str | None:
        """The CSV of a frozen frame by its digest."""
        with self._database.reading() as connection:
            return draws.frame_content(connection, sha256)

    def keep_record(self, record: KeptRecord) -> None:
        """Append the record of a draw to the chain."""
        with self._database.writing() as connection:
            draws.add_record(connection, record)

    def draw_records(self) -> list[KeptRecord]:
        """Every record of a draw, in the order of the chain."""
        with self._database.reading() as connection:
            return draws.records(connection)

    # Ledger

    def entries(self) -> list[Entry]:
        """Every entry, oldest first."""
        with self._database.reading() as connection:
            return ledger.entries(connection)

    def events(self, entry_id: str | None = None) -> list[Event]:
        """All events, or those of one entry, in the order of the chain."""
        with self._database.reading() as connection:
            return ledger.events(connection, entry_id)

    def act(self, drafts: Sequence[Event]) -> list[Entry]:
        """Take steps on the ledger, in order; the entries after them. Raises ``LedgerError`` for a forbidden step."""
        with self._database.writing() as connection:
            return ledger.act(connection, drafts)

    def rectification_notices(self) -> list[RectificationNotice]:
        """Every 整改通知单, in the order of issue."""
        with self._database.reading() as connection:
            return rectification_notices.notices(connection)

    def issue_rectification_notice(
        self, unit: str, lines: Iterable[NoticeLine], *, year: int, at: datetime, who: str
    ) -> RectificationNotice | None:
        """Give the next number of the year to the lines that no notice holds yet; ``None`` where none is left."""
        with self._database.writing() as connection:
            return rectification_notices.issue(connection, unit, lines, year=year, at=at, who=who)
