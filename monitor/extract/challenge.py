"""Challenge and block pages of firewalls, by product (web.md §5.2). Such a page says nothing of the site behind it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

REFUSALS = frozenset((401, 403, 405, 407, 412, 429, 451, 493, 521))
"""Statuses by which a server refuses this visitor, whatever the page behind them is like."""


def recognise(status_code: int, headers: Mapping[str, str], body: bytes) -> str | None:
    """The product's name (Chinese), 拒绝访问 for a refusal of an unknown one, or None. Header names in any case."""
    head = "\n".join(f"{name.lower()}: {value}" for name, value in headers.items())
    start = body[:_BODY_BYTES].decode("utf-8", "replace")
    text = start + body[:_BODY_BYTES].decode("gb18030", "replace") if "�" in start else start
    for product in PRODUCTS:
        if product.shown_by(status_code, head, text, len(body)):
            return product.name
    return "拒绝访问" if status_code in REFUSALS else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """One firewall. Its page is known by ``body``; by ``header`` only together with a refusing status,
    because the same header also stands on the pages that it lets through.

    ``longest``: a body with more bytes is an ordinary page, unless the status itself refuses.
    """

    name: str
    body: str = ""
    header: str = ""
    statuses: frozenset[int] = REFUSALS
    longest: int = 0

    def shown_by(self, status_code: int, head: str, text: str, length: int) -> bool:
        refused = status_code in self.statuses
        if self.header and refused and re.search(self.header, head, re.I | re.M):
            return True
        return (
            bool(self.body)
            and (refused or length <= self.longest)
            and re.search(self.body, text, re.I | re.S) is not None
        )


_BODY_BYTES = 65_536

PRODUCTS = (
    Product(
        name="加速乐（知道创宇）",
        body=r"__jsl_clearance|^\s*<script>document\.cookie=.{0,2000}location\.(?:href|pathname)"
        r"|;go\(\{[^<]*\"(?:bts|tn)\"",
        header=r"^set-cookie:.*__jsluid_[sh]=",
        statuses=frozenset((512, 521)),
        longest=40_000,
    ),
    Product(
        name="瑞数",
        body=r"\$_ts\s*=|\$_ts\[|<meta[^>]+r=[\"']?m[\"']?[^>]*>.*<script[^>]+r=[\"']?m[\"']?|Environment Checking",
        statuses=frozenset((202, 400, 412)),
        longest=20_000,
    ),
    Product(name="C3VK 脚本挑战", body=r"document\.cookie\s*=\s*[\"']C3VK=", longest=2_000),
    Product(
        name="奇安信网站卫士",
        body=r"wzws-waf-cgi|wzws-waf|GeoBL|WZWS-RAY",
        header=r"^wzws-ray:|^server:.*(?:qianxin-waf|wzws)",
        longest=5_000,
    ),
    Product(
        name="创宇盾（知道创宇）",
        body=r"365cyd\.(?:com|net)|yunaq\.com|ks-waf-error|创宇盾",
        header=r"^server:.*ks-waf",
        longest=5_000,
    ),
    Product(
        name="阿里云盾",
        body=r"errors\.aliyun\.com|acw_sc__v2|block_message.{0,400}aliyun|您的访问请求可能对网站造成(?:安全)?威胁",
        header=r"^set-cookie:.*(?:acw_tc|aliyungf_tc)=",
        statuses=frozenset((403, 405, 493)),
        longest=60_000,
    ),
    Product(
        name="腾讯云防火墙",
        body=r"腾讯云\s*Web\s*应用防火墙|waf\.tencent-cloud\.com|__tst_status|EO_Bot_Ssid",
        header=r"^server:.*(?:stgw_waf|tencent-?waf)|^eo-log-uuid:",
        longest=10_000,
    ),
    Product(
        name="华为云防火墙",
        body=r"华为云\s*WAF|huaweicloudwaf|CloudWAF",
        header=r"^set-cookie:.*HWWAFSES(?:ID|TIME)=|^server:.*huaweicloudwaf",
        statuses=frozenset((403, 405, 418)),
        longest=5_000,
    ),
    Product(
        name="长亭雷池",
        body=r"<!--\s*event[_ ]id:|safeline|sl-session|Access Forbidden.{0,200}SafeLine",
        header=r"^set-cookie:.*sl-session=",
        statuses=frozenset((403, 405, 467, 468)),
        longest=20_000,
    ),
    Product(
        name="安全狗",
        body=r"safedog|网站防火墙.{0,80}安全狗",
        header=r"^(?:server|x-powered-by|set-cookie):.*safedog",
        longest=20_000,
    ),
    Product(name="云锁", body=r"yunsuo(?:_session|logo)|云锁", header=r"^set-cookie:.*yunsuo_session", longest=20_000),
    Product(
        name="百度云加速",
        body=r"yunjiasu(?:-nginx)?|su\.baidu\.com",
        header=r"^server:.*yunjiasu|^set-cookie:.*yd_cookie=",
        longest=20_000,
    ),
    Product(name="网宿防火墙", body=r"wangsu\.com.{0,200}(?:block|deny)|Wangsu\s*WAF", longest=5_000),
    Product(
        name="玄武盾",
        body=r"玄武盾|dbappwaf|dbappsecurity",
        header=r"^server:.*(?:xuanwudun|dbappwaf)",
        longest=20_000,
    ),
    Product(name="绿盟防火墙", body=r"nsfocus", header=r"^server:.*nsfocus", longest=5_000),
    Product(name="蓝盾防火墙", body=r"bluedon", header=r"^server:.*bdwaf", longest=5_000),
    Product(
        name="盛邦防火墙",
        body=r"webray|RayWAF|Sorry! your access has been intercepted",
        header=r"^server:.*raywaf|^drivedby:.*raysrv",
        longest=5_000,
    ),
    Product(
        name="铱迅防火墙",
        body=r"yxlink|铱迅",
        header=r"^server:.*yxlink|^set-cookie:.*yx_ci_session=",
        longest=5_000,
    ),
    Product(
        name="Cloudflare",
        body=r"<title>Just a moment\.\.\.</title>|cf-browser-verification|/cdn-cgi/challenge-platform/h/",
        header=r"^cf-mitigated:",
        statuses=frozenset((403, 429, 503)),
    ),
    Product(
        name="脚本挑战页",
        body=r"^\s*(?:<!doctype[^>]*>\s*)?(?:<(?:html|head|body|meta)\b[^>]*>\s*)*<script[^>]*>(?:(?!</script>).){0,3000}?"
        r"document\.cookie\s*=(?:(?!</script>).){0,3000}?location(?:\.(?:reload|replace|href)|\s*=)",
        longest=4_000,
    ),
    Product(
        name="访问频率限制",
        body=r"(?:访问|操作|请求)(?:过于|太|太过)频繁|Too Many Requests",
        statuses=frozenset((403, 429, 503)),
        longest=3_000,
    ),
    Product(
        name="安全防护拦截",
        body=r"(?:请求|访问)(?:已)?被(?:管理员|防火墙|WAF|安全防护|网站管理员)[^<]{0,12}(?:拦截|阻断|拒绝|设置)"
        r"|(?:您|你)的(?:IP|请求|访问)[^<]{0,12}(?:被(?:拦截|阻断|封禁|禁止|拒绝)|存在(?:安全)?风险|带有不合法参数)|拦截提示",
        longest=5_000,
    ),
)
"""The table of web.md §5.2, after wafw00f's plugins; the specific ones first."""
