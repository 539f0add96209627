"""A page as a print of what it says: title, visible text, link targets, newest dates. Pure; it compares nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from checks.core.ipv6.sketch import shingles
from monitor.extract import urls
from monitor.extract.dates import find_dates
from monitor.extract.document import parse
from monitor.extract.links import base_address


@dataclass(frozen=True, slots=True)
class Print:
    """``lines`` of visible text; ``targets`` of anchors, those of the page's own host without it; newest ``dates``."""

    title: str
    lines: tuple[str, ...]
    targets: frozenset[str]
    dates: tuple[date, ...]

    @property
    def shingles(self) -> frozenset[str]:
        return frozenset(shingles(self.lines))


def print_of(text: str, url: str, *, today: date) -> Print:
    """The print of a page at ``url``. Days from ``today`` on are left out: a clock shows them on any page."""
    tree = parse(text)
    title = tree.css_first("title")
    base = base_address(tree, url)
    own = _host(url)
    targets = set()
    for node in tree.css("a[href],area[href]"):
        target = urls.resolve(base, node.attributes.get("href") or "")
        if target is not None:
            targets.add(_below(target) if _host(target) == own else target)
    named = " ".join(title.text().split()) if title else ""
    tree.strip_tags(["script", "style", "noscript", "template", "select", "textarea", "svg", "head"])
    body = tree.body
    lines = [" ".join(line.split()) for line in body.text(separator="\n").split("\n")] if body is not None else []
    lines = [line for line in lines if line]
    days = {found.day for found in find_dates("\n".join(lines), today=today) if found.day < today}
    return Print(named, tuple(lines), frozenset(targets), tuple(sorted(days, reverse=True)[:_DATES]))


def only_in(these: tuple[Print, ...], others: tuple[Print, ...]) -> tuple[str, ...]:
    """A few lines that all of ``these`` hold and none of ``others``, by their letters, in the order of the page."""
    held = [{_letters(line) for line in p.lines} for p in these]
    elsewhere = {_letters(line) for p in others for line in p.lines}
    found = dict.fromkeys(
        line[:_LONGEST]
        for line in these[0].lines
        if len(key := _letters(line)) >= _SHORTEST and key not in elsewhere and all(key in lines for lines in held)
    )
    return tuple(found)[:_EXAMPLES]


_DATES = 5
_EXAMPLES = 5
_SHORTEST = 6
_LONGEST = 60


def _letters(line: str) -> str:
    return "".join(sign for sign in line if sign.isalpha())


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _below(url: str) -> str:
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")
