"""Noticing that nobody answers any more, or nobody answers well: the site, an outside host, or we are offline. No I/O.

What fails in such a time says nothing of the single link, so it is kept apart until somebody answers again.
"""

from __future__ import annotations

from collections import Counter

from checks import Outcome
from monitor.crawl_facts import NO_ANSWER
from monitor.frontier import LinkRow, host_of

PASSING = NO_ANSWER
"""Failures that may lie in the moment, and not in the link."""


class Silence:
    """Listens to how the looks of one crawl end, in the order in which they end."""

    def __init__(self) -> None:
        self._site: list[str] = []  # internal links since the site last answered
        self._others: list[str] = []  # links of others since anybody last answered
        self._timeouts: Counter[str] = Counter()
        self._failing: list[str] = []  # internal links that failed since the site last showed a good page
        self._suspicious = _SITE

    def hear(self, row: LinkRow, outcome: Outcome) -> None:
        """A look has ended."""
        if row.internal and outcome in _NO_ANSWER:
            self._site.append(row.url)
        elif row.internal:
            self._site.clear()
            self._others.clear()
        elif outcome in PASSING:
            self._others.append(row.url)
        else:
            self._others.clear()
        if row.internal and outcome is Outcome.OK:
            self._failing, self._suspicious = [], _SITE
        elif row.internal and outcome.conclusive:
            self._failing.append(row.url)
        if not row.internal:
            host = host_of(row.url)
            self._timeouts[host] = self._timeouts[host] + 1 if outcome is Outcome.TIMEOUT else 0

    @property
    def of_site(self) -> bool:
        """Whether the site itself seems to have fallen silent."""
        return len(self._site) >= _SITE

    @property
    def all_fail(self) -> bool:
        """Whether so many internal links failed in a row that it may be all the site, or a firewall, and not they."""
        return len(self._failing) >= self._suspicious

    @property
    def last_fail(self) -> bool:
        """Whether the last few internal looks failed."""
        return len(self._failing) >= _OTHERS

    def take_failing(self) -> list[str]:
        """The internal links that failed in a row. Twice as many may follow before it is suspicious again."""
        failing, self._failing = self._failing, []
        self._suspicious *= 2
        return failing

    @property
    def of_all(self) -> bool:
        """Whether the last looks, at whomever, all came to nothing."""
        return len(self._site) + len(self._others) >= _OTHERS

    def of_host(self, host: str) -> bool:
        """Whether an outside host has timed out so often that it is not asked further."""
        return self._timeouts[host] >= _OTHERS

    def take_doubtful(self) -> list[str]:
        """The links whose failures are in doubt; they are not kept any longer."""
        doubtful = self._site + self._others
        self._site, self._others = [], []
        return doubtful


_SITE = 10
_OTHERS = 3
_NO_ANSWER = PASSING | {Outcome.BLOCKED}
