"""A crawl that was killed goes on where it stood, unless that is too long ago."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from checks import LinkSource, Outcome
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
        sources=(LinkSource(page="http://a/", anchor="旧站"),),
        source_count=9,
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


def test_a_finished_crawl_is_forgotten_and_the_other_sites_is_not(store):
    for site in (SITE, OTHER):
        store.crawl_log.resume_or_start(site, NOW)
        store.crawl_log.save(site, [link("x")])
    store.crawl_log.finish(SITE)
    assert store.crawl_log.resume_or_start(SITE, NOW + DAY) == (NOW + DAY, [])
    assert store.crawl_log.resume_or_start(OTHER, NOW) == (NOW, [link("x")])


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
