"""Feeds of accounts, with the dates that real ones carry (accounts.md §6)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from checks import DateBasis
from monitor.extract.dates import CHINA
from monitor.extract.feeds import FeedItem, read_feed, read_moment

HALF_PAST_FOUR = datetime(2026, 11, 20, 16, 30, tzinfo=CHINA)
MIDNIGHT = datetime(2026, 11, 20, tzinfo=CHINA)


def rss(date: str = "", *, title: str = "通知公告", encoding: str = "utf-8", more: str = "") -> str:
    return (
        f'<?xml version="1.0" encoding="{encoding}"?><rss version="2.0"><channel><title>某县发布</title>'
        f"<pubDate>Tue, 24 Nov 2026 08:00:00 GMT</pubDate><lastBuildDate>Tue, 24 Nov 2026 08:00:00 GMT</lastBuildDate>"
        f"<item><title>{title}</title><link>http://a.cn/1?x=1&amp;y=2</link><guid>12</guid>{more}"
        f"<pubDate>{date}</pubDate></item></channel></rss>"
    )


@pytest.mark.parametrize(
    "raw",
    [
        "Fri, 20 Nov 2026 08:30:00 GMT", "Fri, 20 Nov 2026 16:30:00 +0800", "Fri, 20 Nov 2026 16:30:00 ",
        "Fri, 20 Nov 2026 16:30:00 CST", "Fri, 20 Nov 2026 08:30:00 -0000", "Fri Nov 20 16:30:00 +0800 2026",
        "2026-11-20 16:30:00", "2026-11-20T16:30:00+08:00", "2026-11-20T08:30:00Z", "2026-11-20T08:30:00.000Z",
        "2026年11月20日 16:30", "2026/11/20 16:30", "1795163400", "1795163400000",
    ],
)  # fmt: skip
def test_a_moment_is_read_in_every_form_that_feeds_use(raw: str) -> None:
    assert read_moment(raw) == (HALF_PAST_FOUR, "second")


@pytest.mark.parametrize("raw", ["2026-11-20", "2026年11月20日", "2026/11/20"])
def test_a_date_without_a_time_has_the_precision_of_a_day(raw: str) -> None:
    assert read_moment(raw) == (MIDNIGHT, "day")


@pytest.mark.parametrize(
    "raw", ["", "Invalid Date", "12", "1", "2026-02-30", "2026", "soon", "0001-01-01T00:00:00Z", "99999999999"]
)
def test_what_is_no_moment_is_none(raw: str) -> None:
    assert read_moment(raw) is None


def test_an_item_keeps_its_raw_date_and_its_basis() -> None:
    feed = read_feed(rss("Fri, 20 Nov 2026 16:30:00 CST").encode())
    assert feed.items == (
        FeedItem(
            title="通知公告", url="http://a.cn/1?x=1&y=2", at=HALF_PAST_FOUR, precision="second",
            basis=DateBasis.PUBLISHED, raw="Fri, 20 Nov 2026 16:30:00 CST",
        ),
    )  # fmt: skip
    assert (feed.undated, feed.error) == (0, "")


@pytest.mark.parametrize("raw", ["", "Invalid Date"])
def test_an_item_without_a_date_takes_none_from_its_channel_or_its_guid(raw: str) -> None:
    feed = read_feed(rss(raw).encode())
    assert (feed.items[0].at, feed.items[0].precision, feed.items[0].raw, feed.undated) == (None, "", raw, 1)


def test_atom_takes_published_before_updated_and_the_alternate_link() -> None:
    entry = "<entry><title type='html'>&lt;b&gt;通知&lt;/b&gt;</title><link rel='self' href='http://s/'/><link href='http://a.cn/2'/><updated>2026-11-23T00:00:00Z</updated>{}</entry>"
    page = "<feed xmlns='http://www.w3.org/2005/Atom'><updated>2026-11-24T00:00:00Z</updated>{}</feed>"
    both = read_feed(page.format(entry.format("<published>2026-11-20T08:30:00Z</published>")).encode()).items[0]
    assert (both.title, both.url, both.at, both.basis) == ("通知", "http://a.cn/2", HALF_PAST_FOUR, DateBasis.PUBLISHED)
    changed = read_feed(page.format(entry.format("")).encode()).items[0]
    assert (changed.at, changed.basis) == (datetime(2026, 11, 23, tzinfo=UTC), DateBasis.UPDATED)


def test_rdf_and_dublin_core_dates_are_read() -> None:
    page = (
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/' "
        "xmlns:dc='http://purl.org/dc/elements/1.1/'><item><title>a</title><link>http://a.cn/</link>"
        "<dc:date>2026-11-20T16:30:00+08:00</dc:date></item></rdf:RDF>"
    )
    assert read_feed(page.encode()).items[0].at == HALF_PAST_FOUR


def test_json_feed_is_read() -> None:
    page = '{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"http://a.cn/1","title":"a","date_published":"2026-11-20T08:30:00Z"},{"id":"2","title":"b"}]}'
    feed = read_feed(page.encode())
    assert [(item.url, item.at) for item in feed.items] == [("http://a.cn/1", HALF_PAST_FOUR), ("", None)]
    assert feed.undated == 1


@pytest.mark.parametrize(
    ("declared", "true", "header"),
    [
        ("gb2312", "gb18030", ""),
        ("utf-8", "gb18030", ""),
        ("gb2312", "utf-8", "text/xml; charset=utf-8"),
        ("utf-8", "utf-8", ""),
    ],
)
def test_titles_survive_a_wrong_encoding(declared: str, true: str, header: str) -> None:
    feed = read_feed(rss("2026-11-20", title="镕城县通知公告", encoding=declared).encode(true), content_type=header)
    assert feed.items[0].title == "镕城县通知公告"


def test_a_bare_ampersand_or_a_control_character_costs_no_item() -> None:
    feed = read_feed(rss("2026-11-20", title="A & B \x01通知").replace("&amp;y", "&y").encode())
    assert (feed.items[0].title, feed.items[0].url, feed.items[0].at) == (
        "A & B 通知",
        "http://a.cn/1?x=1&y=2",
        MIDNIGHT,
    )


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", "订阅源返回的内容为空"),
        (b" \n", "订阅源返回的内容为空"),
        (b"<html><body>502 Bad Gateway</body></html>", "返回的是网页，不是订阅源"),
        (b"502 Bad Gateway", "订阅源格式错误，无法解析"),
        (b'{"errcode":1}', "返回的是其他内容，不是订阅源"),
        (b'{"version"', "订阅源格式错误，无法解析"),
        (b"<opml/>", "返回的是其他内容，不是订阅源"),
        (b" " * 5_000_001 + b"<rss/>", "订阅源超过 5 MB，未解析"),
    ],
)
def test_what_is_no_feed_says_so(body: bytes, error: str) -> None:
    feed = read_feed(body)
    assert (feed.error, feed.items) == (error, ())


def test_a_feed_without_items_is_a_feed() -> None:
    assert read_feed(b"<rss><channel></channel></rss>").error == ""


def test_entities_of_a_document_type_are_not_followed() -> None:
    page = (
        '<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/hostname"><!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
        "<rss><channel><item><title>x&e;&b;</title></item></channel></rss>"
    )
    assert read_feed(page.encode()).items[0].title in ("x&e;&b;", "x")
