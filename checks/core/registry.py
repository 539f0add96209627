"""How a check is declared, what it says, and where the declared ones are found."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from checks.core.model import Subject
from checks.core.observations import History, Observation

Value = str | int | float | bool | None


class Severity(StrEnum):
    """``PROBLEM`` goes on the ledger; ``WARNING`` (预警) is told, no more."""

    PROBLEM = "problem"
    WARNING = "warning"


class Untestable(Exception):
    """The facts allow no judgement: 未检测, with the reason in Chinese.

    Raised after findings were yielded, it says that these stand and that the rest could not be judged. ``keys`` are
    those of the possible findings that alone are in doubt; without them anything may be.
    """

    def __init__(self, reason: str, *, keys: Collection[str] = ()) -> None:
        super().__init__(reason)
        self.keys = frozenset(keys)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One statement of a check about a subject.

    ``text`` is the Chinese sentence with the measured value and the limit. ``key`` tells apart several findings of
    one check, and ``evidence`` holds the ids of the observations behind it. ``details`` are further fields for
    machines, such as ``outcome`` and ``status_code``. ``covers`` are the keys of other findings that this one speaks
    for as well (a host that is down, for its links): they are neither found nor gone. ``seen_at``, when the newest of
    the evidence was seen, is given by the assessment: what was seen before a repair says nothing of it.
    """

    text: str
    key: str = ""
    url: str = ""
    advice: str = ""
    severity: Severity = Severity.PROBLEM
    evidence: tuple[int, ...] = ()
    details: Mapping[str, Value] = field(default_factory=dict)
    covers: frozenset[str] = frozenset()
    seen_at: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What a keyed check says of a key that is no problem: it was looked at. ``count`` is what a bonus counts."""

    key: str
    count: int = 0
    applicable: bool = True


Rule = Callable[[Any, History, Any, datetime], Iterator[Finding | Answered]]
Exemption = Callable[[Any, Any], str]
Parts = Callable[[Any, History, Any, datetime], Sequence[Any]]


@dataclass(frozen=True, kw_only=True)
class NoLimits:
    """The limits of a check that has none."""


@dataclass(frozen=True, kw_only=True)
class Check:
    """A declared check: what it judges, which facts it reads over which window, and its default limits.

    A ``keyed`` one speaks only of the keys that it names: it is run on no subject without facts or that it exempts,
    and what it does not name it says nothing of. A ``closed`` one is for subjects that are closed for good, and for no
    others. ``parts`` gives its sub-results (``checks.core.parts``), for one that looks at several things.
    """

    id: str
    title: str
    on: type[Subject]
    reads: tuple[type[Observation], ...]
    within: Callable[[Any], timedelta]
    limits: Any
    rule: Rule
    exempt: Exemption = lambda _subject, _limits: ""
    keyed: bool = False
    parts: Parts | None = None
    closed: bool = False


_declared: dict[str, Check] = {}


def check(
    id: str,
    *,
    title: str,
    on: type[Subject],
    reads: type[Observation] | tuple[type[Observation], ...],
    within: timedelta | Callable[[Any], timedelta],
    limits: Any = NoLimits(),
    exempt: Exemption = lambda _subject, _limits: "",
    keyed: bool = False,
    parts: Parts | None = None,
    closed: bool = False,
) -> Callable[[Rule], Rule]:
    """Declare a check over a generator ``(subject, history, limits, now) -> Iterator[Finding]``.

    ``limits`` is a frozen dataclass instance with the defaults; an edition may override its fields by name.
    ``within`` is how far back the check looks: a span, or a function of the limits in force. ``exempt`` takes a
    subject and the limits in force, and says in Chinese why the rule does not bind that subject, or nothing.
    ``keyed``, ``closed`` and ``parts``: see ``Check``.
    """

    def declare(rule: Rule) -> Rule:
        if id in _declared:
            raise ValueError(f"check {id} is declared twice")
        _declared[id] = Check(
            id=id,
            title=title,
            on=on,
            reads=reads if isinstance(reads, tuple) else (reads,),
            within=within if callable(within) else lambda _limits: within,
            limits=limits,
            rule=rule,
            exempt=exempt,
            keyed=keyed,
            parts=parts,
            closed=closed,
        )
        return rule

    return declare


@cache
def all_checks() -> Mapping[str, Check]:
    """Every check by id. The folder is the list: each module of ``checks`` is imported."""
    import checks

    for module in pkgutil.iter_modules(checks.__path__):
        if not module.ispkg:
            importlib.import_module(f"checks.{module.name}")
    return dict(sorted(_declared.items()))
