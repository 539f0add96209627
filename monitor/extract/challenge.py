"""Challenge and block pages of firewalls, by product (web.md §5.2). Such a page says nothing of the site behind it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus

REFUSALS = frozenset((401, 402, 403, 405, 406, 407, 412, 418, 429, 451, 493, 511, 512, 514, 521, 566, 567))
"""Statuses by which a server refuses this visitor, whatever the page behind them is like."""


def turns_away(status_code: int) -> bool:
    """Whether the status speaks of the visitor: a refusal, or a 4xx or 6xx to 9xx that only its own firewall knows."""
    unknown = 400 <= status_code < 500 and status_code not in _REGISTERED
    return status_code in REFUSALS or unknown or status_code >= 600


def recognise(status_code: int, headers: Mapping[str, str], body: bytes) -> str | None:
    """The product's name (Chinese), 拒绝访问 for a refusal of an unknown one, or None. Header names in any case."""
    length = len(body)
    refused = status_code in _ANY_STATUS
    products = PRODUCTS if refused else () if body.count(b"<a ") > _MOST_LINKS else _by_length(length)
    if products:
        head = "\n".join(f"{name.lower()}: {value}" for name, value in headers.items()) if refused else ""
        start = body[:_BODY_BYTES]
        lowered = start.lower()
        text = ""
        for product in products:
            if product.named_in(status_code, head):
                return product.name
            if product.may_be_in(lowered):
                text = text or _text(start)
                if product.shown_by(status_code, text, length):
                    return product.name
    return "拒绝访问" if turns_away(status_code) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """One firewall. Its page is known by ``body``; by ``header`` only together with a refusing status,
    because the same header also stands on the pages that it lets through.

    ``longest``: a body with more bytes is an ordinary page, unless the status itself refuses. ``words``: whatever
    ``body`` matches holds one of these, so that the pages without them need not be searched.
    """

    name: str
    words: tuple[str, ...] = ()
    body: str = ""
    header: str = ""
    statuses: frozenset[int] = REFUSALS
    longest: int = 0

    def named_in(self, status_code: int, head: str) -> bool:
        return (
            bool(self.header and head)
            and status_code in self.statuses
            and re.search(self.header, head, re.I | re.M) is not None
        )

    def may_be_in(self, lowered: bytes) -> bool:
        return bool(self.body) and any(word in lowered for word in _encoded(self.words))

    def shown_by(self, status_code: int, text: str, length: int) -> bool:
        return (status_code in self.statuses or length <= self.longest) and re.search(
            self.body, text, re.I | re.S
        ) is not None


@cache
def _encoded(words: tuple[str, ...]) -> tuple[bytes, ...]:
    """Words as bytes in the two encodings of Chinese pages, small letters."""
    return tuple(dict.fromkeys(word.lower().encode(encoding) for word in words for encoding in ("utf-8", "gb18030")))


@cache
def _longest_allowed() -> tuple[tuple[int, tuple[Product, ...]], ...]:
    """Which products can be told by a body of up to so many bytes, where the status does not refuse."""
    steps = sorted({product.longest for product in PRODUCTS})
    return tuple((step, tuple(p for p in PRODUCTS if p.longest >= step)) for step in steps)


def _by_length(length: int) -> tuple[Product, ...]:
    if not length:
        return ()
    return next((products for step, products in _longest_allowed() if length <= step), ())


def _text(start: bytes) -> str:
    text = start.decode("utf-8", "replace")
    return text + start.decode("gb18030", "replace") if "�" in text else text


_BODY_BYTES = 65_536
_MOST_LINKS = 20  # more than any page of a firewall has, and fewer than a page of a site
_REGISTERED = frozenset(HTTPStatus)

PRODUCTS = (
    Product(
        name="加速乐（知道创宇）",
        words=("__jsl_clearance", "document.cookie", ";go({"),
        body=r"__jsl_clearance|^\s*<script>document\.cookie=.{0,2000}location\.(?:href|pathname)"
        r"|;go\(\{[^<]*\"(?:bts|tn)\"",
        header=r"^set-cookie:.*__jsluid_[sh]=",
        statuses=frozenset((512, 521)),
        longest=40_000,
    ),
    Product(
        name="瑞数",
        words=("$_ts", "<meta", "Environment Checking"),
        body=r"\$_ts\s*=|\$_ts\[|<meta[^>]+r=[\"']?m[\"']?[^>]*>.*<script[^>]+r=[\"']?m[\"']?|Environment Checking",
        statuses=frozenset((202, 400, 412)),
        longest=20_000,
    ),
    Product(name="C3VK 脚本挑战", words=("C3VK=",), body=r"document\.cookie\s*=\s*[\"']C3VK=", longest=2_000),
    Product(
        name="奇安信网站卫士",
        words=("wzws", "GeoBL"),
        body=r"wzws-waf-cgi|wzws-waf|GeoBL|WZWS-RAY",
        header=r"^wzws-ray:|^server:.*(?:qianxin-waf|wzws)",
        longest=5_000,
    ),
    Product(
        name="创宇盾（知道创宇）",
        words=("365cyd", "yunaq.com", "ks-waf", "创宇盾"),
        body=r"365cyd\.(?:com|net)|yunaq\.com|ks-waf-error|创宇盾",
        header=r"^server:.*ks-waf",
        longest=5_000,
    ),
    Product(
        name="阿里云盾",
        words=("errors.aliyun", "acw_sc__v2", "block_message", "访问请求可能"),
        body=r"errors\.aliyun\.com|acw_sc__v2|block_message.{0,400}aliyun|您的访问请求可能对网站造成(?:安全)?威胁",
        header=r"^set-cookie:.*(?:acw_tc|aliyungf_tc)=",
        statuses=frozenset((403, 405, 493)),
        longest=60_000,
    ),
    Product(
        name="腾讯云防火墙",
        words=("应用防火墙", "tencent-cloud", "__tst_status", "EO_Bot_Ssid"),
        body=r"腾讯云\s*Web\s*应用防火墙|waf\.tencent-cloud\.com|__tst_status|EO_Bot_Ssid",
        header=r"^server:.*(?:stgw_waf|tencent-?waf)|^eo-log-uuid:",
        longest=10_000,
    ),
    Product(
        name="华为云防火墙",
        words=("华为云", "huaweicloudwaf", "CloudWAF"),
        body=r"华为云\s*WAF|huaweicloudwaf|CloudWAF",
        header=r"^set-cookie:.*HWWAFSES(?:ID|TIME)=|^server:.*huaweicloudwaf",
        statuses=frozenset((403, 405, 418)),
        longest=5_000,
    ),
    Product(
        name="长亭雷池",
        words=("<!--", "safeline", "sl-session", "Access Forbidden"),
        body=r"<!--\s*event[_ ]id:|safeline|sl-session|Access Forbidden.{0,200}SafeLine",
        header=r"^set-cookie:.*sl-session=",
        statuses=frozenset((403, 405, 467, 468)),
        longest=20_000,
    ),
    Product(
        name="安全狗",
        words=("safedog", "安全狗"),
        body=r"safedog|网站防火墙.{0,80}安全狗",
        header=r"^(?:server|x-powered-by|set-cookie):.*safedog",
        longest=20_000,
    ),
    Product(
        name="云锁",
        words=("yunsuo", "云锁"),
        body=r"yunsuo(?:_session|logo)|云锁",
        header=r"^set-cookie:.*yunsuo_session",
        longest=20_000,
    ),
    Product(
        name="百度云加速",
        words=("yunjiasu", "su.baidu.com"),
        body=r"yunjiasu(?:-nginx)?|su\.baidu\.com",
        header=r"^server:.*yunjiasu|^set-cookie:.*yd_cookie=",
        longest=20_000,
    ),
    Product(
        name="网宿防火墙", words=("wangsu",), body=r"wangsu\.com.{0,200}(?:block|deny)|Wangsu\s*WAF", longest=5_000
    ),
    Product(
        name="玄武盾",
        words=("玄武盾", "dbappwaf", "dbappsecurity"),
        body=r"玄武盾|dbappwaf|dbappsecurity",
        header=r"^server:.*(?:xuanwudun|dbappwaf)",
        longest=20_000,
    ),
    Product(name="绿盟防火墙", words=("nsfocus",), body=r"nsfocus", header=r"^server:.*nsfocus", longest=5_000),
    Product(name="蓝盾防火墙", words=("bluedon",), body=r"bluedon", header=r"^server:.*bdwaf", longest=5_000),
    Product(
        name="盛邦防火墙",
        words=("webray", "RayWAF", "Sorry! your access"),
        body=r"webray|RayWAF|Sorry! your access has been intercepted",
        header=r"^server:.*raywaf|^drivedby:.*raysrv",
        longest=5_000,
    ),
    Product(
        name="铱迅防火墙",
        words=("yxlink", "铱迅"),
        body=r"yxlink|铱迅",
        header=r"^server:.*yxlink|^set-cookie:.*yx_ci_session=",
        longest=5_000,
    ),
    Product(
        name="需要访问者的数字证书",
        words=("SSL certificate", "403.7"),
        body=r"No required SSL certificate was sent|The SSL certificate error|HTTP\W{1,7}403\.7",
        statuses=frozenset((400, 403, 495, 496)),
        longest=3_000,
    ),
    Product(
        name="Cloudflare",
        words=("Just a moment", "cf-browser-verification", "challenge-platform"),
        body=r"<title>Just a moment\.\.\.</title>|cf-browser-verification|/cdn-cgi/challenge-platform/h/",
        header=r"^cf-mitigated:",
        statuses=frozenset((403, 429, 503)),
    ),
    Product(
        name="脚本挑战页",
        words=("document.cookie",),
        body=r"^\s*(?:<!doctype[^>]*>\s*)?(?:<(?:html|head|body|meta)\b[^>]*>\s*)*<script[^>]*>(?:(?!</script>).){0,3000}?"
        r"document\.cookie\s*=(?:(?!</script>).){0,3000}?location(?:\.(?:reload|replace|href)|\s*=)",
        longest=4_000,
    ),
    Product(
        name="访问频率限制",
        words=("频繁", "Too Many Requests"),
        body=r"(?:访问|操作|请求)(?:过于|太|太过)频繁|Too Many Requests",
        statuses=frozenset((403, 429, 503)),
        longest=3_000,
    ),
    Product(
        name="安全防护拦截",
        words=("请求", "访问", "拦截提示", "的IP"),
        body=r"(?:请求|访问)(?:已)?被(?:管理员|防火墙|WAF|安全防护|网站管理员)[^<]{0,12}(?:拦截|阻断|拒绝|设置)"
        r"|(?:您|你)的(?:IP|请求|访问)[^<]{0,12}(?:被(?:拦截|阻断|封禁|禁止|拒绝)|存在(?:安全)?风险|带有不合法参数)|拦截提示",
        longest=5_000,
    ),
)
"""The table of web.md §5.2, after wafw00f's plugins; the specific ones first."""

_ANY_STATUS = frozenset(status for product in PRODUCTS for status in product.statuses)
