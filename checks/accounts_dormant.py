"""政务新媒体不更新: 国办秘函〔2019〕19号 政务新媒体单项否决（内容更新）. No publication in the two weeks
before the check (domain.md §2.3 NM2). Silence is proved only by sources that list in full (accounts.md §3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from checks import Account, AccountReading, DateBasis, Finding, History, Severity, Untestable, bounded, check
from checks.core.calendar import local_day


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Limits of 政务新媒体不更新. Days are calendar days, so that a day counts to its end."""

    days: int = bounded(14, low=1, high=366)
    warn_days: int = bounded(10, low=1, high=366)
    zombie_days: int = bounded(90, low=1, high=3660)
    recent_hours: int = bounded(36, low=1, high=336)
    apart_hours: int = bounded(6, low=1, high=168)


@check(
    "account.dormant",
    title="政务新媒体不更新",
    on=Account,
    reads=AccountReading,
    within=lambda limits: timedelta(days=limits.days + 1),
    limits=Limits(),
)
def dormant(account: Account, seen: History, limits: Limits, now: datetime) -> Iterator[Finding]:
    readings = seen.of(AccountReading)
    today = local_day(now)
    healthy = [r for r in readings if r.source_ok]
    newest = _newest(healthy, today)
    if newest is not None and (days := _days_since(newest, today)) <= limits.days:
        if days >= limits.warn_days:
            yield _finding(account, limits, [newest], days=days, severity=Severity.WARNING)
        return
    first_day = today - timedelta(days=limits.days)
    if account.opened_on is not None and account.opened_on > first_day:
        raise Untestable(f"账号开设于 {account.opened_on}，未满 {limits.days} 天")
    silent = [r for r in healthy if _proves_silence(r, first_day, today)]
    if not silent:
        raise Untestable(_unproved(account, readings, healthy, newest, limits))
    last = silent[-1]
    if now - last.at > timedelta(hours=limits.recent_hours):
        raise Untestable(
            f"最近一次有效采集在 {local_day(last.at)}，其后未采集成功；请监测单位检查采集源{_last_error(readings)}"
        )
    others = [
        r for r in silent[:-1] if r.adapter != last.adapter or last.at - r.at >= timedelta(hours=limits.apart_hours)
    ]
    if not others:
        raise Untestable(
            f"{_told(newest, today)}，待 {limits.apart_hours} 小时后再次采集或另一来源确认，由系统自动复查"
        )
    proof = [*others[-1:], last]
    if newest is not None and newest not in proof:
        proof.insert(0, newest)
    silence = _days_since(newest, today) if newest else None
    yield _finding(account, limits, proof, days=silence, severity=Severity.PROBLEM, since=last.covered_from)


def _newest(healthy: Sequence[AccountReading], today: date) -> AccountReading | None:
    """The reading with the latest publication. One dated beyond tomorrow is a slip and is passed over."""
    dated = [r for r in healthy if r.latest_at and _plausible(r.latest_at, today)]
    return max(dated, key=_published, default=None)


def _plausible(published: datetime, today: date) -> bool:
    return local_day(published) <= today + timedelta(days=1)


def _published(reading: AccountReading) -> datetime:
    assert reading.latest_at is not None
    return reading.latest_at


def _days_since(reading: AccountReading, today: date) -> int:
    return max((today - local_day(_published(reading))).days, 0)


def _proves_silence(reading: AccountReading, first_day: date, today: date) -> bool:
    """Whether it lists in full from the first of the days, and could have shown a publication.

    A self-reported date proves that something was published, never that nothing was. An item without a date, or
    with one in the future, may be the very publication.
    """
    covers = reading.covered_from is not None and reading.covered_from <= first_day
    sound = reading.items_undated == 0 and (reading.latest_at is None or _plausible(reading.latest_at, today))
    return covers and sound and reading.basis is not DateBasis.SELF_REPORTED


def _unproved(
    account: Account,
    readings: Sequence[AccountReading],
    healthy: Sequence[AccountReading],
    newest: AccountReading | None,
    limits: Limits,
) -> str:
    if not readings:
        return "尚无采集记录；请监测单位为该账号配置采集方式"
    if not healthy:
        return f"采集未成功{_last_error(readings)}；请监测单位检查采集方式"
    if newest is None:
        undated = max(r.items_undated for r in healthy)
        return f"采集源未给出可用的发布时间（未标注日期 {undated} 条）；请监测单位更换采集方式"
    told = f"已知最新发布在 {local_day(_published(newest))}"
    if newest.basis is DateBasis.SELF_REPORTED:
        return f"{told}（填报），填报不能证明停更；请主办单位更新填报，或由监测单位配置采集方式"
    if any(r.items_undated for r in healthy):
        return f"{told}，但另有条目未标注日期，不能证明停更；请监测单位人工核查"
    return f"{told}，但采集源未能覆盖近 {limits.days} 天，不能证明停更；请监测单位更换采集方式"


def _last_error(readings: Sequence[AccountReading]) -> str:
    last = readings[-1]
    return f"（{last.adapter}：{last.error or '原因不明'}）" if not last.source_ok else ""


def _told(newest: AccountReading | None, today: date) -> str:
    return f"已 {_days_since(newest, today)} 天未见更新" if newest else "采集范围内未见更新"


def _finding(
    account: Account,
    limits: Limits,
    proof: Sequence[AccountReading],
    *,
    days: int | None,
    severity: Severity,
    since: date | None = None,
) -> Finding:
    newest = max((r for r in proof if r.latest_at), key=_published, default=None)
    zombie = days is not None and days > limits.zombie_days
    if days is None:
        text = f"{account.name}自 {since} 以来没有发布（限 {limits.days} 天）"
    else:
        name = f"（超过 {limits.zombie_days} 天，属僵尸账号）" if zombie else ""
        text = f"{account.name}已 {days} 天未更新（限 {limits.days} 天）{name}"
    if newest is not None:
        text += f"，最近发布于 {local_day(_published(newest))}"
    late = severity is Severity.PROBLEM
    return Finding(
        text=text,
        url=newest.url if newest else "",
        severity=severity,
        advice="请尽快更新；无力维护的，按程序关停注销并备案" if late else "临近更新期限，请及时发布",
        evidence=tuple(r.id for r in proof),
        details={"days": days, "zombie": zombie},
    )
