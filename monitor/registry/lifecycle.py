"""分级备案: what became of accounts, as the changes of an import tell it. Pure; the store keeps the events."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from checks.core.model import Account, AccountStatus
from monitor.registry.changes import RegistryChanges


class Step(StrEnum):
    """What can become of an account."""

    OPENED = "开设"
    CHANGED = "变更"
    RESUMED = "恢复运行"
    PAUSED = "公告停更"
    CLOSING = "开始关停"
    CLOSED = "关停"
    DEREGISTERED = "注销"
    MOVED = "迁移"
    REMOVED = "移出台账"


@dataclass(frozen=True, kw_only=True)
class AccountEvent:
    """One event of an account, by the id of its reference. ``day`` is when it took place, where the register says;
    ``at`` when it was told here, and by whom."""

    account: str
    step: Step
    day: date | None
    at: datetime
    who: str
    detail: str = ""


_OF_STATUS = {
    AccountStatus.ACTIVE: Step.RESUMED,
    AccountStatus.PAUSED: Step.PAUSED,
    AccountStatus.CLOSING: Step.CLOSING,
    AccountStatus.CLOSED: Step.CLOSED,
    AccountStatus.DEREGISTERED: Step.DEREGISTERED,
    AccountStatus.MOVED: Step.MOVED,
}
_TRACKED = {
    "name": "账号名称",
    "sponsor": "主办单位",
    "supervisor": "主管单位",
    "operator": "承办单位",
    "filed": "是否备案",
    "filing_no": "备案号",
    "verified": "是否认证",
}


def events_of(changes: RegistryChanges, *, at: datetime, who: str) -> list[AccountEvent]:
    """The events that an import brings, in the order of its records."""
    found: list[AccountEvent] = []
    for record in changes.added:
        if isinstance(record, Account):
            found += _of_added(record, at, who)
    for change in changes.changed:
        if isinstance(change.old, Account) and isinstance(change.new, Account):
            found += _of_change(change.old, change.new, at, who)
    for record in changes.removed:
        if isinstance(record, Account):
            found.append(AccountEvent(account=record.ref.id, step=Step.REMOVED, day=None, at=at, who=who))
    return found


def _of_added(account: Account, at: datetime, who: str) -> Iterator[AccountEvent]:
    uid = account.ref.id
    yield AccountEvent(account=uid, step=Step.OPENED, day=account.opened_on, at=at, who=who, detail="首次登记")
    if account.status is not AccountStatus.ACTIVE:
        yield AccountEvent(
            account=uid,
            step=_OF_STATUS[account.status],
            day=account.closed_on,
            at=at,
            who=who,
            detail="登记时已是此状态",
        )


def _of_change(old: Account, new: Account, at: datetime, who: str) -> Iterator[AccountEvent]:
    if new.status is not old.status:
        yield AccountEvent(
            account=new.ref.id,
            step=_OF_STATUS[new.status],
            day=new.closed_on if new.ended else None,
            at=at,
            who=who,
            detail=f"{old.status} → {new.status}",
        )
    differing = [
        f"{title} {_said(getattr(old, field))} → {_said(getattr(new, field))}"
        for field, title in _TRACKED.items()
        if getattr(old, field) != getattr(new, field)
    ]
    if differing:
        yield AccountEvent(account=new.ref.id, step=Step.CHANGED, day=None, at=at, who=who, detail="；".join(differing))


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value) if value not in (None, "") else "空"
