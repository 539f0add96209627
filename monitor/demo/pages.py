"""The pages of the made-up sites as HTML text: home, lists of several makes, articles. Strings in, strings out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from monitor.demo.plans import Shape
from monitor.demo.publishing import Article, paragraphs


@dataclass(frozen=True, slots=True)
class Masthead:
    """What every page of a site prints. ``navigation`` pairs an address and a column's name."""

    site_name: str
    code: str
    domain: str
    charset: str
    navigation: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list: an article and where it stands."""

    article: Article
    href: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link besides the articles."""

    href: str
    text: str


def home_page(masthead: Masthead, rows: Sequence[Row], *, services: Sequence[Anchor], friends: Sequence[Anchor]) -> str:
    """The home page: a dated list, a block of services and the links to sister sites."""
    body = (
        f'<div class="focus"><h2>最新信息</h2>{_bullets(rows)}</div>'
        f'<div class="services"><h3>便民服务</h3>{_anchors(services)}'
        '<a href="javascript:void(0)" onclick="window.print()">打印</a> <a href="#top">返回顶部</a> '
        '<a href="mailto:xinxi@qinghe.test">电子邮箱</a> <a href="tel:0000-5550101">值班电话</a></div>'
        f'<div class="friends"><h3>部门网站</h3>{_anchors(friends)}</div>'
        '<!-- <a href="/fw/zhushi.html">已停用入口</a> -->'
        "<script>var retired = '<a href=\"/fw/zhushi.html\">已停用入口</a>';</script>"
    )
    return _page(masthead, title=masthead.site_name, body=body)


def list_page(masthead: Masthead, name: str, shape: Shape, rows: Sequence[Row], *, side: Sequence[Anchor] = ()) -> str:
    """A column's page in one of the makes that are met in the wild."""
    aside = f'<div class="side"><h3>相关下载</h3>{_anchors(side)}</div>' if side else ""
    body = f'<div class="location">当前位置：<a href="/">首页</a> &gt; {name}</div>{_LISTS[shape](rows)}{aside}'
    metas = _metas({"ColumnName": name, "ColumnType": name})
    return _page(masthead, title=f"{name}-{masthead.site_name}", body=body, metas=metas)


def article_page(masthead: Masthead, column: str, article: Article) -> str:
    """An article with the metas of 政府网站发展指引, a visible date and its text."""
    metas = _metas(
        {
            "ArticleTitle": article.title,
            "PubDate": f"{article.at:%Y-%m-%d %H:%M}",
            "ContentSource": masthead.site_name.removesuffix("网站"),
            "ColumnName": column,
            "ColumnType": column,
        }
    )
    text = "".join(f"<p>{sentence}</p>" for sentence in paragraphs(article))
    body = (
        f'<div class="location">当前位置：<a href="/">首页</a> &gt; {column}</div>'
        f'<div class="article"><h1>{escape(article.title)}</h1>'
        f'<div class="info"><span>发布时间：{article.at:%Y-%m-%d %H:%M}</span>'
        f"<span>信息来源：{masthead.site_name.removesuffix('网站')}</span></div>"
        f'<div class="content">{text}</div></div>'
    )
    return _page(masthead, title=f"{article.title}-{masthead.site_name}", body=body, metas=metas)


def first_page() -> str:
    """What a web server shows before anybody has set up a site on it."""
    return (
        "<!doctype html><html><head><title>站点创建成功</title></head><body><h1>恭喜，站点创建成功！</h1>"
        "<p>这是默认首页，本页面在建立站点时自动生成。如需替换，请上传网站程序到站点根目录，并删除本文件。</p>"
        "<p>如果您是本站的访客，请与网站管理员联系；如果您是管理员，请尽快完成站点配置。</p></body></html>"
    )


def plain_page(masthead: Masthead, title: str, sentences: Iterable[str]) -> str:
    """A page with a title and some sentences."""
    text = "".join(f"<p>{sentence}</p>" for sentence in sentences)
    return _page(
        masthead, title=f"{title}-{masthead.site_name}", body=f'<div class="content"><h1>{title}</h1>{text}</div>'
    )


def missing_page(masthead: Masthead) -> str:
    """What an honest server says with 404, and a careless one with 200."""
    return (
        f'<html><head><meta charset="{masthead.charset}"><title>您访问的页面不存在</title></head><body>'
        '<h1>您访问的页面不存在</h1><p>可能已被删除或移动，请返回<a href="/">首页</a>。</p></body></html>'
    )


def refresh_page(target: str) -> str:
    """A home page that only leads on."""
    return f'<html><head><meta http-equiv="refresh" content="0; url={target}"></head><body></body></html>'


def challenge_page() -> str:
    """The first answer of 加速乐 in its shape: one script that sets a cookie and loads the page again."""
    ones = "+".join(["(+!+[]+'')", "(2+[]+'')", "((1<<2)+'')"] * 24)
    return (
        "<script>document.cookie=('_')+('_')+('jsl_clearance_s')+('=')+"
        f"{ones}+('|-1|')+('0;max-age=3600;path=/');"
        "location.href=location.pathname+location.search</script>"
    )


def _page(masthead: Masthead, *, title: str, body: str, metas: str = "") -> str:
    head = _metas({"SiteName": masthead.site_name, "SiteDomain": masthead.domain, "SiteIDCode": masthead.code})
    navigation = "".join(f'<li><a href="{href}">{name}</a></li>' for href, name in masthead.navigation)
    return (
        f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="{masthead.charset}">'
        f'<title>{escape(title)}</title>{head}{metas}<link rel="stylesheet" href="/assets/site.css"></head><body>'
        f'<div class="header"><img src="/assets/logo.png" alt="{masthead.site_name}">'
        f'<ul class="nav"><li><a href="/">首页</a></li>{navigation}</ul></div>{body}'
        f'<div class="footer"><p>主办：{masthead.site_name.removesuffix("网站")} 网站标识码：{masthead.code}</p>'
        "<p>禾ICP备00000001号 禾公网安备 99999902000001号 本站支持IPv6</p></div></body></html>"
    )


def _metas(values: dict[str, str]) -> str:
    return "".join(f'<meta name="{name}" content="{escape(value)}">' for name, value in values.items())


def _anchors(anchors: Iterable[Anchor]) -> str:
    return " ".join(f'<a href="{anchor.href}">{anchor.text}</a>' for anchor in anchors)


def _link(row: Row) -> str:
    title = escape(row.article.title)
    return f'<a href="{row.href}" title="{title}">{title}</a>'


def _bullets(rows: Sequence[Row]) -> str:
    return '<ul class="list">' + "".join(f"<li>{_link(r)}<span>{r.article.day}</span></li>" for r in rows) + "</ul>"


def _pinned(rows: Sequence[Row]) -> str:
    if not rows:
        return _bullets(rows)
    oldest = rows[-1]
    first = f'<li class="top"><em>[置顶]</em>{_link(oldest)}<span>{oldest.article.day}</span></li>'
    return '<ul class="list">' + first + _bullets(rows[:-1]).removeprefix('<ul class="list">')


def _table(rows: Sequence[Row]) -> str:
    lines = "".join(f"<tr><td>{place}</td><td>{_link(r)}</td><td>{_dotted(r.article.day)}</td></tr>"
                    for place, r in enumerate(rows, start=1))  # fmt: skip
    return f'<table class="list"><tr><th>序号</th><th>标题</th><th>日期</th></tr>{lines}</table>'


def _blocks(rows: Sequence[Row]) -> str:
    return '<div class="list">' + "".join(
        f'<div class="item"><div class="date"><b>{r.article.day:%d}</b><i>{r.article.day:%Y-%m}</i></div>'
        f'<div class="text"><h4>{_link(r)}</h4><p>{paragraphs(r.article)[0]}</p></div></div>'
        for r in rows
    ) + "</div>"  # fmt: skip


def _island(rows: Sequence[Row]) -> str:
    records = "".join(f"<record><![CDATA[<li>{_link(r)}<span>{r.article.day}</span></li>]]></record>" for r in rows)
    return (
        '<div id="list"><ul></ul></div><script type="text/xml"><datastore>'
        '<nextgroup><![CDATA[<a href="/module/web/jpage/dataproxy.jsp?page=1&appid=1&webid=1&path=/'
        '&columnid=12&unitid=34&webname=qinghe&permissiontype=0"></a>]]></nextgroup>'
        f"<totalrecord>{len(rows)}</totalrecord><totalpage>1</totalpage>"
        f"<recordset>{records}</recordset></datastore></script>"
    )


def _undated(rows: Sequence[Row]) -> str:
    return '<ul class="list">' + "".join(f"<li>{_link(r)}</li>" for r in rows) + "</ul>"


def _empty(_rows: Sequence[Row]) -> str:
    return '<div class="list"><p>暂无内容</p></div>'


def _shell(_rows: Sequence[Row]) -> str:
    return '<div id="app"></div><script src="/assets/list.js"></script>'


def _prose(_rows: Sequence[Row]) -> str:
    return (
        '<div class="content"><p>青禾县地处云岭南麓，辖五镇一乡，柳溪河自西向东穿境而过。</p>'
        "<p>全县以种植业和果蔬加工为主，柳溪米、东渠梨远近闻名。</p></div>"
    )


def _dotted(day: date) -> str:
    return f"{day:%Y/%m/%d}"


_LISTS = {
    Shape.BULLETS: _bullets,
    Shape.PINNED: _pinned,
    Shape.TABLE: _table,
    Shape.BLOCKS: _blocks,
    Shape.ISLAND: _island,
    Shape.UNDATED: _undated,
    Shape.EMPTY: _empty,
    Shape.SHELL: _shell,
    Shape.PROSE: _prose,
}
