"""An account's feed (订阅地址): RSS, Atom, RDF or JSON Feed, from a source that somebody vouched for by name."""

from __future__ import annotations

from dataclasses import replace

from checks import Account, AccountReading, Outcome
from monitor.extract.feeds import Feed, read_feed
from monitor.probing import Kit
from monitor.sources.posts import Post, failed, foreign_host, reading_of


async def ask(account: Account, kit: Kit) -> AccountReading:
    """Fetch the feed and take the latest of its items; channel dates mean nothing (accounts.md §3).

    A feed may be old and valid: where its source is ill, what it shows is kept and its silence is not believed.
    """
    at = kit.clock.now()
    error, feed = await _fetched(account, kit)
    if error:
        return failed(account, error, adapter="feed", at=at, vantage=kit.vantage)
    posts = [
        Post(title=i.title, url=i.url, at=i.at, precision=i.precision, basis=i.basis, raw=i.raw) for i in feed.items
    ]
    if host := foreign_host(account.platform, [post.url for post in posts]):
        error = f"订阅的内容在 {host}，不是该账号的平台；请监测单位检查订阅地址"
        return failed(account, error, adapter="feed", at=at, vantage=kit.vantage)
    error = await kit.desk.illness(account.feed_url, net=kit.net, now=at)
    error = error or await kit.desk.unsynced(account.feed_url, net=kit.net, now=at)
    reading = reading_of(account, posts, adapter="feed", at=at, vantage=kit.vantage, error=error)
    if reading.source_ok and reading.latest_at is None:
        return replace(reading, source_ok=False, error="订阅内容中没有带日期的条目")
    return reading


async def _fetched(account: Account, kit: Kit) -> tuple[str, Feed]:
    """The feed, or why there is none."""
    if not account.feed_url:
        return "未填写订阅地址", Feed()
    if refusal := kit.desk.unvouched(account.feed_url):
        return refusal, Feed()
    fetched = await kit.net.fetch(account.feed_url)
    if fetched.outcome is not Outcome.OK:
        return f"订阅地址无法读取：{fetched.detail or fetched.outcome}", Feed()
    if not fetched.whole:
        return "订阅内容未能完整读取", Feed()
    feed = read_feed(fetched.body, content_type=fetched.headers.get("content-type", ""))
    if not feed.error and not feed.items:
        return "订阅内容中没有条目，不能证明有无发布", Feed()
    return feed.error, feed
