"""Addresses as a page writes them → absolute normalised http(s) addresses. No request is made."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from functools import lru_cache
from urllib.parse import quote, urlsplit

import ada_url


def resolve(base: str, href: str, *, encoding: str = "utf-8") -> str | None:
    """The absolute normalised address, or None where ``href`` leads to no page.

    None for javascript:, mailto:, tel:, data:, an empty one, "#…", and what a script's template left unfilled.
    ``encoding`` is the page's: browsers write the query in it, and the path in UTF-8.
    """
    if _NORMAL.fullmatch(href):
        return href
    if _PLAIN.fullmatch(href) and (place := _place(base)) is not None:
        return place[0] + href if href[0] == "/" else place[1] + href.removeprefix("./")
    href = _CONTROLS.sub("", href.strip(_BLANKS))
    if not href or href.startswith("#") or _TEMPLATE.search(href):
        return None
    scheme = _SCHEME.match(href)
    if scheme and scheme[1].lower() not in _DEFAULT_PORTS:
        return None
    return _absolute(base.strip(_BLANKS), _in_encoding(href, encoding))


class Resolver:
    """``resolve`` with a memory: on the pages of one site the same references return again and again."""

    def __init__(self) -> None:
        self._known: defaultdict[tuple[str, str], dict[str, str | None]] = defaultdict(dict)
        self._climbs: dict[str, tuple[int, str] | None] = {}  # folders up, and down to what; None for other references
        self._left = _MOST_KNOWN

    def at(self, base: str, encoding: str) -> Callable[[str], str | None]:
        """``resolve`` for the page at ``base``, which is normal already."""
        if self._left <= 0:
            self._known.clear()
            self._climbs.clear()
            self._left = _MOST_KNOWN
        path = base.partition("#")[0].partition("?")[0]
        origin = "/".join(path.split("/", 3)[:3])
        prefixes = _prefixes(path, origin)
        # What the answer depends on besides the reference: nothing less, or it would be a wrong one.
        from_anywhere = self._known[origin, encoding]
        from_here: dict[str, str | None] = {}
        climbs, top = self._climbs, len(prefixes) - 1

        def resolve_here(href: str) -> str | None:
            if href in from_anywhere:
                return from_anywhere[href]
            if prefixes:
                # What differs from page to page is nearly always of this form, and needs no more than this.
                climb = climbs[href] if href in climbs else self._remember_climb(href)
                if climb is not None:
                    ups, rest = climb
                    return prefixes[ups if ups < top else top] + rest
            known = from_anywhere if _WHEREVER.match(href) else from_here
            if href not in known:
                plain_from_root = prefixes and href[:1] == "/" and _PLAIN.fullmatch(href)
                known[href] = origin + href if plain_from_root else resolve(base, href, encoding=encoding)
                self._left -= known is from_anywhere
            return known[href]

        return resolve_here

    def _remember_climb(self, href: str) -> tuple[int, str] | None:
        plain = _RELATIVE.fullmatch(href)
        climb = self._climbs[href] = (len(plain[1]) // 3, plain[2]) if plain else None
        self._left -= 1
        return climb


_MOST_KNOWN = 100_000
# These mean the same on every page of a host.
_WHEREVER = re.compile(r"/|https?://|(?:javascript|mailto|tel|data):", re.I)
_RELATIVE = re.compile(r"(?:\./)?((?:\.\./)*)([A-Za-z0-9_-](?:[A-Za-z0-9_-]|\.(?![./])|/(?![./]))*)")


def _prefixes(path: str, origin: str) -> list[str]:
    """The folder of a page, the one above it, and so on to the root; nothing where the path is no plain one."""
    folders = path[len(origin) :].split("/")[1:-1]
    if not all(folders):
        return []
    return ["/".join([origin, *folders[:count], ""]) for count in range(len(folders), -1, -1)]


def normalise(url: str) -> str:
    """One spelling for one address; what is no http(s) address comes back as it was."""
    return resolve(url, url) or url


def same_site(url: str, home: str) -> bool:
    """Whether ``url`` is on the host of ``home``, with or without ``www.``."""
    ours, theirs = _host(url), _host(home)
    return bool(ours) and ours == theirs


_BLANKS = "".join(map(chr, range(33))) + "\u3000\u00a0\ufeff\u200b"
_CONTROLS = re.compile(r"[\t\r\n]")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_TEMPLATE = re.compile(r"\{\{|\$\{|<%|\}\}|^['\"]\s*\+|\+\s*['\"]$")
# Most links of a page are like this, and their addresses need no more than a place in front.
_PLAIN = re.compile(r"(?:\./|/)?[A-Za-z0-9_~-][A-Za-z0-9_.~-]*(?:/[A-Za-z0-9_~-][A-Za-z0-9_.~-]*)*/?")
_DEFAULT_PORTS = {"http": 80, "https": 443}
# And these are normal as they are: a name in Latin letters or four numbers, no needless port, a plain path.
_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_NORMAL = re.compile(
    rf"https?://(?!(?:[^/]*\.)?xn--)(?:(?:[a-z0-9-]+\.)+[a-z]+|(?:{_OCTET}\.){{3}}{_OCTET})(?::(?!(?:80|443)/)[1-9][0-9]{{0,3}})?"
    r"(?:/|(?:/[A-Za-z0-9_~-][A-Za-z0-9_.~-]*)+/?)"
)


@lru_cache(maxsize=64)
def _place(base: str) -> tuple[str, str] | None:
    """The scheme and host of an address, and the same with its folder; None for one that is no http(s) address."""
    whole = _absolute(base.strip(_BLANKS), "")
    if whole is None:
        return None
    parts = urlsplit(whole)
    root = f"{parts.scheme}://{parts.netloc}"
    return root, root + parts.path.rpartition("/")[0] + "/"


def _absolute(base: str, href: str) -> str | None:
    """The two joined as the WHATWG URL standard has it; None where that gives no http(s) address."""
    try:
        if _HTTP.match(base):
            address = ada_url.join_url(base, href)
        else:
            address = ada_url.normalize_url(href or base)
    except ValueError:
        return None
    if not _HTTP.match(address):
        return None
    address = address.partition("#")[0]
    return address[:-1] if address.find("?") == len(address) - 1 else address


def _in_encoding(href: str, encoding: str) -> str:
    """The query's characters as bytes of the page's encoding, percent-encoded, unless that is a form of Unicode."""
    if href.isascii() or encoding.lower().startswith("utf"):
        return href
    before, hash_sign, fragment = href.partition("#")
    path, question, query = before.partition("?")
    query = "".join(c if c.isascii() else _in_query(c, encoding) for c in query)
    return path + question + query + hash_sign + fragment


def _in_query(character: str, encoding: str) -> str:
    try:
        return quote(character.encode(encoding))
    except UnicodeEncodeError:  # what the page's encoding lacks goes out as a numeric reference (WHATWG Encoding)
        return f"%26%23{ord(character)}%3B"


_HTTP = re.compile(r"https?:", re.I)


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").rstrip(".").removeprefix("www.")
    except ValueError:
        return ""
