"""Readers of list shapes that HTML structure does not show. Each module of this folder is one: it has ``read``."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache

from checks import ListItem


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What a reader is given: the text, where it came from, today, and the page's encoding."""

    text: str
    url: str
    today: date
    encoding: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """A further address that must be fetched to read the list, in the name of the page that asks for it."""

    url: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader recognised. ``reason`` (Chinese) is set where the shape is known and yet cannot be read.

    ``markup`` are pieces of HTML within the text, to be read as pages of their own before anything else.
    ``whole`` tells that the text is of this reader's shape as a whole, and that nothing else is to be tried.
    ``wanted`` is where the list is, when it is not in the text.
    """

    reader: str
    items: tuple[ListItem, ...] = ()
    says_empty: bool = False
    whole: bool = False
    reason: str = ""
    markup: tuple[str, ...] = ()
    wanted: tuple[Wanted, ...] = ()


Reader = Callable[[Source], Reading | None]


@cache
def all_readers() -> tuple[Reader, ...]:
    """The readers of this folder, by name."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return tuple(importlib.import_module(f"{__name__}.{name}").read for name in names)
