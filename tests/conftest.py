"""The made-up district in motion, with a record of its own: what the tests of whole rounds start from."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from checks import Observation, all_checks
from checks.core.calendar import quarter_of
from checks.core.standard import load_standard
from monitor.clock import FixedClock
from monitor.collect import RoundResult, collect, plan
from monitor.demo.world import World
from monitor.inspection import InspectionResult, inspect
from monitor.probing import all_probes
from monitor.registry import import_files
from monitor.settings import Settings, Vantage
from monitor.store import Store

END = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)


@dataclass
class Watch:
    """The running district, the settings that watch it, and the record."""

    world: World
    clock: FixedClock
    settings: Settings
    store: Store

    async def look(self, *probes: str, vantage: Vantage | None = None) -> RoundResult:
        """One round of these probes, or of all, perhaps from a vantage point with other references."""
        chosen = [probe for id, probe in all_probes().items() if not probes or id in probes]
        tasks = plan(self.store.subjects(), chosen, now=self.clock.now())
        settings = self.settings.model_copy(update={"vantage": vantage or self.settings.vantage})
        return await collect(tasks, store=self.store, settings=settings, clock=self.clock)

    def rule(self) -> InspectionResult:
        """One inspection of everything."""
        now = self.clock.now()
        checks = list(all_checks().values())
        return inspect(self.store, load_standard("gwb-2019"), checks, now=now, period=quarter_of(now))

    def facts(self) -> list[Observation]:
        """All that is on the record."""
        return [fact for subject in self.store.subjects() for fact in self.store.observations(subject.ref)]

    def rounds(self) -> list:
        now = self.clock.now()
        return self.store.rounds(now - timedelta(days=400), now)


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Store]:
    """A fresh SQLite record."""
    opened = Store.open(f"sqlite:///{tmp_path}/record.db")
    yield opened
    opened.close()


@pytest.fixture
def watching(record: Store, tmp_path: Path) -> Callable[..., None]:
    """Run a coroutine function of a ``Watch`` whose registry is imported and whose clock stands at the story's end."""

    def run(story: Callable[[Watch], Awaitable[None]], *, ipv6: bool = True) -> None:
        async def main() -> None:
            clock = FixedClock(END)
            async with World(clock, ipv6=ipv6) as world:
                if ipv6 and not world.ipv6:
                    pytest.skip("this machine has no IPv6 loopback")
                import_files(record, world.registry_files(tmp_path / "registry"), prune=False, dry_run=False)
                await story(Watch(world, clock, world.settings(f"sqlite:///{record.name}"), record))

        asyncio.run(main())

    return run
