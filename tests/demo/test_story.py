"""The scripted time fills the windows of the rules."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.demo.district import SITES
from monitor.demo.story import schedule, visit_slot


def times(end, probe):
    return [step.at for step in schedule(end) if probe in step.probes]


def test_steps_are_in_order_and_end_at_the_end(end):
    steps = [step.at for step in schedule(end)]
    assert steps == sorted(set(steps))
    assert steps[-1] == end


def test_a_week_of_visits_has_at_least_twenty_in_any_day(end):
    visits = times(end, "site.visit")
    assert len(visits) >= 147
    assert visits[0] > end - timedelta(days=7)
    for day in range(7):
        until = end - timedelta(days=day)
        assert sum(until - timedelta(days=1) < at <= until for at in visits) >= 20


@pytest.mark.parametrize("probe", ["site.home", "column.list", "account.source"])
def test_daily_looks_reach_back_beyond_two_weeks(end, probe):
    looks = times(end, probe)
    assert {end - timedelta(days=day) for day in range(17)} <= set(looks)


@pytest.mark.parametrize(("probe", "hours"), [("column.list", 12), ("account.source", 6)])
def test_a_second_look_confirms_the_last(end, probe, hours):
    *_, before, last = times(end, probe)
    assert last - before >= timedelta(hours=hours)


@pytest.mark.parametrize("probe", ["site.addresses", "site.links"])
def test_sites_are_surveyed_twice_more_than_a_day_apart(end, probe):
    first, second = times(end, probe)
    assert second - first >= timedelta(hours=24)
    assert end - second <= timedelta(hours=2)


def test_every_visit_has_its_slot(end):
    assert [visit_slot(end, at) for at in reversed(times(end, "site.visit"))] == list(range(149))


@pytest.mark.parametrize(("minutes", "slot"), [(0, 0), (2, 0), (3, None), (66, 1), (65, None), (68, 1)])
def test_a_visit_lasts_two_minutes_either_way(end, minutes, slot):
    assert visit_slot(end, end - timedelta(minutes=minutes)) == slot


def test_outages_meet_visits_only(end):
    down = {slot for site in SITES for slot in site.outage.slots}
    for step in schedule(end):
        if step.probes != ("site.visit",):
            assert visit_slot(end, step.at) not in down


@pytest.mark.parametrize(("host", "low", "high"), [("fgj.qinghe.test", 0.06, 0.07), ("jyj.qinghe.test", 0.03, 0.04)])
def test_outages_stand_on_either_side_of_five_percent(end, host, low, high):
    site = next(site for site in SITES if site.host == host)
    assert low <= len(site.outage.slots) / len(times(end, "site.visit")) <= high
