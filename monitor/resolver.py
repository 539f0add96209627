"""The only door to dnspython: the addresses of a host, each family by itself, and the name servers of its zone.

An absent record, an absent name and a silent server are different answers, because only the first two say anything
of the host.
"""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import itertools
import socket
import struct
import time
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar

import dns.asyncbackend
import dns.asyncquery
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.resolver
from dns.asyncbackend import DatagramSocket  # type: ignore[attr-defined]  # documented, not declared

from monitor.errors import OperationError
from monitor.settings import split_nameserver


class Answer(StrEnum):
    """How a question to the DNS was answered."""

    OK = "ok"
    NO_DATA = "no_data"
    NXDOMAIN = "nxdomain"
    TIMEOUT = "timeout"
    SERVFAIL = "servfail"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Addresses:
    """The addresses of one family, in the order of the answer. Empty unless ``answer`` is ``ok``.

    ``aliases`` are the names to which CNAMEs led; ``dropped`` are records that are no address of this family.
    """

    answer: Answer
    addresses: tuple[str, ...] = ()
    aliases: tuple[str, ...] = field(default=(), compare=False)
    dropped: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class ZoneServers:
    """The zone that holds a host, and the names of its name servers. Empty unless ``answer`` is ``ok``."""

    answer: Answer
    zone: str = ""
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Heard:
    """How a name server answered: an ``Answer``, or ``closed`` or ``no_route`` where no question could be put."""

    answer: str
    seconds: float | None = None


class Resolver:
    """Asks ``nameservers`` (written as in settings.toml), or those of the system where none are given.

    ``timeout`` is the time in seconds for one question, all attempts together.
    """

    def __init__(self, nameservers: Sequence[str] = (), *, timeout: float = 5.0) -> None:
        self._servers = [split_nameserver(text) for text in nameservers] or _system_servers()
        self._timeout = timeout
        self._memory: dict[Hashable, tuple[float, Any]] = {}
        self._asking: dict[Hashable, asyncio.Task[Any]] = {}

    async def addresses(self, host: str, family: int) -> Addresses:
        """The addresses of ``host`` of family 4 or 6. Never raises for anything that a server answers."""
        known = self.remembered(host, family)
        if known is not None:
            return known
        host = _plain(host)
        return await self._once((host, family), lambda: self._ask(host, family))

    def remembered(self, host: str, family: int) -> Addresses | None:
        """The same where nobody need be asked."""
        host = _plain(host)
        return _known_without_asking(host, family) or self._recall((host, family))

    async def zone_servers(self, host: str) -> ZoneServers:
        """The name servers of the zone that holds ``host``: the nearest name, its own included, that has NS records."""
        host = _plain(host)
        return await self._once(("NS", host), lambda: self._ask_zone(host))

    async def hear(self, zone: str, address: str, *, port: int = 53) -> Heard:
        """Put a real question (NS of ``zone``) to the name server at ``address``, over UDP and, in vain, over TCP."""
        return await self._once(("hear", zone, address, port), lambda: self._hear(zone, address, port))

    async def _once(self, key: Hashable, ask: Callable[[], Awaitable[tuple[_T, float]]]) -> _T:
        """What is remembered under a key, or is being asked already, or the answer to ``ask`` (with its lifetime)."""
        known: _T | None = self._recall(key)
        if known is not None:
            return known
        task = self._asking.get(key)
        if task is None:
            task = asyncio.create_task(self._ask_and_remember(key, ask))
            self._asking[key] = task
            task.add_done_callback(lambda _: self._asking.pop(key, None))
        # Shielded: one asker who gives up must not take the answer away from the others.
        found: _T = await asyncio.shield(task)
        return found

    def _recall(self, key: Hashable) -> Any:
        until, answer = self._memory.get(key, (0.0, None))
        return answer if until > time.monotonic() else None

    async def _ask_and_remember(self, key: Hashable, ask: Callable[[], Awaitable[tuple[_T, float]]]) -> _T:
        found, lifetime = await ask()
        if len(self._memory) >= _MEMORY:
            for old in list(itertools.islice(self._memory, _MEMORY // 4)):
                del self._memory[old]
        self._memory[key] = (time.monotonic() + lifetime, found)
        return found

    async def _ask(self, host: str, family: int) -> tuple[Addresses, float]:
        try:
            name = dns.name.from_text(host)
        except (dns.exception.DNSException, UnicodeError):
            return Addresses(Answer.NXDOMAIN), _NEGATIVE_SECONDS  # no such name can exist
        response = await self._question(name, _RDATATYPES[family])
        if isinstance(response, Answer):
            return Addresses(response), _NEGATIVE_SECONDS
        return _read(response, family)

    async def _ask_zone(self, host: str) -> tuple[ZoneServers, float]:
        try:
            name = dns.name.from_text(host)
        except (dns.exception.DNSException, UnicodeError):
            return ZoneServers(Answer.NXDOMAIN), _NEGATIVE_SECONDS
        while len(name) > 2:  # the root's empty label counts: a top-level domain is nobody's own zone
            response = await self._question(name, dns.rdatatype.NS)
            if isinstance(response, Answer):
                return ZoneServers(response), _NEGATIVE_SECONDS
            found = response.get_rrset(response.answer, name, dns.rdataclass.IN, dns.rdatatype.NS)
            if found:
                names = sorted(str(record.target).rstrip(".").lower() for record in found)
                return ZoneServers(Answer.OK, name.to_text(omit_final_dot=True), tuple(names)), _LONGEST_SECONDS
            name = name.parent()
        return ZoneServers(Answer.NO_DATA), _NEGATIVE_SECONDS

    async def _hear(self, zone: str, address: str, port: int) -> tuple[Heard, float]:
        query = dns.message.make_query(zone, dns.rdatatype.NS, use_edns=True)
        heard = Heard(Answer.TIMEOUT)
        for ask in (dns.asyncquery.udp_with_fallback, dns.asyncquery.tcp):
            started = time.monotonic()
            try:
                found = await ask(query, address, timeout=self._timeout / 2, port=port)
            except dns.exception.Timeout:
                continue
            except OSError as error:
                if error.errno == errno.ENETUNREACH:
                    return Heard("no_route"), _NEGATIVE_SECONDS
                heard = Heard("closed")
                continue
            except (dns.exception.DNSException, EOFError):
                continue  # no answer to our question
            response = found[0] if isinstance(found, tuple) else found
            return Heard(_answer_of(response), time.monotonic() - started), _LONGEST_SECONDS
        return heard, _NEGATIVE_SECONDS

    async def _question(self, name: dns.name.Name, kind: dns.rdatatype.RdataType) -> dns.message.Message | Answer:
        """The answer of the first server that has one, an absent name among them, or how they failed."""
        worst = Answer.TIMEOUT
        until = time.monotonic() + self._timeout
        attempts = [server for _ in range(_ROUNDS) for server in self._servers]
        for left, (address, port) in zip(range(len(attempts), 0, -1), attempts, strict=True):
            remaining = until - time.monotonic()
            if remaining <= 0:
                break
            response = await _exchange(name, kind, address=address, port=port, seconds=remaining / left)
            if response is None:
                continue
            rcode = response.rcode()
            if rcode in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
                return response
            worst = Answer.REFUSED if rcode == dns.rcode.REFUSED else Answer.SERVFAIL
        return worst


_T = TypeVar("_T")
_MEMORY = 20_000
_LONGEST_SECONDS = 60.0
_NEGATIVE_SECONDS = 5.0
_ROUNDS = 2
_LONGEST_MALFORMED = 64  # bytes of an address record; a longer one spoils its answer
_RDATATYPES = {4: dns.rdatatype.A, 6: dns.rdatatype.AAAA}


def _system_servers() -> list[tuple[str, int]]:
    try:
        system = dns.resolver.Resolver()
    except dns.exception.DNSException as error:
        raise OperationError("本机没有可用的域名服务器。请在 settings.toml 的 [network] 中填写 nameservers") from error
    return [(str(server), 53) for server in system.nameservers]


def _plain(host: str) -> str:
    return host.strip("[]").rstrip(".").lower()


@lru_cache(maxsize=1024)
def _known_without_asking(host: str, family: int) -> Addresses | None:
    if host == "localhost" or host.endswith(".localhost"):  # RFC 6761: never asked of the DNS
        return Addresses(Answer.OK, ("127.0.0.1" if family == 4 else "::1",))
    try:
        literal = ipaddress.ip_address(host)
    except ValueError:
        return None
    if literal.version == family:
        return Addresses(Answer.OK, (str(literal),))
    return Addresses(Answer.NO_DATA)


async def _exchange(
    name: dns.name.Name, kind: dns.rdatatype.RdataType, *, address: str, port: int, seconds: float
) -> dns.message.Message | None:
    query = dns.message.make_query(name, kind)
    try:
        async with await _sparing_socket(address) as sock:
            response, _ = await dns.asyncquery.udp_with_fallback(
                query, address, timeout=seconds, port=port, ignore_unexpected=True, ignore_errors=True, udp_sock=sock
            )
    except (dns.exception.DNSException, OSError, EOFError):
        return None
    return response


async def _sparing_socket(address: str) -> DatagramSocket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    backend: Any = dns.asyncbackend.get_default_backend()
    return _SparingSocket(await backend.make_socket(family, socket.SOCK_DGRAM))


class _SparingSocket(DatagramSocket):
    """Drops malformed records on the way in: dnspython would give up the whole answer for one of them."""

    def __init__(self, inner: Any) -> None:
        super().__init__(inner.family, socket.SOCK_DGRAM)
        self._inner = inner

    async def recvfrom(self, size: int, timeout: float | None) -> tuple[bytes, Any]:  # noqa: ASYNC109 - dnspython's
        wire, sender = await self._inner.recvfrom(size, timeout)
        return _without_malformed(wire), sender

    async def sendto(self, what: bytes, destination: Any, timeout: float | None) -> int:  # noqa: ASYNC109
        return int(await self._inner.sendto(what, destination, timeout))

    async def close(self) -> None:
        await self._inner.close()


def _without_malformed(wire: bytes) -> bytes:
    try:
        message = dns.message.from_wire(wire, continue_on_error=True)
    except dns.exception.DNSException:
        return wire  # no message at all: for dnspython to tell
    # Of an answer that was cut off nothing is dropped: what is missing from it may be there.
    whole = all(_is_whole_record(wire, error.offset) for error in message.errors)
    return message.to_wire() if message.errors and whole else wire


def _is_whole_record(wire: bytes, end: int) -> bool:
    """Whether an address record, whole by its own length, ends at ``end`` (RFC 1035 §3.2.1)."""
    for length in range(min(end - 10, _LONGEST_MALFORMED) + 1):
        kind, class_, _lifetime, told = struct.unpack("!HHIH", wire[end - length - 10 : end - length])
        if told == length and kind in _RDATATYPES.values() and class_ == dns.rdataclass.IN:
            return True
    return False


def _read(response: dns.message.Message, family: int) -> tuple[Addresses, float]:
    if response.rcode() == dns.rcode.NXDOMAIN:
        return Addresses(Answer.NXDOMAIN), _NEGATIVE_SECONDS
    try:
        chain = response.resolve_chaining()  # type: ignore[attr-defined]
    except dns.exception.DNSException:  # a CNAME loop, or not an answer to our question
        return Addresses(Answer.SERVFAIL), _NEGATIVE_SECONDS
    aliases = tuple(str(record[0].target).rstrip(".").lower() for record in chain.cnames)
    if chain.answer is None:
        return Addresses(Answer.NO_DATA, aliases=aliases), _NEGATIVE_SECONDS
    written = dict.fromkeys(str(record.address) for record in chain.answer)
    found = tuple(text for text in written if _usable(text, family))
    dropped = tuple(text for text in written if text not in found)
    lifetime = min(float(chain.minimum_ttl), _LONGEST_SECONDS)
    return Addresses(Answer.OK if found else Answer.NO_DATA, found, aliases, dropped), lifetime


def _answer_of(response: dns.message.Message) -> str:
    rcode = response.rcode()
    if rcode == dns.rcode.NOERROR:
        return Answer.OK if response.answer or response.authority else Answer.NO_DATA
    return _RCODES.get(rcode, Answer.SERVFAIL)


_RCODES = {dns.rcode.NXDOMAIN: Answer.NXDOMAIN, dns.rcode.REFUSED: Answer.REFUSED}


def _usable(text: str, family: int) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    if address.is_unspecified or (family == 6 and address.is_link_local):
        return False
    # ::ffff:192.0.2.1 in an AAAA record is IPv4 in disguise (web.md §1.1)
    return address.version == family and getattr(address, "ipv4_mapped", None) is None
