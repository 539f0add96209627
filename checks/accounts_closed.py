"""关停后仍在发布: an account filed as closed or deregistered that publishes (违规重新上线, accounts.md §3; 分级备案,
国办发〔2018〕123号). Only for accounts that are closed; the day of closing itself is no fault."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from checks import Account, AccountReading, DateBasis, Finding, History, Severity, Untestable, bounded, check
from checks.core.calendar import local_day


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How far back a publication counts, in days: closed accounts are looked at monthly."""

    days: int = bounded(62, low=1, high=366)


@check(
    "account.closed_publishing",
    title="关停后仍在发布",
    on=Account,
    reads=AccountReading,
    within=lambda limits: timedelta(days=limits.days),
    limits=Limits(),
    closed=True,
)
def closed_publishing(account: Account, seen: History, _limits: Limits, now: datetime) -> Iterator[Finding]:
    readings = seen.of(AccountReading)
    if account.closed_on is None:
        raise Untestable("台账未填关停时间，无法核对其后是否发布；请主办单位补填")
    tomorrow = local_day(now) + timedelta(days=1)
    later = [
        (local_day(r.latest_at), r)
        for r in readings
        if r.latest_at is not None
        and account.closed_on < local_day(r.latest_at) <= tomorrow
        and r.basis is not DateBasis.SELF_REPORTED
    ]
    if later:
        day, reading = max(later, key=lambda found: found[0])
        edited = reading.basis is DateBasis.UPDATED  # editing an old item moves this date as well
        yield Finding(
            text=f"{account.name}已于 {account.closed_on} {account.status}，{day} 仍有发布（限 0 条）"
            + ("，该日期可能是旧内容的修改时间，须核实" if edited else ""),
            url=reading.url,
            severity=Severity.WARNING if edited else Severity.PROBLEM,
            advice="请核实：确未关停的更正台账，擅自重新上线的按程序备案或注销",
            evidence=(reading.id,),
            details={"closed_on": account.closed_on.isoformat(), "last": day.isoformat()},
        )
    elif not any(r.source_ok for r in readings):
        last = f"（{readings[-1].error}）" if readings else ""
        raise Untestable(f"关停后的发布情况未能采集{last}；请监测单位人工核查")
