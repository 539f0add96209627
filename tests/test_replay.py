"""Real pages, replayed from loopback: what a collecting round and `try` read in them, against the truth of their index.

The pages are other people's and are only read where they lie; without them these tests are skipped.
"""

from __future__ import annotations

import asyncio
import csv
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from checks import Column, ColumnCategory, LinkFailure, ListReading, Observation, Outcome, PageVisit, Site, all_checks
from checks.core.assess import Status
from checks.core.calendar import quarter_of
from checks.core.model import SiteKind
from checks.core.standard import load_standard
from monitor.clock import FixedClock
from monitor.collect import collect, plan
from monitor.demo.dns import DnsServer, Zone
from monitor.inspection import inspect
from monitor.probing import all_probes
from monitor.registry.changes import RegistryChanges
from monitor.settings import Settings, parse_settings
from monitor.store import Store
from monitor.trying import try_url
from tests.net.web import Behaviour, answer, page, serving

CORPUS = Path(__file__).parents[1] / ".." / "shared" / "corpus"
NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
STANDARD = load_standard("gwb-2019")


@dataclass(frozen=True)
class Page:
    """A page of the corpus and its truth."""

    file: str
    kind: str
    charset: str
    article_date: str
    newest_date: str
    list_rows: int
    path: str

    @property
    def is_article(self) -> bool:
        return "article" in self.kind

    @property
    def is_list(self) -> bool:
        return "list" in self.kind

    @property
    def is_challenge(self) -> bool:
        return self.kind == "waf_challenge"

    @property
    def served(self) -> bytes:
        """The answer as its site gives it: the challenge pages with status 521, JSON as JSON."""
        body = (CORPUS / self.file).read_bytes()
        kind = "application/json" if self.file.endswith(".json") else "text/html"
        charset = f";charset={self.charset}" if self.charset else ""
        return answer(body, status=521 if self.is_challenge else 200, content_type=kind + charset)


def _pages() -> tuple[Page, ...]:
    if not (CORPUS / "index.csv").exists():
        return ()
    with (CORPUS / "index.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Page(
                file=row["file"],
                kind=row["kind"],
                charset=row["encoding_declared"],
                article_date=row["article_date"],
                newest_date=row["newest_date"],
                list_rows=int(row["list_rows"] or 0),
                path=urlsplit(row["url"]).path or f"/{row['file']}",
            )
            for row in csv.DictReader(file)
        )


PAGES = _pages()
ARTICLES = [page for page in PAGES if page.is_article]
LISTS = [page for page in PAGES if page.is_list]
CHALLENGES = [page for page in PAGES if page.is_challenge]

pytestmark = pytest.mark.skipif(not PAGES, reason="the corpus of real pages (../shared/corpus) is not here")


@dataclass(frozen=True)
class Replay:
    """Where the pages are served, and the settings of a visitor who can go nowhere else."""

    home: str
    settings: Settings

    def url(self, shown: Page) -> str:
        return self.home + shown.path


@asynccontextmanager
async def replaying() -> AsyncIterator[Replay]:
    """Every page on loopback, and a DNS server that knows no name: links to real sites lead nowhere."""
    routes: dict[str, Behaviour] = {shown.path: shown.served for shown in PAGES} | {"/": page()}
    dns = DnsServer(Zone({}))
    try:
        await dns.start()
        async with serving(routes) as web:
            home = web.url("", host="127.0.0.1")
            yield Replay(home, visitor(f"127.0.0.1:{dns.port}", reference=home + "/"))
    finally:
        await dns.stop()


def visitor(nameserver: str, *, reference: str) -> Settings:
    return parse_settings(
        {
            "network": {"nameservers": [nameserver], "allow_addresses": ["127.0.0.0/8"], "host_interval": 0.0},
            "vantage": {"ipv4": [reference], "ipv6": ["http://[::1]:9/"]},
        },
        "tests",
    )


def site_of(shown: Page, url: str) -> Site:
    number = PAGES.index(shown)
    return Site(id=f"51000000{number:02}", name=shown.file, url=url, kind=SiteKind.DEPARTMENT, sponsor="某局")


def column_of(shown: Page, url: str, category: ColumnCategory = ColumnCategory.NEWS) -> Column:
    return Column(site_id=site_of(shown, url).id, name="栏目", url=url, category=category)


async def one_round(record: Store, shown: Sequence[Page], replay: Replay) -> None:
    """Register these pages as sites, each with itself as a column; go and look; rule."""
    sites = [site_of(each, replay.url(each)) for each in shown]
    columns = [column_of(each, replay.url(each)) for each in shown]
    record.apply(RegistryChanges(added=(*sites, *columns)))
    clock = FixedClock(NOW)
    # The links of a saved page lead to where nothing was saved: its crawl would tell of the corpus, not of the site.
    probes = [probe for id, probe in all_probes().items() if id != "site.links" or shown == CHALLENGES]
    tasks = plan(record.subjects(), probes, now=NOW)
    result = await collect(tasks, store=record, settings=replay.settings, clock=clock)
    assert result.faults == ()
    inspect(record, STANDARD, list(all_checks().values()), now=NOW, period=quarter_of(NOW))


def facts_of(record: Store, shown: Page, kind: type[Observation]) -> list[Any]:
    """The facts of a kind about a page, as a column if it is a list reading, otherwise as a site."""
    ref = column_of(shown, "").ref if kind is ListReading else site_of(shown, "").ref
    return [fact for fact in record.observations(ref) if isinstance(fact, kind)]


def test_lists_are_read_to_their_newest_date_and_their_number_of_rows(record):
    async def story():
        async with replaying() as replay:
            await one_round(record, LISTS, replay)

    asyncio.run(story())
    read = {}
    for shown in LISTS:
        [reading] = facts_of(record, shown, ListReading)
        newest = reading.newest
        read[shown.file] = (reading.readable, str(newest.published) if newest else "", reading.rows)
    assert read == {shown.file: (True, shown.newest_date, shown.list_rows) for shown in LISTS}


def test_a_list_without_dates_is_no_ground_for_a_verdict_and_an_old_one_is(record):
    async def story():
        async with replaying() as replay:
            await one_round(record, LISTS, replay)

    asyncio.run(story())
    ruled = {(a.check, a.subject): a for a in record.assessments()}
    for shown in LISTS:
        stale = ruled["column.stale", column_of(shown, "").ref]
        assert (stale.status is Status.FAILED) is bool(shown.newest_date), shown.file
        assert ruled["column.empty", column_of(shown, "").ref].status is not Status.FAILED, shown.file


def test_challenge_pages_are_blocked_and_fail_nobody(record):
    async def story():
        async with replaying() as replay:
            await one_round(record, CHALLENGES, replay)

    asyncio.run(story())
    for shown in CHALLENGES:
        [visit] = facts_of(record, shown, PageVisit)
        assert (visit.outcome, visit.status_code) == (Outcome.BLOCKED, 521)
        [reading] = facts_of(record, shown, ListReading)
        assert (reading.outcome, reading.readable, reading.rows) == (Outcome.BLOCKED, False, 0)
        assert reading.reason
        assert not [f for f in facts_of(record, shown, LinkFailure) if f.outcome.conclusive]
    ruled = record.assessments()
    assert {a.subject.kind for a in ruled} == {"site", "column"}
    assert {a.status for a in ruled if not a.exempt} == {Status.UNTESTED}
    assert record.entries() == []


@pytest.fixture(scope="module")
def tried() -> dict[str, dict[str, Any]]:
    """What `try` says of every article."""

    async def story() -> dict[str, dict[str, Any]]:
        clock = FixedClock(NOW)
        async with replaying() as replay:
            return {
                shown.file: (
                    await try_url(replay.url(shown), settings=replay.settings, standard=STANDARD, clock=clock)
                ).as_record()
                for shown in [*ARTICLES, *CHALLENGES]
            }

    return asyncio.run(story())


def test_no_article_gets_a_date_that_is_not_its_own(tried):
    wrong = {
        shown.file: (said, shown.article_date)
        for shown in ARTICLES
        if (said := tried[shown.file]["published_at"]) is not None and said[:10] != shown.article_date
    }
    assert wrong == {}


def test_every_article_that_prints_its_date_is_dated(tried):
    """None is better than wrong, and right is better than none."""
    dated = [shown for shown in ARTICLES if shown.article_date]
    unread = [shown.file for shown in dated if tried[shown.file]["published_at"] is None]
    assert unread == []


def test_an_article_dated_to_the_second_is_dated_in_chinese_time(tried):
    times = [said["published_at"] for said in tried.values() if said["published_at"] and "T" in said["published_at"]]
    assert times
    for said in times:
        at = datetime.fromisoformat(said)
        assert at.utcoffset().total_seconds() == 8 * 3600
        assert date(2000, 1, 1) < at.date() < NOW.date()


def test_a_challenge_page_has_no_date_and_no_rows_and_names_what_stands_in_the_way(tried):
    for shown in CHALLENGES:
        said = tried[shown.file]
        assert said["published_at"] is None
        assert said["challenge"]
        assert said["items"] == []
        assert not said["list"]["readable"]
        assert {ruling["status"] for ruling in said["rulings"]} == {Status.UNTESTED}


def test_texts_are_read_in_the_charset_they_are_in_and_not_the_one_they_name(tried):
    for shown in ARTICLES:
        said = tried[shown.file]
        assert said["encoding"]["used"].lower().replace("_", "-") in ("utf-8", "utf8"), shown.file
