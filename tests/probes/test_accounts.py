"""The probe of accounts and its sources."""

from datetime import UTC, date, datetime

import pytest

from checks import DateBasis
from monitor.probes.account_source import adapters
from tests.net.web import answer, in_loop, serving
from tests.probes.kits import account, kit, look


def rss(*dates: str) -> bytes:
    items = "".join(
        f"<item><title>第{n}条</title><link>http://weibo.example/{n}</link>"
        + (f"<pubDate>{day}</pubDate>" if day else "")
        + "</item>"
        for n, day in enumerate(dates)
    )
    channel = "<title>某县发布</title><lastBuildDate>Tue, 24 Nov 2026 02:00:00 GMT</lastBuildDate>"
    return answer(
        f'<?xml version="1.0"?><rss version="2.0"><channel>{channel}{items}</channel></rss>',
        content_type="application/rss+xml",
    )


async def read(feed: bytes, **fields):
    async with serving({"/feed": feed}) as server, kit() as k:
        subject = account(source="feed", feed_url=server.url("/feed"), **fields)
        (reading,) = await look("account.source", subject, k)
    return reading


def test_each_module_of_sources_is_an_adapter():
    assert {"feed", "self_report"} <= set(adapters())


@in_loop
async def test_the_latest_item_counts_wherever_it_stands():
    reading = await read(
        rss("Mon, 01 Jan 2024 00:00:00 GMT", "Fri, 20 Nov 2026 08:30:00 GMT", "Wed, 18 Nov 2026 20:00:00 GMT")
    )
    assert reading.source_ok
    assert reading.latest_at == datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
    assert (reading.precision, reading.basis) == ("second", DateBasis.PUBLISHED)
    assert (reading.title, reading.url) == ("第1条", "http://weibo.example/1")
    assert (reading.items_seen, reading.items_undated) == (3, 0)
    assert reading.covered_from == date(2024, 1, 1)


@in_loop
async def test_the_first_day_covered_is_a_day_in_shanghai():
    reading = await read(rss("Wed, 18 Nov 2026 20:00:00 GMT"))
    assert reading.covered_from == date(2026, 11, 19)


@pytest.mark.parametrize(
    ("day", "believed"),
    [
        ("Wed, 25 Nov 2026 01:59:59 GMT", True),
        ("Wed, 25 Nov 2026 02:00:00 GMT", True),
        ("Wed, 25 Nov 2026 02:00:01 GMT", False),
    ],
)
@in_loop
async def test_a_date_more_than_a_day_ahead_is_not_believed(day, believed):
    reading = await read(rss("Fri, 20 Nov 2026 08:30:00 GMT", day))
    assert (reading.title == "第1条") is believed
    # What the misdated item hides may be newer than anything else, so silence is not proven.
    assert (reading.covered_from is not None) is believed


@in_loop
async def test_an_item_without_a_date_takes_away_the_proof_of_silence_but_not_the_latest():
    reading = await read(rss("Fri, 20 Nov 2026 08:30:00 GMT", ""))
    assert (reading.source_ok, reading.items_undated, reading.covered_from) == (True, 1, None)
    assert reading.latest_at == datetime(2026, 11, 20, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "feed",
    [
        rss(),
        rss("", ""),
        answer("x", status=403),
        answer("x", status=404),
        answer("<html><body>登录</body></html>"),
        answer(rss("Fri, 20 Nov 2026 08:30:00 GMT").partition(b"\r\n\r\n")[2][:300], content_length="999"),
    ],
    ids=["no items", "no dates", "blocked", "gone", "a page", "cut off"],
)
@in_loop
async def test_a_feed_that_proves_nothing_is_not_ok_and_says_why(feed):
    if b"999" in feed:
        feed = feed.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1)
    reading = await read(feed)
    assert (reading.source_ok, reading.latest_at, reading.covered_from) == (False, None, None)
    assert reading.error


@in_loop
async def test_the_registry_speaks_for_an_account_that_reports_itself():
    async with kit() as k:
        subject = account(source="self_report", last_published=date(2026, 11, 20), last_url="http://weibo.example/9")
        (reading,) = await look("account.source", subject, k)
        (empty,) = await look("account.source", account(source="self_report"), k)
    assert (reading.source_ok, reading.basis, reading.precision) == (True, DateBasis.SELF_REPORTED, "day")
    assert reading.latest_at.isoformat() == "2026-11-20T00:00:00+08:00"
    assert (reading.url, reading.covered_from) == ("http://weibo.example/9", None)
    assert (empty.source_ok, empty.error) == (False, "台账未填写最后更新时间")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "未配置采集方式"),
        ({"source": "telepathy"}, "没有名为“telepathy”的采集方式"),
        ({"source": "feed"}, "未填写订阅地址"),
    ],
)
@in_loop
async def test_an_account_that_nobody_can_ask_is_not_accused(fields, words):
    async with kit() as k:
        (reading,) = await look("account.source", account(**fields), k)
    assert not reading.source_ok
    assert words in reading.error
