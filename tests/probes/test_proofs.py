"""Links that units name as proof, feeds and the health of their sources, stores of applications, secrets."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from checks import Account, DateBasis, Platform
from monitor.errors import UsageError
from monitor.sources.confirming import SourceEvent, in_force, origin_of
from monitor.sources.secrets import Secrets, load_secrets
from tests.net.web import in_loop
from tests.probes.interfaces import asking
from tests.probes.kits import NOW, kit, look

LINK = "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv"
WECHAT = Account(
    platform=Platform.WECHAT, name="某县发布", account_id="gh_1", sponsor="某局", source="proof_url", last_url=LINK
)  # fmt: skip


def article(name: str = "某县发布", *, extra: str = "", ct: str = 'var ct = "1795163400";') -> bytes:
    return f"""<!doctype html><html><head><meta property="og:title" content="关于冬季供暖的通告"/>
<meta name="author" content="县政府办"/></head><body>{"供暖从十一月十五日开始，请注意安全。" * 30}{extra}
<strong class="wx_follow_nickname">{name}</strong><script>var ct = "1000000000";</script>
<script nonce="1" type="text/javascript">var item_show_type = "0"; var real_item_show_type = "0"; {ct}</script>
</body></html>""".encode()


async def prove(page, account: Account = WECHAT, path: str = "/s/AbCdEfGhIjKlMnOpQrStUv"):
    async with asking({path: page}, "mp.weixin.qq.com") as (k, interface):
        [reading] = await look("account.source", account, k)
    return reading, interface


@in_loop
async def test_the_page_of_an_article_proves_when_it_was_published_and_by_whom():
    reading, _ = await prove(article())
    assert (reading.source_ok, reading.basis) == (True, DateBasis.PROOF_PAGE)
    assert reading.latest_at == datetime.fromtimestamp(1795163400, UTC)
    assert (reading.title, reading.url) == ("关于冬季供暖的通告", LINK)
    assert reading.covered_from is None


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (article("别县发布"), "是“别县发布”的文章"),
        (article(extra="<p>该内容已被发布者删除</p>"), "已被删除"),
        (article(ct=""), "没有文章"),
        (article(""), "没有文章"),
        (article(extra="<p>环境异常</p>"), "被平台拦截"),
        ((404, b"gone"), "被平台拦截"),
    ],
)
@in_loop
async def test_a_page_that_proves_nothing_is_told(page, words):
    reading, interface = await prove(page)
    assert (reading.source_ok, reading.latest_at) == (False, None)
    assert words in reading.error
    assert len(interface.asked) == 1  # never in a loop


@pytest.mark.parametrize(
    "url",
    [
        "", "https://mp.weixin.qq.com/", "https://mp.weixin.qq.com/s/short", "http://127.0.0.1/s/AbCdEfGhIjKlMnOpQr",
        "https://mp.weixin.qq.com.evil.example/s/AbCdEfGhIjKlMnOpQr", "https://mp.weixin.qq.com/s?__biz=a&mid=1",
        "https://user@mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQr", "https://mp.weixin.qq.com:8443/s/AbCdEfGhIjKlMnOpQr",
        "https://weibo.com/1/2", "https://mp.weixin.qq.com/cgi-bin/home",
    ],
)  # fmt: skip
@in_loop
async def test_no_other_address_is_asked(url):
    reading, interface = await prove(article(), replace(WECHAT, last_url=url))
    assert not reading.source_ok
    assert "请主办单位" in reading.error
    assert interface.asked == []


@in_loop
async def test_of_a_long_link_only_what_names_the_article_is_sent():
    url = "https://mp.weixin.qq.com/s?__biz=MzAw&mid=2247490111&idx=1&sn=0f1e2d&chksm=track&scene=27#rd"
    reading, interface = await prove(article(), replace(WECHAT, last_url=url), path="/s")
    assert reading.source_ok
    assert interface.asked[0].query == {"__biz": "MzAw", "mid": "2247490111", "idx": "1", "sn": "0f1e2d"}


@in_loop
async def test_a_claim_with_a_link_stands_or_falls_with_the_page_and_stays_a_claim_where_it_cannot_be_seen():
    claim = replace(WECHAT, source="self_report", last_published=date(2026, 11, 22))
    proved, _ = await prove(article(), claim)
    assert (proved.adapter, proved.basis) == ("self_report", DateBasis.PROOF_PAGE)
    stolen, _ = await prove(article("别县发布"), claim)
    assert (stolen.source_ok, stolen.latest_at) == (False, None)
    unseen, _ = await prove((503, b"busy"), claim)
    assert (unseen.source_ok, unseen.basis) == (True, DateBasis.SELF_REPORTED)


# Feeds and their sources


def rss(*days: str, host: str = "http://weibo.example") -> bytes:
    items = "".join(f"<item><title>第{n}条</title><link>{host}/{n}</link>{d}</item>" for n, d in enumerate(days))
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>某</title>{items}</channel></rss>'.encode()


def on(day: str) -> str:
    return f"<pubDate>{day}</pubDate>"


OLD, FRESH = on("Fri, 02 Oct 2026 08:30:00 GMT"), on("Mon, 23 Nov 2026 08:30:00 GMT")
FEED = Account(platform=Platform.WEIBO, name="某县发布", account_id="100", sponsor="某局", source="feed")


async def read_feed(routes: dict, *, confirm: bool = True, status: bool = False, canary: bool = False, **fields):
    async with asking(routes) as (k, interface):
        event = SourceEvent(
            origin=interface.url,
            confirmed=True,
            who="张三",
            at=NOW,
            canary=f"{interface.url}/canary" if canary else "",
            status_url=f"{interface.url}/feeds" if status else "",
        )
        k.desk._confirmed = {interface.url: event} if confirm else {}
        subject = replace(FEED, feed_url=f"{interface.url}/feeds/MP_WXS_1.rss", **fields)
        [reading] = await look("account.source", subject, k)
        return reading, interface


@in_loop
async def test_a_feed_of_a_source_that_nobody_vouched_for_is_not_asked():
    reading, interface = await read_feed({"/feeds/MP_WXS_1.rss": rss(FRESH)}, confirm=False)
    assert "未经确认" in reading.error
    assert f"xuncha source confirm {interface.url}" in reading.error
    assert interface.asked == []


@pytest.mark.parametrize(
    ("canary", "well"),
    [
        (rss(FRESH), True),
        (rss(on("Sat, 21 Nov 2026 08:30:00 GMT")), True),
        (rss(on("Fri, 20 Nov 2026 08:30:00 GMT")), False),
        (rss(""), False),
        (b"<html></html>", False),
        ((503, b"x"), False),
    ],
)
@in_loop
async def test_a_source_whose_canary_is_silent_proves_no_silence_but_its_publications_stand(canary, well):
    reading, _ = await read_feed({"/feeds/MP_WXS_1.rss": rss(OLD), "/canary": canary}, canary=True)
    assert reading.source_ok is well
    assert (reading.covered_from is not None) is well
    assert reading.latest_at == datetime(2026, 10, 2, 8, 30, tzinfo=UTC)
    assert well or "来源异常" in reading.error


@in_loop
async def test_the_canary_is_asked_once_in_a_round():
    routes = {"/feeds/MP_WXS_1.rss": rss(OLD), "/canary": rss(FRESH)}
    async with asking(routes) as (k, interface):
        event = SourceEvent(origin=interface.url, confirmed=True, who="张三", at=NOW, canary=f"{interface.url}/canary")
        k.desk._confirmed = {interface.url: event}
        for _ in range(5):
            await look("account.source", replace(FEED, feed_url=f"{interface.url}/feeds/MP_WXS_1.rss"), k)
        assert len(interface.to("/canary")) == 1


@pytest.mark.parametrize(
    ("status", "well"),
    [
        ([{"id": "MP_WXS_1", "syncTime": int((NOW - timedelta(hours=36)).timestamp())}], True),
        ([{"id": "MP_WXS_1", "syncTime": int((NOW - timedelta(hours=36, seconds=1)).timestamp())}], False),
        ([{"id": "MP_WXS_2", "syncTime": int(NOW.timestamp())}], False),
        ([], False),
        ({"x": 1}, False),
        ((500, b""), False),
    ],
)
@in_loop
async def test_a_feed_that_its_source_has_not_synchronised_proves_no_silence(status, well):
    reading, _ = await read_feed({"/feeds/MP_WXS_1.rss": rss(OLD), "/feeds": status}, status=True)
    assert reading.source_ok is well


@pytest.mark.parametrize(
    ("host", "accepted"),
    [("https://weibo.com/1", True), ("http://weibo.example", True), ("https://mp.weixin.qq.com/s", False)],
)
@in_loop
async def test_a_feed_of_another_platform_was_pasted_in_by_mistake(host, accepted):
    reading, _ = await read_feed({"/feeds/MP_WXS_1.rss": rss(FRESH, host=host)})
    assert reading.source_ok is accepted


@in_loop
async def test_undated_items_leave_marks_to_tell_new_ones_by():
    reading, _ = await read_feed({"/feeds/MP_WXS_1.rss": rss("", "")})
    again, _ = await read_feed({"/feeds/MP_WXS_1.rss": rss("", "")})
    assert (reading.source_ok, len(reading.marks)) == (False, 2)
    assert reading.marks == again.marks


@in_loop
async def test_several_ways_give_a_reading_each():
    async with kit() as k:
        found = await look(
            "account.source", replace(FEED, source="self_report+proof_url", last_published=date(2026, 11, 20)), k
        )
    assert [reading.adapter for reading in found] == ["self_report", "proof_url"]


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("HTTP://RssHub.Example:1200/weibo/1?key=x", "http://rsshub.example:1200"),
        ("https://a.example/x", "https://a.example"),
        ("http://[::1]:80/", "http://[::1]:80"),
        ("ftp://a/", ""),
        ("http://a:x/", ""),
        ("", ""),
    ],
)
def test_an_origin_is_scheme_host_and_port(url, origin):
    assert origin_of(url) == origin


def test_the_last_word_on_a_source_stands():
    yes = SourceEvent(origin="http://a", confirmed=True, who="张三", at=NOW)
    no = replace(yes, confirmed=False)
    assert set(in_force([yes])) == {"http://a"}
    assert set(in_force([yes, no])) == set()
    assert in_force([yes, no, replace(yes, who="李四")])["http://a"].who == "李四"


# The store


APP = Account(
    platform=Platform.APP, name="某县通", account_id="6400000001", sponsor="某县大数据中心", source="apple_lookup"
)
FOUND = {
    "resultCount": 1,
    "results": [
        {"trackId": 6400000001, "trackName": "某县通", "version": "3.2.1", "bundleId": "cn.gov.example.app",
         "currentVersionReleaseDate": "2026-09-09T01:12:17Z", "trackViewUrl": "https://apps.apple.com/cn/app/id64"}
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("reply", "listed"),
    [
        (FOUND, True),
        ({"resultCount": 0, "results": []}, False),
        ({"resultCount": 1, "results": []}, None),
        ({"results": []}, None),
        ((403, b"slow down"), None),
        (b"<html></html>", None),
    ],
)
@in_loop
async def test_the_store_says_whether_it_lists_an_application_and_nothing_of_its_contents(reply, listed):
    async with asking({"/lookup": reply}, "itunes.apple.com") as (k, interface):
        [fact] = await look("account.source", APP, k)
    assert fact.kind == "app_listing"
    assert fact.listed is listed
    assert interface.asked[0].query == {"id": "6400000001", "country": "cn"}
    if listed:
        assert (fact.version, fact.released) == ("3.2.1", date(2026, 9, 9))


@in_loop
async def test_a_bundle_id_is_looked_up_as_one():
    async with asking({"/lookup": FOUND}, "itunes.apple.com") as (k, interface):
        await look("account.source", replace(APP, account_id="cn.gov.example.app"), k)
    assert interface.asked[0].query["bundleId"] == "cn.gov.example.app"


# Secrets and calls


def test_an_accounts_own_secret_comes_before_its_adapters_and_that_before_the_environments():
    secrets = Secrets(
        {"weibo_biz": {"access_token": "of-all", "weibo:1": {"access_token": "env:OWN"}, "weibo:2": {}}},
        {"XUNCHA_WEIBO_BIZ_ACCESS_TOKEN": "from-outside", "XUNCHA_WEIBO_BIZ_APP": "app", "OWN": "of-one"},
    )
    assert secrets.of("weibo_biz", "weibo:1") == {"access_token": "of-one", "app": "app"}
    assert secrets.of("weibo_biz", "weibo:2")["access_token"] == "of-all"
    assert secrets.of("weibo_open", "weibo:1") == {}


def test_secrets_show_themselves_nowhere():
    secrets = Secrets({"a": {"k": "very/secret value"}}, {})
    secrets.of("a", "x")
    secrets.learn("token-1")
    assert "secret" not in repr(secrets)
    told = secrets.mask("k=very/secret value&t=token-1 very%2Fsecret%20value")
    assert "secret" not in told
    assert "token-1" not in told


@pytest.mark.skipif(os.name != "posix", reason="modes of files are POSIX's")
def test_a_file_of_secrets_that_others_can_read_is_refused(tmp_path):
    path = tmp_path / "secrets.toml"
    path.write_text('[weibo_biz]\naccess_token = "made-up"\n', encoding="utf-8")
    path.chmod(0o644)
    with pytest.raises(UsageError, match="chmod 600"):
        load_secrets(path)
    path.chmod(0o600)
    assert load_secrets(path).of("weibo_biz", "weibo:1")["access_token"] == "made-up"
    path.write_text("access_token = made-up", encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        load_secrets(path)
    assert "made-up" not in str(caught.value)
    with pytest.raises(UsageError, match="读不到"):
        load_secrets(tmp_path / "absent.toml")


@in_loop
async def test_an_interface_at_a_private_address_is_not_called():
    async with asking({"/lookup": FOUND}, "itunes.apple.com", allow=()) as (k, interface):
        [fact] = await look("account.source", APP, k)
    assert (fact.listed, interface.asked) == (None, [])
    assert "非公网地址" in fact.error
