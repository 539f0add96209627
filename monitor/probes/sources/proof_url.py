"""The page of the item that a unit named as its latest (最新链接): one GET turns a claim into evidence."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from html import unescape
from urllib.parse import parse_qsl, urlencode, urlsplit

from checks import Account, AccountReading, DateBasis, Outcome, Platform
from monitor.extract.charset import decode
from monitor.probing import Kit
from monitor.sources.posts import failed, host_of


async def ask(account: Account, kit: Kit) -> AccountReading:
    """Prove the registry's link, or say why it proves nothing."""
    at = kit.clock.now()
    if not account.last_url:
        return failed(account, "台账未填写最新链接；请主办单位填报", adapter="proof_url", at=at, vantage=kit.vantage)
    if not provable(account):
        error = "最新链接不是可核验的公众号文章链接（mp.weixin.qq.com/s/…）；请主办单位更正"
        return failed(account, error, adapter="proof_url", at=at, vantage=kit.vantage)
    proof = await prove(account, kit, adapter="proof_url")
    if proof is None:
        error = "最新链接的页面被平台拦截，未能核验；请监测单位人工核查"
        return failed(account, error, adapter="proof_url", at=at, vantage=kit.vantage)
    return proof


def provable(account: Account) -> bool:
    """Whether the link is one whose page carries date and account: an article of a 公众号, on its own host."""
    return account.platform is Platform.WECHAT and bool(article_address(account.last_url))


async def prove(account: Account, kit: Kit, *, adapter: str) -> AccountReading | None:
    """What the page proves, or disproves; ``None`` where we did not get to see it, which says nothing."""
    url = article_address(account.last_url)
    asked = kit.desk.through(url)
    fetched = await kit.net.fetch(asked)
    at = kit.clock.now()
    if fetched.outcome is not Outcome.OK or not fetched.whole or host_of(fetched.final_url) != host_of(asked):
        return None
    page = decode(fetched.body, fetched.headers.get("content-type", "")).text
    if urlsplit(fetched.final_url).path != urlsplit(asked).path or "环境异常" in page:
        return None  # led to a captcha
    if "已被发布者删除" in page or "此内容已被" in page:
        error = "最新链接的文章已被删除，不能作为证明；请主办单位重新填报"
        return failed(account, error, adapter=adapter, at=at, vantage=kit.vantage)
    name, published = _text(_NAME, page), _published(page)
    if published is None or not name:
        error = "最新链接的页面没有文章，不能作为证明；请主办单位重新填报"
        return failed(account, error, adapter=adapter, at=at, vantage=kit.vantage)
    if _bare(name) != _bare(account.name):
        error = f"最新链接是“{name[:40]}”的文章，不是本账号的；请主办单位重新填报"
        return failed(account, error, adapter=adapter, at=at, vantage=kit.vantage)
    return AccountReading(
        subject=account.ref,
        at=at,
        vantage=kit.vantage,
        adapter=adapter,
        source_ok=True,
        latest_at=published,
        precision="second",
        basis=DateBasis.PROOF_PAGE,
        title=_text(_TITLE, page)[:200],
        url=url,
        raw_date=str(int(published.timestamp())),
        items_seen=1,
    )


def article_address(url: str) -> str:
    """The address of an article with nothing in it but what names the article, or nothing for any other address."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    if host_of(url) != _HOST or parts.scheme not in ("http", "https") or port not in (None, 80, 443) or parts.username:
        return ""
    if _SHORT.fullmatch(parts.path):
        return f"https://{_HOST}{parts.path}"
    query = dict(parse_qsl(parts.query))
    if parts.path == "/s" and all(query.get(key) for key in _LONG):
        return f"https://{_HOST}/s?{urlencode({key: query[key] for key in _LONG}, safe='=')}"
    return ""


_HOST = "mp.weixin.qq.com"
_SHORT = re.compile(r"/s/[A-Za-z0-9_-]{10,64}")
_LONG = ("__biz", "mid", "idx", "sn")
_TITLE = re.compile(r'<meta\s+property="og:title"\s+content="([^"]*)"')
_NAME = re.compile(r'<[^>]*class="[^"]*\bwx_follow_nickname\b[^"]*"[^>]*>([^<]*)<')
_SCRIPT = re.compile(r"<script[^>]*>(.*?)</script>", re.S)
_TIME = re.compile(r"""\bct\s*=\s*["'](\d{10})["']""")


def _published(page: str) -> datetime | None:
    """The variable ``ct`` of the script that also tells the kind of the article: others carry other times."""
    for script in _SCRIPT.findall(page):
        if "real_item_show_type" in script and (match := _TIME.search(script)):
            return datetime.fromtimestamp(int(match[1]), UTC)
    return None


def _text(pattern: re.Pattern[str], page: str) -> str:
    match = pattern.search(page)
    return " ".join(unescape(match[1]).split()) if match else ""


def _bare(name: str) -> str:
    return unicodedata.normalize("NFKC", name).replace(" ", "").casefold()
