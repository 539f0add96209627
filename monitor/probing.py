"""How a probe is declared, what it is handed, and where the declared ones are found."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any

from checks import Observation, Ref, Site, Subject
from monitor.clock import Clock
from monitor.crawl import CrawlBounds, CrawlLog, CrawlProgress, crawl
from monitor.ipv6_settings import Ipv6
from monitor.linkcheck import Look as LinkLook
from monitor.net import Net
from monitor.outside import OutsideLooks
from monitor.resolver import Resolver
from monitor.sources.desk import SourceDesk
from monitor.sources.peers import AccountIndex

Recall = Callable[[Ref, type[Observation]], Sequence[Observation]]


@dataclass(frozen=True)
class Kit:
    """What a probe may use. ``families`` are the address families (4, 6) that the vantage gate found online.

    ``recall`` gives the newest facts of a kind that are on record of a subject, newest first. ``outside`` holds what
    was found of outside links in this sweep; ``crawl_told`` hears how far each crawl is;
    ``crawl_elsewhere``, where it is given, crawls a site in the process that has least to do. ``desk`` is what the
    adapters of accounts share in a round, and ``accounts`` the registry, for comparing an account with the others.
    """

    net: Net
    resolver: Resolver
    clock: Clock
    vantage: str
    families: frozenset[int]
    crawl_log: CrawlLog
    crawl_bounds: CrawlBounds
    recall: Recall = lambda _subject, _kind: ()
    ipv6: Ipv6 = field(default_factory=Ipv6)
    outside: OutsideLooks[LinkLook] = field(default_factory=OutsideLooks)
    crawl_told: Callable[[CrawlProgress], None] = lambda _progress: None
    desk: SourceDesk = field(default_factory=SourceDesk)
    accounts: AccountIndex = field(default_factory=AccountIndex)
    crawl_elsewhere: Callable[[Site], Awaitable[Sequence[Observation]]] | None = None

    async def crawl_here(self, site: Site) -> Sequence[Observation]:
        """Crawl a site in this process, resumed where an earlier crawl was cut off."""
        return await crawl(
            site,
            net=self.net,
            clock=self.clock,
            vantage=self.vantage,
            log=self.crawl_log,
            bounds=self.crawl_bounds,
            families=self.families,
            outside=self.outside,
            told=self.crawl_told,
        )


Look = Callable[[Any, Kit], Awaitable[Sequence[Observation]]]


@dataclass(frozen=True)
class Probe:
    """A declared probe: what it looks at, the kinds of fact it yields, and how often it is due by default.

    ``night`` keeps long work to the night window; ``closed`` sends it to sites closed for good, and to no others.
    """

    id: str
    on: type[Subject]
    yields: tuple[type[Observation], ...]
    every: timedelta
    look: Look
    night: bool = False
    closed: bool = False


NOTHING_TO_LOOK_AT: Sequence[Observation] = []
"""Returned by a probe that has nothing to look at here: it looked, and is due again only by its cadence. Any other
empty answer leaves the task due."""

_declared: dict[str, Probe] = {}


def probe(
    id: str,
    *,
    on: type[Subject],
    yields: type[Observation] | tuple[type[Observation], ...],
    every: timedelta,
    night: bool = False,
    closed: bool = False,
) -> Callable[[Look], Look]:
    """Declare a probe over a coroutine ``(subject, kit) -> Sequence[Observation]``.

    Whatever the target answers, the probe returns facts; it raises only for faults of our own.
    """

    def declare(look: Look) -> Look:
        if id in _declared:
            raise ValueError(f"probe {id} is declared twice")
        kinds = yields if isinstance(yields, tuple) else (yields,)
        _declared[id] = Probe(id, on, kinds, every, look, night=night, closed=closed)
        return look

    return declare


@cache
def all_probes() -> Mapping[str, Probe]:
    """Every probe by id. The folder is the list: each module of ``monitor.probes`` is imported."""
    import monitor.probes

    for module in pkgutil.iter_modules(monitor.probes.__path__):
        importlib.import_module(f"monitor.probes.{module.name}")
    return dict(sorted(_declared.items()))
