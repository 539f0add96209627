"""A DNS server on loopback for the tests, over UDP: it answers what a test tells it to."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import dns.flags
import dns.message
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset

Records = dict[tuple[str, str], list[str] | dns.rcode.Rcode | None]


@dataclass
class NameServer(asyncio.DatagramProtocol):
    """``records`` maps (name, type) to record texts, to a return code, or to ``None`` for silence.

    A text may name another type first, as in ``"CNAME other.example."``; ``"RAW 20010db8"`` gives the bytes of a record
    as they are, however wrong; ``"CUT 20"`` leaves so many bytes off the end of the answer. What is not there is
    NXDOMAIN, or no data where the name has records of another type.
    """

    records: Records
    ttl: int = 60
    port: int = 0
    asked: list[tuple[str, str]] = field(default_factory=list)

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, sender: tuple[str, int]) -> None:
        query = dns.message.from_wire(data)
        name = query.question[0].name.to_text(omit_final_dot=True).lower()
        kind = dns.rdatatype.to_text(query.question[0].rdtype)
        self.asked.append((name, kind))
        response = dns.message.make_response(query)
        response.flags |= dns.flags.RA
        absent = [] if any(known == name for known, _ in self.records) else dns.rcode.NXDOMAIN
        found = self.records.get((name, kind), absent)
        if found is None:
            return
        if isinstance(found, list):
            self._add(response, f"{name}.", kind, found)
        else:
            response.set_rcode(found)
        texts = found if isinstance(found, list) else []
        cuts = [int(text.removeprefix("CUT ")) for text in texts if text.startswith("CUT ")]
        wire = response.to_wire()
        self.transport.sendto(wire[: len(wire) - sum(cuts)], sender)

    def _add(self, response: dns.message.Message, name: str, kind: str, texts: list[str]) -> None:
        for text in texts:
            if text.startswith("CNAME "):
                target = text.removeprefix("CNAME ")
                response.answer.append(dns.rrset.from_text(name, self.ttl, "IN", "CNAME", target))
                following = self.records.get((target.rstrip("."), kind), [])
                if isinstance(following, list):
                    self._add(response, target, kind, following)
            elif text.startswith("CUT "):
                continue
            elif text.startswith("RAW "):
                raw = dns.rdata.GenericRdata(
                    dns.rdataclass.IN, dns.rdatatype.from_text(kind), bytes.fromhex(text.removeprefix("RAW "))
                )
                response.answer.append(dns.rrset.from_rdata(name, self.ttl, raw))
            else:
                response.answer.append(dns.rrset.from_text(name, self.ttl, "IN", kind, text))


@contextlib.asynccontextmanager
async def name_server(records: Records, *, ttl: int = 60, port: int = 0) -> AsyncIterator[NameServer]:
    """A running server; its ``port`` is on 127.0.0.1, any free one where none is given."""
    transport, server = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: NameServer(records, ttl=ttl), local_addr=("127.0.0.1", port)
    )
    server.port = transport.get_extra_info("sockname")[1]
    try:
        yield server
    finally:
        transport.close()
