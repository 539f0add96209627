"""IPv6 支持度: county portals and above support IPv6 since the end of 2021 (川办发〔2021〕16号 (十八)); 国办秘函
〔2019〕19号 功能设计. Eleven parts with a status and points each (domain.md §5). A dead site may well have IPv6."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from checks import AddressSurvey, Finding, History, PageVisit, Site, Untestable, check
from checks.core.ipv6.content import content
from checks.core.ipv6.evidence import Evidence
from checks.core.ipv6.facts import FamilyComparison, InnerLinkSurvey, NameServiceSurvey, OutsideSurvey
from checks.core.ipv6.limits import Limits
from checks.core.ipv6.links import level, outside
from checks.core.ipv6.names import aaaa, name_servers
from checks.core.ipv6.reach import BEHIND_REACH, latency, reach, success
from checks.core.parts import Part, PartStatus


def parts(site: Site, seen: History, limits: Limits, now: datetime) -> Sequence[Part]:
    """The sub-tests in the order in which a reader over IPv6 meets them. What lies behind a failed one is untested."""
    of = Evidence.of(site, seen, limits, now)
    has_record = aaaa(of)
    names = name_servers(of)
    behind: tuple[Part, ...] = (
        reach(of),
        success(of),
        latency(of),
        content(of),
        level(of, 2),
        level(of, 3),
        *outside(of),
    )
    if has_record.status is not PartStatus.PASSED:
        offline = of.survey is None or of.survey.aaaa_answer == "offline"
        names = tuple(_silenced(part, has_record) for part in names) if offline else names  # type: ignore[assignment]
        behind = tuple(_silenced(part, has_record) for part in behind)
    elif (first := behind[0]).status in (PartStatus.FAILED, PartStatus.UNTESTED):
        behind = tuple(_silenced(part, first) if part.key in BEHIND_REACH else part for part in behind)
    return (*names, has_record, *behind)


@check(
    "site.ipv6",
    title="IPv6 支持度",
    on=Site,
    reads=(PageVisit, AddressSurvey, NameServiceSurvey, FamilyComparison, InnerLinkSurvey, OutsideSurvey),
    within=lambda limits: timedelta(hours=limits.recent_hours),
    limits=Limits(),
    parts=parts,
)
def ipv6(site: Site, seen: History, limits: Limits, now: datetime) -> Iterator[Finding]:
    told = parts(site, seen, limits, now)
    for part in told:
        yield from part.findings
    doubtful = [part for part in told if part.binding and part.status is PartStatus.UNTESTED]
    if doubtful:
        reason = "；".join(dict.fromkeys(part.text for part in doubtful))
        everything = any(not part.keys for part in doubtful)
        raise Untestable(reason, keys=() if everything else frozenset(key for part in doubtful for key in part.keys))


def _silenced(part: Part, first: Part) -> Part:
    """A part that has nothing to stand on: IPv6 itself is missing, or nobody knows."""
    unknown = first.status is PartStatus.UNTESTED
    return replace(
        part,
        status=PartStatus.UNTESTED if unknown else PartStatus.NOT_APPLICABLE,
        text=first.text if unknown else f"{first.name}未通过，未再测试",
        points=None,
        reached=None,
        tested=None,
        findings=(),
    )
