"""A rulebook in force as a value: its indicators, scoring, rates and limits. It judges nothing: ``standard`` does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from checks.core.model import Account, Site, SiteKind


class StandardError(ValueError):
    """A rulebook that cannot be used. The message names, in Chinese, every faulty file and key."""


class Tier(StrEnum):
    """性质 of an indicator. ``REMIND`` (提醒) is asked for by a notice and changes no verdict."""

    VETO = "veto"
    DEDUCT = "deduct"
    BONUS = "bonus"
    REMIND = "remind"


class Applies(StrEnum):
    """What an indicator is for. ``SITE`` is any site, ``DEPARTMENT`` any that is no portal, ``SUPERVISOR`` none."""

    SITE = "site"
    PORTAL = "portal"
    DEPARTMENT = "department"
    ACCOUNT = "account"
    SUPERVISOR = "supervisor"


@dataclass(frozen=True, kw_only=True)
class Rectification:
    """整改期限 in days, counted from 交办."""

    days: int = 30
    working_days: bool = False


@dataclass(frozen=True, kw_only=True)
class Score:
    """计分: 100 points less deductions; below ``pass_below`` 不合格, above ``bonus_above`` the bonus counts.

    ``groups`` are the points of each 一级指标: deductions within one never exceed them, and one that does not apply to
    a site at all is taken out, the rest counting in proportion (a portal without services: 75 points, × 4/3).
    ``scope`` is what deductions and bonuses of portals are for: ``portal``, or ``site`` for departments as well.
    """

    pass_below: float = 60.0
    bonus_above: float = 80.0
    bonus_cap: float = 30.0
    scope: str = "portal"
    groups: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """One official indicator, and how the findings of its checks are counted.

    ``checks`` is empty for what only people can judge. ``where`` keeps only the findings with these ``details``, and
    ``count_by`` names the detail that says for how many a finding stands (1 each where it is empty). ``group`` is the
    一级指标. ``due`` is the last day of a dated task. ``platforms`` narrow one of accounts. ``verified`` tells that
    number and wording were read in the document, and not remembered.
    """

    id: str
    name: str
    tier: Tier
    applies: Applies
    checks: tuple[str, ...] = ()
    at_least: int = 1
    points_each: float = 0.0
    cap: float = 0.0
    where: Mapping[str, Any] = field(default_factory=dict)
    count_by: str = ""
    group: str = ""
    due: date | None = None
    platforms: tuple[str, ...] = ()
    document: str = ""
    clause: str = ""
    threshold: str = ""
    verified: bool = False

    @property
    def manual(self) -> bool:
        return not self.checks

    def concerns(self, subject: Site | Account) -> bool:
        if isinstance(subject, Account):
            return self.applies is Applies.ACCOUNT and (not self.platforms or subject.platform in self.platforms)
        kind = Applies.PORTAL if subject.kind is SiteKind.PORTAL else Applies.DEPARTMENT
        return self.applies in (Applies.SITE, kind)


class Every(StrEnum):
    """How often something has to be published."""

    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, kw_only=True)
class CalendarItem:
    """发布日历: what has to be published in each quarter, or in each year by a day.

    The columns bound by it are those whose names hold one of the words of ``columns``; of their items those count
    whose titles hold one of ``titles``, or all where it is empty. ``grace_days`` follow the end of the quarter.
    ``due`` is the last day of the year's item as month and day, ``01-31``.
    """

    id: str
    name: str
    every: Every
    columns: tuple[str, ...]
    titles: tuple[str, ...] = ()
    grace_days: int = 31
    due: str = "12-31"
    document: str = ""
    clause: str = ""
    threshold: str = ""
    verified: bool = False

    @property
    def due_month_day(self) -> tuple[int, int]:
        month, _, day = self.due.partition("-")
        return int(month), int(day)


@dataclass(frozen=True, kw_only=True)
class Standard:
    """One edition of the rules. ``limits`` holds those in force for every check, by its id.

    ``draw_rates`` are the shares to be drawn in a quarter, by ``site`` and ``account``. ``lineage`` are the editions
    that it extends, the nearest first.
    """

    edition: str
    title: str
    document: str
    draw_rates: Mapping[str, float]
    rectification: Rectification
    limits: Mapping[str, Any]
    indicators: tuple[Indicator, ...]
    score: Score = Score()
    calendar: tuple[CalendarItem, ...] = ()
    lineage: tuple[str, ...] = ()
