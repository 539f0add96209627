"""The made-up district in motion: starts and stops its servers, and says how to watch it. It watches nothing itself.

World(clock) ── async with ──▶ DNS server, nine sites, the feeds, a reference target
             ── settings, registry_files ──▶ what xuncha is given
             ── planted, compare ──▶ what it should find
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path
from types import TracebackType

from monitor.clock import Clock
from monitor.demo.accounts import ACCOUNTS
from monitor.demo.district import SITES
from monitor.demo.dns import DnsServer, Mishap, Zone
from monitor.demo.feeds import feed_handler, feed_path
from monitor.demo.filing import write_registry
from monitor.demo.pages import Anchor
from monitor.demo.plans import SitePlan
from monitor.demo.planted import Planted, planted_in
from monitor.demo.ports import has_ipv6_loopback
from monitor.demo.publishing import CHINA
from monitor.demo.server import Answer, HttpServer, IPv6
from monitor.demo.site import SiteHandler
from monitor.settings import Settings, parse_settings

FEED_HOST = "feeds.qinghe.test"
_FEED_SEAT = 30
_REFERENCE_SEAT = 99


class World:
    """The district while it runs. ``end`` is the last moment of its story; by default the clock's time now.

    ``ipv6=False`` makes a district in which nothing answers over IPv6, the reference target included, as it is on a
    machine without IPv6.
    """

    def __init__(self, clock: Clock, *, end: datetime | None = None, ipv6: bool = True) -> None:
        self.clock = clock
        self.end = end if end is not None else clock.now()
        self._has_loopback = has_ipv6_loopback()
        self.ipv6 = ipv6 and self._has_loopback
        self._servers: dict[str, HttpServer] = {}
        self._feeds = HttpServer(
            feed_handler(ACCOUNTS, end=self.end, now=clock.now), _address(_FEED_SEAT), self._standing(IPv6.ALIVE)
        )
        self._reference = HttpServer(_reference, _address(_REFERENCE_SEAT), self._standing(IPv6.ALIVE))
        self._dns = DnsServer(_zone(), ipv6=self.ipv6)
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> World:
        async with AsyncExitStack() as stack:
            for plan in SITES:
                # Its handler comes when all ports are known: the sites link to one another.
                server = HttpServer(_not_open_yet, _address(plan.seat), self._standing(plan.ipv6))
                self._servers[plan.code] = server
                await _start(stack, server)
            for server in (self._feeds, self._reference):
                await _start(stack, server)
            await _start(stack, self._dns)
            self._open_sites()
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    @property
    def addresses(self) -> Mapping[str, str]:
        """The home address of each site by its code."""
        return {plan.code: self._home(plan) for plan in SITES}

    @property
    def nameserver(self) -> str:
        """Our DNS server as ``address:port``, for UDP and TCP."""
        return f"127.0.0.1:{self._dns.port}"

    @property
    def requests(self) -> int:
        """How many HTTP requests were served so far."""
        return sum(server.requests for server in (*self._servers.values(), self._feeds, self._reference))

    @property
    def planted(self) -> tuple[Planted, ...]:
        """Every planted defect and trap."""
        return planted_in(SITES, ACCOUNTS, addresses=self.addresses, ipv6=self.ipv6)

    @property
    def unqualified(self) -> frozenset[str]:
        """The subjects whose verdict should be 不合格 under the national edition; all others should not be."""
        sites = {f"site:{plan.code}" for plan in SITES if plan.unqualified}
        accounts = {f"account:{a.platform}:{a.account_id}" for a in ACCOUNTS if a.expected.status == "failed"}
        return frozenset(sites | accounts)

    def settings(self, database_url: str) -> Settings:
        """How xuncha is set up to watch this district and nothing else."""
        port = self._reference.port
        return parse_settings(
            {
                "database": {"url": database_url},
                "network": {
                    "nameservers": [self.nameserver],
                    "allow_addresses": ["127.0.0.0/8", "::1/128"],
                    "host_interval": 0.0,
                    "crawl_pages": 500,
                    "crawl_seconds": 60.0,
                },
                "ipv6": {"ports": [], "dns_port": self._dns.port},
                "vantage": {
                    "name": "demo",
                    "ipv4": [f"http://{_address(_REFERENCE_SEAT)}:{port}/"],
                    "ipv6": [f"http://[::1]:{port}/"],
                },
            },
            "demo",
        )

    def registry_files(self, folder: Path) -> list[Path]:
        """Write the registry into a folder: units, sites, columns, accounts, in the order of import."""
        feeds = {
            plan.account_id: f"http://{FEED_HOST}:{self._feeds.port}{feed_path(plan)}"
            for plan in ACCOUNTS
            if plan.form is not None
        }
        last_day = self.end.astimezone(CHINA).date()
        folder.mkdir(parents=True, exist_ok=True)
        return write_registry(
            folder, sites=SITES, accounts=ACCOUNTS, addresses=self.addresses, feeds=feeds, last_day=last_day
        )

    def _open_sites(self) -> None:
        linked = [plan for plan in SITES if plan.suspended_for is None]
        for plan in SITES:
            friends = [
                Anchor(self._home(friend), friend.name)
                for friend in linked
                if friend is not plan and (friend.ipv6 is not IPv6.ABSENT or plan.links_to_ipv4_only)
            ]
            self._servers[plan.code].handler = SiteHandler(plan, end=self.end, now=self.clock.now, friends=friends)

    def _home(self, plan: SitePlan) -> str:
        return f"http://{plan.host}:{self._servers[plan.code].port}/"

    def _standing(self, wanted: IPv6) -> IPv6:
        if not self._has_loopback:
            return IPv6.ABSENT
        return IPv6.REFUSED if wanted is IPv6.ALIVE and not self.ipv6 else wanted


async def _start(stack: AsyncExitStack, server: HttpServer | DnsServer) -> None:
    # Stopping is arranged first: a server may fail half-way up.
    stack.push_async_callback(server.stop)
    await server.start()


def _address(seat: int) -> str:
    return f"127.0.1.{seat}"


def _not_open_yet(_request: object) -> Answer:
    return Answer(status=503)


def _reference(_request: object) -> Answer:
    return Answer("<html><head><title>参照目标</title></head><body>在线</body></html>".encode())


def _zone() -> Zone:
    records: dict[str, dict[str, tuple[str, ...]]] = {
        "qinghe.test": {"NS": ("ns1.qinghe.test.", "ns2.qinghe.test.")},
        "ns1.qinghe.test": {"A": ("127.0.0.1",), "AAAA": ("::1",)},
        "ns2.qinghe.test": {"A": ("127.0.0.1",), "AAAA": ("::1",)},
        FEED_HOST: _host(_FEED_SEAT, IPv6.ALIVE),
    }
    for plan in SITES:
        if plan.alias:
            records[plan.host] = {"CNAME": (f"{plan.alias}.",)}
        records[plan.alias or plan.host] = _host(plan.seat, plan.ipv6)
    mishaps = {
        "servfail.qinghe.test": Mishap.SERVFAIL,
        "refused.qinghe.test": Mishap.REFUSED,
        "silent.qinghe.test": Mishap.SILENCE,
    }
    return Zone(records, mishaps)


def _host(seat: int, ipv6: IPv6) -> dict[str, tuple[str, ...]]:
    four: dict[str, tuple[str, ...]] = {"A": (_address(seat),)}
    return four if ipv6 is IPv6.ABSENT else four | {"AAAA": ("::1",)}
