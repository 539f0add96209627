"""The import of a registry: files in, a plan out, and the plan carried out in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from checks.core.model import Account, Column, Site, Unit
from monitor.registry.changes import Registry, RegistryChanges, plan_changes
from monitor.registry.reading import read_files


class RegistryKeeper(Protocol):
    """What keeps the registry: the store."""

    def units(self) -> list[Unit]: ...

    def sites(self) -> list[Site]: ...

    def columns(self) -> list[Column]: ...

    def accounts(self) -> list[Account]: ...

    def apply(self, changes: RegistryChanges) -> None: ...


def import_files(
    store: RegistryKeeper, paths: Sequence[Path], *, prune: bool = False, dry_run: bool = False
) -> RegistryChanges:
    """Bring the registry to what the files say, all files together or not at all.

    Records that no file names stay, unless ``prune``. ``dry_run`` only plans. Raises ``FaultyInput``.
    """
    existing = kept_registry(store)
    known = {site.id for site in existing.sites}
    changes = plan_changes(existing, read_files(paths, known_sites=known, sites_replaced=prune), prune=prune)
    if changes and not dry_run:
        store.apply(changes)
    return changes


def kept_registry(store: RegistryKeeper) -> Registry:
    """The registry as it is kept."""
    return Registry(
        units=tuple(store.units()),
        sites=tuple(store.sites()),
        columns=tuple(store.columns()),
        accounts=tuple(store.accounts()),
    )
