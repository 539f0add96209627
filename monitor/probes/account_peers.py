"""Compares an account with the others of the registry, and puts down what it shares with them as a fact."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from checks import Account, RegistryPeers
from monitor.probing import Kit, probe


@probe("account.peers", on=Account, yields=RegistryPeers, every=timedelta(days=1))
async def compare(account: Account, kit: Kit) -> Sequence[RegistryPeers]:
    """It visits nobody: the check of duplicates sees one subject at a time, and this is what it sees."""
    return [kit.accounts.peers_of(account, at=kit.clock.now(), vantage=kit.vantage)]
