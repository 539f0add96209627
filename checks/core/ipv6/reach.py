"""Whether the home page opens over IPv6: now and over the window, at each address and port, and how fast."""

from __future__ import annotations

from statistics import median

from checks.core.ipv6.evidence import ADVICE, Evidence, named, since, some
from checks.core.ipv6.looks import Look, is_ipv6, own_port
from checks.core.observations import AddressSurvey, Outcome, Reach
from checks.core.parts import Part, PartStatus
from checks.core.registry import Finding, Severity

BEHIND_REACH = frozenset(("content", "level2", "level3"))
_NAME = "首页可访问"


def reach(of: Evidence) -> Part:
    """The home page over IPv6. Points 10; 2 where a part of addresses or ports is dead; 0 where it does not open.

    It fails where the latest looks all failed over IPv6 while IPv4 opened: what is dead over both is not v6-dead.
    """

    def untested(reason: str) -> Part:
        return Part(key="reach", name=_NAME, status=PartStatus.UNTESTED, text=reason, binding=True)

    told = [look for look in of.looks if look.over_ipv6 is not None]
    if not told:
        return untested(_nothing_told(of))
    failures: list[Look] = []
    for look in reversed(told):
        if look.over_ipv6:
            break
        failures.insert(0, look)
    if not failures:
        return _opens(of)
    against = [look for look in failures if look.over_ipv4]
    if not against:
        return untested("站点经 IPv4 同样打不开或未能判断，不能归因于 IPv6")
    moments = [look.at for look in against]
    if not of.confirmed(moments):
        return untested(of.doubt("IPv6 访问失败", moments))
    good_before = len(failures) < len(told)
    text = (
        f"有 AAAA 记录（{_aaaa(of)}），但{since(moments, good_before=good_before)}经 IPv6 连续 {len(against)} 次打不开"
        f"（限少于 {of.limits.looks} 次），同时经 IPv4 可以打开：{against[-1].detail}"
    )
    finding = Finding(
        text=text,
        key="reach",
        url=of.site.url,
        advice=ADVICE,
        evidence=tuple(id_ for id_ in (of.survey.id if of.survey else 0, *_ids(against)) if id_),
        details={"part": "reach", "failures": len(against), "since": moments[0].isoformat()},
        covers=BEHIND_REACH,
    )
    return Part(
        key="reach", name=_NAME, status=PartStatus.FAILED, text=text, points=0, findings=(finding,), binding=True
    )


def success(of: Evidence) -> Part:
    """首页访问成功率: opened over IPv6 ÷ visits at which the site was not down altogether. Points by the rate."""
    key, name = "rate", "首页访问成功率"
    counted = [v for v in of.looks if v.visited and v.over_ipv6 is not None and not (_down(v))]
    if len(counted) < of.limits.visits:
        text = f"IPv6 有效访问 {len(counted)} 次，不足 {of.limits.visits} 次"
        return Part(key=key, name=name, status=PartStatus.UNTESTED, text=text)
    opened = sum(bool(v.over_ipv6) for v in counted)
    share = opened / len(counted)
    text = f"{of.limits.recent_hours} 小时内经 IPv6 访问 {len(counted)} 次，成功 {opened} 次，成功率 {share:.1%}"
    findings: tuple[Finding, ...] = ()
    if opened < of.limits.visits_share * len(counted) - 1e-9:
        failed = [v for v in counted if not v.over_ipv6]
        text += f"（限 {of.limits.visits_share:.0%}）"
        findings = (
            Finding(
                text=text,
                key=key,
                url=of.site.url,
                severity=Severity.WARNING,
                advice="请检查 IPv6 线路与负载均衡是否稳定",
                evidence=tuple(_ids(failed)),
                details={"part": key, "reached": opened, "tested": len(counted)},
            ),
        )
    return Part(
        key=key,
        name=name,
        status=PartStatus.PARTIAL if findings else PartStatus.PASSED,
        text=text,
        points=round(10 * share, 1),
        reached=opened,
        tested=len(counted),
        findings=findings,
    )


def latency(of: Evidence) -> Part:
    """IPv6 against IPv4 at the same moments, by the median. Told, never failed, and only where IPv6 is slow at all."""
    key, name = "latency", "首页响应时间"
    pairs = [look.seconds for look in of.looks if look.seconds is not None]
    if len(pairs) < of.limits.visits:
        text = f"IPv4、IPv6 同时打开 {len(pairs)} 次，不足 {of.limits.visits} 次"
        return Part(key=key, name=name, status=PartStatus.UNTESTED, text=text)
    v4, v6 = median(p[0] for p in pairs), median(p[1] for p in pairs)
    difference = median(p[1] - p[0] for p in pairs)
    text = f"{len(pairs)} 次的中位数：IPv6 {v6:.2f} 秒，IPv4 {v4:.2f} 秒，相差 {difference:+.2f} 秒"
    slow = v6 >= of.limits.slow_seconds and v6 >= of.limits.slower_times * v4 - 1e-9
    findings: tuple[Finding, ...] = ()
    if slow:
        text += f"（IPv6 达到 IPv4 的 {of.limits.slower_times:g} 倍）"
        findings = (
            Finding(
                text=text,
                key=key,
                url=of.site.url,
                severity=Severity.WARNING,
                advice="请检查 IPv6 线路的带宽与路由",
                evidence=tuple(_ids([look for look in of.looks if look.seconds is not None]))[-10:],
                details={"part": key, "ipv4": round(v4, 3), "ipv6": round(v6, 3)},
            ),
        )
    return Part(
        key=key,
        name=name,
        status=PartStatus.PARTIAL if slow else PartStatus.PASSED,
        text=text,
        points=5 if slow else 10,
        findings=findings,
    )


def _opens(of: Evidence) -> Part:
    """It opens; what may still be wrong is a part of the addresses, or a port that IPv4 has and IPv6 has not."""
    findings = tuple(f for f in (_partly_dead(of), _shut_ports(of)) if f is not None)
    text = "；".join(f.text for f in findings) or f"经 IPv6 可以打开{_times(of)}"
    return Part(
        key="reach",
        name=_NAME,
        status=PartStatus.PARTIAL if findings else PartStatus.PASSED,
        text=text,
        points=2 if findings else 10,
        findings=findings,
        binding=True,
    )


def _partly_dead(of: Evidence) -> Finding | None:
    survey = of.survey
    if survey is None:
        return None
    tried = [r for r in own_port(survey, of.site.url) if is_ipv6(r.address) and r.outcome.conclusive]
    dead = [r for r in tried if _is_dead(r, survey)]
    if not 0 < len(dead) < len(tried):
        return None
    return Finding(
        text=f"IPv6 部分可达：{len(tried)} 个 AAAA 地址中 {len(dead)} 个不通（限 0 个）："
        + "、".join(f"{r.address}（{_end(r)}）" for r in dead),
        key="partial",
        url=of.site.url,
        severity=Severity.WARNING,
        advice="请修复或撤下不通的 AAAA 地址",
        evidence=(survey.id,),
        details={"part": "reach", "tried": len(tried), "dead": len(dead)},
    )


def _shut_ports(of: Evidence) -> Finding | None:
    """Ports that open at an IPv4 address and at no IPv6 address (web.md §1.1, v6_conn_diff)."""
    survey = of.survey
    if survey is None:
        return None
    own = {r.port for r in own_port(survey, of.site.url)}  # that one the visits judge
    told = [r for r in survey.reach if r.outcome.conclusive and r.port not in own]
    shut = [
        port
        for port in sorted({r.port for r in told})
        if any(r.outcome is Outcome.OK for r in told if r.port == port and not is_ipv6(r.address))
        and (v6 := [r for r in told if r.port == port and is_ipv6(r.address)])
        and all(r.outcome is not Outcome.OK for r in v6)
    ]
    if not shut:
        return None
    ports = "、".join(map(str, shut))
    return Finding(
        text=f"IPv6 部分可达：端口 {ports} 经 IPv4 可以连接，经 IPv6 全部地址都不通（限 0 个）",
        key="ports",
        url=of.site.url,
        severity=Severity.WARNING,
        advice="请在 IPv6 上开放与 IPv4 相同的端口",
        evidence=(survey.id,),
        details={"part": "reach", "ports": ports},
    )


def _is_dead(r: Reach, survey: AddressSurvey) -> bool:
    """No connection, or none of the answers that the same port gives over IPv4."""
    if r.outcome is not Outcome.OK:
        return True
    over_ipv4 = any(o.http is Outcome.OK for o in survey.reach if o.port == r.port and not is_ipv6(o.address))
    return over_ipv4 and r.http is not None and r.http.conclusive and r.http is not Outcome.OK


def _end(r: Reach) -> str:
    return named(r.outcome if r.outcome is not Outcome.OK or r.http is None else r.http)


def _times(of: Evidence) -> str:
    """The connection times of each address, both families side by side."""
    survey = of.survey
    if survey is None:
        return ""
    reached = [r for r in own_port(survey, of.site.url) if r.outcome is Outcome.OK and r.seconds is not None]
    told = [f"{r.address} {(r.seconds or 0) * 1000:.0f} 毫秒" for r in reached]
    return f"，建立连接：{some(told, 8)}" if told else ""


def _nothing_told(of: Evidence) -> str:
    if any(v.family == 6 for v in of.visits):
        return "IPv6 访问均被防护设备拦截，请网站主办单位将监测地址加入白名单"
    return f"本监测点无 IPv6，{of.limits.recent_hours} 小时内没有 IPv6 访问记录"


def _down(look: Look) -> bool:
    return not look.over_ipv6 and look.over_ipv4 is not True


def _aaaa(of: Evidence) -> str:
    return "、".join(of.survey.aaaa) if of.survey else ""


def _ids(looks: list[Look]) -> list[int]:
    return [id_ for look in looks for id_ in look.evidence]
