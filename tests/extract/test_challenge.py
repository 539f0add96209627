"""Challenge and block pages are known by product, and ordinary pages are never taken for one."""

from __future__ import annotations

import pytest

from monitor.extract.challenge import PRODUCTS, REFUSALS, recognise

ORDINARY = "<html><title>某县人民政府</title><body>" + "<p>通知公告内容</p>" * 500 + "</body></html>"

SEEN: list[tuple[str, int, dict[str, str], str]] = [
    ("加速乐（知道创宇）", 521, {"Set-Cookie": "__jsluid_s=ab; path=/"}, "<script>x</script>"),
    ("加速乐（知道创宇）", 521, {}, "<script>document.cookie=('_')+('_');location.href=location.pathname</script>"),
    ("加速乐（知道创宇）", 521, {}, '<script>var a=1;go({"bts":["1","2"],"tn":"__jsl_clearance_s"})</script>'),
    ("瑞数", 412, {}, "<html><script>$_ts=window['$_ts'];</script></html>"),
    ("瑞数", 202, {}, "<meta id='a' content='x' r='m'><script src='/b.js' r='m'></script>"),
    ("瑞数", 200, {}, "<meta id='a' content='x' r='m'><script src='/b.js' r='m'></script>"),
    ("C3VK 脚本挑战", 200, {}, "<script>document.cookie='C3VK=1; max-age=300';location.reload()</script>"),
    ("奇安信网站卫士", 493, {"WZWS-Ray": "1"}, ""),
    ("奇安信网站卫士", 403, {"Server": "qianxin-waf"}, "GeoBL"),
    ("创宇盾（知道创宇）", 403, {}, "<a href='http://www.365cyd.com/'>创宇盾</a>"),
    ("阿里云盾", 405, {"Set-Cookie": "acw_tc=1"}, "blocked"),
    ("腾讯云防火墙", 403, {}, "腾讯云Web应用防火墙"),
    ("华为云防火墙", 418, {"set-cookie": "HWWAFSESID=1"}, ""),
    ("长亭雷池", 403, {}, "<!-- event_id: 12 -->"),
    ("脚本挑战页", 200, {}, "<html><body><script>document.cookie='a=1';location.reload();</script></body></html>"),
    ("访问频率限制", 429, {}, "您的访问过于频繁，请稍后再试"),
    ("安全防护拦截", 200, {}, "您的请求已被拦截"),
    ("需要访问者的数字证书", 400, {}, "<h1>400 Bad Request</h1>No required SSL certificate was sent"),
    ("拒绝访问", 466, {}, ""),
    ("拒绝访问", 999, {}, ""),
]


@pytest.mark.parametrize(("name", "status", "headers", "body"), SEEN)
def test_each_product_is_known_by_its_answer(name: str, status: int, headers: dict[str, str], body: str) -> None:
    assert recognise(status, headers, body.encode()) == name


def test_a_block_page_in_gbk_is_known_too() -> None:
    assert recognise(403, {}, "腾讯云Web应用防火墙".encode("gbk")) == "腾讯云防火墙"


@pytest.mark.parametrize("status", sorted(REFUSALS))
def test_a_refusal_of_an_unknown_product_is_a_refusal(status: int) -> None:
    assert recognise(status, {}, b"no") == "拒绝访问"


@pytest.mark.parametrize("status", [200, 301, 400, 404, 408, 410, 414, 500, 502, 503, 504, 508, 550])
def test_other_answers_of_a_site_are_its_own(status: int) -> None:
    assert recognise(status, {}, ORDINARY.encode()) is None
    assert recognise(status, {}, b"") is None


@pytest.mark.parametrize(
    "cookie", ["__jsluid_s=1", "acw_tc=1", "HWWAFSESID=1", "yunsuo_session=1", "yd_cookie=1", "sl-session=1"]
)
def test_a_cookie_of_a_firewall_on_a_page_that_it_lets_through_says_nothing(cookie: str) -> None:
    assert recognise(200, {"Set-Cookie": cookie}, ORDINARY.encode()) is None
    assert recognise(404, {"Set-Cookie": cookie}, ORDINARY.encode()) is None


def test_a_long_article_that_speaks_of_firewalls_is_an_article() -> None:
    article = ORDINARY.replace("通知公告内容", "腾讯云Web应用防火墙与创宇盾：您的访问过于频繁")
    assert recognise(200, {}, article.encode()) is None


def test_every_product_can_be_known_by_something() -> None:
    assert all(product.body or product.header for product in PRODUCTS)
    assert len({product.name for product in PRODUCTS}) == len(PRODUCTS)
