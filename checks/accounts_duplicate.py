"""一平台多号与重复登记: 国办发〔2018〕123号 — one unit opens in principle one account on one platform (domain.md §4).
A 订阅号 beside a 服务号 asks for an explanation and is no fault (accounts.md §7.4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from checks import Account, Finding, History, NoLimits, Peer, Platform, RegistryPeers, Severity, Untestable, check


def _no_platform(account: Account, _limits: NoLimits) -> str:
    return "平台为“其他”，不是一个平台，不比对" if account.platform is Platform.OTHER else ""


@check(
    "account.duplicate",
    title="重复开设或登记",
    on=Account,
    reads=RegistryPeers,
    within=timedelta(days=8),
    exempt=_no_platform,
)
def duplicate(account: Account, seen: History, _limits: NoLimits, _now: datetime) -> Iterator[Finding]:
    latest = seen.latest(RegistryPeers)
    if latest is None:
        raise Untestable("尚未与台账其他账号比对，由系统下次采集时比对")
    if latest.same_id:
        yield Finding(
            text=f"账号ID {account.account_id} 同时登记在 {_sponsors(account, latest.same_id)} 名下（限 1 个单位）",
            key="id",
            advice="请核实账号归属，删去重复的登记",
            evidence=(latest.id,),
            details={"peers": len(latest.same_id)},
        )
    if latest.same_unit and not latest.main:
        yield _several(account, latest)
    if latest.same_name:
        yield Finding(
            text=f"“{account.name}”在同一平台上也登记在 {_sponsors(account, latest.same_name)} 名下，疑似重复登记",
            key="name",
            severity=Severity.WARNING,
            advice="请核实是否同一账号；确为两个账号的，建议改名以便识别",
            evidence=(latest.id,),
            details={"peers": len(latest.same_name)},
        )


def _several(account: Account, latest: RegistryPeers) -> Finding:
    """Told of every account but the main one, so that one surplus account is one finding."""
    count = len(latest.same_unit) + 1
    names = "、".join(f"{peer.name}（{peer.account}）" for peer in latest.same_unit[:5])
    text = f"{account.sponsor}在同一平台上登记了 {count} 个账号（限 1 个）：除{account.name}外还有 {names}"
    if not _explicable(account, latest.same_unit):
        severity, advice = Severity.PROBLEM, "建议整合到主账号，多余账号按程序关停注销并备案"
    else:
        severity, advice = Severity.WARNING, "订阅号与服务号并存的，请说明理由；台账未填公众号类型的，请补填"
    return Finding(
        text=text, key="unit", severity=severity, advice=advice, evidence=(latest.id,), details={"peers": count - 1}
    )


def _explicable(account: Account, peers: Sequence[Peer]) -> bool:
    """Whether each may be of a variety of its own: one 订阅号 and one 服务号, or of varieties that nobody filled in."""
    varieties = [account.variety, *(peer.variety for peer in peers)]
    known = [variety for variety in varieties if variety]
    wechat = account.platform is Platform.WECHAT
    return wechat and len(varieties) == 2 and len(set(known)) == len(known)


def _sponsors(account: Account, peers: Sequence[Peer]) -> str:
    return "、".join(dict.fromkeys((account.sponsor, *(peer.sponsor for peer in peers))))
