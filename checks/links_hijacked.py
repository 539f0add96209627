"""疑似被抢注: 国办发〔2017〕47号 (outside links are watched). Domains that seem to belong to somebody else now,
parked or turned to gambling (web.md §3.2). A danger of its own, for such a link opens very well; and a suspicion,
which a person confirms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from checks import CrawlSummary, Finding, History, LinkNature, LinkRemark, Site, Untestable, bounded, check


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How far back crawls are read."""

    days: int = bounded(16, low=1, high=92)


@check(
    "site.hijacked_link",
    title="外部链接疑似被抢注",
    on=Site,
    reads=(LinkRemark, CrawlSummary),
    within=lambda limits: timedelta(days=limits.days),
    limits=Limits(),
)
def hijacked_link(site: Site, seen: History, limits: Limits, now: datetime) -> Iterator[Finding]:
    crawl = seen.latest(CrawlSummary)
    if crawl is None:
        raise Untestable(f"{limits.days} 天内没有全站链接采集记录")
    for remark in seen.of(LinkRemark):
        if remark.nature is LinkNature.HIJACKED and remark.at >= crawl.started:
            host = urlsplit(remark.url).hostname or remark.url
            yield Finding(
                text=f"外部链接的域名 {host} 疑似已被他人抢注（限 0 个）：{remark.detail}，"
                f"出现在 {remark.source_count} 个页面",
                key=host,
                url=remark.sources[0].page if remark.sources else site.url,
                advice=f"请人工打开 {remark.url} 核实，属实的立即撤除指向该域名的全部链接",
                evidence=(remark.id,),
                details={"link": remark.url, "on_home": remark.on_home},
            )
    if not crawl.complete:
        raise Untestable(f"全站链接未采集完：{crawl.reason or '原因不明'}")
