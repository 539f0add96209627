"""The look at one link: does it lead where it should? Doubt is settled in the link's favour.

An internal page is read. Any other link is asked for its head alone, and in full only where that is refused or
doubtful, for many servers answer HEAD wrongly. What says "not found" is compared with a random address beside it.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from checks import Outcome
from monitor.extract import charset, soft404
from monitor.net import Fetched, Net


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What was found of a link. ``text`` is the page that was read, at ``final_url``; empty where none was."""

    outcome: Outcome
    status_code: int | None = None
    control_passed: bool = False
    detail: str = ""
    final_url: str = ""
    text: str = ""
    encoding: str = "utf-8"


class LinkLooker:
    """Looks at the links of one crawl. ``families`` are those that this machine can judge over."""

    def __init__(self, net: Net, *, home: str, families: Collection[int]) -> None:
        self._net = net
        self._home = home
        self._families = families
        self._controls: dict[str, asyncio.Task[Fetched]] = {}

    async def look(self, url: str, *, read: bool) -> Look:
        """Look at a link; ``read`` tells that it is a page of the site, whose text is wanted."""
        if not read:
            head = await self._net.fetch(url, method="HEAD")
            if head.outcome in _SETTLED_BY_HEAD and not _page_instead_of_file(head):
                return self._plain(head)
        fetched = await self._net.fetch(url, body_limit=_PAGE_LIMIT if read else _LEAF_LIMIT)
        return await self.judge(fetched)

    async def judge(self, fetched: Fetched) -> Look:
        """What an answer means for the link that it answers."""
        if fetched.outcome is Outcome.HTTP_ERROR and fetched.status_code in _GONE:
            control = await self._control(fetched.url)
            passed = control.outcome is Outcome.HTTP_ERROR and control.status_code in _GONE
            return self._plain(fetched, control_passed=passed)
        if fetched.outcome not in (Outcome.OK, Outcome.TOO_LARGE) or not _is_html(fetched):
            return self._plain(fetched)
        decoded = charset.decode(fetched.body, fetched.headers.get("content-type", ""))
        if soft404.says_missing(decoded.text):
            control = await self._control(fetched.url)
            return self._soft_404(fetched, "页面写明内容不存在", control_passed=_also_missing(control))
        if fetched.final_url != fetched.url and self._sent_home(fetched):
            control = await self._control(fetched.url)
            # Only where an address that cannot exist is sent home as well does "sent home" mean "not found".
            if control.outcome is Outcome.OK and control.final_url == fetched.final_url:
                return self._soft_404(fetched, "内容已不存在，被转到首页", control_passed=True)
        return Look(
            outcome=Outcome.OK,
            status_code=fetched.status_code,
            detail=fetched.detail,
            final_url=fetched.final_url,
            text=decoded.text,
            encoding=decoded.used,
        )

    async def aclose(self) -> None:
        """Give up what is still being asked."""
        for control in self._controls.values():
            control.cancel()
        await asyncio.gather(*self._controls.values(), return_exceptions=True)

    def _plain(self, fetched: Fetched, *, control_passed: bool = False) -> Look:
        outcome, detail = fetched.outcome, fetched.detail
        if outcome is Outcome.TOO_LARGE:
            outcome = Outcome.OK  # a large file is no dead link
        elif fetched.status_code is None and fetched.address and fetched.family not in self._families:
            outcome, detail = Outcome.BLOCKED, f"监测点没有 IPv{fetched.family}，无法判断"
        return Look(
            outcome=outcome,
            status_code=fetched.status_code,
            control_passed=control_passed,
            detail=detail,
            final_url=fetched.final_url,
        )

    def _soft_404(self, fetched: Fetched, detail: str, *, control_passed: bool) -> Look:
        return Look(
            outcome=Outcome.SOFT_404,
            status_code=fetched.status_code,
            control_passed=control_passed,
            detail=detail,
            final_url=fetched.final_url,
        )

    def _sent_home(self, fetched: Fetched) -> bool:
        asked, came_to, home = (urlsplit(url) for url in (fetched.url, fetched.final_url, self._home))
        return (
            (asked.scheme, asked.netloc) == (came_to.scheme, came_to.netloc) == (home.scheme, home.netloc)
            and came_to.path in ("", "/", home.path)
            and asked.path not in ("", "/", home.path)
            and not came_to.query
        )

    async def _control(self, url: str) -> Fetched:
        """What the server answers to an address that cannot exist, in the directory of ``url``. Asked once."""
        parts = urlsplit(url)
        directory = urljoin(url, "./").partition("?")[0]
        name = parts.path.rpartition("/")[2]
        suffix = f".{name.rpartition('.')[2]}" if "." in name else ""
        key = directory + "*" + suffix
        if key not in self._controls:
            nowhere = f"{directory}xuncha-{secrets.token_hex(8)}{suffix}"
            self._controls[key] = asyncio.create_task(self._net.fetch(nowhere, body_limit=_LEAF_LIMIT))
        return await asyncio.shield(self._controls[key])


_PAGE_LIMIT = 5_000_000
_LEAF_LIMIT = 256_000
_GONE = frozenset({404, 410})
_SETTLED_BY_HEAD = frozenset({Outcome.OK, Outcome.DNS_ERROR, Outcome.REFUSED_BY_GUARD})
_FILES = (".pdf", ".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".zip", ".rar", ".wps", ".ofd", ".et")


def _is_html(fetched: Fetched) -> bool:
    content_type = fetched.headers.get("content-type", "").lower()
    return "html" in content_type or (not content_type and fetched.body.lstrip()[:1] == b"<")


def _page_instead_of_file(head: Fetched) -> bool:
    return urlsplit(head.url).path.lower().endswith(_FILES) and _is_html(head)


def _also_missing(control: Fetched) -> bool:
    if control.outcome is Outcome.HTTP_ERROR:
        return control.status_code in _GONE
    decoded = charset.decode(control.body, control.headers.get("content-type", ""))
    return control.outcome is Outcome.OK and soft404.says_missing(decoded.text)
