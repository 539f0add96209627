"""The service: half a year on a scripted clock, what it survives, and what it tells of itself."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count, pairwise

import pytest

from checks import (
    Account,
    AccountReading,
    Column,
    CrawlSummary,
    DateBasis,
    ListItem,
    ListReading,
    Outcome,
    PageVisit,
    Platform,
    Site,
)
from checks.core.calendar import SHANGHAI, Period
from checks.core.hours import QuietHours
from checks.core.model import ColumnCategory, SiteKind
from monitor.app import App
from monitor.clock import FixedClock
from monitor.desk import job_is_due, papers_due
from monitor.due import Lane
from monitor.errors import OperationError
from monitor.net import Net
from monitor.probing import Probe, all_probes
from monitor.registry.changes import RegistryChanges
from monitor.resolver import Resolver
from monitor.service import Service
from monitor.settings import parse_settings

START = datetime(2026, 6, 30, 16, tzinfo=UTC)  # 1 July in Beijing
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SLOT = timedelta(hours=2)  # of visits; half the usual, to tell half a year in seconds
STEP = timedelta(minutes=80)

SITES = [
    Site(
        id=f"51000000{n:02}",
        name=f"某县{n}局网站",
        url=f"http://{n}.example/",
        kind=SiteKind.DEPARTMENT,
        sponsor="某县政府",
    )
    for n in range(1, 4)
]
COLUMNS = [
    Column(site_id=SITES[0].id, name=name, url=f"{SITES[0].url}{slug}/", category=ColumnCategory.NEWS)
    for name, slug in (("要闻", "yw"), ("动态", "dt"))
]
LIVELY, FADING = (
    Account(platform=Platform.WEIBO, name=name, account_id=id_, sponsor="某县政府", source="feed")
    for name, id_ in (("某县发布", "1"), ("某县农业", "2"))
)


class Watched:
    """The people's web, as the fake probes find it, and every look that was taken."""

    def __init__(self, clock: FixedClock) -> None:
        self.clock = clock
        self.looks: dict[tuple[str, str], list[datetime]] = defaultdict(list)
        self.fading_since = START - 20 * DAY
        self.online = frozenset({4, 6})
        self.outcome = Outcome.OK

    def probes(self) -> dict[str, Probe]:
        looks = {
            "site.visit": self.visit,
            "site.home": self.read,
            "site.links": self.crawl,
            "column.list": self.read,
            "account.source": self.ask,
        }
        return {id_: replace(all_probes()[id_], look=self.noted(id_, look)) for id_, look in looks.items()}

    def noted(self, id_, look):
        async def noting(subject, kit):
            self.looks[id_, str(subject.ref)].append(kit.clock.now())
            return look(subject, {"subject": subject.ref, "at": kit.clock.now(), "vantage": kit.vantage})

        return noting

    def visit(self, site, seen):
        return [PageVisit(**seen, url=site.url, family=4, outcome=self.outcome, status_code=200, seconds=0.2)]

    def read(self, subject, seen):
        today = self.clock.now().astimezone(SHANGHAI).date()
        item = ListItem(title="一条消息", url=f"{subject.url}{today}.html", published=today, basis=DateBasis.LIST)
        return [
            ListReading(
                **seen, url=subject.url, outcome=Outcome.OK, readable=True, rows=1, items=(item,), fingerprints=("a",)
            )
        ]

    def crawl(self, _site, seen):
        return [CrawlSummary(**seen, started=seen["at"], pages=1, links=1, failures=0, blocked=0, complete=True)]

    def ask(self, account, seen):
        latest = self.fading_since if account == FADING else seen["at"]
        return [
            AccountReading(
                **seen,
                adapter="feed",
                source_ok=True,
                latest_at=latest,
                basis=DateBasis.PUBLISHED,
                items_seen=20,
                covered_from=(seen["at"] - 90 * DAY).date(),
            )
        ]


class Bench:
    """A service that can be switched off and on over one record, and its scripted clock."""

    def __init__(self, folder, **sections) -> None:
        self.folder = folder
        self.clock = FixedClock(START)
        self.web = Watched(self.clock)
        self.settings = parse_settings({"database": {"url": f"sqlite:///{folder}/x.db"}, **sections}, "tests")
        self.app = App(self.settings, self.clock, folder=folder)
        self.app.store.apply(RegistryChanges(added=(*SITES, *COLUMNS, LIVELY, FADING)))
        self.service = self.started()

    def started(self) -> Service:
        async def gate():
            return self.web.online

        resolver = Resolver(())
        net = Net(self.settings.network, resolver)
        return Service(self.app, net, resolver, probes=self.web.probes(), gate=gate)

    async def run(self, until: datetime, *, step: timedelta = STEP) -> None:
        """Ticks up to a time; the desk has its turn at every third of them, as it has seldomer in earnest."""
        for tick in count():
            if self.clock.now() >= until:
                return
            for job in self.service.jobs:
                if job in set(Lane) or tick % 3 == 0:
                    await self.service.turn(job)
            self.clock.advance(step)


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path)
    yield made
    made.app.close()


def slots_of(times: list[datetime]) -> Counter:
    """How many looks fell into each slot: few sites are visited together, and then a slot begins at a full hour."""
    return Counter((at - START) // SLOT for at in times)


def test_half_a_year_without_a_slot_missed_or_doubled(tmp_path):
    bench = Bench(tmp_path, schedule={"every_hours": {"site.visit": 2.0}})

    async def story():
        off = datetime(2026, 9, 10, tzinfo=UTC)
        await bench.run(off)
        bench.clock.set(off + DAY)  # a day switched off
        bench.service = bench.started()
        while bench.clock.now() < datetime(2027, 1, 3, tzinfo=UTC):
            bench.service = bench.started()  # and restarted every week
            await bench.run(bench.clock.now() + 7 * DAY)

    asyncio.run(story())
    off = datetime(2026, 9, 10, tzinfo=UTC)
    for site in SITES:
        times = bench.web.looks["site.visit", str(site.ref)]
        before, after = [t for t in times if t < off], [t for t in times if t > off]
        for stretch in (before, after):
            assert set(slots_of(stretch)) == set(range((stretch[0] - START) // SLOT, (stretch[-1] - START) // SLOT + 1))
            assert set(slots_of(stretch).values()) == {1}
            assert max(b - a for a, b in pairwise(stretch)) <= SLOT + STEP
            assert min(b - a for a, b in pairwise(stretch)) >= SLOT / 2
        assert len(before) == pytest.approx((off - START) / SLOT, abs=2)
        facts = bench.app.store.observations(site.ref, kind=PageVisit)
        assert len([f for f in facts if f.at > bench.clock.now() - 50 * DAY]) == pytest.approx(50 * 12, abs=2)

    links = bench.web.looks["site.links", str(SITES[0].ref)]
    night = QuietHours.parse("22:00-06:00")
    assert all(night.hold(at) for at in links)
    assert len(links) == pytest.approx((bench.clock.now() - START) / (7 * DAY), abs=2)

    lists = bench.web.looks["column.list", str(COLUMNS[0].ref)]
    assert len(lists) == pytest.approx((bench.clock.now() - START) / DAY, abs=2)

    papers = sorted(path.name for path in (bench.folder / "reports-out").iterdir() if path.suffix == ".html")
    assert papers == ["半年检查报告-2026H2.html", "季度通报-2026Q3.html", "季度通报-2026Q4.html"]
    written = {job: at for job, at in bench.app.store.jobs().items() if job.startswith("paper")}
    assert set(written) == {"paper 2026Q3", "paper 2026Q4", "paper 2026H2"}
    # 1 October, a day after the end of the quarter, in Beijing.
    assert timedelta() <= written["paper 2026Q3"] - datetime(2026, 10, 1, 16, tzinfo=UTC) < 2 * STEP

    entries = bench.app.store.entries()
    assert [(e.check, e.subject, e.recurrences) for e in entries] == [("account.dormant", FADING.ref, 0)]
    bench.app.close()


def test_no_look_is_doubled_from_minute_to_minute_and_each_hour_has_its_own(bench):
    asyncio.run(bench.run(START + 3 * HOUR, step=timedelta(minutes=1)))
    assert {len(bench.web.looks["site.visit", str(site.ref)]) for site in SITES} <= {3, 4}
    assert all(len(bench.web.looks["column.list", str(column.ref)]) <= 2 for column in COLUMNS)


def test_what_is_put_on_the_register_is_looked_at_within_minutes(bench):
    new = replace(SITES[0], id="5100000099", url="http://99.example/")

    async def story():
        await bench.service.turn(Lane.VISITS)
        bench.app.store.apply(RegistryChanges(added=(new,)))
        await bench.run(START + timedelta(minutes=7), step=timedelta(minutes=1))

    asyncio.run(story())
    assert len(bench.web.looks["site.visit", str(new.ref)]) == 1


def test_after_a_round_that_failed_the_record_is_asked_what_was_done(bench):
    async def story():
        lanes, gate = bench.service.lanes, bench.service.lanes.gate
        await lanes.turn(Lane.VISITS)
        bench.clock.advance(HOUR)

        async def broken():
            raise OperationError("坏了")

        lanes.gate = broken
        with pytest.raises(OperationError):
            await lanes.turn(Lane.VISITS)
        lanes.gate = gate
        await lanes.turn(Lane.VISITS)
        await lanes.turn(Lane.VISITS)

    asyncio.run(story())
    assert all(len(bench.web.looks["site.visit", str(site.ref)]) == 2 for site in SITES)


def test_an_account_near_its_limit_is_asked_more_often(bench):
    asyncio.run(bench.run(START + 10 * DAY))
    asked = {str(ref): len(times) for (probe, ref), times in bench.web.looks.items() if probe == "account.source"}
    assert asked[str(LIVELY.ref)] in (10, 11)
    assert asked[str(FADING.ref)] in (29, 30, 31)


def test_where_we_are_offline_nobody_is_visited_and_the_gap_is_on_record(bench):
    async def story():
        await bench.run(START + DAY)
        looks = sum(map(len, bench.web.looks.values()))
        bench.web.online = frozenset()
        await bench.run(START + 2 * DAY)
        assert sum(map(len, bench.web.looks.values())) == looks
        bench.web.online = frozenset({4, 6})
        await bench.run(START + 2 * DAY + STEP)
        assert sum(map(len, bench.web.looks.values())) > looks

    asyncio.run(story())
    held = [r for r in bench.app.store.rounds(START, bench.clock.now()) if r.held_back]
    assert held
    assert all("监测点离线" in r.held_back for r in held)


def test_a_job_that_fails_stops_no_other_and_rests_before_it_tries_again(bench, caplog):
    async def story():
        turns = 0

        async def broken():
            nonlocal turns
            turns += 1
            raise OperationError("磁盘已满")

        bench.service.jobs = {**bench.service.jobs, "broken": broken}
        await bench.run(START + 6 * HOUR, step=timedelta(minutes=1))
        assert 6 <= turns < 15  # 1, 2, 4 … minutes of rest, at most an hour
        assert len(bench.web.looks["site.visit", str(SITES[0].ref)]) >= 6

    asyncio.run(story())
    assert "磁盘已满" in caplog.text


def test_an_inspection_is_broken_off_when_the_service_is_to_end(bench):
    async def story():
        await bench.run(START + HOUR)
        bench.clock.advance(DAY)
        before = bench.app.store.jobs()["inspect"]
        turn = asyncio.create_task(bench.service.turn("inspect"))
        await asyncio.sleep(0)
        bench.service.stopping = True
        assert not await turn
        assert bench.app.store.jobs()["inspect"] == before

    asyncio.run(story())


def test_looks_under_way_are_recorded_and_the_rest_stays_due_when_the_round_is_cancelled(tmp_path):
    bench = Bench(tmp_path)

    async def story():
        waiting = asyncio.Event()
        read = bench.web.probes()["column.list"].look

        async def look(column, kit):
            if column.name == "动态":
                await waiting.wait()
            return await read(column, kit)

        probe = replace(all_probes()["column.list"], look=look)
        service = bench.service
        service.lanes.probes = {"column.list": probe}
        turn = asyncio.create_task(service.turn(Lane.LOOKS))
        while not bench.web.looks["column.list", str(COLUMNS[0].ref)]:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)
        turn.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await turn

    asyncio.run(story())
    assert {ref for _, ref in bench.app.store.last_runs()} == {COLUMNS[0].ref}
    assert len(bench.app.store.observations(COLUMNS[0].ref)) == 1
    bench.app.close()


Q3, Q4, H2 = (Period.parse(text) for text in ("2026Q3", "2026Q4", "2026H2"))


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-09-30T23:59:59+08:00", []),
        ("2026-10-01T23:59:59+08:00", []),
        ("2026-10-02T00:00:00+08:00", [Q3]),
        ("2027-01-02T00:00:00+08:00", [Q3, Q4, H2]),
        ("2027-04-18T23:00:00+08:00", [Q3, Q4, H2]),
        ("2027-04-19T00:00:00+08:00", [Q4, H2]),  # 200 days after its end
    ],
)
def test_papers_are_due_once_their_period_is_over(now, due):
    assert list(papers_due([Q3, Q4], {}, now=datetime.fromisoformat(now), after=DAY)) == due


def test_a_paper_that_was_written_is_not_due_again():
    now = datetime.fromisoformat("2027-01-05T00:00:00+08:00")
    assert list(papers_due([Q3, Q4], {"paper 2026Q3": now, "paper 2026H2": now}, now=now, after=DAY)) == [Q4]


@pytest.mark.parametrize(
    ("since", "due"),
    [(6 * HOUR - timedelta(seconds=1), False), (6 * HOUR, True), (-HOUR, False), (-HOUR - timedelta(seconds=1), True)],
)
def test_a_job_is_due_after_its_time_and_not_held_up_by_a_clock_that_was_wrong(since, due):
    assert job_is_due(START - since, every=6 * HOUR, now=START) is due
    assert job_is_due(None, every=6 * HOUR, now=START)
