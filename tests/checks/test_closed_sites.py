"""永久下线仍可访问: told once a month of notice has passed, never ruled on, and silent where the site only sends on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from checks import History, Outcome, Severity, all_checks
from checks.core.aftermath import ClosedVisit
from checks.core.assess import Status, assess
from checks.core.model import SiteStatus
from tests.checks.facts import NOW, SITE

CHECK = all_checks()["site.closed_answers"]
CLOSED = replace(SITE, status=SiteStatus.CLOSED)


def visit(ago: float, outcome: Outcome = Outcome.OK, **more) -> ClosedVisit:
    return ClosedVisit(
        id=int(ago * 10) + 1,
        subject=CLOSED.ref,
        at=NOW - timedelta(days=ago),
        vantage="test",
        url=CLOSED.url,
        outcome=outcome,
        **{"final_url": CLOSED.url} | more,
    )


def ruled(*visits: ClosedVisit):
    return assess(CHECK, CLOSED, History(visits), limits=CHECK.limits, now=NOW)


@pytest.mark.parametrize(("apart", "told"), [(29, False), (30, True), (31, True)])
def test_a_site_that_answers_after_the_month_of_notice_is_told_and_no_more(apart, told):
    ruling = ruled(visit(apart + 1), visit(1, site_name="某县人民政府"))
    assert ruling.status is (Status.PASSED if told else Status.UNTESTED)
    assert [f.severity for f in ruling.findings] == [Severity.WARNING] * told
    if told:
        assert "某县人民政府" in ruling.findings[0].text
        assert len(ruling.findings[0].evidence) == 2


def test_never_visited_is_untested():
    assert ruled().status is Status.UNTESTED


@pytest.mark.parametrize("outcome", [Outcome.DNS_ERROR, Outcome.CONNECT_ERROR, Outcome.TIMEOUT, Outcome.HTTP_ERROR])
def test_a_site_that_no_longer_answers_is_in_order(outcome):
    assert ruled(visit(61), visit(31), visit(1, outcome)).findings == ()
    assert ruled(visit(61), visit(31), visit(1, outcome)).status is Status.PASSED


def test_only_an_unbroken_run_counts():
    assert ruled(visit(61), visit(31, Outcome.CONNECT_ERROR), visit(1)).status is Status.UNTESTED


def test_a_site_that_sends_its_readers_to_its_successor_is_in_order():
    ruling = ruled(*(visit(ago, final_url="http://www.successor.example/") for ago in (61, 31, 1)))
    assert (ruling.status, ruling.findings) == (Status.PASSED, ())


def test_what_says_nothing_of_the_site_is_left_out():
    assert ruled(visit(31), visit(1, Outcome.BLOCKED)).status is Status.UNTESTED
