"""Counting: how many are registered, checked, qualified, failed and untested, in all and by group. Counts, no names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from checks.core.assess import Assessment, Status, watched
from checks.core.model import Account, Column, ColumnCategory, Level, Platform, Ref, Site, SiteKind, Subject
from reports.figures import Rate, grouped
from reports.material import Material
from reports.roll import owner_of
from reports.wording import check_title, or_unnamed, said

IPV6_CHECK = "site.ipv6"

_S = TypeVar("_S", bound=Site | Account)
_CONCLUSIVE = (Status.PASSED, Status.FAILED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """The result of one group. ``registered`` = ``qualified`` + ``failed`` + ``untested``: nobody is left out.

    ``checked`` are those of whom at least one check could tell something; ``judged``, those with a verdict.
    """

    name: str
    registered: int
    checked: int
    qualified: int
    failed: int

    @property
    def judged(self) -> int:
        return self.qualified + self.failed

    @property
    def untested(self) -> int:
        return self.registered - self.judged

    @property
    def coverage(self) -> Rate:
        """检查覆盖率: checked ÷ registered."""
        return Rate(self.checked, self.registered)

    @property
    def pass_rate(self) -> Rate:
        """合格率: qualified ÷ judged, never ÷ registered."""
        return Rate(self.qualified, self.judged)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The base of one kind of subject: all on the register, less those that have ceased to run."""

    name: str
    on_register: int
    gone: int
    checked: int

    @property
    def registered(self) -> int:
        return self.on_register - self.gone

    @property
    def coverage(self) -> Rate:
        return Rate(self.checked, self.registered)


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnTally:
    """The columns of one category. ``problems`` counts columns by check title; one column may stand in several.

    ``exempt`` are those that no rule binds; they were neither tested nor left untested.
    """

    category: str
    registered: int
    checked: int
    exempt: int
    with_problems: int
    problems: tuple[tuple[str, int], ...]

    @property
    def untested(self) -> int:
        return self.registered - self.checked - self.exempt


@dataclass(frozen=True, slots=True, kw_only=True)
class Ipv6Tally:
    """IPv6 support: supporting ÷ judged. A site that was not tested over IPv6 is in neither number."""

    all_sites: Rate
    portals: Rate
    untested: int


class Tallies:
    """The counts of one material, over the subjects that still run."""

    def __init__(self, material: Material) -> None:
        self._verdicts = material.verdicts
        self._material = material
        by_id = {site.id: site for site in material.sites}
        self.sites = [site for site in material.sites if watched(site)]
        self.columns = [column for column in material.columns if watched(column, by_id.get(column.site_id))]
        self.accounts = [account for account in material.accounts if watched(account)]
        self._checked = _checked(material.assessments)
        self._assessments = grouped(material.assessments, lambda a: a.subject)

    @property
    def running(self) -> set[Ref]:
        """Everything that the papers count."""
        subjects: list[Subject] = [*self.sites, *self.columns, *self.accounts]
        return {subject.ref for subject in subjects}

    def scopes(self) -> tuple[Scope, ...]:
        """The three bases: sites, columns, accounts."""
        material = self._material
        return (
            self._scope("政府网站", self.sites, len(material.sites)),
            self._scope("网站栏目", self.columns, len(material.columns)),
            self._scope("政务新媒体账号", self.accounts, len(material.accounts)),
        )

    def tally(self, name: str, subjects: Sequence[Site | Account]) -> Tally:
        """The result of the given sites or accounts."""
        verdicts = [self._verdicts.get(subject.ref) for subject in subjects]
        return Tally(
            name=name,
            registered=len(subjects),
            checked=sum(subject.ref in self._checked for subject in subjects),
            qualified=sum(verdict is not None and verdict.qualified is True for verdict in verdicts),
            failed=sum(verdict is not None and verdict.qualified is False for verdict in verdicts),
        )

    def by_region(self, subjects: Sequence[Site | Account]) -> tuple[Tally, ...]:
        """By 行政区划, in the order of the register."""
        return self._by(subjects, lambda subject: or_unnamed(subject.region))

    def by_level(self, subjects: Sequence[Site | Account]) -> tuple[Tally, ...]:
        """By 层级, from the province down."""
        order = [*Level, None]
        ranked = sorted(subjects, key=lambda subject: order.index(subject.level))
        return self._by(ranked, lambda subject: said(subject.level))

    def by_platform(self) -> tuple[Tally, ...]:
        """Accounts by platform."""
        order = list(Platform)
        ranked = sorted(self.accounts, key=lambda account: order.index(account.platform))
        return self._by(ranked, lambda account: said(account.platform))

    def by_category(self) -> tuple[ColumnTally, ...]:
        """Columns by category."""
        checks = sorted({a.check for a in self._material.assessments if a.subject.kind == "column"})
        groups = grouped(self.columns, lambda column: column.category)
        return tuple(self._column_tally(c, groups[c], checks) for c in ColumnCategory if c in groups)

    def ipv6(self) -> Ipv6Tally:
        """Support of IPv6 by site."""
        judged: dict[Ref, bool] = {}
        for assessment in self._material.assessments:
            if assessment.check != IPV6_CHECK or assessment.exempt:
                continue
            if assessment.conclusive or assessment.problems:  # 已有问题的，其余分项未检测也不改变结论
                judged[assessment.subject] = not assessment.problems
        portals = [site for site in self.sites if site.kind is SiteKind.PORTAL]
        all_sites = _support(self.sites, judged)
        return Ipv6Tally(
            all_sites=all_sites,
            portals=_support(portals, judged),
            untested=len(self.sites) - all_sites.denominator,
        )

    def _scope(self, name: str, running: Sequence[Subject], on_register: int) -> Scope:
        checked = sum(subject.ref in self._checked for subject in running)
        return Scope(name=name, on_register=on_register, gone=on_register - len(running), checked=checked)

    def _by(self, subjects: Sequence[_S], key: Callable[[_S], str]) -> tuple[Tally, ...]:
        return tuple(self.tally(name, group) for name, group in grouped(subjects, key).items())

    def _column_tally(self, category: ColumnCategory, columns: Sequence[Column], checks: Sequence[str]) -> ColumnTally:
        failed = {column.ref: self._failed_checks(column.ref) for column in columns}
        return ColumnTally(
            category=said(category),
            registered=len(columns),
            checked=sum(column.ref in self._checked for column in columns),
            exempt=sum(self._exempt(column.ref) for column in columns),
            with_problems=sum(bool(checks_of) for checks_of in failed.values()),
            problems=tuple((check_title(c), sum(c in checks_of for checks_of in failed.values())) for c in checks),
        )

    def _exempt(self, ref: Ref) -> bool:
        mine = self._assessments.get(ref, ())
        return bool(mine) and all(assessment.exempt for assessment in mine)

    def _failed_checks(self, ref: Ref) -> set[str]:
        return {a.check for a in self._assessments.get(ref, ()) if a.problems}


def _checked(assessments: Iterable[Assessment]) -> set[Ref]:
    """Who was looked at with a result. A site whose columns were read was looked at, too."""
    refs: set[Ref] = set()
    for assessment in assessments:
        if assessment.status in _CONCLUSIVE and not assessment.exempt:
            refs.add(assessment.subject)
            refs.add(owner_of(assessment.subject))
    return refs


def _support(sites: Sequence[Site], judged: dict[Ref, bool]) -> Rate:
    known = [judged[site.ref] for site in sites if site.ref in judged]
    return Rate(sum(known), len(known))
