"""What an import would do: the registry of the files against the one that is kept. Reads and writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace

from checks.core.model import Account, Column, Site, Unit

Record = Unit | Site | Column | Account
Key = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Registry:
    """Records, whether kept or read from files.

    ``given`` names, for a record read from a file, the fields that its file has a column for: the others keep what is
    known already. A record that is not in it gives all its fields. ``notes`` are what the reader wants to tell.
    """

    units: tuple[Unit, ...] = ()
    sites: tuple[Site, ...] = ()
    columns: tuple[Column, ...] = ()
    accounts: tuple[Account, ...] = ()
    given: Mapping[Key, frozenset[str]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Record]:
        yield from self.units
        yield from self.sites
        yield from self.columns
        yield from self.accounts


@dataclass(frozen=True, kw_only=True)
class Change:
    """One record before and after, and the names of the fields that differ."""

    old: Record
    new: Record
    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RegistryChanges:
    """A plan. ``absent`` are kept records of the imported kinds that no file names; ``removed`` are those that go."""

    added: tuple[Record, ...] = ()
    changed: tuple[Change, ...] = ()
    absent: tuple[Record, ...] = ()
    removed: tuple[Record, ...] = ()
    unchanged: int = 0
    notes: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether carrying it out changes anything."""
        return bool(self.added or self.changed or self.removed)


def key_of(record: Record) -> Key:
    """What tells one record from another: its kind and its written name."""
    match record:
        case Unit():
            return ("unit", record.name)
        case _:
            return (record.ref.kind, record.ref.id)


def plan_changes(existing: Registry, incoming: Registry, *, prune: bool = False) -> RegistryChanges:
    """What importing would add, change and leave. With ``prune``, records absent from the files go.

    Only kinds of which the files hold a record can be absent: a list of accounts says nothing of sites. The columns
    of a site that goes go with it.
    """
    known = {key_of(record): record for record in existing}
    added: list[Record] = []
    changed: list[Change] = []
    unchanged = 0
    named = set()
    for record in incoming:
        key = key_of(record)
        named.add(key)
        old = known.get(key)
        if old is None:
            added.append(record)
            continue
        new = _onto(old, record, incoming.given.get(key))
        if new == old:
            unchanged += 1
        else:
            names = tuple(f.name for f in fields(new) if getattr(new, f.name) != getattr(old, f.name))
            changed.append(Change(old=old, new=new, fields=names))
    kinds = {kind for kind, _ in named}
    absent = [record for key, record in known.items() if key[0] in kinds and key not in named]
    return RegistryChanges(
        added=tuple(added),
        changed=tuple(changed),
        absent=tuple(absent),
        removed=tuple(_removal(absent, existing.columns)) if prune else (),
        unchanged=unchanged,
        notes=incoming.notes,
    )


def _onto(old: Record, new: Record, given: frozenset[str] | None) -> Record:
    if given is None:
        return new
    return replace(old, **{name: getattr(new, name) for name in given})


def _removal(absent: Iterable[Record], columns: Iterable[Column]) -> list[Record]:
    going = {key_of(record): record for record in absent}
    closed = {record.id for record in going.values() if isinstance(record, Site)}
    going.update((key_of(column), column) for column in columns if column.site_id in closed)
    return list(going.values())
