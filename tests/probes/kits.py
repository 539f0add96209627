"""What probes are given in the tests, and the subjects that they look at."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime

from checks import Account, Column, ColumnCategory, Observation, Platform, Site, Subject
from checks.core.model import SiteKind
from monitor.clock import FixedClock
from monitor.crawl import CrawlBounds
from monitor.ipv6_settings import Ipv6
from monitor.probing import Kit, all_probes
from tests.net.test_crawl import Memory
from tests.net.web import EXAMPLE, visiting

NO_PORTS = Ipv6(ports=())  # nobody else's port 80 is knocked at
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


@contextlib.asynccontextmanager
async def kit(
    names: dict | None = None, *, families: Sequence[int] = (4,), ipv6: Ipv6 = NO_PORTS, **network: object
) -> AsyncIterator[Kit]:
    """A kit whose net and resolver know these names."""
    async with visiting(EXAMPLE if names is None else names, **network) as net:
        yield Kit(
            net=net,
            resolver=net._resolver,
            clock=FixedClock(NOW),
            vantage="test",
            families=frozenset(families),
            crawl_log=Memory(),
            crawl_bounds=CrawlBounds(100, 60.0, 0.0),
            ipv6=ipv6,
        )


async def look(probe: str, subject: Subject, kit: Kit) -> list[Observation]:
    """What a probe yields; each fact is of the subject, at the time, from the place."""
    observations = list(await all_probes()[probe].look(subject, kit))
    for observation in observations:
        assert type(observation) in all_probes()[probe].yields
        assert (observation.subject, observation.at, observation.vantage) == (subject.ref, NOW, "test")
    return observations


def site(url: str) -> Site:
    return Site(id="5100000001", name="某县人民政府", url=url, kind=SiteKind.PORTAL, sponsor="某县人民政府办公室")


def column(url: str) -> Column:
    return Column(site_id="5100000001", name="通知公告", url=url, category=ColumnCategory.NOTICES)


def account(**fields: object) -> Account:
    return Account(platform=Platform.WEIBO, name="某县发布", account_id="100", sponsor="某县委宣传部", **fields)
