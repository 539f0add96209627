"""The crawl of a site on loopback: what it finds, what it must not claim, and how it goes on after being killed."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from checks import CrawlSummary, LinkFailure, Outcome, Site
from checks.core.model import SiteKind
from monitor.clock import FixedClock
from monitor.crawl import CrawlBounds, LinkRow, crawl
from tests.net.web import answer, in_loop, not_found, page, redirect, serving, visiting

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
MISSING = answer("<title>ERROR 404 您访问的页面不存在</title><body>您访问的页面不存在</body>")


class Memory:
    """A crawl log in memory; ``killed_after`` raises at that save, as if the machine had been switched off."""

    def __init__(self, *, killed_after=None):
        self.started = None
        self.rows = {}
        self.ended = None
        self.saves = 0
        self.killed_after = killed_after

    def resume_or_start(self, site_id, now):
        self.started = self.started or now
        return self.started, list(self.rows.values())

    def save(self, site_id, rows):
        self.saves += 1
        self.rows.update({row.url: replace(row) for row in rows})
        if self.saves == self.killed_after:
            raise KeyboardInterrupt

    def failed(self, site_id):
        rows = [row for row in self.rows.values() if row.failed]
        return (self.ended, rows) if rows and self.ended else None

    def looked_again(self, site_id):
        self.rows.clear()


def the_site(url):
    return Site(id="5100000001", name="某县人民政府", url=url, kind=SiteKind.PORTAL, sponsor="某县人民政府办公室")


async def crawled(server, net, *, log=None, pages=100, seconds=60.0, pause=0.0, url=None, families=(4, 6)):
    """The failures by path or address, and the summary."""
    observations = await crawl(
        the_site(url or server.url()),
        net=net,
        clock=FixedClock(NOW),
        vantage="test",
        log=log or Memory(),
        bounds=CrawlBounds(pages, seconds, pause),
        families=families,
    )
    links = [o for o in observations if isinstance(o, LinkFailure)]
    failures = {o.url.removeprefix(server.url("")): o for o in links if o.outcome.conclusive}
    (summary,) = [o for o in observations if isinstance(o, CrawlSummary)]
    return failures, summary


@in_loop
async def test_every_link_is_looked_at_once_and_the_dead_ones_are_told_with_their_pages():
    routes = {
        "/": page("/a.html", "/b.html", "/dead.html", "http://other.example:1/gone", "mailto:x@site.example"),
        "/a.html": page("/", "/b.html", "/dead.html", "/a.pdf", "/c.html"),
        "/b.html": page("/a.html", "/dead.html"),
        "/c.html": page("/deep.html"),
        "/a.pdf": answer(b"%PDF-1.4", content_type="application/pdf"),
    }
    async with serving(routes) as server, visiting() as net:
        failures, summary = await crawled(server, net)
    assert set(failures) == {"/dead.html", "/deep.html", "http://other.example:1/gone"}
    dead, deep = failures["/dead.html"], failures["/deep.html"]
    assert (dead.outcome, dead.status_code, dead.internal, dead.on_home) == (Outcome.HTTP_ERROR, 404, True, True)
    assert dead.source_count == 3
    assert {source.page for source in dead.sources} == {server.url(p) for p in ("/", "/a.html", "/b.html")}
    assert dead.sources[0].anchor == "链接 3"
    assert (deep.on_home, deep.source_count) == (False, 1)
    gone = failures["http://other.example:1/gone"]
    assert (gone.outcome, gone.internal) == (Outcome.CONNECT_ERROR, False)
    assert (summary.pages, summary.links, summary.failures, summary.blocked) == (4, 8, 3, 0)
    assert (summary.complete, summary.reason) == (True, "")
    assert summary.subject == dead.subject == the_site("").ref
    assert summary.at == NOW
    looks = [target for target in server.paths() if "xuncha-" not in target and target != "/robots.txt"]
    assert sorted(looks) == sorted(["/", "/a.html", "/b.html", "/c.html", "/a.pdf", "/dead.html", "/deep.html"])


@in_loop
async def test_five_pages_are_named_for_a_link_and_all_are_counted():
    routes = {"/": page(*(f"/{n}.html" for n in range(7)))}
    routes |= {f"/{n}.html": page("/dead.html") for n in range(7)}
    async with serving(routes) as server, visiting() as net:
        failures, _ = await crawled(server, net)
    assert len(failures["/dead.html"].sources) == 5
    assert failures["/dead.html"].source_count == 7


@in_loop
async def test_a_404_is_believed_at_once_where_a_random_address_beside_it_answers_404_too():
    def partly(asked):
        return answer("ok", status=200) if asked.target.startswith("/soft/xuncha-") else not_found()

    routes = {"/": page("/hard/a.html", "/hard/b.html", "/soft/a.html"), "*": partly}
    async with serving(routes) as server, visiting() as net:
        failures, _ = await crawled(server, net)
    assert {path: failure.control_passed for path, failure in failures.items()} == {
        "/hard/a.html": True,
        "/hard/b.html": True,
        "/soft/a.html": False,
    }
    assert sum("/hard/xuncha-" in target for target in server.paths()) == 1


@in_loop
async def test_a_page_that_says_it_does_not_exist_is_dead_with_status_200():
    routes = {"/": page("/a.html", "/news/404.html", "/b.html"), "/a.html": MISSING}
    routes["/b.html"] = redirect("/404.html")
    routes["/404.html"] = MISSING
    routes["/news/404.html"] = page(title="我市开展 404 号专项行动")
    async with serving(routes) as server, visiting() as net:
        failures, _ = await crawled(server, net)
    assert {path: failure.outcome for path, failure in failures.items()} == {
        "/a.html": Outcome.SOFT_404,
        "/b.html": Outcome.SOFT_404,
    }
    assert failures["/a.html"].status_code == 200


@pytest.mark.parametrize("missing_goes_home", [True, False])
@in_loop
async def test_to_be_sent_home_is_a_dead_link_only_where_what_cannot_exist_is_sent_home_too(missing_goes_home):
    routes = {"/": page("/art/gone.html", "/art/alias.html"), "/art/gone.html": redirect("/")}
    routes["/art/alias.html"] = page()
    if missing_goes_home:
        routes["*"] = redirect("/")
    async with serving(routes) as server, visiting() as net:
        failures, _ = await crawled(server, net)
    assert {path: f.outcome for path, f in failures.items()} == (
        {"/art/gone.html": Outcome.SOFT_404} if missing_goes_home else {}
    )


@in_loop
async def test_blocked_and_guarded_links_are_no_failures():
    routes = {
        "/": page("/ok.html", "/waf.html", "http://inside.example/", *(f"/{n}.html" for n in range(20))),
        "/waf.html": answer("<p>denied</p>", status=403),
        **{f"/{n}.html": page() for n in range(20)},
        "/ok.html": page(),
    }
    names = {"site.example": ["127.0.0.1"], "inside.example": ["10.0.0.1"]}
    async with serving(routes) as server, visiting(names) as net:
        failures, summary = await crawled(server, net)
    assert failures == {}
    assert (summary.blocked, summary.complete) == (1, True)


@in_loop
async def test_where_much_was_blocked_the_crawl_is_not_complete():
    routes = {"/": page(*(f"/{n}.html" for n in range(9))), "*": answer("<p>denied</p>", status=403)}
    async with serving(routes) as server, visiting() as net:
        failures, summary = await crawled(server, net)
    assert failures == {}
    assert not summary.complete
    assert "9 个被防护拦截" in summary.reason


@pytest.mark.parametrize("refusal", [405, 403, 404, 500, 501])
@in_loop
async def test_where_head_is_answered_wrongly_get_decides(refusal):
    def no_head(asked):
        return answer(status=refusal) if asked.method == "HEAD" else page()

    routes = {"/": page("http://other.example:{port}/x", "/a.pdf"), "/x": no_head, "/a.pdf": no_head}
    async with serving(routes, on=("127.0.0.1", "127.0.0.2")) as server, visiting() as net:
        server.routes["/"] = page(server.url("/x", host="other.example"), "/a.pdf")
        failures, summary = await crawled(server, net)
    assert failures == {}
    assert (summary.links, summary.complete) == (3, True)


@in_loop
async def test_an_error_page_in_the_place_of_a_file_is_a_dead_link():
    routes = {"/": page("/a.pdf", "/b.pdf"), "/a.pdf": MISSING}
    routes["/b.pdf"] = answer(b"%PDF", content_type="application/pdf")
    async with serving(routes) as server, visiting() as net:
        failures, _ = await crawled(server, net)
    assert {path: failure.outcome for path, failure in failures.items()} == {"/a.pdf": Outcome.SOFT_404}
    assert server.paths("GET").count("/b.pdf") == 0


@in_loop
async def test_a_file_that_is_too_large_to_read_is_a_good_link():
    def large(asked):
        return answer(status=405) if asked.method == "HEAD" else answer(b"x" * 400_000, content_type="application/zip")

    async with serving({"/": page("/big.zip"), "/big.zip": large}) as server, visiting() as net:
        failures, summary = await crawled(server, net)
    assert (failures, summary.complete) == ({}, True)


@in_loop
async def test_what_failed_by_chance_is_looked_at_again_before_it_is_told():
    times = {"/a.html": 0, "/b.html": 0}

    def unsteady(asked):
        times[asked.target] += 1
        return page() if asked.target == "/a.html" and times["/a.html"] > 1 else answer(status=503)

    routes = {"/": page("/a.html", "/b.html"), "/a.html": unsteady, "/b.html": unsteady}
    async with serving(routes) as server, visiting() as net:
        failures, _ = await crawled(server, net)
    assert set(failures) == {"/b.html"}
    assert times == {"/a.html": 2, "/b.html": 2}


@pytest.mark.parametrize(("pages", "complete"), [(4, False), (5, True), (6, True)])
@in_loop
async def test_the_bound_on_pages_leaves_the_rest_unseen_and_says_so(pages, complete):
    routes = {"/": page(*(f"/{n}.html" for n in range(4))), **{f"/{n}.html": page() for n in range(4)}}
    async with serving(routes) as server, visiting() as net:
        failures, summary = await crawled(server, net, pages=pages)
    assert failures == {}
    assert summary.complete is complete
    assert summary.pages == min(pages, 5)
    assert ("页数上限" in summary.reason) is not complete


@in_loop
async def test_the_bound_on_time_leaves_the_rest_unseen_and_says_so():
    async def slow(asked):
        await asyncio.sleep(0.3)
        return page()

    routes = {"/": page(*(f"/{n}.html" for n in range(40))), "*": slow}
    async with serving(routes) as server, visiting() as net:
        failures, summary = await crawled(server, net, seconds=0.5)
    assert failures == {}
    assert (summary.complete, "时间上限" in summary.reason) == (False, True)
    assert summary.links < 41


@pytest.mark.parametrize(
    ("home", "words"),
    [
        (answer("x", status=403), "拒绝访问"),
        (answer("x", status=500), "HTTP 500"),
        (MISSING, "不存在"),
        (answer("<div id=app></div><script src=/app.js></script>"), ""),
        (answer("<div id=app></div>"), "没有读到任何链接"),
    ],
)
@in_loop
async def test_a_home_page_that_cannot_be_read_proves_nothing(home, words):
    async with serving({"/": home, "/app.js": answer("x")}) as server, visiting() as net:
        failures, summary = await crawled(server, net)
    if words:
        assert (failures, summary.complete) == ({}, False)
        assert words in summary.reason
        assert summary.pages <= 1


@in_loop
async def test_the_crawl_begins_behind_a_landing_page():
    routes = {"/": answer("<script>location.href='/home/'</script>"), "/home/": page("/home/dead.html")}
    async with serving(routes) as server, visiting() as net:
        failures, summary = await crawled(server, net)
    assert set(failures) == {"/home/dead.html"}
    assert summary.complete


@in_loop
async def test_a_site_that_falls_silent_is_waited_for_and_its_links_are_judged_afterwards():
    down = False

    def sometimes(asked):
        nonlocal down
        if asked.target == "/":
            down = False
            return page(*(f"/{n}.html" for n in range(40)))
        down = down or (asked.target == "/5.html" and len(server.asked) < 20)
        return answer("<p>too fast</p>", status=429) if down else page()

    async with serving({"*": sometimes}) as server, visiting() as net:
        failures, summary = await crawled(server, net)
    assert failures == {}
    assert (summary.pages, summary.blocked, summary.complete) == (41, 0, True)


@in_loop
async def test_a_site_that_stays_silent_is_not_accused_of_its_single_links():
    async def then_dead(asked, writer):
        if len(server.asked) == 1:
            return page(*(f"/{n}.html" for n in range(40)))
        writer.close()
        return None

    async with serving({"*": then_dead}) as server, visiting() as net:
        failures, summary = await crawled(server, net)
    assert failures == {}
    assert not summary.complete
    assert "不再应答" in summary.reason


@in_loop
async def test_when_we_ourselves_go_offline_nobody_is_accused():
    names = {"site.example": ["127.0.0.1"], **{f"h{n}.example": ["127.0.0.1"] for n in range(20)}}

    def go_offline(asked):
        names.clear()  # as if the cable had been pulled: no name is found any more
        return page()

    async with serving({"/last.html": go_offline}) as server, visiting(names) as net:
        server.routes["/"] = page("/last.html", "/gone.html", *(f"http://h{n}.example:1/" for n in range(20)))
        failures, summary = await crawled(server, net)
    # Refusals that came while we were still online are facts; no name that was not found is told.
    assert {f.outcome for f in failures.values()} <= {Outcome.CONNECT_ERROR, Outcome.HTTP_ERROR}
    assert not summary.complete
    assert "不再应答" in summary.reason


@in_loop
async def test_an_outside_host_that_is_silent_is_not_asked_for_ever():
    async def hang(asked, writer):
        await asyncio.sleep(60)

    async with serving({}, on=("127.0.0.1", "127.0.0.2")) as server, visiting(timeout=0.3) as net:
        server.routes |= {"other.example" + f"/{n}": hang for n in range(30)}
        server.routes["/"] = page(*(server.url(f"/{n}", host="other.example") for n in range(30)))
        failures, summary = await crawled(server, net)
    assert len(failures) == 30
    assert {(failure.outcome, failure.host_down) for failure in failures.values()} == {(Outcome.TIMEOUT, True)}
    assert (
        3
        <= sum(
            target != "/robots.txt" and asked.host.startswith("other")
            for asked in server.asked
            for target in [asked.target]
        )
        <= 40
    )
    assert summary.complete


@in_loop
async def test_over_a_family_that_is_offline_here_nothing_is_claimed():
    names = {"site.example": ["127.0.0.1"], "only6.example": ["::1"]}
    async with serving({"/": page("http://only6.example:1/")}) as server, visiting(names) as net:
        failures, summary = await crawled(server, net, families={4})
        assert (failures, summary.blocked) == ({}, 1)
        failures, _ = await crawled(server, net, families={4, 6})
        assert set(failures) == {"http://only6.example:1/"}


@pytest.mark.parametrize("killed_after", [1, 20, 60])
@in_loop
async def test_a_crawl_that_was_killed_goes_on_and_comes_to_the_same_end(killed_after):
    routes = {"/": page(*(f"/{n}.html" for n in range(300)))}
    routes |= {f"/{n}.html": page("/dead.html", f"/dead{n}.html", "/") for n in range(300)}
    async with serving(routes) as server:
        async with visiting() as net:
            whole, whole_summary = await crawled(server, net, pages=1000)
        log = Memory(killed_after=killed_after)
        server.asked.clear()
        clock = FixedClock(NOW - timedelta(hours=1))
        async with visiting() as net:
            try:
                await crawl(
                    the_site(server.url()),
                    net=net,
                    clock=clock,
                    vantage="test",
                    log=log,
                    bounds=CrawlBounds(1000, 60.0, save_seconds=0.0),
                )
            except KeyboardInterrupt:
                pass
            else:
                pytest.fail("the crawl was not killed")
        seen_before = len(server.paths())
        async with visiting() as net:
            again, summary = await crawled(server, net, log=log, pages=1000)
    assert {path: replace(f, sources=()) for path, f in again.items()} == {
        path: replace(f, sources=()) for path, f in whole.items()
    }
    assert replace(summary, started=NOW) == replace(whole_summary, started=NOW)
    assert summary.started == NOW - timedelta(hours=1)
    assert 0 < seen_before < 610
    assert len(server.paths()) < 1.5 * 602


def test_a_row_is_a_failure_only_where_the_answer_speaks_of_the_link():
    row = LinkRow(url="http://site.example/", depth=0, internal=True, is_page=True)
    failed = {outcome for outcome in Outcome if replace(row, outcome=outcome).failed}
    assert failed == set(Outcome) - {Outcome.OK, Outcome.BLOCKED, Outcome.REFUSED_BY_GUARD}
    assert not row.failed
