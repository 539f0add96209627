"""A small authoritative DNS server over UDP and TCP with its zone as data. It never asks other servers."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import cast

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

from monitor.demo.ports import bind_all, close_listener


class Mishap(StrEnum):
    """What a name may answer instead of its records."""

    SERVFAIL = "servfail"
    REFUSED = "refused"
    SILENCE = "silence"


@dataclass(frozen=True)
class Zone:
    """Records by name and type, in presentation form (``{"www.qinghe.test": {"A": ("127.0.1.1",)}}``)."""

    records: Mapping[str, Mapping[str, tuple[str, ...]]]
    mishaps: Mapping[str, Mishap] = field(default_factory=dict)

    def answer(self, query: dns.message.Message) -> dns.message.Message | None:
        """The answer to a query, or ``None`` for silence. An unknown name does not exist; CNAMEs are followed."""
        response = dns.message.make_response(query)
        response.flags |= dns.flags.AA
        if len(query.question) != 1:
            response.set_rcode(dns.rcode.FORMERR)
            return response
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        mishap = self.mishaps.get(name)
        if mishap is Mishap.SILENCE:
            return None
        if mishap is not None:
            response.set_rcode(dns.rcode.SERVFAIL if mishap is Mishap.SERVFAIL else dns.rcode.REFUSED)
            return response
        self._fill(response, name, dns.rdatatype.to_text(question.rdtype))
        return response

    def _fill(self, response: dns.message.Message, name: str, rdtype: str) -> None:
        for _ in range(8):  # a CNAME loop ends here
            held = self.records.get(name)
            if held is None:
                if not self._has_children(name):
                    response.set_rcode(dns.rcode.NXDOMAIN)
                break
            if rdtype in held:
                response.answer.append(_rrset(name, rdtype, held[rdtype]))
                return
            if "CNAME" not in held:
                break
            response.answer.append(_rrset(name, "CNAME", held["CNAME"]))
            name = held["CNAME"][0].rstrip(".").lower()
        response.authority.append(_rrset("test", "SOA", ("ns1.qinghe.test. admin.qinghe.test. 1 60 60 60 1",)))

    def _has_children(self, name: str) -> bool:
        return any(other.endswith(f".{name}") for other in self.records)


class DnsServer:
    """Serves a zone on an ephemeral port of 127.0.0.1, the same for UDP and TCP, and of ::1 where ``ipv6``."""

    def __init__(self, zone: Zone, *, ipv6: bool = False) -> None:
        self.zone = zone
        self.port = 0
        self._hosts = [(socket.AF_INET, "127.0.0.1"), *([(socket.AF_INET6, "::1")] if ipv6 else [])]
        self._transports: list[asyncio.DatagramTransport] = []
        self._servers: list[asyncio.Server] = []
        self._conversations: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        bound, self.port = bind_all(
            [(family, kind, host) for family, host in self._hosts for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM)]
        )
        loop = asyncio.get_running_loop()
        for one in bound:
            if one.type == socket.SOCK_DGRAM:
                transport, _ = await loop.create_datagram_endpoint(lambda: _Datagrams(self.zone), sock=one)
                self._transports.append(transport)
            else:
                self._servers.append(await asyncio.start_server(self._converse, sock=one))

    async def stop(self) -> None:
        for transport in self._transports:
            transport.close()
        for server in self._servers:
            await close_listener(server)
        for task in tuple(self._conversations):
            task.cancel()
        await asyncio.gather(*self._conversations, return_exceptions=True)
        await asyncio.sleep(0)  # the loop closes the sockets on its next turn

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._conversations.add(task)
        try:
            with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
                while True:
                    length = int.from_bytes(await reader.readexactly(2))
                    wire = _reply(self.zone, await reader.readexactly(length))
                    if wire is not None:
                        writer.write(len(wire).to_bytes(2) + wire)
                        await writer.drain()
        finally:
            writer.close()
            self._conversations.discard(task)


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, zone: Zone) -> None:
        self._zone = zone
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # Python 3.11.2 does not derive its own transport from DatagramTransport: isinstance would fail.
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        wire = _reply(self._zone, data)
        if wire is not None and self._transport is not None:
            self._transport.sendto(wire, addr)


def _reply(zone: Zone, wire: bytes) -> bytes | None:
    try:
        query = dns.message.from_wire(wire)
    except dns.exception.DNSException:
        return None
    response = zone.answer(query)
    return None if response is None else response.to_wire()


def _rrset(name: str, rdtype: str, values: tuple[str, ...]) -> dns.rrset.RRset:
    return dns.rrset.from_text(dns.name.from_text(name), 60, "IN", rdtype, *values)
