"""Who answers for a subject: its sponsor and its supervisor, a column's being those of its site. Reads only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from checks.core.model import Account, Ref, Site
from monitor.store import Store


@dataclass(frozen=True)
class Owners:
    """The registered sites and accounts by their references."""

    by_ref: Mapping[Ref, Site | Account]

    @classmethod
    def of(cls, store: Store) -> Owners:
        subjects: list[Site | Account] = [*store.sites(), *store.accounts()]
        return cls({s.ref: s for s in subjects})

    def owner(self, ref: Ref) -> Site | Account | None:
        """The site or account that a subject is, or belongs to; nothing where it is no longer registered."""
        return self.by_ref.get(Ref("site", ref.id.partition("/")[0]) if ref.kind == "column" else ref)

    def sponsor(self, ref: Ref) -> str:
        owner = self.owner(ref)
        return owner.sponsor if owner else ""

    def units(self, ref: Ref) -> tuple[str, ...]:
        """Sponsor and supervisor."""
        owner = self.owner(ref)
        return tuple(filter(None, (owner.sponsor, owner.supervisor))) if owner else ()
