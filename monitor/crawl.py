"""The crawl of one site: breadth first from the home page, every link looked at once, resumed where it was killed.

log ──▶ frontier ──▶ looks, several at once ──▶ settle: outcome, new links ──▶ log
                                            └▶ the site falls silent: pause, ask the home page, go on or stop
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace

from checks import LinkNature, LinkSource, Observation, Outcome, Site
from monitor.clock import Clock
from monitor.crawl_facts import blocked_by, crawl_facts, mark_down_hosts
from monitor.crawl_log import CrawlBounds, CrawlLog, CrawlProgress
from monitor.extract import urls
from monitor.extract.document import Document
from monitor.extract.links import Link, LinkReader
from monitor.frontier import Frontier, LinkRow, host_of
from monitor.landing import open_landing
from monitor.linkcheck import LinkLooker, Look
from monitor.net import Fetched, Net
from monitor.outside import OutsideLooks
from monitor.robots import Robots, read_robots
from monitor.silence import PASSING, Silence

__all__ = ["CrawlBounds", "CrawlLog", "CrawlProgress", "LinkRow", "crawl"]


async def crawl(
    site: Site,
    *,
    net: Net,
    clock: Clock,
    vantage: str,
    log: CrawlLog,
    bounds: CrawlBounds,
    families: Collection[int] = (4, 6),
    outside: OutsideLooks[Look] | None = None,
    told: Callable[[CrawlProgress], None] = lambda _progress: None,
) -> list[Observation]:
    """Look at every link of a site within the bounds.

    Yields a ``LinkFailure`` for each link that does not lead where it should, and one ``CrawlSummary``. Links that
    were blocked, or not reached within the bounds, are no failures. Elapsed seconds are the machine's, not the
    clock's: that may be scripted. ``families`` are the address families that this machine is online on; ``outside``
    holds what other crawls of the sweep found of outside links; ``told`` hears about every second how far it is.
    """
    started, rows = log.resume_or_start(site.id, clock.now())
    frontier = Frontier(rows, pages=bounds.pages, depth=bounds.depth, at_once=_AT_ONE_HOST)
    run = _Run(site, net, log, bounds, frontier, told)
    home = await open_landing(net, site.url)
    if home.outcome in (Outcome.OK, Outcome.TOO_LARGE):
        run.home, run.home_addresses = home.final_url, (site.url, home.final_url)
        run.looker = LinkLooker(net, home=home.final_url, families=families, outside=outside)
        ignored = bool({site.id, "*"} & set(bounds.robots_ignored))
        run.robots = await read_robots(net, home.final_url, agent=net.user_agent, ignored=ignored)
        try:
            if not rows:
                await run.begin_at(urls.normalise(site.url), home)
            await run.walk()
        finally:
            await run.looker.aclose()
    else:
        run.stop(f"首页无法读取：{home.detail or home.outcome}")
    for url in mark_down_hosts(frontier.rows.values()):
        frontier.mark_unsaved(url)
    run.save()
    return crawl_facts(
        frontier.rows.values(),
        site,
        started=started,
        at=clock.now(),
        vantage=vantage,
        complete=run.complete,
        reasons=run.reasons,
        robots=run.robots.told,
    )


_AT_ONCE = 16
_AT_ONE_HOST = 8  # those beyond the host's own limit wait their turn in net
_MOST_REPEATS = 200
_MOST_ON_PAGE = 20_000
_MOST_LINKS = 400_000  # of one site: about 0.6 kB of memory each
_BLOCKED_SHARE = 0.1
_FORBIDDEN = "robots.txt 不允许访问"
_WITH_ITS_HOST = "同一主机连续超时，未逐条访问"


@dataclass
class _Run:
    """The state of one run of a crawl."""

    site: Site
    net: Net
    log: CrawlLog
    bounds: CrawlBounds
    frontier: Frontier
    told: Callable[[CrawlProgress], None]
    home: str = ""
    home_addresses: tuple[str, ...] = ()
    looker: LinkLooker = field(init=False)
    robots: Robots = field(default_factory=Robots)
    reader: LinkReader = field(default_factory=LinkReader)
    reasons: list[str] = field(default_factory=list)
    complete: bool = True
    stopped: bool = False
    began: float = field(default_factory=time.monotonic)
    saved: float = field(default_factory=time.monotonic)
    silence: Silence = field(default_factory=Silence)
    forgiven: bool = False
    looked: int = 0
    ours: dict[str, bool] = field(default_factory=dict)
    repeated: set[str] = field(default_factory=set)
    ended: list[asyncio.Task[None]] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)  # that looks have ended, or a second has passed

    async def begin_at(self, url: str, home: Fetched) -> None:
        """Read the links of the home page, which was fetched already."""
        self.frontier.begin_at(url)
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
        active: set[asyncio.Task[None]] = set()
        ticking = asyncio.create_task(self._tick())
        try:
            while not self.stopped:
                if not (self.silence.of_site or self.silence.all_fail):
                    self._begin(active)
                if not active:
                    if self.silence.of_site:
                        await self._ask_home()
                    elif self.silence.all_fail:
                        await self._ask_whether_all_fails()
                    elif not self._repeat_doubtful():
                        break
                    continue
                await self.news.wait()
                self.news.clear()
                ended, self.ended = self.ended, []
                for task in ended:
                    active.remove(task)
                    task.result()  # raises what went wrong with us
                if time.monotonic() - self.began > self.bounds.seconds:
                    self.stop(f"达到时间上限 {self.bounds.seconds:g} 秒，其余链接未检测")
                self._save_when_due()
        finally:
            ticking.cancel()
            for task in active:
                task.cancel()
            await asyncio.gather(*active, ticking, return_exceptions=True)
        if not self.stopped and self.silence.of_all:
            await self._ask_home(again=False)
        if not self.stopped and self.silence.last_fail:
            await self._ask_whether_all_fails()
        if self.frontier.cut:
            self.complete = False
            self.reasons.append(f"达到页数上限 {self.bounds.pages} 页，其余页面未检测")
        if crowded := [row for row in self.frontier.rows.values() if row.crowded]:
            self.complete = False
            worst = max(crowded, key=lambda row: row.crowded)
            self.reasons.append(f"{len(crowded)} 个页面链接过多（{worst.url} 有 {worst.crowded} 个），只检测了一部分")
        self._doubt_inherited()
        if self.frontier.endless:
            example = next(iter(self.frontier.endless.values()))
            self.reasons.append(f"{len(self.frontier.endless)} 组地址疑似无穷页面（如 {example}），只读取了一部分")
        pages = [row for row in self.frontier.rows.values() if row.internal and row.is_page and row.outcome is not None]
        blocked = [row for row in pages if row.outcome is Outcome.BLOCKED and not row.is_scripted]
        if len(blocked) > _BLOCKED_SHARE * len(pages):
            self.complete = False
            self.reasons.append(
                f"{len(pages)} 个页面中 {len(blocked)} 个被防护拦截（{blocked_by(blocked)}），其中的链接未检测；"
                "请网站管理员将本监测点的地址和 User-Agent 加入白名单"
            )

    def settle(self, row: LinkRow, look: Look) -> None:
        """Write down what was found of a link, and the links that its page holds."""
        row.outcome, row.status_code, row.control_passed = look.outcome, look.status_code, look.control_passed
        row.detail, row.remarks, row.answered = look.detail, look.remarks, look.answered
        self.frontier.settle(row)
        self.looked += 1
        if look.detail != _FORBIDDEN and not row.is_scripted:
            self._listen(row, look)
        if row.internal and row.is_page and look.page is not None and self._is_ours(look.final_url):
            self._add_links(row, look.page, look.final_url)

    def stop(self, reason: str) -> None:
        self.stopped, self.complete = True, False
        self.reasons.append(reason)

    def save(self) -> None:
        self.log.save(self.site.id, self.frontier.unsaved())
        self.saved = time.monotonic()

    def _begin(self, active: set[asyncio.Task[None]]) -> None:
        while len(active) < _AT_ONCE and (row := self.frontier.take()) is not None:
            task = asyncio.create_task(self._look(row))
            task.add_done_callback(self._note_end)
            active.add(task)

    def _note_end(self, task: asyncio.Task[None]) -> None:
        self.ended.append(task)
        self.news.set()

    async def _tick(self) -> None:
        """Let the time limit be seen, and what was found be saved, also where nothing ends."""
        while True:
            await asyncio.sleep(1.0)
            self.news.set()

    async def _look(self, row: LinkRow) -> None:
        """Look at a link and settle it at once: a page that was read takes memory until then."""
        if row.internal and not self.robots.allows(row.url):
            look = Look(outcome=Outcome.BLOCKED, detail=_FORBIDDEN)
        else:
            look = await self.looker.look(row, again=row.url in self.repeated)
        if not self.stopped:
            self.settle(row, look)

    def _add_links(self, row: LinkRow, page: Document, url: str) -> None:
        found = self.reader.read(page, url)
        row.empty = found.empty
        links = self._within_bounds(found.links)
        row.crowded = len(found.links) if len(links) < len(found.links) else 0
        self.frontier.find(links, page=row.url, depth=row.depth + 1, is_ours=self._is_ours)
        for link in found.local[:_MOST_ON_PAGE]:
            self._add_local(row, link)

    def _within_bounds(self, links: tuple[Link, ...]) -> Sequence[Link]:
        """The links of a page that are taken: what one page, and one site, may bring in is bounded."""
        rows = self.frontier.rows
        if len(links) <= _MOST_ON_PAGE and len(rows) + len(links) <= _MOST_LINKS:
            return links
        taken = links[:_MOST_ON_PAGE]
        if len(rows) + len(taken) > _MOST_LINKS:
            room = iter(range(_MOST_LINKS - len(rows)))
            taken = tuple(link for link in taken if link.url in rows or next(room, None) is not None)
        return taken

    def _add_local(self, row: LinkRow, link: Link) -> None:
        """A link to a file of the author's own machine: nothing can be asked for, and nobody outside can open it."""
        known = self.frontier.rows.get(link.url)
        source = LinkSource(page=row.url, anchor=link.anchor, position=link.position)
        if known is None:
            self.frontier.rows[link.url] = LinkRow(
                url=link.url,
                depth=row.depth + 1,
                internal=True,
                is_page=False,
                on_home=row.depth == 0,
                outcome=Outcome.REFUSED_BY_GUARD,
                remarks=((LinkNature.INTRANET, "指向编辑者本机的文件"),),
                sources=(source,),
                source_count=1,
            )
        else:
            known.source_count += 1
        self.frontier.mark_unsaved(link.url)

    def _is_ours(self, url: str) -> bool:
        host = host_of(url)
        if host not in self.ours:
            self.ours[host] = any(urls.same_site(url, home) for home in self.home_addresses)
        return self.ours[host]

    def _listen(self, row: LinkRow, look: Look) -> None:
        self.silence.hear(row, look.outcome)
        host = host_of(row.url)
        if not row.internal and self.silence.of_host(host):
            # It is one host that is down, and not each of its links: the rest need not be waited for.
            for waiting in self.frontier.drop_queue(host):
                waiting.outcome, waiting.detail = Outcome.TIMEOUT, _WITH_ITS_HOST
                self.frontier.mark_unsaved(waiting.url)

    def _doubt_inherited(self) -> None:
        """A host that did answer somewhere was not down: what was not asked for itself there is unseen."""
        answering = {host_of(row.url) for row in self.frontier.rows.values() if row.answered}
        unseen = [
            row.url
            for row in self.frontier.rows.values()
            if row.detail == _WITH_ITS_HOST and host_of(row.url) in answering
        ]
        for url in unseen:
            self.frontier.forget(url)
        if unseen:
            self.complete = False
            self.reasons.append(f"外部主机 {host_of(unseen[0])} 等时通时断，{len(unseen)} 个链接未检测")

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

    async def _ask_whether_all_fails(self) -> None:
        """Internal links fail one after another: only where the home page still opens do they fail by themselves."""
        failing = self.silence.take_failing()
        home = await self.net.fetch(self.home)
        if home.outcome not in (Outcome.OK, Outcome.TOO_LARGE):
            for url in failing:
                self.frontier.forget(url)
            self.stop(f"连同首页在内，各页面先后打不开（{home.detail or home.outcome}），其余链接未检测")

    def _repeat_doubtful(self) -> bool:
        """Queue again, once, what failed in a way that may pass.

        Of a host that fell silent one link is enough: where it opens, the host was only slow, and the others come next.
        """
        asked = {host_of(url) for url in self.repeated}
        again = []
        for row in self.frontier.rows.values():
            host = host_of(row.url)
            if row.url in self.repeated or not _may_pass(row) or (self.silence.of_host(host) and host in asked):
                continue
            asked.add(host)
            again.append(row.url)
        again = again[: _MOST_REPEATS - len(self.repeated)]
        self.repeated.update(again)
        self.frontier.put_back(again)
        return bool(again)

    def _save_when_due(self) -> None:
        if time.monotonic() - self.saved >= self.bounds.save_seconds:
            self.save()
            self.told(self._progress())

    def _progress(self) -> CrawlProgress:
        rows = self.frontier.rows.values()
        return CrawlProgress(
            site=self.site.name,
            pages=sum(row.internal and row.is_page and row.outcome is not None for row in rows),
            links=self.looked,
            waiting=sum(row.outcome is None for row in rows),
            failed=sum(row.failed for row in rows),
            blocked=sum(row.outcome is Outcome.BLOCKED for row in rows),
            seconds=time.monotonic() - self.began,
        )


def _may_pass(row: LinkRow) -> bool:
    if row.outcome is Outcome.BLOCKED:
        return row.status_code == 429
    status = row.status_code or 0
    return row.failed and (row.outcome in PASSING or status >= 500 or status in (408, 425))
