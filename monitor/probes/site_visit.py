"""Opens the home page over each address family that is online here."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from checks import PageVisit, Site
from monitor.probing import Kit, probe


@probe("site.visit", on=Site, yields=PageVisit, every=timedelta(hours=1))
async def visit(site: Site, kit: Kit) -> Sequence[PageVisit]:
    """One visit a family, both at the same time, so that they can be compared."""
    at = kit.clock.now()
    families = sorted(kit.families)
    answers = await asyncio.gather(*(kit.net.fetch(site.url, family=family) for family in families))
    return [
        PageVisit(
            subject=site.ref,
            at=at,
            vantage=kit.vantage,
            url=site.url,
            family=family,
            outcome=answer.outcome,
            status_code=answer.status_code,
            seconds=answer.seconds,
            final_url=answer.final_url,
            hops=answer.hops,
            address=answer.address,
            tls_problem=answer.tls_problem,
            detail=answer.detail,
        )
        for family, answer in zip(families, answers, strict=True)
    ]
