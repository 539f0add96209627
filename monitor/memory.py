"""How this process takes memory from the system. The work of the service is done in many threads, one at a time."""

from __future__ import annotations

import ctypes
import gc

_M_ARENA_MAX = -8  # malloc.h of glibc
_OF_PYTHON = (700, 10, 10)


def spare_memory() -> None:
    """For a process of months, which spends time rather than memory: a day of the service held 270 MB that nobody used.

    Threads use one heap, where the C library is glibc: what one has freed serves the others. And garbage is collected
    as often as Python does by itself: the trees of pages are circles.
    """
    gc.set_threshold(*_OF_PYTHON)
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, 1)


def collect_garbage_seldom() -> None:
    """Leave what is imported out of the search for garbage, and search less often.

    A crawl makes a great many objects and few circles: with Python's own thresholds a tenth of its time goes there.
    """
    gc.freeze()
    gc.set_threshold(10_000, 10, 100)
