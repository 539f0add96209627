"""The feeds of the made-up accounts: RSS, Atom and JSON Feed with the date habits that are met in the wild."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape

from checks import Platform
from monitor.demo.plans import AccountPlan, FeedForm
from monitor.demo.publishing import CHINA, Article, articles, published_by
from monitor.demo.server import Answer, Handler, Request

_XML = "application/xml; charset=utf-8"

_POST_ADDRESSES = {
    Platform.WECHAT: "https://mp.weixin.qq.com/s/qinghe{number:05d}",
    Platform.WEIBO: "https://weibo.com/{account}/Qh{number:05d}",
    Platform.DOUYIN: "https://www.douyin.com/video/{number:019d}",
    Platform.TOUTIAO: "https://www.toutiao.com/article/{number:019d}/",
    Platform.KUAISHOU: "https://www.kuaishou.com/short-video/qh{number:05d}",
    Platform.BILIBILI: "https://www.bilibili.com/video/BV{number:010d}",
    Platform.BAIJIAHAO: "https://baijiahao.baidu.com/s?id={number:019d}",
}


def feed_path(plan: AccountPlan) -> str:
    """Where an account's feed stands on the feed server."""
    return f"/{plan.platform}/{plan.account_id}"


def feed_handler(plans: Sequence[AccountPlan], *, end: datetime, now: Callable[[], datetime]) -> Handler:
    """Serve every account's feed as it was at the clock's time."""
    by_path = {feed_path(plan): plan for plan in plans if plan.form is not None}
    posts = {
        path: articles(plan.account_id, plan.rhythm, end=end) if plan.rhythm is not None else ()
        for path, plan in by_path.items()
    }

    def handle(request: Request) -> Answer:
        plan = by_path.get(request.path)
        if plan is None:
            return Answer(b"no such feed", status=404, content_type="text/plain")
        moment = now()
        return _answer(plan, published_by(posts[request.path], moment), moment)

    return handle


def _answer(plan: AccountPlan, posts: Sequence[Article], now: datetime) -> Answer:
    match plan.form:
        case FeedForm.ERROR:
            return Answer(b"upstream unavailable", status=502, content_type="text/plain")
        case FeedForm.WRONG_PAGE:
            return Answer("<html><head><title>登录</title></head><body>请先登录</body></html>".encode())
        case FeedForm.ATOM:
            return Answer(_atom(plan, posts, now).encode(), content_type="application/atom+xml; charset=utf-8")
        case FeedForm.JSON:
            return Answer(_json(plan, posts).encode(), content_type="application/feed+json; charset=utf-8")
        case FeedForm.RSS_PINNED:
            return Answer(_rss(plan, [*posts[-1:], *posts[:-1]], now).encode(), content_type=_XML)
        case _:
            return Answer(_rss(plan, posts, now).encode(), content_type=_XML)


def _rss(plan: AccountPlan, posts: Sequence[Article], now: datetime) -> str:
    items = "".join(
        f"<item><title>{escape(post.title)}</title><link>{escape(_address(plan, post))}</link>"
        f'<guid isPermaLink="false">{post.number}</guid>{_rss_date(plan, post.at)}</item>'
        for post in posts
    )
    # The channel's date is that of the rendering, as RSSHub prints it: proof of nothing.
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>{escape(plan.name)}</title>'
        f"<link>http://feeds.qinghe.test/</link><description>{escape(plan.name)}</description>"
        f"<lastBuildDate>{_rfc822(now)}</lastBuildDate>{items}</channel></rss>"
    )


def _rss_date(plan: AccountPlan, at: datetime) -> str:
    local = at.astimezone(CHINA)
    match plan.form:
        case FeedForm.RSS_UNDATED:
            return ""
        case FeedForm.RSS_CST:
            return f"<pubDate>{format_datetime(local).removesuffix('+0800')}CST</pubDate>"
        case FeedForm.RSS_CHINESE:
            return f"<pubDate>{local.year}年{local.month}月{local.day}日 {local:%H:%M}</pubDate>"
        case _:
            return f"<pubDate>{_rfc822(at)}</pubDate>"


def _atom(plan: AccountPlan, posts: Sequence[Article], now: datetime) -> str:
    entries = "".join(
        f"<entry><title>{escape(post.title)}</title><id>tag:qinghe.test,2019:{post.number}</id>"
        f'<link href="{escape(_address(plan, post))}"/><published>{post.at.isoformat()}</published>'
        f"<updated>{post.at.isoformat()}</updated></entry>"
        for post in posts
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">'
        f"<title>{escape(plan.name)}</title><id>tag:qinghe.test,2019:{plan.account_id}</id>"
        f"<updated>{now.isoformat()}</updated>{entries}</feed>"
    )


def _json(plan: AccountPlan, posts: Sequence[Article]) -> str:
    items = [
        {
            "id": str(post.number),
            "url": _address(plan, post),
            "title": post.title,
            "content_text": post.title,
            "date_published": post.at.isoformat(),
        }
        for post in posts
    ]
    return json.dumps(
        {"version": "https://jsonfeed.org/version/1.1", "title": plan.name, "items": items}, ensure_ascii=False
    )


def _address(plan: AccountPlan, post: Article) -> str:
    return _POST_ADDRESSES[plan.platform].format(account=plan.account_id, number=post.number)


def _rfc822(at: datetime) -> str:
    return format_datetime(at.astimezone(UTC), usegmt=True)
