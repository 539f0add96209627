"""Sockets of the made-up district: the same ephemeral port on two addresses, and listeners that close cleanly."""

from __future__ import annotations

import asyncio
import errno
import socket

Place = tuple[socket.AddressFamily, socket.SocketKind, str]


def bind_pair(first: Place, second: Place) -> tuple[socket.socket, socket.socket, int]:
    """Bind both places to one port that is free on both. The second may be taken by others: then another is tried."""
    for _ in range(50):
        one = _bind(first, 0)
        port = one.getsockname()[1]
        try:
            return one, _bind(second, port), port
        except OSError as error:
            one.close()
            if error.errno != errno.EADDRINUSE:
                raise
    raise OSError(errno.EADDRINUSE, "no port is free on both addresses")


def bind_one(place: Place) -> tuple[socket.socket, int]:
    """Bind a place to an ephemeral port."""
    bound = _bind(place, 0)
    return bound, bound.getsockname()[1]


def has_ipv6_loopback() -> bool:
    """Whether this machine can listen on ::1. Some containers have no IPv6 at all."""
    try:
        bound, _ = bind_one((socket.AF_INET6, socket.SOCK_STREAM, "::1"))
    except OSError:
        return False
    bound.close()
    return True


async def close_listener(server: asyncio.Server) -> None:
    """Close a listening server and its sockets."""
    server.close()
    await server.wait_closed()


def _bind(place: Place, port: int) -> socket.socket:
    family, kind, address = place
    bound = socket.socket(family, kind)
    try:
        if family == socket.AF_INET6:
            bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        bound.bind((address, port))
    except OSError:
        bound.close()
        raise
    bound.setblocking(False)
    return bound
