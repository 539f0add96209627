"""永久下线仍可访问: 国办发〔2017〕47号 网站关停 (domain.md §3.6). After a month of notice the name is to be given up; a
site that still answers is told, and never ruled on: only a person knows who answers there now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from checks import Finding, History, Outcome, Severity, Site, Untestable, bounded, check
from checks.core.aftermath import ClosedVisit
from checks.core.calendar import local_day


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Limits of 永久下线仍可访问: how long a notice may stand on the home page, and how far back visits are read."""

    notice_days: int = bounded(30, low=1, high=366)
    days: int = bounded(100, low=32, high=732)


@check(
    "site.closed_answers",
    title="永久下线仍可访问",
    on=Site,
    reads=ClosedVisit,
    closed=True,
    within=lambda limits: timedelta(days=limits.days),
    limits=Limits(),
)
def closed_answers(site: Site, seen: History, limits: Limits, now: datetime) -> Iterator[Finding]:
    visits = [v for v in seen.of(ClosedVisit) if v.url == site.url and v.outcome.conclusive]
    if not visits:
        raise Untestable("下线后尚无访问记录")
    answering: list[ClosedVisit] = []
    for visit in reversed(visits):
        if not _answers(visit):
            break
        answering.append(visit)
    if not answering:
        return
    last, first = answering[0], answering[-1]
    if last.at - first.at < timedelta(days=limits.notice_days):
        raise Untestable(f"{local_day(last.at)} 仍可访问；下线公告期为 {limits.notice_days} 天，期满后再看")
    told = f"，页面自称“{last.site_name}”" if last.site_name else ""
    yield Finding(
        text=f"网站登记为永久下线，{local_day(first.at)} 至 {local_day(last.at)} 仍可访问"
        f"（公告期限 {limits.notice_days} 天）{told}",
        url=site.url,
        severity=Severity.WARNING,
        advice="请核实：公告期满的应注销域名、备案和标识；域名已被他人使用的应立即处置；网站已恢复的请更正台账",
        evidence=tuple(v.id for v in (first, last)),
        details={"first": local_day(first.at).isoformat(), "last": local_day(last.at).isoformat()},
    )


def _answers(visit: ClosedVisit) -> bool:
    """Whether the site itself opens. One that only sends its readers on to its successor is closed as it should be."""
    moved = urlsplit(visit.final_url or visit.url).hostname != urlsplit(visit.url).hostname
    return visit.outcome in (Outcome.OK, Outcome.TOO_LARGE) and not moved
