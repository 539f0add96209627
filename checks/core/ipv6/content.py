"""首页一致性: the same site over both families. Two fetches over IPv4 show what changes by itself; only what differs
more than that over IPv6 counts (web.md §1.3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from checks.core.ipv6.evidence import OPENED, Evidence, named, since
from checks.core.ipv6.facts import FamilyComparison, PagePrint
from checks.core.ipv6.limits import Limits
from checks.core.ipv6.sketch import similarity
from checks.core.observations import Outcome
from checks.core.parts import Part, PartStatus
from checks.core.registry import Finding, Severity

LITTLE_TEXT = 40
"""Shingles below which a page says too little to be compared by its text."""
FEW_LINKS = 10


class Verdict(StrEnum):
    """What a comparison says. ``NO_IPV4``: there is nothing over IPv4 to compare with."""

    SAME = "same"
    DIFFERENT = "different"
    UNKNOWN = "unknown"
    NO_IPV4 = "no_ipv4"


@dataclass(frozen=True)
class Difference:
    """One thing that differs. ``decisive``: by itself it makes another page of it."""

    what: str
    text: str
    decisive: bool


@dataclass(frozen=True)
class Compared:
    """The end of one comparison, and all that differs."""

    verdict: Verdict
    differences: tuple[Difference, ...] = ()
    reason: str = ""


def compare(of: FamilyComparison, limits: Limits) -> Compared:
    """Judge one comparison. Nonces, counters, clocks and banners are the same; another text is another page."""
    v4, v6 = (of.first, of.again), of.over_ipv6
    if v6.outcome is Outcome.BLOCKED and all(p.outcome in OPENED for p in v4):
        status = Difference(
            "状态",
            f"返回状态：IPv4 {_status(of.first)}，IPv6 {_status(v6)}（可能是防护设备按来源地址限制，请核对）",
            False,
        )
        return Compared(Verdict.UNKNOWN, (status,), "IPv6 访问被防护设备拦截，未能比对")
    if all(p.outcome is Outcome.DNS_ERROR for p in v4) and v6.outcome in OPENED:
        return Compared(Verdict.NO_IPV4, reason="站点没有 IPv4，无从比对")
    for page in (*v4, v6):
        if page.outcome not in OPENED:
            return Compared(
                Verdict.UNKNOWN, reason=f"首页经 IPv{page.family} 未能打开（{named(page.outcome)}），未比对"
            )
    differences = tuple(_differences(of, limits))
    if any(d.decisive for d in differences):
        return Compared(Verdict.DIFFERENT, differences)
    if max(p.text_size for p in (*v4, v6)) < LITTLE_TEXT and not _plain(v6.title):
        return Compared(Verdict.UNKNOWN, differences, "首页可见文字过少，无法比对")
    return Compared(Verdict.SAME, differences)


def content(of: Evidence) -> Part:
    """Points 10, 0 where the page is another one. It fails by comparisons that agree, as looks do."""
    name, binding = "首页内容一致性", bool(of.limits.count_content)

    def end(status: PartStatus, text: str, *, points: float | None = None, findings: tuple[Finding, ...] = ()) -> Part:
        return Part(
            key="content",
            name=name,
            status=status,
            text=text,
            points=points,
            findings=findings,
            binding=binding,
            keys=frozenset(("content",)),
        )

    compared = [(c, compare(c, of.limits)) for c in of.comparisons]
    if not compared:
        return end(PartStatus.UNTESTED, f"{of.limits.recent_hours} 小时内没有比对过首页")
    told = [(c, r) for c, r in compared if r.verdict in (Verdict.SAME, Verdict.DIFFERENT)]
    last, result = compared[-1]
    if result.verdict is Verdict.NO_IPV4:
        return end(PartStatus.NOT_APPLICABLE, result.reason)
    if not told:
        return end(PartStatus.UNTESTED, result.reason, findings=_hints(of, last, result))
    last, result = told[-1]
    if result.verdict is Verdict.SAME:
        alike = similarity(_text(last.first), _text(last.over_ipv6))
        text = "；".join(("IPv4、IPv6 首页内容一致", *(d.text for d in result.differences)))
        return end(PartStatus.PASSED, f"{text}（正文相似度 {alike:.0%}）", points=10, findings=_hints(of, last, result))
    run: list[tuple[FamilyComparison, Compared]] = []
    for pair in reversed(told):
        if pair[1].verdict is Verdict.SAME:
            break
        run.insert(0, pair)
    moments = [c.at for c, _ in run]
    if not of.confirmed(moments):
        return end(PartStatus.UNTESTED, of.doubt("首页经 IPv4、IPv6 内容不同", moments))
    listed = "；".join(d.text for d in result.differences)
    text = f"{since(moments, good_before=len(run) < len(told))}，首页经 IPv6 打开的不是同一内容：{listed}"
    finding = Finding(
        text=text,
        key="content",
        url=of.site.url,
        severity=Severity.PROBLEM if binding else Severity.WARNING,
        advice="请使 IPv6 与 IPv4 指向同一网站、同步更新，不得以静态页面或旧备份代替",
        evidence=tuple(c.id for c, _ in run),
        details={"part": "content", "differs": "、".join(d.what for d in result.differences)},
    )
    return end(PartStatus.FAILED, text, points=0, findings=(finding,))


def _hints(of: Evidence, last: FamilyComparison, result: Compared) -> tuple[Finding, ...]:
    if not result.differences:
        return ()
    return (
        Finding(
            text="首页经 IPv4、IPv6 打开略有不同：" + "；".join(d.text for d in result.differences),
            key="differs",
            url=of.site.url,
            severity=Severity.WARNING,
            advice="请核对两种地址上的配置是否一致",
            evidence=(last.id,),
            details={"part": "content"},
        ),
    )


def _differences(of: FamilyComparison, limits: Limits) -> Iterator[Difference]:
    a, b, six = of.first, of.again, of.over_ipv6
    if a.status_code == b.status_code != six.status_code:
        yield Difference("状态", f"返回状态：IPv4 {_status(a)}，IPv6 {_status(six)}", False)
    if _place(six) not in (_place(a), _place(b)):
        yield Difference("最终地址", f"最终地址：IPv4 {a.final_url}，IPv6 {six.final_url}", False)
    little = max(p.text_size for p in (a, b, six)) < LITTLE_TEXT
    if _plain(a.title) == _plain(b.title) != _plain(six.title):
        text = f"标题：IPv4“{a.title[:40]}”，IPv6“{six.title[:40]}”"
        yield Difference("标题", text, little and bool(_plain(a.title)) and bool(_plain(six.title)))
    if not little and _differ([_text(p) for p in (a, b, six)], limits.text_alike, limits):
        alike, own = _pairs([_text(p) for p in (a, b, six)])
        text = f"正文相似度 {alike:.0%}（限 {limits.text_alike:.0%}，两次 IPv4 之间为 {own:.0%}）"
        yield Difference("正文", text + _examples(of), True)
    links = [(p.links, p.links_size) for p in (a, b, six)]
    if max(size for _, size in links) >= FEW_LINKS and _differ(links, limits.links_alike, limits):
        alike, own = _pairs(links)
        text = f"链接相同的占 {alike:.0%}（限 {limits.links_alike:.0%}，两次 IPv4 之间为 {own:.0%}）"
        yield Difference("链接", text, True)
    if a.dates and b.dates and six.dates:
        newest = min(a.dates[0], b.dates[0])
        lag = (newest - six.dates[0]).days
        if lag >= limits.lag_days:
            text = f"最新日期：IPv4 {newest}，IPv6 {six.dates[0]}，相差 {lag} 天（限 {limits.lag_days} 天以内）"
            yield Difference("最新日期", text, True)


_Sketch = tuple[str, int]


def _pairs(three: Sequence[_Sketch]) -> tuple[float, float]:
    """How alike IPv6 is to the nearer of the two over IPv4, and these to each other."""
    a, b, six = three
    return max(similarity(a, six), similarity(b, six)), similarity(a, b)


def _differ(three: Sequence[_Sketch], limit: float, limits: Limits) -> bool:
    alike, own = _pairs(three)
    return alike < limit and alike < own - limits.noise_margin


def _text(page: PagePrint) -> _Sketch:
    return page.text, page.text_size


def _examples(of: FamilyComparison) -> str:
    told = [
        f"只在 IPv{family} 上有“{lines[0][:30]}”" for family, lines in ((4, of.only_ipv4), (6, of.only_ipv6)) if lines
    ]
    return f"，{'，'.join(told)}" if told else ""


def _status(page: PagePrint) -> str:
    return str(page.status_code) if page.status_code is not None else named(page.outcome)


def _place(page: PagePrint) -> tuple[str, str]:
    parts = urlsplit(page.final_url)
    return parts.netloc.lower().removeprefix("www."), parts.path.rstrip("/")


def _plain(title: str) -> str:
    return "".join(sign for sign in title.lower() if sign.isalpha())
