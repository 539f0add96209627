"""The links of one crawl: which are known, which come next, what was found. No I/O.

Each host has a queue of its own, so that one slow host holds up nobody else.
"""

from __future__ import annotations

import re
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from checks import LinkNature, LinkSource, Outcome
from monitor.extract.links import Link

Remark = tuple[LinkNature, str]


@dataclass(slots=True, kw_only=True)
class LinkRow:
    """One link of a crawl. ``outcome`` is ``None`` where it was not looked at yet.

    ``depth`` counts clicks from the home page; ``is_page`` tells that it may hold further links; ``sources`` are the
    first five of ``source_count`` pages that hold it, and none of a good link. ``remarks`` are what is to be told of it
    in any case; ``empty`` counts the anchors of this page that lead nowhere; ``answered`` tells that the host answered
    at all; ``decor`` that only styles ask for it, ``is_form`` that only forms do, ``is_scripted`` that only scripts act
    on its anchors; ``host_down`` that no look at its host was answered; ``crowded`` counts the links of this page where
    not all of them were taken.
    """

    url: str
    depth: int
    internal: bool
    is_page: bool
    on_home: bool = False
    outcome: Outcome | None = None
    status_code: int | None = None
    control_passed: bool = False
    detail: str = ""
    sources: tuple[LinkSource, ...] = ()
    source_count: int = 0
    remarks: tuple[Remark, ...] = ()
    empty: int = 0
    answered: bool = False
    decor: bool = False
    host_down: bool = False
    is_form: bool = False
    is_scripted: bool = False
    crowded: int = 0

    @property
    def failed(self) -> bool:
        """Whether it is known not to lead where it should. A block or our own guard says nothing of the link."""
        return self.outcome is not None and self.outcome is not Outcome.OK and self.outcome.conclusive


class Frontier:
    """``pages`` bounds the internal pages taken, ``depth`` the clicks from the home page; ``at_once`` the links of one
    host under way."""

    def __init__(self, rows: Iterable[LinkRow], *, pages: int, at_once: int, depth: int = 1_000) -> None:
        self.rows: dict[str, LinkRow] = {}
        self.cut = False  # whether the bound on pages kept something out
        self.too_deep = 0
        self.endless: dict[str, str] = {}  # patterns of addresses that breed without end, and an example of each
        self._depth = depth
        self._pages_left = pages
        self._at_once = at_once
        self._queues: OrderedDict[str, deque[str]] = OrderedDict()
        self._under_way: Counter[str] = Counter()
        self._unsaved: set[str] = set()
        self._bred: Counter[str] = Counter()
        for row in rows:
            self.rows[row.url] = row
            if row.outcome is None:
                self._enqueue(row.url)
            elif row.internal and row.is_page:
                self._pages_left -= 1

    def begin_at(self, url: str) -> None:
        """The home page, which no page holds."""
        self._add(LinkRow(url=url, depth=0, internal=True, is_page=True, on_home=True))

    def find(self, links: Iterable[Link], *, page: str, depth: int, is_ours: Callable[[str], bool]) -> None:
        """The links that ``page`` holds, found for the first time or again. ``is_ours``: whether one is internal."""
        rows, good = self.rows, Outcome.OK  # once, and not for each of the links that every page of a site holds
        for link in links:
            known = rows.get(link.url)
            if known is None:
                self._add(self._new(link, page, depth, internal=is_ours(link.url)))
                continue
            if known.outcome is good and not known.remarks:
                continue
            known.source_count += 1
            if len(known.sources) < _MOST_SOURCES and all(source.page != page for source in known.sources):
                known.sources += (LinkSource(page=page, anchor=link.anchor, position=link.position),)
            if depth < known.depth:
                known.depth = depth
            if depth <= 1:
                known.on_home = True
            if known.decor and not link.decor:
                known.decor = False
            if known.is_form:
                known.is_form = link.is_form
            if known.is_scripted:
                known.is_scripted = link.is_scripted
            self._unsaved.add(link.url)

    def take(self) -> LinkRow | None:
        """The next link to look at, or ``None`` where nothing can be begun now."""
        for host in list(self._queues):
            queue = self._queues[host]
            if self._under_way[host] >= self._at_once:
                continue
            self._queues.move_to_end(host)
            while queue:
                row = self.rows[queue.popleft()]
                if row.internal and row.is_page:
                    if self._pages_left <= 0:
                        self.cut = True
                        continue
                    self._pages_left -= 1
                self._under_way[host] += 1
                return row
            del self._queues[host]
        return None

    def settle(self, row: LinkRow) -> None:
        """A link that was taken has been looked at; what was found is in its row. It is not taken again."""
        self._under_way[host_of(row.url)] -= 1
        if row.outcome is Outcome.OK and not row.remarks:
            row.sources = ()  # of a good link nobody will ask where it stands
        self._unsaved.add(row.url)

    def put_back(self, urls: Iterable[str]) -> None:
        """Forget what was found of these links and look at them again."""
        for url in urls:
            row = self.rows[url]
            if row.internal and row.is_page:
                self._pages_left += 1
            self.forget(url)
            self._enqueue(url)

    def forget(self, url: str) -> None:
        """Make a link unseen again."""
        row = self.rows[url]
        row.outcome, row.status_code, row.control_passed, row.detail = None, None, False, ""
        row.remarks, row.answered, row.host_down = (), False, False
        self._unsaved.add(url)

    def drop_queue(self, host: str) -> list[LinkRow]:
        """Take what waits for this host out of its queue, unseen."""
        return [self.rows[url] for url in self._queues.pop(host, ())]

    def unsaved(self) -> list[LinkRow]:
        """The rows changed since the last call."""
        changed = [self.rows[url] for url in self._unsaved]
        self._unsaved.clear()
        return changed

    def mark_unsaved(self, url: str) -> None:
        self._unsaved.add(url)

    @property
    def unsaved_count(self) -> int:
        return len(self._unsaved)

    @property
    def waiting(self) -> bool:
        return any(self._queues.values())

    def _is_endless(self, url: str, page: str, depth: int) -> bool:
        """Whether reading this page would lead on for ever: too far from home, or one of a calendar's days.

        Counted are pages that were found on pages of their own pattern, as each day of a calendar is on another.
        """
        if depth > self._depth:
            self.too_deep += 1
            return True
        pattern = pattern_of(url)
        if pattern == url or pattern != pattern_of(page):
            return False
        self._bred[pattern] += 1
        if self._bred[pattern] > most_bred(url):
            self.endless.setdefault(pattern, url)
            return True
        return False

    def _new(self, link: Link, page: str, depth: int, *, internal: bool) -> LinkRow:
        endless = internal and link.is_page and self._is_endless(link.url, page, depth)
        return LinkRow(
            url=link.url,
            depth=depth,
            internal=internal,
            is_page=link.is_page and not endless,
            on_home=depth <= 1,
            sources=(LinkSource(page=page, anchor=link.anchor, position=link.position),),
            source_count=1,
            decor=link.decor,
            is_form=link.is_form,
            is_scripted=link.is_scripted,
        )

    def _add(self, row: LinkRow) -> None:
        self.rows[row.url] = row
        self._enqueue(row.url)
        self._unsaved.add(row.url)

    def _enqueue(self, url: str) -> None:
        self._queues.setdefault(host_of(url), deque()).append(url)


def host_of(url: str) -> str:
    """Host and port of a normal address."""
    start = url.find("//") + 2
    end = url.find("/", start)
    return url[start:end] if end > 0 else url[start:]


def pattern_of(url: str) -> str:
    """An address with every run of digits replaced, so that pages of one kind have one pattern."""
    return _DIGITS.sub("0", url.partition("//")[2])


def most_bred(url: str) -> int:
    """How many pages of the pattern of this address may be found on one another before they count as endless."""
    if _CALENDAR.search(url):
        return 60
    return 500 if "?" in url else 2_000  # more than the previous-next chains and the pagers of real columns


_DIGITS = re.compile(r"\d+")
_CALENDAR = re.compile(r"calendar|rili|[?&/](?:year|month|day|date|riqi)\b", re.I)
_MOST_SOURCES = 5
