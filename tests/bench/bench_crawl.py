"""Our crawl beside its peers on generated sites: `python tests/bench/bench_crawl.py --peers crawlee-parsel linkinator`.

Needs nginx and the generator, drivers and accounting of ../shared/bench (its peers.py says how the peers are named in
the environment). Everything stays on loopback. Figures mean something only as ratios within one run, and beside peers
in Python only where they run on the same build of it: builds differ by 15 %, so those of all are printed.

    generate (once) ──▶ nginx ──▶ rounds: ours, each peer, in turn ──▶ medians and ratios
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
BENCH = ROOT.parent / "shared" / "bench"
PORT = 8801


def address(number: int) -> str:
    return f"127.0.1.{number}"


# Ours, as the product does it: a collecting round of site.links into SQLite


def crawl_sites(numbers: list[int], processes: int, out: Path) -> None:
    """One collecting round over the sites; the dead links of each go to ``out`` as JSON."""
    sys.path.insert(0, str(ROOT))
    from checks import CrawlSummary, LinkFailure, Site
    from checks.core.model import SiteKind
    from monitor.clock import SystemClock
    from monitor.collect import Progress, collect
    from monitor.memory import collect_garbage_seldom
    from monitor.planning import Task
    from monitor.probing import all_probes
    from monitor.settings import parse_settings
    from monitor.store import Store

    collect_garbage_seldom()  # as monitor.cli does
    network = {"allow_addresses": ["127.0.0.0/8"], "host_interval": 0, "host_connections": 16}
    network |= {"crawl_pages": 1_000_000, "crawl_seconds": 3600, "crawl_processes": processes}
    reference = f"http://{address(numbers[0])}:{PORT}/"
    settings = parse_settings({"network": network, "vantage": {"ipv4": [reference]}}, "bench")
    sites = [
        Site(id=f"{n:010d}", name=f"网站 {n}", url=f"http://{address(n)}:{PORT}/", kind=SiteKind.PORTAL, sponsor="")
        for n in numbers
    ]
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(f"sqlite:///{folder}/bench.db")
        tasks = [Task(all_probes()["site.links"], site) for site in sites]
        began, burnt = time.perf_counter(), sum(os.times()[:4])
        course: list[tuple[int, float]] = []  # pages read, and CPU seconds used until then
        progress = Progress(crawled=lambda crawl: course.append((crawl.pages, sum(os.times()[:4]) - burnt)))
        asyncio.run(collect(tasks, store=store, settings=settings, clock=SystemClock(), progress=progress))
        inner = {"wall": time.perf_counter() - began, "cpu": sum(os.times()[:4]) - burnt}
        found = {}
        for number, site in zip(numbers, sites, strict=True):
            facts = store.observations(site.ref)
            summary = next(f for f in facts if isinstance(f, CrawlSummary))
            dead = [f.url for f in facts if isinstance(f, LinkFailure) and f.outcome.conclusive]
            found[address(number)] = {"links": summary.links, "complete": summary.complete, "dead": dead}
        store.close()
    out.write_text(json.dumps({"sites": found, "inner": inner, "course": course if len(sites) == 1 else []}))


def ours(numbers: list[int], processes: int, measure: Any) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.json"
        command = [sys.executable, __file__, "--child", str(out), "--processes", str(processes)]
        result = measure.run([*command, "--numbers", *map(str, numbers)])
        told = json.loads(out.read_text())
    scores = [measure.score(site["dead"], measure.truth(host)) for host, site in told["sites"].items()]
    return {
        **result,
        **cost_of_pages(told["course"]),
        "inner_cpu": told["inner"]["cpu"],
        "inner_wall": told["inner"]["wall"],
        "hit": sum(s[0] for s in scores),
        "planted": sum(s[1] for s in scores),
        "invented": sum(s[2] for s in scores),
    }


def cost_of_pages(course: list[tuple[int, float]]) -> dict[str, float]:
    """CPU milliseconds for a page in the first and in the last fifth of a long crawl; nothing of a short one."""
    if len(course) < _LONG_COURSE:
        return {}
    pages = course[-1][0]
    began, early, late, ended = (min(course, key=lambda at: abs(at[0] - part * pages)) for part in (0.0, 0.2, 0.8, 1.0))

    def cost(since: tuple[int, float], until: tuple[int, float]) -> float:
        return 1000 * (until[1] - since[1]) / (until[0] - since[0])

    return {"first_pages_ms": cost(began, early), "last_pages_ms": cost(late, ended)}


_LONG_COURSE = 15  # seconds


# Peers, at most two sites at once


def peer(name: str, numbers: list[int], measure: Any, peers: Any) -> dict[str, float]:
    make, concurrency = peers.PEERS[name]
    scores: list[tuple[int, int, int]] = []

    def one(number: int) -> dict[str, float]:
        with tempfile.TemporaryDirectory() as folder:
            out = f"{folder}/out"
            command, dead = make(f"http://{address(number)}:{PORT}/", concurrency, out)
            result: dict[str, float] = measure.run(command, out, timeout=900)
            scores.append(measure.score(dead(), measure.truth(address(number))))
            return result

    began = time.perf_counter()
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(one, numbers))
    return {
        "wall": time.perf_counter() - began,
        "cpu": sum(r["cpu"] for r in results),
        "rss_mb": max(r["rss_mb"] for r in results),
        "hit": sum(s[0] for s in scores),
        "planted": sum(s[1] for s in scores),
        "invented": sum(s[2] for s in scores),
    }


def start_of(name: str, measure: Any, peers: Any) -> float:
    """The CPU seconds that a peer takes to start, ask for one page that is not there, and end."""
    make, concurrency = peers.PEERS[name]
    with tempfile.TemporaryDirectory() as folder:
        out = f"{folder}/out"
        command, _ = make(f"http://{address(1)}:{PORT}/not-there.html", concurrency, out)
        return float(measure.run(command, out, timeout=60)["cpu"])


def pythons() -> dict[str, str]:
    """The build of Python that ours runs on, and that of each peer's environment."""
    environments = {name: Path(place) for name, place in os.environ.items() if name.startswith("VENV_")}
    told = {"ours": sys.version}
    for name, place in sorted(environments.items()):
        command = [place / "bin" / "python", "-c", "import sys; print(sys.version)"]
        told[name] = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    return told


@contextmanager
def served(data: Path, sites: int, pages: int) -> Iterator[None]:
    if not (data / "truth.json").exists():
        generate = [sys.executable, str(BENCH / "gen_site.py"), "--sites", str(sites), "--pages", str(pages)]
        subprocess.run(generate, check=True, env={**os.environ, "PERF_ROOT": str(data)})
    subprocess.run(["nginx", "-c", str(data / "nginx.conf")], check=True)
    try:
        yield
    finally:
        subprocess.run(["nginx", "-c", str(data / "nginx.conf"), "-s", "stop"], check=True)


def report(rows: dict[str, list[dict[str, float]]], starts: dict[str, list[float]], sites: int, checks: int) -> None:
    def middle(name: str, key: str) -> float:
        return statistics.median(row[key] for row in rows[name])

    head = f"{'':22}{'wall s':>8}{'CPU s':>8}{'checks/s':>10}{'checks/CPU s':>14}{'peak MB':>9}"
    print(head + "  dead found/planted (+invented)   ours is x times: per s, per CPU s")
    mine = next(iter(rows))
    for name in rows:
        wall, cpu = middle(name, "wall"), middle(name, "cpu")
        print(
            f"{name:22}{wall:8.2f}{cpu:8.2f}{checks / wall:10.0f}{checks / cpu:14.0f}{middle(name, 'rss_mb'):9.0f}"
            f"  {middle(name, 'hit'):.0f}/{middle(name, 'planted'):.0f} (+{middle(name, 'invented'):.0f})"
            f"{'':24}{wall / middle(mine, 'wall'):6.2f} {cpu / middle(mine, 'cpu'):6.2f}"
        )
    if "last_pages_ms" in rows[mine][0]:
        first, last = middle(mine, "first_pages_ms"), middle(mine, "last_pages_ms")
        print(f"CPU ms a page: first fifth {first:.2f}, last fifth {last:.2f}, {last / first:.2f} times")
    inner = middle(mine, "inner_cpu")
    print(f"ours without its start: {inner:.2f} CPU s, {checks / inner:.0f} checks/CPU s")
    for name, taken in starts.items():
        start = statistics.median(taken)
        without = middle(name, "cpu") - sites * start  # a peer starts for each site
        print(f"{name} starts in {start:.2f} CPU s; without any start, ours is {without / inner:.2f} times per CPU s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sites", type=int, default=1, help="how many sites are crawled")
    parser.add_argument("--pages", type=int, default=500, help="pages of a generated site")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("-n", type=int, default=3, help="rounds")
    parser.add_argument("--peers", nargs="*", default=[])
    parser.add_argument("--data", type=Path, default=Path(tempfile.gettempdir()) / "xuncha-bench")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--numbers", type=int, nargs="*", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        crawl_sites(options.numbers, options.processes, options.child)
        return
    os.environ["PERF_ROOT"] = str(options.data)
    sys.path.insert(0, str(BENCH))
    measure, peers = importlib.import_module("measure"), importlib.import_module("peers")
    numbers = list(range(1, options.sites + 1))
    runs: dict[str, Callable[[], dict[str, float]]] = {"ours": lambda: ours(numbers, options.processes, measure)}
    for name in options.peers:
        runs[name] = lambda name=name: peer(name, numbers, measure, peers)  # type: ignore[misc]
    rows: dict[str, list[dict[str, float]]] = {name: [] for name in runs}
    starts: dict[str, list[float]] = {name: [] for name in options.peers}
    with served(options.data, max(20, options.sites) if options.pages == 500 else options.sites, options.pages):
        for _ in range(options.n):
            for name, run in runs.items():  # in turn, so that the machine's moods meet all alike
                rows[name].append(run())
            for name in options.peers:
                starts[name].append(start_of(name, measure, peers))
        checks = sum(measure.truth(address(n))["targets"] for n in numbers)
    report(rows, starts, len(numbers), checks)
    for name, version in pythons().items():
        print(f"{name:18} {version}")


if __name__ == "__main__":
    main()
