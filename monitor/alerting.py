"""The alert round: who must hear of what is worked out and queued, and what is due is sent.

ALERT    store.outbox.plan (look | tell | address, one transaction) ──▶ claim | compose | channel.send | settle
killed   before the claim: nothing was sent; between sending and settling: the claim lapses, and it is sent again
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from checks import Account, Column, Ref, Site, Subject, Unit, all_checks
from checks.core.alarms import Alarm, Look, look, looks_now, looks_of_ruling
from checks.core.assess import suspension, watched
from checks.core.hours import next_at
from checks.core.notices import About, News, Place, Scene, Tiding, Trouble, tell
from checks.core.suspensions import Suspension
from monitor.alert_settings import TO_UNITS, AlertRule, Alerts
from monitor.clock import Clock
from monitor.inspection import owning_site
from monitor.notify.channel import ChannelSettings
from monitor.notify.delivery import Message
from monitor.notify.outgoing import LAPSE, drain
from monitor.notify.sending import Sender, kind_of
from monitor.notify.wording import compose
from monitor.store import Store
from monitor.store.alarms import Draft, Known, NoticeState, Plan
from monitor.store.notices import TROUBLING, Notice
from reports.wording import said

_CHANNEL = "alert.channel."


@dataclass(frozen=True, kw_only=True)
class AlertRound:
    """What a round told and sent. ``news`` counts tidings, ``sent`` messages; ``faults`` are for the operator."""

    news: Mapping[News, int] = field(default_factory=dict)
    queued: int = 0
    sent: int = 0
    put_aside: int = 0
    faults: tuple[str, ...] = ()


async def alert(
    store: Store,
    alerts: Alerts,
    *,
    clock: Clock,
    sender: Sender,
    troubles: Iterable[Trouble] | None = None,
    label: str = "",
    lapse: timedelta = LAPSE,
) -> AlertRound:
    """One alert round. ``troubles`` are those of our own at this moment, ``None`` where nobody looked for
    them; ``label`` names this machine in messages.

    Without rules there is nobody to tell: nothing is worked out, so that rules set later start from what is then.
    """
    if not alerts.rule:
        return AlertRound()
    now = clock.now()
    own = channel_troubles(store, alerts)
    # In a thread: a large register takes a second, and must not keep us from hearing who answers.
    told = await asyncio.to_thread(
        store.outbox.plan, lambda known: plan(known, alerts, own, now=now, others=troubles), now=now
    )
    aside = store.outbox.give_up(
        created_before=now - timedelta(hours=alerts.give_up_hours),
        now=now,
        channels=[channel.name for channel in alerts.channel],
    )
    send = partial(drain, store.outbox, clock=clock, sender=sender, label=label, lapse=lapse)
    drained = await asyncio.gather(*(send(channel) for channel in alerts.channel))
    return AlertRound(
        news=Counter(tiding.news for tiding in told.tidings),
        queued=len(told.drafts),
        sent=sum(each.sent for each in drained),
        put_aside=aside + sum(each.put_aside for each in drained),
        faults=tuple(fault for each in drained for fault in each.faults),
    )


def plan(
    known: Known, alerts: Alerts, own: Sequence[Trouble], *, now: datetime, others: Iterable[Trouble] | None = None
) -> Plan:
    """What the alarms are after what is new, what is to be told of them, and to whom, over what, and when. Pure.

    ``own`` are the troubles of channels; ``others`` all other troubles of ours, ``None`` where nobody looked for them.
    """
    sites = {s.id: s for s in known.subjects if isinstance(s, Site)}
    units = {unit.name: unit for unit in known.units}
    alarms = look(known.alarms, _looks(known, own, others, now))
    concerned = {alarm.concern.subject for alarm in alarms.values()}
    followed = [s for s in known.subjects if s.ref in concerned and watched(s, owning_site(s, sites))]
    scene = Scene(
        now=now,
        places={subject.ref: place_of(subject, sites, units) for subject in followed},
        checks=frozenset(all_checks()),
        entries=known.entries,
        resting=frozenset(s.ref for s in followed if _resting(s, sites, known.suspensions, now)),
        silenced=any(alarm.found and alarm.concern.silences for alarm in alarms.values()),
    )
    after, tidings = tell(alarms, [rule.rule for rule in alerts.rule], scene)
    return Plan(alarms=after, tidings=tidings, drafts=tuple(_drafts(tidings, alerts, units, now)))


def preview(
    store: Store, alerts: Alerts, *, now: datetime, troubles: Iterable[Trouble] | None = None, label: str = ""
) -> list[tuple[ChannelSettings, datetime, Message]]:
    """The messages that would go out, with those that wait already: over what, when, and what. Nothing is kept."""
    own = channel_troubles(store, alerts)
    planned = store.outbox.preview(lambda known: plan(known, alerts, own, now=now, others=troubles), now=now)
    due: dict[tuple[str, str, datetime], list[Tiding]] = {}
    for notice in reversed(store.outbox.notices(states=[NoticeState.WAITING])):
        when = max(now, notice.not_before)
        due.setdefault((notice.channel, notice.recipient, when), []).append(notice.tiding)
    for draft in planned.drafts:
        due.setdefault((draft.channel, draft.recipient, draft.not_before), []).append(draft.tiding)
    channels = {channel.name: channel for channel in alerts.channel}
    return [
        (channels[name], when, message)
        for (name, recipient, when), tidings in sorted(due.items(), key=lambda item: (item[0][2], item[0][:2]))
        if name in channels
        for message in compose(tidings, kind_of(channels[name]).style, at=when, recipient=recipient, label=label)
    ]


def channel_troubles(store: Store, alerts: Alerts) -> list[Trouble]:
    """A trouble for each channel that does not take what it is sent, for the other channels to tell."""
    ailing: dict[str, list[Notice]] = {}
    for notice in store.outbox.notices(states=[NoticeState.FAILED, NoticeState.WAITING]):
        if notice.state is NoticeState.FAILED or (notice.attempts >= TROUBLING and notice.error):
            ailing.setdefault(notice.channel, []).append(notice)
    return [
        Trouble(
            key=f"{_CHANNEL}{name}",
            text=f"告警通道“{name}”有 {len(notices)} 条消息发不出去：{notices[0].error or '原因不明'}",
            advice=f"排除故障后用 xuncha alert test {name} 试发，再用 xuncha alert retry 重发",
        )
        for name, notices in sorted(ailing.items())
    ]


def place_of(subject: Subject, sites: Mapping[str, Site], units: Mapping[str, Unit]) -> Place:
    """Where a subject belongs: a column to the unit of its site."""
    owner = subject if isinstance(subject, Account) else owning_site(subject, sites)
    if owner is None:
        return Place(name=subject.name)
    match subject:
        case Column():
            name = f"{owner.name}“{subject.name}”栏目"
        case Account():
            name = f"{said(subject.platform)}账号“{subject.name}”"
        case _:
            name = subject.name
    above = frozenset(name for unit in (owner.sponsor, owner.supervisor) for name in _upwards(unit, units))
    return Place(name=name, sponsor=owner.sponsor, supervisor=owner.supervisor, units=above, region=owner.region)


def _looks(known: Known, own: Sequence[Trouble], others: Iterable[Trouble] | None, now: datetime) -> Iterator[Look]:
    by_place: dict[tuple[str, Ref | None], list[Alarm]] = {}
    for alarm in known.alarms.values():
        by_place.setdefault((alarm.concern.check, alarm.concern.subject), []).append(alarm)
    for ruling in known.rulings:
        yield from looks_of_ruling(ruling, by_place.get((ruling.check, ruling.subject), ()))
    yield from looks_now(
        known.entries.values(),
        [*own, *(others or ())],
        known.alarms.values(),
        now=now,
        not_asked=lambda concern: (
            others is None and concern.about is About.TROUBLE and not concern.check.startswith(_CHANNEL)
        ),
    )


def _resting(subject: Subject, sites: Mapping[str, Site], suspensions: Iterable[Suspension], now: datetime) -> bool:
    ref = subject.ref
    return any(each.holds(ref, now) for each in suspensions) or bool(
        suspension(subject, owning_site(subject, sites), now)
    )


def _upwards(name: str, units: Mapping[str, Unit]) -> list[str]:
    """A unit and all above it, as the registry tells; a circle there ends where it began."""
    line: list[str] = []
    while name and name not in line:
        line.append(name)
        name = units[name].parent if name in units else ""
    return line


def _drafts(tidings: Sequence[Tiding], alerts: Alerts, units: Mapping[str, Unit], now: datetime) -> Iterator[Draft]:
    """A notice for each tiding, channel and recipient; what two rules tell the same recipient at once is told once."""
    rules = {rule.name: rule for rule in alerts.rule}
    told: set[tuple[str, News, str, str]] = set()
    for tiding in tidings:
        rule = rules[tiding.rule]
        when = _when(rule, alerts, now)
        for name in rule.channels:
            for recipient in _recipients(rule, alerts.by_name(name), tiding, units):
                place = (tiding.alarm, tiding.news, name, recipient)
                if place in told:
                    continue
                told.add(place)
                identity = hashlib.sha256(f"{tiding.identity}|{name}|{recipient}".encode()).hexdigest()[:32]
                yield Draft(identity=identity, channel=name, recipient=recipient, tiding=tiding, not_before=when)


def _when(rule: AlertRule, alerts: Alerts, now: datetime) -> datetime:
    when = next_at(alerts.digest_time, now) if rule.digest else now
    quiet = alerts.quiet_hours
    return quiet.over(when) if quiet is not None and rule.quiet else when


def _recipients(rule: AlertRule, channel: ChannelSettings, tiding: Tiding, units: Mapping[str, Unit]) -> Sequence[str]:
    """To whom over a channel. A unit without a registered mail leaves it to the channel's own recipients."""
    if not kind_of(channel).addressed:
        return [""]
    named: list[str] = []
    for each in rule.to:
        if each in TO_UNITS:
            unit = units.get(getattr(tiding.place, each))
            named += [unit.email] if unit is not None and unit.email else []
        else:
            named.append(each)
    return list(dict.fromkeys(named or list(getattr(channel, "to", ())) or [""]))
