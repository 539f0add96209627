"""Dates as Chinese pages write them, and what only looks like one."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.extract.dates import CHINA, find_dates, latest_past, url_date

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    "text",
    [
        "2026-09-11", "2026/9/11", "2026.09.11", "2026年9月11日", "[2026-09-11]",
        "（2026-09-11）", "2026 年 09 月 11 日",
        "２０２６年９月１１日", "2026－09－11", "2026-09-\n11", "发布于2026-09-11点击", "二〇二六年九月十一日",
        "二○二六年九月十一日", "通知-2026-09-11", "2026年9月11号",
    ],
)  # fmt: skip
def test_a_day_is_read_in_every_usual_form(text: str) -> None:
    assert [(f.day, f.at) for f in find_dates(text, today=TODAY)] == [(date(2026, 9, 11), None)]


@pytest.mark.parametrize(
    ("text", "hour", "minute", "second"),
    [
        ("2026-09-11 10:08", 10, 8, 0),
        ("2026-09-11 10∶08", 10, 8, 0),  # U+2236
        ("2026-09-11 10：08：33", 10, 8, 33),
        ("2026-09-1110:08:33", 10, 8, 33),
        ("2026-09-11T10:08:33.123+08:00", 10, 8, 33),
        ("2026-09-11T02:08:33Z", 10, 8, 33),
        ("2026年9月11日 星期五 下午2:51", 14, 51, 0),
        ("2026年9月11日10时08分", 10, 8, 0),
        ("2026-09-11 00:00", 0, 0, 0),
    ],
)
def test_the_time_of_day_is_china_time(text: str, hour: int, minute: int, second: int) -> None:
    (found,) = find_dates(text, today=TODAY)
    assert found.at is not None
    assert found.at.replace(microsecond=0) == datetime(2026, 9, 11, hour, minute, second, tzinfo=CHINA)
    assert (found.start, found.end) == (0, len(text))


def test_a_time_that_does_not_exist_leaves_the_day() -> None:
    assert [(f.day, f.at) for f in find_dates("2026-09-11 24:00", today=TODAY)] == [(date(2026, 9, 11), None)]


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-00018", "索引号：2026-02-18", "文号 2026-02-18", "2026-02-18-0001", "SZ2026-02-18", "12026-02-18",
        "2026-02-30", "2026-13-01", "2026-00-10", "2026.1.12.3", "/2026/09/11/", "国办函〔2026〕11号", "1.2026-09-11x",
        "2026年第9号", "20260911", "2026-09", "二〇二六年十三月四十日", "",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_date_is_none(text: str) -> None:
    assert find_dates(text, today=TODAY) == []


def test_all_dates_of_a_text_are_found_with_their_places() -> None:
    text = "自2026年1月1日起至2026-12-31止"
    assert [text[f.start : f.end] for f in find_dates(text, today=TODAY)] == ["2026年1月1日", "2026-12-31"]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("11-24", "2026-11-24"),
        ("11-25", "2026-11-25"),
        ("11-26", "2025-11-26"),
        ("12/30", "2025-12-30"),
        ("9月1日", "2026-09-01"),
        ("02-29", "2024-02-29"),
    ],
)
def test_month_and_day_lie_in_the_latest_year_that_is_not_ahead(text: str, day: str) -> None:
    assert [str(f.day) for f in find_dates(text, today=TODAY, month_day=True)] == [day]
    assert find_dates(text, today=TODAY) == []


@pytest.mark.parametrize("text", ["1-2", "3/54", "1/12", "10:12-13", "11-24-0001", "A11-24", "13-01", "2025年11-24"])
def test_pagers_and_numbers_are_not_month_and_day(text: str) -> None:
    assert find_dates(text, today=TODAY, month_day=True) == []


def test_a_full_date_is_not_read_again_as_month_and_day() -> None:
    assert [f.day for f in find_dates("2025-11-24", today=TODAY, month_day=True)] == [date(2025, 11, 24)]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("今天", "2026-11-24"), ("昨天 10:20", "2026-11-23"), ("前天", "2026-11-22"), ("3天前", "2026-11-21"),
        ("23小时前", "2026-11-24"), ("24小时前", "2026-11-23"), ("刚刚", "2026-11-24"), ("5分钟前", "2026-11-24"),
    ],
)  # fmt: skip
def test_relative_days_are_read_on_demand(text: str, day: str) -> None:
    assert [str(f.day) for f in find_dates(text, today=TODAY, relative=True)] == [day]
    assert find_dates(text, today=TODAY) == []


@pytest.mark.parametrize(
    "path",
    [
        "/202609/t20260911_123.html", "/art/2026/9/11/art_60085_123.html", "/2026-09/11/content_123.shtml",
        "/20260911/abcdef/c.html", "/2026/09/11/ARTI123.shtml", "/2026-09-11/123.html", "/columns/x/202609/11/y.html",
        "/20260911/0123456789abcdef0123456789abcdef.html",
    ],
)  # fmt: skip
def test_the_usual_addresses_of_articles_carry_their_day(path: str) -> None:
    assert url_date("http://www.example.gov.cn" + path) == date(2026, 9, 11)


@pytest.mark.parametrize(
    "path",
    ["/202609/0123456789abcdef.shtml", "/content/post_20260911.html", "/12345678/index.html", "/20261399/a.html"],
)
def test_other_addresses_carry_no_day(path: str) -> None:
    assert url_date("http://www.example.gov.cn" + path) is None


@given(
    st.dates(date(1990, 1, 1), date(2099, 12, 31)), st.sampled_from(["{:%Y-%m-%d}", "{:%Y/%m/%d}", "{:%Y年%m月%d日}"])
)
def test_every_day_is_read_as_itself(day: date, form: str) -> None:
    assert [f.day for f in find_dates(form.format(day), today=TODAY)] == [day]


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_a_day_without_a_year_is_never_further_ahead_than_tomorrow(today: date, day: date) -> None:
    found = latest_past(day.month, day.day, today)
    assert found is not None
    assert (found - today).days <= 1
    assert (found.month, found.day) == (day.month, day.day)
