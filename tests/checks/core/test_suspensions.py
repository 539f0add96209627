"""Suspensions: whom they hold for, from when to when, and what only a filed one does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from checks.core.hours import WeeklyHours
from checks.core.model import Ref
from checks.core.observations import Outcome, PageVisit
from checks.core.suspensions import Suspension, filed_reason, outside_filed

START = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
END = START + timedelta(days=3)
SECOND = timedelta(seconds=1)
SITE = Ref("site", "5118000022")
COLUMN = Ref("column", "5118000022/通知公告")
ACCOUNT = Ref("account", "weibo:1000000001")
FILED = Suspension(subject=SITE, since=START, until=END, who="张三", why="机房搬迁", filed="雅数〔2026〕7号")
MAINTENANCE = replace(FILED, filed="")


def visit(at: datetime, *, vantage: str = "local") -> PageVisit:
    return PageVisit(subject=SITE, at=at, vantage=vantage, url="http://a/", family=4, outcome=Outcome.TIMEOUT)


@pytest.mark.parametrize(("at", "holds"), [(START - SECOND, False), (START, True), (END - SECOND, True), (END, False)])
def test_the_first_moment_is_in_and_the_last_is_out(at, holds):
    assert FILED.holds(SITE, at) is holds
    assert bool(filed_reason([FILED], SITE, at)) is holds


def test_a_sites_suspension_holds_for_its_columns_and_no_other_site():
    assert FILED.holds(COLUMN, START)
    assert not FILED.holds(Ref("site", "5118000099"), START)
    assert not FILED.holds(Ref("column", "5118000099/通知公告"), START)
    assert not FILED.holds(ACCOUNT, START)


def test_a_columns_suspension_does_not_hold_for_its_site_or_its_neighbour():
    of_column = replace(FILED, subject=COLUMN)
    assert of_column.holds(COLUMN, START)
    assert not of_column.holds(SITE, START)
    assert not of_column.holds(Ref("column", "5118000022/政策文件"), START)


def test_one_that_was_ended_holds_no_longer():
    ended = replace(FILED, ended=START + timedelta(days=1), ended_by="李四")
    assert ended.holds(SITE, START + timedelta(days=1) - SECOND)
    assert not ended.holds(SITE, START + timedelta(days=1))


def test_only_what_was_filed_keeps_rulings_away():
    assert filed_reason([MAINTENANCE], SITE, START) == ""
    reason = filed_reason([MAINTENANCE, FILED], SITE, START)
    assert "雅数〔2026〕7号" in reason
    assert "机房搬迁" in reason
    assert "2026-11-21 00:00" in reason


def test_what_was_seen_under_a_filed_suspension_speaks_neither_for_nor_against():
    facts = [visit(START - SECOND), visit(START), visit(END - SECOND), visit(END)]
    assert outside_filed([FILED], SITE, facts) == [facts[0], facts[3]]
    assert outside_filed([MAINTENANCE], SITE, facts) == facts


def test_what_a_person_entered_stays():
    entered = visit(START, vantage="manual:张三")
    assert outside_filed([FILED], SITE, [entered]) == [entered]


WEEKLY = replace(FILED, until=START + timedelta(days=60), weekly=WeeklyHours.parse("周二 22:00-02:00"))
FIRST_NIGHT = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)  # a Tuesday, 22:00 in Shanghai


@pytest.mark.parametrize(
    ("at", "holds"),
    [
        (FIRST_NIGHT - SECOND, False),
        (FIRST_NIGHT, True),
        (FIRST_NIGHT + timedelta(hours=4) - SECOND, True),
        (FIRST_NIGHT + timedelta(hours=4), False),
        (FIRST_NIGHT + timedelta(days=7), True),
        (FIRST_NIGHT - timedelta(days=7), False),  # before it begins
        (FIRST_NIGHT + timedelta(days=63), False),  # after its end
    ],
)
def test_a_weekly_one_holds_in_its_hours_from_its_beginning_to_its_end(at, holds):
    assert WEEKLY.holds(COLUMN, at) is holds
    assert bool(filed_reason([WEEKLY], SITE, at)) is holds
    assert outside_filed([WEEKLY], SITE, [visit(at)]) == ([] if holds else [visit(at)])


def test_the_reason_of_a_weekly_one_names_its_hours():
    assert "周二 22:00-02:00" in filed_reason([WEEKLY], SITE, FIRST_NIGHT)
