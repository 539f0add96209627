"""One fetch on its way: where it is, what it carries and what time it has left; and how it ended. Sends nothing."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from urllib.parse import quote_from_bytes, urlsplit

from checks import Outcome
from monitor.cookies import Cookies
from monitor.exchange import Reply
from monitor.extract import challenge, urls


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """How one fetch ended.

    ``family`` is that of the last connection, or the one asked for; 0 where none was. ``hops`` lie between ``url``
    and ``final_url``. ``headers`` have lower-case names. ``seconds`` runs to the end of the body, without our own
    waiting for a turn, and is ``None`` where no answer came. ``challenge`` names who blocked us. ``whole`` is false
    where the body broke off, passed the limit or could not be unpacked.
    """

    url: str
    final_url: str
    family: int
    outcome: Outcome
    status_code: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    seconds: float | None = None
    address: str = ""
    hops: tuple[str, ...] = ()
    tls_problem: str = ""
    challenge: str = ""
    detail: str = ""
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Place:
    """An address taken apart."""

    scheme: str
    host: str
    port: int
    target: str

    @classmethod
    def of(cls, url: str) -> Place | None:
        if plain := _PLAIN.fullmatch(url):
            scheme, host, port, target = plain.groups()
            return cls(scheme, host, int(port) if port else _PORTS[scheme], target)
        try:
            parts = urlsplit(urls.normalise(url))
            port = parts.port or _PORTS[parts.scheme]
        except (ValueError, KeyError):
            return None
        if not parts.hostname:
            return None
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return cls(parts.scheme, parts.hostname, port, target)


_PORTS = {"http": 80, "https": 443}
# An address that is normal already, as nearly all are that a crawl asks for.
_PLAIN = re.compile(
    r"(https?)://((?:[a-z0-9-]+\.)+[a-z0-9-]+)(?::([1-9][0-9]{0,3}))?(/(?:[A-Za-z0-9_-]|\.(?![./])|/(?![./]))*)"
)


class Budget:
    """The time one fetch may take. Only what is spent inside ``spending`` counts: not our waiting for a turn."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.spent = 0.0

    @property
    def left(self) -> float:
        return max(0.0, self.seconds - self.spent)

    def spending(self) -> _Spending:
        """A block whose time is counted; raises ``TimeoutError`` within it when none is left."""
        return _Spending(self)


class _Spending:
    # A class and not a generator: two of these are entered for every request.
    __slots__ = ("_budget", "_limit", "_started")

    def __init__(self, budget: Budget) -> None:
        self._budget = budget

    async def __aenter__(self) -> None:
        self._started = time.monotonic()
        self._limit = asyncio.timeout(self._budget.left)
        await self._limit.__aenter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            await self._limit.__aexit__(kind, error, trace)
        finally:
            self._budget.spent += time.monotonic() - self._started


class Walk:
    """One fetch on its way: where it is, what it carries, and how it ends."""

    def __init__(
        self, url: str, family: int | None, method: str, body_limit: int, budget: Budget, referer: str = ""
    ) -> None:
        self.referer = referer
        self.family = family
        self.method = method
        self.body_limit = body_limit
        self.budget = budget
        self.cookies = Cookies()
        self._visited = [url]
        self._states = {(url, "")}
        self._last_family = family or 0
        self._address = ""

    @property
    def current(self) -> str:
        return self._visited[-1]

    def connected(self, family: int, address: str) -> None:
        self._last_family, self._address = family, address

    def goes_on(self, url: str, cookie: str) -> bool:
        """Go to a redirect's target; false where that leads in a circle or too far."""
        if (url, cookie) in self._states or len(self._visited) > _MOST_HOPS:
            return False
        self._states.add((url, cookie))
        self._visited.append(url)
        self._address = ""
        return True

    def led_nowhere(self, url: str, reply: Reply) -> Fetched:
        """The end of a chain that closes a circle, or is too long."""
        if len(set(self._visited)) == 1 and len(self._visited) > _MOST_HOPS:
            # A cookie at every step, and none of them enough: it waits for one that only a script can make.
            detail = "反复跳转到自身并更换 Cookie（疑似防护），无法判断"
            return self.ended(Outcome.BLOCKED, detail, reply=reply, challenge=detail)
        detail = f"跳转超过 {_MOST_HOPS} 次" if len(self._visited) > _MOST_HOPS else f"循环跳转到 {url}"
        return self.ended(Outcome.REDIRECT_LOOP, detail, reply=reply)

    def led_outside_the_web(self, target: str, reply: Reply) -> Fetched:
        """A redirect to what is no http(s) address: to an application, which a browser would start, or nowhere."""
        scheme = _APPLICATION.match(target)
        if scheme is None:
            return self.ended(Outcome.HTTP_ERROR, f"跳转到了无法访问的地址 {target[:200]}", reply=reply)
        detail = f"跳转到应用程序（{scheme[1]}），无法检测"
        return self.ended(Outcome.BLOCKED, detail, reply=reply, challenge=detail)

    def verdict(self, reply: Reply) -> Fetched:
        status, headers = reply.status_code, reply.headers
        if self.method == "HEAD" and status == 405:  # HEAD alone is not allowed: says nothing of the page
            return self.ended(Outcome.HTTP_ERROR, "HTTP 405", reply=reply)
        blocker = challenge.recognise(status, headers, reply.body)
        if blocker:
            return self.ended(Outcome.BLOCKED, f"{blocker}（HTTP {status}）", reply=reply, challenge=blocker)
        if not (200 <= status < 300 or status == 304):
            return self.ended(Outcome.HTTP_ERROR, f"HTTP {status}", reply=reply)
        if reply.full:
            return self.ended(Outcome.TOO_LARGE, f"内容超过 {self.body_limit} 字节，只读取了开头", reply=reply)
        return self.ended(Outcome.OK, "" if reply.whole else "内容未能完整读取", reply=reply)

    def ended(self, outcome: Outcome, detail: str, *, reply: Reply | None = None, challenge: str = "") -> Fetched:
        return Fetched(
            url=self._visited[0],
            final_url=self.current,
            family=self._last_family,
            outcome=outcome,
            status_code=reply.status_code if reply else None,
            headers=reply.headers if reply else {},
            body=reply.body if reply else b"",
            seconds=self.budget.spent if reply else None,
            address=self._address,
            hops=tuple(self._visited[1:-1]),
            tls_problem=reply.tls_problem if reply else "",
            challenge=challenge,
            detail=detail,
            whole=reply.whole if reply else True,
        )


def location(reply: Reply) -> str | None:
    """Where a redirect leads. Bytes outside ASCII (GBK is seen) are sent back as they came, percent-encoded."""
    if reply.status_code not in _REDIRECTS:
        return None
    raw = reply.headers.get("location", "").encode("latin-1").strip()
    if not raw:
        return None
    authority = re.match(rb"(?i)(?:https?:)?[/\\]{2}[^/?#\\]*", raw)
    cut = authority.end() if authority else 0
    name = raw[:cut].decode("utf-8", "replace")
    return name + quote_from_bytes(raw[cut:], safe="".join(map(chr, range(0x21, 0x7F))))


_MOST_HOPS = 20  # as browsers (Fetch standard)
_APPLICATION = re.compile(r"(?!(?:https?|javascript|data|file|about|blob|vbscript):)([A-Za-z][A-Za-z0-9+.-]+:)", re.I)
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
