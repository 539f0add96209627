"""What a page loads from other hosts, and links to there: the addresses, told apart. Pure; it asks no DNS."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from monitor.extract import urls
from monitor.extract.document import parse
from monitor.extract.links import base_address


@dataclass(frozen=True, slots=True)
class Outside:
    """Addresses at other hosts: what a browser loads (pictures, styles, scripts, frames), and where a reader may go."""

    resources: frozenset[str]
    links: frozenset[str]


def outside_of(text: str, url: str, *, home: str) -> Outside:
    """All that the page at ``url`` names outside the site of ``home``."""
    tree = parse(text)
    base = base_address(tree, url)

    def elsewhere(selector: str) -> Iterator[str]:
        for node in tree.css(selector):
            href = node.attributes.get("href") or node.attributes.get("src") or node.attributes.get("data") or ""
            target = urls.resolve(base, href)
            if target is not None and not urls.same_site(target, home):
                yield target

    return Outside(frozenset(elsewhere(_RESOURCES)), frozenset(elsewhere("a[href],area[href]")))


def host_of(url: str) -> str:
    """The host that an address names, without the brackets of IPv6."""
    return (urlsplit(url).hostname or "").rstrip(".")


def ipv4_literal(host: str) -> bool:
    """Whether a host is written as an IPv4 address: who has IPv6 alone cannot go there."""
    try:
        ipaddress.IPv4Address(host)
    except ValueError:
        return False
    return True


_RESOURCES = (
    "img[src],script[src],iframe[src],frame[src],embed[src],source[src],video[src],audio[src],object[data],"
    "input[type=image][src],link[rel~=stylesheet][href],link[rel~=icon][href]"
)
