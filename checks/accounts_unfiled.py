"""未备案而在发布: an account that the registry knows as not filed, and that publishes (国办发〔2018〕123号: opening,
change and closing are filed by level). Where the registry does not say, the check says nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from checks import Account, AccountReading, Finding, History, Untestable, bounded, check
from checks.core.calendar import local_day


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How recent a publication must be, in days, to say that the account publishes."""

    days: int = bounded(31, low=1, high=366)


def _filed(account: Account, _limits: Limits) -> str:
    if account.filed:
        return "已备案"
    return "台账没有备案情况，不检查" if account.filed is None else ""


@check(
    "account.unfiled",
    title="未备案而在发布",
    on=Account,
    reads=AccountReading,
    within=lambda limits: timedelta(days=limits.days + 1),
    limits=Limits(),
    exempt=_filed,
)
def unfiled(account: Account, seen: History, limits: Limits, now: datetime) -> Iterator[Finding]:
    today = local_day(now)
    published = [
        (local_day(r.latest_at), r)
        for r in seen.of(AccountReading)
        if r.latest_at and -1 <= (today - local_day(r.latest_at)).days <= limits.days
    ]
    if not published:
        raise Untestable(f"账号未备案，近 {limits.days} 天未采集到发布，是否在用须由主办单位说明；请主办单位说明")
    day, reading = max(published, key=lambda found: found[0])
    yield Finding(
        text=f"{account.name}未在全国政务新媒体信息报送系统备案，{day} 有发布（限 0 个未备案账号）",
        url=reading.url,
        advice="请按程序补办备案；不再使用的关停注销",
        evidence=(reading.id,),
        details={"last": day.isoformat()},
    )
