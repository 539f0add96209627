"""How this process takes memory from the system. The work of the service is done in many threads, one at a time."""

from __future__ import annotations

import ctypes

_M_ARENA_MAX = -8  # malloc.h of glibc


def share_one_heap() -> None:
    """Let all threads use one heap, where the C library is glibc: what one has freed serves the others.

    With a heap for each thread, a day of the service held 150 MB that nobody used.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, 1)
