"""What each moment told of the home page over both families: visits side by side, and surveys in which all is dead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from checks.core.observations import AddressSurvey, Outcome, PageVisit, Reach
from checks.core.outcome_names import OUTCOMES

_OPENED = (Outcome.OK, Outcome.TOO_LARGE)


@dataclass(frozen=True)
class Look:
    """What one moment told: whether the site was open over each family; ``None`` where that was not learnt.

    ``seconds`` are those over IPv4 and over IPv6 where both opened; ``visited`` tells a visit from a survey.
    """

    at: datetime
    over_ipv6: bool | None
    over_ipv4: bool | None
    detail: str
    evidence: tuple[int, ...]
    visited: bool
    seconds: tuple[float, float] | None = None


def looks_of(visits: Sequence[PageVisit], surveys: Sequence[AddressSurvey], url: str) -> list[Look]:
    """Visits of one moment together, and the surveys in which no IPv6 address answered, oldest first."""
    rounds: dict[tuple[datetime, str], list[PageVisit]] = {}
    for visit in visits:
        rounds.setdefault((visit.at, visit.vantage), []).append(visit)
    looks = [_look(group) for group in rounds.values()]
    looks += [look for survey in surveys if (look := _unreached(survey, url)) is not None]
    return sorted(looks, key=lambda look: look.at)


def own_port(survey: AddressSurvey, url: str) -> list[Reach]:
    """The knocks at the port of the site's own address."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return [r for r in survey.reach if r.port == port]


def is_ipv6(address: str) -> bool:
    return ":" in address


def _look(visits: Sequence[PageVisit]) -> Look:
    v4, v6 = ([v for v in visits if v.family == family] for family in (4, 6))
    failed = [v for v in v6 if v.outcome not in _OPENED]
    times = [next((v.seconds for v in side if v.outcome in _OPENED), None) for side in (v4, v6)]
    return Look(
        at=visits[0].at,
        over_ipv6=_opened(v6),
        over_ipv4=_opened(v4),
        detail="；".join(_how(v) for v in failed),
        evidence=tuple(v.id for v in visits),
        visited=True,
        seconds=(times[0], times[1]) if times[0] is not None and times[1] is not None else None,
    )


def _opened(visits: Sequence[PageVisit]) -> bool | None:
    if any(v.outcome in _OPENED for v in visits):
        return True
    return False if visits and all(v.outcome.conclusive for v in visits) else None


def _how(visit: PageVisit) -> str:
    """How a visit failed. A hop that has no IPv6 is named: who follows the redirect over IPv6 alone ends there."""
    told = visit.detail or OUTCOMES[visit.outcome]
    if not visit.final_url or visit.final_url == visit.url:
        return told
    host = urlsplit(visit.final_url).hostname or ""
    return f"第 {len(visit.hops) + 1} 次跳转到 {host}（{visit.final_url}），该处经 IPv6 打不开：{told}"


def _unreached(survey: AddressSurvey, url: str) -> Look | None:
    """A survey tells against IPv6 where every AAAA address was tried in vain; that one answers proves no page."""
    told = [r for r in own_port(survey, url) if r.outcome.conclusive]
    v6 = [r for r in told if is_ipv6(r.address)]
    v4 = [r for r in told if not is_ipv6(r.address)]
    if not v6 or any(r.outcome is Outcome.OK for r in v6):
        return None
    return Look(
        at=survey.at,
        over_ipv6=False,
        over_ipv4=any(r.outcome is Outcome.OK for r in v4) if v4 else None,
        detail="、".join(f"{r.address} 端口 {r.port} 不通（{OUTCOMES[r.outcome]}）" for r in v6),
        evidence=(survey.id,),
        visited=False,
    )
