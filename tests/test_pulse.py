"""A process that could not run, or a machine that slept, and what becomes of the visits of that time."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import pytest

from checks import Outcome, PageVisit, Site
from checks.core.model import SiteKind
from monitor import pulse
from monitor.clock import FixedClock
from monitor.collect import RoundResult, collect_with, plan
from monitor.doubt import HELD_UP_SECONDS
from monitor.net import Net
from monitor.probing import Probe, all_probes
from monitor.pulse import Pulse
from monitor.registry.changes import RegistryChanges
from monitor.resolver import Resolver
from monitor.settings import parse_settings
from monitor.store import Store
from tests.conftest import END


@dataclass
class Elapsed:
    """The clock of a machine, which moves only when it is told to."""

    seconds: float = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def elapsed(monkeypatch: pytest.MonkeyPatch) -> Elapsed:
    clock = Elapsed()
    monkeypatch.setattr(pulse, "_elapsed", clock)
    return clock


def test_a_machine_that_slept_during_the_block_ran_late_by_as_much(elapsed):
    async def story() -> float:
        async with Pulse() as beating:
            await asyncio.sleep(0)
            elapsed.seconds += 30
            await asyncio.sleep(3 * pulse.BEAT)
            elapsed.seconds += 10  # a later, shorter one
            await asyncio.sleep(3 * pulse.BEAT)
        return beating.longest

    assert asyncio.run(story()) == 30 - pulse.BEAT


def test_a_standstill_at_the_end_of_the_block_counts_too(elapsed):
    async def story() -> float:
        async with Pulse() as beating:
            await asyncio.sleep(0)
            elapsed.seconds += 30
        return beating.longest

    assert asyncio.run(story()) == 30 - pulse.BEAT


def test_before_and_after_the_block_nothing_is_measured(elapsed):
    async def story() -> float:
        elapsed.seconds += 30
        async with Pulse() as beating:
            await asyncio.sleep(0)
        elapsed.seconds += 30
        await asyncio.sleep(2 * pulse.BEAT)
        return beating.longest

    assert asyncio.run(story()) <= 0


def visited(record: Store, elapsed: Elapsed, *outcomes: Outcome, stood_still: float) -> RoundResult:
    """A round of visits with these outcomes, in the first of which the process stood still for so many seconds."""
    sites = [
        Site(id=f"51000000{n:02}", name="某网", url=f"http://{n}.test/", kind=SiteKind.PORTAL, sponsor="某县政府")
        for n in range(len(outcomes))
    ]
    record.apply(RegistryChanges(added=tuple(sites)))
    outcome_of = dict(zip((site.ref for site in sites), outcomes, strict=True))

    async def look(site, kit):
        if site == sites[0]:
            elapsed.seconds += stood_still
        outcome = outcome_of[site.ref]
        seen = {"subject": site.ref, "at": kit.clock.now(), "vantage": kit.vantage, "url": site.url}
        return [PageVisit(**seen, family=4, outcome=outcome, seconds=0.1)]

    visit = all_probes()["site.visit"]
    probe = Probe(id=visit.id, on=Site, yields=(PageVisit,), look=look, every=visit.every)
    settings = parse_settings({}, "tests")

    async def story() -> RoundResult:
        resolver = Resolver(())
        async with Net(settings.network, resolver) as net:
            return await collect_with(
                net,
                resolver,
                plan(sites, [probe], now=END),
                store=record,
                settings=settings,
                clock=FixedClock(END),
                online=frozenset({4}),
            )

    return asyncio.run(story())


LONG = HELD_UP_SECONDS + pulse.BEAT


def test_who_did_not_answer_while_we_stood_still_is_accused_of_nothing(record, elapsed):
    result = visited(record, elapsed, Outcome.TIMEOUT, Outcome.OK, Outcome.OK, stood_still=LONG)
    assert "本机停顿了 5 秒" in result.held_back
    assert result.facts == 0
    assert record.last_runs() == {}  # all of them stay due


@pytest.mark.parametrize(
    ("first", "stood_still"),
    [(Outcome.TIMEOUT, LONG - 0.5), (Outcome.OK, 600)],
)
def test_a_short_standstill_and_one_in_which_all_answered_are_believed(record, elapsed, first, stood_still):
    result = visited(record, elapsed, first, Outcome.OK, Outcome.OK, stood_still=stood_still)
    assert (result.held_back, result.facts) == ("", 3)
