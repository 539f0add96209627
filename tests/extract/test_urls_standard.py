"""Our addresses against the test data of the WHATWG URL standard (web-platform-tests' urltestdata.json).

The data is not ours to copy. Debian's librust-url-dev ships it; CI unpacks that package and names the file in
XUNCHA_URL_TESTS. On a developer's machine: apt-get download librust-url-dev && dpkg -x librust-url-dev_*.deb FOLDER.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.extract.urls import Resolver, resolve

INSTALLED = sorted(Path("/usr/share/cargo/registry").glob("url-*/tests/urltestdata.json"))
DATA = [Path(os.environ["XUNCHA_URL_TESTS"])] if os.environ.get("XUNCHA_URL_TESTS") else INSTALLED
CASES = [c for c in json.loads(DATA[0].read_text(encoding="utf-8")) if isinstance(c, dict)] if DATA else []

pytestmark = pytest.mark.skipif(not CASES, reason="no urltestdata.json: see the top of this file")


def wanted(case: dict[str, str]) -> str | None:
    """What the standard says, but for what we hold otherwise on purpose."""
    if "failure" in case or case["protocol"] not in ("http:", "https:"):
        return None  # only pages are asked for
    if case["input"].strip()[:1] in ("", "#"):
        return None  # the same page: such anchors are counted as 空链
    return case["href"].partition("#")[0].removesuffix("?")  # one spelling for one page


def left_to_dns(case: dict[str, str]) -> bool:
    """A name in Punycode that encodes nothing: the library lets it pass, and no name server will know it."""
    return "failure" in case and ".xn--pokxncvks" in case["input"].lower()


def test_addresses_are_those_of_the_standard() -> None:
    assert differences(lambda base, href: resolve(base, href)) == {}
    assert len(CASES) > 500


def test_the_memory_of_a_crawl_changes_none_of_them() -> None:
    def remembered(base: str, href: str) -> str | None:
        if resolve(base, base) != base:  # the memory is for pages that were fetched
            return resolve(base, href)
        return Resolver().at(base, "utf-8")(href)

    assert differences(remembered) == {}


def differences(read: Callable[[str, str], str | None]) -> dict[tuple[str, str], tuple[str | None, str | None]]:
    """What is read otherwise than wanted, by base and reference."""
    found = {}
    for case in CASES:
        base, href = case["base"] or "about:blank", case["input"]
        address = read(base, href)
        if address != wanted(case) and not left_to_dns(case):
            found[base, href] = (address, wanted(case))
    return found


def test_every_exception_is_needed() -> None:
    allowed = [case for case in CASES if left_to_dns(case)]
    assert allowed
    assert all(resolve("about:blank", case["input"]) for case in allowed)
