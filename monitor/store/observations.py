"""The record of what was seen: facts in bulk, and histories as a stream."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, TypeVar

from sqlalchemy import Connection, CursorResult, Select, insert, select

from checks.core.model import Ref
from checks.core.observations import Observation
from monitor.store import contents
from monitor.store.facts import dump_facts, load_facts
from monitor.store.sql import batches, table_of
from monitor.store.tables import ContentRow, ObservationRow

Kind = TypeVar("Kind", bound=Observation)

_INSERT_BATCH = 1000
_SUBJECT_BATCH = 500
_READ_BATCH = 200
_ID_BATCH = 500

_FACTS = table_of(ObservationRow)
_subject = attrgetter("subject")
_CONTENTS = table_of(ContentRow)
_COLUMNS = (
    _FACTS.c.id,
    _FACTS.c.subject,
    _FACTS.c.kind,
    _FACTS.c.at,
    _FACTS.c.vantage,
    _FACTS.c.facts,
    _CONTENTS.c.body,
)
_WHOLE = _FACTS.outerjoin(_CONTENTS, _FACTS.c.content == _CONTENTS.c.id)


def add_observations(connection: Connection, observations: Iterable[Observation]) -> None:
    """Append facts, in memory for one batch only."""
    for batch in batches(observations, _INSERT_BATCH):
        rows = [_fact_row(observation) for observation in batch]
        contents.keep(connection, (content for _, content in rows if content is not None))
        connection.execute(insert(_FACTS), [row for row, _ in rows])


def histories(
    connection: Connection, refs: Sequence[Ref], since: Mapping[type[Observation], datetime], *, until: datetime
) -> Iterator[tuple[Ref, list[Observation]]]:
    """The facts of each subject, oldest first, one subject in memory at a time.

    Subjects come in the order of their written names, each once, also those without facts. ``since`` is exclusive and
    per kind, ``until`` inclusive.

        subject IN (500) ─▶ one index walk per kind, by (subject, at) ─▶ merge by subject ─▶ group ─▶ facts
    """
    for batch in batches(sorted(set(refs), key=str), _SUBJECT_BATCH):
        names = [str(ref) for ref in batch]
        with ExitStack() as open_cursors:
            walks = [
                open_cursors.enter_context(_stream(connection, _walk(names, cls.kind, after, until)))
                for cls, after in since.items()
            ]
            groups = groupby(heapq.merge(*walks, key=_subject), key=_subject)
            found = next(groups, None)
            for ref, name in zip(batch, names, strict=True):
                if found is None or found[0] != name:
                    yield ref, []
                    continue
                yield ref, sorted(_facts(found[1], ref), key=lambda o: (o.at, o.id))
                found = next(groups, None)


def observations_of(
    connection: Connection, ref: Ref, *, kind: type[Observation] | None = None, limit: int | None = None
) -> list[Observation]:
    """What is known of a subject, of one kind or of all, newest first."""
    query = select(*_COLUMNS).select_from(_WHOLE).where(_FACTS.c.subject == str(ref))
    if kind is not None:
        query = query.where(_FACTS.c.kind == kind.kind)
    query = query.order_by(_FACTS.c.at.desc(), _FACTS.c.id.desc()).limit(limit)
    return list(_facts(connection.execute(query), ref))


def newest(connection: Connection, refs: Iterable[Ref], kind: type[Kind], *, count: int) -> dict[Ref, list[Kind]]:
    """The newest facts of a kind of each subject, newest first; a subject without any is left out."""
    found = {}
    for ref in refs:
        if facts := observations_of(connection, ref, kind=kind, limit=count):
            found[ref] = [fact for fact in facts if isinstance(fact, kind)]
    return found


def observations_by_id(connection: Connection, ids: Iterable[int]) -> list[Observation]:
    """The facts with these ids, by id. An id that is not there is passed over."""
    found: list[Observation] = []
    for batch in batches(sorted(set(ids)), _ID_BATCH):
        for row in connection.execute(
            select(*_COLUMNS).select_from(_WHOLE).where(_FACTS.c.id.in_(batch)).order_by(_FACTS.c.id)
        ):
            found.extend(_facts([row], Ref.parse(row.subject)))
    return found


def _fact_row(observation: Observation) -> tuple[dict[str, Any], contents.Content | None]:
    facts, content = contents.set_aside(dump_facts(observation))
    row = {
        "subject": str(observation.subject),
        "kind": observation.kind,
        "at": observation.at,
        "vantage": observation.vantage,
        "facts": facts,
        "content": content.id if content else None,
    }
    return row, content


def _walk(names: Sequence[str], kind: str, after: datetime, until: datetime) -> Select[Any]:
    return (
        select(*_COLUMNS)
        .select_from(_WHOLE)
        .where(_FACTS.c.subject.in_(names), _FACTS.c.kind == kind, _FACTS.c.at > after, _FACTS.c.at <= until)
        .order_by(_FACTS.c.subject, _FACTS.c.at)
    )


def _stream(connection: Connection, query: Select[Any]) -> CursorResult[Any]:
    return connection.execution_options(yield_per=_READ_BATCH).execute(query)


def _facts(rows: Iterable[Any], ref: Ref) -> Iterator[Observation]:
    for row in rows:
        facts = contents.put_back(row.facts, row.body)
        fact = load_facts(id=row.id, subject=ref, kind=row.kind, at=row.at, vantage=row.vantage, facts=facts)
        if fact is not None:
            yield fact
