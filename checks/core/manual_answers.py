"""What people answered on the indicators that no machine can judge: shared by the checks of sites and accounts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from checks.core.handed_in import Answer, ManualAnswer
from checks.core.limits import bounded
from checks.core.observations import History
from checks.core.registry import Answered, Finding, Untestable


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How long an answer stands, in days: a quarter."""

    days: int = bounded(92, low=1, high=366)


def window(limits: Limits) -> timedelta:
    return timedelta(days=limits.days)


def told(seen: History, *, url: str) -> Iterator[Finding | Answered]:
    """The latest answer on each indicator: a finding where it names a problem. ``url`` is for those without a page."""
    latest = {answer.indicator: answer for answer in seen.of(ManualAnswer)}
    if not latest:
        raise Untestable("尚未填报人工核查表")
    for _, answer in sorted(latest.items()):
        match answer.answer:
            case Answer.PROBLEM:
                yield _finding(answer, url)
            case Answer.MET:
                yield Answered(key=answer.indicator, count=max(answer.count, 1))
            case Answer.NOT_APPLICABLE:
                yield Answered(key=answer.indicator, applicable=False)
            case Answer.CLEAR | Answer.UNMET:
                yield Answered(key=answer.indicator)


def _finding(answer: ManualAnswer, url: str) -> Finding:
    count = max(answer.count, 1)
    who = answer.vantage.removeprefix("manual:")
    note = f"：{answer.note}" if answer.note else ""
    return Finding(
        text=f"人工核查“{answer.name}”有问题 {count} 处（限 0 处，核查人 {who}）{note}",
        key=answer.indicator,
        url=answer.url or url,
        advice="请按核查意见整改，由核查人复核",
        evidence=(answer.id,),
        details={"indicator": answer.indicator, "count": count},
    )
