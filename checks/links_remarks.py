"""链接提示: 国办发〔2017〕47号 (links are kept in order). What is to be told of the links of a site besides
whether they open: faults of TLS, 国密 only, long chains of redirects, pictures missing in styles, 空链, robots.txt. No
indicator counts these; nobody is accused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from checks import CrawlSummary, Finding, History, LinkNature, LinkRemark, Severity, Site, Untestable, bounded, check


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How far back crawls are read."""

    days: int = bounded(16, low=1, high=92)


@check(
    "site.link_remark",
    title="链接提示",
    on=Site,
    reads=(LinkRemark, CrawlSummary),
    within=lambda limits: timedelta(days=limits.days),
    limits=Limits(),
)
def link_remark(site: Site, seen: History, limits: Limits, now: datetime) -> Iterator[Finding]:
    crawl = seen.latest(CrawlSummary)
    if crawl is None:
        raise Untestable(f"{limits.days} 天内没有全站链接采集记录")
    remarks = [r for r in seen.of(LinkRemark) if r.at >= crawl.started]
    for nature in (LinkNature.TLS_PROBLEM, LinkNature.TLCP_ONLY):
        for remark in remarks:
            if remark.nature is nature:
                yield _of_host(remark)
    for nature, text, advice in _TOGETHER:
        if some := [r for r in remarks if r.nature is nature]:
            yield _together(some, text, advice)
    if crawl.empty_links:
        yield Finding(
            text=f"{crawl.empty_pages} 个页面上共有 {crawl.empty_links} 处疑似空链（点击后不去任何地方）",
            key="空链",
            url=crawl.empty_on[0] if crawl.empty_on else site.url,
            advice="请核实这些链接是否由脚本处理，确为空链的请补上地址或撤除",
            severity=Severity.WARNING,
            evidence=(crawl.id,),
        )
    if crawl.robots:
        yield Finding(
            text=crawl.robots,
            key="robots.txt",
            url=site.url,
            advice="如需完整检测，请由网站放开限制，或在 robots_ignored 中写入该网站的标识码",
            severity=Severity.WARNING,
            evidence=(crawl.id,),
        )
    if not crawl.complete:
        raise Untestable(f"全站链接未采集完：{crawl.reason or '原因不明'}")


_TOGETHER = (
    (LinkNature.LONG_CHAIN, "条链接要经过多次跳转才能打开", "请把链接改为最终地址"),
    (LinkNature.MISSING_DECOR, "个样式引用的图片打不开", "请补上图片，或修改样式"),
)


def _of_host(remark: LinkRemark) -> Finding:
    host = urlsplit(remark.url).netloc
    whose = "本站" if remark.internal else "外部"
    tlcp = remark.nature is LinkNature.TLCP_ONLY
    return Finding(
        text=f"{whose}主机 {host} 只支持国密加密，其链接未检测"
        if tlcp
        else f"{whose}主机 {host} 的加密连接有问题：{remark.detail}",
        key=f"{remark.nature}:{host}",
        url=remark.sources[0].page if remark.sources else remark.url,
        advice="请同时提供通用加密方式，或用国密浏览器人工检查" if tlcp else "请更新证书并补全证书链",
        severity=Severity.WARNING,
        evidence=(remark.id,),
    )


def _together(remarks: Sequence[LinkRemark], text: str, advice: str) -> Finding:
    first = remarks[0]
    return Finding(
        text=f"{len(remarks)} {text}，例如 {first.url}（{first.detail}）",
        key=str(first.nature),
        url=first.sources[0].page if first.sources else first.url,
        advice=advice,
        severity=Severity.WARNING,
        evidence=tuple(r.id for r in remarks[:5]),
    )
