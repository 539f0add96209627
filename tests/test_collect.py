"""One collecting round: what is due, who is visited, and when nothing is recorded because we are in trouble."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import replace
from datetime import date, timedelta

import pytest

from checks import (
    Account,
    AccountReading,
    AccountStatus,
    AddressSurvey,
    Column,
    ColumnCategory,
    CrawlSummary,
    LinkFailure,
    ListReading,
    NameServiceSurvey,
    Observation,
    Outcome,
    PageVisit,
    Platform,
    Ref,
    RegistryPeers,
    Site,
    all_checks,
)
from checks.core.assess import Status
from checks.core.model import SiteKind, SiteStatus
from monitor.clock import FixedClock
from monitor.collect import Task, collect, needed_probes, plan
from monitor.demo.district import AGRICULTURE, POLICE, SITES, STATISTICS
from monitor.doubt import doubt
from monitor.errors import NoNetwork, OperationError
from monitor.probing import Probe, all_probes
from monitor.registry.changes import RegistryChanges
from monitor.settings import Settings, Vantage, parse_settings
from monitor.store.rounds import ProbeRun
from tests.conftest import END
from tests.net.web import page, serving

HOUR = timedelta(hours=1)
PROBES = all_probes()
ALL = tuple(PROBES.values())
SITE = Site(id="5100000001", name="某县", url="http://192.0.2.1/", kind=SiteKind.PORTAL, sponsor="某县政府")
NEWS = Column(site_id=SITE.id, name="要闻", url="http://192.0.2.1/yw/", category=ColumnCategory.NEWS)
WEIBO = Account(platform=Platform.WEIBO, name="某县发布", account_id="1", sponsor="某县政府")


def planned(subjects: Sequence, *, probes=ALL, **more) -> list[tuple[str, Ref]]:
    return [(task.probe.id, task.subject.ref) for task in plan(subjects, probes, now=END, **more)]


# What is due


def test_without_a_memory_every_probe_goes_to_every_subject_of_its_kind():
    pairs = {(probe.id, s.ref) for s in (SITE, NEWS, WEIBO) for probe in ALL if isinstance(s, probe.on)}
    assert set(planned([SITE, NEWS, WEIBO])) == {(id_, ref) for id_, ref in pairs if not PROBES[id_].closed}


def test_what_was_never_looked_at_is_due():
    assert planned([SITE], last_runs={}) == planned([SITE])


def test_one_subject_looked_at_does_not_hold_up_another():
    other = replace(SITE, id="5100000002")
    runs = {("site.visit", SITE.ref): END}
    assert planned([SITE, other], probes=[PROBES["site.visit"]], last_runs=runs) == [("site.visit", other.ref)]


def test_crawls_come_last_and_visits_first():
    others = [replace(SITE, id=f"510000000{n}") for n in range(2, 6)]
    chosen = [PROBES[id_] for id_ in ("site.links", "site.visit", "site.home", "column.list", "account.source")]
    probes = [id for id, _ in planned([SITE, *others, NEWS, WEIBO], probes=chosen)]
    assert probes[:5] == ["site.visit"] * 5
    assert probes[-5:] == ["site.links"] * 5


def test_a_closed_site_is_only_asked_whether_it_still_answers_and_its_columns_are_not_visited():
    closed = replace(SITE, status=SiteStatus.CLOSED)
    assert planned([closed, NEWS]) == [("site.closed", SITE.ref)]
    assert planned([NEWS, closed]) == [("site.closed", SITE.ref)]


@pytest.mark.parametrize("status", AccountStatus)
def test_an_account_is_visited_until_it_is_closed(status):
    gone = status in (AccountStatus.CLOSED, AccountStatus.DEREGISTERED)
    assert bool(planned([replace(WEIBO, status=status)])) is not gone


def test_a_column_whose_site_is_not_in_the_round_is_visited():
    assert planned([NEWS]) == [("column.list", NEWS.ref)]


# Which probes a check needs


@pytest.mark.parametrize(
    ("check", "probes"),
    [
        ("site.unreachable", {"site.visit"}),
        ("site.ipv6", {"site.visit", "site.addresses", "site.ipv6_pages"}),
        ("site.homepage_stale", {"site.home"}),
        ("site.dead_link", {"site.links"}),
        ("column.stale", {"column.list"}),
        ("column.empty", {"column.list"}),
        ("account.dormant", {"account.source"}),
    ],
)
def test_a_check_asks_for_the_probes_that_yield_what_it_reads(check, probes):
    needed = {probe.id for probe in needed_probes([all_checks()[check]], PROBES)}
    assert probes <= needed
    assert all(PROBES[id].on is all_checks()[check].on for id in needed)


def test_all_checks_together_need_every_probe_and_no_checks_need_none():
    assert {probe.id for probe in needed_probes(all_checks().values(), PROBES)} == set(PROBES)
    assert needed_probes([], PROBES) == []


def test_the_same_kind_of_fact_on_another_kind_of_subject_is_not_asked_for():
    assert "column.list" not in {p.id for p in needed_probes([all_checks()["site.homepage_stale"]], PROBES)}
    assert "site.home" not in {p.id for p in needed_probes([all_checks()["column.stale"]], PROBES)}


# A round over the district


def test_a_round_records_what_each_probe_saw_and_remembers_that_it_looked(watching):
    async def story(watch):
        result = await watch.look(
            "site.visit", "site.home", "site.addresses", "column.list", "account.source", "account.peers"
        )
        assert result.families == {4, 6}
        assert (result.held_back, result.faults) == ("", ())
        facts = watch.facts()
        assert result.facts == len(facts)
        assert {type(f) for f in facts} == {
            PageVisit,
            AddressSurvey,
            NameServiceSurvey,
            ListReading,
            AccountReading,
            RegistryPeers,
        }
        assert len([f for f in facts if isinstance(f, PageVisit)]) == 2 * len(SITES)
        runs = watch.store.last_runs()
        assert len(runs) == result.tasks
        assert set(runs.values()) == {END}
        assert [(r.at, r.families, r.tasks, r.held_back) for r in watch.rounds()] == [(END, {4, 6}, result.tasks, "")]

        again = plan(watch.store.subjects(), ALL, now=END, last_runs=runs)
        never = {id_ for id_, probe in PROBES.items() if not probe.closed} - {probe for probe, _ in runs}
        assert {task.probe.id for task in again} == never
        an_hour_on = plan(watch.store.subjects(), ALL, now=END + HOUR, last_runs=runs)
        assert {task.probe.id for task in an_hour_on} == {"site.visit", *never}

    watching(story)


def test_a_challenged_site_is_blocked_and_fails_no_check(watching):
    async def story(watch):
        await watch.look()
        police = Ref("site", POLICE.code)
        facts = watch.store.observations(police)
        assert {f.outcome for f in facts if isinstance(f, PageVisit | ListReading)} == {Outcome.BLOCKED}
        assert not [f for f in facts if isinstance(f, LinkFailure) and f.outcome.conclusive]
        [summary] = [f for f in facts if isinstance(f, CrawlSummary)]
        assert not summary.complete
        ruled = [a for a in watch.rule().assessments if POLICE.code in str(a.subject)]
        assert len(ruled) > len(POLICE.columns)
        assert not [a for a in ruled if a.status is Status.FAILED or a.findings]
        assert {a.status for a in ruled if a.subject == police} == {Status.UNTESTED}

    watching(story)


# The vantage gate


def is_about_ipv6(fact: Observation) -> bool:
    match fact:
        case PageVisit():
            return fact.family == 6 or ":" in fact.address.partition("]")[0].lstrip("[")
        case AddressSurvey():
            return any(":" in reach.address for reach in fact.reach)
        case _:
            return False


def test_without_ipv6_here_no_ipv6_fact_is_recorded_and_no_ipv6_verdict_given_of_anyone(watching):
    async def story(watch):
        for _ in range(3):  # as often, and as far apart, as a verdict would ask
            result = await watch.look("site.visit", "site.addresses")
            assert result.families == {4}
            watch.clock.advance(timedelta(hours=8))
        assert result.held_back == ""
        facts = watch.facts()
        assert len([f for f in facts if isinstance(f, PageVisit)]) == 3 * len(SITES)
        assert not [fact for fact in facts if is_about_ipv6(fact)]
        ruled = {a.subject.id: a for a in watch.rule().assessments if a.check == "site.ipv6"}
        assert len(ruled) == len(SITES)
        assert {a.status for a in ruled.values()} == {Status.UNTESTED}, ruled[AGRICULTURE.code]
        assert not [e for e in watch.store.entries() if e.check == "site.ipv6"]

    watching(story, ipv6=False)


@contextmanager
def dead_address(family: socket.AddressFamily = socket.AF_INET):
    """``http://…`` of a port that is taken and at which nobody listens."""
    host = "127.0.0.1" if family == socket.AF_INET else "::1"
    with socket.socket(family) as taken:
        taken.bind((host, 0))
        shown = host if family == socket.AF_INET else f"[{host}]"
        yield f"http://{shown}:{taken.getsockname()[1]}/"


def test_with_no_reference_alive_the_round_says_so_and_records_nothing(watching):
    async def story(watch):
        requests = watch.world.requests
        with dead_address() as dead, pytest.raises(NoNetwork, match="监测点离线"):
            await watch.look(vantage=Vantage(ipv4=(dead,), ipv6=(dead,)))
        assert watch.facts() == []
        assert watch.store.last_runs() == {}
        assert watch.rounds() == []
        assert watch.world.requests == requests  # and nobody was visited

    watching(story)


def test_with_only_ipv4_references_dead_only_visits_over_ipv6_are_recorded(watching):
    async def story(watch):
        with dead_address() as dead:
            vantage = Vantage(ipv4=(dead,), ipv6=watch.settings.vantage.ipv6)
            result = await watch.look(vantage=vantage)
        assert result.families == {6}
        assert "IPv4" in result.held_back
        facts = watch.facts()
        assert {type(f) for f in facts} == {PageVisit}
        assert {f.family for f in facts} == {6}
        assert {probe for probe, _ in watch.store.last_runs()} == {"site.visit"}
        assert [(r.families, r.held_back) for r in watch.rounds()] == [({6}, result.held_back)]
        # Half a look is no ground for a verdict: a site without AAAA was not seen over IPv4 either.
        assert not [a for a in watch.rule().assessments if a.status is Status.FAILED]

    watching(story)


def test_one_reference_alive_is_enough(watching):
    async def story(watch):
        with dead_address() as dead:
            here = watch.settings.vantage
            result = await watch.look("site.visit", vantage=Vantage(ipv4=(dead, *here.ipv4), ipv6=(dead, *here.ipv6)))
        assert result.families == {4, 6}

    watching(story)


# Mass failure


def visited(*outcomes: Outcome, family: int = 4) -> list[PageVisit]:
    return [
        PageVisit(
            subject=Ref("site", f"51000001{number:02}"),
            at=END,
            vantage="test",
            url=SITE.url,
            family=family,
            outcome=outcome,
        )
        for number, outcome in enumerate(outcomes)
    ]


OK, SILENT, DOWN, NO_NAME = Outcome.OK, Outcome.TIMEOUT, Outcome.CONNECT_ERROR, Outcome.DNS_ERROR


@pytest.mark.parametrize(
    ("failed", "fine", "held"),
    [
        (4, 0, False),  # too few to tell anything of us
        (5, 0, True),
        (4, 1, True),  # 80 % of 5
        (3, 2, False),
        (8, 2, True),  # 80 % of 10
        (7, 3, False),
        (79, 21, False),
        (80, 20, True),
        (81, 19, True),
    ],
)
@pytest.mark.parametrize("family", [4, 6])
def test_many_sites_out_of_reach_at_once_speak_against_us(failed, fine, held, family):
    why = doubt(visited(*[SILENT] * failed, *[OK] * fine, family=family), family)
    assert bool(why) is held
    if held:
        assert why.startswith("监测点异常")
        assert f"{failed + fine} 个网站中 {failed} 个" in why
        assert f"IPv{family}" in why


@pytest.mark.parametrize("outcome", [Outcome.TIMEOUT, Outcome.CONNECT_ERROR, Outcome.DNS_ERROR, Outcome.TLS_ERROR])
def test_any_way_of_not_coming_through_counts(outcome):
    assert doubt(visited(*[outcome] * 5), 4)


@pytest.mark.parametrize("outcome", [Outcome.HTTP_ERROR, Outcome.TOO_LARGE, Outcome.REDIRECT_LOOP, Outcome.BLOCKED])
def test_an_answer_of_whatever_kind_shows_that_we_are_online(outcome):
    assert not doubt(visited(*[outcome] * 10), 4)


def test_blocked_sites_are_not_counted_on_either_side():
    assert not doubt(visited(*[SILENT] * 4, *[Outcome.BLOCKED] * 20), 4)
    assert doubt(visited(*[SILENT] * 5, *[Outcome.BLOCKED] * 20), 4)


def test_one_family_in_trouble_says_nothing_of_the_other():
    looks = [*visited(*[OK] * 6), *visited(*[SILENT] * 6, family=6)]
    assert not doubt(looks, 4)
    assert doubt(looks, 6)


def test_most_sites_without_an_aaaa_record_are_no_doubt():
    assert not doubt(visited(*[NO_NAME] * 95, *[OK] * 5, family=6), 6)
    assert not doubt(visited(*[NO_NAME] * 95, *[DOWN] * 4, family=6), 6)


def loopback_settings(*, reference: str = "") -> Settings:
    return parse_settings(
        {
            "network": {"allow_addresses": ["127.0.0.0/8", "::1/128"], "host_interval": 0.0, "timeout": 5.0},
            "vantage": {"ipv4": [reference] if reference else [], "ipv6": ["http://[::1]:9/"]},
        },
        "tests",
    )


def round_over(record, urls: Sequence[str], *, reference: str, probes: Sequence[Probe] = ALL):
    """A round over sites at these addresses, each with a column."""
    sites = [replace(SITE, id=f"51000002{number:02}", url=url) for number, url in enumerate(urls)]
    columns = [replace(NEWS, site_id=site.id, url=site.url + "yw/") for site in sites]
    record.apply(RegistryChanges(added=(*sites, *columns)))
    tasks = plan(record.subjects(), probes, now=END)
    settings = loopback_settings(reference=reference)
    return collect(tasks, store=record, settings=settings, clock=FixedClock(END))


def test_a_round_in_which_most_sites_are_out_of_reach_is_held_back(record):
    async def story():
        async with serving({"/": page()}) as web:
            with dead_address() as dead:
                up = web.url(host="127.0.0.1")
                result = await round_over(record, [dead] * 4 + [up], reference=up)
        assert result.facts == 0
        assert result.families == frozenset()
        assert result.held_back.startswith("监测点异常：5 个网站中 4 个")
        assert [f for s in record.subjects() for f in record.observations(s.ref)] == []
        assert record.last_runs() == {}  # all of it stays due
        [kept] = record.rounds(END, END)
        assert (kept.held_back, kept.families) == (result.held_back, frozenset())

    asyncio.run(story())


def test_a_round_in_which_some_sites_are_out_of_reach_is_recorded(record):
    async def story():
        async with serving({"/": page()}) as web:
            with dead_address() as dead:
                up = web.url(host="127.0.0.1")
                visit = PROBES["site.visit"]
                result = await round_over(record, [dead] * 3 + [up] * 2, reference=up, probes=[visit])
        assert (result.facts, result.held_back) == (5, "")
        outcomes = [f.outcome for s in record.sites() for f in record.observations(s.ref)]
        assert sorted(outcomes) == sorted([Outcome.CONNECT_ERROR] * 3 + [Outcome.OK] * 2)

    asyncio.run(story())


def test_a_district_that_is_out_of_reach_over_ipv6_alone_is_recorded_over_ipv4(record):
    async def story():
        async with AsyncExitStack() as stack:
            four = await stack.enter_async_context(serving({"/": page()}))
            try:
                six = await stack.enter_async_context(serving({"/": page()}, on=("::1",)))
            except OSError:
                pytest.skip("this machine has no IPv6 loopback")
            # Sites whose address is an IPv6 literal are dead over it; those of IPv4 have none.
            with dead_address(socket.AF_INET6) as dead:
                up = four.url(host="127.0.0.1")
                sites = [replace(SITE, id=f"51000003{n:02}", url=u) for n, u in enumerate([dead] * 5 + [up] * 3)]
                record.apply(RegistryChanges(added=tuple(sites)))
                settings = loopback_settings(reference=up)
                settings = settings.model_copy(update={"vantage": Vantage(ipv4=(up,), ipv6=(six.url(host="[::1]"),))})
                tasks = plan(sites, [PROBES["site.visit"]], now=END)
                result = await collect(tasks, store=record, settings=settings, clock=FixedClock(END))
        assert result.families == {4}
        assert "IPv6" in result.held_back
        facts = [f for s in sites for f in record.observations(s.ref)]
        assert {f.family for f in facts} == {4}

    asyncio.run(story())


# Faults of our own


def fake_probe(id: str, look, *, every: timedelta = HOUR) -> Probe:
    return Probe(id, Column, (ListReading,), every, look)


def some_columns(count: int) -> list[Column]:
    return [replace(NEWS, name=f"栏目{number}") for number in range(count)]


async def readings(column, kit):
    return [
        ListReading(subject=column.ref, at=kit.clock.now(), vantage=kit.vantage, url=column.url, outcome=Outcome.OK)
    ]


def in_a_round(record, tasks: Sequence[Task]):
    async def story():
        async with serving({"/": page()}) as web:
            settings = loopback_settings(reference=web.url(host="127.0.0.1"))
            return await collect(tasks, store=record, settings=settings, clock=FixedClock(END))

    return asyncio.run(story())


def test_a_probe_that_raises_costs_its_own_task_alone_and_the_task_stays_due(record, caplog):
    columns = some_columns(5)

    async def look(column, kit):
        if column is columns[2]:
            raise ZeroDivisionError("a slip of ours")
        return await readings(column, kit)

    probe = fake_probe("column.test", look)
    with caplog.at_level(logging.CRITICAL):
        result = in_a_round(record, plan(columns, [probe], now=END))
    assert result.facts == 4
    [fault] = result.faults
    assert fault == f"column.test {columns[2].ref}：ZeroDivisionError: a slip of ours"
    due = plan(columns, [probe], now=END, last_runs=record.last_runs())
    assert [task.subject for task in due] == [columns[2]]


def test_a_probe_that_sees_nothing_stays_due(record):
    async def look(column, kit):
        return []

    probe = fake_probe("column.test", look)
    result = in_a_round(record, plan(some_columns(2), [probe], now=END))
    assert (result.tasks, result.facts, result.faults) == (2, 0, ())
    assert record.last_runs() == {}


def test_a_fault_that_concerns_everyone_ends_the_round(record):
    async def look(column, kit):
        raise OperationError("磁盘已满")

    with pytest.raises(OperationError, match="磁盘已满"):
        in_a_round(record, plan(some_columns(3), [fake_probe("column.test", look)], now=END))
    assert record.rounds(END, END) == []


def test_more_facts_than_a_batch_holds_are_all_recorded(record):
    async def look(column, kit):
        return [fact for _ in range(250) for fact in await readings(column, kit)]

    columns = some_columns(5)
    result = in_a_round(record, plan(columns, [fake_probe("column.test", look)], now=END))
    assert result.facts == 1250
    assert [len(record.observations(column.ref)) for column in columns] == [250] * 5
    assert len(record.last_runs()) == 5


def test_a_suspended_site_is_still_looked_at_and_yet_untested(watching):
    async def story(watch):
        await watch.look("site.visit")
        suspended = Ref("site", STATISTICS.code)
        assert watch.store.observations(suspended)
        ruled = [a for a in watch.rule().assessments if STATISTICS.code in str(a.subject)]
        assert len(ruled) >= 4 + len(STATISTICS.columns)
        assert {a.status for a in ruled} == {Status.UNTESTED}
        assert {a.reason for a in ruled} == {f"网站已备案临时下线（至 {date(2026, 12, 23)}），暂不检测"}

    watching(story)


def test_runs_are_remembered_for_the_moment_of_the_look_and_not_of_the_writing(record):
    clock = FixedClock(END)

    async def look(column, kit):
        clock.advance(HOUR)
        return await readings(column, kit)

    async def story():
        async with serving({"/": page()}) as web:
            settings = loopback_settings(reference=web.url(host="127.0.0.1"))
            tasks = plan(some_columns(1), [fake_probe("column.test", look)], now=END)
            await collect(tasks, store=record, settings=settings, clock=clock)

    asyncio.run(story())
    assert list(record.last_runs().values()) == [END]


def test_an_older_run_does_not_undo_a_newer_one(record):
    newer = ProbeRun(probe="site.visit", subject=SITE.ref, at=END)
    record.record([], [newer])
    record.record([], [replace(newer, at=END - HOUR)])
    assert record.last_runs() == {("site.visit", SITE.ref): END}
