"""RSS, Atom, RDF and JSON Feed → items with dates (accounts.md §6). Dates of the channel itself are never used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from checks import DateBasis


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem:
    """``at`` is aware, None where undated; ``precision`` is "second" or "day" (then ``at`` is that day's 00:00 +08:00)."""

    title: str
    url: str
    at: datetime | None
    precision: str
    basis: DateBasis
    raw: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """``error`` (Chinese) is "" where the body is a feed."""

    items: tuple[FeedItem, ...] = ()
    undated: int = 0
    error: str = ""


def read_feed(body: bytes, *, content_type: str = "") -> Feed:
    """Read a feed. Never raises for anything a server sends."""
    raise NotImplementedError
