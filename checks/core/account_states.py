"""状态 of an account as accounts.md §3 has them, read from the ruling on its updates. It rules on nothing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from checks.core.assess import Assessment, Status
from checks.core.model import Account
from checks.core.registry import Severity

CHECK = "account.dormant"


class AccountState(StrEnum):
    """Closed. ``UNKNOWN`` is never summed into 不合格."""

    ALIVE = "活跃"
    DUE = "临期"
    SILENT = "停更"
    ZOMBIE = "僵尸"
    UNKNOWN = "未检测"
    CLOSED = "已关停"


class Turn(StrEnum):
    """Who has to do something next."""

    NOBODY = ""
    OWNER = "主办单位"
    WATCHER = "监测单位"
    MACHINE = "系统"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How an account stands: its state, why, and whose turn it is."""

    state: AccountState
    reason: str = ""
    turn: Turn = Turn.NOBODY


def standing(account: Account, ruling: Assessment | None) -> Standing:
    """The state of an account by its latest ruling of ``account.dormant``."""
    if account.ended:
        return Standing(state=AccountState.CLOSED, reason=str(account.status))
    if ruling is None:
        return Standing(state=AccountState.UNKNOWN, reason="尚未判定", turn=Turn.MACHINE)
    told = "；".join(finding.text for finding in ruling.findings)
    if ruling.status is Status.FAILED:
        zombie = any(finding.details.get("zombie") for finding in ruling.findings)
        state = AccountState.ZOMBIE if zombie else AccountState.SILENT
        return Standing(state=state, reason=told, turn=Turn.OWNER)
    if ruling.status is Status.PASSED:
        if any(finding.severity is Severity.WARNING for finding in ruling.findings):
            return Standing(state=AccountState.DUE, reason=told, turn=Turn.OWNER)
        return Standing(state=AccountState.ALIVE)
    return Standing(state=AccountState.UNKNOWN, reason=ruling.reason, turn=_turn(ruling.reason))


def _turn(reason: str) -> Turn:
    """Whose turn the reason says it is: 请主办单位… before 请监测单位…, and the machine's where nobody is asked."""
    asked = {turn: reason.find(f"请{turn}") for turn in (Turn.OWNER, Turn.WATCHER) if f"请{turn}" in reason}
    return min(asked, key=lambda turn: asked[turn]) if asked else Turn.MACHINE
