"""What the unit itself has entered in the registry: 最后更新时间, and 最新链接 as proof. The weakest evidence."""

from __future__ import annotations

from datetime import datetime, time

from checks import Account, AccountReading, DateBasis
from checks.core.calendar import SHANGHAI
from monitor.probes.sources.proof_url import provable, prove
from monitor.probing import Kit


async def ask(account: Account, kit: Kit) -> AccountReading:
    """The page of the link that was given, where one GET can prove it; else the day that was claimed.

    Neither proves silence, for nobody says since when they were kept. A link that turns out to be gone, or of another
    account, takes the claim with it.
    """
    if account.last_url and provable(account):
        proof = await prove(account, kit, adapter="self_report")
        if proof is not None:
            return proof
    day = account.last_published
    return AccountReading(
        subject=account.ref,
        at=kit.clock.now(),
        vantage=kit.vantage,
        adapter="self_report",
        source_ok=day is not None,
        error="" if day else "台账未填写最后更新时间",
        latest_at=datetime.combine(day, time(), SHANGHAI) if day else None,
        precision="day" if day else "",
        basis=DateBasis.SELF_REPORTED if day else None,
        url=account.last_url,
        raw_date=day.isoformat() if day else "",
    )
