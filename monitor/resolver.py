"""The only door to dnspython: the addresses of a host, each family by itself, with a short memory.

An absent record, an absent name and a silent server are different answers, because only the first two say anything
of the host.
"""

from __future__ import annotations

import asyncio
import ipaddress
import itertools
import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import dns.asyncquery
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.resolver

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
    """The addresses of one family, in the order of the answer. Empty unless ``answer`` is ``ok``."""

    answer: Answer
    addresses: tuple[str, ...] = ()


class Resolver:
    """Asks ``nameservers`` (written as in settings.toml), or those of the system where none are given.

    ``timeout`` is the time in seconds for one question, all attempts together.
    """

    def __init__(self, nameservers: Sequence[str] = (), *, timeout: float = 5.0) -> None:
        self._servers = [split_nameserver(text) for text in nameservers] or _system_servers()
        self._timeout = timeout
        self._memory: dict[tuple[str, int], tuple[float, Addresses]] = {}
        self._asking: dict[tuple[str, int], asyncio.Task[Addresses]] = {}

    async def addresses(self, host: str, family: int) -> Addresses:
        """The addresses of ``host`` of family 4 or 6. Never raises for anything that a server answers."""
        host = host.strip("[]").rstrip(".").lower()
        known = _known_without_asking(host, family)
        if known is not None:
            return known
        key = (host, family)
        remembered = self._memory.get(key)
        if remembered is not None and remembered[0] > time.monotonic():
            return remembered[1]
        task = self._asking.get(key)
        if task is None:
            task = asyncio.create_task(self._ask_and_remember(key))
            self._asking[key] = task
            task.add_done_callback(lambda _: self._asking.pop(key, None))
        # Shielded: one asker who gives up must not take the answer away from the others.
        return await asyncio.shield(task)

    async def _ask_and_remember(self, key: tuple[str, int]) -> Addresses:
        found, lifetime = await self._ask(*key)
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
        worst = Answer.TIMEOUT
        until = time.monotonic() + self._timeout
        attempts = [server for _ in range(_ROUNDS) for server in self._servers]
        for left, (address, port) in zip(range(len(attempts), 0, -1), attempts, strict=True):
            remaining = until - time.monotonic()
            if remaining <= 0:
                break
            response = await _exchange(name, family, address=address, port=port, seconds=remaining / left)
            if response is None:
                continue
            rcode = response.rcode()
            if rcode in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
                return _read(response, family)
            worst = Answer.REFUSED if rcode == dns.rcode.REFUSED else Answer.SERVFAIL
        return Addresses(worst), _NEGATIVE_SECONDS


_MEMORY = 20_000
_LONGEST_SECONDS = 60.0
_NEGATIVE_SECONDS = 5.0
_ROUNDS = 2
_RDATATYPES = {4: dns.rdatatype.A, 6: dns.rdatatype.AAAA}


def _system_servers() -> list[tuple[str, int]]:
    try:
        system = dns.resolver.Resolver()
    except dns.exception.DNSException as error:
        raise OperationError("本机没有可用的域名服务器。请在 settings.toml 的 [network] 中填写 nameservers") from error
    return [(str(server), 53) for server in system.nameservers]


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
    name: dns.name.Name, family: int, *, address: str, port: int, seconds: float
) -> dns.message.Message | None:
    query = dns.message.make_query(name, _RDATATYPES[family])
    try:
        response, _ = await dns.asyncquery.udp_with_fallback(
            query, address, timeout=seconds, port=port, ignore_unexpected=True, ignore_errors=True
        )
    except (dns.exception.DNSException, OSError, EOFError):
        return None
    return response


def _read(response: dns.message.Message, family: int) -> tuple[Addresses, float]:
    if response.rcode() == dns.rcode.NXDOMAIN:
        return Addresses(Answer.NXDOMAIN), _NEGATIVE_SECONDS
    try:
        chain = response.resolve_chaining()  # type: ignore[attr-defined]
    except dns.exception.DNSException:  # a CNAME loop, or not an answer to our question
        return Addresses(Answer.SERVFAIL), _NEGATIVE_SECONDS
    if chain.answer is None:
        return Addresses(Answer.NO_DATA), _NEGATIVE_SECONDS
    found = tuple(dict.fromkeys(text for text in (str(r.address) for r in chain.answer) if _usable(text, family)))
    lifetime = min(float(chain.minimum_ttl), _LONGEST_SECONDS)
    return (Addresses(Answer.OK, found) if found else Addresses(Answer.NO_DATA)), lifetime


def _usable(text: str, family: int) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    # ::ffff:192.0.2.1 in an AAAA record is IPv4 in disguise (web.md §1.1)
    return address.version == family and getattr(address, "ipv4_mapped", None) is None
