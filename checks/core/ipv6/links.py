"""Below the home page: 二级、三级内链支持率, and 天窗 — what readers over IPv6 alone do not get from other hosts."""

from __future__ import annotations

from checks.core.ipv6.evidence import Evidence, named, since, some
from checks.core.ipv6.facts import InnerLinkSurvey, LevelCount, OutsideSurvey
from checks.core.parts import Part, PartStatus
from checks.core.registry import Finding, Severity

_LEVEL_NAMES = {2: "二级链接支持率", 3: "三级链接支持率"}
_LISTED = 10


def level(of: Evidence, number: int) -> Part:
    """支持率 of one level against the threshold of the edition. Points by the rate; it fails by surveys that agree."""
    key, name, binding = f"level{number}", _LEVEL_NAMES[number], bool(of.limits.count_links)
    limit = of.limits.level2_share if number == 2 else of.limits.level3_share

    def end(status: PartStatus, text: str, count: LevelCount | None = None, findings: tuple[Finding, ...] = ()) -> Part:
        return Part(
            key=key,
            name=name,
            status=status,
            text=text,
            points=round(10 * count.reached / count.tested, 1) if count else None,
            reached=count.reached if count else None,
            tested=count.tested if count else None,
            findings=findings,
            binding=binding,
            keys=frozenset((key,)),
        )

    if not of.inner:
        return end(PartStatus.UNTESTED, f"{of.limits.recent_hours} 小时内没有测试过站内链接")
    newest = of.inner[-1]
    if newest.reason:
        return end(PartStatus.UNTESTED, newest.reason)
    surveys = [(s, c) for s in of.inner for c in s.levels if c.level == number and _told(s, c)]
    present = next((c for c in newest.levels if c.level == number), None)
    if present is None or not present.found:
        return end(PartStatus.NOT_APPLICABLE, "没有这一级的站内链接")
    if not surveys:
        return end(PartStatus.UNTESTED, _nothing(newest, present))
    survey, count = surveys[-1]
    text = _measured(count)
    if _meets(count, limit):
        return end(PartStatus.PASSED, text, count)
    run: list[InnerLinkSurvey] = []
    for earlier, its in reversed(surveys):
        if _meets(its, limit):
            break
        run.insert(0, earlier)
    moments = [s.at for s in run]
    if not of.confirmed(moments):
        return end(PartStatus.UNTESTED, of.doubt(f"{name}低于 {limit:.0%}", moments))
    failing = [f for f in survey.failing if f.level == number]
    listed = "；".join(f"{f.url}（{f.detail or named(f.over_ipv6)}）" for f in failing[:_LISTED])
    more = f" 等 {len(failing)} 条" if len(failing) > _LISTED else ""
    start = since(moments, good_before=len(run) < len(surveys))
    text = f"{start}，{text}（限不低于 {limit:.0%}），打不开的：{listed}{more}"
    finding = Finding(
        text=text,
        key=key,
        url=failing[0].page if failing else of.site.url,
        severity=Severity.PROBLEM if binding else Severity.WARNING,
        advice="请使所列页面经 IPv6 也能打开；跳转到其他域名的，为该域名配置 IPv6",
        evidence=tuple(s.id for s in run),
        details={"part": key, "reached": count.reached, "tested": count.tested},
    )
    return end(PartStatus.FAILED if binding else PartStatus.PARTIAL, text, count, (finding,))


def outside(of: Evidence) -> tuple[Part, Part]:
    """天窗 of resources and of links, apart. Told, unless the edition counts it. Points by the share that is well."""
    survey = of.outside[-1] if of.outside else None
    return _holes(of, survey, "resources"), _holes(of, survey, "outside")


_HOLES = {
    "resources": ("外部资源（天窗）", "图片、样式、脚本、框架", "请将所列资源迁到支持 IPv6 的主机，或改为本站提供"),
    "outside": ("外部链接（天窗）", "外部链接", "请联系所列网站支持 IPv6；写成 IPv4 地址的链接请改用域名"),
}


def _holes(of: Evidence, survey: OutsideSurvey | None, key: str) -> Part:
    name, things, advice = _HOLES[key]
    binding = bool(of.limits.count_outside)

    def end(status: PartStatus, text: str, points: float | None = None, findings: tuple[Finding, ...] = ()) -> Part:
        keys = frozenset((key,))
        return Part(
            key=key,
            name=name,
            status=status,
            text=text,
            points=points,
            reached=None if points is None else whole - len_of,
            tested=None if points is None else whole,
            findings=findings,
            binding=binding,
            keys=keys,
        )

    whole = len_of = 0
    if survey is None:
        return end(PartStatus.UNTESTED, f"{of.limits.recent_hours} 小时内没有查看过{things}")
    whole = survey.resources if key == "resources" else survey.links
    counts = {h: h.resources if key == "resources" else h.links for h in survey.without}
    hosts = [h for h in survey.without if counts[h]]
    len_of = sum(counts[h] for h in hosts)
    if not whole:
        return end(PartStatus.NOT_APPLICABLE, f"没有指向其他主机的{things}")
    text = f"{survey.pages} 个页面上指向其他主机的{things} {whole} 处，其中 {len_of} 处的主机没有 IPv6"
    points = round(10 * (whole - len_of) / whole, 1)
    if not hosts:
        return end(PartStatus.PASSED, text, points)
    named_hosts = [f"{h.host}{'（IPv4 地址）' if h.literal else ''} {counts[h]} 处" for h in hosts]
    text += f"：{some(named_hosts, _LISTED)}"
    finding = Finding(
        text=text,
        key=key,
        url=next((e for h in hosts for e in h.examples), of.site.url),
        severity=Severity.PROBLEM if binding else Severity.WARNING,
        advice=advice,
        evidence=(survey.id,),
        details={"part": key, "hosts": len(hosts), "addresses": len_of, "of": whole},
    )
    return end(PartStatus.FAILED if binding else PartStatus.PARTIAL, text, points, (finding,))


def _told(survey: InnerLinkSurvey, count: LevelCount) -> bool:
    """Whether it says anything: the home page must have stayed open, and at least half of the sample told something."""
    return survey.home_stayed and count.tested > 0 and 2 * (count.tested + count.dead) >= count.sampled


def _meets(count: LevelCount, limit: float) -> bool:
    return count.reached >= limit * count.tested - 1e-9


def _measured(count: LevelCount) -> str:
    text = f"经 IPv6 可达 {count.reached} 条 ÷ 测试 {count.tested} 条 = {count.reached / count.tested:.1%}"
    sampled = f"（共 {count.found} 条，抽测 {count.sampled} 条）" if count.sampled < count.found else ""
    others = [f"{n} 条{why}" for n, why in ((count.dead, "经 IPv4 同样打不开"), (count.unknown, "未能判断")) if n]
    return text + sampled + (f"，另有 {'、'.join(others)}，不计" if others else "")


def _nothing(survey: InnerLinkSurvey, count: LevelCount) -> str:
    if not survey.home_stayed:
        return "测试站内链接时首页经 IPv6 也打不开，本次不计"
    return f"{count.sampled} 条站内链接多数未能判断（被拦截 {count.unknown} 条），不计"
