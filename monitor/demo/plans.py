"""The vocabulary in which the made-up district is written down: sites, columns, links, accounts, and what to expect."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from checks import ColumnCategory, Platform
from checks.core.model import AccountStatus, SiteKind
from monitor.demo.publishing import Rhythm
from monitor.demo.server import IPv6

Verdict = Literal["failed", "untested", "passed", "exempt"]
"""``exempt``: nothing may be ruled on it at all; the check is silent, or says 未检测."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a check should say. ``severity`` is ``problem`` or ``warning`` where it should find something."""

    check: str
    status: Verdict
    story: str
    severity: Literal["problem", "warning"] | None = None


class Shape(StrEnum):
    """How a column prints its list."""

    BULLETS = "bullets"  # ul/li with a link and a date, as TRS does
    PINNED = "pinned"  # the same, and an old item stands first
    TABLE = "table"
    BLOCKS = "blocks"  # day and year-month in elements of their own
    ISLAND = "island"  # Hanweb: the rows stand in an XML island within a script
    UNDATED = "undated"  # rows without dates; the articles print theirs
    EMPTY = "empty"
    SHELL = "shell"  # a script would bring the rows
    PROSE = "prose"  # no list at all


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnPlan:
    """A column, how it looks and how it is kept."""

    name: str
    slug: str
    category: ColumnCategory
    rhythm: Rhythm | None = None
    shape: Shape = Shape.BULLETS
    top_level: bool = True
    limit_days: int | None = None
    expected: tuple[Expectation, ...] = ()


class Behaviour(StrEnum):
    """How the address behind an extra link behaves."""

    PAGE = "page"
    MISSING = "missing"  # 404
    SAYS_MISSING = "says_missing"  # 200, and the page says that there is none
    ABOUT_MISSING = "about_missing"  # an article about 404 pages: there
    DOCUMENT = "document"  # a PDF
    DOCUMENT_NO_HEAD = "document_no_head"  # a PDF; HEAD answers 405
    COOKIE = "cookie"  # 302 to itself until the cookie comes back
    GBK_QUERY = "gbk_query"  # there only for a query in GBK bytes
    CHAIN = "chain"  # three redirects: relative, //host, absolute
    SLOW = "slow"
    ELSEWHERE = "elsewhere"  # another host; nothing to serve
    NOT_A_LINK = "not_a_link"  # in a comment or a script; 404 if asked all the same


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPlan:
    """A link besides the articles. ``href`` is as written; ``key`` is its path as normalised, where that differs."""

    href: str
    anchor: str
    behaviour: Behaviour
    inner: bool = False  # on a page below the home page
    status: Literal["failed", "passed"] = "passed"
    story: str = ""
    key: str = ""

    @property
    def path(self) -> str:
        return self.key or self.href


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """The site is down at these visits, counted back from the end of the story."""

    slots: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePlan:
    """A website: where it stands, how it is kept and how it misbehaves."""

    code: str
    name: str
    host: str
    seat: int  # 127.0.1.<seat>
    kind: SiteKind
    sponsor: str
    columns: tuple[ColumnPlan, ...]
    front: str  # the slug of the column that the home page shows
    ipv6: IPv6 = IPv6.ALIVE
    alias: str = ""  # the host is a CNAME of this name
    gbk: bool = False
    entrance: Literal["", "redirect", "refresh"] = ""  # how "/" leads to the home page
    outage: Outage = Outage()
    challenged: bool = False
    default_over_ipv6: bool = False  # its IPv6 address leads to the web server's own first page
    links_to_ipv4_only: bool = False  # to a sister site without IPv6
    suspended_for: int | None = None  # 临时下线, days beyond the end of the story
    links: tuple[LinkPlan, ...] = ()
    expected: tuple[Expectation, ...] = ()
    unqualified: bool = False


class FeedForm(StrEnum):
    """In which format a feed is written and how it prints dates."""

    RSS = "rss"
    RSS_CST = "rss_cst"  # "… 16:30:00 CST": China, not Chicago
    RSS_CHINESE = "rss_chinese"  # "2026年11月20日 16:30"
    RSS_UNDATED = "rss_undated"
    RSS_PINNED = "rss_pinned"  # the oldest item stands first
    ATOM = "atom"
    JSON = "json"
    EMPTY = "empty"
    ERROR = "error"  # 502
    WRONG_PAGE = "wrong_page"  # 200, an HTML page


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPlan:
    """An account, its source and how it is kept. ``reported_age`` is that of the registry's 最后更新时间."""

    platform: Platform
    name: str
    account_id: str
    sponsor: str
    expected: Expectation
    form: FeedForm | None = None
    rhythm: Rhythm | None = None
    reported_age: int | None = None
    status: AccountStatus = AccountStatus.ACTIVE
    opened_on: date = date(2019, 6, 3)
    followers: int | None = None
