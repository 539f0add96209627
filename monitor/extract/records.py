"""Rows of a list among JSON values: which list of objects it is, and which of their fields are title, address, date."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from checks import DateBasis, ListItem
from monitor.extract.dates import CHINA, FoundDate, find_dates
from monitor.extract.urls import resolve


@dataclass(frozen=True, slots=True)
class Found:
    """A date in a field, and the time where the field has one."""

    day: date
    at: datetime | None


def best_list(value: Any, url: str, *, today: date, encoding: str = "utf-8") -> tuple[ListItem, ...]:
    """The items of the list of objects that holds most titles with dates; () where there is none."""
    lists = [_items(records, url, today, encoding) for records in _lists(value)]
    return max(lists, key=lambda items: (sum(i.published is not None for i in items), len(items)), default=())


def total_is_zero(value: Any) -> bool:
    """Whether the answer itself counts no item: a field like ``total`` is 0 beside a list that is empty.

    The count may stand one level below the list, with what is told of the column.
    """
    for record in records_of(value, depth=4):
        beside = [record, *(inner for inner in record.values() if isinstance(inner, dict))]
        counts = [v for r in beside for k, v in r.items() if _TOTAL.fullmatch(str(k)) and not isinstance(v, bool)]
        if counts and all(str(count) == "0" for count in counts) and any(v == [] for v in record.values()):
            return True
    return False


def publication(record: Mapping[str, Any], *, today: date) -> Found | None:
    """The publication date of an object, by the names of its fields; None where no name says so."""
    fields = {str(key).lower().replace("_", ""): value for key, value in record.items()}
    for pattern in _DATE_KEYS:
        for key, value in fields.items():
            if pattern.fullmatch(key) and not _OTHER_DATES.search(key) and (found := _moment(value, today)):
                return found
    return None


def title_of(record: Mapping[str, Any]) -> str:
    """What an object is called, without markup."""
    fields = {str(key).lower().replace("_", ""): value for key, value in record.items()}
    titles = {key: _plain(value) for key, value in fields.items() if isinstance(value, str)}
    for key in _TITLE_KEYS:
        if title := titles.get(key):
            return title
    return next((value for key, value in titles.items() if key.endswith("title") and value), "")


def records_of(value: Any, *, depth: int) -> Iterator[dict[str, Any]]:
    """Objects within objects, the outer ones first. Lists are not entered."""
    level = [value] if isinstance(value, dict) else []
    for _ in range(depth):
        yield from level
        level = [inner for outer in level for inner in outer.values() if isinstance(inner, dict)]


_TITLE_KEYS = ("title", "doctitle", "docsubtitle", "articletitle", "subject", "headline", "showtitle", "name", "topic")
_URL_KEYS = (
    "url",
    "link",
    "href",
    "posturl",
    "docpuburl",
    "docurl",
    "linkurl",
    "arturl",
    "visiturl",
    "articleurl",
    "puburl",
)
_DATE_KEYS = (
    re.compile(r".*(?:publish|release|issue).*|pub(?:date|time).*|docreltime|docpubtime|.*(?:date|time)published"),
    re.compile(r"(?:show|display|doc|art|article|news)?(?:date|time)(?:str)?|deploytime|fbsj|fbrq"),
)
_OTHER_DATES = re.compile(
    r"edit|modif|update|create|build|write|expire|end|start|effect|sign|id$|user|dept|status|state|by$|type|name$|url"
)
_TOTAL = re.compile(
    r"total|totalcount|count|totalelements|totalnum|post_count|recordcount|records?total|totalrecord", re.I
)
_TAGS = re.compile(r"<[^<>]*>")
_SPACES = re.compile(r"\s+")


def _lists(value: Any) -> Iterator[list[dict[str, Any]]]:
    stack = [value]
    while stack:
        inner = stack.pop()
        if isinstance(inner, dict):
            stack.extend(inner.values())
        elif isinstance(inner, list):
            records = [record for record in inner if isinstance(record, dict)]
            if records and len(records) == len(inner):
                yield records
            stack.extend(inner)


def _items(records: list[dict[str, Any]], url: str, today: date, encoding: str) -> tuple[ListItem, ...]:
    items: list[ListItem] = []
    for record in records:
        title = title_of(record)
        found = publication(record, today=today)
        address = _address(record, url, encoding)
        if title and (found or address):
            items.append(
                ListItem(
                    title=title,
                    url=address,
                    published=found.day if found else None,
                    basis=DateBasis.API if found else None,
                )
            )
    return tuple(items) if len(items) * 2 >= len(records) else ()


def _address(record: Mapping[str, Any], url: str, encoding: str) -> str:
    fields = {str(key).lower().replace("_", ""): value for key, value in record.items()}
    for key in _URL_KEYS:
        value = fields.get(key)
        if isinstance(value, str) and (address := resolve(url, value, encoding=encoding)):
            return address
    return ""


def _moment(value: Any, today: date) -> Found | None:
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float) or (isinstance(value, str) and re.fullmatch(r"\d{10}(?:\d{3})?", value)):
        seconds = float(value) / (1000 if float(value) > 1e11 else 1)
        if not 0 < seconds < 4e9:
            return None
        at = datetime.fromtimestamp(seconds, CHINA)
        return _not_ahead(FoundDate(at.date(), at, 0, 0), today)
    found = find_dates(str(value), today=today) if len(str(value)) <= 40 else []
    return _not_ahead(found[0], today) if len(found) == 1 else None


def _not_ahead(found: FoundDate, today: date) -> Found | None:
    return Found(found.day, found.at) if found.day <= today + timedelta(days=1) else None


def _plain(value: str) -> str:
    return _SPACES.sub(" ", _TAGS.sub("", value)).strip()
