"""Opens internal links of a site over IPv6: level 2 stands on the home page, level 3 on pages of level 2.

links of a level ──▶ sample ──▶ over IPv6 ──▶ failed? once more, and over IPv4 ──▶ reached | failed | dead | unknown
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from checks import Outcome
from checks.core.ipv6.facts import InnerLink, LevelCount
from monitor.extract import charset, urls
from monitor.extract.links import page_links
from monitor.extract.outside import Outside, outside_of
from monitor.net import Fetched, Net


@dataclass(frozen=True)
class Page:
    """What is kept of a page: where it stands, the pages of its own site that it links to, and what is elsewhere."""

    url: str
    links: tuple[str, ...]
    outside: Outside


@dataclass(frozen=True)
class Level:
    """What became of the sample of one level, and the pages of it that were read."""

    count: LevelCount
    failing: tuple[InnerLink, ...]
    pages: tuple[Page, ...]


def text_of(fetched: Fetched) -> charset.Decoded:
    """What a fetch brought, as text."""
    return charset.decode(fetched.body, fetched.headers.get("content-type", ""))


def page_of(fetched: Fetched, home: str) -> Page:
    """What a fetch brought, as a page of the site of ``home``."""
    decoded, url = text_of(fetched), fetched.final_url
    links = page_links(decoded.text, url, encoding=decoded.used).links
    ours = tuple(link.url for link in links if link.is_page and urls.same_site(link.url, home))
    return Page(url, ours, outside_of(decoded.text, url, home=home))


def links_of(pages: Iterable[Page], *, known: Collection[str]) -> dict[str, str]:
    """The pages of the site that these link to and that are not ``known``, each with where it stands first."""
    found: dict[str, str] = {}
    for page in pages:
        for link in page.links:
            if link not in known:
                found.setdefault(link, page.url)
    return found


def sample(links: Collection[str], most: int) -> list[str]:
    """All links up to ``most``; of more, the same ones every time, whichever order they come in."""
    if len(links) <= most:
        return sorted(links)
    return sorted(sorted(links, key=lambda url: hashlib.sha256(url.encode()).digest())[:most])


async def open_level(net: Net, links: Mapping[str, str], *, level: int, most: int, home: str) -> Level:
    """Open the sample of one level of the site of ``home``. ``links`` gives for each the page on which it stands."""
    chosen = sample(links, most)
    ends = await asyncio.gather(*(_open(net, url, home) for url in chosen))
    counts = dict.fromkeys(("reached", "failed", "dead", "unknown"), 0)
    failing: list[InnerLink] = []
    pages: list[Page] = []
    for url, end in zip(chosen, ends, strict=True):
        counts[end.verdict] += 1
        if end.verdict == "failed":
            failing.append(
                InnerLink(
                    url=url,
                    level=level,
                    page=links[url],
                    over_ipv6=end.over_ipv6,
                    over_ipv4=end.over_ipv4,
                    detail=end.detail,
                )
            )
        elif end.page is not None:
            pages.append(end.page)
    count = LevelCount(level=level, found=len(links), sampled=len(chosen), **counts)
    return Level(count, tuple(failing[:_LISTED]), tuple(pages))


_OPENED = (Outcome.OK, Outcome.TOO_LARGE)
_BODY = 1_000_000
_LISTED = 100


@dataclass(frozen=True)
class _End:
    verdict: str
    page: Page | None = None
    over_ipv6: Outcome = Outcome.OK
    over_ipv4: Outcome = Outcome.OK
    detail: str = ""


async def _open(net: Net, url: str, home: str) -> _End:
    fetched = await net.fetch(url, family=6, body_limit=_BODY)
    if fetched.outcome in _OPENED:
        return _reached(fetched, home)
    if not fetched.outcome.conclusive:
        return _End("unknown")
    again, over_ipv4 = await asyncio.gather(
        net.fetch(url, family=6, body_limit=_BODY), net.fetch(url, family=4, body_limit=_BODY)
    )
    if again.outcome in _OPENED:
        return _reached(again, home)
    if not again.outcome.conclusive or not over_ipv4.outcome.conclusive:
        return _End("unknown")
    verdict = "failed" if over_ipv4.outcome in _OPENED else "dead"
    return _End(verdict, over_ipv6=again.outcome, over_ipv4=over_ipv4.outcome, detail=_how(again))


def _reached(fetched: Fetched, home: str) -> _End:
    """The page is read at once and its text let go: thirty pages of many sites are under way together."""
    if "html" not in fetched.headers.get("content-type", "text/html").lower() or not urls.same_site(
        fetched.final_url, home
    ):
        return _End("reached")
    return _End("reached", page_of(fetched, home))


def _how(fetched: Fetched) -> str:
    if fetched.final_url == fetched.url:
        return fetched.detail
    return f"跳转到 {fetched.final_url}：{fetched.detail}"
