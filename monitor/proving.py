"""Asks the newest articles of a list for their own dates, a few at a time, and each once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from checks import DateBasis, ListItem, ListReading, OtherDate, Outcome
from checks.core.calendar import local_day
from monitor.extract import charset
from monitor.extract.article import article_dates
from monitor.extract.dates import url_date
from monitor.extract.links import is_attachment
from monitor.extract.listing import ListPage
from monitor.net import Net
from monitor.reading import leads_elsewhere


async def proven(page: ListPage, net: Net, *, home: str, at: datetime, last: ListReading | None) -> ListPage:
    """The page with what the articles of its newest items say.

    An item without a date of its own takes that of its article. What ``last``, the reading before, already knows is
    taken from there; of the rest at most three articles are fetched, and only from the site of ``home``.
    """
    items = [_remembered(item, last) for item in page.items]
    for index in _to_ask(items, last, home=home):
        items[index] = await _asked(items[index], net, at=at)
    return replace(page, items=tuple(items), undated=sum(item.published is None for item in items))


_ARTICLES = 3


def _remembered(item: ListItem, last: ListReading | None) -> ListItem:
    """The item with what the last reading knew of it. A date that the list has changed since is kept beside."""
    old = _by_fingerprint(last).get(item.fingerprint)
    if old is None:
        return item
    printed = item.published if item.basis in _PRINTED else None
    printed_before = old.published if old.basis in _PRINTED else None
    others = (*item.others, *(other for other in old.others if other not in item.others))
    if printed and printed_before and printed != printed_before:
        others = (*others, OtherDate(day=printed_before, basis=DateBasis.LIST))
    if printed is None and old.published is not None and old.basis not in _PRINTED:
        return replace(item, published=old.published, basis=old.basis, others=others, asked=old.asked)
    return replace(item, others=_distinct(others), asked=old.asked)


def _to_ask(items: list[ListItem], last: ListReading | None, *, home: str) -> list[int]:
    """Which articles to open: what is new and undated first, then what is or may be newest, in page order."""
    known = frozenset(last.fingerprints) if last else frozenset()
    wanted = [
        index
        for index, item in enumerate(items)
        if not item.asked and item.url and not leads_elsewhere(home, item.url) and not is_attachment(item.url)
    ]
    dated = sorted((item.published for item in items if item.published), reverse=True)[:_ARTICLES]
    bound = dated[-1] if len(dated) == _ARTICLES else date.min

    def rank(index: int) -> tuple[int, int, int]:
        item = items[index]
        hint = url_date(item.url) or date.min
        new = bool(known) and item.fingerprint not in known
        return (0 if new and item.published is None else 1, -max(item.published or date.min, hint).toordinal(), index)

    if any(item.published for item in items):
        wanted = [i for i in wanted if _may_be_newest(items[i], bound)]
    return sorted(wanted, key=rank)[:_ARTICLES]


def _may_be_newest(item: ListItem, bound: date) -> bool:
    return item.published is None or item.published >= bound or (url_date(item.url) or date.min) >= bound


async def _asked(item: ListItem, net: Net, *, at: datetime) -> ListItem:
    fetched = await net.fetch(item.url)
    if fetched.outcome is not Outcome.OK:
        return item
    decoded = charset.decode(fetched.body, fetched.headers.get("content-type", ""))
    told = article_dates(decoded.text, fetched.final_url, today=local_day(at))
    others = _distinct((*item.others, *told.all))
    if item.published is None and told.published is not None:
        found = told.published
        others = tuple(o for o in others if (o.day, o.basis) != (found.day, found.basis))
        return replace(item, published=found.day, basis=found.basis, others=others, asked=True)
    return replace(item, others=others, asked=True)


_PRINTED = (DateBasis.LIST, DateBasis.API)


def _by_fingerprint(last: ListReading | None) -> Mapping[str, ListItem]:
    return {item.fingerprint: item for item in last.items} if last else {}


def _distinct(others: tuple[OtherDate, ...]) -> tuple[OtherDate, ...]:
    return tuple(dict.fromkeys(others))
