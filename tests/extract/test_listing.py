"""Lists in the shapes that government sites print them in. All pages here are made up."""

from __future__ import annotations

import json
from datetime import date

import pytest

from checks import DateBasis
from monitor.extract.listing import ListPage, read_home, read_list

TODAY = date(2026, 11, 24)
URL = "http://www.example.gov.cn/zwgk/tzgg/index.html"
TITLES = ("关于开展冬季安全生产检查的通知", "县人民政府办公室关于公布行政规范性文件清单的公告", "2026年第三季度重点民生实事进展情况")
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
    return "<div>" + rows(
        "<div class='item'><div class='date'><b>{d}</b><span>{y}-{m}</span></div><h4><a href='{href}'>{title}</a></h4></div>"
    ) + "</div>"


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
    return "<div>" + rows(
        "<div class='row'><a href='{href}'>{title}</a><p>来源：县政府办 发布时间：{day} 10:08 浏览：33</p></div>"
    ) + "</div>"


def card_with_summary_and_more() -> str:
    return "<ul>" + rows(
        "<li><h3><a href='{href}'>{title}</a></h3><p>自2025年1月1日起施行的办法……<a href='{href}'>[详情]</a></p><span>{day}</span></li>"
    ) + "</ul>"


def layout_table_of_old_pages() -> str:
    return "<table><tr><td><table>" + rows(
        "<tr><td width=10><img src=dot.gif></td><td><a href='{href}' target=_blank>{title}</a></td><td>[{day}]</td></tr>"
        "<tr><td colspan=3 height=1></td></tr>"
    ) + "</table></td></tr></table>"


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
    page = read(MENU + "<div class='main'>" + shape() + "</div><div class='footer'>2026-11-24 <a href='/map.html'>网站地图导航</a></div>")
    assert page.readable
    assert [item.title for item in page.items] == list(TITLES)
    assert [str(item.published) for item in page.items] == list(DAYS)
    assert [item.url for item in page.items] == [
        f"http://www.example.gov.cn/zwgk/tzgg/202611/t2026112{i}_{1000 + i}.html" for i in range(3)
    ]
    assert (page.rows, page.undated) == (3, 0)
    assert {item.basis for item in page.items} == {DateBasis.LIST}
