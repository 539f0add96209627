"""The kinds of fact that only IPv6 asks for. Like all facts they say what was seen, never what it means."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from checks.core.observations import Observation, Outcome


@dataclass(frozen=True, kw_only=True)
class ServerAnswer:
    """How the name server at one address answered a real question for its zone, over UDP or else TCP.

    ``answer`` is ``ok``, ``no_data``, ``nxdomain``, ``servfail``, ``refused``, ``timeout``, ``closed`` (nobody listens
    there), ``no_route`` (our fault) or ``not_asked`` (an address that we do not visit).
    """

    address: str
    answer: str
    seconds: float | None = None


@dataclass(frozen=True, kw_only=True)
class NameServer:
    """One name server of a zone. ``aaaa_answer`` as in ``AddressSurvey``; ``answers`` hold both families."""

    name: str
    aaaa_answer: str
    aaaa: tuple[str, ...] = ()
    a: tuple[str, ...] = ()
    answers: tuple[ServerAnswer, ...] = ()


@dataclass(frozen=True, kw_only=True)
class NameServiceSurvey(Observation):
    """The name servers of a host's zone. ``ns_answer`` tells how the question for them was answered."""

    kind: ClassVar[str] = "name_service"

    host: str
    zone: str
    ns_answer: str
    servers: tuple[NameServer, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PagePrint:
    """What is kept of one fetch of a page: how it ended, and prints of what it says (see ``checks.core.ipv6.sketch``).

    ``text`` and ``links`` are sketches of the visible text and of the link targets, the sizes are of the whole sets.
    ``dates`` are the newest days that it shows, newest first, today and later ones left out.
    """

    family: int
    outcome: Outcome
    status_code: int | None = None
    final_url: str = ""
    address: str = ""
    title: str = ""
    text: str = ""
    text_size: int = 0
    links: str = ""
    links_size: int = 0
    dates: tuple[date, ...] = ()
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class FamilyComparison(Observation):
    """The home page over IPv6 between two fetches over IPv4, which show how much it changes by itself.

    ``only_ipv4`` are examples of lines that both fetches over IPv4 hold and the one over IPv6 does not; ``only_ipv6``
    of lines that it alone holds.
    """

    kind: ClassVar[str] = "family_comparison"

    url: str
    first: PagePrint
    over_ipv6: PagePrint
    again: PagePrint
    only_ipv4: tuple[str, ...] = ()
    only_ipv6: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class InnerLink:
    """An internal link that did not open over IPv6. ``page`` holds it; ``over_ipv4`` is how it ended over IPv4."""

    url: str
    level: int
    page: str
    over_ipv6: Outcome
    over_ipv4: Outcome
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class LevelCount:
    """The internal links of one level: how many there are, how many were looked at and how those ended.

    ``dead`` open over neither family and ``unknown`` told nothing; neither is counted for or against IPv6.
    """

    level: int
    found: int
    sampled: int
    reached: int
    failed: int
    dead: int = 0
    unknown: int = 0

    @property
    def tested(self) -> int:
        return self.reached + self.failed


@dataclass(frozen=True, kw_only=True)
class InnerLinkSurvey(Observation):
    """Internal links below the home page, opened over IPv6. Level 2 stands on the home page, level 3 on level 2.

    ``home_stayed`` is false where the home page itself no longer opened over IPv6 when links had failed.
    """

    kind: ClassVar[str] = "inner_links"

    url: str
    levels: tuple[LevelCount, ...] = ()
    failing: tuple[InnerLink, ...] = ()
    home_stayed: bool = True
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class OutsideHost:
    """A host that pages name and that has no IPv6 address. ``literal``: it is written as an IPv4 address."""

    host: str
    literal: bool
    resources: int
    links: int
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class OutsideSurvey(Observation):
    """天窗: what the pages of a site load from, and link to at, other hosts. ``unknown`` hosts were not answered for.

    ``resources`` and ``links`` count all such addresses, ``without`` lists the hosts without IPv6.
    """

    kind: ClassVar[str] = "outside_hosts"

    pages: int
    hosts: int
    resources: int
    links: int
    unknown: int = 0
    without: tuple[OutsideHost, ...] = ()
