"""Opens a site's pages over IPv6: the home page beside IPv4, internal links below it, and what other hosts bring.

home over IPv4 and IPv6, then IPv4 again ──▶ FamilyComparison
links of the home page ──▶ level 2 ──▶ level 3 ──▶ InnerLinkSurvey
other hosts on home page and level 2 ──▶ DNS ──▶ OutsideSurvey
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from checks import FamilyComparison, InnerLinkSurvey, Observation, Outcome, OutsideSurvey, Site
from checks.core.calendar import local_day
from checks.core.ipv6.facts import OutsideHost, PagePrint
from checks.core.ipv6.sketch import sketch
from monitor.extract import urls
from monitor.extract.outside import host_of, ipv4_literal
from monitor.extract.prints import Print, only_in, print_of
from monitor.inner_links import Page, links_of, open_level, page_of, text_of
from monitor.landing import open_landing
from monitor.net import Fetched
from monitor.probing import Kit, probe
from monitor.resolver import Answer


@probe("site.ipv6_pages", on=Site, yields=(FamilyComparison, InnerLinkSurvey, OutsideSurvey), every=timedelta(days=1))
async def look_over_ipv6(site: Site, kit: Kit) -> Sequence[Observation]:
    """Three facts; where IPv6 is offline here none, and where the home page does not open over it, only that."""
    if 6 not in kit.families:
        return []
    at = kit.clock.now()
    first, six = await asyncio.gather(
        open_landing(kit.net, site.url, family=4), open_landing(kit.net, site.url, family=6)
    )
    again = await open_landing(kit.net, site.url, family=4) if _opened(first) and _opened(six) else first
    comparison = _comparison(site, kit, at, (first, six, again))
    if not _opened(six):
        return [comparison]
    inner, pages = await _inner(site, kit, at, six)
    return [comparison, inner, await _outside(site, kit, at, pages)]


_MOST_HOSTS = 300
_EXAMPLES = 3


def _opened(fetched: Fetched) -> bool:
    return fetched.outcome in (Outcome.OK, Outcome.TOO_LARGE)


def _comparison(site: Site, kit: Kit, at: datetime, three: tuple[Fetched, Fetched, Fetched]) -> FamilyComparison:
    today = local_day(at)
    first, six, again = three
    prints: dict[tuple[str, bytes], Print] = {}  # often all three are the same bytes
    found: list[Print | None] = []
    for fetched in (first, again, six):
        key = (fetched.final_url, fetched.body)
        if _opened(fetched) and key not in prints:
            prints[key] = print_of(text_of(fetched).text, fetched.final_url, today=today)
        found.append(prints.get(key) if _opened(fetched) else None)
    four = tuple(p for p in found[:2] if p is not None)
    over_ipv6 = (found[2],) if found[2] is not None else ()
    comparable = bool(four and over_ipv6)
    return FamilyComparison(
        subject=site.ref,
        at=at,
        vantage=kit.vantage,
        url=site.url,
        first=_print(first, found[0], 4),
        over_ipv6=_print(six, found[2], 6),
        again=_print(again, found[1], 4),
        only_ipv4=only_in(four, over_ipv6) if comparable else (),
        only_ipv6=only_in(over_ipv6, four) if comparable else (),
    )


def _print(fetched: Fetched, found: Print | None, family: int) -> PagePrint:
    text, text_size = sketch(found.shingles) if found else ("", 0)
    links, links_size = sketch(found.targets) if found else ("", 0)
    dates: tuple[date, ...] = found.dates if found else ()
    return PagePrint(
        family=family,
        outcome=fetched.outcome,
        status_code=fetched.status_code,
        final_url=fetched.final_url,
        address=fetched.address,
        title=found.title[:200] if found else "",
        text=text,
        text_size=text_size,
        links=links,
        links_size=links_size,
        dates=dates,
        detail=fetched.detail,
    )


async def _inner(site: Site, kit: Kit, at: datetime, front: Fetched) -> tuple[InnerLinkSurvey, list[Page]]:
    """Both levels, and the pages that were read: the home page and those of level 2."""
    home = page_of(front, front.final_url)
    known = {site.url, urls.normalise(site.url), home.url}
    links = links_of([home], known=known)
    second = await open_level(kit.net, links, level=2, most=kit.ipv6.level2_links, home=home.url)
    known |= set(links)
    below = links_of(second.pages, known=known)
    third = await open_level(kit.net, below, level=3, most=kit.ipv6.level3_links, home=home.url)
    failing = (*second.failing, *third.failing)
    stayed = True
    if failing:
        # If IPv6 broke down on our side, or at the whole site, the links are not to blame.
        stayed = (await kit.net.fetch(site.url, family=6)).outcome in (Outcome.OK, Outcome.TOO_LARGE)
    survey = InnerLinkSurvey(
        subject=site.ref,
        at=at,
        vantage=kit.vantage,
        url=site.url,
        levels=(second.count, third.count),
        failing=failing,
        home_stayed=stayed,
    )
    return survey, [home, *second.pages]


async def _outside(site: Site, kit: Kit, at: datetime, pages: Sequence[Page]) -> OutsideSurvey:
    by_host: dict[str, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    for page in pages:
        for place, addresses in enumerate((page.outside.resources, page.outside.links)):
            for address in addresses:
                by_host[host_of(address)][place].add(address)
    hosts = sorted(by_host)[:_MOST_HOSTS]
    lacking = await asyncio.gather(*(_lacks_ipv6(host, kit) for host in hosts))
    return OutsideSurvey(
        subject=site.ref,
        at=at,
        vantage=kit.vantage,
        pages=len(pages),
        hosts=len(hosts),
        resources=sum(len(by_host[host][0]) for host in hosts),
        links=sum(len(by_host[host][1]) for host in hosts),
        unknown=sum(lacks is None for lacks in lacking),
        without=tuple(
            OutsideHost(
                host=host,
                literal=ipv4_literal(host),
                resources=len(by_host[host][0]),
                links=len(by_host[host][1]),
                examples=tuple(sorted(by_host[host][0] | by_host[host][1])[:_EXAMPLES]),
            )
            for host, lacks in zip(hosts, lacking, strict=True)
            if lacks
        ),
    )


async def _lacks_ipv6(host: str, kit: Kit) -> bool | None:
    """Whether a host has IPv4 alone; ``None`` where nobody told, or where it has no address at all: a dead link."""
    if ipv4_literal(host):
        return True
    six = await kit.resolver.addresses(host, 6)
    if six.addresses:
        return False
    if six.answer not in (Answer.NO_DATA, Answer.OK):
        return None
    return bool((await kit.resolver.addresses(host, 4)).addresses) or None
