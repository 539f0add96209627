"""A column's list, or a home page, → its items with their dates. What cannot be read is said to be unreadable, never empty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from checks import ListItem


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """``readable`` is false where the place of the items was not recognised; ``reason`` (Chinese) says why.

    ``items`` are all rows in page order, ``undated`` of them without a date of their own; ``reader`` names what
    recognised them; ``says_empty`` is the page's own 暂无内容.
    """

    readable: bool
    reason: str = ""
    reader: str = ""
    rows: int = 0
    undated: int = 0
    items: tuple[ListItem, ...] = ()
    says_empty: bool = False


def read_list(text: str, url: str, *, today: date, encoding: str = "utf-8") -> ListPage:
    """Read the list of a column page, an HTML fragment or a JSON list answer."""
    raise NotImplementedError


def read_home(text: str, url: str, *, today: date, encoding: str = "utf-8") -> ListPage:
    """All article-like items of a home page, over all its blocks."""
    raise NotImplementedError
