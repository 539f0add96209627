"""移动客户端无法下载: 国办秘函〔2019〕19号 政务新媒体单项否决（内容更新）(domain.md §2.3 NM2). Whether the store lists
it, no more: the date of a version says nothing of the contents (accounts.md §4.9)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from checks import Account, AppListing, Finding, History, Platform, Untestable, bounded, check
from checks.core.calendar import local_day


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How many hours lie between the two looks that agree."""

    apart_hours: int = bounded(24, low=1, high=168)
    recent_hours: int = bounded(48, low=1, high=336)


def _no_app(account: Account, _limits: Limits) -> str:
    return "" if account.platform is Platform.APP else "不是移动客户端"


@check(
    "account.app_unlisted",
    title="移动客户端无法下载",
    on=Account,
    reads=AppListing,
    within=timedelta(days=8),
    limits=Limits(),
    exempt=_no_app,
)
def unlisted(account: Account, seen: History, limits: Limits, now: datetime) -> Iterator[Finding]:
    looks = seen.of(AppListing)
    told = [look for look in looks if look.listed is not None]
    if not told or now - told[-1].at > timedelta(hours=limits.recent_hours):
        why = f"（{looks[-1].error}）" if looks and looks[-1].error else ""
        raise Untestable(f"应用商店的上架情况未能查询{why}；请监测单位配置采集方式或人工核查")
    last = told[-1]
    if last.listed:
        return
    missing = list(told)
    while missing and any(look.listed for look in missing):
        missing.pop(0)  # only the unbroken run at the end counts
    first = missing[0]
    if last.at - first.at < timedelta(hours=limits.apart_hours):
        raise Untestable(f"应用商店（{last.store}）未查到，待 {limits.apart_hours} 小时后再次查询确认，由系统自动复查")
    yield Finding(
        text=f"{account.name}在应用商店（{last.store}）"
        f"查不到，{local_day(first.at)} 起连续 {len(missing)} 次（限 0 次）",
        advice="请核实是否下架：确已停用的按程序关停注销并备案，否则尽快恢复上架",
        evidence=(first.id, last.id),
        details={"looks": len(missing)},
    )
