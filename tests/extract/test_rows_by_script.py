"""Rows whose date ends the title, whose address only a click handler knows, or whose date a script writes."""

from __future__ import annotations

import pytest

from checks import DateBasis
from tests.extract.test_listing import DAYS, MENU, TITLES, read, rows

PLAIN = "<li><a href='{href}'>{title}</a><span>{day}</span></li>"


@pytest.mark.parametrize(
    "end", [" [{day}]", "[{day}]", "（{day}）", "({y}/{m}/{d})", "【{day} 10:08】", " {day}", "　{y}.{m}.{d}"]
)
def test_a_date_that_ends_every_title_is_the_rows_date(end: str) -> None:
    page = read(MENU + "<ul>" + rows("<li><a href='{href}'>{title}" + end + "</a></li>") + "</ul>")
    assert [str(item.published) for item in page.items] == list(DAYS)
    assert [item.title for item in page.items] == list(TITLES)
    assert {item.basis for item in page.items} == {DateBasis.LIST}


def test_a_date_that_ends_some_titles_is_part_of_them() -> None:
    dated = "<li><a href='{href}'>{title}[{day}]</a></li>"
    page = read("<ul>" + rows(dated) + rows("<li><a href='/x/{href}'>{title}</a></li>") + "</ul>")
    assert (page.rows, page.undated) == (6, 6)


def test_a_chinese_date_in_brackets_at_the_end_is_part_of_the_title() -> None:
    page = read("<ul>" + rows("<li><a href='{href}'>{title}（{y}年{m}月{d}日）</a></li>") + "</ul>")
    assert (page.rows, page.undated) == (3, 3)


def test_the_rows_own_date_wins_over_one_that_ends_the_title() -> None:
    page = read("<ul>" + rows("<li><a href='{href}'>{title} [2026-11-23]</a><span>{day}</span></li>") + "</ul>")
    assert [str(item.published) for item in page.items] == list(DAYS)


@pytest.mark.parametrize("handler", ["openDetail('{d}345')", "return showInfo({d}345)", "view(this, 'a{d}b7')"])
def test_rows_that_a_click_handler_opens_by_a_number_are_items(handler: str) -> None:
    row = f'<li onclick="{handler}"><p>{{title}}</p><span>{{day}}</span></li>'
    page = read(MENU + "<ul>" + rows(row) + "</ul>")
    assert [str(item.published) for item in page.items] == list(DAYS)
    assert {item.url for item in page.items} == {""}
    assert len({item.fingerprint for item in page.items}) == 3


def test_buttons_and_tabs_with_click_handlers_are_no_items() -> None:
    page = read("<div>" + "".join(f"<span onclick='tab({n})'>栏目{n}</span>" for n in range(5)) + "</div>")
    assert (page.readable, page.rows) == (False, 0)


@pytest.mark.parametrize(
    "script",
    [
        "document.write('{day}');",
        'document.write("[{day} 10:00:00]")',
        "document.write('{day}'.substring(0,10));",
        "writeDate('{y}/{m}/{d} 09:00:00')",
    ],
)
def test_a_date_that_the_rows_own_script_writes_is_the_rows_date(script: str) -> None:
    page = read(MENU + "<ul>" + rows(PLAIN.replace("{day}", f"<script>{script}</script>")) + "</ul>")
    assert [str(item.published) for item in page.items] == list(DAYS)


@pytest.mark.parametrize(
    "script",
    ["var day = '{day}';", "document.write('{day}', '2026-11-01')", "document.write(new Date().getFullYear())"],
)
def test_a_script_that_prints_no_single_date_dates_nothing(script: str) -> None:
    page = read(MENU + "<ul>" + rows(PLAIN.replace("{day}", f"<script>{script}</script>")) + "</ul>")
    assert (page.rows, page.undated) == (3, 3)


@pytest.mark.parametrize("day", ["2026-11-26", "2027-01-01"])
def test_a_day_that_lies_ahead_is_kept_beside_the_item(day: str) -> None:
    page = read("<ul>" + rows(PLAIN, days=(day, *DAYS[1:])) + "</ul>")
    [kept] = page.items[0].others
    assert (str(kept.day), kept.basis) == (day, DateBasis.LIST)
    assert not page.items[1].others


@pytest.mark.parametrize("words", ["暂无数据", "没有找到相关记录", "对不起，暂无数据"])
def test_no_data_beside_a_script_from_elsewhere_is_unreadable(words: str) -> None:
    page = read(MENU + f"<div class='list'><p>{words}</p></div><script src='/js/list.js'></script>")
    assert (page.readable, page.says_empty) == (False, False)
    assert "脚本" in page.reason


def test_no_content_in_a_place_that_scripts_can_find_is_unreadable() -> None:
    page = read(MENU + "<div id='rows'><p>暂无内容</p></div><script src='/js/column.js'></script>")
    assert (page.readable, page.says_empty) == (False, False)


@pytest.mark.parametrize(
    ("words", "script"),
    [
        ("栏目建设中，敬请期待", "/js/list.js"),
        ("暂无内容", "/js/list.js"),
        ("暂无数据", "/js/jquery-3.6.min.js"),
        ("暂无数据", "http://www.example.gov.cn/bootstrap.bundle.js"),
    ],
)
def test_what_an_editor_wrote_is_empty_whatever_scripts_the_page_loads(words: str, script: str) -> None:
    page = read(MENU + f"<div class='list'><p>{words}</p></div><script src='{script}'></script>")
    assert (page.readable, page.says_empty) == (True, True)


def test_the_note_in_brackets_under_a_title_is_not_the_title() -> None:
    note = "（2015年10月29日第118号令公布，根据2022年5月31日第199号令修改，自公布之日起施行）"
    page = read("<ul>" + rows("<li><a href='{href}'><b>{title}</b><p>" + note + "</p></a><i>{day}</i></li>") + "</ul>")
    assert [item.title for item in page.items] == list(TITLES)
    assert [str(item.published) for item in page.items] == list(DAYS)
