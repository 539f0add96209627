"""Maintenance windows and filed suspensions: when alerts of a subject rest, and when it is not to be ruled on. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from checks.core.calendar import SHANGHAI
from checks.core.hours import WeeklyHours
from checks.core.model import Ref
from checks.core.observations import Observation


@dataclass(frozen=True, kw_only=True)
class Suspension:
    """A time in which the alerts of a subject rest; facts go on. A site's holds for its columns too.

    ``filed`` names the filing (备案文号 or the like). Only a filed one keeps rulings away as well: a maintenance that
    nobody filed is no excuse before the indicators (domain.md §3.6, §11 item 9). ``ended`` is set where a person ended
    it before ``until``. ``weekly`` makes it recur: it then holds in those hours of each week only.
    """

    subject: Ref
    since: datetime
    until: datetime
    who: str
    why: str
    filed: str = ""
    weekly: WeeklyHours | None = None
    ended: datetime | None = None
    ended_by: str = ""
    id: int = 0

    @property
    def end(self) -> datetime:
        """The moment from which it no longer holds."""
        return self.until if self.ended is None else min(self.until, self.ended)

    def holds(self, ref: Ref, at: datetime) -> bool:
        """Whether it holds for a subject at a moment."""
        return self.concerns(ref) and self.covers(at)

    def covers(self, at: datetime) -> bool:
        """Whether a moment lies in its time; the first moment is in, the last is out."""
        return self.since <= at < self.end and (self.weekly is None or self.weekly.hold(at))

    def concerns(self, ref: Ref) -> bool:
        """Whether it is of this subject, or of the site of this column."""
        return ref == self.subject or (ref.kind == "column" and Ref("site", ref.id.partition("/")[0]) == self.subject)

    @property
    def reason(self) -> str:
        """Why a subject under a filed suspension is 未检测."""
        weekly = f"，{self.weekly}" if self.weekly else ""
        return f"已备案暂停检测（{self.filed}，{_day(self.since)} 至 {_day(self.until)}{weekly}，{self.why}）"


def filed_reason(suspensions: Iterable[Suspension], ref: Ref, at: datetime) -> str:
    """Why a subject is not to be ruled on at a moment, by what was filed; empty where nothing was."""
    return next((s.reason for s in suspensions if s.filed and s.holds(ref, at)), "")


def outside_filed(
    suspensions: Iterable[Suspension], ref: Ref, observations: Iterable[Observation]
) -> list[Observation]:
    """The facts that may be held for or against a subject: none that a machine saw under a filed suspension of it.

    Else the outage that was filed would fill the week's window of 站点无法访问 on the day after it ended.
    """
    filed = [s for s in suspensions if s.filed and s.concerns(ref)]
    return [o for o in observations if o.vantage.startswith("manual:") or not any(s.covers(o.at) for s in filed)]


def _day(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
