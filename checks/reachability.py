"""站点无法访问: 国办秘函〔2019〕19号 单项否决. Within a week at least 20 visits a day; a visit not open at 15 s counts
as not opened; 5 % of such visits and more is the veto (domain.md §2.2 W2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from checks import Finding, History, Outcome, PageVisit, Severity, Site, Untestable, bounded, check
from checks.core.outcome_names import OUTCOMES

_OPENED = (Outcome.OK, Outcome.TOO_LARGE)  # a page beyond our size limit was served all the same


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Limits of 站点无法访问."""

    days: int = bounded(7, low=1, high=31)
    visits: int = bounded(140, low=1, high=10_000)  # 7 days of 20
    span_days: int = bounded(5, low=0, high=31)  # visits crowded into a day are no week
    seconds: float = bounded(15.0, low=0.1, high=120.0)
    share: float = bounded(0.05, low=0.0001, high=1.0)
    warn_share: float = bounded(0.03, low=0.0001, high=1.0)


@dataclass(frozen=True)
class Round:
    """The visits of one moment, over each address family. It is open if any of them opened."""

    visits: tuple[PageVisit, ...]
    seconds: float

    @property
    def open(self) -> bool:
        return any(_opened(v, self.seconds) for v in self.visits)

    @property
    def shut_out(self) -> bool:
        return not self.open and any(not v.outcome.conclusive for v in self.visits)

    @property
    def valid(self) -> bool:
        """A round that did not open counts only if every visit of it tells something of the site.

        IPv6 alone does not: most sites have none, and a monitor whose IPv4 is down must not call them dead.
        """
        over_ipv4 = any(v.family == 4 for v in self.visits)
        return self.open or (over_ipv4 and all(v.outcome.conclusive for v in self.visits))


@check(
    "site.unreachable",
    title="站点无法访问",
    on=Site,
    reads=PageVisit,
    within=lambda limits: timedelta(days=limits.days),
    limits=Limits(),
)
def unreachable(site: Site, seen: History, limits: Limits, now: datetime) -> Iterator[Finding]:
    rounds = _rounds([v for v in seen.of(PageVisit) if v.url == site.url], limits)
    valid = [r for r in rounds if r.valid]
    if len(valid) < limits.visits:
        raise Untestable(_too_few(len(valid), sum(r.shut_out for r in rounds), limits))
    span = valid[-1].visits[0].at - valid[0].visits[0].at
    if span < timedelta(days=limits.span_days):
        hours = span.total_seconds() / 3600
        raise Untestable(f"有效监测 {len(valid)} 次集中在 {hours:.0f} 小时内，须分布在 {limits.span_days} 天以上")
    failed = [r for r in valid if not r.open]
    share = Fraction(len(failed), len(valid))
    severe = share >= _exact(limits.share)  # 占比达到（含）5% 即为无法访问
    if not severe and share < _exact(limits.warn_share):
        return
    limit = limits.share if severe else limits.warn_share
    how = "、".join(f"{name} {n} 次" for name, n in Counter(_how(r) for r in failed).most_common())
    yield Finding(
        text=f"{limits.days} 天内有效监测 {len(valid)} 次，打不开 {len(failed)} 次，占 {float(share):.1%}"
        f"（{'限' if severe else '预警线'} {limit:.0%}，超过（含）{limits.seconds:g} 秒视为打不开）：{how}",
        url=site.url,
        severity=Severity.PROBLEM if severe else Severity.WARNING,
        advice="请检查服务器、网络与域名解析；确需停止服务的，应先报备临时下线",
        evidence=tuple(v.id for r in failed for v in r.visits),
        details={"visits": len(valid), "failed": len(failed), "share": float(share)},
    )


def _opened(visit: PageVisit, seconds: float) -> bool:
    # 超过（含）15 秒视为打不开
    return visit.outcome in _OPENED and (visit.seconds is None or visit.seconds < seconds)


def _rounds(visits: Sequence[PageVisit], limits: Limits) -> list[Round]:
    together: dict[tuple[datetime, str], list[PageVisit]] = {}
    for visit in visits:
        together.setdefault((visit.at, visit.vantage), []).append(visit)
    return [Round(tuple(group), limits.seconds) for group in together.values()]


def _too_few(valid: int, shut_out: int, limits: Limits) -> str:
    told = f"{limits.days} 天内有效监测 {valid} 次，不足 {limits.visits} 次"
    if shut_out > valid:
        told += f"；另有 {shut_out} 次被防护设备拦截，请网站主办单位将监测地址加入白名单"
    elif shut_out:
        told += f"；另有 {shut_out} 次被拦截，不计入"
    return told


def _how(failed: Round) -> str:
    first = failed.visits[0]
    return "打开过慢" if first.outcome in _OPENED else OUTCOMES[first.outcome]


def _exact(share: float) -> Fraction:
    return Fraction(str(share))  # 7 of 140 is 5 %, whatever binary fractions make of 0.05
