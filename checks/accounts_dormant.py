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
    term = timedelta(days=limits.days)
    newest = _newest(readings, today)
    if newest is not None and (days := _days_since(newest, today)) <= limits.days:
        if days >= limits.warn_days:
            yield _finding(account, limits, [newest], days=days)
        return
    if _came_up(readings, since=today - term):
        return
    if account.opened_on is not None and account.opened_on > today - term:
        raise Untestable(f"账号开设于 {account.opened_on}，未满 {limits.days} 天，由系统到期后检测")
    whole = [r for r in readings if _lists_in_full(r, today)]
    last = next((r for r in reversed(whole) if _reaches_back(r, _as_of(r, now, limits) - term)), None)
    if last is None:
        raise Untestable(_unproved(readings, newest, limits))
    end = _as_of(last, now, limits)
    if now - last.at > timedelta(hours=limits.recent_hours):
        raise Untestable(
            f"最近一次有效采集在 {local_day(last.at)}，其后未采集成功；请监测单位检查采集源{_last_error(readings)}"
        )
    if newest is not None and _days_since(newest, end) <= limits.days:
        # Nobody has looked since: that a day has passed proves nothing.
        raise Untestable(f"{_told(newest, end)}（截至 {end}），其后尚未采集，由系统自动复查")
    others = [r for r in whole if r.at <= last.at and r is not last and _reaches_back(r, end - term)]
    second = next((r for r in reversed(others) if _confirms(r, last, hours=limits.apart_hours)), None)
    if second is None:
        raise Untestable(f"{_told(newest, end)}，待 {limits.apart_hours} 小时后再次采集或另一来源确认，由系统自动复查")
    proof = [second, last]
    if newest is not None and newest not in proof:
        proof.insert(0, newest)
    yield _finding(account, limits, proof, days=_days_since(newest, end) if newest else None, last=last, end=end)


def _newest(readings: Sequence[AccountReading], today: date) -> AccountReading | None:
    """The reading with the latest publication. One dated beyond tomorrow is a slip and is passed over.

    A publication that was seen took place, however sick its source has become since.
    """
    dated = [r for r in readings if r.latest_at and _plausible(r.latest_at, today)]
    return max(dated, key=_published, default=None)


def _plausible(published: datetime, today: date) -> bool:
    return local_day(published) <= today + timedelta(days=1)


def _published(reading: AccountReading) -> datetime:
    assert reading.latest_at is not None
    return reading.latest_at


def _days_since(reading: AccountReading, day: date) -> int:
    return max((day - local_day(_published(reading))).days, 0)


def _as_of(reading: AccountReading, now: datetime, limits: Limits) -> date:
    """The last day of which a reading can tell. WeChat's statistics end with the day before; a look of the last few
    hours tells of today, though midnight lies between."""
    fresh = now - reading.at <= timedelta(hours=limits.apart_hours)
    return reading.covered_to or local_day(now if fresh else reading.at)


def _came_up(readings: Sequence[AccountReading], *, since: date) -> bool:
    """首见: whether an undated item came up between two looks at one source, both in the days from ``since`` on."""
    known: dict[str, set[str]] = {}
    for r in readings:
        if not r.marks or local_day(r.at) < since:
            continue
        if r.adapter in known and not known[r.adapter].issuperset(r.marks):
            return True
        known.setdefault(r.adapter, set()).update(r.marks)
    return False


def _lists_in_full(reading: AccountReading, today: date) -> bool:
    """Whether a source would have shown a publication, so that none means none.

    A self-reported date proves that something was published, never that nothing was. An item without a date, or
    with one in the future, may be the very publication.
    """
    sound = reading.items_undated == 0 and (reading.latest_at is None or _plausible(reading.latest_at, today))
    claimed = reading.basis in (DateBasis.SELF_REPORTED, DateBasis.PROOF_PAGE)
    return reading.source_ok and sound and not reading.doubt and not claimed


def _reaches_back(reading: AccountReading, day: date) -> bool:
    return reading.covered_from is not None and reading.covered_from <= day


def _confirms(reading: AccountReading, last: AccountReading, *, hours: int) -> bool:
    """Whether it is a second look in its own right: by another source, or later and over a further day."""
    if reading.adapter != last.adapter:
        return True
    same_days = last.covered_to is not None and reading.covered_to == last.covered_to
    return last.at - reading.at >= timedelta(hours=hours) and not same_days


def _unproved(readings: Sequence[AccountReading], newest: AccountReading | None, limits: Limits) -> str:
    if not readings:
        return "尚无采集记录；请监测单位为该账号配置采集方式"
    healthy = [r for r in readings if r.source_ok]
    told = f"已知最新发布在 {local_day(_published(newest))}" if newest else ""
    if not healthy:
        reason = f"采集未成功{_last_error(readings)}；请监测单位检查采集方式"
        return f"{told}，其后{reason}" if told else reason
    doubts = [r.doubt for r in healthy if r.doubt]
    if newest is None:
        if doubts:
            return doubts[-1]
        undated = max(r.items_undated for r in healthy)
        return f"采集源未给出可用的发布时间（未标注日期 {undated} 条）；请监测单位更换采集方式"
    if newest.basis is DateBasis.SELF_REPORTED:
        return f"{told}（填报），填报不能证明停更；请主办单位更新填报，或由监测单位配置采集方式"
    if newest.basis is DateBasis.PROOF_PAGE and all(r.basis is DateBasis.PROOF_PAGE for r in healthy):
        return f"{told}（所报链接），所报链接不能证明停更；请主办单位填报最新链接"
    if doubts:
        return f"{told}，{doubts[-1]}"
    if any(r.items_undated for r in healthy):
        return f"{told}，但另有条目未标注日期，不能证明停更；请监测单位人工核查"
    return f"{told}，但采集源未能覆盖近 {limits.days} 天，不能证明停更；请监测单位更换采集方式"


def _last_error(readings: Sequence[AccountReading]) -> str:
    last = readings[-1]
    return f"（{last.adapter or '未配置'}：{last.error or '原因不明'}）" if not last.source_ok else ""


def _told(newest: AccountReading | None, day: date) -> str:
    return f"已 {_days_since(newest, day)} 天未见更新" if newest else "采集范围内未见更新"


def _finding(
    account: Account,
    limits: Limits,
    proof: Sequence[AccountReading],
    *,
    days: int | None,
    last: AccountReading | None = None,
    end: date | None = None,
) -> Finding:
    """A problem where ``last``, the look that proves the silence, is given; else a warning."""
    newest = max((r for r in proof if r.latest_at), key=_published, default=None)
    silent_for = days
    if silent_for is None and end is not None and last is not None and last.covered_from is not None:
        silent_for = (end - last.covered_from).days
    zombie = silent_for is not None and silent_for > limits.zombie_days
    if days is None:
        text = f"{account.name}自 {last.covered_from if last else ''} 以来没有发布（限 {limits.days} 天）"
    else:
        text = f"{account.name}已 {days} 天未更新（限 {limits.days} 天）"
    if zombie:
        text += f"（超过 {limits.zombie_days} 天，属僵尸账号）"
    if newest is not None:
        text += f"，最近发布于 {local_day(_published(newest))}"
    if last is not None and last.covered_to is not None:
        text += f"（截至 {last.covered_to}）"
    return Finding(
        text=text,
        url=newest.url if newest else "",
        severity=Severity.PROBLEM if last else Severity.WARNING,
        advice="请尽快更新；无力维护的，按程序关停注销并备案" if last else "临近更新期限，请及时发布",
        evidence=tuple(r.id for r in proof),
        details={
            "days": days,
            "zombie": zombie,
            "last": local_day(_published(newest)).isoformat() if newest else None,
            "basis": str(newest.basis) if newest and newest.basis else None,
        },
    )
