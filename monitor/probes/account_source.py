"""Asks an account's sources (采集方式) when it last published. Each module of ``sources`` is one way of asking."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import timedelta
from functools import cache
from typing import Any

from checks import Account, AccountReading, AppListing, Observation
from monitor.probes import sources
from monitor.probes.sources import Ask, json_list
from monitor.probing import Kit, probe
from monitor.sources.posts import failed


@probe("account.source", on=Account, yields=(AccountReading, AppListing), every=timedelta(days=1))
async def ask_source(account: Account, kit: Kit) -> Sequence[Observation]:
    """One reading by each adapter that the registry names, without any secret in it."""
    found = [await _ask(account, way, kit) for way in account.source.split("+")]
    return [_masked(fact, kit) for fact in found]


@probe("account.closed_source", on=Account, yields=AccountReading, every=timedelta(days=30), closed=True)
async def ask_closed(account: Account, kit: Kit) -> Sequence[Observation]:
    """The same of an account that is filed as closed, monthly: some come back without a word (accounts.md §3)."""
    return [fact for fact in await ask_source(account, kit) if isinstance(fact, AccountReading)]


@cache
def adapters() -> Mapping[str, Ask]:
    """Every adapter by its name in the registry: the name of its module, or of its preset."""
    names = [module.name for module in pkgutil.iter_modules(sources.__path__) if module.name != "json_list"]
    modules = {name: importlib.import_module(f"{sources.__name__}.{name}").ask for name in names}
    return dict(sorted({**modules, **json_list.asks()}.items()))


async def _ask(account: Account, way: str, kit: Kit) -> Observation:
    ask = adapters().get(way)
    if ask is not None:
        return await ask(account, kit)
    error = "未配置采集方式"
    if way:
        error = f"没有名为“{way}”的采集方式，可用的有：{'、'.join(adapters())}"
    return failed(account, error, adapter=way, at=kit.clock.now(), vantage=kit.vantage)


def _masked(fact: Observation, kit: Kit) -> Observation:
    mask = kit.desk.secrets.mask
    own = {f.name: getattr(fact, f.name) for f in fields(fact) if f.name != "vantage"}
    texts: dict[str, Any] = {name: mask(text) for name, text in own.items() if type(text) is str and text}
    return replace(fact, **texts)
