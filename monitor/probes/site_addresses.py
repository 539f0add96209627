"""Asks the DNS for a site's addresses and name servers, and knocks at each of them, over the families online here.

A, AAAA ──▶ every address × port: TCP, then the site's page there ┐
NS      ──▶ every name server's A, AAAA ──▶ a real question       ┴▶ all side by side: many dead cost one time-out
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlsplit

from checks import AddressSurvey, NameServiceSurvey, Outcome, Reach, Site
from checks.core.ipv6.facts import NameServer, ServerAnswer
from monitor.extract import urls
from monitor.probing import Kit, probe


@probe("site.addresses", on=Site, yields=(AddressSurvey, NameServiceSurvey), every=timedelta(days=1))
async def survey(site: Site, kit: Kit) -> Sequence[AddressSurvey | NameServiceSurvey]:
    """One survey of the addresses; where IPv6 is online here, one of the name servers too."""
    address = urls.normalise(site.url)
    host = urlsplit(address).hostname or ""
    if 6 not in kit.families:
        return [await _addresses(site, address, kit)]
    return await asyncio.gather(_addresses(site, address, kit), _name_servers(site, host, kit))


_MOST_ADDRESSES = 16
_MOST_SERVERS = 13
_MOST_OF_A_SERVER = 4


async def _addresses(site: Site, url: str, kit: Kit) -> AddressSurvey:
    host = urlsplit(url).hostname or ""
    a, aaaa = await asyncio.gather(kit.resolver.addresses(host, 4), kit.resolver.addresses(host, 6))
    places = [
        (address, page)
        for page in _pages(url, kit.ipv6.ports)
        for family, found in ((4, a), (6, aaaa))
        if family in kit.families
        for address in found.addresses[:_MOST_ADDRESSES]
    ]
    return AddressSurvey(
        subject=site.ref,
        at=kit.clock.now(),
        vantage=kit.vantage,
        host=host,
        a_answer=a.answer,
        # Offline over IPv6 we accuse nobody of having none, although the DNS would tell over IPv4 as well.
        aaaa_answer=aaaa.answer if aaaa.addresses or 6 in kit.families else "offline",
        a=a.addresses,
        aaaa=aaaa.addresses,
        reach=tuple(await asyncio.gather(*(_knock(address, page, kit) for address, page in places))),
        cnames=aaaa.aliases or a.aliases,
        dropped=aaaa.dropped,
    )


def _pages(url: str, ports: Sequence[int]) -> list[str]:
    """The site's page at its own port, and at each further one."""
    parts = urlsplit(url)
    own = _port(url)
    name = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    others = [
        parts._replace(scheme="https" if port == 443 else "http", netloc=f"{name}:{port}").geturl()
        for port in dict.fromkeys(ports)
        if port != own
    ]
    return [url, *others]


def _port(url: str) -> int:
    parts = urlsplit(url)
    return parts.port or (443 if parts.scheme == "https" else 80)


async def _knock(address: str, page: str, kit: Kit) -> Reach:
    port = _port(page)
    outcome, seconds = await kit.net.reach(address, port)
    if outcome is not Outcome.OK:
        return Reach(address=address, port=port, outcome=outcome, seconds=seconds)
    answer = await kit.net.ask_at(page, address)
    return Reach(
        address=address,
        port=port,
        outcome=outcome,
        seconds=seconds,
        http=answer.outcome,
        status_code=answer.status_code,
        http_seconds=answer.seconds,
    )


async def _name_servers(site: Site, host: str, kit: Kit) -> NameServiceSurvey:
    zone = await kit.resolver.zone_servers(host)
    servers = await asyncio.gather(*(_name_server(zone.zone, name, kit) for name in zone.names[:_MOST_SERVERS]))
    return NameServiceSurvey(
        subject=site.ref,
        at=kit.clock.now(),
        vantage=kit.vantage,
        host=host,
        zone=zone.zone,
        ns_answer=zone.answer,
        servers=tuple(servers),
    )


async def _name_server(zone: str, name: str, kit: Kit) -> NameServer:
    a, aaaa = await asyncio.gather(kit.resolver.addresses(name, 4), kit.resolver.addresses(name, 6))
    asked = [
        address
        for family, found in ((6, aaaa), (4, a))
        if family in kit.families
        for address in found.addresses[:_MOST_OF_A_SERVER]
    ]
    return NameServer(
        name=name,
        aaaa_answer=aaaa.answer,
        aaaa=aaaa.addresses,
        a=a.addresses,
        answers=tuple(await asyncio.gather(*(_question(zone, address, kit) for address in asked))),
    )


async def _question(zone: str, address: str, kit: Kit) -> ServerAnswer:
    if not kit.net.admits(address):
        return ServerAnswer(address=address, answer="not_asked")
    heard = await kit.resolver.hear(zone, address, port=kit.ipv6.dns_port)
    return ServerAnswer(address=address, answer=heard.answer, seconds=heard.seconds)
