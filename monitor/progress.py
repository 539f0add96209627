"""Progress bars on standard error for long work."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from monitor import collect
from monitor.crawl import CrawlProgress
from monitor.output import stderr

STAGES = {
    "site.visit": "访问网站首页",
    "site.home": "读取首页更新",
    "site.addresses": "解析与连通（IPv4/IPv6）",
    "site.ipv6_pages": "经 IPv6 读取页面",
    "site.links": "检查链接",
    "site.links_recheck": "复查失败的链接",
    "column.list": "读取栏目",
    "account.source": "读取新媒体账号",
    "inspect": "按指标判定",
    "demo": "演示：十六天的监测",
}


@contextmanager
def progress_bars() -> Iterator[collect.Progress]:
    """One bar a stage, for as long as the block runs."""
    bars = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=stderr
    )
    rows: dict[str, TaskID] = {}
    crawls: dict[str, CrawlProgress] = {}

    def started(stage: str, tasks: int) -> None:
        if stage in rows:
            bars.reset(rows[stage], total=tasks)
        else:
            rows[stage] = bars.add_task(STAGES.get(stage, stage), total=tasks)

    def advanced(stage: str) -> None:
        bars.advance(rows[stage])

    def crawled(crawl: CrawlProgress) -> None:
        crawls[crawl.site] = crawl
        if "site.links" in rows:
            bars.update(
                rows["site.links"], description=f"{STAGES['site.links']}（{crawl_words(crawl, crawls.values())}）"
            )

    with bars:
        yield collect.Progress(started, advanced, crawled)


def crawl_words(crawl: CrawlProgress, all_crawls: Collection[CrawlProgress]) -> str:
    """How far one crawl is, and all of them together."""

    def words(some: Collection[CrawlProgress]) -> str:
        links = sum(c.links for c in some)
        rate = sum(c.links / c.seconds for c in some if c.seconds > 0 and c.waiting)
        failed, blocked = sum(c.failed for c in some), sum(c.blocked for c in some)
        return f"{sum(c.pages for c in some)} 页 {links} 条，打不开 {failed}，被拦截 {blocked}，每秒 {rate:.0f} 条"

    return f"{crawl.site} {words([crawl])}；{len(all_crawls)} 个网站共 {words(all_crawls)}"
