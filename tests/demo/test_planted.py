"""What was planted is compared with what was found, and worse is not taken for better."""

from __future__ import annotations

import pytest

from monitor.demo.planted import Planted, compare

SITE = "site:5199210001"


def planted(status, severity=None, key=""):
    return Planted(check="site.dead_link", subject=SITE, key=key, status=status, severity=severity, story="")


def record(status, severity=None, key="", *, check="site.dead_link", subject=SITE):
    return {"check": check, "subject": subject, "key": key, "status": status, "severity": severity}


PROBLEM = record("failed", "problem", "http://a/")
WARNING = record("passed", "warning", "http://a/")
PASSED = record("passed")
UNTESTED = record("untested")
ERROR = record("error")


@pytest.mark.parametrize(
    ("one", "records", "found"),
    [
        (planted("failed", "problem"), [PROBLEM], True),
        (planted("failed", "problem"), [PASSED], False),
        (planted("failed", "problem"), [WARNING], False),
        (planted("failed", "problem"), [], False),
        (planted("failed", "problem", "http://a/"), [PROBLEM], True),
        (planted("failed", "problem", "http://b/"), [PROBLEM], False),
        (planted("failed", "problem"), [record("failed", "problem", subject="site:5199210002")], False),
        (planted("passed"), [PASSED], True),
        (planted("passed"), [WARNING], False),
        (planted("passed"), [PROBLEM], False),
        (planted("passed"), [UNTESTED], False),
        (planted("passed"), [ERROR], False),
        (planted("passed"), [], False),
        (planted("passed", "warning"), [WARNING], True),
        (planted("passed", "warning"), [record("failed", "warning")], True),
        (planted("passed", "warning"), [PASSED], False),
        (planted("passed", "warning"), [WARNING, PROBLEM], False),
        (planted("untested"), [UNTESTED], True),
        (planted("untested"), [PASSED], False),
        (planted("untested"), [PROBLEM, UNTESTED], False),
        (planted("untested"), [], False),
        (planted("exempt"), [], True),
        (planted("exempt"), [UNTESTED], True),
        (planted("exempt"), [PASSED], False),
    ],
)
def test_a_planted_thing_is_found_only_where_the_records_say_it(one, records, found):
    assert compare([one], records) == [(one, found)]


@pytest.mark.parametrize(
    ("records", "found"), [([PROBLEM], True), ([PASSED], True), ([UNTESTED], False), ([], False), ([ERROR], False)]
)
def test_a_trap_is_passed_only_where_its_site_was_judged(records, found):
    trap = planted("passed", key="http://trap/")
    assert compare([trap], records) == [(trap, found)]


def test_a_trap_that_is_accused_is_not_passed():
    trap = planted("passed", key="http://a/")
    assert compare([trap], [PROBLEM]) == [(trap, False)]
