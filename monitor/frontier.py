"""The links of one crawl: which are known, which come next, what was found. No I/O.

Each host has a queue of its own, so that one slow host holds up nobody else.
"""

from __future__ import annotations

from collections import Counter, OrderedDict, deque
from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from checks import LinkSource, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRow:
    """One link of a crawl. ``outcome`` is ``None`` where it was not looked at yet.

    ``depth`` counts clicks from the home page; ``is_page`` tells that it may hold further links; ``sources`` are the
    first five of ``source_count`` pages that hold it.
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

    @property
    def failed(self) -> bool:
        """Whether it is known not to lead where it should. A block or our own guard says nothing of the link."""
        return self.outcome is not None and self.outcome is not Outcome.OK and self.outcome.conclusive


class Frontier:
    """``pages`` bounds the internal pages taken; ``at_once`` the links of one host under way."""

    def __init__(self, rows: Iterable[LinkRow], *, pages: int, at_once: int) -> None:
        self.rows: dict[str, LinkRow] = {}
        self.cut = False  # whether the bound on pages kept something out
        self._pages_left = pages
        self._at_once = at_once
        self._queues: OrderedDict[str, deque[str]] = OrderedDict()
        self._under_way: Counter[str] = Counter()
        self._unsaved: set[str] = set()
        for row in rows:
            self.rows[row.url] = row
            if row.outcome is None:
                self._enqueue(row.url)
            elif row.internal and row.is_page:
                self._pages_left -= 1

    def add(self, row: LinkRow) -> None:
        """A link that is found for the first time, or once more."""
        known = self.rows.get(row.url)
        if known is None:
            self.rows[row.url] = row
            self._enqueue(row.url)
        else:
            sources = known.sources
            if len(sources) < _MOST_SOURCES:
                sources += tuple(source for source in row.sources if source not in sources)
            self.rows[row.url] = replace(
                known,
                depth=min(known.depth, row.depth),
                on_home=known.on_home or row.on_home,
                sources=sources[:_MOST_SOURCES],
                source_count=known.source_count + row.source_count,
            )
        self._unsaved.add(row.url)

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
        """What was found of a link that was taken. An outcome of ``None`` leaves it unseen; it is not taken again."""
        known = self.rows[row.url]
        # While it was under way further pages may have been found to hold it.
        self.rows[row.url] = replace(
            known,
            outcome=row.outcome,
            status_code=row.status_code,
            control_passed=row.control_passed,
            detail=row.detail,
        )
        self._under_way[host_of(row.url)] -= 1
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
        self.rows[url] = replace(self.rows[url], outcome=None, status_code=None, control_passed=False, detail="")
        self._unsaved.add(url)

    def drop_queue(self, host: str) -> int:
        """Leave what waits for this host unseen. Returns how many links that were."""
        return len(self._queues.pop(host, ()))

    def unsaved(self) -> list[LinkRow]:
        """The rows changed since the last call."""
        changed = [self.rows[url] for url in self._unsaved]
        self._unsaved.clear()
        return changed

    @property
    def unsaved_count(self) -> int:
        return len(self._unsaved)

    @property
    def waiting(self) -> bool:
        return any(self._queues.values())

    def _enqueue(self, url: str) -> None:
        self._queues.setdefault(host_of(url), deque()).append(url)


def host_of(url: str) -> str:
    """Host and port of an address."""
    return urlsplit(url).netloc


_MOST_SOURCES = 5
