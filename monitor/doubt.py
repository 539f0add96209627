"""When the visits of a round are not believed, because they speak of us and not of the sites (监测点异常). Pure."""

from __future__ import annotations

from collections.abc import Collection

from checks import Outcome, PageVisit

# So many targets, and so large a share of them dead at once, speaks against us and not against them.
MASS_FAILURE_TARGETS = 5
MASS_FAILURE_SHARE = 0.8

HELD_UP_SECONDS = 5.0
"""A process that could not run for so long has no say on who did not answer within fifteen seconds."""

_NO_CONNECTION = {Outcome.TIMEOUT, Outcome.DNS_ERROR, Outcome.CONNECT_ERROR, Outcome.TLS_ERROR}


def doubt(visits: Collection[PageVisit], family: int, *, held_up: float = 0.0) -> str:
    """Why a whole family of visits is not believed, or nothing. ``held_up`` is the longest standstill in seconds."""
    outcomes = [v.outcome for v in visits if v.family == family and v.outcome.conclusive]
    return _standstill(outcomes, held_up) or _mass_failure(outcomes, family)


def _standstill(outcomes: Collection[Outcome], held_up: float) -> str:
    if held_up < HELD_UP_SECONDS or not any(o in _NO_CONNECTION for o in outcomes):
        return ""
    return f"监测点异常：本机停顿了 {held_up:.0f} 秒（休眠或负载过高），本轮结果不予记录，请检查监测点的负载和电源设置"


def _mass_failure(outcomes: Collection[Outcome], family: int) -> str:
    """A host without an IPv6 address does not count as failed over IPv6: most of a district may have none."""
    if family == 6:
        outcomes = [o for o in outcomes if o is not Outcome.DNS_ERROR]
    failed = sum(o in _NO_CONNECTION for o in outcomes)
    if len(outcomes) < MASS_FAILURE_TARGETS or failed < MASS_FAILURE_SHARE * len(outcomes):
        return ""
    share = f"{len(outcomes)} 个网站中 {failed} 个经 IPv{family} 同时无法连接"
    return f"监测点异常：{share}，本轮结果不予记录，请检查监测点网络"
