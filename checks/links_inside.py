"""内网链接: 国办发〔2017〕47号 (links are to work for the public). Links that only the editor's own network or
machine can open (web.md, behaviour 38); they are never fetched. A name that our resolver leads inside is told only: it
may be this vantage point that stands inside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from checks import CrawlSummary, Finding, History, LinkNature, LinkRemark, Severity, Site, Untestable, bounded, check


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How far back crawls are read."""

    days: int = bounded(16, low=1, high=92)


@check(
    "site.intranet_link",
    title="内网链接",
    on=Site,
    reads=(LinkRemark, CrawlSummary),
    within=lambda limits: timedelta(days=limits.days),
    limits=Limits(),
)
def intranet_link(site: Site, seen: History, limits: Limits, now: datetime) -> Iterator[Finding]:
    crawl = seen.latest(CrawlSummary)
    if crawl is None:
        raise Untestable(f"{limits.days} 天内没有全站链接采集记录")
    for remark in seen.of(LinkRemark):
        if remark.nature not in _INSIDE or remark.at < crawl.started:
            continue
        certain = remark.nature is LinkNature.INTRANET
        what = "内网链接" if certain else "疑似内网链接"
        why = f"（{remark.detail}）" if remark.detail else ""
        yield Finding(
            text=f"{what} {remark.url}（限 0 条）{why}，公众无法打开，出现在 {remark.source_count} 个页面",
            key=remark.url,
            url=remark.sources[0].page if remark.sources else site.url,
            advice="请改为公众可以访问的地址，或撤除该链接"
            if certain
            else "请核实该域名对公众是否解析到公网地址；如监测点在内网，请在 allow_addresses 中放行",
            severity=Severity.PROBLEM if certain else Severity.WARNING,
            evidence=(remark.id,),
            details={"on_home": remark.on_home},
        )
    if not crawl.complete:
        raise Untestable(f"全站链接未采集完：{crawl.reason or '原因不明'}")


_INSIDE = (LinkNature.INTRANET, LinkNature.RESOLVES_INSIDE)
