"""The look at one link: does it lead where it should? Doubt is settled in the link's favour.

An internal page is read. Any other link is asked for its head alone, and in full only where that is refused or
doubtful, for many servers answer HEAD wrongly. What says "not found" is compared with a random address beside it.
Of each outside host one page is read, to see whether it still belongs to whom it did.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from urllib.parse import urljoin, urlsplit

from checks import LinkNature, Outcome
from monitor.cookies import Cookies
from monitor.extract import parked, soft404
from monitor.extract.document import Document
from monitor.frontier import LinkRow
from monitor.net import Fetched, Net
from monitor.outside import OutsideLooks

Remark = tuple[LinkNature, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What was found of a link. ``page`` is what was read at ``final_url``; ``None`` where nothing was.

    ``remarks`` are what is to be told of it whether it opens or not. ``answered``: the host gave an answer of any kind.
    """

    outcome: Outcome
    status_code: int | None = None
    control_passed: bool = False
    detail: str = ""
    final_url: str = ""
    page: Document | None = None
    remarks: tuple[Remark, ...] = ()
    answered: bool = True


class LinkLooker:
    """Looks at the links of one crawl. ``families`` are those that this machine can judge over."""

    def __init__(
        self, net: Net, *, home: str, families: Collection[int], outside: OutsideLooks[Look] | None = None
    ) -> None:
        self._net = net
        self._home = home
        self._families = families
        self._outside = outside if outside is not None else OutsideLooks[Look]()
        self._owns_outside = outside is None
        self._controls: dict[str, asyncio.Task[Fetched]] = {}
        self._known_as: Cookies | None = None
        self._indexes: dict[bytes, str] = {}
        self._index_sizes: set[int] = set()

    async def look(self, row: LinkRow, *, again: bool = False) -> Look:
        """Look at a link; a page of the site is read.

        ``again``: it failed before in a way that may pass, so it is given more time, and asked for anew.
        """
        page = row.sources[0].page if row.sources else ""  # some answer only those who come from there
        asking = _Asking(row.url, _referer(page, row.url), _PATIENCE * self._net.timeout if again else None)
        if row.internal:
            look = await self._look(asking, read=row.is_page)
        else:
            look = await self._outside.look(row.url, lambda: self._look_outside(asking), again=again)
        if row.is_form and _may_lack_fields(look):
            return replace(look, outcome=Outcome.BLOCKED, detail=f"查询表单，未填写内容无法检测（{look.detail}）")
        if row.is_scripted and look.outcome is not Outcome.OK:
            why = f"点击由脚本处理，浏览器不会打开该地址，无法检测（{look.detail}）"
            return replace(look, outcome=Outcome.BLOCKED, detail=why, remarks=())
        return look

    async def judge(self, fetched: Fetched) -> Look:
        """What an answer of the site means for the link that it answers."""
        look = await self._judge(fetched)
        if look.outcome is Outcome.OK and look.page is not None:
            look = await self._unless_index(fetched, look, look.page)
        return self._remarked(fetched, look)

    async def aclose(self) -> None:
        """Give up what is still being asked."""
        for control in self._controls.values():
            control.cancel()
        await asyncio.gather(*self._controls.values(), return_exceptions=True)
        if self._owns_outside:
            await self._outside.aclose()

    async def _look(self, asking: _Asking, *, read: bool) -> Look:
        if not read:
            head = await asking.head(self._net)
            if head is not None and head.outcome in _SETTLED_BY_HEAD and not _page_instead_of_file(head):
                return self._remarked(head, self._plain(head))
        return await self.judge(await asking.get(self._net, _PAGE_LIMIT if read else _LEAF_LIMIT))

    async def _look_outside(self, asking: _Asking) -> Look:
        host = urlsplit(asking.url).hostname or ""
        head = None if host in _READ_IN_FULL else await asking.head(self._net)
        if head is not None and head.outcome in _SETTLED_BY_HEAD and not _page_instead_of_file(head):
            suspect = head.outcome is Outcome.OK and _is_html(head) and not _TRUSTED.search(host)
            if not (suspect and self._outside.first_at(host)):
                return self._remarked(head, self._with_host(host, self._plain(head)))
        fetched = await asking.get(self._net, _LEAF_LIMIT)
        if head is not None and head.outcome is Outcome.OK and fetched.outcome is not Outcome.OK:
            self._outside.not_read(host)
            return self._remarked(head, self._plain(head))  # it opened a moment ago
        look = await self._judge(fetched)
        text = look.page.text if look.page is not None else ""
        if text and host in _READ_IN_FULL and soft404.says_removed(text):
            look = self._soft_404(fetched, "文章已被删除或无法查看", control_passed=False)
        elif text and not _TRUSTED.search(host) and (why := parked.looks_hijacked(text, host=host)):
            self._outside.hijacked[host] = why
            look = self._with_host(host, look)
        return replace(self._remarked(fetched, look), page=None)

    def _with_host(self, host: str, look: Look) -> Look:
        why = self._outside.hijacked.get(host)
        return replace(look, remarks=(*look.remarks, (LinkNature.HIJACKED, why))) if why else look

    async def _judge(self, fetched: Fetched) -> Look:
        if fetched.outcome is Outcome.HTTP_ERROR and fetched.status_code in _GONE:
            if fetched.status_code == 550:
                return self._plain(fetched, control_passed=True)
            control = await self._control(fetched.url)
            passed = control.outcome is Outcome.HTTP_ERROR and control.status_code in _GONE
            passed = passed and await self._shows_us_something(fetched.url)
            return self._plain(fetched, control_passed=passed)
        if fetched.outcome not in (Outcome.OK, Outcome.TOO_LARGE) or not _is_html(fetched):
            return self._plain(fetched)
        if fetched.final_url != fetched.url and _LOGIN.search(fetched.final_url) and not _LOGIN.search(fetched.url):
            return self._undecided(fetched, "跳转到登录页，未登录无法检测")
        page = _document(fetched)
        if fetched.outcome is Outcome.OK and (not page.text or page.text.isspace()):
            return self._undecided(fetched, "页面内容为空，无法判断")
        if soft404.says_missing(page):
            control = await self._control(fetched.url)
            return self._soft_404(fetched, "页面写明内容不存在", control_passed=_also_missing(control))
        if fetched.final_url != fetched.url and self._sent_home(fetched):
            control = await self._control(fetched.url)
            # Only where an address that cannot exist is sent home as well does "sent home" mean "not found".
            if control.outcome is Outcome.OK and control.final_url == fetched.final_url:
                known = await self._as_known_visitor(fetched.url)
                if known.final_url != fetched.final_url:
                    return await self._judge(known)
                return self._soft_404(fetched, "内容已不存在，被转到首页", control_passed=True)
        return Look(
            outcome=Outcome.OK,
            status_code=fetched.status_code,
            detail=fetched.detail,
            final_url=fetched.final_url,
            page=page,
        )

    async def _unless_index(self, fetched: Fetched, look: Look, page: Document) -> Look:
        """An article's address that answers with the body of a section's index was not shown to us (web.md §5.2)."""
        if len(fetched.body) < _LEAST_INDEX:
            return look
        if not _ARTICLE.search(urlsplit(fetched.final_url).path):
            self._indexes.setdefault(_digest(fetched.body), fetched.final_url)
            self._index_sizes.add(len(fetched.body))
            return look
        index = self._indexes.get(_digest(fetched.body)) if len(fetched.body) in self._index_sizes else None
        if index is None or index == fetched.final_url or soft404.is_shell(page):
            return look
        control = await self._control(fetched.url)
        if control.outcome is Outcome.OK and control.body == fetched.body[:_LEAF_LIMIT]:
            return self._soft_404(fetched, "内容已不存在，服务器改发了栏目首页", control_passed=True)
        return self._undecided(fetched, "服务器改发了栏目首页的内容（疑似限流），无法判断")

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
            answered=fetched.status_code is not None,
        )

    def _soft_404(self, fetched: Fetched, detail: str, *, control_passed: bool) -> Look:
        return Look(
            outcome=Outcome.SOFT_404,
            status_code=fetched.status_code,
            control_passed=control_passed,
            detail=detail,
            final_url=fetched.final_url,
        )

    def _undecided(self, fetched: Fetched, detail: str) -> Look:
        return Look(
            outcome=Outcome.BLOCKED, status_code=fetched.status_code, detail=detail, final_url=fetched.final_url
        )

    def _remarked(self, fetched: Fetched, look: Look) -> Look:
        remarks = list(look.remarks)
        if fetched.outcome is Outcome.REFUSED_BY_GUARD:
            written = fetched.final_url == fetched.url and names_inside(fetched.url)
            remarks.append((LinkNature.INTRANET if written else LinkNature.RESOLVES_INSIDE, fetched.detail))
        elif fetched.tls_problem:
            remarks.append((LinkNature.TLS_PROBLEM, fetched.tls_problem))
        elif "国密" in fetched.challenge:
            remarks.append((LinkNature.TLCP_ONLY, fetched.challenge))
        if len(fetched.hops) >= _LONG_CHAIN and look.outcome is Outcome.OK:
            remarks.append((LinkNature.LONG_CHAIN, f"经过 {len(fetched.hops) + 1} 次跳转才打开"))
        return replace(look, remarks=tuple(remarks)) if remarks else look

    def _sent_home(self, fetched: Fetched) -> bool:
        asked, came_to, home = (urlsplit(url) for url in (fetched.url, fetched.final_url, self._home))
        return (
            (asked.scheme, asked.netloc) == (came_to.scheme, came_to.netloc) == (home.scheme, home.netloc)
            and came_to.path in ("", "/", home.path)
            and asked.path not in ("", "/", home.path)
            and not _HOME_NAME.fullmatch(asked.path)
            and not came_to.query
        )

    async def _control(self, url: str) -> Fetched:
        """What the server answers to an address that cannot exist, in the directory of ``url``. Asked once."""
        parts = urlsplit(url)
        directory = urljoin(url, "./").partition("?")[0]
        name = parts.path.rpartition("/")[2]
        suffix = f".{name.rpartition('.')[2]}" if "." in name else ""
        key = directory + "*" + suffix
        return await self._once(key, f"{directory}xuncha-{secrets.token_hex(8)}{suffix}")

    async def _shows_us_something(self, url: str) -> bool:
        """Whether the host answers anything but 404: a firewall may say it to every question of ours."""
        root = urljoin(url, "/")
        if root == urljoin(self._home, "/"):
            return True
        return (await self._once(root, root)).outcome in (Outcome.OK, Outcome.TOO_LARGE)

    async def _as_known_visitor(self, url: str) -> Fetched:
        """Ask with the cookies of one who has been on the home page: some servers send everybody else there first."""
        if self._known_as is None:
            cookies = Cookies()
            await self._net.fetch(self._home, body_limit=_LEAF_LIMIT, cookies=cookies)
            self._known_as = cookies
        return await self._net.fetch(url, body_limit=_PAGE_LIMIT, referer=self._home, cookies=self._known_as)

    async def _once(self, key: str, url: str) -> Fetched:
        if key not in self._controls:
            self._controls[key] = asyncio.create_task(self._net.fetch(url, body_limit=_LEAF_LIMIT))
        return await asyncio.shield(self._controls[key])


@dataclass(slots=True)
class _Asking:
    """What a link is asked for with; ``patience`` in seconds where it has failed before, and HEAD with it."""

    url: str
    referer: str
    patience: float | None

    async def head(self, net: Net) -> Fetched | None:
        if self.patience is not None:
            return None
        return await net.fetch(self.url, method="HEAD", referer=self.referer)

    async def get(self, net: Net, body_limit: int) -> Fetched:
        return await net.fetch(self.url, body_limit=body_limit, timeout=self.patience, referer=self.referer)


def _referer(page: str, url: str) -> str:
    """What a browser tells the server of ``url`` about the page it comes from (strict-origin-when-cross-origin)."""
    if not page or "@" in page or (page.startswith("https:") and not url.startswith("https:")):
        return ""
    origin, asked = ("/".join(address.split("/", 3)[:3]) for address in (page, url))
    return page if origin == asked else f"{origin}/"


def names_inside(url: str) -> bool:
    """Whether an address names a machine that only its own network knows: by number, or by a name without a dot."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    if ":" in host or re.fullmatch(r"[\d.]+", host):
        return True
    return "." not in host or host.endswith((".local", ".lan", ".localdomain", ".internal"))


_PAGE_LIMIT = 5_000_000
_LEAF_LIMIT = 256_000
_PATIENCE = 4.0  # times the usual: 60 s; healthy sites were seen to take 32 s (web.md §5.2)
_LEAST_INDEX = 2_000
_LONG_CHAIN = 4
_GONE = frozenset({404, 410, 550})
_SETTLED_BY_HEAD = frozenset({Outcome.OK, Outcome.DNS_ERROR, Outcome.REFUSED_BY_GUARD})
_FILES = (".pdf", ".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".zip", ".rar", ".wps", ".ofd", ".et")
_READ_IN_FULL = frozenset({"mp.weixin.qq.com"})
_TRUSTED = re.compile(r"(?:^|\.)(?:gov|edu|mil|ac)\.cn$|(?:^|\.)(?:政务|公益)$|(?:^|\.)xn--zfr164b$")
_ARTICLE = re.compile(r"\d{4,}[^/]*$|[0-9a-f]{24,}[^/]*$")
_HOME_NAME = re.compile(
    r"/(?:(?:portal|home|main|web|www|site|zh|cn|html)/)*(?:index|default|home|main|portal|welcome)(?:\.[a-z]+)?/?",
    re.I,
)
_LOGIN = re.compile(
    r"^https?://(?:sso|login|passport|cas|auth|oauth2?|uias|tyrz|sfrz)[.\-]"
    r"|/(?:login|signin|sso|cas|oauth2?|passport|auth)(?:[/?._-]|$)",
    re.I,
)


def _may_lack_fields(look: Look) -> bool:
    """Whether a form's answer to an empty question may speak of its emptiness, and not of its address."""
    refused = look.outcome is Outcome.HTTP_ERROR and look.status_code not in (404, 410)
    return refused or look.outcome is Outcome.SOFT_404


def _is_html(fetched: Fetched) -> bool:
    content_type = fetched.headers.get("content-type", "").lower()
    return "html" in content_type or (not content_type and fetched.body.lstrip()[:1] == b"<")


def _page_instead_of_file(head: Fetched) -> bool:
    return _is_html(head) and urlsplit(head.url).path.lower().endswith(_FILES)


def _also_missing(control: Fetched) -> bool:
    if control.outcome is Outcome.HTTP_ERROR:
        return control.status_code in _GONE
    return control.outcome is Outcome.OK and soft404.says_missing(_document(control))


def _document(fetched: Fetched) -> Document:
    return Document.of(fetched.body, fetched.headers.get("content-type", ""))


def _digest(body: bytes) -> bytes:
    return hashlib.blake2b(body, digest_size=16).digest()
