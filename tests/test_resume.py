"""`collect` as a user runs it: killed in the midst and run again, begun afresh, and for one site of several."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from checks import CrawlSummary, LinkFailure, Ref
from checks.core.model import Site, SiteKind
from monitor.registry import Kind, export_csv
from monitor.store import Store
from tests.net.web import Server, answer, not_found, page, serving

ROOT = Path(__file__).parent.parent
PAGES = 400
DEAD = 40
CODES = ("5100000001", "5100000002")


@contextmanager
def in_thread(routes: dict[str, object]) -> Iterator[Server]:
    """A server that lives while other processes visit it."""
    started: list[object] = []
    up = threading.Event()

    async def live() -> None:
        async with serving(routes, on=("127.0.0.1",)) as server:
            over = asyncio.Event()
            started.extend([server, asyncio.get_running_loop(), over])
            up.set()
            await over.wait()

    thread = threading.Thread(target=lambda: asyncio.run(live()))
    thread.start()
    up.wait(20)
    server, loop, over = started
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(20)


@pytest.fixture
def site() -> Iterator[Server]:
    """A site that takes some seconds: every tenth page holds a dead link of its own."""

    async def slowly(asked: object) -> bytes:
        await asyncio.sleep(0.03)
        number = asked.target.removeprefix("/p").removesuffix(".html")  # type: ignore[attr-defined]
        if not number.isdigit() or int(number) >= PAGES:
            return not_found()
        links = [f"/p{n}.html" for n in range(int(number) + 1, min(int(number) + 30, PAGES))]
        return page(*links, *([f"/dead{number}.html"] if int(number) % 10 == 0 else []), text=f"第 {number} 页" * 50)

    with in_thread({"/": page(*(f"/p{n}.html" for n in range(30))), "*": slowly}) as server:
        yield server


class Desk:
    """A folder with settings and a registry of two sites, and the command line in it."""

    def __init__(self, folder: Path, sites: tuple[str, ...]) -> None:
        self.folder = folder
        folder.mkdir()
        registry = [
            Site(id=code, name=f"网站 {code}", url=url, kind=SiteKind.PORTAL, sponsor="某县人民政府办公室")
            for code, url in zip(CODES, sites, strict=False)
        ]
        (folder / "sites.csv").write_text(export_csv(Kind.SITES, registry), encoding="utf-8", newline="")
        (folder / "settings.toml").write_text(
            '[database]\nurl = "sqlite:///xuncha.db"\n'
            '[network]\nallow_addresses = ["127.0.0.0/8"]\nhost_interval = 0.0\n'
            f'[vantage]\nipv4 = ["{sites[0]}"]\n',
            encoding="utf-8",
        )
        assert self.run("import", "sites.csv") == 0

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """In a session of its own, so that a test can see to it that nothing of it is left."""
        command = [sys.executable, "-m", "monitor.cli", "--settings", "settings.toml", *arguments]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        return subprocess.Popen(command, cwd=self.folder, env=environment, start_new_session=True)

    def run(self, *arguments: str) -> int:
        return self.start(*arguments).wait(timeout=120)

    def facts(self, code: str) -> tuple[set[tuple[str, int | None, bool]], list[tuple[object, ...]]]:
        """The dead links of a site, and the totals of its crawls."""
        store = Store.open(f"sqlite:///{self.folder / 'xuncha.db'}")
        try:
            found = store.observations(Ref("site", code))
        finally:
            store.close()
        dead = {(f.url, f.status_code, f.control_passed) for f in found if isinstance(f, LinkFailure)}
        totals = [
            (f.pages, f.links, f.failures, f.blocked, f.complete, f.reason)
            for f in found
            if isinstance(f, CrawlSummary)
        ]
        return dead, totals


def pages_asked(server: Server) -> Counter[str]:
    """How often each page of the site was asked for."""
    return Counter(path for path in server.paths("GET") if path.startswith("/p"))


def killed(desk: Desk, server: Server, *arguments: str, after: int) -> Counter[str]:
    """Kill -9 a collection once so many pages were asked for; what was asked for until all was still."""
    process = desk.start("collect", *arguments)
    while len(pages_asked(server)) < after:
        assert process.poll() is None, "it ended before it could be killed"
        time.sleep(0.01)
    process.kill()
    assert process.wait() == -signal.SIGKILL
    before = -1
    while before != len(server.asked):  # its workers notice, and end
        before = len(server.asked)
        time.sleep(0.5)
    asked = pages_asked(server)
    server.asked.clear()
    return asked


LINKS = ("--check", "site.dead_link")


def test_a_collection_that_was_killed_goes_on_where_it_was_and_comes_to_the_same_totals(site, tmp_path):
    whole = Desk(tmp_path / "whole", (site.url(host="127.0.0.1"),))
    assert whole.run("collect", *LINKS) == 0
    dead, totals = whole.facts(CODES[0])
    assert len(dead) == DEAD
    assert len(totals) == 1
    assert totals[0][:3] == (PAGES + 1, PAGES + 1 + DEAD, DEAD)

    site.asked.clear()
    desk = Desk(tmp_path / "killed", (site.url(host="127.0.0.1"),))
    before = killed(desk, site, *LINKS, after=PAGES * 3 // 4)
    assert desk.facts(CODES[0]) == (set(), [])
    assert desk.run("collect", *LINKS) == 0
    assert desk.facts(CODES[0]) == (dead, totals)
    after = pages_asked(site)
    assert set(before) | set(after) == {f"/p{n}.html" for n in range(PAGES)}
    twice = set(before) & set(after)
    # A save is due every second: what was found since the last one is asked for again, and nothing else.
    assert len(twice) < len(before)
    assert len(after) < PAGES
    assert max(after.values()) == 1


def test_fresh_begins_an_unfinished_crawl_anew(site, tmp_path):
    desk = Desk(tmp_path / "fresh", (site.url(host="127.0.0.1"),))
    before = killed(desk, site, *LINKS, after=PAGES * 3 // 4)
    assert before
    assert desk.run("collect", "--fresh", *LINKS) == 0
    assert pages_asked(site) == Counter({f"/p{n}.html": 1 for n in range(PAGES)})
    dead, totals = desk.facts(CODES[0])
    assert (len(dead), len(totals)) == (DEAD, 1)


def test_of_several_sites_only_those_that_are_named_are_visited(tmp_path):
    small = {"/": page("/a.html", "/gone.html"), "/a.html": page()}
    with in_thread({**small, "/robots.txt": answer("")}) as one, in_thread(small) as other:
        addresses = (one.url(host="127.0.0.1"), other.url(host="127.0.0.1"))
        desk = Desk(tmp_path / "two", addresses)
        assert desk.run("collect", "--site", CODES[1], *LINKS) == 0
        assert "/a.html" in other.paths()
        assert set(one.paths()) <= {"/"}  # it is also the reference by which we know that we are online
        assert desk.facts(CODES[0]) == (set(), [])
        assert len(desk.facts(CODES[1])[1]) == 1
        assert desk.run("collect", "--site", CODES[0], "--fresh", *LINKS) == 0
        assert len(desk.facts(CODES[0])[1]) == len(desk.facts(CODES[1])[1]) == 1
        assert desk.run("collect", "--site", "9999999999", *LINKS) == 2
