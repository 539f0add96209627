"""链接可用性: 国办秘函〔2019〕19号 功能设计. Dead links of the home page and of the other pages (domain.md §2.4). A
link is dead when an honest server says so, or when two crawls agree; once is not enough for anything else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from checks import CrawlSummary, Finding, History, LinkFailure, Outcome, Site, Untestable, bounded, check
from checks.core.outcome_names import OUTCOMES

_GONE = (404, 410, 550)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Limits of 链接可用性: how far back crawls are read, and how far apart the two that must agree."""

    days: int = bounded(16, low=1, high=92)
    confirm_hours: int = bounded(24, low=1, high=720)


@check(
    "site.dead_link",
    title="链接可用性",
    on=Site,
    reads=(LinkFailure, CrawlSummary),
    within=lambda limits: timedelta(days=limits.days),
    limits=Limits(),
)
def dead_link(site: Site, seen: History, limits: Limits, now: datetime) -> Iterator[Finding]:
    summaries = seen.of(CrawlSummary)
    if not summaries:
        raise Untestable(f"{limits.days} 天内没有全站链接采集记录")
    latest = summaries[-1]
    failures = [f for f in seen.of(LinkFailure) if f.outcome.conclusive and f.outcome is not Outcome.TOO_LARGE]
    looks: dict[str, list[LinkFailure]] = {}
    for failure in failures:
        looks.setdefault(failure.url, []).append(failure)
    waiting: list[str] = []
    for of_link in looks.values():
        last = of_link[-1]
        if last.at < latest.started:
            continue  # the latest crawl found it alive, or gone from the pages
        before = [f for f in of_link if f.at < latest.started]
        earlier = _confirming(last, before, summaries[:-1], limits)
        if _certain(last) or earlier is not None:
            yield _finding(last, earlier)
        else:
            waiting.append(last.url)
    first = f"{len(waiting)} 条链接首次访问失败，待复查" if waiting else ""
    if not latest.complete:
        raise Untestable("；".join(filter(None, (first, f"全站链接未采集完：{latest.reason or '原因不明'}"))))
    if waiting:
        raise Untestable(first, keys=waiting)


def _certain(failure: LinkFailure) -> bool:
    """Whether one look is enough: the server tells missing pages from others, and calls this one missing."""
    missing = failure.status_code in _GONE or failure.outcome is Outcome.SOFT_404
    return failure.control_passed and missing


def _confirming(
    failure: LinkFailure, before: Sequence[LinkFailure], crawls: Sequence[CrawlSummary], limits: Limits
) -> LinkFailure | None:
    """The last earlier failure that is old enough, unless a whole crawl since then found the link alive."""
    old = [f for f in before if failure.at - f.at >= timedelta(hours=limits.confirm_hours)]
    if not old:
        return None
    last = old[-1]
    failed_at = [f.at for f in before]
    recovered = any(
        c.complete and c.started > last.at and not any(c.started <= at <= c.at for at in failed_at) for c in crawls
    )
    return None if recovered else last


def _finding(failure: LinkFailure, earlier: LinkFailure | None) -> Finding:
    source = failure.sources[0] if failure.sources else None
    anchor = f"“{source.anchor}”" if source and source.anchor else ""
    where = "首页" if failure.on_home else "内页"
    kind = "链接" if failure.internal else "外部链接"
    looked = "" if earlier is None else "，两次采集均如此"
    pages = max(failure.source_count, len(failure.sources))
    return Finding(
        text=f"{where}{kind}{anchor}打不开（限 0 条）：{_how(failure)}{looked}，出现在 {pages} 个页面",
        key=failure.url,
        url=source.page if source else "",
        advice=_advice(failure),
        evidence=(failure.id,) if earlier is None else (earlier.id, failure.id),
        details={
            "outcome": str(failure.outcome),
            "status_code": failure.status_code,
            "on_home": failure.on_home,
            "internal": failure.internal,
        },
    )


def _how(failure: LinkFailure) -> str:
    how = OUTCOMES[failure.outcome]
    return f"{how} {failure.status_code}" if failure.status_code is not None else how


def _advice(failure: LinkFailure) -> str:
    if not failure.internal:
        return "请核对外部链接，更正为现用地址或撤除"
    if failure.status_code in _GONE or failure.outcome is Outcome.SOFT_404:
        return "目标页面已不存在，请更正链接或撤除"
    return "请检查目标页面所在的服务器，或更正链接"
