"""IPv6 in a private network namespace: several addresses, eight black holes, a reset, and nsd as the name server."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import uuid
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@cache
def why_not() -> str:
    """Why this machine cannot run it, or nothing."""
    if os.geteuid() != 0:
        return "needs root, to make a network namespace"
    for program, package in (("ip", "iproute2"), ("nsd", "nsd")):
        if shutil.which(program) is None:
            return f"needs {program} (Debian: {package})"
    name = f"xuncha-try-{uuid.uuid4().hex[:8]}"
    made = subprocess.run(["ip", "netns", "add", name], capture_output=True, text=True)
    if made.returncode:
        return f"no network namespace can be made here: {made.stderr.strip()}"
    try:
        steps = (["link", "set", "lo", "up"], ["-6", "addr", "add", "fd00:5::1/128", "dev", "lo"],
                 ["link", "add", "hole", "type", "veth", "peer", "name", "nobody"])  # fmt: skip
        for step in steps:
            tried = subprocess.run(["ip", "-n", name, *step], capture_output=True, text=True)
            if tried.returncode:
                return f"no addresses or devices of our own can be made here: {tried.stderr.strip()}"
        return ""
    finally:
        subprocess.run(["ip", "netns", "del", name], capture_output=True)


@pytest.fixture(scope="module")
def told() -> dict:
    if reason := why_not():
        pytest.skip(reason)
    name = f"xuncha-{uuid.uuid4().hex[:8]}"
    subprocess.run(["ip", "netns", "add", name], check=True)
    try:
        run = subprocess.run(
            ["ip", "netns", "exec", name, sys.executable, "-m", "tests.netns.story"],
            cwd=ROOT, capture_output=True, text=True, timeout=120,
        )  # fmt: skip
    finally:
        subprocess.run(["ip", "netns", "del", name], check=True)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def of(told: dict, host: str, kind: str) -> list[dict]:
    return [fact for fact in told[host] if fact["kind"] == kind]


def test_a_healthy_site_is_reached_at_its_own_ipv6_address(told):
    [survey] = of(told, "www", "address_survey")
    assert [(r["address"], r["outcome"], r["http"]) for r in survey["reach"]] == [
        ("127.0.0.1", "ok", "ok"),
        ("fd00:5::1", "ok", "ok"),
    ]
    assert {v["family"]: (v["outcome"], v["address"]) for v in of(told, "www", "page_visit")} == {
        4: ("ok", "127.0.0.1"),
        6: ("ok", "fd00:5::1"),
    }


def test_both_addresses_of_a_host_are_asked(told):
    [survey] = of(told, "two", "address_survey")
    assert {r["address"]: r["http"] for r in survey["reach"] if ":" in r["address"]} == {
        "fd00:5::1": "ok",
        "fd00:5::2": "ok",
    }


def test_a_reset_is_told_as_such(told):
    [survey] = of(told, "reset", "address_survey")
    [six] = [r for r in survey["reach"] if ":" in r["address"]]
    assert (six["outcome"], six["http"]) == ("ok", "connect_error")
    [visit] = [v for v in of(told, "reset", "page_visit") if v["family"] == 6]
    assert visit["outcome"] == "connect_error"


def test_eight_black_holes_are_eight_time_outs(told):
    [survey] = of(told, "holes", "address_survey")
    assert [r["outcome"] for r in survey["reach"] if ":" in r["address"]] == ["timeout"] * 8


def test_disguised_and_missing_records_are_none(told):
    [mapped] = of(told, "mapped", "address_survey")
    assert (mapped["aaaa"], mapped["dropped"]) in (([], ["::ffff:127.0.0.1"]), ((), ("::ffff:127.0.0.1",)))
    [alias] = of(told, "alias", "address_survey")
    assert (list(alias["aaaa"]), alias["aaaa_answer"], list(alias["cnames"])) == ([], "no_data", ["plain.site.test"])


def test_a_real_name_server_answers_over_ipv6_and_a_dead_one_does_not(told):
    [names] = of(told, "www", "name_service")
    assert (names["zone"], names["ns_answer"]) == ("site.test", "ok")
    answers = {a["address"]: a["answer"] for s in names["servers"] for a in s["answers"]}
    assert answers["::1"] == answers["127.0.0.1"] == "ok"
    assert answers["fd00:dead::9"] == "timeout"
    assert told["servers"] == ["ok", "ok"]  # nsd, and the one of the demo


def test_a_hop_to_a_host_without_ipv6_ends_the_way(told):
    by_family = {v["family"]: v for v in of(told, "hop", "page_visit")}
    assert by_family[4]["outcome"] == "ok"
    assert by_family[6]["outcome"] == "dns_error"
    assert by_family[6]["final_url"] == "http://plain.site.test/"


def test_pages_are_compared_and_opened_over_ipv6(told):
    [compared] = of(told, "pages", "family_comparison")
    assert (compared["over_ipv6"]["address"], compared["over_ipv6"]["outcome"]) == ("fd00:5::1", "ok")
    [inner] = of(told, "pages", "inner_links")
    assert inner["levels"][0]["reached"] == 1
