"""Whether the App Store of China lists a 移动客户端, by its number or bundle id (账号ID). Availability only: the date
of a version says nothing of the contents (accounts.md §4.9)."""

from __future__ import annotations

from datetime import date, datetime

from checks import Account, AppListing
from monitor.probing import Kit
from monitor.sources.calling import Call

_STORE = "App Store 中国区"


async def ask(account: Account, kit: Kit) -> AppListing:
    """One look-up. Without ``country=cn`` an application that is sold in China alone is not found."""
    at, app_id = kit.clock.now(), account.account_id
    if not app_id:
        return _told(account, kit, at, listed=None, error="台账未填写账号ID（App Store 的编号或 Bundle ID）")
    key = "id" if app_id.isdigit() else "bundleId"
    answer = await kit.desk.call(Call(url="https://itunes.apple.com/lookup", query={key: app_id, "country": "cn"}))
    count = answer.data.get("resultCount") if isinstance(answer.data, dict) else None
    if answer.error or not isinstance(count, int):
        return _told(account, kit, at, listed=None, error=answer.error or "应用商店的应答不是预期的格式")
    results = answer.data.get("results")
    if count == 0 or not isinstance(results, list) or not results:
        return _told(account, kit, at, listed=False if count == 0 else None)
    first = results[0] if isinstance(results[0], dict) else {}
    return _told(
        account,
        kit,
        at,
        listed=True,
        name=str(first.get("trackName") or "")[:200],
        version=str(first.get("version") or "")[:50],
        released=_day(str(first.get("currentVersionReleaseDate") or "")),
        url=str(first.get("trackViewUrl") or "")[:500],
    )


def _told(account: Account, kit: Kit, at: datetime, **fields: object) -> AppListing:
    return AppListing(
        subject=account.ref,
        at=at,
        vantage=kit.vantage,
        store=_STORE,
        app_id=account.account_id,
        **fields,  # type: ignore[arg-type]
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
