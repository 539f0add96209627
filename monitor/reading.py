"""A list page that was read → the fact that is recorded of it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from urllib.parse import urlsplit

from checks import DateBasis, ListItem, ListReading, Observation, OtherDate, Outcome, Ref
from checks.core.calendar import local_day
from monitor.extract import charset
from monitor.extract.dates import url_date
from monitor.extract.listing import ListPage
from monitor.net import Fetched

ReadPage = Callable[..., ListPage]


def read_page(fetched: Fetched, read: ReadPage, *, at: datetime, fragment: str = "") -> ListPage:
    """Read a fetched page by ``read_list`` or ``read_home``. What is no whole page is unreadable, with the reason.

    ``fragment`` is what the address had after "#", where that tells which list of the page is meant.
    """
    if fetched.outcome is not Outcome.OK:
        return ListPage(readable=False, reason=fetched.detail or fetched.outcome)
    if not fetched.whole:
        # The newest item may be in the part that is missing.
        return ListPage(readable=False, reason="网页内容未能完整读取")
    decoded = charset.decode(fetched.body, fetched.headers.get("content-type", ""))
    url = fetched.final_url.partition("#")[0] + (f"#{fragment}" if fragment else "")
    return read(decoded.text, url, today=local_day(at), encoding=decoded.used)


def list_reading(
    page: ListPage,
    fetched: Fetched,
    *,
    subject: Ref,
    url: str,
    at: datetime,
    vantage: str,
    before: Sequence[ListReading] = (),
) -> ListReading:
    """The fact: the newest twenty items, and the fingerprints of the first three hundred.

    ``before`` are the readings of the same address on record, newest first: they tell what is new in this one.
    """
    last = last_good(before)
    items = newest_first(page.items)[:_KEPT_ITEMS]
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
        items=tuple(_dated_by_address(_first_seen(item, last, local_day(at))) for item in items),
        says_empty=page.says_empty,
        fingerprints=tuple(dict.fromkeys(item.fingerprint for item in page.items))[:_KEPT_FINGERPRINTS],
        unproven=page.unproven,
        prose=page.prose,
        forwards_to=fetched.final_url if leads_elsewhere(url, fetched.final_url) else "",
        rows_before=(before[0].rows or before[0].rows_before) if before else 0,
        dated_before=bool(before) and (before[0].dated_before or before[0].undated < before[0].rows),
    )


def readings_before(facts: Iterable[Observation], url: str) -> list[ListReading]:
    """The readings of an address among the facts recalled, in their order."""
    return [fact for fact in facts if isinstance(fact, ListReading) and fact.url == url]


def last_good(before: Sequence[ListReading]) -> ListReading | None:
    """The newest of the readings that held anything."""
    return next((reading for reading in before if reading.readable and reading.rows), None)


def newest_first(items: Sequence[ListItem]) -> tuple[ListItem, ...]:
    """By date, newest first, undated ones last; equal ones in page order."""
    return tuple(sorted(items, key=lambda item: item.published or date.min, reverse=True))


def leads_elsewhere(url: str, final_url: str) -> bool:
    """Whether an address ended on another body's site. Hosts of one domain such as county.gov.cn are one site."""
    return _domain(url) != _domain(final_url)


_KEPT_ITEMS = 20
_KEPT_FINGERPRINTS = 300
_DOMAIN_LABELS = 3  # name.gov.cn


def _domain(url: str) -> str:
    host = urlsplit(url).hostname or ""
    if host.replace(".", "").isdecimal() or ":" in host:
        return host
    return ".".join(host.removeprefix("www.").split(".")[-_DOMAIN_LABELS:])


def _first_seen(item: ListItem, last: ListReading | None, today: date) -> ListItem:
    """The item with the day since which it is known to be there; unknown for what the first reading held."""
    if last is None:
        return item
    for old in last.items:
        if old.fingerprint == item.fingerprint:
            return replace(item, first_seen=old.first_seen, absent_on=old.absent_on)
    if item.fingerprint in last.fingerprints or len(last.fingerprints) >= _KEPT_FINGERPRINTS:
        return item
    return replace(item, first_seen=today, absent_on=local_day(last.at))


def _dated_by_address(item: ListItem) -> ListItem:
    """The item with the day of its address beside the one that it is given, where these differ."""
    day = url_date(item.url)
    if day is None or item.published in (None, day) or any(o.basis is DateBasis.URL for o in item.others):
        return item
    return replace(item, others=(*item.others, OtherDate(day=day, basis=DateBasis.URL)))
