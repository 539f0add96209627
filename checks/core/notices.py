"""Who must hear of what, and when again: alarms → tidings, by rules. Pure; it sends nothing.

alarms, rules, scene ──▶ tell() ──▶ tidings, and the alarms that remember who was told
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from fnmatch import fnmatchcase

from checks.core.alarms import FOUND, GONE, MOST_LOOKS, About, Alarm, Concern, Told, Trouble
from checks.core.entries import Entry, State
from checks.core.model import Ref

__all__ = ["MOST_LOOKS", "ROOTS", "About", "News", "Place", "Rule", "Scene", "Tiding", "Trouble", "tell"]

ROOTS = ("site.unreachable",)
"""Checks whose problem on a site explains what else is found on it, and keeps that from being told."""


class News(StrEnum):
    """What is new about it."""

    RAISED = "raised"
    REMINDED = "reminded"
    RECOVERED = "recovered"


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a subject belongs. ``units`` are its sponsor and supervisor and all units above them."""

    name: str
    sponsor: str = ""
    supervisor: str = ""
    units: frozenset[str] = frozenset()
    region: str = ""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Who is to hear of what. Empty ``checks``, ``units`` and ``regions`` mean all.

    ``checks`` are patterns; one that begins with ``!`` leaves out what it fits, whatever else fits.

    Raised when ``times`` of the last ``of`` looks found it, the latest among them; recovered when the last ``clear``
    looks did not. ``remind`` is the span between reminders of a problem that nobody has taken in hand.
    """

    name: str
    about: frozenset[About] = frozenset(About)
    checks: tuple[str, ...] = ()
    units: frozenset[str] = frozenset()
    regions: tuple[str, ...] = ()
    times: int = 1
    of: int = 1
    clear: int = 1
    remind: timedelta | None = None
    recovery: bool = True

    def covers(self, concern: Concern, place: Place | None) -> bool:
        """Whether this rule's audience is to hear of a concern. Our own troubles are no single unit's affair."""
        if concern.about not in self.about:
            return False
        if not _chosen(concern.check, self.checks):
            return False
        if place is None:
            return not self.units and not self.regions
        in_units = not self.units or bool(self.units & place.units)
        return in_units and (not self.regions or any(_within(place.region, region) for region in self.regions))


@dataclass(frozen=True, kw_only=True)
class Scene:
    """What is so at the moment of telling.

    ``places`` holds every watched subject that has alarms; ``checks`` the ids of all checks; ``entries`` the ledger's
    entries of the alarms, by id; ``resting`` the subjects whose alerts rest; ``silenced`` that a trouble of ours lasts
    in which nothing is told of others.
    """

    now: datetime
    places: Mapping[Ref, Place]
    checks: frozenset[str]
    entries: Mapping[str, Entry] = field(default_factory=dict)
    resting: frozenset[Ref] = frozenset()
    silenced: bool = False


@dataclass(frozen=True, kw_only=True)
class Tiding:
    """One thing to tell to the audience of one rule. ``identity`` is the same however often it is worked out."""

    identity: str
    alarm: str
    rule: str
    news: News
    about: About
    check: str
    subject: str
    place: Place
    text: str
    url: str
    advice: str
    since: datetime
    at: datetime
    episode: int = 1
    due: date | None = None


def tell(
    alarms: Mapping[str, Alarm], rules: Sequence[Rule], scene: Scene
) -> tuple[dict[str, Alarm], tuple[Tiding, ...]]:
    """What is to be told now, and the alarms after it was. Told again from its own result, there is nothing to tell.

    1. What is over without being put right (no longer watched, dismissed, closed by a person) ends without a word.
    2. What rests (a maintenance, a filed suspension, a trouble of ours that silences) waits.
    3. What a root explains waits, as far as the rule's audience hears of the root.
    4. Raised by N of M; recovered by so many clean looks, but not where a warning became the problem it warned of.
    5. A reminder when its time has come, unless somebody has the entry in hand: one problem, one ticket
       (domain.md §11 item 13).
    """
    after: dict[str, Alarm] = {}
    tidings: list[Tiding] = []
    standing = {(a.concern.check, a.concern.subject) for a in alarms.values() if _stands(a, About.PROBLEM, scene)}
    roots = {
        a.concern.subject: a for a in alarms.values() if a.concern.check in ROOTS and _stands(a, About.PROBLEM, scene)
    }
    for alarm in alarms.values():
        concern = alarm.concern
        place = scene.places.get(concern.subject) if concern.subject else None
        if _over(concern, scene):
            after[alarm.id] = replace(alarm, looks="", told={name: _quiet(told) for name, told in alarm.told.items()})
            continue
        told = dict(alarm.told)
        if not _rests(concern, scene):
            root = roots.get(_site(concern.subject))
            for rule in rules:
                if not rule.covers(concern, place) or _behind(alarm, root, rule, scene):
                    continue
                became_worse = concern.about is About.WARNING and (concern.check, concern.subject) in standing
                news, known = _news(alarm, told.get(rule.name), rule, scene, became_worse=became_worse)
                if known is not None:
                    told[rule.name] = known
                if news is not None and known is not None:
                    tidings.append(_tiding(alarm, rule, news, known, place or Place(name=""), scene))
        after[alarm.id] = replace(alarm, told=told)
    return {id_: alarm for id_, alarm in after.items() if not alarm.forgettable}, tuple(tidings)


def _news(
    alarm: Alarm, told: Told | None, rule: Rule, scene: Scene, *, became_worse: bool
) -> tuple[News | None, Told | None]:
    """What a rule's audience is to hear of an alarm, and what it knows after that."""
    now = scene.now
    if told is None or not told.firing:
        if alarm.found and alarm.looks[-rule.of :].count(FOUND) >= rule.times and not became_worse:
            return News.RAISED, Told(firing=True, at=now, episode=told.episode + 1 if told else 1)
        return None, told
    if alarm.looks[-rule.clear :] == GONE * rule.clear:
        heard = rule.recovery and not became_worse
        return News.RECOVERED if heard else None, replace(told, firing=False, at=now)
    if alarm.found and rule.remind is not None and told.at + rule.remind <= now and not _in_hand(alarm, scene):
        return News.REMINDED, replace(told, at=now, reminders=told.reminders + 1)
    return None, told


def _over(concern: Concern, scene: Scene) -> bool:
    if concern.subject is None:
        return False
    if concern.subject not in scene.places or concern.check not in scene.checks:
        return True
    entry = scene.entries.get(concern.entry)
    return concern.about is About.PROBLEM and entry is not None and not entry.open


def _stands(alarm: Alarm, about: About, scene: Scene) -> bool:
    return alarm.concern.about is about and alarm.found and not _over(alarm.concern, scene)


def _rests(concern: Concern, scene: Scene) -> bool:
    if concern.about is About.TROUBLE:
        return False
    return scene.silenced or concern.subject in scene.resting


def _behind(alarm: Alarm, root: Alarm | None, rule: Rule, scene: Scene) -> bool:
    if root is None or root.id == alarm.id or alarm.concern.about not in (About.PROBLEM, About.WARNING):
        return False
    assert root.concern.subject is not None
    told = alarm.told.get(rule.name)
    recovers = told is not None and told.firing and not alarm.found
    return not recovers and rule.covers(root.concern, scene.places.get(root.concern.subject))


def _in_hand(alarm: Alarm, scene: Scene) -> bool:
    entry = scene.entries.get(alarm.concern.entry)
    taken = entry is not None and entry.state in (State.RECTIFYING, State.TO_REVIEW)
    return alarm.concern.about is About.PROBLEM and taken


def _quiet(told: Told) -> Told:
    return replace(told, firing=False)


def _site(ref: Ref | None) -> Ref | None:
    return Ref("site", ref.id.partition("/")[0]) if ref is not None and ref.kind == "column" else ref


def _tiding(alarm: Alarm, rule: Rule, news: News, told: Told, place: Place, scene: Scene) -> Tiding:
    concern = alarm.concern
    entry = scene.entries.get(concern.entry)
    returned = entry.recurrences if entry is not None and concern.about is About.PROBLEM else 0
    identity = f"{alarm.id}|{rule.name}|{told.episode}|{news}|{told.reminders}"
    return Tiding(
        identity=hashlib.sha256(identity.encode()).hexdigest()[:24],
        alarm=alarm.id,
        rule=rule.name,
        news=news,
        about=concern.about,
        check=concern.check,
        subject=str(concern.subject or ""),
        place=place,
        text=concern.text,
        url=concern.url,
        advice=concern.advice,
        since=alarm.since,
        at=scene.now,
        episode=max(told.episode, returned + 1),
        due=entry.due if entry is not None else None,
    )


def _chosen(check: str, patterns: Sequence[str]) -> bool:
    wanted = [pattern for pattern in patterns if not pattern.startswith("!")]
    unwanted = [pattern[1:] for pattern in patterns if pattern.startswith("!")]
    if any(fnmatchcase(check, pattern) for pattern in unwanted):
        return False
    return not wanted or any(fnmatchcase(check, pattern) for pattern in wanted)


def _within(region: str, wanted: str) -> bool:
    """Whether a region is the wanted one, or by its 行政区划代码 lies within it (5133 00 holds 5133 22)."""
    if region == wanted:
        return True
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) == 6):
        return False
    while len(wanted) > 2 and wanted.endswith("00"):
        wanted = wanted[:-2]
    return region.startswith(wanted)
