"""Alarms: what the machine remembers of each concern, look by look. Pure; whom to tell is said by ``notices``.

rulings, overdue entries, own troubles ──▶ looks ──▶ look() ──▶ alarms
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from checks.core.assess import Assessment
from checks.core.calendar import local_day
from checks.core.entries import Entry, State, entry_id
from checks.core.model import Ref
from checks.core.registry import Severity

MOST_LOOKS = 20
"""How many looks an alarm remembers, and so the largest M of an N-of-M rule."""

FOUND, GONE = "x", "."


class About(StrEnum):
    """What kind of thing is told: a finding of either severity, an entry past its day, a trouble of our own."""

    PROBLEM = "problem"
    WARNING = "warning"
    OVERDUE = "overdue"
    TROUBLE = "trouble"


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """A trouble of our own that lasts: a vantage point that is offline, a disk nearly full, a job that did not run.

    ``key`` is the same as long as the trouble is: ``vantage.offline``, ``job.collect``. ``text`` says what is wrong and
    ``advice`` the remedy, in Chinese. While one that ``silences`` lasts, what was found of others is not told.
    """

    key: str
    text: str
    advice: str = ""
    silences: bool = False


@dataclass(frozen=True, kw_only=True)
class Concern:
    """Something that may have to be told. ``check`` is a check's id, or a trouble's key, which has no subject.

    ``silences`` is a trouble's: while it lasts, what was found of others is not told.
    """

    about: About
    check: str
    subject: Ref | None = None
    key: str = ""
    text: str
    url: str = ""
    advice: str = ""
    silences: bool = False

    @property
    def id(self) -> str:
        place = f"{self.about}|{self.check}|{self.subject or ''}|{self.key}"
        return hashlib.sha256(place.encode()).hexdigest()[:16]

    @property
    def entry(self) -> str:
        """The ledger entry of it; empty for a trouble."""
        return entry_id(self.check, self.subject, self.key) if self.subject else ""


@dataclass(frozen=True, kw_only=True)
class Look:
    """One look for a concern: found, or looked for and not found. What was not tested makes no look."""

    concern: Concern
    at: datetime
    found: bool


@dataclass(frozen=True, kw_only=True)
class Told:
    """What the audience of one rule knows of an alarm. ``episode`` counts how often it was raised."""

    firing: bool
    at: datetime
    episode: int = 1
    reminders: int = 0


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """The memory of one concern. ``looks`` holds ``x`` (found) and ``.`` (gone), newest last."""

    concern: Concern
    looks: str = ""
    looked_at: datetime
    since: datetime
    told: Mapping[str, Told] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return self.concern.id

    @property
    def found(self) -> bool:
        """Whether the latest look found it."""
        return self.looks.endswith(FOUND)

    @property
    def forgettable(self) -> bool:
        """Nobody was ever told, and no remembered look found it."""
        return not self.told and FOUND not in self.looks


def looks_of_ruling(assessment: Assessment, known: Iterable[Alarm]) -> Iterator[Look]:
    """What one ruling says of what it found, and of the ``known`` alarms of the same check and subject."""
    seen: set[str] = set()
    for finding in assessment.findings:
        concern = Concern(
            about=About.PROBLEM if finding.severity is Severity.PROBLEM else About.WARNING,
            check=assessment.check,
            subject=assessment.subject,
            key=finding.key,
            text=finding.text,
            url=finding.url,
            advice=finding.advice,
        )
        if concern.id not in seen:
            seen.add(concern.id)
            yield Look(concern=concern, at=assessment.at, found=True)
    for alarm in known:
        concern = alarm.concern
        if (concern.check, concern.subject) != (assessment.check, assessment.subject) or alarm.id in seen:
            continue
        if concern.about in (About.PROBLEM, About.WARNING) and assessment.settles(concern.key):
            yield Look(concern=concern, at=assessment.at, found=False)


def looks_now(
    entries: Iterable[Entry],
    troubles: Iterable[Trouble],
    known: Iterable[Alarm],
    *,
    now: datetime,
    not_asked: Callable[[Concern], bool] = lambda _concern: False,
) -> Iterator[Look]:
    """What is overdue and what ails us at this moment; known ones that no longer are so were looked for in vain.

    ``not_asked`` tells the troubles that nobody looked for this time: of these nothing is known.
    """
    concerns = [overdue(entry, now) for entry in entries if is_overdue(entry, now)]
    concerns += [
        Concern(about=About.TROUBLE, check=t.key, text=t.text, advice=t.advice, silences=t.silences) for t in troubles
    ]
    present = {concern.id: concern for concern in concerns}
    for concern in present.values():
        yield Look(concern=concern, at=now, found=True)
    for alarm in known:
        momentary = alarm.concern.about in (About.OVERDUE, About.TROUBLE)
        if momentary and alarm.id not in present and not not_asked(alarm.concern):
            yield Look(concern=alarm.concern, at=now, found=False)


def is_overdue(entry: Entry, now: datetime) -> bool:
    """Whether the day by which an entry was to be put right has passed, and nothing was handed in."""
    return entry.state is State.RECTIFYING and entry.due is not None and entry.due < local_day(now)


def overdue(entry: Entry, now: datetime) -> Concern:
    """An entry past its day."""
    days = (local_day(now) - entry.due).days if entry.due else 0
    return Concern(
        about=About.OVERDUE,
        check=entry.check,
        subject=entry.subject,
        key=entry.key,
        text=f"整改期限 {entry.due} 已过 {days} 天，尚未提交整改结果：{entry.text}",
        url=entry.url,
    )


def look(alarms: Mapping[str, Alarm], looks: Iterable[Look]) -> dict[str, Alarm]:
    """The alarms after these looks. A look that an alarm has counted already, by its time, is passed over."""
    after = dict(alarms)
    for each in sorted(looks, key=lambda one: one.at):
        known = after.get(each.concern.id)
        if known is None:
            if each.found:
                after[each.concern.id] = Alarm(concern=each.concern, looks=FOUND, looked_at=each.at, since=each.at)
            continue
        if each.at <= known.looked_at:
            continue
        begins = each.found and not known.found and not any(told.firing for told in known.told.values())
        after[known.id] = replace(
            known,
            concern=each.concern if each.found else known.concern,
            looks=(known.looks + (FOUND if each.found else GONE))[-MOST_LOOKS:],
            looked_at=each.at,
            since=each.at if begins else known.since,
        )
    return after
