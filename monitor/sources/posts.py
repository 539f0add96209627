"""What a source listed → one ``AccountReading``: the latest date, how far back it reaches, what it leaves open."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from checks import Account, AccountReading, DateBasis, Platform
from checks.core.calendar import local_day

_FUTURE = timedelta(days=1)
_RECENT = timedelta(days=90)
_MOST_MARKS = 50
_MOST_TITLES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One publication as a source tells it. ``at`` is aware, ``None`` where undated."""

    title: str
    url: str
    at: datetime | None
    precision: str
    basis: DateBasis
    raw: str = ""
    id: str = ""


def reading_of(
    account: Account,
    posts: Sequence[Post],
    *,
    adapter: str,
    at: datetime,
    vantage: str,
    error: str = "",
    doubt: str = "",
) -> AccountReading:
    """The reading of a list. The latest counts wherever it stands: the first may be pinned.

    A date more than a day ahead is a mistake of the source. With ``error`` the source is not believed; what it shows
    is kept all the same.
    """
    dated = [(post.at, post) for post in posts if post.at is not None and post.at <= at + _FUTURE]
    undated = [post for post in posts if post.at is None]
    if not error and not dated and not undated:
        error = "来源没有列出任何内容，不能证明有无发布；请监测单位检查来源"
    latest_at, latest = max(dated, key=lambda pair: pair[0], default=(None, None))
    oldest = min((moment for moment, _ in dated), default=None)
    # An item whose date is unknown may be the newest: then silence cannot be proven.
    provable = not error and oldest is not None and len(dated) == len(posts)
    return AccountReading(
        subject=account.ref,
        at=at,
        vantage=vantage,
        adapter=adapter,
        source_ok=not error,
        error=error,
        latest_at=latest_at,
        precision=latest.precision if latest else "",
        basis=latest.basis if latest else None,
        title=latest.title[:200] if latest else "",
        url=latest.url if latest else "",
        raw_date=latest.raw[:100] if latest else "",
        items_seen=len(posts),
        items_undated=len(undated),
        covered_from=local_day(oldest) if provable and oldest else None,
        doubt=doubt,
        marks=marks(post.id or post.url or post.title for post in undated[:_MOST_MARKS]),
        title_marks=marks(post.title for _, post in _newest_first(dated)[:_MOST_TITLES]),
        posts_90=sum(moment >= at - _RECENT for moment, _ in dated),
    )


def failed(account: Account, error: str, *, adapter: str, at: datetime, vantage: str) -> AccountReading:
    """The reading of a source that could not be asked."""
    return AccountReading(subject=account.ref, at=at, vantage=vantage, adapter=adapter, source_ok=False, error=error)


def marks(texts: Iterable[str]) -> tuple[str, ...]:
    """Short digests of texts, so that a later reading can tell new ones from known ones."""
    return tuple(hashlib.blake2b(text.encode(), digest_size=5).hexdigest() for text in texts if text)


def foreign_host(platform: Platform, urls: Iterable[str]) -> str:
    """The host of another platform to which all these addresses lead, or nothing: a wrong address was pasted in."""
    hosts = [host_of(url) for url in urls if url]
    if not hosts or platform not in PLATFORM_HOSTS:
        return ""
    others = [name for p, names in PLATFORM_HOSTS.items() if p is not platform for name in names]
    if all(any(_under(host, name) for name in others) for host in hosts) and not any(
        belongs(platform, host) for host in hosts
    ):
        return hosts[0]
    return ""


def belongs(platform: Platform, host: str) -> bool:
    """Whether a host is the platform's."""
    return any(_under(host, name) for name in PLATFORM_HOSTS.get(platform, ()))


PLATFORM_HOSTS = {
    Platform.WECHAT: ("mp.weixin.qq.com",),
    Platform.WEIBO: ("weibo.com", "weibo.cn"),
    Platform.DOUYIN: ("douyin.com", "iesdouyin.com"),
    Platform.KUAISHOU: ("kuaishou.com", "gifshow.com", "chenzhongtech.com"),
    Platform.BILIBILI: ("bilibili.com", "b23.tv"),
    Platform.TOUTIAO: ("toutiao.com",),
    Platform.BAIJIAHAO: ("baijiahao.baidu.com", "mbd.baidu.com"),
    Platform.XIAOHONGSHU: ("xiaohongshu.com", "xhslink.com"),
    Platform.THEPAPER: ("thepaper.cn",),
}


def host_of(url: str) -> str:
    """The host of an address in lower case, or nothing."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def _under(host: str, name: str) -> bool:
    return host == name or host.endswith(f".{name}")


def _newest_first(dated: Sequence[tuple[datetime, Post]]) -> list[tuple[datetime, Post]]:
    return sorted(dated, key=lambda pair: pair[0], reverse=True)
