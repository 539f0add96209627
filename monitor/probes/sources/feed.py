"""An account's feed (订阅地址): RSS, Atom, RDF or JSON Feed."""

from __future__ import annotations

from datetime import datetime, timedelta

from checks import Account, AccountReading, Outcome
from checks.core.calendar import SHANGHAI
from monitor.extract.feeds import Feed, read_feed
from monitor.probing import Kit


async def ask(account: Account, kit: Kit) -> AccountReading:
    """Fetch the feed and take the latest of its items: the first may be pinned, and channel dates mean nothing."""
    at = kit.clock.now()
    error, feed = "", Feed()
    if not account.feed_url:
        error = "未填写订阅地址"
    else:
        fetched = await kit.net.fetch(account.feed_url)
        if fetched.outcome is not Outcome.OK:
            error = f"订阅地址无法读取：{fetched.detail or fetched.outcome}"
        elif not fetched.whole:
            error = "订阅内容未能完整读取"
        else:
            feed = read_feed(fetched.body, content_type=fetched.headers.get("content-type", ""))
            error = feed.error
    return _reading(account, feed, error, at=at, vantage=kit.vantage)


_FUTURE = timedelta(days=1)


def _reading(account: Account, feed: Feed, error: str, *, at: datetime, vantage: str) -> AccountReading:
    # A date more than a day ahead is a mistake of the source.
    dated = [(item.at, item) for item in feed.items if item.at is not None and item.at <= at + _FUTURE]
    if not error and not dated:
        error = "订阅内容中没有带日期的条目"
    if error:
        return AccountReading(
            subject=account.ref,
            at=at,
            vantage=vantage,
            adapter="feed",
            source_ok=False,
            error=error,
            items_seen=len(feed.items),
            items_undated=feed.undated,
        )
    latest_at, latest = max(dated, key=lambda pair: pair[0])
    oldest_at = min(moment for moment, _ in dated)
    # An item whose date is unknown may be the newest: then silence cannot be proven.
    provable = len(dated) == len(feed.items)
    return AccountReading(
        subject=account.ref,
        at=at,
        vantage=vantage,
        adapter="feed",
        source_ok=True,
        latest_at=latest_at,
        precision=latest.precision,
        basis=latest.basis,
        title=latest.title,
        url=latest.url,
        raw_date=latest.raw,
        items_seen=len(feed.items),
        items_undated=feed.undated,
        covered_from=oldest_at.astimezone(SHANGHAI).date() if provable else None,
    )
