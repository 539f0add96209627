"""A made-up district of any size for the benchmarks: its registry, and what was seen of it. Seeded; writes nothing."""

from __future__ import annotations

import base64
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from checks import (
    Account,
    AccountReading,
    AddressSurvey,
    Column,
    ColumnCategory,
    CrawlSummary,
    DateBasis,
    FamilyComparison,
    InnerLinkSurvey,
    LinkFailure,
    LinkSource,
    ListItem,
    ListReading,
    NameServiceSurvey,
    Observation,
    Outcome,
    OutsideSurvey,
    PageVisit,
    Peer,
    Platform,
    Reach,
    RegistryPeers,
    Site,
)
from checks.core.ipv6.facts import LevelCount, NameServer, OutsideHost, PagePrint, ServerAnswer
from checks.core.ipv6.sketch import SIZE
from checks.core.model import Level, SiteKind

VANTAGE = "bench"
END = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)
_CATEGORIES = tuple(c for c in ColumnCategory if c is not ColumnCategory.STATIC)
_PLATFORMS = (Platform.WECHAT, Platform.WEIBO, Platform.DOUYIN, Platform.TOUTIAO)


@dataclass(frozen=True)
class District:
    """The subjects. About one in twenty has something wrong with it."""

    sites: tuple[Site, ...]
    columns: tuple[Column, ...]
    accounts: tuple[Account, ...]


def make_district(scale: float = 1.0) -> District:
    """1,000 sites, 10,000 columns and 5,000 accounts, times ``scale``."""
    sites = tuple(_site(n) for n in range(max(1, round(1000 * scale))))
    columns = tuple(_column(site, n) for site in sites for n in range(10))
    accounts = tuple(_account(n) for n in range(max(1, round(5000 * scale))))
    return District(sites, columns, accounts)


def full_district(scale: float = 1.0) -> District:
    """What the service is measured with: 800 sites, 8,000 columns and 5,000 accounts, times ``scale``."""
    made = make_district(scale)
    sites = made.sites[: max(1, round(800 * scale))]
    kept = {site.id for site in sites}
    return District(sites, tuple(column for column in made.columns if column.site_id in kept), made.accounts)


def both_families(seen: Iterator[Observation]) -> Iterator[Observation]:
    """Visits, each over IPv6 as well."""
    for fact in seen:
        yield fact
        if isinstance(fact, PageVisit):
            yield replace(fact, family=6, address="2001:db8::1")


def visits(district: District, hour: datetime) -> Iterator[Observation]:
    """One visit of each site over IPv4."""
    chance = random.Random(hour.timestamp())
    for n, site in enumerate(district.sites):
        down = n % 20 == 7 and chance.random() < 0.3
        yield PageVisit(
            subject=site.ref,
            at=hour + timedelta(seconds=n % 3000),
            vantage=VANTAGE,
            url=site.url,
            family=4,
            outcome=Outcome.TIMEOUT if down else Outcome.OK,
            status_code=None if down else 200,
            seconds=15.0 if down else round(chance.uniform(0.1, 2.0), 3),
            final_url=site.url,
            address=f"198.51.{n // 250 % 250}.{n % 250}",
        )


def daily(district: District, day: datetime) -> Iterator[Observation]:
    """One reading of each home page, column list and account."""
    for n, site in enumerate(district.sites):
        yield _list(site, n, day, site.url)
    for n, column in enumerate(district.columns):
        yield _list(column, n, day, column.url)
    for n, account in enumerate(district.accounts):
        latest = END - timedelta(days=60) if n % 20 == 3 else day - timedelta(days=n % 5)
        yield AccountReading(
            subject=account.ref,
            at=day,
            vantage=VANTAGE,
            adapter="feed",
            source_ok=True,
            latest_at=latest,
            precision="second",
            basis=DateBasis.PUBLISHED,
            title="关于开展政务公开工作的情况通报",
            url=f"https://feed.example/{n}/{latest:%Y%m%d}",
            raw_date=latest.isoformat(),
            items_seen=20,
            covered_from=(day - timedelta(days=90)).date(),
        )


def surveys(district: District, day: datetime) -> Iterator[Observation]:
    """What is looked at daily besides: addresses, name servers, the home page over both families, peers of accounts."""
    for n, site in enumerate(district.sites):
        address, host = f"2001:db8::{n:x}", f"s{n}.example.cn"
        chance = random.Random(f"{n} {day.timestamp()}")

        def seconds(chance: random.Random = chance) -> float:
            return chance.uniform(0.01, 0.1)

        yield AddressSurvey(
            subject=site.ref,
            at=day,
            vantage=VANTAGE,
            host=host,
            a_answer="ok",
            aaaa_answer="ok",
            a=(f"198.51.100.{n % 250}",),
            aaaa=(address,),
            reach=tuple(
                Reach(
                    address=where,
                    port=port,
                    outcome=Outcome.OK,
                    seconds=seconds(),
                    http=Outcome.OK,
                    status_code=200,
                    http_seconds=seconds(),
                )
                for where in (f"198.51.100.{n % 250}", address)
                for port in (80, 443)
            ),
        )
        yield NameServiceSurvey(
            subject=site.ref,
            at=day,
            vantage=VANTAGE,
            host=host,
            zone="example.cn",
            ns_answer="ok",
            servers=tuple(
                NameServer(
                    name=f"ns{k}.example.cn",
                    aaaa_answer="ok",
                    aaaa=(f"2001:db8::53:{k}",),
                    a=(f"198.51.100.{k}",),
                    answers=(
                        ServerAnswer(address=f"2001:db8::53:{k}", answer="ok", seconds=seconds()),
                        ServerAnswer(address=f"198.51.100.{k}", answer="ok", seconds=seconds()),
                    ),
                )
                for k in (1, 2)
            ),
        )
        yield _comparison(site, n, day)
        yield InnerLinkSurvey(
            subject=site.ref,
            at=day,
            vantage=VANTAGE,
            url=site.url,
            levels=tuple(LevelCount(level=k, found=100 * k, sampled=30, reached=30, failed=0) for k in (2, 3)),
        )
        yield OutsideSurvey(
            subject=site.ref,
            at=day,
            vantage=VANTAGE,
            pages=31,
            hosts=6,
            resources=20,
            links=40,
            without=(OutsideHost(host="www.example.org", literal=False, resources=0, links=1, examples=(site.url,)),),
        )
    for n, account in enumerate(district.accounts):
        yield RegistryPeers(
            subject=account.ref,
            at=day,
            vantage=VANTAGE,
            same_unit=tuple(
                Peer(account=f"weibo/{k}", name=f"示例县{k}发布", sponsor=account.sponsor, followers=k)
                for k in range(1000, 1000 + n % 3)
            ),
        )


def _comparison(site: Site, n: int, day: datetime) -> FamilyComparison:
    """Three prints alike. The page is another one each day on every second site, each week on the others."""
    turn = day.toordinal() // (1 if n % 2 else 7)
    chance = random.Random(f"{n} {turn}")
    prints = tuple(
        PagePrint(
            family=family,
            outcome=Outcome.OK,
            status_code=200,
            final_url=site.url,
            address=f"198.51.100.{n % 250}",
            title=site.name,
            text=text,
            text_size=400,
            links=links,
            links_size=300,
            dates=(day.date(),),
        )
        for text, links in [(_sketch(chance), _sketch(chance))]
        for family in (4, 6, 4)
    )
    return FamilyComparison(
        subject=site.ref,
        at=day,
        vantage=VANTAGE,
        url=site.url,
        first=prints[0],
        over_ipv6=prints[1],
        again=prints[2],
    )


def _sketch(chance: random.Random) -> str:
    """As long and as hard to compress as a true one."""
    return base64.b85encode(chance.randbytes(4 * SIZE)).decode()


def weekly(district: District, day: datetime) -> Iterator[Observation]:
    """One crawl of each site."""
    for n, site in enumerate(district.sites):
        dead = 10 if n % 20 == 11 else 0
        for k in range(dead):
            yield LinkFailure(
                subject=site.ref,
                at=day,
                vantage=VANTAGE,
                url=f"{site.url}old/{k}.html",
                outcome=Outcome.HTTP_ERROR,
                status_code=404,
                control_passed=True,
                sources=(LinkSource(page=f"{site.url}list/{k}.html", anchor="旧文件"),),
                source_count=1,
            )
        yield CrawlSummary(
            subject=site.ref,
            at=day,
            vantage=VANTAGE,
            started=day - timedelta(minutes=20),
            pages=500,
            links=1672,
            failures=dead,
            blocked=0,
            complete=True,
        )


def _site(n: int) -> Site:
    code = f"{510000 + n // 100:06d}{n % 100:04d}"
    return Site(
        id=code,
        name=f"示例县{n}人民政府网站",
        url=f"http://s{n}.example.cn/",
        kind=SiteKind.PORTAL if n % 10 == 0 else SiteKind.DEPARTMENT,
        sponsor=f"示例县{n}人民政府办公室",
        supervisor="示例市人民政府办公室",
        region=f"示例县{n // 20}",
        level=Level.COUNTY,
    )


def _column(site: Site, n: int) -> Column:
    category = _CATEGORIES[n % len(_CATEGORIES)]
    return Column(
        site_id=site.id, name=f"{category.value}{n}", url=f"{site.url}c{n}/", category=category, top_level=n < 5
    )


def _account(n: int) -> Account:
    return Account(
        platform=_PLATFORMS[n % len(_PLATFORMS)],
        name=f"示例县{n}发布",
        account_id=f"gh_{n:012x}",
        sponsor=f"示例县{n % 1000}人民政府办公室",
        supervisor="示例市人民政府办公室",
        region=f"示例县{n // 100}",
        level=Level.COUNTY,
        opened_on=date(2019, 5, 1),
        followers=1000 + n,
        source="feed",
        feed_url=f"https://feed.example/{n}.xml",
    )


def _list(subject: Site | Column, n: int, day: datetime, url: str) -> ListReading:
    newest = END.date() - timedelta(days=400) if n % 23 == 5 else day.date() - timedelta(days=n % 6)
    return ListReading(
        subject=subject.ref,
        at=day,
        vantage=VANTAGE,
        url=url,
        outcome=Outcome.OK,
        status_code=200,
        final_url=url,
        readable=True,
        reader="generic",
        rows=20,
        items=tuple(
            ListItem(
                title=f"示例县人民政府关于印发第{k}号文件的通知",
                url=f"{url}{newest - timedelta(days=3 * k):%Y%m}/t{n}_{k}.html",
                published=newest - timedelta(days=3 * k),
                basis=DateBasis.LIST,
            )
            for k in range(20)
        ),
        fingerprints=tuple(f"{(newest.toordinal() * 31 + k) & 0xFFFFFFFF:08x}" for k in range(20)),
    )
