"""Crawls in processes of their own: the same facts, one writer, and a worker that dies takes nobody with it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from checks import CrawlSummary, LinkFailure
from monitor.clock import FixedClock
from monitor.crawl import CrawlBounds, crawl
from monitor.crawl_workers import CrawlWorkers, Orders
from monitor.errors import OperationError
from monitor.settings import Network
from tests.net.test_crawl import Memory, the_site
from tests.net.web import LOOPBACK, in_loop, page, serving, visiting

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
ORDERS = Orders(
    network=Network(allow_addresses=LOOPBACK, host_interval=0.0),
    bounds=CrawlBounds(100, 60.0, 0.0),
    vantage="test",
    families=frozenset({4}),
    clock=FixedClock(NOW),
)


@in_loop
async def test_a_worker_brings_home_the_facts_and_what_it_found_on_the_way():
    log = Memory()
    routes = {"/": page("/a.html", "/dead.html"), "/a.html": page()}
    async with serving(routes) as server, CrawlWorkers(1, ORDERS, log, lambda _progress: None) as workers:
        facts = await workers.crawl(the_site(server.url(host="127.0.0.1")))
    [failure] = [fact for fact in facts if isinstance(fact, LinkFailure)]
    assert failure.url.endswith("/dead.html")
    assert failure.control_passed
    assert isinstance(facts[-1], CrawlSummary)
    assert facts[-1].started == NOW
    assert {url.rpartition("/")[2] for url in log.rows} == {"", "a.html", "dead.html"}


@in_loop
async def test_a_worker_that_dies_is_a_fault_of_ours_and_says_so():
    asked_for = asyncio.Event()

    async def hang(asked, writer):
        asked_for.set()
        await asyncio.sleep(60)

    async with serving({"*": hang}) as server, CrawlWorkers(1, ORDERS, Memory(), lambda _progress: None) as workers:
        crawling = asyncio.create_task(workers.crawl(the_site(server.url(host="127.0.0.1"))))
        await asked_for.wait()
        workers._workers[0].process.kill()
        with pytest.raises(OperationError, match="意外退出"):
            await crawling


@in_loop
async def test_an_outside_link_of_several_sites_is_asked_for_once_by_all_processes():
    async with serving({"/": page(), "/there.html": page()}, on=("127.0.0.3",)) as outside:
        links = [outside.url(path, host="127.0.0.3") for path in ("/there.html", "/gone.html")]
        async with (
            serving({"/": page(*links)}) as one,
            serving({"/": page(*links)}, on=("127.0.0.2",)) as two,
            CrawlWorkers(2, ORDERS, Memory(), lambda _progress: None) as workers,
        ):
            sites = [
                replace(the_site(one.url(host="127.0.0.1")), id="5100000001"),
                replace(the_site(two.url(host="127.0.0.2")), id="5100000002"),
            ]
            facts = await asyncio.gather(*map(workers.crawl, sites))
    assert outside.paths("HEAD").count("/there.html") == 1
    for of_site in facts:
        [failure] = [fact for fact in of_site if isinstance(fact, LinkFailure)]
        assert failure.url == links[1]


@in_loop
async def test_this_process_crawls_as_well_and_shares_what_is_found_outside():
    crawled_here = []
    async with serving({"/there.html": page()}, on=("127.0.0.3",)) as outside, visiting() as net:
        link = outside.url("/there.html", host="127.0.0.3")
        async with (
            serving({"/": page(link)}) as one,
            serving({"/": page(link)}, on=("127.0.0.2",)) as two,
            CrawlWorkers(1, ORDERS, Memory(), lambda _progress: None) as workers,
        ):

            async def here(site):
                crawled_here.append(site.id)
                rest = {"net": net, "clock": FixedClock(NOW), "vantage": "test", "families": (4,)}
                return await crawl(site, log=Memory(), bounds=ORDERS.bounds, outside=workers.outside, **rest)

            sites = [
                replace(the_site(one.url(host="127.0.0.1")), id="5100000001"),
                replace(the_site(two.url(host="127.0.0.2")), id="5100000002"),
            ]
            facts = await asyncio.gather(*(workers.crawl(site, here=here) for site in sites))
    assert crawled_here == ["5100000001"]
    assert [of_site[-1].links for of_site in facts] == [2, 2]
    assert outside.paths("HEAD") == ["/there.html"]
