"""Calls of platforms' interfaces: one request with our secrets to one host, over verified TLS only, nothing followed.

It is apart from ``monitor.net``, which looks behind faulty certificates: a secret must not go there. Like that, it
resolves, guards and pins every address itself, and keeps its turns.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx

from monitor.guard import AddressGuard
from monitor.resolver import Resolver
from monitor.sources.confirming import origin_of

_MOST_BYTES = 5_000_000
_SLOW = {"itunes.apple.com": 3.0}  # seconds: about twenty look-ups a minute are let through


@dataclass(frozen=True, kw_only=True)
class Call:
    """A request. ``body`` goes as JSON; its query and headers may hold secrets."""

    method: str = "GET"
    url: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The JSON that came back, or ``error`` (Chinese, without the address) and no ``data``."""

    data: Any = None
    status: int | None = None
    error: str = ""


class Caller:
    """Calls interfaces. ``interval`` is in seconds between two calls of one host; ``gateways`` as in [sources]."""

    def __init__(
        self,
        resolver: Resolver,
        guard: AddressGuard,
        *,
        user_agent: str,
        timeout: float,
        interval: float,
        gateways: Mapping[str, str],
    ) -> None:
        self._resolver, self._guard = resolver, guard
        self._user_agent, self._timeout, self._interval = user_agent, timeout, interval
        self._gateways = gateways
        self._client: httpx.AsyncClient | None = None
        self._turns: dict[str, asyncio.Lock] = {}
        self._next: dict[str, float] = {}

    async def aclose(self) -> None:
        """Close every connection."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def call(self, call: Call) -> Answer:
        """Make a call. Never raises for what the other side does."""
        parts = urlsplit(call.url)
        name = parts.hostname or ""
        base = self._gateways.get(name) or origin_of(call.url)
        target = urlsplit(base)
        if not target.hostname:
            return Answer(error="接口地址有误")
        address = await self._address(target.hostname)
        if isinstance(address, Answer):
            return address
        query = "&".join(part for part in (parts.query, urlencode(call.query)) if part)
        path = (parts.path or "/") + (f"?{query}" if query else "")
        lock = self._turns.setdefault(target.hostname, asyncio.Lock())
        async with lock:
            await self._wait(target.hostname)
            return await self._send(call, base, address, path)

    async def _address(self, host: str) -> str | Answer:
        refused = ""
        for family in (4, 6):
            found = await self._resolver.addresses(host, family)
            for address in found.addresses:
                if self._guard.admits(address):
                    return address
                refused = address
        if refused:
            return Answer(error=f"接口地址 {host} 解析到非公网地址 {refused}，按安全规定不访问")
        return Answer(error=f"接口地址 {host} 的域名解析失败")

    async def _wait(self, host: str) -> None:
        loop = asyncio.get_running_loop()
        pause = self._next.get(host, 0.0) - loop.time()
        if pause > 0:
            await asyncio.sleep(pause)
        slowly = self._interval and _SLOW.get(host, 0.0)
        self._next[host] = loop.time() + max(self._interval, slowly)

    async def _send(self, call: Call, base: str, address: str, path: str) -> Answer:
        target = urlsplit(base)
        host = target.netloc.rpartition("@")[2]
        pinned = f"[{address}]" if ":" in address else address
        port = f":{target.port}" if target.port else ""
        headers = {**call.headers, "Host": host, "User-Agent": self._user_agent, "Accept": "application/json"}
        content = None
        if call.body is not None:
            # as UTF-8: an interface may take \u escapes for text
            content = json.dumps(call.body, ensure_ascii=False).encode()
            headers["Content-Type"] = "application/json; charset=utf-8"
        if self._client is None:
            self._client = httpx.AsyncClient(timeout=self._timeout, trust_env=False, follow_redirects=False)
        request = self._client.build_request(
            call.method,
            f"{target.scheme}://{pinned}{port}{path}",
            headers=headers,
            content=content,
            extensions={"sni_hostname": target.hostname or ""},
        )
        try:
            async with asyncio.timeout(self._timeout):
                response = await self._client.send(request, stream=True)
                try:
                    return await _read(response)
                finally:
                    await response.aclose()
        except (TimeoutError, httpx.TimeoutException):
            return Answer(error=f"接口 {self._timeout:g} 秒内没有应答")
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            return Answer(error=f"接口连接失败（{type(error).__name__}）")


async def _read(response: httpx.Response) -> Answer:
    status = response.status_code
    taken = b""
    async for piece in response.aiter_bytes():
        taken += piece
        if len(taken) > _MOST_BYTES:
            return Answer(status=status, error="接口应答过大，未读取")
    if 300 <= status < 400:
        return Answer(status=status, error=f"接口要求跳转（HTTP {status}），未跟随")
    try:
        data = json.loads(taken.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        kind = "网页" if taken.lstrip()[:1] == b"<" else "其他内容" if taken.strip() else "空内容"
        return Answer(status=status, error=f"接口返回的是{kind}，不是 JSON（HTTP {status}）")
    if not 200 <= status < 300:
        return Answer(status=status, data=data, error=f"接口返回 HTTP {status}")
    return Answer(status=status, data=data)
