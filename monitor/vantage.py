"""Whether this machine is online, each address family by itself: before anyone is accused of being silent."""

from __future__ import annotations

import asyncio
import ipaddress
import socket

from checks import Outcome
from monitor.net import Net
from monitor.settings import Vantage


async def online_families(net: Net, vantage: Vantage) -> frozenset[int]:
    """The address families, 4 and 6, over which this machine can look at others.

    With reference addresses in the settings a family is online when any of them opens over it; without, the machine's
    own routes are asked, and nothing is sent.
    """
    references = {4: vantage.ipv4, 6: vantage.ipv6}
    online = await asyncio.gather(*(_is_online(net, family, urls) for family, urls in references.items()))
    return frozenset(family for family, there in zip(references, online, strict=True) if there)


_FAR_AWAY = {4: (socket.AF_INET, "198.41.0.4"), 6: (socket.AF_INET6, "2001:503:ba3e::2:30")}  # a.root-servers.net


async def _is_online(net: Net, family: int, references: tuple[str, ...]) -> bool:
    if not references:
        return _has_route(family)
    fetches = [asyncio.ensure_future(net.fetch(url, family=family, body_limit=100_000)) for url in references]
    try:
        for fetch in asyncio.as_completed(fetches):
            if (await fetch).outcome in (Outcome.OK, Outcome.TOO_LARGE):
                return True
        return False
    finally:
        for unfinished in fetches:
            unfinished.cancel()
        await asyncio.gather(*fetches, return_exceptions=True)


def _has_route(family: int) -> bool:
    kind, far_away = _FAR_AWAY[family]
    try:
        with socket.socket(kind, socket.SOCK_DGRAM) as probe:
            probe.connect((far_away, 53))  # a datagram socket: this chooses a route and sends nothing
            source = ipaddress.ip_address(probe.getsockname()[0])
    except OSError:
        return False
    # A private IPv4 source is ordinary behind NAT. A private IPv6 source (fd00::/8) mostly leads nowhere, and to
    # believe in it would accuse every site; whoever does have NAT66 names reference addresses.
    return family == 4 or source.is_global
