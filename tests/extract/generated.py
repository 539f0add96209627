"""A generator of list pages whose newest date is known: layouts × ways to print a date × pinned rows × noise."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from hypothesis import strategies as st

URL = "http://www.example.gov.cn/zwgk/tzgg/index.html"


@dataclass(frozen=True)
class Item:
    """A row: what is printed of it, and its day. ``ahead``: the day lies ahead and must not count."""

    title: str
    href: str
    day: date
    ahead: bool = False


@dataclass(frozen=True)
class Generated:
    """A page, the day on which it is read, and the newest date that it tells."""

    text: str
    today: date
    newest: date


def iso(day: date, _today: date) -> str:
    return f"{day}"


def slashes(day: date, _today: date) -> str:
    return f"{day:%Y/%m/%d}"


def dots(day: date, _today: date) -> str:
    return f"{day:%Y.%m.%d}"


def unpadded(day: date, _today: date) -> str:
    return f"{day.year}-{day.month}-{day.day}"


def chinese(day: date, _today: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def chinese_padded(day: date, _today: date) -> str:
    return f"{day:%Y年%m月%d日}"


def with_clock(day: date, _today: date) -> str:
    return f"{day} 10:08:33"


def with_odd_colon(day: date, _today: date) -> str:
    return f"{day} 10∶08"


def in_brackets(day: date, _today: date) -> str:
    return f"[{day}]"


def in_parentheses(day: date, _today: date) -> str:
    return f"（{day}）"


def labelled(day: date, _today: date) -> str:
    return f"发布时间：{day}"


def wide_digits(day: date, _today: date) -> str:
    return f"{day}".translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)})


def month_and_day(day: date, today: date) -> str:
    """Without its year as long as the year is clear, as lists do that print the year for what is old."""
    return f"{day:%m-%d}" if 0 <= (today - day).days < 300 else f"{day}"


def relative(day: date, today: date) -> str:
    days = (today - day).days
    return {0: "今天", 1: "昨天"}.get(days, f"{days}天前") if 0 <= days < 30 else f"{day}"


FORMATS = (
    iso, slashes, dots, unpadded, chinese, chinese_padded, with_clock, with_odd_colon, in_brackets, in_parentheses,
    labelled, wide_digits, month_and_day, relative,
)  # fmt: skip

Layout = Callable[[Item, str], str]


def span_after(item: Item, day: str) -> str:
    return f"<li><a href='{item.href}' target='_blank'>{item.title}</a><span>{day}</span></li>"


def before_link(item: Item, day: str) -> str:
    return f"<li><i>{day}</i><a href='{item.href}' title='{item.title}'>{item.title}</a></li>"


def inside_link(item: Item, day: str) -> str:
    return f"<li><a href='{item.href}'><p>{item.title}</p><em>{day}</em></a></li>"


def bare_text(item: Item, day: str) -> str:
    return f"<li><a href='{item.href}'>{item.title}</a>&nbsp;&nbsp;{day}</li>"


def table_row(item: Item, day: str) -> str:
    return f"<tr><td>·</td><td><a href='{item.href}'>{item.title}</a></td><td nowrap>{day}</td></tr>"


def table_with_index(item: Item, day: str) -> str:
    index = f"000014349/{item.day.year}-00018"
    return f"<tr><td>{index}</td><td><a href='{item.href}'>{item.title}</a></td><td>{day}</td></tr>"


def definition(item: Item, day: str) -> str:
    return f"<dt><a href='{item.href}'>{item.title}</a></dt><dd>{day}</dd>"


def plain(item: Item, day: str) -> str:
    return f"<a href='{item.href}'>{item.title}</a><span>{day}</span><br>"


def card(item: Item, day: str) -> str:
    return (
        f"<div class='item'><h4><a href='{item.href}'>{item.title}</a></h4><p>为做好有关工作，现通知如下……</p>"
        f"<div class='info'><span>来源：县政府办</span><span>{day}</span></div></div>"
    )


def cut_title(item: Item, day: str) -> str:
    return f"<li><a title='{item.title}' href='{item.href}'>{item.title[:8]}…</a><span>{day}</span></li>"


def with_category(item: Item, day: str) -> str:
    return f"<li><a href='/zwgk/'>[政务公开]</a><a href='{item.href}'>{item.title}</a><span>{day}</span></li>"


def in_boxes(item: Item, day: str) -> str:
    return f"<div><div><div><a href='{item.href}'>{item.title}</a></div><div><span>{day}</span></div></div></div>"


LAYOUTS: tuple[tuple[Layout, str], ...] = (
    (span_after, "<ul class='list'>{}</ul>"), (before_link, "<ul>{}</ul>"), (inside_link, "<ul>{}</ul>"),
    (bare_text, "<ul>{}</ul>"), (table_row, "<table>{}</table>"),
    (table_with_index, "<table><tr><th>索引号</th><th>名称</th><th>发布日期</th></tr>{}</table>"),
    (definition, "<dl>{}</dl>"), (plain, "<div class='con'>{}</div>"), (card, "<div class='news'>{}</div>"),
    (cut_title, "<ul>{}</ul>"), (with_category, "<ul>{}</ul>"), (in_boxes, "<div>{}</div>"),
)  # fmt: skip


def day_over_month(item: Item) -> str:
    return (
        f"<div class='item'><div class='date'><b>{item.day:%d}</b><span>{item.day:%Y-%m}</span></div>"
        f"<div><a href='{item.href}'>{item.title}</a></div></div>"
    )


def month_day_over_year(item: Item) -> str:
    day = f"<strong>{item.day:%m-%d}</strong><em>{item.day.year}</em>"
    return f"<li><p>{day}</p><a href='{item.href}'>{item.title}</a></li>"


def datetime_attribute(item: Item) -> str:
    return f"<li><a href='{item.href}'>{item.title}</a><time datetime='{item.day}'></time></li>"


def at_the_end_of_the_title(item: Item) -> str:
    return f"<li><a href='{item.href}'>{item.title} [{item.day}]</a></li>"


def by_script(item: Item) -> str:
    return f"<li><a href='{item.href}'>{item.title}</a><b><script>document.write('{item.day}')</script></b></li>"


def by_handler(item: Item) -> str:
    number = len(item.href) * 1000 + item.day.toordinal()
    return f"<li onclick=\"openDetail('{number}')\"><p>{item.title}</p><span>{item.day}</span></li>"


SPLIT = (day_over_month, month_day_over_year, datetime_attribute, at_the_end_of_the_title, by_script, by_handler)

SUBJECTS = (
    "冬季安全生产检查",
    "城乡居民医保缴费",
    "行政规范性文件清理",
    "农村饮水安全",
    "重点民生实事",
    "政府信息公开工作",
)
FORMS = (
    "关于开展{}的通知", "县人民政府关于{}的公告", "{}进展情况通报", "县长调研{}", "关于印发《{}实施方案》的通知",
)  # fmt: skip


@st.composite
def titles(draw: st.DrawFn, today: date) -> str:
    """A title, some with a date or a number in it that is not its date."""
    title = draw(st.sampled_from(FORMS)).format(draw(st.sampled_from(SUBJECTS)))
    other = today + timedelta(days=draw(st.integers(-400, 60)))
    return draw(
        st.sampled_from(
            (
                title, title, title, title,
                f"{chinese(other, today)}{title}", f"{title}（截止{other.month}月{other.day}日）",
                f"{title}（{other.year}年第3季度）", f"{title}〔{other.year}〕12号",
            )
        )
    )  # fmt: skip


@st.composite
def addresses(draw: st.DrawFn, number: int, day: date) -> str:
    """One of the dialects of article addresses."""
    return draw(
        st.sampled_from(
            (
                f"./{day:%Y%m}/t{day:%Y%m%d}_{1000 + number}.html",
                f"/a/{day.year}/{day.month}/{day.day}/a_{number}.html",
                f"/c/content_{10000 + number}.html", f"/zwgk/{day:%Y-%m}/{day:%d}/content_{number}9999.shtml",
                f"https://mp.weixin.qq.com/s/abc{number}xyz", f"./{day:%Y%m}/P0{day:%Y%m%d}{number:03}.pdf",
            )
        )
    )  # fmt: skip


@st.composite
def items(draw: st.DrawFn, today: date) -> list[Item]:
    """Rows, newest first, some pinned above them, now and then one with a date that lies ahead."""
    newest = today - timedelta(days=draw(st.one_of(st.integers(0, 20), st.integers(0, 900))))
    gaps = draw(st.lists(st.integers(0, 12), min_size=3, max_size=22))
    days = [newest - timedelta(days=sum(gaps[:n])) for n in range(len(gaps))]
    pinned = [newest - timedelta(days=draw(st.integers(30, 900))) for _ in range(draw(st.integers(0, 2)))]
    rows = []
    for number, day in enumerate([*pinned, *days]):
        mark = "[置顶]" if number < len(pinned) and draw(st.booleans()) else ""
        rows.append(Item(mark + draw(titles(today)), draw(addresses(number, day)), day))
    if draw(st.integers(0, 9)) == 0:
        ahead = today + timedelta(days=draw(st.integers(2, 400)))
        rows.insert(0, Item(draw(titles(today)), "/c/content_77777.html", ahead, ahead=True))
    return rows


def clock(today: date) -> str:
    return f"<div class='top'><span>今天是{chinese(today, today)} 星期二</span><a href='/mail/'>县长信箱</a></div>"


def clock_by_script(today: date) -> str:
    return "<div><script>var d=new Date();document.write(d.getFullYear()+'年'+(d.getMonth()+1)+'月')</script></div>"


def bare_clock(today: date) -> str:
    return f"<div class='header'><p>{today}</p><a href='/'>设为首页</a></div>"


def menu(_today: date) -> str:
    return "<ul class='nav'>" + "".join(f"<li><a href='/c{n}/'>栏目名称{n}</a></li>" for n in range(8)) + "</ul>"


def hot_box(today: date) -> str:
    rows = "".join(f"<li><a href='/h/c_{n}9999.html'>热点信息第{n}条的标题</a><i>{today}</i></li>" for n in range(3))
    return f"<div class='hot'><h3>热门信息</h3><ul>{rows}</ul></div>"


def newest_box(today: date) -> str:
    """A box that only its heading tells from the list."""
    rows = "".join(f"<li><a href='/n/c_{n}8888.html'>全站最新信息第{n}条标题</a><i>{today}</i></li>" for n in range(3))
    return f"<div><h4>最新信息</h4><ul>{rows}</ul></div>"


def event(today: date) -> str:
    return (
        f"<div><p>活动时间：{chinese(today, today)}上午9时，地点：县会议中心</p><a href='/hd/'>我要报名参加</a></div>"
    )


def friends(_today: date) -> str:
    return "<div>" + "".join(f"<a href='http://www.f{n}.gov.cn/'>某某市人民政府网站</a>" for n in range(6)) + "</div>"


def generated_at(today: date) -> str:
    return f"<!-- 页面生成时间：{today} 08:00:01 --><div class='footer'><p>页面生成时间：{today} 08:00:01</p></div>"


def copyright_line(today: date) -> str:
    return f"<div class='foot'><p>版权所有 {today.year} 县人民政府 禾ICP备{today.year}000001号</p></div>"


def deadline(today: date) -> str:
    return f"<p>征集时间：即日起至{chinese(today, today)}，欢迎广大群众积极参与，提出宝贵意见。</p>"


def pager(_today: date) -> str:
    return '<div class="page"><script>createPageHTML(17, 0, "index", "html");</script><a href="#">上一页</a></div>'


BEFORE = (clock, clock_by_script, bare_clock, menu)
_BOX = 3
AFTER = (hot_box, event, friends, generated_at, copyright_line, deadline, pager, menu)


@st.composite
def pages(draw: st.DrawFn) -> Generated:
    """A page of one list with furniture around it."""
    year = draw(st.integers(2021, 2029))
    today = draw(
        st.one_of(
            st.dates(date(year, 1, 1), date(year, 12, 31)),
            st.sampled_from((date(year, 1, 1), date(year, 1, 3), date(year, 12, 31), date(2024, 2, 29))),
        )
    )
    rows = draw(items(today))
    if draw(st.integers(0, 9)) == 0:
        body = _island(rows) if draw(st.booleans()) else _variable(rows)
    elif draw(st.integers(0, 3)) == 0:
        split = draw(st.sampled_from(SPLIT))
        body = "<div class='main'><ul>" + "".join(map(split, rows)) + "</ul></div>"
    else:
        layout, box = draw(st.sampled_from(LAYOUTS))
        printed = draw(st.sampled_from(FORMATS))
        body = box.format("".join(layout(row, printed(row.day, today)) for row in rows))
    above = "".join(part(today) for part in draw(st.lists(st.sampled_from(BEFORE), unique=True)))
    below = "".join(part(today) for part in draw(st.lists(st.sampled_from(AFTER), unique=True)))
    if len(rows) > 2 * _BOX and draw(st.booleans()):
        below += newest_box(today)
    text = f"<html><head><title>通知公告</title></head><body>{above}<div class='main'>{body}</div>{below}</body></html>"
    return Generated(text, today, max(row.day for row in rows if not row.ahead))


def _island(rows: list[Item]) -> str:
    records = "".join(
        f"<record><![CDATA[<li><a href='{r.href}'>{r.title}</a><span>{r.day}</span></li>]]></record>" for r in rows
    )
    return (
        f"<div id='1'></div><script type='text/xml'><datastore><totalrecord>{len(rows)}</totalrecord>"
        f"<recordset>{records}</recordset></datastore></script>"
    )


def _variable(rows: list[Item]) -> str:
    records = [{"title": r.title, "url": r.href, "pubDate": f"{r.day} 09:00:00"} for r in rows]
    return f"<div id='list'></div><script>var dataList = {json.dumps(records, ensure_ascii=False)};</script>"
