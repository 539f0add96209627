"""The parts of a check of every site that runs, as of a moment: re-derived from the record for the papers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from checks import Check, History, Ref
from checks.core.assess import suspension, watched
from checks.core.parts import Part
from checks.core.standard import Standard
from checks.core.suspensions import filed_reason, outside_filed
from monitor.store import Store

CHUNK = 200


def site_parts(store: Store, standard: Standard, check: Check, *, now: datetime) -> dict[Ref, Sequence[Part]]:
    """The parts by site. Who is not to be tested at present, or of whom nothing is on record, is left out."""
    if check.parts is None:
        return {}
    limits = standard.limits[check.id]
    since = dict.fromkeys(check.reads, now - check.within(limits))
    suspended = store.suspensions.all()
    sites = [
        site
        for site in store.sites()
        if watched(site) and not suspension(site, site, now) and not filed_reason(suspended, site.ref, now)
    ]
    found: dict[Ref, Sequence[Part]] = {}
    for first in range(0, len(sites), CHUNK):
        chunk = {site.ref: site for site in sites[first : first + CHUNK]}
        for ref, history in store.histories(list(chunk), since, until=now):
            kept = outside_filed(suspended, ref, history)
            if kept:
                found[ref] = check.parts(chunk[ref], History(kept), limits, now)
    return found
