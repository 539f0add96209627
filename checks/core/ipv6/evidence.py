"""What the sub-tests of IPv6 start from: the facts of one site in the window, sorted; and how to speak of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from checks.core.calendar import SHANGHAI
from checks.core.ipv6.facts import FamilyComparison, InnerLinkSurvey, NameServiceSurvey, OutsideSurvey
from checks.core.ipv6.limits import Limits
from checks.core.ipv6.looks import Look, looks_of
from checks.core.model import Site
from checks.core.observations import AddressSurvey, History, Outcome, PageVisit
from checks.core.outcome_names import OUTCOMES

ADVICE = "请在域名解析、负载均衡、防火墙与服务器上同步配置 IPv6"
OPENED = (Outcome.OK, Outcome.TOO_LARGE)


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """The facts of one site, oldest first, and the limits that rule on them."""

    site: Site
    limits: Limits
    now: datetime
    surveys: Sequence[AddressSurvey]
    names: Sequence[NameServiceSurvey]
    visits: Sequence[PageVisit]
    looks: Sequence[Look]
    comparisons: Sequence[FamilyComparison]
    inner: Sequence[InnerLinkSurvey]
    outside: Sequence[OutsideSurvey]

    @classmethod
    def of(cls, site: Site, seen: History, limits: Limits, now: datetime) -> Evidence:
        start = now - timedelta(hours=limits.recent_hours)
        hosts = hosts_of(site)
        recent = History(o for o in seen if o.at >= start)
        surveys = [s for s in recent.of(AddressSurvey) if s.host in hosts]
        visits = [v for v in recent.of(PageVisit) if v.url == site.url]
        return cls(
            site=site,
            limits=limits,
            now=now,
            surveys=surveys,
            names=[n for n in recent.of(NameServiceSurvey) if n.host in hosts],
            visits=visits,
            looks=looks_of(visits, surveys, site.url),
            comparisons=[c for c in recent.of(FamilyComparison) if c.url == site.url],
            inner=[i for i in recent.of(InnerLinkSurvey) if i.url == site.url],
            outside=recent.of(OutsideSurvey),
        )

    @property
    def survey(self) -> AddressSurvey | None:
        return self.surveys[-1] if self.surveys else None

    def confirmed(self, moments: Sequence[datetime]) -> bool:
        """Whether failures at these moments, oldest first, are enough and lie far enough apart to be believed."""
        apart = timedelta(hours=self.limits.apart_hours)
        return len(moments) >= self.limits.looks and moments[-1] - moments[0] >= apart

    def doubt(self, what: str, moments: Sequence[datetime]) -> str:
        """Why failures at these moments are not believed yet."""
        hours = (moments[-1] - moments[0]).total_seconds() / 3600
        return (
            f"{what} {len(moments)} 次，前后相隔 {hours:.0f} 小时"
            f"（须 {self.limits.looks} 次、相隔 {self.limits.apart_hours} 小时以上），待复查"
        )


def hosts_of(site: Site) -> tuple[str, ...]:
    """The host of a site as registered and as the DNS knows it (.政务, .中国)."""
    host = urlsplit(site.url).hostname or ""
    try:
        return host, host.encode("idna").decode()
    except UnicodeError:
        return (host,)


def clock(at: datetime) -> str:
    """A moment in Asia/Shanghai, as findings write it."""
    local = at.astimezone(SHANGHAI)
    return f"{local.year} 年 {local.month} 月 {local.day} 日 {local:%H:%M}"


def since(failures: Sequence[datetime], *, good_before: bool) -> str:
    """Since when it has been so: a good look before the first failure bounds it, otherwise it may be older."""
    return f"{'' if good_before else '至少'}自 {clock(failures[0])} 起"


def some(names: Sequence[str], most: int = 5) -> str:
    """The first few of a list, and how many there are."""
    told = "、".join(names[:most])
    return told if len(names) <= most else f"{told} 等 {len(names)} 个"


def named(outcome: Outcome) -> str:
    return OUTCOMES[outcome]
