"""The frozen input of the papers: what record, register, rulebook and ledger held at one moment. It counts nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from checks.core.assess import Assessment
from checks.core.calendar import SHANGHAI, Period, local_day
from checks.core.ledger import Entry, Event
from checks.core.model import Account, Column, Ref, Site, Unit
from checks.core.parts import Part
from checks.core.standard import Standard, Verdict
from reports.figures import PLAIN_RATES, RateStyle


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A stretch in which the machine did not look at anybody."""

    start: datetime
    end: datetime

    @property
    def hours(self) -> float:
        return (self.end - self.start).total_seconds() / 3600

    @property
    def told(self) -> str:
        """As a paper prints it, in Beijing's time."""
        start, end = self.start.astimezone(SHANGHAI), self.end.astimezone(SHANGHAI)
        return f"{start.month}月{start.day}日{start:%H:%M}至{end.month}月{end.day}日{end:%H:%M}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How the machine itself did within the window: collecting rounds, those held back as 监测点异常, and its gaps."""

    rounds: int
    held_back: int = 0
    without_ipv6: int = 0
    gaps: tuple[Gap, ...] = ()

    @property
    def hours_away(self) -> float:
        """All gaps together."""
        return sum(gap.hours for gap in self.gaps)

    @property
    def longest_gaps(self) -> tuple[Gap, ...]:
        """The five longest, oldest first."""
        return tuple(sorted(sorted(self.gaps, key=lambda g: -g.hours)[:5], key=lambda g: g.start))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """The draw behind a period's results: how many of how many, and the seed by which anybody can repeat it.

    ``revisited`` of the drawn were drawn before (回头看). ``rate_base`` tells what the rate was taken of, in words.
    """

    name: str
    drawn: int
    base: int
    seed: str
    revisited: int = 0
    rate_base: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imprint:
    """What an office puts on its papers: 发文机关, 主送, 文号, 联系方式. Empty is left out."""

    issuer: str = ""
    recipients: str = ""
    number: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Previous:
    """What the record holds of the period before, judged by the standard of now."""

    period: Period
    assessments: Sequence[Assessment]
    verdicts: Mapping[Ref, Verdict]


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """Everything that a paper is made of. ``events`` are the ledger's, in chain order; ``notices`` the numbers of the
    整改通知单 that an entry stands on; ``ipv6`` the parts of the IPv6 check by site.
    """

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
    events: Sequence[Event] = ()
    notices: Mapping[str, str] = field(default_factory=dict)
    coverage: Coverage | None = None
    samplings: Sequence[Sampling] = ()
    previous: Previous | None = None
    ipv6: Mapping[Ref, Sequence[Part]] = field(default_factory=dict)
    imprint: Imprint = Imprint()
    rates: RateStyle = PLAIN_RATES

    @property
    def today(self) -> date:
        """The day in Asia/Shanghai."""
        return local_day(self.now)
