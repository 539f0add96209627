"""Visits of web addresses: every hop resolved, guarded and pinned by us, and every end told as an ``Outcome``.

    fetch ──▶ hop: resolve ──▶ guard ──▶ turn at the host ──▶ exchange ──▶ redirect? next hop
                                                                       └▶ verdict of the status

HTTP itself is spoken in ``monitor.exchange``.
"""

from __future__ import annotations

import asyncio
import contextlib
import time

from checks import Outcome
from monitor.cookies import Cookies
from monitor.exchange import CERTIFICATE_WANTED, Exchanges, Failure, Question, Reply, Stage, connect_outcome
from monitor.extract import urls
from monitor.fetching import Budget, Fetched, Place, Walk, location
from monitor.guard import AddressGuard
from monitor.politeness import HostTurns, retry_after
from monitor.resolver import Answer, Resolver
from monitor.settings import Network
from monitor.tlcp import speaks_tlcp
from monitor.tls import wants_certificate

__all__ = ["Fetched", "Net"]


class Net:
    """Visits others, politely, and only where the guard lets it."""

    def __init__(self, network: Network, resolver: Resolver) -> None:
        self.user_agent = network.user_agent
        self.timeout = network.timeout
        self._resolver = resolver
        self._guard = AddressGuard(network.allow_addresses)
        self._turns = HostTurns(interval=network.host_interval, connections=network.host_connections)
        self._exchanges = Exchanges(user_agent=network.user_agent, connections=network.host_connections)

    async def __aenter__(self) -> Net:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close every connection."""
        await self._exchanges.aclose()

    async def fetch(
        self,
        url: str,
        *,
        family: int | None = None,
        method: str = "GET",
        body_limit: int = 5_000_000,
        timeout: float | None = None,  # noqa: ASYNC109 - bounds the work, not the waiting for a turn
        referer: str = "",
        cookies: Cookies | None = None,
    ) -> Fetched:
        """Fetch an address, redirects included.

        ``family`` pins every hop to IPv4 or IPv6; ``None`` takes IPv4, and IPv6 where IPv4 has no address or does not
        connect. ``body_limit`` is in bytes after unpacking; ``timeout`` in seconds for all hops and the body together.
        ``referer`` is the page that asks: some answer nobody else. ``cookies`` are carried, and added to.
        Raises only for faults of this machine.
        """
        walk = Walk(url, family, method, body_limit, Budget(self.timeout if timeout is None else timeout), referer)
        if cookies is not None:
            walk.cookies = cookies
        put_off = 0
        while True:
            place = Place.of(walk.current)
            if place is None:
                return walk.ended(Outcome.DNS_ERROR, "网址有误，无法访问")
            result = await self._hop(place, walk)
            if isinstance(result, Failure):
                named = result.detail if result.outcome is Outcome.BLOCKED else ""
                return walk.ended(result.outcome, result.detail, challenge=named)
            walk.cookies.take(place.host, result.cookies)
            if self._is_put_off(place.host, result) and put_off < _MOST_PUT_OFF:
                put_off += 1
                continue
            target = location(result)
            if target is None:
                return walk.verdict(result)
            following = urls.resolve(walk.current, target)
            if following is None:
                return walk.led_outside_the_web(target, result)
            if not walk.goes_on(following, walk.cookies.header(place.host)):
                return walk.led_nowhere(following, result)

    async def reach(self, address: str, port: int) -> tuple[Outcome, float | None]:
        """Whether a TCP connection to an address opens, and after how many seconds."""
        if not self._guard.admits(address):
            return Outcome.REFUSED_BY_GUARD, None
        started = time.monotonic()
        try:
            async with asyncio.timeout(self.timeout):
                _, writer = await asyncio.open_connection(address, port)
        except TimeoutError:
            return Outcome.TIMEOUT, None
        except OSError as error:
            return connect_outcome(error), None
        seconds = time.monotonic() - started
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
        return Outcome.OK, seconds

    def admits(self, address: str) -> bool:
        """Whether the guard lets us connect to an address."""
        return self._guard.admits(address)

    async def ask_at(self, url: str, address: str) -> Fetched:
        """Ask one address for a page, in the name of the page's host. A redirect is an answer and is not followed."""
        family = 6 if ":" in address else 4
        walk = Walk(url, family, "GET", _MOST_ASKED, Budget(self.timeout))
        place = Place.of(url)
        if place is None:
            return walk.ended(Outcome.DNS_ERROR, "网址有误，无法访问")
        if not self._guard.admits(address):
            return walk.ended(Outcome.REFUSED_BY_GUARD, "")
        async with self._turns.turn(place.host):
            result = await self._ask_in_turn(place, [address], family, walk)
        if isinstance(result, Failure):
            return walk.ended(result.outcome, result.detail)
        return walk.ended(Outcome.OK, "", reply=result) if location(result) is not None else walk.verdict(result)

    async def _hop(self, place: Place, walk: Walk) -> Reply | Failure:
        failed: list[tuple[int, str, Failure]] = []  # family, address or "" where the host has none, what became of it
        for family in (walk.family,) if walk.family else (4, 6):
            found = self._resolver.remembered(place.host, family)
            if found is None:
                try:
                    async with walk.budget.spending():
                        found = await self._resolver.addresses(place.host, family)
                except TimeoutError:
                    return Failure(Outcome.TIMEOUT, "域名解析超时", Stage.CONNECT)
            if not found.addresses:
                detail = _DNS_DETAILS[found.answer].format(family=family, record="A" if family == 4 else "AAAA")
                failed.append((family, "", Failure(Outcome.DNS_ERROR, detail, Stage.CONNECT)))
                continue
            admitted = [address for address in found.addresses if self._guard.admits(address)]
            if not admitted:
                address = found.addresses[0]
                detail = f"{place.host} 解析到非公网地址 {address}，按安全规定不访问"
                failed.append((family, address, Failure(Outcome.REFUSED_BY_GUARD, detail, Stage.CONNECT)))
                continue
            closed = self._turns.closed_for(place.host)
            if closed > _LONGEST_WAIT:
                detail = f"服务器限制访问频率，要求 {closed:.0f} 秒后再访问"
                return Failure(Outcome.BLOCKED, detail, Stage.ANSWER)
            async with self._turns.turn(place.host):
                spent = walk.budget.spent
                result = await self._ask_in_turn(place, admitted[:_MOST_ADDRESSES], family, walk)
                status = result.status_code if isinstance(result, Reply) else None
                self._turns.heard(place.host, status=status, seconds=walk.budget.spent - spent)
            if isinstance(result, Reply) or result.stage is not Stage.CONNECT:
                return result
            failed.append((family, admitted[0], result))
        family, address, failure = next((tried for tried in failed if tried[1]), failed[0])
        walk.connected(family, address)
        return failure

    def _is_put_off(self, host: str, reply: Reply) -> bool:
        """Whether the server says that it will answer soon, and its answer is worth waiting for."""
        if reply.status_code not in (429, 503):
            return False
        seconds = retry_after(reply.headers)
        if seconds is None:
            return False
        self._turns.put_off(host, seconds)
        return seconds <= _LONGEST_WAIT

    async def _ask_in_turn(self, place: Place, addresses: list[str], family: int, walk: Walk) -> Reply | Failure:
        """Ask the addresses of one family, one after another, until one connects, as browsers do."""
        result: Reply | Failure = Failure(Outcome.TIMEOUT, "", Stage.CONNECT)
        for left, address in zip(range(len(addresses), 0, -1), addresses, strict=True):
            walk.connected(family, address)
            question = Question(
                method=walk.method,
                scheme=place.scheme,
                host=place.host,
                port=place.port,
                target=place.target,
                address=address,
                cookie=walk.cookies.header(place.host),
                referer=walk.referer,
            )
            try:
                async with walk.budget.spending():
                    result = await self._exchanges.ask(
                        question, body_limit=walk.body_limit, connect_timeout=walk.budget.left / left
                    )
                    if isinstance(result, Failure) and place.scheme == "https":
                        result = await _explained(result, address, place)
            except TimeoutError:
                return Failure(Outcome.TIMEOUT, f"{walk.budget.seconds:g} 秒内未能打开", Stage.ANSWER)
            if isinstance(result, Reply) or result.stage is not Stage.CONNECT:
                break
        return result


async def _explained(failure: Failure, address: str, place: Place) -> Failure:
    """A failure over TLS that does not lie in the link, but in what our TLS cannot do, is told as such."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_EXPLAINING):
            if failure.stage is Stage.HANDSHAKE and await speaks_tlcp(address, place.port):
                return _TLCP_ONLY
            broke_off = failure.stage in (Stage.HANDSHAKE, Stage.ANSWER)
            if broke_off and await wants_certificate(address, place.port, place.host):
                return CERTIFICATE_WANTED
    return failure


_MOST_ADDRESSES = 4
_MOST_PUT_OFF = 2
_EXPLAINING = 5.0  # seconds
_MOST_ASKED = 1_000_000  # bytes of a page of which only the answer matters
_LONGEST_WAIT = 60.0  # seconds that we wait because a server asks us to
_TLCP_ONLY = Failure(Outcome.BLOCKED, "网站只支持国密加密（TLCP），本程序无法验证", Stage.HANDSHAKE)
_DNS_DETAILS = {
    Answer.NO_DATA: "域名没有 IPv{family} 地址（{record} 记录）",
    Answer.NXDOMAIN: "域名不存在",
    Answer.TIMEOUT: "域名服务器没有应答",
    Answer.SERVFAIL: "域名服务器应答失败（SERVFAIL）",
    Answer.REFUSED: "域名服务器拒绝应答（REFUSED）",
    Answer.OK: "域名没有可用的 IPv{family} 地址",
}
