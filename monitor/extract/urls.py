"""Addresses as a page writes them → absolute normalised http(s) addresses. No request is made."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from urllib.parse import SplitResult, quote, urljoin, urlsplit, urlunsplit


def resolve(base: str, href: str, *, encoding: str = "utf-8") -> str | None:
    """The absolute normalised address, or None where ``href`` leads to no page.

    None for javascript:, mailto:, tel:, data:, an empty one, "#…", and what a script's template left unfilled.
    ``encoding`` is the page's: browsers write the query in it, and the path in UTF-8.
    """
    if _PLAIN.fullmatch(href) and (place := _place(base)) is not None:
        return place[0] + href if href[0] == "/" else place[1] + href.removeprefix("./")
    href = _CONTROLS.sub("", href.strip(_BLANKS))
    if not href or href.startswith("#") or _TEMPLATE.search(href):
        return None
    scheme = _SCHEME.match(href)
    if scheme and (scheme[1].lower() not in ("http", "https") or not href[scheme.end() :].strip("/\\")):
        return None
    href, question, query = href.partition("#")[0].partition("?")
    href = _SLASHES.sub(r"\1://", href.replace("\\", "/")) if scheme else href.replace("\\", "/")
    try:
        return _normal(urlsplit(urljoin(base.strip(_BLANKS), href + question + query)), encoding)
    except ValueError:  # a host or port that is none
        return None


class Resolver:
    """``resolve`` with a memory: on the pages of one site the same references return again and again."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], str | None] = {}

    def at(self, base: str, encoding: str) -> Callable[[str], str | None]:
        """``resolve`` for the page at ``base``, which is normal already."""
        if len(self._known) > _MOST_KNOWN:
            self._known.clear()
        known = self._known
        page = base.partition("#")[0]
        path = page.partition("?")[0]
        folder = path.rpartition("/")[0]
        origin = "/".join(path.split("/", 3)[:3])
        prefixes = _prefixes(path, origin)

        def resolve_here(href: str) -> str | None:
            if prefixes and (plain := _RELATIVE.fullmatch(href)):
                # Most references that differ from page to page are of this form, and need no more than this.
                ups = len(plain[1]) // 3
                return prefixes[min(ups, len(prefixes) - 1)] + plain[2]
            first = href[:1]
            # What the answer depends on besides the reference: nothing less, or it would be a wrong one.
            if href[:7].lower() == "http://" or href[:8].lower() == "https://":
                place = ""
            elif first == "/" and href[1:2] not in ("/", "\\"):
                place = origin
            elif first.isalnum() or first == ".":
                place = folder
            else:
                place = page
            key = (place if href.isascii() else f"{place} {encoding}", href)
            try:
                return known[key]
            except KeyError:
                address = known[key] = resolve(base, href, encoding=encoding)
                return address

        return resolve_here


_MOST_KNOWN = 100_000
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
_SLASHES = re.compile(r"^([A-Za-z]+):/+")
_TEMPLATE = re.compile(r"\{\{|\$\{|<%|\}\}|^['\"]\s*\+|\+\s*['\"]$")
# Most links of a page are like this, and their addresses need no more than a place in front.
_PLAIN = re.compile(r"(?:\./|/)?[A-Za-z0-9_~-][A-Za-z0-9_.~-]*(?:/[A-Za-z0-9_~-][A-Za-z0-9_.~-]*)*/?")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_PATH_SAFE = "!$%&'()*+,-./:;=@[]_|~^"
_QUERY_SAFE = "!$%&()*+,-./:;=?@[]_|~^`{}\\"


@lru_cache(maxsize=64)
def _place(base: str) -> tuple[str, str] | None:
    """The scheme and host of an address, and the same with its folder; None for one that is no http(s) address."""
    try:
        whole = _normal(urlsplit(base.strip(_BLANKS)), "utf-8")
    except ValueError:
        return None
    if whole is None:
        return None
    parts = urlsplit(whole)
    root = f"{parts.scheme}://{parts.netloc}"
    return root, root + parts.path.rpartition("/")[0] + "/"


def _normal(parts: SplitResult, encoding: str) -> str | None:
    scheme = parts.scheme.lower()
    host = _ascii_host(parts.hostname or "")
    if scheme not in _DEFAULT_PORTS or not host:
        return None
    port = "" if parts.port in (None, _DEFAULT_PORTS[scheme]) else f":{parts.port}"
    user, at, _ = parts.netloc.rpartition("@")
    path = parts.path or "/"
    if "/." in path and not path.startswith("//"):
        path = urlsplit(urljoin(f"{scheme}://{host}/", path)).path
    return urlunsplit(
        (scheme, user + at + host + port, quote(path, safe=_PATH_SAFE), _query(parts.query, encoding), "")
    )


def _query(query: str, encoding: str) -> str:
    if query.isascii():
        return quote(query, safe=_QUERY_SAFE)
    if encoding.lower().startswith("utf"):
        encoding = "utf-8"
    return "".join(_in_query(character, encoding) for character in query)


def _in_query(character: str, encoding: str) -> str:
    try:
        return quote(character.encode(encoding), safe=_QUERY_SAFE)
    except UnicodeEncodeError:  # what the page's encoding lacks goes out as a numeric reference (WHATWG Encoding)
        return f"%26%23{ord(character)}%3B"


def _ascii_host(host: str) -> str:
    if ":" in host:
        return f"[{host.lower()}]"
    if not host.isascii():
        host = host.encode("idna").decode("ascii")
    host = host.lower()
    return host if _HOST.fullmatch(host) else ""


_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?")


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").rstrip(".").removeprefix("www.")
    except ValueError:
        return ""
