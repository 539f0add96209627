"""Suspensions over both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from checks import Ref
from checks.core.hours import WeeklyHours
from checks.core.suspensions import Suspension

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
DAY = timedelta(days=1)
ASKED = Suspension(
    subject=Ref("site", "5118000022"), since=NOW, until=NOW + 3 * DAY, who="张三", why="机房搬迁", filed="7 号"
)


def test_a_suspension_comes_out_as_it_went_in_with_a_number(store):
    kept = store.suspensions.add(ASKED)
    assert kept == replace(ASKED, id=kept.id)
    assert store.suspensions.all() == [kept]


def test_one_that_recurs_every_week_keeps_its_hours(store):
    kept = store.suspensions.add(replace(ASKED, weekly=WeeklyHours.parse("周二、周四 22:00-02:00")))
    assert store.suspensions.all() == [kept]
    assert str(kept.weekly) == "周二、周四 22:00-02:00"


def test_an_ended_one_stays_on_the_record_with_who_ended_it(store):
    kept = store.suspensions.add(ASKED)
    ended = store.suspensions.end(kept.id, at=NOW + DAY, who="李四")
    assert ended == replace(kept, ended=NOW + DAY, ended_by="李四")
    assert store.suspensions.all() == [ended]


def test_what_is_over_or_not_there_cannot_be_ended(store):
    kept = store.suspensions.add(ASKED)
    assert store.suspensions.end(kept.id, at=NOW + 3 * DAY, who="李四") is None
    assert store.suspensions.end(kept.id + 1, at=NOW, who="李四") is None
    store.suspensions.end(kept.id, at=NOW + DAY, who="李四")
    assert store.suspensions.end(kept.id, at=NOW + DAY, who="王五") is None
    assert store.suspensions.all()[0].ended_by == "李四"
