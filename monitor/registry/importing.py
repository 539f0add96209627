"""The import of a registry: files in, a plan out, and the plan carried out in one transaction."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

from checks.core.model import Account, Column, Site, Unit
from monitor.clock import Clock, SystemClock
from monitor.registry.changes import Registry, RegistryChanges, plan_changes
from monitor.registry.lifecycle import AccountEvent, events_of
from monitor.registry.reading import read_files
from monitor.sources.confirming import SourceEvent, origin_of


class RegistryKeeper(Protocol):
    """What keeps the registry: the store."""

    def units(self) -> list[Unit]: ...

    def sites(self) -> list[Site]: ...

    def columns(self) -> list[Column]: ...

    def accounts(self) -> list[Account]: ...

    def apply(
        self, changes: RegistryChanges, *, lives: Sequence[AccountEvent] = (), vouched: Sequence[SourceEvent] = ()
    ) -> None: ...

    def source_events(self) -> list[SourceEvent]: ...


@dataclass(frozen=True, kw_only=True)
class Importer:
    """Who imports, and when. With ``confirms`` he answers for the sources of the feeds that the files name."""

    who: str
    at: datetime
    confirms: bool = True

    @classmethod
    def myself(cls, *, clock: Clock | None = None, confirms: bool = True) -> Importer:
        """The user that this program runs as."""
        return cls(who=getpass.getuser(), at=(clock or SystemClock()).now(), confirms=confirms)


def import_files(
    store: RegistryKeeper,
    paths: Sequence[Path],
    *,
    prune: bool = False,
    dry_run: bool = False,
    by: Importer | None = None,
) -> RegistryChanges:
    """Bring the registry to what the files say, all files together or not at all.

    Records that no file names stay, unless ``prune``. ``dry_run`` only plans. What becomes of accounts is kept as
    events, and who answers for new feed sources by name. Raises ``FaultyInput``.
    """
    existing = kept_registry(store)
    known = {site.id for site in existing.sites}
    changes = plan_changes(existing, read_files(paths, known_sites=known, sites_replaced=prune), prune=prune)
    if changes and not dry_run:
        by = by or Importer.myself()
        vouched = vouched_for(changes, store.source_events(), by) if by.confirms else []
        store.apply(changes, lives=events_of(changes, at=by.at, who=by.who), vouched=vouched)
        if vouched:
            origins = "、".join(event.origin for event in vouched)
            changes = replace(changes, notes=(*changes.notes, f"订阅来源 {origins} 由 {by.who} 随本次导入确认"))
    return changes


def vouched_for(changes: RegistryChanges, known: Sequence[SourceEvent], by: Importer) -> list[SourceEvent]:
    """The confirmations that an import brings: of sources of which nobody has said anything yet."""
    spoken_of = {event.origin for event in known}
    records = [*changes.added, *(change.new for change in changes.changed)]
    urls = [r.feed_url for r in records if isinstance(r, Account) and "feed" in r.source.split("+") and r.feed_url]
    origins = [origin for origin in dict.fromkeys(map(origin_of, urls)) if origin and origin not in spoken_of]
    return [
        SourceEvent(origin=origin, confirmed=True, who=by.who, at=by.at, note="随台账导入确认") for origin in origins
    ]


def kept_registry(store: RegistryKeeper) -> Registry:
    """The registry as it is kept."""
    return Registry(
        units=tuple(store.units()),
        sites=tuple(store.sites()),
        columns=tuple(store.columns()),
        accounts=tuple(store.accounts()),
    )
