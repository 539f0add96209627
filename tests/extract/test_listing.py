"""Lists in the shapes that government sites print them in. All pages here are made up."""

from __future__ import annotations

import json
from datetime import date

import pytest

from checks import DateBasis
from monitor.extract.listing import ListPage, read_home, read_list

TODAY = date(2026, 11, 24)
URL = "http://www.example.gov.cn/zwgk/tzgg/index.html"
TITLES = (
    "关于开展冬季安全生产检查的通知",
    "县人民政府办公室关于公布行政规范性文件清单的公告",
    "2026年第三季度重点民生实事进展情况",
)
DAYS = ("2026-11-20", "2026-11-12", "2026-10-30")
MENU = "<ul class='nav'>" + "".join(f"<li><a href='/c{i}/index.html'>栏目{i}</a></li>" for i in range(9)) + "</ul>"


def read(body: str, *, url: str = URL, today: date = TODAY) -> ListPage:
    return read_list(f"<html><head><title>通知公告</title></head><body>{body}</body></html>", url, today=today)


def rows(row: str, *, days: tuple[str, ...] = DAYS) -> str:
    return "".join(
        row.format(title=title, href=f"./202611/t2026112{i}_{1000 + i}.html", day=day, y=day[:4], m=day[5:7], d=day[8:])
        for i, (title, day) in enumerate(zip(TITLES, days, strict=True))
    )


def span_after_link() -> str:
    return "<ul>" + rows("<li><a href='{href}'>{title}</a><span>{day}</span></li>") + "</ul>"


def date_before_link() -> str:
    return "<ul>" + rows("<li><em>[{day}]</em><a href='{href}'>{title}</a></li>") + "</ul>"


def date_inside_link() -> str:
    return "<ul>" + rows("<li><a href='{href}'><p>{title}</p><i>{y}/{m}/{d}</i></a></li>") + "</ul>"


def bare_text_after_link() -> str:
    return "<ul>" + rows("<li><a href='{href}'>{title}</a>&nbsp;&nbsp;{y}年{m}月{d}日</li>") + "</ul>"


def day_over_year_and_month() -> str:
    return (
        "<div>"
        + rows(
            "<div class='item'><div class='date'><b>{d}</b><span>{y}-{m}</span></div>"
            "<h4><a href='{href}'>{title}</a></h4></div>"
        )
        + "</div>"
    )


def month_and_day_over_year() -> str:
    return "<ul>" + rows("<li><p><strong>{m}-{d}</strong><em>{y}</em></p><a href='{href}'>{title}</a></li>") + "</ul>"


def year_month_and_day_apart() -> str:
    return "<ul>" + rows("<li><i>{y}年</i><i>{m}月</i><i>{d}日</i><a href='{href}'>{title}</a></li>") + "</ul>"


def date_broken_over_elements() -> str:
    return "<ul>" + rows("<li><a href='{href}'>{title}</a><span>{y}-<b>{m}-{d}</b></span></li>") + "</ul>"


def definition_list() -> str:
    return "<dl>" + rows("<dt><a href='{href}'>{title}</a></dt><dd>{day}</dd>") + "</dl>"


def plain_links_and_dates() -> str:
    return "<div>" + rows("<a href='{href}'>{title}</a> <span>{day}</span><br>") + "</div>"


def dates_before_plain_links() -> str:
    return "<div>" + rows("<span>{day}</span> <a href='{href}'>{title}</a><br>") + "</div>"


def table_with_reference_numbers() -> str:
    return (
        "<table><tr><th>索引号</th><th>名称</th><th>发布日期</th></tr>"
        + rows("<tr><td>2026-02-00018</td><td><a href='{href}'>{title}</a></td><td>{day}</td></tr>")
        + "</table>"
    )


def labelled_line_under_title() -> str:
    return (
        "<div>"
        + rows(
            "<div class='row'><a href='{href}'>{title}</a><p>来源：县政府办 发布时间：{day} 10:08 浏览：33</p></div>"
        )
        + "</div>"
    )


def card_with_summary_and_more() -> str:
    return (
        "<ul>"
        + rows(
            "<li><h3><a href='{href}'>{title}</a></h3><p>自2025年1月1日起施行的办法……"
            "<a href='{href}'>[详情]</a></p><span>{day}</span></li>"
        )
        + "</ul>"
    )


def layout_table_of_old_pages() -> str:
    return (
        "<table><tr><td><table>"
        + rows(
            "<tr><td width=10><img src=dot.gif></td><td><a href='{href}' target=_blank>{title}</a></td>"
            "<td>[{day}]</td></tr>"
            "<tr><td colspan=3 height=1></td></tr>"
        )
        + "</table></td></tr></table>"
    )


def onclick_rows() -> str:
    return "<ul>" + rows("<li onclick=\"jumpToDetail('{href}')\"><p>{title}</p><span>{day}</span></li>") + "</ul>"


def datetime_attribute() -> str:
    return "<ul>" + rows("<li><a href='{href}'>{title}</a><time datetime='{day}'></time></li>") + "</ul>"


SHAPES = (
    span_after_link, date_before_link, date_inside_link, bare_text_after_link, day_over_year_and_month,
    month_and_day_over_year, year_month_and_day_apart, date_broken_over_elements, definition_list,
    plain_links_and_dates, dates_before_plain_links, table_with_reference_numbers, labelled_line_under_title,
    card_with_summary_and_more, layout_table_of_old_pages, onclick_rows, datetime_attribute,
)  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_every_row_of_a_shape_is_read_with_its_own_date(shape) -> None:
    page = read(
        MENU
        + "<div class='main'>"
        + shape()
        + "</div><div class='footer'>2026-11-24 <a href='/map.html'>网站地图导航</a></div>"
    )
    assert page.readable
    assert [item.title for item in page.items] == list(TITLES)
    assert [str(item.published) for item in page.items] == list(DAYS)
    assert [item.url for item in page.items] == [
        f"http://www.example.gov.cn/zwgk/tzgg/202611/t2026112{i}_{1000 + i}.html" for i in range(3)
    ]
    assert (page.rows, page.undated) == (3, 0)
    assert {item.basis for item in page.items} == {DateBasis.LIST}


def test_month_and_day_alone_lie_in_the_latest_past_year() -> None:
    page = read(
        "<ul>"
        + rows(
            "<li><a href='/x/content_{d}99.html'>{title}</a><span>{m}-{d}</span></li>",
            days=("2026-11-24", "2026-11-25", "2026-12-30"),
        )
        + "</ul>"
    )
    # 11-25 is tomorrow: a page written just after midnight, seen by a slow clock; 12-30 can only be last year's
    assert [str(item.published) for item in page.items] == ["2026-11-24", "2026-11-25", "2025-12-30"]


def test_month_and_day_alone_take_the_year_of_the_address() -> None:
    page = read(
        "<ul>"
        + rows(
            "<li><a href='./202310/t20231030_1.html'>{title}</a><span>{m}-{d}</span></li>",
            days=("2023-11-01", "2023-10-30", "2023-10-29"),
        )
        + "</ul>"
    )
    assert [str(item.published) for item in page.items] == ["2023-11-01", "2023-10-30", "2023-10-29"]


def test_a_day_over_a_month_takes_the_year_of_the_address() -> None:
    row = "<li><p><b>{d}</b><i>{m}月</i></p><a href='/art/2025/10/30/art_1_{d}.html'>{title}</a></li>"
    page = read("<ul>" + rows(row, days=("2025-11-20", "2025-11-12", "2025-10-30")) + "</ul>")
    assert [str(item.published) for item in page.items] == ["2025-11-20", "2025-11-12", "2025-10-30"]


def test_new_items_in_a_class_of_their_own_belong_to_the_list() -> None:
    new = rows("<li><a href='/n/{href}'>新的{title}</a><span class='new'>2026-11-2{d[0]}</span></li>")
    old = rows("<li><a href='{href}'>{title}</a><span>{day}</span></li>") * 4
    page = read("<ul>" + new + old + "</ul>")
    assert page.rows == 15
    assert max(str(item.published) for item in page.items) == "2026-11-23"


def test_titles_and_dates_in_columns_of_their_own_are_not_matched_up() -> None:
    titles, days = rows("<a href='{href}'>{title}</a><br>"), rows("<span>{day}</span><br>")
    page = read(f"<div><div>{titles}</div><div>{days}</div></div>")
    assert (page.rows, page.undated) == (3, 3)


def test_a_period_of_consultation_is_no_date_of_publication() -> None:
    page = read("<ul>" + rows("<li><a href='{href}'>{title}</a><span>{day} 至 2026-12-31</span></li>") + "</ul>")
    assert (page.rows, page.undated) == (3, 3)


def test_a_row_with_a_box_of_details_has_the_date_that_is_called_publication() -> None:
    row = (
        "<tr><td><a href='{href}'>{title}</a><div><ul><li><b>索 引 号：</b>000014349/2026-00018</li>"
        "<li><b>成 文 日 期：</b>2025-01-05</li><li><b>发 布 日 期：</b>{y}年{m}月{d}日</li></ul></div></td>"
        "<td>2025年1月5日</td><td>{day}</td></tr>"
    )
    head = "<tr><th>标题</th><th>成文日期</th><th>发布日期</th></tr>"
    assert [str(i.published) for i in read("<table>" + head + rows(row) + "</table>").items] == list(DAYS)


def test_relative_days_count_from_today() -> None:
    days = ("3天前", "昨天", "5小时前")
    page = read("<ul>" + rows("<li><a href='{href}'>{title}</a><span>{day}</span></li>", days=days) + "</ul>")
    assert [str(item.published) for item in page.items] == ["2026-11-21", "2026-11-23", "2026-11-24"]


def test_a_date_within_a_title_is_not_the_rows_date() -> None:
    titles = ["2026年11月20日新闻发布会实录", "县政府2026年11月18日常务会议纪要公布", "关于2026年11月10日停水的通知"]
    page = read(
        "<ul>" + "".join(f"<li><a href='/a/content_{i}123.html'>{t}</a></li>" for i, t in enumerate(titles)) + "</ul>"
    )
    assert (page.readable, page.rows, page.undated) == (True, 3, 3)


def test_the_rows_date_wins_over_one_in_the_title() -> None:
    page = read(
        "<ul>"
        + "".join(
            f"<li><a href='/a/content_{i}123.html'>2026年11月2{i}日疫情通报</a><span>2026-10-0{i + 1}</span></li>"
            for i in range(3)
        )
        + "</ul>"
    )
    assert [str(item.published) for item in page.items] == ["2026-10-01", "2026-10-02", "2026-10-03"]


def test_a_date_of_signing_is_not_one_of_publication() -> None:
    page = read(
        "<table><tr><th>标题</th></tr>"
        + rows("<tr><td><a href='{href}'>{title}</a></td><td>成文日期：{day}</td></tr>")
        + "</table>"
    )
    assert (page.readable, page.rows, page.undated) == (True, 3, 3)


def test_two_different_dates_in_one_row_decide_nothing_unless_one_is_called_publication() -> None:
    two = "<tr><td><a href='{href}'>{title}</a></td><td>2025-01-05</td><td>{day}</td></tr>"
    named = "<li><a href='{href}'>{title}</a><span>成文日期：2025-01-05</span><span>发布日期：{day}</span></li>"
    assert read("<table>" + rows(two, days=("2026-11-01", "2026-11-02", "2026-11-03")) + "</table>").undated == 3
    assert [str(i.published) for i in read("<ul>" + rows(named) + "</ul>").items] == list(DAYS)


def test_the_heading_of_a_table_tells_which_of_two_dates_is_publication() -> None:
    head = "<tr><th>名称</th><th>成文日期</th><th>发布日期</th></tr>"
    row = "<tr><td><a href='{href}'>{title}</a></td><td>2025-01-05</td><td>{day}</td></tr>"
    assert [str(i.published) for i in read("<table>" + head + rows(row) + "</table>").items] == list(DAYS)


def test_a_table_that_only_has_dates_of_signing_is_undated() -> None:
    head = "<tr><th>名称</th><th>成文日期</th></tr>"
    row = "<tr><td><a href='{href}'>{title}</a></td><td>{day}</td></tr>"
    page = read("<table>" + head + rows(row) + "</table>")
    assert (page.readable, page.rows, page.undated) == (True, 3, 3)


def test_the_clock_of_a_page_header_is_no_item() -> None:
    clock = (
        "<div class='top'><a href='/mail.html'>县长信箱欢迎您</a>"
        "<span>2026年11月24日</span><span>2026年11月24日 星期二</span></div>"
    )
    page = read(clock + "<div>" + span_after_link() + "</div>")
    assert max(str(item.published) for item in page.items) == "2026-11-20"


def test_an_old_pinned_item_does_not_hide_the_newest() -> None:
    pinned = (
        "<ul><li class='top'><a href='/a/content_1.html'>[置顶]关于政务公开的长期公告</a><span>2020-01-02</span></li>"
    )
    page = read(pinned + rows("<li><a href='{href}'>{title}</a><span>{day}</span></li>") + "</ul>")
    assert (page.rows, max(str(item.published) for item in page.items)) == (4, "2026-11-20")


@pytest.mark.parametrize("day", ["2026-11-26", "2027-01-01", "2026-02-30"])
def test_a_day_that_lies_ahead_or_does_not_exist_dates_nothing(day: str) -> None:
    page = read(
        "<ul>" + rows("<li><a href='{href}'>{title}</a><span>{day}</span></li>", days=(day, *DAYS[1:])) + "</ul>"
    )
    assert (page.rows, page.undated, page.items[0].published) == (3, 1, None)


def test_tomorrow_is_still_believed() -> None:
    page = read(
        "<ul>"
        + rows("<li><a href='{href}'>{title}</a><span>{day}</span></li>", days=("2026-11-25", *DAYS[1:]))
        + "</ul>"
    )
    assert str(page.items[0].published) == "2026-11-25"


def test_a_row_without_a_date_among_dated_ones_counts_as_undated() -> None:
    page = read(
        "<ul>"
        + rows("<li><a href='{href}'>{title}</a><span>{day}</span></li>", days=("2026-11-20", "", "2026-10-30"))
        + "</ul>"
    )
    assert (page.rows, page.undated) == (3, 1)


def test_a_featured_item_above_the_list_is_part_of_it() -> None:
    featured = (
        "<div class='first'><h2><a href='/a/content_9876.html'>县委常委会召开扩大会议学习贯彻重要精神</a></h2>"
        "<p>2026-11-23</p></div>"
    )
    page = read("<div class='main'>" + featured + span_after_link() + "</div>")
    assert str(page.items[0].published) == "2026-11-23"


def test_hot_items_beside_the_list_are_not_part_of_it() -> None:
    hot = (
        "<div class='hot'><ul>" + rows("<li><a href='/h{href}'>{title}</a><span>2026-11-24</span></li>") + "</ul></div>"
    )
    page = read(hot + "<div class='main'>" + span_after_link() + "</div>")
    assert [str(item.published) for item in page.items] == list(DAYS)


def test_items_called_hot_or_newest_beside_a_longer_list_are_not_part_of_it() -> None:
    row = "<li><a href='/h{href}'>{title}</a><span>2026-11-24</span></li>"
    box = f"<div class='r'><h3>最新信息</h3><ul>{rows(row)}</ul></div>"
    main = "<div class='l'><ul>" + rows("<li><a href='{href}'>{title}</a><b>{day}</b></li>") * 3 + "</ul></div>"
    assert max(str(item.published) for item in read(main + box).items) == "2026-11-20"


def test_all_sections_of_a_column_count_with_their_own_shapes() -> None:
    main = "<div><ul>" + rows("<li><a href='{href}'>{title}</a><b>{day}</b></li>") * 4 + "</ul></div>"
    other = (
        "<div><h3>规范性文件</h3><ul>"
        + rows("<li><i>2026-11-23</i><a href='/o/{href}'>{title}</a></li>")
        + "</ul></div>"
    )
    page = read(main + other)
    assert (page.rows, max(str(item.published) for item in page.items)) == (15, "2026-11-23")


def test_titles_that_were_cut_are_completed_from_their_attribute() -> None:
    page = read("<ul>" + rows("<li><a title='{title}' href='{href}'>关于…</a><span>{day}</span></li>") + "</ul>")
    assert page.items[0].title == TITLES[0]


def test_rows_that_lead_to_attachments_and_to_other_hosts_are_items_too() -> None:
    page = read(
        "<ul><li><a href='./202611/P020261120.pdf'>2026年度预算公开说明</a><span>2026-11-20</span></li>"
        "<li><a href='https://mp.weixin.qq.com/s/abc'>微信公众号文章转载一则</a><span>2026-11-19</span></li></ul>"
    )
    assert [item.url for item in page.items] == [
        "http://www.example.gov.cn/zwgk/tzgg/202611/P020261120.pdf",
        "https://mp.weixin.qq.com/s/abc",
    ]


def test_a_column_of_one_item_is_read() -> None:
    page = read(
        MENU + "<ul class='list'><li><a href='./202611/t20261120_1.html'>关于开展检查的通知</a>"
        "<span>2026-11-20</span></li></ul>"
    )
    assert (page.readable, page.rows) == (True, 1)


def test_template_rows_without_data_are_no_items() -> None:
    page = read("<ul><li ms-repeat='list'><a href='{{el.url}}'>{{el.title}}</a><span>{{el.date}}</span></li></ul>")
    assert (page.readable, page.rows) == (False, 0)


def test_a_shell_whose_rows_a_script_brings_is_unreadable() -> None:
    page = read(
        MENU + "<ul id='newsList'></ul><script>$.get('/api/list', function(d){ $('#newsList').html(d); });</script>"
    )
    assert (page.readable, page.says_empty) == (False, False)
    assert "脚本" in page.reason


def test_a_few_dated_items_beside_a_script_list_do_not_stand_for_the_column() -> None:
    page = read(
        "<tbody></tbody><ul id='newsList'></ul><div>"
        + span_after_link()
        + "</div><script>$('#newsList').load('/x')</script>"
    )
    assert not page.readable


def test_an_empty_list_that_a_script_from_elsewhere_may_fill_makes_a_few_items_doubtful() -> None:
    page = read("<ul id='dataList'></ul><div>" + span_after_link() + "</div><script src='/js/list.js'></script>")
    assert not page.readable


def test_no_data_in_a_shell_is_not_an_empty_column() -> None:
    page = read("<ul id='newsList'></ul><p>暂无数据</p><script>load('newsList')</script>")
    assert (page.readable, page.says_empty) == (False, False)


def test_no_data_that_is_hidden_is_not_an_empty_column() -> None:
    assert not read("<div style='display:none'><p>暂无数据</p></div>" + MENU).says_empty
    assert not read("<div v-if='!rows.length'>暂无数据</div>" + MENU).says_empty


@pytest.mark.parametrize(
    "words",
    ["暂无内容", "暂无相关信息！", "该栏目正在建设中", "对不起，暂无数据", "没有找到相关信息", "栏目建设中，敬请期待"],
)
def test_a_page_that_says_it_is_empty_is_readable_and_empty(words: str) -> None:
    page = read(MENU + f"<div class='list'><p>{words}</p></div>")
    assert (page.readable, page.says_empty, page.rows) == (True, True, 0)


def test_a_list_without_rows_and_without_scripts_is_readable() -> None:
    page = read(MENU + "<ul class='news-list'></ul>")
    assert (page.readable, page.says_empty, page.rows) == (True, False, 0)


def test_a_site_in_maintenance_says_nothing_of_its_column() -> None:
    page = read("<h1>网站升级维护中，暂停服务，敬请谅解</h1>")
    assert (page.readable, page.says_empty) == (False, False)
    assert "维护" in page.reason


def test_a_missing_page_is_not_an_empty_column() -> None:
    page = read_list("<title>404</title><p>您访问的页面不存在</p>", URL, today=TODAY)
    assert (page.readable, page.says_empty) == (False, False)


def test_a_page_of_menus_and_friendly_links_is_unreadable() -> None:
    friends = "".join(
        f"<li><a href='http://www.example{i}.gov.cn/'>某某省人民政府办公厅门户网站</a></li>" for i in range(12)
    )
    page = read(MENU + f"<div><ul>{friends}</ul></div>")
    assert (page.readable, page.rows) == (False, 0)


def test_an_empty_body_and_a_stub_are_unreadable() -> None:
    assert not read_list("", URL, today=TODAY).readable
    assert not read_list("ok", URL, today=TODAY).readable


def test_a_page_nested_ten_thousand_deep_is_survived() -> None:
    assert not read("<div>" * 10_000 + "x").readable


def test_unclosed_elements_around_each_row_lose_no_row() -> None:
    row = "<font><li><a href='/a/content_{n}.html'>关于第{n}项工作的通知</a><span>2026-11-20</span>"
    page = read("<ul>" + "".join(row.replace("{n}", str(1000 + n)) for n in range(300)) + "</ul>")
    assert page.rows == 300


def test_an_answer_nested_ten_thousand_deep_is_unreadable() -> None:
    page = read_list("[" * 10_000 + "]" * 10_000, URL, today=TODAY)
    assert (page.readable, page.says_empty) == (False, False)


HANWEB = (
    "<div id='1'></div><script type='text/xml'><datastore>"
    "<nextgroup><![CDATA[<a href='/module/web/jpage/dataproxy.jsp?page=1'></a>]]></nextgroup>"
    "<totalrecord>{total}</totalrecord><totalpage>1</totalpage><recordset>{records}</recordset></datastore></script>"
)


def test_the_records_of_a_hanweb_island_are_read() -> None:
    records = rows(
        "<record><![CDATA[<li style=<br/>"
        "<a title='{title}' href='{href}'>{title}</a><span>{day}</span></li>]]></record>"
    )
    page = read(MENU + HANWEB.format(total=3, records=records))
    assert [str(item.published) for item in page.items] == list(DAYS)
    assert [item.title for item in page.items] == list(TITLES)


def test_a_hanweb_island_that_counts_no_record_is_empty() -> None:
    page = read(MENU + HANWEB.format(total=0, records=""))
    assert (page.readable, page.says_empty, page.rows) == (True, True, 0)


def test_a_hanweb_answer_without_records_and_without_a_count_is_unreadable() -> None:
    page = read_list("<datastore><recordset></recordset></datastore>", URL, today=TODAY)
    assert (page.readable, page.says_empty) == (False, False)


def test_an_interface_of_ucap_is_read() -> None:
    results = [
        {"title": t, "url": f"/c/{i}.html", "publishedTimeStr": f"{d} 10:00:00"}
        for i, (t, d) in enumerate(zip(TITLES, DAYS, strict=True))
    ]
    page = read_list(json.dumps({"data": {"total": 3, "rows": 10, "results": results}}), URL, today=TODAY)
    assert [str(item.published) for item in page.items] == list(DAYS)
    assert {item.basis for item in page.items} == {DateBasis.API}
    assert page.items[0].url == "http://www.example.gov.cn/c/0.html"


def test_an_interface_with_seconds_since_1970_counts_days_in_china() -> None:
    articles = [{"id": 1, "title": TITLES[0], "date": 1795449600, "post_url": "/content/post_1.html"}]  # 16:00 UTC
    page = read_list(json.dumps({"classify": {"post_count": 1}, "articles": articles}), URL, today=TODAY)
    assert str(page.items[0].published) == "2026-11-24"


def test_an_interface_that_carries_markup_is_read_as_a_page() -> None:
    answer = {"success": True, "data": {"html": span_after_link() + "<div class='pagination' count='322'></div>"}}
    page = read_list(json.dumps(answer), URL, today=TODAY)
    assert [str(item.published) for item in page.items] == list(DAYS)


def test_an_interface_that_counts_nothing_is_empty_and_one_that_fails_is_unreadable() -> None:
    assert read_list('{"data":{"total":0,"results":[]}}', URL, today=TODAY).says_empty
    failed = read_list('{"code":500,"msg":"系统繁忙","data":null}', URL, today=TODAY)
    assert (failed.readable, failed.says_empty) == (False, False)
    cut = read_list('{"data":{"total":3,"results":[{"ti', URL, today=TODAY)
    assert (cut.readable, cut.says_empty) == (False, False)


def test_rows_in_a_script_variable_are_read() -> None:
    records = ",".join(
        f"{{title:'{t}',url:'/c/{i}.html',pubDate:'{d}'}}" for i, (t, d) in enumerate(zip(TITLES, DAYS, strict=True))
    )
    page = read(MENU + f"<div id='list'></div><script>var dataList = [{records},];</script>")
    assert [str(item.published) for item in page.items] == list(DAYS)


def test_a_home_page_gives_the_items_of_all_its_blocks() -> None:
    head = "<h1><a href='/art/2026/11/23/art_1_2.html'>县委召开常委会会议学习贯彻重要讲话精神</a></h1>"
    notices = "<div><ul>" + rows("<li><a href='/n{href}'>{title}</a><i>{m}-{d}</i></li>") + "</ul></div>"
    page = read_home(f"<body>{MENU}{head}<div>{span_after_link()}</div>{notices}</body>", URL, today=TODAY)
    assert page.readable
    assert max((item.published, item.basis) for item in page.items if item.published) == (
        date(2026, 11, 23),
        DateBasis.URL,
    )
    assert page.rows == 7


def test_a_home_page_made_by_script_is_unreadable() -> None:
    page = read_home("<body><div id='app'></div><script src='/app.js'></script></body>", URL, today=TODAY)
    assert not page.readable
    assert "脚本" in page.reason
