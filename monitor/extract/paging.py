"""The further pages of a list, where its first page does not show what is newest. Pure: no page is fetched here."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from selectolax.lexbor import LexborHTMLParser

from monitor.extract.urls import resolve


class Order(StrEnum):
    """How the dated rows of a page follow each other."""

    NEWEST_FIRST = "newest_first"
    OLDEST_FIRST = "oldest_first"
    MIXED = "mixed"


@dataclass(frozen=True, slots=True)
class Pages:
    """The addresses of the second and of the last page; "" where there are such pages and it is not told where."""

    second: str
    last: str


def order_of(days: Sequence[date]) -> Order:
    """The order of the days as they are read; a few that are pinned or out of place do not count."""
    if len(set(days)) < _TELLING or _longest_fall(days) * 4 >= len(days) * 3:
        return Order.NEWEST_FIRST
    return Order.OLDEST_FIRST if _longest_fall(days[::-1]) * 4 >= len(days) * 3 else Order.MIXED


def further_pages(text: str, url: str, parsed: LexborHTMLParser, *, encoding: str = "utf-8") -> Pages | None:
    """The pages after this one, or None where it has no pager that says there are more.

    TRS writes its pager as ``createPageHTML(17, 0, "index", "shtml")``, counted from zero, or with an element's name
    before it and counted from one (web.md §5.6). Others print links 下一页 and 尾页.
    """
    if match := _TRS.search(text):
        from_zero = match["element"] is None
        total = int(match["total"])
        if total < 2:
            return None
        second, last = (1, total - 1) if from_zero else (2, total)
        name, ending = match["name"], match["ending"]
        return Pages(
            *(resolve(url, f"{name}_{page}.{ending}", encoding=encoding) or "" for page in (second, last)),
        )
    links = [(_SPACES.sub("", node.text()), node.attributes.get("href") or "") for node in parsed.css("a")]
    following = [href for words, href in links if _NEXT.fullmatch(words)]
    if not following or _SINGLE.search(text):
        return None
    final = [href for words, href in links if _LAST.fullmatch(words)]
    second_url = resolve(url, following[0], encoding=encoding) or ""
    last_url = resolve(url, final[0], encoding=encoding) or "" if final else ""
    return None if second_url == url and last_url in ("", url) else Pages(second_url, last_url)


_TELLING = 4  # different days, before their order tells anything
_TRS = re.compile(
    r"createPageHTML\s*\(\s*(?P<element>['\"][^'\"]*['\"]\s*,\s*)?(?P<total>\d{1,6})\s*,\s*\d{1,6}\s*,\s*"
    r"['\"](?P<name>[\w./-]+)['\"]\s*,\s*['\"](?P<ending>\w{2,6})['\"]"
)
_NEXT = re.compile(r"[<>《》»›\W]*(?:下一?页|后一?页)[<>《》»›\W]*")
_LAST = re.compile(r"[<>《》»›\W]*(?:尾页|末页|最后一?页)[<>《》»›\W]*")
_SINGLE = re.compile(r"共\s*(?:<[^<>]*>\s*)*1\s*(?:<[^<>]*>\s*)*页")
_SPACES = re.compile(r"\s+")


def _longest_fall(days: Sequence[date]) -> int:
    """How many of the days, left in place, never rise."""
    ends: list[int] = []  # the least steep end of a fall of each length, negated so that it rises
    for day in days:
        value = -day.toordinal()
        at = bisect_right(ends, value)
        ends[at : at + 1] = [value]
    return len(ends)
