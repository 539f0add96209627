"""Who vouched for a feed source (来源已评估): a feed may have been got in ways that only people can answer for
(accounts.md §2, rung D), so each source is confirmed by name before its feeds are asked. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit


@dataclass(frozen=True, kw_only=True)
class SourceEvent:
    """A confirmation of a source, or its withdrawal. ``origin`` is scheme, host and port.

    ``canary`` is the feed of an account that is known to publish daily; ``status_url`` lists when the source last
    synchronised (wewe-rss ``/feeds``). Either may be empty.
    """

    origin: str
    confirmed: bool
    who: str
    at: datetime
    note: str = ""
    canary: str = ""
    status_url: str = ""


def origin_of(url: str) -> str:
    """Scheme, host and port of an address in lower case, or nothing for what is no address."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
        return ""
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme.lower()}://{host}" + (f":{port}" if port else "")


def in_force(events: Iterable[SourceEvent]) -> Mapping[str, SourceEvent]:
    """The confirmations that stand, by origin: of each origin the last word counts."""
    latest = {event.origin: event for event in events}
    return {origin: event for origin, event in latest.items() if event.confirmed}
