"""The parts that the quarterly bulletin and the half-year report share, taken from one material. No layout."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from checks.core.assess import Status
from checks.core.calendar import local_day
from checks.core.ledger import State
from checks.core.registry import Severity
from checks.core.standard import Indicator, Rectification, Result, Tier
from reports.comparison import Comparison, comparison
from reports.figures import Rate, RateStyle
from reports.ipv6 import Ipv6Rates, ipv6_rates, parts_table
from reports.ledger import LedgerRow, ledger_rows
from reports.material import Coverage, Imprint, Material, Sampling
from reports.problems import Problem, UnitProblems, Untested, by_unit, findings_of, untested
from reports.recheck import Recheck, recheck
from reports.roll import Particulars, Roll, roll
from reports.rulings import Basis, Ruling, basis, rulings
from reports.sheets import Table
from reports.tallies import ColumnTally, Ipv6Tally, Scope, Tallies, Tally
from reports.typical import TypicalProblem, typical
from reports.upheld import upheld


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The official period and the moment to which the record reaches."""

    title: str
    first_day: date
    last_day: date
    cut_off: datetime

    @property
    def running(self) -> bool:
        """Whether the period had not ended yet at the cut-off."""
        return local_day(self.cut_off) <= self.last_day


@dataclass(frozen=True, slots=True, kw_only=True)
class Veto:
    """One veto indicator and whom it failed."""

    indicator: Indicator
    subjects: tuple[Particulars, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerFigures:
    """The ledger at the cut-off. ``opened`` and ``closed`` are of this period; the others, of all that is open.

    ``overdue`` are those in 整改中 whose day has passed: what was handed in waits for us.
    """

    opened: int
    closed: int
    open_now: int
    overdue: int
    recurring: int
    close_proposed: int
    by_state: tuple[tuple[str, int], ...]

    @property
    def closing_rate(self) -> Rate:
        """销号率: closed ÷ all entries that were not dismissed."""
        counts = dict(self.by_state)
        dismissed = counts[State.DISMISSED.value]
        return Rate(counts[State.CLOSED.value], sum(counts.values()) - dismissed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sections:
    """Everything that both papers print."""

    basis: Basis
    window: Window
    imprint: Imprint
    rates: RateStyle
    coverage: Coverage | None
    samplings: tuple[Sampling, ...]
    recheck: Recheck
    comparison: Comparison | None
    scopes: tuple[Scope, ...]
    sites: Tally
    accounts: Tally
    sites_by_region: tuple[Tally, ...]
    sites_by_level: tuple[Tally, ...]
    accounts_by_region: tuple[Tally, ...]
    accounts_by_level: tuple[Tally, ...]
    accounts_by_platform: tuple[Tally, ...]
    columns: tuple[ColumnTally, ...]
    ipv6: Ipv6Tally
    ipv6_rates: Ipv6Rates | None
    ipv6_parts: Table | None
    vetoes: tuple[Veto, ...]
    rulings: tuple[Ruling, ...]
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    units: tuple[UnitProblems, ...]
    typical: tuple[TypicalProblem, ...]
    untested: tuple[Untested, ...]
    ledger: LedgerFigures
    ledger_rows: tuple[LedgerRow, ...]
    rectification: Rectification
    strangers: int

    @property
    def nothing_checked(self) -> bool:
        return not any(scope.checked for scope in self.scopes)

    @property
    def to_verify(self) -> int:
        """Problems that no person has confirmed yet: in 待核实, or not on the ledger."""
        return sum(problem.state in ("", State.TO_VERIFY.value) for problem in self.problems)

    def rulings_of(self, result: Result, kind: str) -> tuple[Ruling, ...]:
        """The sites or accounts (``site``, ``account``) with a result."""
        return tuple(r for r in self.rulings_of_kind(kind) if r.result is result)

    def rulings_of_kind(self, kind: str) -> tuple[Ruling, ...]:
        """All sites, or all accounts."""
        return tuple(r for r in self.rulings if r.subject.ref.kind == kind)


def sections(material: Material) -> Sections:
    """Work out the shared parts. Dismissed findings count for nothing, and closed subjects belong to no base."""
    material = upheld(material)
    tallies = Tallies(material)
    listed = roll(tallies.sites, tallies.columns, tallies.accounts)
    problems = findings_of(material, listed, severity=Severity.PROBLEM)
    known = roll(material.sites, material.columns, material.accounts)
    return Sections(
        basis=basis(material, [*tallies.sites, *tallies.accounts]),
        window=Window(
            title=material.period.title,
            first_day=material.period.first_day,
            last_day=material.period.last_day,
            cut_off=material.now,
        ),
        imprint=material.imprint,
        rates=material.rates,
        coverage=material.coverage,
        samplings=tuple(material.samplings),
        recheck=recheck(material),
        comparison=comparison(material),
        scopes=tallies.scopes(),
        sites=tallies.tally("政府网站", tallies.sites),
        accounts=tallies.tally("政务新媒体账号", tallies.accounts),
        sites_by_region=tallies.by_region(tallies.sites),
        sites_by_level=tallies.by_level(tallies.sites),
        accounts_by_region=tallies.by_region(tallies.accounts),
        accounts_by_level=tallies.by_level(tallies.accounts),
        accounts_by_platform=tallies.by_platform(),
        columns=tallies.by_category(),
        ipv6=tallies.ipv6(),
        ipv6_rates=ipv6_rates(tallies.sites, material.ipv6) if material.ipv6 else None,
        ipv6_parts=parts_table(tallies.sites, material.ipv6) if material.ipv6 else None,
        vetoes=_vetoes(material, listed),
        rulings=rulings(material, listed, [*tallies.sites, *tallies.accounts], problems),
        problems=problems,
        warnings=findings_of(material, listed, severity=Severity.WARNING),
        units=by_unit(problems),
        typical=typical(problems),
        untested=untested(material, listed),
        ledger=_ledger(material),
        ledger_rows=ledger_rows(
            material.entries,
            material.events,
            sites=material.sites,
            columns=material.columns,
            accounts=material.accounts,
            notices=material.notices,
            now=material.now,
        ),
        rectification=material.standard.rectification,
        strangers=len({a.subject for a in material.assessments if a.subject not in known}),
    )


def _vetoes(material: Material, listed: Roll) -> tuple[Veto, ...]:
    failed: dict[str, list[Particulars]] = {}
    for ref, particulars in listed.items():
        verdict = material.verdicts.get(ref)
        for outcome in verdict.indicators if verdict else ():
            if outcome.indicator.tier is Tier.VETO and outcome.status is Status.FAILED:
                failed.setdefault(outcome.indicator.id, []).append(particulars)
    return tuple(
        Veto(indicator=indicator, subjects=tuple(failed[indicator.id]))
        for indicator in material.standard.indicators
        if indicator.id in failed
    )


def _ledger(material: Material) -> LedgerFigures:
    entries = material.entries
    period = material.period
    open_now = [entry for entry in entries if entry.open]
    counts = {state: sum(entry.state is state for entry in entries) for state in State}
    return LedgerFigures(
        opened=sum(period.holds(entry.opened) for entry in entries),
        closed=sum(entry.state is State.CLOSED and period.holds(entry.changed) for entry in entries),
        open_now=len(open_now),
        overdue=sum(entry.days_late(material.today) > 0 for entry in open_now),
        recurring=sum(entry.recurrences > 0 for entry in open_now),
        close_proposed=sum(entry.close_proposed for entry in open_now),
        by_state=tuple((state.value, count) for state, count in counts.items()),
    )
