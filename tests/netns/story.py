"""Run inside a private network namespace: real addresses, a black hole, a reset and a real name server (nsd), told as
JSON on standard output. ``test_namespace`` starts it; it refuses to run where a route leads out."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import struct
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from checks import Site
from checks.core.model import SiteKind
from monitor.clock import FixedClock
from monitor.crawl import CrawlBounds
from monitor.demo.dns import DnsServer, Zone
from monitor.facts import fact_record
from monitor.ipv6_settings import Ipv6
from monitor.net import Net
from monitor.probing import Kit, all_probes
from monitor.resolver import Resolver
from monitor.settings import Network
from tests.net.test_crawl import Memory
from tests.net.web import page, redirect, serving

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
GOOD, SECOND, RESET, HOLE, DEAD_NS = "fd00:5::1", "fd00:5::2", "fd00:5::3", "fd00:dead::", "fd00:dead::9"
ZONE = f"""\
$ORIGIN site.test.
$TTL 60
@ SOA ns1 admin 1 60 60 60 60
@ NS ns1
@ NS ns2
ns1 A 127.0.0.1
ns1 AAAA ::1
ns2 A 127.0.0.1
ns2 AAAA {DEAD_NS}
www A 127.0.0.1
www AAAA {GOOD}
two A 127.0.0.1
two AAAA {GOOD}
two AAAA {SECOND}
reset A 127.0.0.1
reset AAAA {RESET}
holes A 127.0.0.1
{"".join(f"holes AAAA {HOLE}{n}{chr(10)}" for n in range(1, 9))}
mapped A 127.0.0.1
mapped AAAA ::ffff:127.0.0.1
plain A 127.0.0.1
alias CNAME plain
hop A 127.0.0.1
hop AAAA {GOOD}
"""


def command(*words: str) -> None:
    subprocess.run(words, check=True, capture_output=True)


def lay_out() -> None:
    """Addresses of our own loopback, and a black hole behind a device on which nobody listens."""
    if subprocess.run(["ip", "route", "show", "default"], capture_output=True, check=True).stdout.strip():
        raise SystemExit("this is no private network namespace")
    command("ip", "link", "set", "lo", "up")
    for address in (GOOD, SECOND, RESET):
        command("ip", "-6", "addr", "add", f"{address}/128", "dev", "lo")
    # What is sent to this prefix disappears: the other end of the wire is nobody's, and neighbours are known.
    command("ip", "link", "add", "hole", "type", "veth", "peer", "name", "nobody")
    for end in ("hole", "nobody"):
        command("ip", "link", "set", end, "up")
    command("ip", "-6", "route", "add", f"{HOLE}/32", "dev", "hole")
    for n in range(1, 10):
        command("ip", "-6", "neigh", "add", f"{HOLE}{n}", "lladdr", "02:00:00:00:00:01", "dev", "hole")


@contextlib.asynccontextmanager
async def nsd(folder: Path) -> AsyncIterator[int]:
    """A real name server on port 5300 of 127.0.0.1 and ::1, in the foreground and in this folder only."""
    (folder / "zone").write_text(ZONE)
    (folder / "nsd.conf").write_text(
        textwrap.dedent(f"""\
            server:
                ip-address: 127.0.0.1@5300
                ip-address: ::1@5300
                username: ""
                chroot: ""
                zonesdir: "{folder}"
                pidfile: "{folder}/nsd.pid"
                xfrdfile: "{folder}/xfrd"
                zonelistfile: "{folder}/zone.list"
                xfrdir: "{folder}"
                database: ""
            remote-control:
                control-enable: no
            zone:
                name: "site.test"
                zonefile: "{folder}/zone"
            """)
    )
    process = await asyncio.create_subprocess_exec(
        "nsd", "-d", "-c", str(folder / "nsd.conf"), stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
    )
    try:
        resolver = Resolver(["127.0.0.1:5300"], timeout=0.3)
        for _ in range(40):
            if process.returncode is not None:
                raise SystemExit((await process.stderr.read()).decode() if process.stderr else "nsd ended")
            if (await resolver.hear("site.test", "127.0.0.1", port=5300)).answer == "ok":
                break
            resolver = Resolver(["127.0.0.1:5300"], timeout=0.3)
            await asyncio.sleep(0.1)
        yield 5300
    finally:
        process.terminate()
        await process.wait()


async def resets() -> asyncio.Server:
    """Port 80 of one address: whoever connects is torn off by RST as soon as he asks."""

    async def tear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        client = writer.get_extra_info("socket")
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()

    return await asyncio.start_server(tear, RESET, 80)


async def look(host: str, kit: Kit, *probes: str) -> list[dict]:
    site = Site(id="5100000001", name=host, url=f"http://{host}/", kind=SiteKind.PORTAL, sponsor="")
    found = [fact for id in probes for fact in await all_probes()[id].look(site, kit)]
    return [fact_record(replace(fact, id=1)) for fact in found]


async def main() -> None:
    lay_out()
    told: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as folder:
        async with nsd(Path(folder)) as port:
            routes = {"/": page("/a.html"), "/a.html": page()}
            routes["hop.site.test/"] = redirect("http://plain.site.test/")
            async with serving(routes, on=("127.0.0.1", GOOD, SECOND), port=80):
                torn = await resets()
                network = Network(
                    allow_addresses=("127.0.0.0/8", "fd00::/8", "::1/128"), timeout=2.0, host_interval=0.0
                )
                resolver = Resolver([f"127.0.0.1:{port}"], timeout=1.0)
                inside = DnsServer(Zone({"site.test": {"NS": ("ns1.site.test.",)}}), ipv6=True)
                await inside.start()
                async with torn, Net(network, resolver) as net:
                    kit = Kit(
                        net=net,
                        resolver=resolver,
                        clock=FixedClock(NOW),
                        vantage="test",
                        families=frozenset((4, 6)),
                        crawl_log=Memory(),
                        crawl_bounds=CrawlBounds(100, 60.0, 0.0),
                        ipv6=Ipv6(ports=(80,), dns_port=port),
                    )
                    for host in ("www", "two", "reset", "mapped", "alias", "hop"):
                        told[host] = await look(f"{host}.site.test", kit, "site.addresses", "site.visit")
                    started = asyncio.get_running_loop().time()
                    told["holes"] = await look("holes.site.test", kit, "site.addresses")
                    told["holes_seconds"] = asyncio.get_running_loop().time() - started
                    told["pages"] = await look("www.site.test", kit, "site.ipv6_pages")
                    both = [
                        await resolver.hear("site.test", a, port=p) for a, p in (("::1", port), ("::1", inside.port))
                    ]
                    told["servers"] = [heard.answer for heard in both]
                await inside.stop()
    json.dump(told, sys.stdout, ensure_ascii=False, default=str)


if __name__ == "__main__":
    asyncio.run(main())
