"""Whom the record says to look at sooner than the cadence: accounts near their limit, repairs handed in. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from checks import Account, AccountReading, Check, Ref, all_checks
from checks.core.calendar import local_day
from checks.core.entries import Entry, State
from checks.core.standard import Standard
from monitor.app import App
from monitor.due import Look, Urgency
from monitor.planning import needed_probes
from monitor.probing import Probe
from monitor.store import Store

READINGS = 3
"""The newest readings of an account that are asked for its last publication: one of them may have failed."""


def urgency_now(app: App, probes: Mapping[str, Probe]) -> Urgency:
    """What the record asks for at this moment, by the settings: for the service and for ``--due`` alike."""
    return urgency_of(
        app.store,
        app.standard,
        checks=all_checks(),
        probes=probes,
        now=app.clock.now(),
        second_look=timedelta(hours=app.settings.schedule.second_look_hours),
    )


def urgency_of(
    store: Store,
    standard: Standard,
    *,
    checks: Mapping[str, Check],
    probes: Mapping[str, Probe],
    now: datetime,
    second_look: timedelta,
) -> Urgency:
    """What the record asks for at this moment. It changes with days and with people's steps, not with minutes."""
    asking = [probe for probe in probes.values() if AccountReading in probe.yields]
    accounts = [s.ref for s in store.subjects() if isinstance(s, Account)]
    readings = store.newest(accounts, AccountReading, count=READINGS)
    warn = standard.limits["account.dormant"].warn_days
    near = [ref for ref, seen in readings.items() if near_limit(seen, now=now, days=warn)]
    return Urgency(
        every={(probe.id, ref): second_look for probe in asking for ref in near},
        after=looks_for_review(store.entries(), checks, probes),
    )


def near_limit(readings: Sequence[AccountReading], *, now: datetime, days: int) -> bool:
    """Whether the newest publication known is so many days back; an account whose source fails is not asked more."""
    healthy = [reading for reading in readings if reading.source_ok]
    published = [reading.latest_at for reading in healthy if reading.latest_at]
    if not healthy:
        return False
    return not published or (local_day(now) - local_day(max(published))).days >= days


def looks_for_review(
    entries: Iterable[Entry], checks: Mapping[str, Check], probes: Mapping[str, Probe]
) -> dict[Look, datetime]:
    """A look later than its submission, for each entry in 待复核, by the probes that its check reads."""
    after: dict[Look, datetime] = {}
    for entry in entries:
        check = checks.get(entry.check)
        if entry.state is State.TO_REVIEW and check is not None:
            for probe in needed_probes([check], probes):
                place: tuple[str, Ref] = (probe.id, entry.subject)
                after[place] = max(after.get(place, entry.changed), entry.changed)
    return after
