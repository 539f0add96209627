"""What the notices ask besides the official indicators (提醒), dated or not, and how far it is done. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from checks.core.assess import Assessment, Status
from checks.core.indicators import CalendarItem, Indicator, Standard, Tier
from checks.core.model import Column
from checks.core.standard import Verdict

CALENDAR_CHECK = "column.calendar"


@dataclass(frozen=True, kw_only=True)
class AskedTask:
    """One task over all subjects that it concerns: how many did it, did not, and were not looked at or answered."""

    indicator: Indicator
    done: int
    unfinished: int
    unknown: int
    days_late: int

    @property
    def overdue(self) -> bool:
        """Its day has passed, and somebody is known not to have done it, or was not looked at."""
        return self.days_late > 0 and self.unfinished + self.unknown > 0


@dataclass(frozen=True, kw_only=True)
class CalendarState:
    """One item of the calendar over the columns that it binds; ``uncovered`` where no column is registered for it."""

    item: CalendarItem
    done: int
    unfinished: int
    unknown: int

    @property
    def uncovered(self) -> bool:
        return self.done + self.unfinished + self.unknown == 0


def calendar_states(
    standard: Standard, columns: Iterable[Column], assessments: Iterable[Assessment]
) -> list[CalendarState]:
    """How the items of an edition's calendar stand, by the latest rulings of 按期发布."""
    rulings = {a.subject: a for a in assessments if a.check == CALENDAR_CHECK}
    bound = list(columns)
    states = []
    for item in standard.calendar:
        mine = [c.ref for c in bound if any(word in c.name for word in item.columns)]
        failed = sum(any(f.key == item.id for f in rulings[r].problems) for r in mine if r in rulings)
        done = sum(rulings[r].settles(item.id) for r in mine if r in rulings)
        states.append(CalendarState(item=item, done=done, unfinished=failed, unknown=len(mine) - done - failed))
    return states


def asked_tasks(standard: Standard, verdicts: Iterable[Verdict], *, today: date) -> list[AskedTask]:
    """The tasks of an edition: the overdue first, the longest overdue before others, then by day, the undated last."""
    results = [r for v in verdicts for r in v.indicators if r.indicator.tier is Tier.REMIND and r.applicable]
    tasks = []
    for indicator in standard.indicators:
        if indicator.tier is not Tier.REMIND:
            continue
        mine = [r.status for r in results if r.indicator.id == indicator.id]
        tasks.append(
            AskedTask(
                indicator=indicator,
                done=mine.count(Status.PASSED),
                unfinished=mine.count(Status.FAILED),
                unknown=sum(s in (Status.UNTESTED, Status.ERROR) for s in mine),
                days_late=max((today - indicator.due).days, 0) if indicator.due else 0,
            )
        )
    return sorted(tasks, key=lambda t: (not t.overdue, t.indicator.due or date.max))
