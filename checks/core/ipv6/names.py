"""IPv6 in the name service: the AAAA record of the host, and the name servers of its zone."""

from __future__ import annotations

from collections.abc import Sequence

from checks.core.ipv6.evidence import ADVICE, Evidence, some
from checks.core.ipv6.facts import NameServer, NameServiceSurvey
from checks.core.ipv6.looks import is_ipv6
from checks.core.observations import AddressSurvey
from checks.core.outcome_names import DNS_ANSWERS
from checks.core.parts import Part, PartStatus
from checks.core.registry import Finding, Severity

_NO_NAME = ("no_data", "nxdomain")
_OURS = ("no_route", "not_asked")
_SILENT = ("timeout", "closed")
_SERVER_ANSWERS = {
    **DNS_ANSWERS,
    "ok": "正常应答",
    "timeout": "没有应答",
    "closed": "端口不通",
    "servfail": "应答 SERVFAIL",
    "refused": "应答 REFUSED",
    "nxdomain": "应答域名不存在",
}
BEHIND_AAAA = frozenset(("reach", "content", "level2", "level3"))


def aaaa(of: Evidence) -> Part:
    """AAAA of the host. Points 10, or 0 without (web.md §1.1)."""
    key, name = "aaaa", "AAAA 解析"
    survey = of.survey

    def untested(reason: str) -> Part:
        return Part(key=key, name=name, status=PartStatus.UNTESTED, text=reason, binding=True)

    if survey is None:
        return untested(f"{of.limits.recent_hours} 小时内没有域名解析记录")
    if survey.aaaa:
        text = f"{survey.host} 有 AAAA 记录 {len(survey.aaaa)} 条：{some(survey.aaaa)}{_dropped(survey)}"
        return Part(key=key, name=name, status=PartStatus.PASSED, text=text, points=10)
    if survey.aaaa_answer == "offline":
        return untested("本监测点无 IPv6，不就 AAAA 记录作判定")
    if survey.aaaa_answer not in (*_NO_NAME, "ok"):
        return untested(f"AAAA 记录未能查询：{DNS_ANSWERS[survey.aaaa_answer]}")
    if survey.a_answer != "ok" or not survey.a:
        return untested(f"域名没有可用的 A 记录（{DNS_ANSWERS[survey.a_answer]}），不能归因于 IPv6")
    alias = f"（经 CNAME 指向 {' → '.join(survey.cnames)}，其处没有 AAAA 记录）" if survey.cnames else ""
    text = (
        f"域名 {survey.host} 有 A 记录 {len(survey.a)} 条，AAAA 记录 0 条（限不少于 1 条），不支持 IPv6"
        f"{alias}{_dropped(survey)}"
    )
    finding = Finding(
        text=text,
        key="aaaa",
        url=of.site.url,
        advice="请为域名添加 AAAA 记录，并" + ADVICE.removeprefix("请"),
        evidence=(survey.id,),
        details={"part": key, "answer": survey.aaaa_answer},
        covers=BEHIND_AAAA,
    )
    return Part(key=key, name=name, status=PartStatus.FAILED, text=text, points=0, findings=(finding,), binding=True)


def name_servers(of: Evidence) -> tuple[Part, Part]:
    """AAAA of the name servers (10 points, 5 with one of them, 0), and whether they answer over IPv6 (10, 2, 0)."""
    survey = of.names[-1] if of.names else None
    if survey is None:
        reason = "没有域名服务器的记录"
    elif survey.ns_answer != "ok":
        reason = f"域名服务器未能查询：{DNS_ANSWERS.get(survey.ns_answer, survey.ns_answer)}"
    else:
        return _have_addresses(of, survey), _answer(of, survey)
    return _untested("ns_aaaa", reason, of), _untested("ns_reach", reason, of)


_NAMES = {"ns_aaaa": "域名服务器 IPv6 地址", "ns_reach": "域名服务器 IPv6 应答"}
_NS_ADVICE = "请要求域名服务商为域名服务器配置 IPv6 地址，并经 IPv6 提供解析"


def _binding(of: Evidence) -> bool:
    return bool(of.limits.count_name_servers)


def _untested(key: str, reason: str, of: Evidence) -> Part:
    return Part(
        key=key,
        name=_NAMES[key],
        status=PartStatus.UNTESTED,
        text=reason,
        binding=_binding(of),
        keys=frozenset((key,)),
    )


def _have_addresses(of: Evidence, survey: NameServiceSurvey) -> Part:
    having = [s for s in survey.servers if s.aaaa]
    unknown = [s for s in survey.servers if not s.aaaa and s.aaaa_answer not in (*_NO_NAME, "ok")]
    told = f"{survey.zone} 的 {len(survey.servers)} 个域名服务器中 {len(having)} 个有 IPv6 地址"
    if len(having) >= 2 or (having and len(having) == len(survey.servers)):
        return _part("ns_aaaa", PartStatus.PASSED, told, of, points=10, counts=(len(having), len(survey.servers)))
    if unknown:
        return _untested("ns_aaaa", f"{told}，{some([s.name for s in unknown])} 未能查询", of)
    lacking = some([s.name for s in survey.servers if not s.aaaa])
    return _part(
        "ns_aaaa",
        PartStatus.PARTIAL if having else PartStatus.FAILED,
        f"{told}（限不少于 2 个）：{lacking} 没有",
        of,
        points=5 if having else 0,
        counts=(len(having), len(survey.servers)),
        evidence=survey.id,
    )


def _answer(of: Evidence, survey: NameServiceSurvey) -> Part:
    asked = [(s, a) for s in survey.servers for a in s.answers if is_ipv6(a.address) and a.answer not in _OURS]
    if not asked:
        if any(s.aaaa for s in survey.servers):
            return _untested("ns_reach", "域名服务器的 IPv6 地址未能访问（监测点网络或访问范围所限）", of)
        return Part(
            key="ns_reach", name=_NAMES["ns_reach"], status=PartStatus.NOT_APPLICABLE, text="没有可询问的 IPv6 地址"
        )
    silent = [(s, a) for s, a in asked if a.answer in _SILENT]
    dead = [s for s, _ in silent if not _over_ipv4(s)]
    bad = [(s, a) for s, a in silent if s not in dead]
    odd = [(s, a) for s, a in asked if a.answer not in (*_SILENT, "ok", "no_data")]
    counts = (len(asked) - len(silent), len(asked))
    told = f"向域名服务器的 {len(asked)} 个 IPv6 地址查询，{counts[0]} 个有应答"
    named = [f"{s.name}（{a.address}）{_SERVER_ANSWERS.get(a.answer, a.answer)}" for s, a in (*silent, *odd)]
    if named:
        told += f"：{some(named)}"
    if not bad:
        if silent:
            return _untested("ns_reach", f"{told}；经 IPv4 同样没有应答，不能归因于 IPv6", of)
        status = PartStatus.PARTIAL if odd else PartStatus.PASSED
        return _part("ns_reach", status, told, of, points=10, counts=counts, evidence=survey.id if odd else None)
    return _part(
        "ns_reach",
        PartStatus.PARTIAL if counts[0] else PartStatus.FAILED,
        f"{told}（限全部应答）",
        of,
        points=2 if counts[0] else 0,
        counts=counts,
        evidence=survey.id,
    )


def _over_ipv4(server: NameServer) -> bool:
    """Whether the server answers over IPv4; else it is dead, and not for its IPv6. One without IPv4 is believed."""
    answers = [a for a in server.answers if not is_ipv6(a.address)]
    return not answers or any(a.answer not in (*_SILENT, *_OURS) for a in answers)


def _part(
    key: str,
    status: PartStatus,
    text: str,
    of: Evidence,
    *,
    points: float,
    counts: tuple[int, int],
    evidence: int | None = None,
) -> Part:
    findings: Sequence[Finding] = ()
    if evidence is not None:
        counted = _binding(of) and points < 10
        findings = (
            Finding(
                text=text,
                key=key,
                url=of.site.url,
                severity=Severity.PROBLEM if counted else Severity.WARNING,
                advice=_NS_ADVICE,
                evidence=(evidence,),
                details={"part": key, "reached": counts[0], "tested": counts[1]},
            ),
        )
    return Part(
        key=key,
        name=_NAMES[key],
        status=status,
        text=text,
        points=points,
        reached=counts[0],
        tested=counts[1],
        findings=tuple(findings),
        binding=_binding(of),
        keys=frozenset((key,)),
    )


def _dropped(survey: AddressSurvey) -> str:
    """Records that are no IPv6: IPv4 in disguise, or no address at all (web.md behaviour 5)."""
    return f"；另有无效的 AAAA 记录 {some(survey.dropped)}，不计" if survey.dropped else ""
