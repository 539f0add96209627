"""A list page that was read → the fact that is recorded of it. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from checks import ListItem, ListReading, Outcome, Ref
from monitor.extract import charset
from monitor.extract.listing import ListPage
from monitor.net import Fetched

SHANGHAI = ZoneInfo("Asia/Shanghai")

ReadPage = Callable[..., ListPage]


def read_page(fetched: Fetched, read: ReadPage, *, at: datetime) -> ListPage:
    """Read a fetched page by ``read_list`` or ``read_home``. What is no whole page is unreadable, with the reason."""
    if fetched.outcome is not Outcome.OK:
        return ListPage(readable=False, reason=fetched.detail or fetched.outcome)
    if not fetched.whole:
        # The newest item may be in the part that is missing.
        return ListPage(readable=False, reason="网页内容未能完整读取")
    decoded = charset.decode(fetched.body, fetched.headers.get("content-type", ""))
    today = at.astimezone(SHANGHAI).date()
    return read(decoded.text, fetched.final_url, today=today, encoding=decoded.used)


def list_reading(
    page: ListPage, fetched: Fetched, *, subject: Ref, url: str, at: datetime, vantage: str
) -> ListReading:
    """The fact: the newest twenty items, and the fingerprints of the first three hundred."""
    return ListReading(
        subject=subject,
        at=at,
        vantage=vantage,
        url=url,
        outcome=fetched.outcome,
        status_code=fetched.status_code,
        final_url=fetched.final_url,
        readable=page.readable,
        reason=page.reason,
        reader=page.reader,
        rows=page.rows,
        undated=page.undated,
        items=newest_first(page.items)[:_KEPT_ITEMS],
        says_empty=page.says_empty,
        fingerprints=tuple(dict.fromkeys(fingerprint(item.url) for item in page.items))[:_KEPT_FINGERPRINTS],
    )


def newest_first(items: Sequence[ListItem]) -> tuple[ListItem, ...]:
    """By date, newest first, undated ones last; equal ones in page order."""
    return tuple(sorted(items, key=lambda item: item.published or date.min, reverse=True))


def fingerprint(url: str) -> str:
    """A short digest of an address."""
    return hashlib.sha256(url.encode()).hexdigest()[:8]


_KEPT_ITEMS = 20
_KEPT_FINGERPRINTS = 300
