"""The crawl of one site: breadth first from the home page, every link looked at once, resumed where it was killed.

log ──▶ frontier ──▶ looks, several at once ──▶ settle: outcome, new links ──▶ log
                                            └▶ the site falls silent: pause, ask the home page, go on or stop
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from checks import CrawlSummary, LinkFailure, LinkSource, Observation, Outcome, Site
from monitor.clock import Clock
from monitor.extract import links, urls
from monitor.frontier import Frontier, LinkRow, host_of
from monitor.landing import open_landing
from monitor.linkcheck import LinkLooker, Look
from monitor.net import Fetched, Net
from monitor.silence import PASSING, Silence

__all__ = ["CrawlBounds", "CrawlLog", "LinkRow", "crawl"]


@dataclass(frozen=True)
class CrawlBounds:
    """Where a crawl stops: pages read, seconds spent. ``pause`` (seconds) is the wait when the site falls silent."""

    pages: int
    seconds: float
    pause: float = 60.0


class CrawlLog(Protocol):
    """What a crawl has found so far, kept so that it can go on after a restart."""

    def resume_or_start(self, site_id: str, now: datetime) -> tuple[datetime, list[LinkRow]]:
        """When the unfinished crawl of the site began, and its rows; ``now`` and no rows where there is none."""

    def save(self, site_id: str, rows: Iterable[LinkRow]) -> None:
        """Keep these rows; a row replaces that of the same address. All or none."""

    def finish(self, site_id: str) -> None:
        """The crawl is over: the next one starts afresh."""


async def crawl(
    site: Site,
    *,
    net: Net,
    clock: Clock,
    vantage: str,
    log: CrawlLog,
    bounds: CrawlBounds,
    families: Collection[int] = (4, 6),
) -> list[Observation]:
    """Look at every link of a site within the bounds.

    Yields a ``LinkFailure`` for each link that does not lead where it should, and one ``CrawlSummary``. Links that
    were blocked, or not reached within the bounds, are no failures. Elapsed seconds are the machine's, not the
    clock's: that may be scripted. ``families`` are the address families that this machine is online on.
    """
    started, rows = log.resume_or_start(site.id, clock.now())
    run = _Run(site.id, net, log, bounds, Frontier(rows, pages=bounds.pages, at_once=_AT_ONE_HOST))
    home = await open_landing(net, site.url)
    if home.outcome in (Outcome.OK, Outcome.TOO_LARGE):
        run.home, run.home_addresses = home.final_url, (site.url, home.final_url)
        run.looker = LinkLooker(net, home=home.final_url, families=families)
        try:
            if not rows:
                await run.begin_at(urls.normalise(site.url), home)
            await run.walk()
        finally:
            await run.looker.aclose()
    else:
        run.stop(f"首页无法读取：{home.detail or home.outcome}")
    run.save()
    observations = _observations(run, site, started=started, at=clock.now(), vantage=vantage)
    log.finish(site.id)
    return observations


_AT_ONCE = 16
_AT_ONE_HOST = 8  # those beyond the host's own limit wait their turn in net
_SAVE_ROWS = 200
_SAVE_SECONDS = 1.0
_MOST_REPEATS = 200
_BLOCKED_SHARE = 0.1


@dataclass
class _Run:
    """The state of one run of a crawl."""

    site_id: str
    net: Net
    log: CrawlLog
    bounds: CrawlBounds
    frontier: Frontier
    home: str = ""
    home_addresses: tuple[str, ...] = ()
    looker: LinkLooker = field(init=False)
    reasons: list[str] = field(default_factory=list)
    complete: bool = True
    stopped: bool = False
    began: float = field(default_factory=time.monotonic)
    saved: float = field(default_factory=time.monotonic)
    silence: Silence = field(default_factory=Silence)
    forgiven: bool = False
    ours: dict[str, bool] = field(default_factory=dict)
    repeated: set[str] = field(default_factory=set)

    async def begin_at(self, url: str, home: Fetched) -> None:
        """Read the links of the home page, which was fetched already."""
        self.frontier.add(LinkRow(url=url, depth=0, internal=True, is_page=True, on_home=True))
        row = self.frontier.take()
        if row is None:
            return
        look = await self.looker.judge(replace(home, url=home.final_url))
        if look.outcome is not Outcome.OK:
            self.stop(f"首页无法读取：{look.detail or look.outcome}")
            return
        self.settle(row, look)
        if len(self.frontier.rows) == 1:
            self.stop("首页中没有读到任何链接（可能由脚本生成），其余未检测")

    async def walk(self) -> None:
        """Look at everything that waits, and once more, at the end, at what may have failed by chance."""
        active: dict[asyncio.Task[Look], LinkRow] = {}
        try:
            while not self.stopped:
                if not self.silence.of_site:
                    self._begin(active)
                if not active:
                    if self.silence.of_site:
                        await self._ask_home()
                    elif not self._repeat_doubtful():
                        break
                    continue
                done, _ = await asyncio.wait(active, timeout=1.0, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    self.settle(active.pop(task), task.result())
                if time.monotonic() - self.began > self.bounds.seconds:
                    self.stop(f"达到时间上限 {self.bounds.seconds:g} 秒，其余链接未检测")
                self._save_when_due()
        finally:
            for task in active:
                task.cancel()
            await asyncio.gather(*active, return_exceptions=True)
        if not self.stopped and self.silence.of_all:
            await self._ask_home(again=False)
        if self.frontier.cut:
            self.complete = False
            self.reasons.append(f"达到页数上限 {self.bounds.pages} 页，其余页面未检测")
        pages = [row for row in self.frontier.rows.values() if row.internal and row.is_page and row.outcome is not None]
        blocked = sum(row.outcome is Outcome.BLOCKED for row in pages)
        if blocked > _BLOCKED_SHARE * len(pages):
            self.complete = False
            self.reasons.append(f"{len(pages)} 个页面中 {blocked} 个被防护拦截，其中的链接未检测")

    def settle(self, row: LinkRow, look: Look) -> None:
        """Write down what was found of a link, and the links that its page holds."""
        self.frontier.settle(
            replace(
                row,
                outcome=look.outcome,
                status_code=look.status_code,
                control_passed=look.control_passed,
                detail=look.detail,
            )
        )
        self._listen(row, look)
        if row.internal and row.is_page and look.text and self._is_ours(look.final_url):
            self._add_links(row, look)

    def stop(self, reason: str) -> None:
        self.stopped, self.complete = True, False
        self.reasons.append(reason)

    def save(self) -> None:
        self.log.save(self.site_id, self.frontier.unsaved())
        self.saved = time.monotonic()

    def _begin(self, active: dict[asyncio.Task[Look], LinkRow]) -> None:
        while len(active) < _AT_ONCE and (row := self.frontier.take()) is not None:
            active[asyncio.create_task(self.looker.look(row.url, read=row.internal and row.is_page))] = row

    def _add_links(self, row: LinkRow, look: Look) -> None:
        found = links.page_links(look.text, look.final_url, encoding=look.encoding)
        for link in found.links:
            self.frontier.add(
                LinkRow(
                    url=link.url,
                    depth=row.depth + 1,
                    internal=self._is_ours(link.url),
                    is_page=link.is_page,
                    on_home=row.depth == 0,
                    sources=(LinkSource(page=row.url, anchor=link.anchor),),
                    source_count=1,
                )
            )

    def _is_ours(self, url: str) -> bool:
        host = host_of(url)
        if host not in self.ours:
            self.ours[host] = any(urls.same_site(url, home) for home in self.home_addresses)
        return self.ours[host]

    def _listen(self, row: LinkRow, look: Look) -> None:
        self.silence.hear(row, look.outcome)
        host = host_of(row.url)
        if not row.internal and self.silence.of_host(host):
            left = self.frontier.drop_queue(host)
            if left:
                self.reasons.append(f"外部主机 {host} 连续超时，其余 {left} 个链接未检测")

    async def _ask_home(self, *, again: bool = True) -> None:
        """Nobody answers: wait, then let the home page tell whether that lies in the moment or in the single links.

        The first time that the home page opens, the links are looked at again; what fails then fails by itself.
        """
        doubtful = self.silence.take_doubtful()
        if again and not self.forgiven:
            remaining = self.bounds.seconds - (time.monotonic() - self.began)
            await asyncio.sleep(max(0.0, min(self.bounds.pause, remaining)))
        home = await self.net.fetch(self.home)
        if home.outcome not in (Outcome.OK, Outcome.TOO_LARGE):
            for url in doubtful:
                self.frontier.forget(url)
            self.stop(f"网站中途不再应答（{home.detail or home.outcome}），其余链接未检测")
        elif again and not self.forgiven:
            self.forgiven = True
            self.frontier.put_back(doubtful)

    def _repeat_doubtful(self) -> bool:
        """Queue again, once, what failed in a way that may pass."""
        again = [
            row.url
            for row in self.frontier.rows.values()
            if row.failed
            and row.url not in self.repeated
            and _may_pass(row)
            and not self.silence.of_host(host_of(row.url))
        ]
        again = again[: _MOST_REPEATS - len(self.repeated)]
        self.repeated.update(again)
        self.frontier.put_back(again)
        return bool(again)

    def _save_when_due(self) -> None:
        if self.frontier.unsaved_count >= _SAVE_ROWS or time.monotonic() - self.saved >= _SAVE_SECONDS:
            self.save()


def _may_pass(row: LinkRow) -> bool:
    return row.outcome in PASSING or (row.status_code is not None and row.status_code >= 500)


def _observations(run: _Run, site: Site, *, started: datetime, at: datetime, vantage: str) -> list[Observation]:
    rows = run.frontier.rows.values()
    failures = [
        LinkFailure(
            subject=site.ref,
            at=at,
            vantage=vantage,
            url=row.url,
            outcome=row.outcome,
            status_code=row.status_code,
            internal=row.internal,
            on_home=row.on_home,
            control_passed=row.control_passed,
            sources=row.sources,
            source_count=row.source_count,
            detail=row.detail,
        )
        for row in rows
        if row.failed and row.outcome is not None
    ]
    summary = CrawlSummary(
        subject=site.ref,
        at=at,
        vantage=vantage,
        started=started,
        pages=sum(row.internal and row.is_page and row.outcome is Outcome.OK for row in rows),
        links=sum(row.outcome is not None for row in rows),
        failures=len(failures),
        blocked=sum(row.outcome is Outcome.BLOCKED for row in rows),
        complete=run.complete,
        reason="；".join(run.reasons),
    )
    return [*failures, summary]
