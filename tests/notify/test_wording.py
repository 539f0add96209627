"""What a message says, how long it may be, and that a watched page cannot speak through it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.core.notices import About, News, Place
from monitor.notify.channel import Style, all_kinds
from monitor.notify.wording import MOST_MESSAGES, clipped, compose, title_of, trial
from tests.notify.tidings import NOW, tiding

PLAIN = Style(limit=15_000)
WECOM = all_kinds()["wecom"].style
STYLES = [kind.style for kind in all_kinds().values()]


def body(*tidings, style: Style = PLAIN) -> str:
    [message] = compose(tidings, style, at=NOW, label="青禾监测点")
    return message.body


def test_a_message_says_what_where_how_much_and_what_to_do():
    text = body(tiding(place=Place(name="青禾县人民政府网站", sponsor="县府办")))
    assert text.splitlines() == [
        "【巡查】新发现问题 1 项",
        "青禾监测点 · 2026-11-23 10:00",
        "",
        "■ 新发现问题",
        "青禾县人民政府网站（县府办）｜链接可用性",
        "　链接“第 1 条”打不开（限 0 条）",
        "　http://www.example.gov.cn/1.html",
        "　建议：请更正链接或撤除",
    ]


def test_the_findings_of_one_check_on_one_subject_are_one_block():
    text = body(*(tiding(n) for n in range(1, 8)))
    assert text.count("青禾县人民政府网站") == 1
    assert text.count("打不开") == 3
    assert "另有 4 条" in text
    assert "新发现问题 7 项" in text


@pytest.mark.parametrize(("count", "more"), [(2, ""), (3, ""), (4, "另有 1 条")])
def test_three_of_a_block_are_shown_and_the_others_counted(count, more):
    text = body(*(tiding(n) for n in range(count)))
    assert ("另有" in text) is bool(more)
    assert more in text


def test_each_kind_of_news_has_its_own_sentence():
    assert "再次出现（第 2 次）" in body(tiding(episode=2))
    assert "仍未处理（始于 2026-11-23 07:00）" in body(tiding(news=News.REMINDED))
    recovered = body(tiding(news=News.RECOVERED))
    assert "复查未再发现（始于 2026-11-23 07:00，历时 3 小时 0 分）" in recovered
    assert "建议" not in recovered
    assert "不再超期" in body(tiding(news=News.RECOVERED, about=About.OVERDUE, due=date(2026, 11, 20)))
    trouble = tiding(about=About.TROUBLE, check="disk.full", subject="", place=Place(name=""), text="磁盘将满")
    assert "巡查系统" in body(trouble)
    assert "已恢复" in body(replace(trouble, news=News.RECOVERED))


@pytest.mark.parametrize(
    ("minutes", "said"), [(5, "5 分钟"), (60, "1 小时 0 分"), (2879, "47 小时 59 分"), (2880, "2 天")]
)
def test_a_recovery_says_how_long_it_lasted(minutes, said):
    assert f"历时 {said}）" in body(tiding(news=News.RECOVERED, since=NOW - timedelta(minutes=minutes)))


def test_the_title_counts_what_is_worst_first():
    tidings = [
        tiding(1, news=News.RECOVERED),
        tiding(2, about=About.WARNING),
        tiding(3),
        tiding(4, about=About.TROUBLE),
        tiding(5, about=About.OVERDUE),
        tiding(6, news=News.REMINDED),
    ]
    assert title_of(tidings) == (
        "【巡查】系统自身异常 1 项、新发现问题 1 项、整改超期 1 项、预警 1 项、提醒 1 项、恢复 1 项"
    )


def test_the_same_tidings_make_the_same_message_whatever_their_order():
    tidings = [tiding(n, subject=f"site:{n}") for n in range(9)]
    once = compose(tidings, WECOM, at=NOW)
    again = compose(tidings[::-1], WECOM, at=NOW + timedelta(minutes=11))
    assert [m.id for m in once] == [m.id for m in again]
    assert compose(tidings, WECOM, at=NOW, recipient="a@example.gov.cn")[0].id != once[0].id


def many(count: int, **changed):
    return [tiding(n, subject=f"site:{n:010d}", place=Place(name=f"第 {n} 个网站"), **changed) for n in range(count)]


def test_many_tidings_make_several_messages_and_each_tiding_is_in_one():
    tidings = many(40)
    messages = compose(tidings, WECOM, at=NOW)
    assert 1 < len(messages) <= MOST_MESSAGES
    assert sorted(t.identity for m in messages for t in m.tidings) == sorted(t.identity for t in tidings)
    assert all(f"（{n}/{len(messages)}）" in m.title for n, m in enumerate(messages, 1))
    for message in messages:
        for told in message.tidings:
            assert told.place.name in message.body


def test_what_is_beyond_five_messages_is_counted():
    tidings = many(900)
    messages = compose(tidings, WECOM, at=NOW)
    assert len(messages) == MOST_MESSAGES
    assert sorted(t.identity for m in messages for t in m.tidings) == sorted(t.identity for t in tidings)
    shown = sum(f"第 {n} 个网站" in m.body for m in messages for n in range(900))
    assert f"还有 {900 - shown} 条未列出" in messages[-1].body


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("count", [1, 3, 12, 300])
def test_no_message_is_longer_than_its_channel_takes(style, count):
    worst = {"text": "网" * 5000, "url": "http://a.example/" + "%E7%BD%91" * 50, "advice": "请" * 5000}
    tidings = [*many(count, **worst), *(tiding(n, **worst) for n in range(5000, 5000 + count))]
    for message in compose(tidings, style, at=NOW, label="监测点" * 99):
        assert len(message.body.encode()) <= style.limit


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=400), min_size=1, max_size=30))
def test_whatever_a_page_wrote_a_message_can_be_made_and_is_within_its_limit(texts):
    tidings = [tiding(n, text=text, subject=f"site:{n}", place=Place(name=text)) for n, text in enumerate(texts)]
    for style in STYLES:
        for message in compose(tidings, style, at=NOW):
            assert len(message.body.encode("utf-8")) <= style.limit
            assert "\n" not in message.title


@pytest.mark.parametrize(("limit", "text"), [(9, "巡查中"), (8, "巡…"), (7, "巡…"), (6, "巡…")])
def test_a_text_is_cut_between_characters(limit, text):
    assert clipped("巡查中", limit) == text


# What a watched page wrote


@pytest.mark.parametrize("style", [s for s in STYLES if s.guard_tags])
@pytest.mark.parametrize("call", ["<@all>", '<at user_id="all">所有人</at>', "<font color=warning>", "@13800000000"])
def test_a_page_cannot_call_people(style, call):
    text = body(tiding(text=call, place=Place(name=call, sponsor=call), advice=call), style=style)
    assert "<" not in text
    assert "@" not in text


def test_a_page_cannot_write_markup():
    text = body(tiding(text="[点此](http://evil.example/) **x** `y` # z"), style=WECOM)
    assert "[点此]" not in text
    assert "**x**" not in text


def test_a_page_cannot_break_lines_or_turn_the_direction_of_text():
    text = body(tiding(text="甲\r\n■ 恢复\u202e\u0000\u2028乙"))
    assert "甲 ■ 恢复 乙" in text
    assert "\u202e" not in text


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://a.example/", "", "http://a.example/" + "x" * 600])
def test_an_address_that_is_none_or_too_long_is_left_out(url):
    text = body(tiding(url=url))
    assert "://" not in text
    assert "javascript" not in text


def test_an_address_cannot_leave_its_brackets():
    text = body(tiding(url="http://a.example/x)](http://evil.example/ <@all>"), style=WECOM)
    assert text.count("](") == 1
    assert "<" not in text
    assert " <@all>" not in text


def test_a_trial_message_holds_the_word_that_robots_may_ask_for():
    message = trial("群", at=NOW)
    assert "巡查" in message.body
    assert not message.tidings
