"""What keeps a record fit for years: thinning, copies, its size. Each call is a transaction, or none."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import func, select, text

from checks.core.model import Ref
from monitor.store import copies, thinning
from monitor.store.engine import Database
from monitor.store.sql import table_of
from monitor.store.tables import ObservationRow
from monitor.store.thinning import Bounds, VisitDay


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """How big the record is: bytes on disk, facts by kind, and the moment of the oldest."""

    bytes: int
    facts: dict[str, int]
    oldest: datetime | None


class Keeping:
    """The upkeep of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def observed_subjects(self) -> list[str]:
        """Everyone of whom there are facts."""
        with self._database.reading() as connection:
            return thinning.observed_subjects(connection)

    def cited(self) -> set[int]:
        """The facts that a standing finding or any event of the ledger cites."""
        with self._database.reading() as connection:
            return thinning.cited(connection)

    def thin(self, subjects: Iterable[str], bounds: Bounds, *, keep: Collection[int]) -> int:
        """Thin the facts of these subjects. How many went."""
        with self._database.writing() as connection:
            return thinning.thin(connection, subjects, bounds, keep=keep)

    def drop_rounds(self, before: datetime) -> None:
        """Forget the rounds before a time."""
        with self._database.writing() as connection:
            thinning.drop_rounds(connection, before)

    def visit_days(self, ref: Ref, since: date, until: date) -> list[VisitDay]:
        """The figures of a site's days, both included, oldest first."""
        with self._database.reading() as connection:
            return thinning.visit_days(connection, ref, since, until)

    def size(self) -> int:
        """Bytes on disk."""
        if self._database.engine.dialect.name == "sqlite":
            path = copies.file_of(self._database)
            return sum(p.stat().st_size for p in (path, Path(f"{path}-wal")) if p.exists())
        with self._database.reading() as connection:
            return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())

    def sizes(self) -> Sizes:
        """How big the record is. Counts every fact: seconds on a large record."""
        facts = table_of(ObservationRow)
        with self._database.reading() as connection:
            counted = connection.execute(select(facts.c.kind, func.count()).group_by(facts.c.kind)).all()
            oldest = connection.execute(select(facts.c.at).order_by(facts.c.id).limit(1)).scalar()
        return Sizes(bytes=self.size(), facts={row[0]: row[1] for row in sorted(counted)}, oldest=oldest)

    def back_up(self, target: Path, *, go_on: Callable[[], None] = lambda: None) -> None:
        """Copy the database, in use as it is, to a file that is there whole and proven, or not at all."""
        copies.copy(self._database, target, go_on=go_on)

    def vacuum(self) -> tuple[int, int]:
        """Pack the database anew: its size before and after, in bytes."""
        return copies.vacuum(self._database)
