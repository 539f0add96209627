"""Asks an account's source (采集方式) when it last published. Each module of ``sources`` is one way of asking."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cache

from checks import Account, AccountReading
from monitor.probes import sources
from monitor.probes.sources import Ask
from monitor.probing import Kit, probe


@probe("account.source", on=Account, yields=AccountReading, every=timedelta(days=1))
async def ask_source(account: Account, kit: Kit) -> Sequence[AccountReading]:
    """One reading by the adapter that the registry names."""
    ask = adapters().get(account.source)
    if ask is not None:
        return [await ask(account, kit)]
    error = "未配置采集方式"
    if account.source:
        error = f"没有名为“{account.source}”的采集方式，可用的有：{'、'.join(adapters())}"
    return [
        AccountReading(
            subject=account.ref,
            at=kit.clock.now(),
            vantage=kit.vantage,
            adapter=account.source,
            source_ok=False,
            error=error,
        )
    ]


@cache
def adapters() -> Mapping[str, Ask]:
    """Every adapter by its name in the registry: the name of its module."""
    names = sorted(module.name for module in pkgutil.iter_modules(sources.__path__))
    return {name: importlib.import_module(f"{sources.__name__}.{name}").ask for name in names}
