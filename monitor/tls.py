"""How we speak TLS: strictly first, then looking behind a fault, so that the fault is told and the page is seen."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from dataclasses import dataclass
from enum import IntEnum
from functools import cache

import httpx


class TlsMode(IntEnum):
    """What we put up with. A later mode is tried only after an earlier one failed: some servers hang on the last."""

    STRICT = 0
    UNVERIFIED = 1
    LEGACY = 2


@cache
def context_for(mode: TlsMode) -> ssl.SSLContext:
    """The context of a mode, shared by all connections: building one costs tens of milliseconds."""
    context = httpx.create_ssl_context(verify=mode is TlsMode.STRICT, trust_env=False)
    if mode is TlsMode.LEGACY:
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        context.options |= getattr(ssl, "OP_LEGACY_SERVER_CONNECT", 0x4)
    else:
        context.minimum_version = ssl.TLSVersion.TLSv1_2  # what browsers ask for
    return context


def certificate_problem(error: ssl.SSLCertVerificationError) -> str:
    """A certificate fault in Chinese."""
    return _PROBLEMS.get(error.verify_code, f"证书校验未通过（{error.verify_message}）")


async def wants_certificate(address: str, port: int, host: str) -> bool:
    """Whether the server asks its visitors for a certificate of their own (数字证书, U 盾). The caller sets the time.

    Asked in TLS 1.2, where that request can be read: the handshake is begun, and the server's messages are read.
    """
    try:
        reader, writer = await asyncio.open_connection(address, port)
    except OSError:
        return False
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    hello = _context_of_1_2().wrap_bio(incoming, outgoing, server_hostname=host.rstrip("."))
    heard = b""
    try:
        with contextlib.suppress(ssl.SSLWantReadError):
            hello.do_handshake()
        writer.write(outgoing.read())
        while not _Heard.of(heard).ends and (piece := await reader.read(_PIECE)) and len(heard) < _MOST_HEARD:
            heard += piece
    except OSError:
        pass  # the server broke off: what it said before still counts
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
    return _CERTIFICATE_REQUEST in _Heard.of(heard).kinds


def refused_for_want_of_certificate(error: BaseException) -> bool:
    """Whether the server broke off because we showed no certificate."""
    return isinstance(error, ssl.SSLError) and (error.reason or "") in _NO_CERTIFICATE_SHOWN


@cache
def _context_of_1_2() -> ssl.SSLContext:
    context = httpx.create_ssl_context(verify=False, trust_env=False)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    return context


@dataclass(frozen=True)
class _Heard:
    """The kinds of handshake messages in what a server has said so far; ``ends`` where it waits for us, or gave up."""

    kinds: tuple[int, ...]
    ends: bool

    @classmethod
    def of(cls, records: bytes) -> _Heard:
        messages, gave_up = b"", False
        while len(records) >= _RECORD_HEAD:
            length = int.from_bytes(records[3:5], "big")
            gave_up = gave_up or records[0] != _HANDSHAKE
            if records[0] == _HANDSHAKE:
                messages += records[_RECORD_HEAD : _RECORD_HEAD + length]
            records = records[_RECORD_HEAD + length :]
        kinds = []
        while len(messages) >= _MESSAGE_HEAD:
            kinds.append(messages[0])
            messages = messages[_MESSAGE_HEAD + int.from_bytes(messages[1:4], "big") :]
        return cls(tuple(kinds), gave_up or _HELLO_DONE in kinds)


_HANDSHAKE = 22
_CERTIFICATE_REQUEST = 13
_HELLO_DONE = 14
_RECORD_HEAD = 5
_MESSAGE_HEAD = 4
_PIECE = 16_384
_MOST_HEARD = 131_072
_NO_CERTIFICATE_SHOWN = frozenset(("TLSV13_ALERT_CERTIFICATE_REQUIRED", "SSLV3_ALERT_BAD_CERTIFICATE"))

LEGACY_PROBLEM = "按现行安全要求无法建立加密连接，放宽要求后可以打开"

_PROBLEMS = {
    9: "证书尚未生效",
    10: "证书已过期",
    18: "证书为自签名",
    19: "证书链中有自签名证书",
    20: "证书链不完整，或签发机构不受信任",
    21: "证书链不完整，或签发机构不受信任",
    23: "证书已被吊销",
    62: "证书与域名不符",
    64: "证书与地址不符",
}
