"""Asks for a site's addresses in the DNS and knocks at each of them, over the families that are online here."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlsplit

from checks import AddressSurvey, Reach, Site
from monitor.extract import urls
from monitor.probing import Kit, probe


@probe("site.addresses", on=Site, yields=AddressSurvey, every=timedelta(days=1))
async def survey(site: Site, kit: Kit) -> Sequence[AddressSurvey]:
    """Both kinds of record, and a TCP connection to each address on the port of the site's URL."""
    parts = urlsplit(urls.normalise(site.url))
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    a, aaaa = await asyncio.gather(kit.resolver.addresses(host, 4), kit.resolver.addresses(host, 6))
    reachable_here = [
        address
        for family, found in ((4, a), (6, aaaa))
        if family in kit.families
        for address in found.addresses[:_MOST_ADDRESSES]
    ]
    reached = await asyncio.gather(*(kit.net.reach(address, port) for address in reachable_here))
    return [
        AddressSurvey(
            subject=site.ref,
            at=kit.clock.now(),
            vantage=kit.vantage,
            host=host,
            a_answer=a.answer,
            # Offline over IPv6 we accuse nobody of having none, although the DNS would tell over IPv4 as well.
            aaaa_answer=aaaa.answer if aaaa.addresses or 6 in kit.families else "offline",
            a=a.addresses,
            aaaa=aaaa.addresses,
            reach=tuple(
                Reach(address=address, port=port, outcome=outcome, seconds=seconds)
                for address, (outcome, seconds) in zip(reachable_here, reached, strict=True)
            ),
        )
    ]


_MOST_ADDRESSES = 16
