"""判: what the facts mean. Each module of this package is one check; this is the vocabulary that its author imports."""

from checks.core.limits import bounded
from checks.core.model import Account, AccountStatus, Column, ColumnCategory, Platform, Ref, Site, Subject, Unit
from checks.core.observations import (
    AccountReading,
    AddressSurvey,
    CrawlSummary,
    DateBasis,
    History,
    LinkFailure,
    LinkSource,
    ListItem,
    ListReading,
    Observation,
    Outcome,
    PageVisit,
    Reach,
)
from checks.core.registry import Check, Finding, NoLimits, Severity, Untestable, all_checks, check

__all__ = [
    "Account",
    "AccountReading",
    "AccountStatus",
    "AddressSurvey",
    "Check",
    "Column",
    "ColumnCategory",
    "CrawlSummary",
    "DateBasis",
    "Finding",
    "History",
    "LinkFailure",
    "LinkSource",
    "ListItem",
    "ListReading",
    "NoLimits",
    "Observation",
    "Outcome",
    "PageVisit",
    "Platform",
    "Reach",
    "Ref",
    "Severity",
    "Site",
    "Subject",
    "Unit",
    "Untestable",
    "all_checks",
    "bounded",
    "check",
]
