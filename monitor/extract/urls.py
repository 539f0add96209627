"""Addresses as a page writes them → absolute normalised http(s) addresses."""

from __future__ import annotations

from urllib.parse import urldefrag, urljoin, urlsplit


def resolve(base: str, href: str, *, encoding: str = "utf-8") -> str | None:
    """The absolute normalised address, or None where ``href`` leads to no page (javascript:, mailto:, "#top", …)."""
    joined = urldefrag(urljoin(base, href.strip())).url
    return joined if urlsplit(joined).scheme in ("http", "https") else None


def normalise(url: str) -> str:
    """One spelling for one address."""
    return resolve(url, url) or url


def same_site(url: str, home: str) -> bool:
    """Whether ``url`` is on the host of ``home``, with or without ``www.``."""
    ours, theirs = urlsplit(url).hostname or "", urlsplit(home).hostname or ""
    return ours.removeprefix("www.") == theirs.removeprefix("www.")
