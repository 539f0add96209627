"""Whether a server speaks 国密 TLS (TLCP, GB/T 38636): asked with one hand-made greeting, without its cryptography."""

from __future__ import annotations

import asyncio
import contextlib
import secrets


async def speaks_tlcp(address: str, port: int) -> bool:
    """Greet the server in TLCP and see whether it greets back. The caller sets the time."""
    try:
        reader, writer = await asyncio.open_connection(address, port)
    except OSError:
        return False
    try:
        writer.write(_client_hello())
        await writer.drain()
        answer = await reader.readexactly(_ANSWER)
    except (OSError, asyncio.IncompleteReadError):
        return False
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
    # A handshake record that holds a ServerHello, both of TLCP's version.
    return answer[:3] == b"\x16" + _VERSION and answer[5] == 2 and answer[9:11] == _VERSION


_VERSION = b"\x01\x01"
_SUITES = b"\xe0\x13\xe0\x11\xe0\x53\xe0\x51"  # ECC and ECDHE with SM4, in CBC and GCM
_ANSWER = 11  # record header 5, handshake header 4, version 2


def _client_hello() -> bytes:
    suites = len(_SUITES).to_bytes(2, "big") + _SUITES
    body = _VERSION + secrets.token_bytes(32) + b"\x00" + suites + b"\x01\x00"
    handshake = b"\x01" + len(body).to_bytes(3, "big") + body
    return b"\x16" + _VERSION + len(handshake).to_bytes(2, "big") + handshake
