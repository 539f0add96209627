"""What the account's own unit has entered in the registry: 最后更新时间 and 最新链接. The weakest evidence."""

from __future__ import annotations

from datetime import datetime, time

from checks import Account, AccountReading, DateBasis
from checks.core.calendar import SHANGHAI
from monitor.probing import Kit


async def ask(account: Account, kit: Kit) -> AccountReading:
    """Read the registry's fields. They prove no silence, for nobody says since when they were kept."""
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
