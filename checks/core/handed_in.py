"""Facts that people hand in by sheet, and the looks that start from them. Like all facts they say what is, not what it
means."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from checks.core.observations import Observation, Outcome


class Answer(StrEnum):
    """What a person found on an indicator. The last two are for bonus indicators."""

    CLEAR = "无问题"
    PROBLEM = "有问题"
    NOT_APPLICABLE = "不适用"
    MET = "符合"
    UNMET = "不符合"


@dataclass(frozen=True, kw_only=True)
class ManualAnswer(Observation):
    """What a person found on one indicator of a site or an account; ``vantage`` is ``manual:NAME``.

    ``count`` is how many places are at fault (or, for a bonus, how many count): at least 1 for ``PROBLEM`` and ``MET``.
    """

    kind: ClassVar[str] = "manual_answer"

    indicator: str
    name: str
    answer: Answer
    count: int = 0
    note: str = ""
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class PublicationCount(Observation):
    """How much a site, or a unit that publishes on it, had disclosed in a year up to and including ``as_of``.

    Counted by the publishing system or by people, and handed in by sheet: no outsider sees every item.
    """

    kind: ClassVar[str] = "publication_count"

    year: int
    as_of: date
    count: int
    unit: str = ""


@dataclass(frozen=True, kw_only=True)
class PolicyFile:
    """One line of a register of documents. ``number`` is the 文号; days that the register leaves empty are ``None``.

    ``interpreted`` tells that an interpretation is asked for, ``normative`` that the document is a 规范性文件.
    """

    number: str
    title: str
    issued: date
    active: bool = True
    normative: bool = False
    interpreted: bool = False
    url: str = ""
    published: date | None = None
    gazette_on: date | None = None
    interpretation_url: str = ""
    interpretation_published: date | None = None

    @property
    def key(self) -> str:
        return self.number or self.title


@dataclass(frozen=True, kw_only=True)
class PolicyRegister(Observation):
    """主动公开文件台账 of a site, as handed in by sheet. The latest one stands for all earlier ones."""

    kind: ClassVar[str] = "policy_register"

    files: tuple[PolicyFile, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PolicyPair:
    """A document and its interpretation, looked at together. ``None`` where a page did not let itself be read whole.

    ``*_hint`` tells that the page names related pages without showing a link to the other, as lists filled by a
    script do: what it leads to was not seen.
    """

    key: str
    file_url: str
    interpretation_url: str
    file_outcome: Outcome
    interpretation_outcome: Outcome
    file_links: bool | None = None
    interpretation_links: bool | None = None
    file_hint: bool = False
    interpretation_hint: bool = False


@dataclass(frozen=True, kw_only=True)
class PolicyPairs(Observation):
    """One look at the pages of a site's documents and at those of their interpretations."""

    kind: ClassVar[str] = "policy_pairs"

    pairs: tuple[PolicyPair, ...] = ()
