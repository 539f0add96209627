"""Facts made by hand for the tests of the checks, and the one call that rules on them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from checks import (
    Account,
    AccountReading,
    AddressSurvey,
    Answer,
    AppListing,
    Column,
    ColumnCategory,
    CrawlSummary,
    DateBasis,
    History,
    LinkFailure,
    LinkNature,
    LinkRecheck,
    LinkRemark,
    LinkSource,
    ListItem,
    ListReading,
    ManualAnswer,
    Observation,
    Outcome,
    PageVisit,
    Peer,
    Platform,
    Reach,
    RegistryPeers,
    Site,
    all_checks,
)
from checks.core.assess import Assessment, assess
from checks.core.model import SiteKind

NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)  # noon in Asia/Shanghai
TODAY = date(2026, 11, 24)
HOME = "http://www.example.gov.cn/"
SITE = Site(id="5133000001", name="某县人民政府网", url=HOME, kind=SiteKind.PORTAL, sponsor="某县人民政府办公室")
NEWS = Column(site_id=SITE.id, name="工作动态", url=HOME + "news/", category=ColumnCategory.NEWS)
ACCOUNT = Account(platform=Platform.WEIBO, name="某县发布", account_id="1001", sponsor="某县人民政府办公室")

_ids = count(1)


def ago(*, days: float = 0, hours: float = 0) -> datetime:
    return NOW - timedelta(days=days, hours=hours)


def day(days: int) -> date:
    """The day so many days before today."""
    return TODAY - timedelta(days=days)


def rule(
    check_id: str, subject: Any, facts: Iterable[Observation], *, now: datetime = NOW, **limits: Any
) -> Assessment:
    """Assess as an inspection does: only the facts of the check's kinds within its window."""
    check = all_checks()[check_id]
    in_force = replace(check.limits, **limits)
    start = now - check.within(in_force)
    history = History(f for f in facts if isinstance(f, check.reads) and start <= f.at <= now)
    return assess(check, subject, history, limits=in_force, now=now)


def visit(at: datetime, outcome: Outcome = Outcome.OK, *, family: int = 4, seconds: float | None = 0.4) -> PageVisit:
    return PageVisit(
        subject=SITE.ref,
        at=at,
        vantage="test",
        url=HOME,
        family=family,
        outcome=outcome,
        seconds=seconds,
        id=next(_ids),
    )


def survey(
    at: datetime,
    *,
    a: Sequence[str] = ("192.0.2.1",),
    aaaa: Sequence[str] = ("2001:db8::1",),
    a_answer: str = "",
    aaaa_answer: str = "",
    dead: Sequence[str] = (),
    tried: bool = True,
) -> AddressSurvey:
    return AddressSurvey(
        subject=SITE.ref,
        at=at,
        vantage="test",
        host="www.example.gov.cn",
        a_answer=a_answer or ("ok" if a else "no_data"),
        aaaa_answer=aaaa_answer or ("ok" if aaaa else "no_data"),
        a=tuple(a),
        aaaa=tuple(aaaa),
        reach=tuple(
            Reach(address=address, port=80, outcome=Outcome.TIMEOUT if address in dead else Outcome.OK)
            for address in ((*a, *aaaa) if tried else a)
        ),
        id=next(_ids),
    )


def reading(
    at: datetime,
    *dates: date | None,
    of: Site | Column = NEWS,
    readable: bool = True,
    reason: str = "",
    outcome: Outcome = Outcome.OK,
    says_empty: bool = False,
    basis: DateBasis = DateBasis.LIST,
    undated: int = 0,
    fingerprints: Sequence[str] = (),
) -> ListReading:
    items = tuple(
        ListItem(title=f"第 {n} 条", url=f"{of.url}{n}.html", published=d, basis=basis if d else None)
        for n, d in enumerate(dates)
    )
    return ListReading(
        subject=of.ref,
        at=at,
        vantage="test",
        url=of.url,
        outcome=outcome,
        readable=readable,
        reason=reason,
        rows=len(items) + undated,
        undated=undated + sum(d is None for d in dates),
        items=items,
        says_empty=says_empty,
        fingerprints=tuple(fingerprints),
        id=next(_ids),
    )


def crawl(at: datetime, *, complete: bool = True, reason: str = "", hours: float = 1) -> CrawlSummary:
    """A crawl that ended at ``at`` and took so many hours."""
    return CrawlSummary(
        subject=SITE.ref,
        at=at,
        vantage="test",
        started=at - timedelta(hours=hours),
        pages=100,
        links=500,
        failures=0,
        blocked=0,
        complete=complete,
        reason=reason,
        id=next(_ids),
    )


def failure(
    at: datetime,
    path: str = "gone.html",
    *,
    outcome: Outcome = Outcome.HTTP_ERROR,
    status_code: int | None = 404,
    control_passed: bool = False,
    on_home: bool = False,
    internal: bool = True,
    host_down: bool = False,
) -> LinkFailure:
    return LinkFailure(
        subject=SITE.ref,
        at=at,
        vantage="test",
        url=path if "://" in path else HOME + path,
        outcome=outcome,
        host_down=host_down,
        status_code=status_code,
        internal=internal,
        on_home=on_home,
        control_passed=control_passed,
        sources=(LinkSource(page=HOME + "index.html", anchor="办事指南"),),
        source_count=3,
        id=next(_ids),
    )


def recheck(at: datetime, *paths: str) -> LinkRecheck:
    """A second look at these links that began an hour before ``at``."""
    return LinkRecheck(
        subject=SITE.ref,
        at=at,
        vantage="test",
        started=at - timedelta(hours=1),
        looked=tuple(path if "://" in path else HOME + path for path in paths),
        id=next(_ids),
    )


def remark(
    at: datetime,
    nature: LinkNature,
    url: str = "http://old.example/x.html",
    *,
    detail: str = "",
    internal: bool = True,
) -> LinkRemark:
    return LinkRemark(
        subject=SITE.ref,
        at=at,
        vantage="test",
        url=url,
        nature=nature,
        detail=detail,
        internal=internal,
        sources=(LinkSource(page=HOME + "index.html", anchor="友情链接"),),
        source_count=2,
        id=next(_ids),
    )


APP = replace(ACCOUNT, platform=Platform.APP, name="某县通", account_id="6400000001")


def listing(at: datetime, listed: bool | None, *, error: str = "") -> AppListing:
    return AppListing(
        subject=APP.ref,
        at=at,
        vantage="test",
        store="App Store 中国区",
        app_id=APP.account_id,
        listed=listed,
        error=error,
        id=next(_ids),
    )


def peers(
    *,
    same_unit: Sequence[str] = (),
    same_id: Sequence[str] = (),
    same_name: Sequence[str] = (),
    main: bool = True,
    varieties: Sequence[str] = (),
    at: datetime = NOW,
) -> RegistryPeers:
    """The names of the peers of the unit, and the units of those under the same id or name."""
    sponsor = ACCOUNT.sponsor
    return RegistryPeers(
        subject=ACCOUNT.ref,
        at=at,
        vantage="test",
        same_unit=tuple(
            Peer(account=f"weibo:{n}", name=name, sponsor=sponsor, variety=(*varieties, *[""] * 9)[n])
            for n, name in enumerate(same_unit)
        ),
        same_id=tuple(Peer(account="weibo:7", name=ACCOUNT.name, sponsor=unit) for unit in same_id),
        same_name=tuple(Peer(account="weibo:8", name=ACCOUNT.name, sponsor=unit) for unit in same_name),
        main=main,
        id=next(_ids),
    )


def account_reading(
    at: datetime,
    latest: datetime | None = None,
    *,
    adapter: str = "feed",
    source_ok: bool = True,
    error: str = "",
    covered_from: date | None = None,
    basis: DateBasis = DateBasis.PUBLISHED,
    undated: int = 0,
    covered_to: date | None = None,
    doubt: str = "",
    marks: Sequence[str] = (),
) -> AccountReading:
    return AccountReading(
        subject=ACCOUNT.ref,
        at=at,
        vantage="test",
        adapter=adapter,
        source_ok=source_ok,
        error=error,
        latest_at=latest,
        precision="second" if latest else "",
        basis=basis if latest else None,
        items_seen=10,
        items_undated=undated,
        covered_from=covered_from,
        covered_to=covered_to,
        doubt=doubt,
        marks=tuple(marks),
        id=next(_ids),
    )


def answer(
    indicator: str,
    given: Answer,
    *,
    at: datetime = NOW,
    of: Site | Account = SITE,
    count: int = 0,
    note: str = "",
    who: str = "张三",
) -> ManualAnswer:
    return ManualAnswer(
        subject=of.ref,
        at=at,
        vantage=f"manual:{who}",
        indicator=indicator,
        name=f"指标 {indicator}",
        answer=given,
        count=count,
        note=note,
        id=next(_ids),
    )
