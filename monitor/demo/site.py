"""One made-up website: from its plan and the clock to the answer to a request. No sockets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.demo import pages
from monitor.demo.pages import Anchor, Masthead, Row
from monitor.demo.plans import Behaviour, ColumnPlan, LinkPlan, Shape, SitePlan
from monitor.demo.publishing import Article, articles, published_by
from monitor.demo.server import Answer, Misconduct, Request
from monitor.demo.story import visit_slot

SLOW_SECONDS = 0.3

_NO_LIST = (Shape.EMPTY, Shape.SHELL, Shape.PROSE)
_PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF\n"
_PIXEL = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\x9cc\xf8\xcf\xc0\xf0"
    b"\x1f\0\x05\0\x01\xff\x89\x99=\x1d\0\0\0\0IEND\xaeB`\x82"
)


def column_path(column: ColumnPlan) -> str:
    """Where a column's list stands."""
    return f"/col/{column.slug}/index.html" if column.shape is Shape.ISLAND else f"/{column.slug}/"


@dataclass(frozen=True, slots=True)
class _Placed:
    column: ColumnPlan
    article: Article


class SiteHandler:
    """Answers the requests to one site. ``friends`` are the links to its sister sites."""

    def __init__(
        self, plan: SitePlan, *, end: datetime, now: Callable[[], datetime], friends: Sequence[Anchor] = ()
    ) -> None:
        self._plan = plan
        self._end = end
        self._now = now
        self._friends = tuple(friends)
        self._charset = "gb2312" if plan.gbk else "utf-8"
        self._masthead = Masthead(
            plan.name, plan.code, plan.host, self._charset, tuple((column_path(c), c.name) for c in plan.columns)
        )
        self._articles = {
            column.slug: articles(plan.code + column.slug, column.rhythm, end=end, first_number=1000 * place)
            for place, column in enumerate(plan.columns, start=1)
            if column.rhythm is not None
        }
        self._columns = {column_path(column): column for column in plan.columns}
        self._placed: Mapping[str, _Placed] = {
            _article_path(column, article): _Placed(column, article)
            for column in plan.columns
            for article in self._articles.get(column.slug, ())
        }
        self._links = {link.path.partition("?")[0]: link for link in plan.links if link.path.startswith("/")}
        self._rendered: dict[tuple[str, int], bytes] = {}

    def __call__(self, request: Request) -> Answer | Misconduct:
        if self._plan.challenged:
            cookie = ("Set-Cookie", "__jsluid_h=3f0c9a51d2e84b7795b1c6a08e7d42f9; path=/; HttpOnly")
            return Answer(pages.challenge_page().encode(), status=521, content_type="text/html", headers=(cookie,))
        if self._plan.suspended_for is not None:
            return self._page(
                pages.plain_page(self._masthead, "网站升级改造", ("网站临时下线，恢复时间另行公告。",)), 503
            )
        slot = visit_slot(self._end, self._now())
        if slot in self._plan.outage.slots:
            return Answer(b"Service Unavailable", status=503) if slot % 2 else Misconduct.RESET
        return self._serve(request)

    def _serve(self, request: Request) -> Answer | Misconduct:
        path = request.path
        if self._plan.default_over_ipv6 and request.family == 6:
            return Answer(pages.first_page().encode())
        if path == "/" and self._plan.entrance == "redirect":
            return Answer(status=302, headers=(("Location", "/index.html"),))
        if path == "/" and self._plan.entrance == "refresh":
            return self._page(pages.refresh_page("/index.html"))
        if path in ("/", "/index.html"):
            return self._home()
        if path in self._columns:
            return self._column(self._columns[path])
        if path in self._placed:
            return self._article(path)
        if path in self._links:
            return self._special(self._links[path], request)
        if path.startswith("/assets/"):
            return _asset(path)
        if path.startswith("/fw/jdt-"):
            return self._chain(request)
        return self._missing()

    def _home(self) -> Answer:
        front = next(column for column in self._plan.columns if column.slug == self._plan.front)
        rows = self._rows(front)
        services = [
            Anchor(link.href, link.anchor)
            for link in self._plan.links
            if not link.inner and link.behaviour is not Behaviour.NOT_A_LINK
        ]
        return self._cached(
            "/", len(rows), lambda: pages.home_page(self._masthead, rows, services=services, friends=self._friends)
        )

    def _column(self, column: ColumnPlan) -> Answer:
        rows = () if column.shape in _NO_LIST else self._rows(column)
        side = [Anchor(link.href, link.anchor) for link in self._plan.links if link.inner]
        return self._cached(
            column_path(column),
            len(rows),
            lambda: pages.list_page(
                self._masthead, column.name, column.shape, rows, side=side if column.slug == self._plan.front else ()
            ),
        )

    def _article(self, path: str) -> Answer:
        placed = self._placed[path]
        if placed.article.at > self._now():
            return self._missing()
        return self._cached(path, 1, lambda: pages.article_page(self._masthead, placed.column.name, placed.article))

    def _rows(self, column: ColumnPlan) -> tuple[Row, ...]:
        out = published_by(self._articles.get(column.slug, ()), self._now())
        return tuple(Row(article, _article_path(column, article)) for article in out)

    def _special(self, link: LinkPlan, request: Request) -> Answer:
        match link.behaviour:
            case Behaviour.SAYS_MISSING:
                return self._page(pages.missing_page(self._masthead))
            case Behaviour.DOCUMENT_NO_HEAD if request.method == "HEAD":
                return Answer(status=405, headers=(("Allow", "GET"),))
            case Behaviour.DOCUMENT | Behaviour.DOCUMENT_NO_HEAD:
                return Answer(_PDF, content_type="application/pdf")
            case Behaviour.COOKIE if "qhsession=" not in request.headers.get("cookie", ""):
                headers = (("Location", request.target), ("Set-Cookie", "qhsession=1; path=/; HttpOnly"))
                return Answer(status=302, headers=headers)
            case Behaviour.GBK_QUERY if request.target.upper() != link.path.upper():
                return self._missing()
            case Behaviour.CHAIN:
                return Answer(status=302, headers=(("Location", "jdt-2.html"),))
            case Behaviour.SLOW:
                page = self._plain(link)
                return Answer(page.body, content_type=page.content_type, delay=SLOW_SECONDS)
            case Behaviour.ABOUT_MISSING:
                return self._page(pages.plain_page(self._masthead, link.anchor, _ABOUT_MISSING))
            case Behaviour.PAGE | Behaviour.COOKIE | Behaviour.GBK_QUERY:
                return self._plain(link)
            case _:
                return self._missing()

    def _chain(self, request: Request) -> Answer:
        host = request.headers.get("host", self._plan.host)
        match request.path:
            case "/fw/jdt-2.html":
                return Answer(status=301, headers=(("Location", f"//{host}/fw/jdt-3.html"),))
            case "/fw/jdt-3.html":
                return Answer(status=302, headers=(("Location", f"http://{host}/fw/jdt-4.html"),))
            case "/fw/jdt-4.html":
                return self._page(pages.plain_page(self._masthead, "专题", ("青禾县历年专题汇总。",)))
            case _:
                return self._missing()

    def _plain(self, link: LinkPlan) -> Answer:
        return self._page(pages.plain_page(self._masthead, link.anchor, (f"{link.anchor}由青禾县有关部门提供。",)))

    def _missing(self) -> Answer:
        return self._page(pages.missing_page(self._masthead), 404)

    def _cached(self, key: str, count: int, render: Callable[[], str]) -> Answer:
        # A page changes only when something is published: its rows' number tells its state.
        body = self._rendered.get((key, count))
        if body is None:
            body = self._rendered[key, count] = self._encode(render())
        return Answer(body, content_type=self._content_type)

    def _page(self, text: str, status: int = 200) -> Answer:
        return Answer(self._encode(text), status=status, content_type=self._content_type)

    @property
    def _content_type(self) -> str:
        # The GBK site names its charset in the page only, and understates it: GB2312.
        return "text/html" if self._plan.gbk else "text/html; charset=utf-8"

    def _encode(self, text: str) -> bytes:
        return text.encode("gb18030" if self._plan.gbk else "utf-8")


_ABOUT_MISSING = (
    "近期有群众反映，浏览旧版网页时偶尔看到“404”字样，担心网站出了故障。经核实，这是因为网站改版，部分旧地址已经更换。",
    "县政府办公室已经逐条核对旧地址，并设置了自动跳转。今后如再遇到类似情况，请记下所访问的地址，拨打值班电话告知。",
    "对群众提供的线索，工作人员将在三个工作日内处理完毕并回复，同时定期巡查各栏目，及时修复失效的地址。",
)


def _article_path(column: ColumnPlan, article: Article) -> str:
    day = article.day
    if column.shape is Shape.ISLAND:
        return f"/art/{day.year}/{day.month}/{day.day}/art_12_{article.number}.html"
    return f"/{column.slug}/{day:%Y%m}/t{day:%Y%m%d}_{article.number}.html"


def _asset(path: str) -> Answer:
    if path.endswith(".css"):
        return Answer(b"body{margin:0 auto}", content_type="text/css")
    if path.endswith(".js"):
        return Answer(b"'use strict';", content_type="application/javascript")
    return Answer(_PIXEL, content_type="image/png")
