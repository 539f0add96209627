"""政策文件与解读相互链接: a document's page leads to its interpretation and back (雅安转发川办发〔2021〕16号,
积县政办发〔2021〕45号; domain.md §3.5, §8). A link that a script may put there was not seen, and is not missed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from checks import Answered, Finding, History, PolicyPair, PolicyPairs, Site, Untestable, bounded, check
from checks.core.outcome_names import OUTCOMES


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Limits of 相互链接: how old the last look may be."""

    recent_days: int = bounded(16, low=1, high=92)


@check(
    "site.policy_links",
    title="政策文件与解读相互链接",
    on=Site,
    reads=PolicyPairs,
    within=lambda limits: timedelta(days=limits.recent_days),
    limits=Limits(),
    keyed=True,
)
def policy_links(_site: Site, seen: History, _limits: Limits, _now: datetime) -> Iterator[Finding | Answered]:
    look = seen.latest(PolicyPairs)
    if look is None:
        raise Untestable("尚未采集政策文件和解读页面")
    doubts: list[str] = []
    for pair in look.pairs:
        lacking = [
            f"{page}页未链接到{other}页"
            for page, other, links, hint in (
                ("文件", "解读", pair.file_links, pair.file_hint),
                ("解读", "文件", pair.interpretation_links, pair.interpretation_hint),
            )
            if links is False and not hint
        ]
        if lacking:
            yield _finding(pair, lacking, look.id)
        elif pair.file_links and pair.interpretation_links:
            yield Answered(key=pair.key)
        else:
            doubts.append(f"{pair.key}：{_why(pair)}")
    if doubts:
        raise Untestable("；".join(doubts))


def _why(pair: PolicyPair) -> str:
    for page, links, outcome in (
        ("文件", pair.file_links, pair.file_outcome),
        ("解读", pair.interpretation_links, pair.interpretation_outcome),
    ):
        if links is None:
            return f"{page}页未能完整读取（{OUTCOMES[outcome]}）"
    return "页面有相关链接栏，内容可能由脚本加载，须人工核查"


def _finding(pair: PolicyPair, lacking: list[str], evidence: int) -> Finding:
    return Finding(
        text=f"政策文件“{pair.key}”与解读未相互链接（每页限不少于 1 处）：{'、'.join(lacking)}",
        key=pair.key,
        url=pair.file_url,
        advice="请在文件页和解读页相互设置链接",
        evidence=(evidence,),
        details={"interpretation_url": pair.interpretation_url},
    )
