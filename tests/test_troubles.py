"""Troubles of our own, and the gaps in which nobody was watched."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from checks import AccountReading, Ref
from checks.core.calendar import Period
from monitor.coverage import gaps
from monitor.desk import ALIVE
from monitor.service_settings import Schedule
from monitor.store.rounds import Round
from monitor.troubles import (
    LITTLE_DISK,
    disk_troubles,
    gap_troubles,
    job_troubles,
    source_troubles,
    vantage_troubles,
)
from reports.material import Gap

NOW = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def looked(*ago: float, held: bool = False) -> list[Round]:
    """Rounds so many hours ago."""
    families = frozenset() if held else frozenset({4})
    why = "监测点离线" if held else ""
    return [Round(at=NOW - h * HOUR, vantage="v", families=families, tasks=1, held_back=why) for h in ago]


def spans(found) -> list[tuple[float, float]]:
    return [((NOW - gap.start) / HOUR, (NOW - gap.end) / HOUR) for gap in found]


@pytest.mark.parametrize(("hours", "is_gap"), [(2.99, False), (3, False), (3.01, True)])
def test_a_stretch_of_more_than_three_hours_without_a_round_is_a_gap(hours, is_gap):
    found = gaps(looked(10 + hours, 10, 8, 6, 4, 2, 0), NOW - 24 * HOUR, NOW)
    assert bool(found) is is_gap


def test_gaps_are_cut_to_the_span_and_may_begin_before_it():
    rounds = looked(40, 20, 18, 9, 8)
    assert spans(gaps(rounds, NOW - 30 * HOUR, NOW)) == [(30, 20), (18, 9), (8, 0)]
    assert spans(gaps(rounds, NOW - 19 * HOUR, NOW - 8 * HOUR)) == [(18, 9)]


def test_before_the_first_round_nobody_was_watching_yet():
    assert gaps([], NOW - 24 * HOUR, NOW) == ()
    assert gaps(looked(1, 0), NOW - 24 * HOUR, NOW) == ()


def test_a_round_that_was_held_back_saw_nothing():
    rounds = looked(6, 0) + looked(4, 3, 2, held=True)
    assert spans(gaps(rounds, NOW - 24 * HOUR, NOW)) == [(6, 0)]


def test_a_gap_is_told_at_the_next_start_and_for_a_day():
    def told(ended: timedelta):
        return list(gap_troubles([Gap(start=NOW - ended - 5 * HOUR, end=NOW - ended)], now=NOW))

    assert "监测中断 5.0 小时" in told(MINUTE)[0].text
    assert told(24 * HOUR - MINUTE)
    assert told(24 * HOUR) == []
    assert "至今没有监测记录" in told(timedelta())[0].text  # not back yet
    assert told(MINUTE)[0].key != told(HOUR)[0].key


@pytest.mark.parametrize(("last_tried", "told"), [(None, 1), (3.1, 1), (3, 0), (0, 0)])
def test_who_is_there_but_offline_is_not_told_as_away(last_tried, told):
    tried = None if last_tried is None else NOW - last_tried * HOUR
    assert len(list(gap_troubles([Gap(start=NOW - 5 * HOUR, end=NOW)], now=NOW, tried=tried))) == told
    over = [Gap(start=NOW - 5 * HOUR, end=NOW - MINUTE)]
    assert len(list(gap_troubles(over, now=NOW, tried=tried))) == 1


@pytest.mark.parametrize(("minutes", "told"), [(29, 0), (30, 1), (600, 1)])
def test_offline_for_half_an_hour_is_a_trouble_that_silences_others(minutes, told):
    rounds = looked(minutes / 60) + looked(minutes / 60 - 0.1, 0.05, held=True)
    found = list(vantage_troubles(rounds, now=NOW))
    assert len(found) == told
    assert all(trouble.silences and "监测点离线" in trouble.text for trouble in found)


def test_online_again_is_no_trouble_and_neither_is_silence():
    assert list(vantage_troubles(looked(2) + looked(1, held=True) + looked(0.1), now=NOW)) == []
    assert list(vantage_troubles([], now=NOW)) == []


def undone(*, backups: bool = False, alive: float = 0, since: float | None = 24 * 20, periods=(), **hours: float):
    """The keys of what a service does not get done that lived ``alive`` hours ago. Jobs: done so many hours ago."""
    jobs = {name: NOW - ago * HOUR for name, ago in hours.items()} | {ALIVE: NOW - alive * HOUR}
    told = job_troubles(
        {"thin": NOW} | jobs,
        Schedule(),
        backups=backups,
        inspected=[Period.parse(period) for period in periods],
        since=None if since is None else NOW - since * HOUR,
        now=NOW,
    )
    return [trouble.key for trouble in told]


def test_what_a_living_service_does_not_get_done_is_a_trouble():
    assert undone(inspect=18) == []
    assert undone(inspect=18.1) == ["job.inspect"]
    assert undone(inspect=1, thin=72.1) == ["job.thin"]
    assert undone(inspect=1, backups=True, backup=72) == []
    assert undone(inspect=1, backups=True, backup=72.1) == ["job.backup"]
    assert undone(inspect=1, backups=False, backup=72.1) == []


def test_what_it_never_did_counts_from_when_it_was_first_seen_at_work():
    assert undone(since=18) == []
    assert undone(since=18.1) == ["job.inspect"]
    assert undone(since=None) == []
    assert undone(since=72.1, backups=True, inspect=1) == ["job.backup"]


def test_what_a_service_had_no_time_for_since_it_came_back_it_did_not_miss():
    assert undone(inspect=200, backups=True, backup=200, since=1) == []


def test_where_no_service_lives_its_jobs_are_not_asked_for():
    assert undone(inspect=200, alive=24.1) == []
    assert list(job_troubles({"inspect": NOW - 200 * HOUR}, Schedule(), backups=True, now=NOW)) == []


def test_a_paper_that_is_not_written_days_after_its_time_is_a_trouble():
    """The third quarter ended 54 days ago."""
    assert undone(inspect=1, periods=["2026Q3", "2026Q4"]) == ["job.paper 2026Q3"]
    assert undone(inspect=1, periods=["2026Q3"], since=71) == []
    assert undone(inspect=1, periods=["2026Q3"], **{"paper 2026Q3": 1}) == []
    assert undone(inspect=1, periods=["2026Q4"]) == []


@pytest.mark.parametrize(("late", "told"), [(3 * 24 * HOUR - MINUTE, 0), (3 * 24 * HOUR, 1)])
def test_a_paper_has_three_days_beyond_its_time(late, told):
    quarter = Period.parse("2026Q3")
    now = quarter.end + timedelta(days=Schedule().papers_after_days) + late
    jobs = dict.fromkeys((ALIVE, "inspect", "thin"), now)
    since = now - 240 * HOUR
    found = job_troubles(jobs, Schedule(), backups=False, inspected=[quarter], since=since, now=now)
    assert [trouble.key for trouble in found] == ["job.paper 2026Q3"] * told


@pytest.mark.parametrize(("free", "told"), [(LITTLE_DISK - 1, 1), (LITTLE_DISK, 0)])
def test_a_disk_nearly_full_is_a_trouble(free, told):
    assert len(list(disk_troubles(free))) == told


@pytest.mark.parametrize(
    ("failed", "good", "told"), [(4, 0, 0), (5, 0, 1), (4, 1, 1), (3, 2, 0), (79, 21, 0), (80, 20, 1)]
)
def test_a_source_of_which_most_accounts_fail_is_a_trouble(failed, good, told):
    readings = [
        AccountReading(subject=Ref("account", f"weibo:{n}"), at=NOW, vantage="v", adapter="feed", source_ok=n >= failed)
        for n in range(failed + good)
    ]
    found = list(source_troubles(readings))
    assert len(found) == told
    assert all(f"{failed} 个" in trouble.text for trouble in found)
