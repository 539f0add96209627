"""IPv6 支持度: county portals and above support IPv6 since the end of 2021 (川办发〔2021〕16号 (十八)); 国办秘函
〔2019〕19号 功能设计. AAAA record, and the home page over IPv6 (domain.md §5). A dead site may well have IPv6."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from checks import AddressSurvey, Finding, History, Outcome, PageVisit, Severity, Site, Untestable, bounded, check
from checks.core.outcome_names import DNS_ANSWERS, OUTCOMES

_OPENED = (Outcome.OK, Outcome.TOO_LARGE)
_NO_NAME = ("no_data", "nxdomain")
_ADVICE = "请在域名解析、负载均衡、防火墙与服务器上同步配置 IPv6"


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Limits of IPv6: how old facts may be, and how far apart the failed looks that are believed."""

    recent_hours: int = bounded(72, low=1, high=720)
    looks: int = bounded(2, low=2, high=100)
    apart_hours: int = bounded(6, low=1, high=72)


@dataclass(frozen=True)
class Look:
    """What one moment told: whether the site was open over each family; ``None`` where that was not learnt."""

    at: datetime
    over_ipv6: bool | None
    over_ipv4: bool | None
    detail: str
    evidence: tuple[int, ...]


@check(
    "site.ipv6",
    title="IPv6 支持度",
    on=Site,
    reads=(PageVisit, AddressSurvey),
    within=lambda limits: timedelta(hours=limits.recent_hours),
    limits=Limits(),
)
def ipv6(site: Site, seen: History, limits: Limits, now: datetime) -> Iterator[Finding]:
    surveys = [s for s in seen.of(AddressSurvey) if s.host in _hosts(site)]
    survey = surveys[-1] if surveys else None
    if survey is None or now - survey.at > timedelta(hours=limits.recent_hours):
        raise Untestable(f"{limits.recent_hours} 小时内没有域名解析记录")
    if not survey.aaaa:
        yield _no_record(site, survey)
        return
    looks = _looks(site, seen, surveys)
    told = [look for look in looks if look.over_ipv6 is not None]
    if not told:
        raise Untestable(_nothing_told(site, seen, limits))
    failures: list[Look] = []
    for look in reversed(told):
        if look.over_ipv6:
            break
        failures.insert(0, look)
    if not failures:
        yield from _partly_dead(site, survey)
        return
    against = [look for look in failures if look.over_ipv4]
    if not against:
        raise Untestable("站点经 IPv4 同样打不开或未能判断，不能归因于 IPv6")
    apart = against[-1].at - against[0].at
    if len(against) < limits.looks or apart < timedelta(hours=limits.apart_hours):
        raise Untestable(
            f"IPv6 访问失败 {len(against)} 次，前后相隔 {apart.total_seconds() / 3600:.0f} 小时"
            f"（须 {limits.looks} 次、相隔 {limits.apart_hours} 小时以上），待复查"
        )
    yield Finding(
        text=f"有 AAAA 记录（{'、'.join(survey.aaaa)}），但经 IPv6 连续 {len(against)} 次打不开"
        f"（限少于 {limits.looks} 次），同时经 IPv4 可以打开：{against[-1].detail}",
        key="reach",
        url=site.url,
        advice=_ADVICE,
        evidence=(survey.id, *(id_ for look in against for id_ in look.evidence)),
        details={"failures": len(against)},
    )


def _hosts(site: Site) -> tuple[str, ...]:
    """The host of a site as registered and as the DNS knows it (.政务, .中国)."""
    host = urlsplit(site.url).hostname or ""
    try:
        return host, host.encode("idna").decode()
    except UnicodeError:
        return (host,)


def _no_record(site: Site, survey: AddressSurvey) -> Finding:
    if survey.aaaa_answer == "offline":
        raise Untestable("本监测点无 IPv6，不就 AAAA 记录作判定")
    if survey.aaaa_answer not in (*_NO_NAME, "ok"):
        raise Untestable(f"AAAA 记录未能查询：{DNS_ANSWERS[survey.aaaa_answer]}")
    if survey.a_answer != "ok" or not survey.a:
        raise Untestable(f"域名没有可用的 A 记录（{DNS_ANSWERS[survey.a_answer]}），不能归因于 IPv6")
    return Finding(
        text=f"域名 {survey.host} 有 A 记录 {len(survey.a)} 条，AAAA 记录 0 条（限不少于 1 条），不支持 IPv6",
        key="aaaa",
        url=site.url,
        advice="请为域名添加 AAAA 记录，并" + _ADVICE.removeprefix("请"),
        evidence=(survey.id,),
        details={"answer": survey.aaaa_answer},
    )


def _looks(site: Site, seen: History, surveys: Sequence[AddressSurvey]) -> list[Look]:
    """Visits of one moment together, and the surveys in which no IPv6 address answered, oldest first."""
    rounds: dict[tuple[datetime, str], list[PageVisit]] = {}
    for visit in seen.of(PageVisit):
        if visit.url == site.url:
            rounds.setdefault((visit.at, visit.vantage), []).append(visit)
    looks = [_look(visits) for visits in rounds.values()]
    looks += [look for survey in surveys if (look := _unreached(survey)) is not None]
    return sorted(looks, key=lambda look: look.at)


def _look(visits: Sequence[PageVisit]) -> Look:
    v6 = [v for v in visits if v.family == 6]
    failed = [v for v in v6 if v.outcome not in _OPENED]
    return Look(
        at=visits[0].at,
        over_ipv6=_opened(v6),
        over_ipv4=_opened([v for v in visits if v.family == 4]),
        detail="；".join(v.detail or OUTCOMES[v.outcome] for v in failed),
        evidence=tuple(v.id for v in visits),
    )


def _opened(visits: Sequence[PageVisit]) -> bool | None:
    if any(v.outcome in _OPENED for v in visits):
        return True
    return False if visits and all(v.outcome.conclusive for v in visits) else None


def _unreached(survey: AddressSurvey) -> Look | None:
    """A survey tells against IPv6 where every AAAA address was tried in vain; that one answers proves no page."""
    v6 = [r for r in survey.reach if ":" in r.address and r.outcome.conclusive]
    v4 = [r for r in survey.reach if ":" not in r.address and r.outcome.conclusive]
    if not v6 or any(r.outcome is Outcome.OK for r in v6):
        return None
    return Look(
        at=survey.at,
        over_ipv6=False,
        over_ipv4=any(r.outcome is Outcome.OK for r in v4) if v4 else None,
        detail="、".join(f"{r.address} 端口 {r.port} 不通（{OUTCOMES[r.outcome]}）" for r in v6),
        evidence=(survey.id,),
    )


def _nothing_told(site: Site, seen: History, limits: Limits) -> str:
    if any(v.family == 6 and v.url == site.url for v in seen.of(PageVisit)):
        return "IPv6 访问均被防护设备拦截，请网站主办单位将监测地址加入白名单"
    return f"本监测点无 IPv6，{limits.recent_hours} 小时内没有 IPv6 访问记录"


def _partly_dead(site: Site, survey: AddressSurvey) -> Iterator[Finding]:
    tried = [r for r in survey.reach if ":" in r.address and r.outcome.conclusive]
    dead = [r for r in tried if r.outcome is not Outcome.OK]
    if 0 < len(dead) < len(tried):
        yield Finding(
            text=f"IPv6 部分可达：{len(tried)} 个 AAAA 地址中 {len(dead)} 个不通（限 0 个）："
            + "、".join(r.address for r in dead),
            key="partial",
            url=site.url,
            severity=Severity.WARNING,
            advice="请修复或撤下不通的 AAAA 地址",
            evidence=(survey.id,),
            details={"tried": len(tried), "dead": len(dead)},
        )
