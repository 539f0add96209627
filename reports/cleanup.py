"""清理整合建议: accounts that may be merged or closed, each with the points that speak for it (国办发〔2018〕123号;
accounts.md §7.4). Proposals and no more: no number is official, and people decide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from checks import Account, AccountReading, AccountStatus, Platform
from checks.core.account_states import AccountState, Standing
from checks.core.calendar import local_day
from reports.figures import grouped
from reports.sheets import Cell, Head, Table, to_xlsx
from reports.wording import said

FEW_POSTS = 3
"""Fewer in 90 days count as few."""
COVERED_SHARE = 60
"""Per cent of an account's titles that a sister account also carries."""
PERCENTILE = 10
LEAST_PEERS = 10
"""Of one platform and level, from which the percentile of followers is told."""

_RUNNING = (AccountStatus.ACTIVE, AccountStatus.CLOSING, AccountStatus.PAUSED)


@dataclass(frozen=True, kw_only=True)
class Watched:
    """An account, how it stands, and its latest reading. ``evidence`` are ids of observations."""

    account: Account
    standing: Standing
    reading: AccountReading | None = None
    evidence: tuple[int, ...] = ()

    @property
    def last(self) -> date | None:
        """The day of its latest known publication."""
        at = self.reading.latest_at if self.reading else None
        return local_day(at) if at else None


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What is proposed of an account, and the points for it, in words with their numbers."""

    watched: Watched
    proposal: str
    points: tuple[str, ...]

    @property
    def score(self) -> int:
        return len(self.points)


def proposals(watched: Sequence[Watched], *, today: date) -> list[Proposal]:
    """The proposals, those with most points first. What could not be tested is no point against an account."""
    running = [each for each in watched if each.account.status in _RUNNING]
    units = grouped(running, lambda each: (each.account.platform, each.account.sponsor))
    floors = _floors(running)
    found = []
    for each in running:
        sisters = [other for other in units[each.account.platform, each.account.sponsor] if other is not each]
        points = [*_use(each, floors), *_beside(each, sisters)]
        if points:
            found.append(Proposal(watched=each, proposal=_proposal(each, sisters, points), points=tuple(points)))
    return sorted(found, key=lambda p: (-p.score, p.watched.account.ref.id))


def proposals_workbook(found: Sequence[Proposal], *, now: datetime) -> bytes:
    """The proposals as XLSX."""
    note = (
        "以下均为建议，不是检查结论，没有全国统一的数值标准，由主管单位研究决定。得分为理由的条数；"
        "未检测到的不作为理由。整合、关停须按程序公告、注销并在全国系统备案，完成注销前仍须按期更新。"
    )
    table = Table("清理整合建议", _HEADS, tuple(_row(p) for p in found), note=note)
    return to_xlsx([table], now=now, title="政务新媒体清理整合建议")


_HEADS = (
    Head("建议", 16), Head("得分", 6), Head("平台", 12), Head("账号名称", 20), Head("账号ID", 20), Head("主办单位", 24),
    Head("行政区划", 12), Head("状态", 10), Head("最近发布", 12), Head("粉丝数", 10), Head("理由", 70),
    Head("证据", 14),
)  # fmt: skip


def _row(proposal: Proposal) -> tuple[Cell, ...]:
    each = proposal.watched
    account = each.account
    return (
        proposal.proposal, proposal.score, said(account.platform), account.name, account.account_id, account.sponsor,
        account.region, str(each.standing.state), each.last, account.followers, "；".join(proposal.points),
        " ".join(map(str, each.evidence)),
    )  # fmt: skip


def _use(each: Watched, floors: dict[tuple[Platform, object], int]) -> Iterable[str]:
    account, reading = each.account, each.reading
    if each.standing.state in (AccountState.SILENT, AccountState.ZOMBIE):
        yield f"{each.standing.state}：{each.standing.reason}"
    whole = reading is not None and reading.source_ok and reading.covered_from is not None and not reading.doubt
    if reading is not None and whole and reading.posts_90 is not None and reading.items_undated == 0:
        reaches = (local_day(reading.at) - (reading.covered_from or local_day(reading.at))).days >= 90
        if reaches and reading.posts_90 < FEW_POSTS:
            yield f"近 90 天发布 {reading.posts_90} 条（少于 {FEW_POSTS} 条）"
    floor = floors.get((account.platform, account.level))
    if floor is not None and account.followers is not None and account.followers < floor:
        yield f"粉丝数 {account.followers}，低于同平台同层级账号的第 {PERCENTILE} 百分位（{floor}）"


def _beside(each: Watched, sisters: Sequence[Watched]) -> Iterable[str]:
    account = each.account
    for sister in sisters:
        other = sister.account
        older = (account.opened_on or date.max) < (other.opened_on or date.max)
        if older and each.standing.state in (AccountState.SILENT, AccountState.ZOMBIE):
            later = f"{other.name}（{other.opened_on}）"
            yield f"疑似遗失账号：本账号{each.standing.state}，同一单位其后又在同一平台开设了{later}"
        varieties = {account.variety, other.variety}
        if "" in varieties or len(varieties) == 1 or account.platform is not Platform.WECHAT:
            yield f"一平台多号：同一单位在同一平台另有{other.name}（{other.ref.id}）"
        else:
            yield f"订阅号与服务号并存，需说明：另有{other.name}（{other.variety}）"
        shared = _covered(each, sister)
        if shared is not None and shared > COVERED_SHARE:
            yield f"近期标题有 {shared}% 与{other.name}相同（超过 {COVERED_SHARE}%）"


def _covered(each: Watched, sister: Watched) -> int | None:
    """How many per cent of its recent titles a sister carries too; ``None`` where too few are known."""
    mine = set(each.reading.title_marks) if each.reading else set()
    hers = set(sister.reading.title_marks) if sister.reading else set()
    return 100 * len(mine & hers) // len(mine) if len(mine) >= 5 and hers else None


def _proposal(each: Watched, sisters: Sequence[Watched], points: Sequence[str]) -> str:
    if points[0].startswith("订阅号与服务号") and len(points) == 1:
        return "说明理由"
    dead = each.standing.state in (AccountState.SILENT, AccountState.ZOMBIE)
    if sisters:
        return "整合后关停" if dead else "整合"
    return "关停或恢复更新" if dead else "提升或整合"


def _floors(running: Sequence[Watched]) -> dict[tuple[Platform, object], int]:
    """The 10th percentile of followers by platform and level, where there are enough to tell."""
    floors: dict[tuple[Platform, object], int] = {}
    for key, group in grouped(running, lambda each: (each.account.platform, each.account.level)).items():
        counts = sorted(each.account.followers for each in group if each.account.followers is not None)
        if len(counts) >= LEAST_PEERS:
            floors[key] = counts[len(counts) * PERCENTILE // 100]
    return floors
