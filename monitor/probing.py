"""How a probe is declared, what it is handed, and where the declared ones are found."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from checks import Observation, Ref, Subject
from monitor.clock import Clock
from monitor.crawl import CrawlBounds, CrawlLog
from monitor.net import Net
from monitor.resolver import Resolver

Recall = Callable[[Ref, type[Observation]], Sequence[Observation]]


@dataclass(frozen=True)
class Kit:
    """What a probe may use. ``families`` are the address families (4, 6) that the vantage gate found online.

    ``recall`` gives the newest facts of a kind that are on record of a subject, newest first.
    """

    net: Net
    resolver: Resolver
    clock: Clock
    vantage: str
    families: frozenset[int]
    crawl_log: CrawlLog
    crawl_bounds: CrawlBounds
    recall: Recall = lambda _subject, _kind: ()


Look = Callable[[Any, Kit], Awaitable[Sequence[Observation]]]


@dataclass(frozen=True)
class Probe:
    """A declared probe: what it looks at, the kinds of fact it yields, and how often it is due by default."""

    id: str
    on: type[Subject]
    yields: tuple[type[Observation], ...]
    every: timedelta
    look: Look


_declared: dict[str, Probe] = {}


def probe(
    id: str, *, on: type[Subject], yields: type[Observation] | tuple[type[Observation], ...], every: timedelta
) -> Callable[[Look], Look]:
    """Declare a probe over a coroutine ``(subject, kit) -> Sequence[Observation]``.

    Whatever the target answers, the probe returns facts; it raises only for faults of our own.
    """

    def declare(look: Look) -> Look:
        if id in _declared:
            raise ValueError(f"probe {id} is declared twice")
        _declared[id] = Probe(id, on, yields if isinstance(yields, tuple) else (yields,), every, look)
        return look

    return declare


@cache
def all_probes() -> Mapping[str, Probe]:
    """Every probe by id. The folder is the list: each module of ``monitor.probes`` is imported."""
    import monitor.probes

    for module in pkgutil.iter_modules(monitor.probes.__path__):
        importlib.import_module(f"monitor.probes.{module.name}")
    return dict(sorted(_declared.items()))
