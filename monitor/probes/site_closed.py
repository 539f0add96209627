"""Opens the home page of a site closed for good, once a month: does it still answer?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from checks import Outcome, Site
from checks.core.aftermath import ClosedVisit
from monitor.extract import charset
from monitor.extract.marks import read_marks
from monitor.probing import Kit, probe


@probe("site.closed", on=Site, yields=ClosedVisit, every=timedelta(days=30), closed=True)
async def visit_closed(site: Site, kit: Kit) -> Sequence[ClosedVisit]:
    """One visit."""
    answer = await kit.net.fetch(site.url)
    name = ""
    if answer.outcome is Outcome.OK:
        name = read_marks(charset.decode(answer.body, answer.headers.get("content-type", "")).text).site_name[:100]
    return [
        ClosedVisit(
            subject=site.ref,
            at=kit.clock.now(),
            vantage=kit.vantage,
            url=site.url,
            outcome=answer.outcome,
            status_code=answer.status_code,
            final_url=answer.final_url,
            site_name=name,
        )
    ]
