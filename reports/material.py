"""The frozen input of the papers: what record, register, rulebook and ledger held at one moment. It counts nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from checks.core.assess import Assessment
from checks.core.calendar import Period, local_day
from checks.core.ledger import Entry
from checks.core.model import Account, Column, Ref, Site, Unit
from checks.core.standard import Standard, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How the machine itself did within the window: collecting rounds, and those held back as 监测点异常."""

    rounds: int
    held_back: int = 0
    without_ipv6: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """Everything that a paper is made of. ``issuer`` is the office that signs it; empty where none is set."""

    period: Period
    now: datetime
    standard: Standard
    units: Sequence[Unit] = ()
    sites: Sequence[Site] = ()
    columns: Sequence[Column] = ()
    accounts: Sequence[Account] = ()
    assessments: Sequence[Assessment] = ()
    verdicts: Mapping[Ref, Verdict] = field(default_factory=dict)
    entries: Sequence[Entry] = ()
    coverage: Coverage | None = None
    issuer: str = ""

    @property
    def today(self) -> date:
        """The day in Asia/Shanghai."""
        return local_day(self.now)
