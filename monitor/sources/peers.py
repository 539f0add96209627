"""The accounts of the registry beside one another: who shares unit, id or name with whom. Pure; it rules on nothing."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import date, datetime

from checks import Account, AccountStatus, Peer, RegistryPeers

_RUNNING = (AccountStatus.ACTIVE, AccountStatus.CLOSING, AccountStatus.PAUSED)
_MOST_PEERS = 20


class AccountIndex:
    """The running accounts of the registry, each to be found by what it may share with another."""

    def __init__(self, accounts: Iterable[Account] = ()) -> None:
        self._by_unit: dict[tuple[str, ...], list[Account]] = {}
        self._by_id: dict[tuple[str, ...], list[Account]] = {}
        self._by_name: dict[tuple[str, ...], list[Account]] = {}
        for account in accounts:
            if account.status in _RUNNING:
                self._by_unit.setdefault((account.platform, bare(account.sponsor)), []).append(account)
                self._by_name.setdefault((account.platform, bare(account.name)), []).append(account)
                if account.account_id:
                    self._by_id.setdefault((account.platform, bare(account.account_id)), []).append(account)

    def peers_of(self, account: Account, *, at: datetime, vantage: str) -> RegistryPeers:
        """What the registry holds beside an account."""
        unit = bare(account.sponsor)
        same_unit = self._others(self._by_unit, (account.platform, unit), account)
        same_id = self._others(self._by_id, (account.platform, bare(account.account_id)), account)
        same_name = self._others(self._by_name, (account.platform, bare(account.name)), account)
        strangers = [other for other in same_id if bare(other.sponsor) != unit]
        known = {other.ref for other in same_id}
        return RegistryPeers(
            subject=account.ref,
            at=at,
            vantage=vantage,
            same_unit=_peers(same_unit),
            same_id=_peers(strangers),
            same_name=_peers(o for o in same_name if bare(o.sponsor) != unit and o.ref not in known),
            main=all(_rank(account) < _rank(other) for other in same_unit),
        )

    def _others(
        self, index: dict[tuple[str, ...], list[Account]], key: tuple[str, ...], account: Account
    ) -> list[Account]:
        return [other for other in index.get(key, ()) if other.ref != account.ref]


def bare(text: str) -> str:
    """A name without what two spellings of it may differ in."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def _rank(account: Account) -> tuple[int, int, date, str]:
    """The main account has the most followers, and of equals stands longest. One that is being closed is none."""
    closing = account.status is AccountStatus.CLOSING
    return (closing, -(account.followers or 0), account.opened_on or date.max, account.ref.id)


def _peers(accounts: Iterable[Account]) -> tuple[Peer, ...]:
    return tuple(
        Peer(
            account=a.ref.id,
            name=a.name,
            sponsor=a.sponsor,
            variety=a.variety,
            opened_on=a.opened_on,
            followers=a.followers,
        )
        for a in sorted(accounts, key=_rank)[:_MOST_PEERS]
    )
