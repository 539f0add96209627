"""Challenge and block pages of firewalls, by product (web.md §5.2). Such a page says nothing of the site behind it."""

from __future__ import annotations

from collections.abc import Mapping


def recognise(status_code: int, headers: Mapping[str, str], body: bytes) -> str | None:
    """The product's name (Chinese), 拒绝访问 for a refusal of an unknown one, or None. Header names in any case."""
    raise NotImplementedError
