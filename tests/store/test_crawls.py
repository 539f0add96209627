"""A crawl that was killed goes on where it stood, unless that is too long ago."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from checks import CrawlSummary, LinkNature, LinkSource, Outcome, Ref
from monitor.crawl import LinkRow
from monitor.store import Store

NOW = datetime(2026, 9, 11, tzinfo=UTC)
SITE, OTHER = "5118000001", "5118000002"
DAY = timedelta(days=1)


def link(name: str, depth: int = 1, **more) -> LinkRow:
    return LinkRow(url=f"http://a/{name}", depth=depth, internal=True, is_page=True, **more)


def test_a_new_crawl_begins_now_with_nothing(store):
    assert store.crawl_log.resume_or_start(SITE, NOW) == (NOW, [])


def test_a_crawl_goes_on_after_a_restart_with_all_it_knew(url):
    looked_at = link(
        "x",
        depth=2,
        on_home=True,
        outcome=Outcome.SOFT_404,
        status_code=200,
        control_passed=True,
        detail="说明",
        sources=(LinkSource(page="http://a/", anchor="旧站", position=3),),
        source_count=9,
        is_form=True,
        is_scripted=True,
        crowded=7,
    )
    store = Store.open(url)
    store.crawl_log.resume_or_start(SITE, NOW)
    store.crawl_log.save(SITE, [looked_at, link("home", depth=0)])
    store.close()
    store = Store.open(url)
    assert store.crawl_log.resume_or_start(SITE, NOW + timedelta(hours=1)) == (NOW, [link("home", depth=0), looked_at])
    store.close()


def test_a_link_that_is_saved_again_is_replaced_not_doubled(store):
    store.crawl_log.resume_or_start(SITE, NOW)
    store.crawl_log.save(SITE, [link("x")])
    store.crawl_log.save(SITE, [link("x"), link("x", outcome=Outcome.OK)])
    assert store.crawl_log.resume_or_start(SITE, NOW)[1] == [link("x", outcome=Outcome.OK)]


def summary(site: str, at: datetime) -> CrawlSummary:
    counts = {"pages": 1, "links": 1, "failures": 0, "blocked": 0}
    return CrawlSummary(subject=Ref("site", site), at=at, vantage="test", started=NOW, complete=True, **counts)


def test_a_crawl_whose_facts_are_on_record_is_over_and_the_other_sites_is_not(store):
    for site in (SITE, OTHER):
        store.crawl_log.resume_or_start(site, NOW)
        store.crawl_log.save(site, [link("x")])
    store.record([summary(SITE, NOW + timedelta(hours=1))])
    assert store.crawl_log.resume_or_start(SITE, NOW + DAY) == (NOW + DAY, [])
    assert store.crawl_log.resume_or_start(OTHER, NOW) == (NOW, [link("x")])


def test_of_a_finished_crawl_what_failed_is_kept_until_it_was_looked_at_again(store):
    rows = [
        link("dead", outcome=Outcome.HTTP_ERROR, status_code=503, remarks=((LinkNature.TLS_PROBLEM, "证书已过期"),)),
        link("blocked", outcome=Outcome.BLOCKED),
        link("good", outcome=Outcome.OK),
    ]
    store.crawl_log.resume_or_start(SITE, NOW)
    store.crawl_log.save(SITE, rows)
    assert store.crawl_log.failed(SITE) is None
    ended = NOW + timedelta(hours=1)
    store.record([summary(SITE, ended)])
    at, failed = store.crawl_log.failed(SITE)
    assert (at, sorted(failed, key=lambda row: row.url)) == (ended, [rows[1], rows[0]])
    store.crawl_log.looked_again(SITE)
    assert store.crawl_log.failed(SITE) is None


def test_a_crawl_can_be_begun_afresh(store):
    store.crawl_log.resume_or_start(SITE, NOW)
    store.crawl_log.save(SITE, [link("x")])
    store.crawl_log.forget_unfinished(SITE)
    assert store.crawl_log.resume_or_start(SITE, NOW + DAY / 2) == (NOW + DAY / 2, [])


@pytest.mark.parametrize(
    ("age", "goes_on"),
    [
        (DAY - timedelta(seconds=1), True),
        (DAY, False),
        (DAY + timedelta(seconds=1), False),
        (-timedelta(seconds=1), False),
    ],
)
def test_what_an_old_crawl_found_is_not_told_as_seen_today(store, age, goes_on):
    store.crawl_log.resume_or_start(SITE, NOW)
    store.crawl_log.save(SITE, [link("x", outcome=Outcome.HTTP_ERROR)])
    started, rows = store.crawl_log.resume_or_start(SITE, NOW + age)
    assert (started == NOW and len(rows) == 1) if goes_on else (started == NOW + age and rows == [])
