"""What is due: once in each slot of its own, whatever happens to the machine and its clock in between."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from checks import AccountReading, Column, CrawlSummary, ListReading, PageVisit, Ref, Site
from checks.core.hours import QuietHours
from checks.core.model import ColumnCategory, SiteKind, SiteStatus
from monitor.due import COMPANY, Lane, Rhythm, Urgency, groups_of, is_due, lane_of
from monitor.planning import plan
from monitor.probing import Probe

START = datetime(2026, 7, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


async def nothing(_subject, _kit):
    return []


VISIT = Probe("visit", Site, (PageVisit,), HOUR, nothing)
LIST = Probe("list", Column, (ListReading,), DAY, nothing)
CRAWL = Probe("crawl", Site, (CrawlSummary,), 7 * DAY, nothing, night=True)
ASK = Probe("ask", Site, (AccountReading,), DAY, nothing)
AFTER = Probe("after", Site, (AccountReading,), 30 * DAY, nothing, closed=True)


def site(number: int, **more) -> Site:
    url = f"http://{number}.example/"
    return Site(id=f"51{number:08}", name=f"网站{number}", url=url, kind=SiteKind.DEPARTMENT, sponsor="某局", **more)


def watch(
    probes,
    subjects,
    *,
    span: timedelta,
    step: timedelta = MINUTE,
    start: datetime = START,
    off=lambda now: False,
    last: dict | None = None,
    **more,
) -> list[tuple[datetime, str, Ref]]:
    """All looks of a service that ticks every ``step`` and is switched off at times."""
    last = {} if last is None else last
    looks = []
    for tick in range(span // step):
        now = start + tick * step
        if off(now):
            continue
        for task in plan(subjects, probes, now=now, last_runs=last, **more):
            look = (task.probe.id, task.subject.ref)
            last[look] = now
            looks.append((now, *look))
    return looks


def gaps(looks, ref: Ref) -> list[timedelta]:
    times = [at for at, _, of in looks if of == ref]
    return [later - earlier for earlier, later in pairwise(times)]


def test_each_subject_is_looked_at_once_in_each_cadence():
    sites = [site(n) for n in range(40)]
    looks = watch([VISIT], sites, span=7 * DAY)
    for each in sites:
        spread = gaps(looks, each.ref)
        assert len(spread) + 1 in (7 * 24, 7 * 24 + 1)
        assert set(spread[1:]) == {HOUR}  # the first look is at once, the second in its own slot


def test_ticks_that_come_late_make_no_drift_in_a_year():
    [*looks] = watch([VISIT], [site(1)], span=366 * DAY, step=timedelta(minutes=7))
    assert 366 * 24 <= len(looks) <= 366 * 24 + 1
    assert max(gaps(looks, site(1).ref)) <= HOUR + timedelta(minutes=7)


def test_many_sites_spread_over_the_hour_in_company():
    sites = [site(n) for n in range(800)]
    looks = watch([VISIT], sites, span=3 * HOUR)
    by_minute = Counter(at for at, _, _ in looks if at >= START + 2 * HOUR)
    assert sum(by_minute.values()) == 800
    assert max(by_minute.values()) < 60
    assert len(by_minute) > 30


@pytest.mark.parametrize("count", [1, COMPANY - 1, COMPANY, 2 * COMPANY - 1])
def test_few_sites_are_visited_together_so_that_a_fault_of_ours_shows(count):
    sites = [site(n) for n in range(count)]
    looks = watch([VISIT], sites, span=5 * HOUR)
    assert set(Counter(at for at, _, _ in looks).values()) == {count}


def test_columns_spread_over_the_day_one_by_one():
    columns = [
        Column(site_id="5100000001", name=f"栏目{n}", url=f"http://a.example/{n}/", category=ColumnCategory.NEWS)
        for n in range(1000)
    ]
    looks = watch([LIST], columns, span=3 * DAY, step=HOUR)
    by_hour = Counter(at for at, _, _ in looks if at >= START + 2 * DAY)
    assert sum(by_hour.values()) == 1000
    assert max(by_hour.values()) < 80


def test_a_restart_repeats_nothing():
    sites = [site(n) for n in range(20)]
    last: dict = {}
    before = watch([VISIT], sites, span=DAY, last=last)
    after = watch([VISIT], sites, span=DAY, start=START + DAY, last=dict(last))
    whole = watch([VISIT], sites, span=2 * DAY)
    assert before + after == whole


def test_a_day_switched_off_is_made_up_for_by_one_look_each():
    sites = [site(n) for n in range(30)]
    back = START + 2 * DAY
    looks = watch([VISIT], sites, span=3 * DAY, off=lambda now: START + DAY <= now < back)
    first = [of for at, _, of in looks if at == back]
    assert sorted(first) == sorted(s.ref for s in sites)
    in_first_hour = Counter(of for at, _, of in looks if back <= at < back + HOUR)
    assert max(in_first_hour.values()) <= 2
    for each in sites:
        assert min(gaps(looks, each.ref)[1:]) >= HOUR / 2  # and never two at once


def test_looks_by_hand_in_between_do_not_double_a_slot():
    [*looks] = watch([ASK], [site(1)], span=2 * DAY)
    by_slot = looks[-1][0]
    assert not is_due(ASK, site(1).ref, by_slot + MINUTE, now=by_slot + 23 * HOUR, rhythm=Rhythm(), urgency=Urgency())


@pytest.mark.parametrize(
    ("ahead", "due"), [(MINUTE, False), (HOUR, False), (HOUR + MINUTE, True), (timedelta(days=365), True)]
)
def test_a_memory_from_the_future_is_believed_within_a_cadence_only(ahead, due):
    args = {"now": START, "rhythm": Rhythm(), "urgency": Urgency()}
    assert is_due(VISIT, site(1).ref, START + ahead, **args) is due


def test_a_clock_that_jumps_ahead_and_back_leaves_everything_watched():
    sites = [site(n) for n in range(20)]
    last: dict = {}
    watch([VISIT], sites, span=HOUR, last=last)
    watch([VISIT], sites, span=HOUR, start=START + 400 * DAY, last=last)
    looks = watch([VISIT], sites, span=DAY, start=START + HOUR, last=last)
    for each in sites:
        assert len(gaps(looks, each.ref)) + 1 in (24, 25)


def test_a_clock_that_is_set_back_an_hour_repeats_nothing():
    sites = [site(n) for n in range(20)]
    last: dict = {}
    watch([VISIT], sites, span=2 * HOUR, last=last)
    looks = watch([VISIT], sites, span=HOUR, start=START + HOUR, last=last)
    assert looks == []


NIGHT = Rhythm(night=QuietHours.parse("22:00-06:00"))


@pytest.mark.parametrize(
    ("utc", "begins"), [("13:59", False), ("14:00", True), ("21:59", True), ("22:00", False), ("04:00", False)]
)
def test_crawls_begin_in_the_night_of_beijing_only(utc, begins):
    now = datetime.fromisoformat(f"2026-07-08T{utc}:00+00:00")
    assert is_due(CRAWL, site(1).ref, None, now=now, rhythm=NIGHT, urgency=Urgency()) is begins
    assert is_due(VISIT, site(1).ref, None, now=now, rhythm=NIGHT, urgency=Urgency())
    assert is_due(CRAWL, site(1).ref, None, now=now, rhythm=Rhythm(), urgency=Urgency())


def test_every_site_is_crawled_every_week_and_the_nights_share_the_work():
    sites = [site(n) for n in range(140)]
    looks = watch([CRAWL], sites, span=35 * DAY, step=HOUR, rhythm=NIGHT)
    for each in sites:
        spread = gaps(looks, each.ref)
        assert len(spread) >= 4
        assert max(spread) <= 8 * DAY
    nights = Counter((at + 2 * HOUR).date() for at, _, _ in looks if at >= START + 14 * DAY)
    assert max(nights.values()) < 45


def test_settings_override_the_cadence_of_a_probe():
    rhythm = Rhythm(every={"visit": DAY})
    looks = watch([VISIT], [site(1)], span=10 * DAY, step=HOUR, rhythm=rhythm)
    assert 10 <= len(looks) <= 11


def test_an_account_in_danger_is_looked_at_more_often_than_others():
    calm, near = site(1), site(2)
    urgency = Urgency(every={("ask", near.ref): 8 * HOUR})
    looks = watch([ASK], [calm, near], span=10 * DAY, step=HOUR, urgency=urgency)
    counted = Counter(of for _, _, of in looks)
    assert counted[calm.ref] in (10, 11)
    assert counted[near.ref] in (30, 31)


def test_what_was_handed_in_for_re_checking_is_looked_at_once_more_and_then_as_ever():
    handed_in = START + timedelta(hours=5)
    urgency = Urgency(after={("ask", site(1).ref): handed_in})
    last = {("ask", site(1).ref): START}
    args = {"rhythm": Rhythm(), "urgency": urgency}
    assert is_due(ASK, site(1).ref, START, now=handed_in + MINUTE, **args)
    looks = watch([ASK], [site(1)], span=12 * HOUR, start=handed_in, last=last, urgency=urgency)
    assert looks[0][0] == handed_in
    assert len(looks) <= 2


def test_a_closed_site_is_visited_by_the_probe_for_closed_sites_alone():
    closed, running = site(1, status=SiteStatus.CLOSED), site(2)
    column = Column(site_id=closed.id, name="要闻", url="http://1.example/yw/", category=ColumnCategory.NEWS)
    tasks = plan([closed, running, column], [VISIT, LIST, AFTER], now=START)
    assert {(t.probe.id, t.subject.ref) for t in tasks} == {("after", closed.ref), ("visit", running.ref)}


def test_the_longest_overdue_comes_first_within_a_cadence():
    sites = [site(n) for n in range(5)]
    last = {("visit", s.ref): START - n * DAY for n, s in enumerate(sites, 1)}
    last |= {("ask", s.ref): START - 40 * DAY for s in sites}
    tasks = plan(sites, [ASK, VISIT], now=START, last_runs=last)
    assert [t.subject for t in tasks[:5]] == sites[::-1]
    assert {t.probe.id for t in tasks[5:]} == {"ask"}


@pytest.mark.parametrize(("probe", "lane"), [(VISIT, Lane.VISITS), (LIST, Lane.LOOKS), (CRAWL, Lane.CRAWLS)])
def test_each_probe_waits_in_its_lane(probe, lane):
    assert lane_of(probe) is lane


def test_only_visits_are_gathered_in_groups():
    assert groups_of(VISIT, 10 * COMPANY) == 10
    assert groups_of(replace(LIST), 10_000) is None
