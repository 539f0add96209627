"""Which addresses we may visit: the public ones, and those that the settings let through. Decides, connects nowhere."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable


class AddressGuard:
    """``allowed`` are CIDRs that pass besides public addresses."""

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        self._allowed = tuple(ipaddress.ip_network(text, strict=False) for text in allowed)
        self._known: dict[str, bool] = {}

    def admits(self, address: str) -> bool:
        """Whether a connection to this address may be made. What is no address is not admitted."""
        known = self._known.get(address)
        if known is None:
            if len(self._known) > _MOST_KNOWN:
                self._known.clear()
            known = self._known[address] = self._admits(address)
        return known

    def _admits(self, address: str) -> bool:
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return False
        return is_public(parsed) or any(
            parsed.version == network.version and parsed in network for network in self._allowed
        )


_MOST_KNOWN = 10_000


def is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether an address belongs to the public internet, also where IPv4 hides inside IPv6."""
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global and not (address.is_multicast or address.is_reserved)
    hidden = _hidden_ipv4(address)
    if hidden is not None:
        return is_public(hidden)
    return address in _GLOBAL_UNICAST and not any(address in network for network in _SPECIAL)


_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
_SPECIAL = tuple(
    ipaddress.IPv6Network(text)
    for text in (
        "2001::/23",  # protocol assignments; Teredo is among them
        "2001:db8::/32",  # documentation
        "3fff::/20",  # documentation
    )
)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def _hidden_ipv4(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour
