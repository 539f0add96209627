"""Facts of every kind come back as they went in, and survive versions and pages that are not well."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import ClassVar

import pytest

from checks import (
    AccountReading,
    AddressSurvey,
    Answer,
    AppListing,
    CrawlSummary,
    DateBasis,
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
    PolicyFile,
    PolicyPair,
    PolicyPairs,
    PolicyRegister,
    PublicationCount,
    Reach,
    Ref,
    RegistryPeers,
)
from checks.core.aftermath import ClosedVisit
from checks.core.ipv6.facts import (
    FamilyComparison,
    InnerLink,
    InnerLinkSurvey,
    LevelCount,
    NameServer,
    NameServiceSurvey,
    OutsideHost,
    OutsideSurvey,
    PagePrint,
    ServerAnswer,
)
from checks.core.observations import observation_kinds
from monitor.errors import OperationError
from monitor.store import Store
from monitor.store.engine import Database
from monitor.store.tables import metadata

SITE = Ref("site", "5118000022")
AT = datetime(2026, 9, 11, 1, 2, 3, 456789, tzinfo=UTC)
SEEN = {"subject": SITE, "at": AT, "vantage": "local"}
CHINA = timezone(timedelta(hours=8))


@dataclass(frozen=True, kw_only=True)
class Weather(Observation):
    """A kind of fact that only this test knows."""

    kind: ClassVar[str] = "weather_for_a_test"
    rain: bool


FULL = [
    PageVisit(
        **SEEN,
        url="http://www.yaan.gov.cn/",
        family=6,
        outcome=Outcome.TLS_ERROR,
        status_code=200,
        seconds=1.25,
        final_url="https://www.yaan.gov.cn/",
        hops=("http://www.yaan.gov.cn/", "https://www.yaan.gov.cn/"),
        address="2001:db8::1",
        tls_problem="证书已过期",
        detail="说明",
    ),
    AddressSurvey(
        **SEEN,
        host="www.yaan.gov.cn",
        a_answer="ok",
        aaaa_answer="no_data",
        a=("192.0.2.1",),
        aaaa=(),
        reach=(
            Reach(address="192.0.2.1", port=80, outcome=Outcome.TIMEOUT),
            Reach(address="::1", port=443, outcome=Outcome.OK, seconds=0.1),
        ),
    ),
    ListReading(
        **SEEN,
        url="http://www.yaan.gov.cn/tz/",
        outcome=Outcome.OK,
        status_code=200,
        readable=True,
        reader="generic",
        rows=2,
        undated=1,
        items=(
            ListItem(title="关于“放假”的通知", url="http://a/1", published=date(2026, 9, 10), basis=DateBasis.LIST),
            ListItem(title="无日期", url="http://a/2"),
        ),
        fingerprints=("0a1b2c3d",),
    ),
    LinkFailure(
        **SEEN,
        url="http://www.yaan.gov.cn/x",
        outcome=Outcome.SOFT_404,
        status_code=404,
        internal=False,
        on_home=True,
        control_passed=True,
        sources=(LinkSource(page="http://www.yaan.gov.cn/", anchor="旧站"),),
        source_count=7,
        host_down=True,
    ),
    LinkRemark(
        **SEEN,
        url="http://a/",
        nature=LinkNature.HIJACKED,
        detail="像是博彩网站",
        internal=False,
        sources=(LinkSource(page="http://b/"),),
    ),
    LinkRecheck(**SEEN, started=AT - timedelta(minutes=1), looked=("http://a/",)),
    CrawlSummary(
        **SEEN, started=AT - timedelta(hours=1), pages=3, links=9, failures=1, blocked=0, complete=False, reason="到时"
    ),
    AccountReading(
        **SEEN,
        adapter="feed",
        source_ok=True,
        latest_at=datetime(2026, 9, 11, 8, 0, tzinfo=CHINA),
        precision="second",
        basis=DateBasis.PUBLISHED,
        title="标题",
        raw_date="Fri, 11 Sep 2026 08:00:00 CST",
        items_seen=20,
        covered_from=date(2026, 6, 1),
        covered_to=date(2026, 9, 10),
        marks=("0a1b2c3d4e",),
        posts_90=12,
    ),
    AppListing(**SEEN, store="App Store 中国区", app_id="640", listed=True, version="3.2.1", released=date(2026, 9, 9)),
    RegistryPeers(
        **SEEN,
        same_unit=(Peer(account="wechat:gh_2", name="某", sponsor="某局", opened_on=date(2020, 1, 1), followers=3),),
        main=False,
    ),
    ManualAnswer(
        subject=SITE, at=AT, vantage="manual:张三", indicator="W5", name="互动回应差", answer=Answer.PROBLEM, count=2
    ),
    PublicationCount(
        subject=SITE, at=AT, vantage="manual:张三", year=2026, as_of=date(2026, 6, 30), count=3000, unit="市教育局"
    ),
    PolicyRegister(
        subject=SITE,
        at=AT,
        vantage="manual:张三",
        files=(
            PolicyFile(number="某府发〔2026〕1号", title="办法", issued=date(2026, 6, 1), published=date(2026, 6, 2)),
        ),
    ),
    PolicyPairs(
        subject=SITE,
        at=AT,
        vantage="local",
        pairs=(
            PolicyPair(
                key="某府发〔2026〕1号",
                file_url="http://www.yaan.gov.cn/1",
                interpretation_url="http://www.yaan.gov.cn/2",
                file_outcome=Outcome.OK,
                interpretation_outcome=Outcome.TIMEOUT,
                file_links=True,
            ),
        ),
    ),
    ClosedVisit(**SEEN, url="http://old.yaan.gov.cn/", outcome=Outcome.OK, status_code=200, site_name="旧站"),
    NameServiceSurvey(
        **SEEN,
        host="www.yaan.gov.cn",
        zone="yaan.gov.cn",
        ns_answer="ok",
        servers=(
            NameServer(
                name="ns1.yaan.gov.cn",
                aaaa_answer="ok",
                aaaa=("2001:db8::53",),
                answers=(ServerAnswer(address="2001:db8::53", answer="refused", seconds=0.25),),
            ),
        ),
    ),
    FamilyComparison(
        **SEEN,
        url="http://www.yaan.gov.cn/",
        first=PagePrint(family=4, outcome=Outcome.OK, title="某市", text="0a", text_size=9, dates=(date(2026, 9, 1),)),
        over_ipv6=PagePrint(family=6, outcome=Outcome.TIMEOUT, detail="超时"),
        again=PagePrint(family=4, outcome=Outcome.OK),
        only_ipv4=("某市召开会议",),
    ),
    InnerLinkSurvey(
        **SEEN,
        url="http://www.yaan.gov.cn/",
        levels=(LevelCount(level=2, found=40, sampled=30, reached=29, failed=1),),
        failing=(
            InnerLink(
                url="http://www.yaan.gov.cn/a",
                level=2,
                page="http://www.yaan.gov.cn/",
                over_ipv6=Outcome.CONNECT_ERROR,
                over_ipv4=Outcome.OK,
            ),
        ),
    ),
    OutsideSurvey(
        **SEEN,
        pages=3,
        hosts=2,
        resources=5,
        links=7,
        without=(OutsideHost(host="192.0.2.9", literal=True, resources=1, links=2, examples=("http://192.0.2.9/",)),),
    ),
]


@pytest.mark.parametrize("fact", FULL, ids=lambda fact: fact.kind)
def test_a_fact_comes_back_as_it_went_in(store, fact):
    store.record([fact])
    [back] = store.observations(SITE)
    assert back == fact
    assert [type(getattr(back, f.name)) for f in fields(back)] == [type(getattr(fact, f.name)) for f in fields(fact)]
    assert back.id > 0


def test_every_kind_of_fact_is_tried_here():
    assert {fact.kind for fact in FULL} == {
        k for k, c in observation_kinds().items() if c.__module__.startswith("checks.")
    }


def test_times_are_kept_in_utc_whatever_zone_they_came_in(store):
    store.record([replace(FULL[0], at=datetime(2026, 9, 11, 8, 0, tzinfo=CHINA))])
    [back] = store.observations(SITE)
    assert back.at == datetime(2026, 9, 11, 0, 0, tzinfo=UTC)
    assert back.at.utcoffset() == timedelta(0)


def test_a_field_of_a_newer_version_is_passed_over(url):
    [back] = _reread(url, lambda facts: {**facts, "invented_later": {"deep": [1]}})
    assert back == FULL[0]


def test_a_field_that_an_older_version_did_not_write_takes_its_default(url):
    [back] = _reread(url, lambda facts: {k: v for k, v in facts.items() if k != "tls_problem"})
    assert back == replace(FULL[0], tls_problem="")


def test_a_kind_that_this_version_does_not_know_is_passed_over(url):
    assert _reread(url, lambda facts: facts, kind="invented_later") == []


def test_a_fact_that_cannot_be_understood_is_named_with_a_remedy(url):
    with pytest.raises(OperationError, match=r"site:5118000022 的第 1 号事实（page_visit）读不懂.*请升级"):
        _reread(url, lambda facts: {**facts, "family": "sechs"})


def test_chinese_is_stored_as_it_is(tmp_path):
    store = Store.open(f"sqlite:///{tmp_path}/x.db")
    store.record(FULL)
    store.close()
    assert "说明".encode() in (tmp_path / "x.db").read_bytes()


@pytest.mark.parametrize(
    ("title", "kept"), [("半个\ud83d字", "半个?字"), ("空\x00字符", "空\ufffd字符"), ("\\u0000", "\\u0000")]
)
def test_what_no_database_can_hold_is_replaced_and_the_fact_is_kept(store, title, kept):
    store.record([replace(FULL[2], items=(ListItem(title=title, url="http://a/1"),))])
    [back] = store.observations(SITE)
    assert back.items[0].title == kept


def test_a_kind_declared_later_needs_no_migration(store):
    fact = Weather(**SEEN, rain=True)
    store.record([fact])
    assert store.observations(SITE) == [fact]


def _reread(url, change, *, kind=None):
    """Store a visit, change its facts behind the store's back, and read it again."""
    store = Store.open(url)
    store.record([FULL[0]])
    store.close()
    database = Database(url)
    with database.writing() as connection:
        rows = metadata.tables["observation"]
        facts = connection.execute(rows.select()).one().facts
        connection.execute(rows.update().values(facts=change(dict(facts)), kind=kind or "page_visit"))
    database.close()
    store = Store.open(url)
    try:
        return store.observations(SITE)
    finally:
        store.close()
