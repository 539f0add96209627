"""Sockets of the made-up district: the same ephemeral port on two addresses, and listeners that close cleanly."""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import Sequence

Place = tuple[socket.AddressFamily, socket.SocketKind, str]


def bind_pair(first: Place, second: Place) -> tuple[socket.socket, socket.socket, int]:
    """Bind both places to one port that is free on both."""
    (one, other), port = bind_all((first, second))
    return one, other, port


def bind_all(places: Sequence[Place]) -> tuple[list[socket.socket], int]:
    """Bind all places to one port that is free on each."""
    for _ in range(50):
        bound = [_bind(places[0], 0)]
        port = bound[0].getsockname()[1]
        try:
            for place in places[1:]:
                bound.append(_bind(place, port))
        except OSError as error:
            for one in bound:
                one.close()
            if error.errno != errno.EADDRINUSE:
                raise
        else:
            return bound, port
    raise OSError(errno.EADDRINUSE, "no port is free on all addresses")


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
