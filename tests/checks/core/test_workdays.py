"""Working days over days off and make-up days; the last day of a 整改期限."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.core.indicators import Rectification
from checks.core.workdays import UnknownYear, WorkCalendar, due_day

# 国庆、中秋 2026 as the notice has it: off 1 to 7 October, worked on Sunday 20 September and Saturday 10 October
AUTUMN = WorkCalendar(
    years=frozenset({2026}),
    days_off=frozenset(date(2026, 10, n) for n in range(1, 8)),
    make_up_days=frozenset({date(2026, 9, 20), date(2026, 10, 10)}),
)
WORKING = Rectification(days=10, working_days=True)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 9, 18), True),  # Friday
        (date(2026, 9, 19), False),  # Saturday
        (date(2026, 9, 20), True),  # Sunday, worked
        (date(2026, 9, 30), True),
        (date(2026, 10, 1), False),  # Thursday, off
        (date(2026, 10, 7), False),
        (date(2026, 10, 8), True),
        (date(2026, 10, 10), True),  # Saturday, worked
        (date(2026, 10, 11), False),
    ],
)
def test_days_off_and_make_up_days_outweigh_the_weekday(day, works):
    assert AUTUMN.is_workday(day) is works


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2026, 9, 29), 1, date(2026, 9, 30)),
        (date(2026, 9, 30), 1, date(2026, 10, 8)),
        (date(2026, 9, 30), 3, date(2026, 10, 10)),
        (date(2026, 9, 30), 4, date(2026, 10, 12)),
        (date(2026, 10, 3), 1, date(2026, 10, 8)),  # assigned on a day off
        (date(2026, 9, 30), 0, date(2026, 9, 30)),
    ],
)
def test_a_term_runs_from_the_next_working_day(start, days, end):
    assert AUTUMN.after(start, days) == end


def test_between_counts_the_last_day_and_not_the_first():
    assert AUTUMN.between(date(2026, 9, 30), date(2026, 10, 8)) == 1
    assert AUTUMN.between(date(2026, 9, 30), date(2026, 10, 7)) == 0
    assert AUTUMN.between(date(2026, 10, 8), date(2026, 10, 8)) == 0
    assert AUTUMN.between(date(2026, 10, 8), date(2026, 9, 8)) == 0


@given(st.dates(date(2026, 1, 1), date(2026, 10, 1)), st.integers(1, 40))
def test_the_end_of_a_term_is_a_working_day_that_many_after(start, days):
    end = AUTUMN.after(start, days)
    assert AUTUMN.is_workday(end)
    assert AUTUMN.between(start, end) == days


def test_calendar_days_need_no_calendar():
    nothing = WorkCalendar(years=frozenset())
    assert due_day(date(2026, 12, 25), Rectification(days=10), nothing) == date(2027, 1, 4)


def test_a_year_that_is_not_known_is_refused_with_what_to_do():
    assert due_day(date(2026, 12, 16), WORKING, AUTUMN) == date(2026, 12, 30)
    assert due_day(date(2026, 12, 17), WORKING, AUTUMN) == date(2026, 12, 31)
    with pytest.raises(UnknownYear, match=r"2027 年的放假和调休安排未知.*\[calendar\].*days_off") as raised:
        due_day(date(2026, 12, 18), WORKING, AUTUMN)
    assert raised.value.year == 2027
    with pytest.raises(UnknownYear):
        AUTUMN.is_workday(date(2025, 12, 31))


def test_a_term_over_new_year_counts_once_both_years_are_known():
    both = WorkCalendar(years=frozenset({2026, 2027}), days_off=frozenset({date(2027, 1, 1)}))
    assert due_day(date(2026, 12, 18), WORKING, both) == date(2027, 1, 4)
    assert both.after(date(2026, 12, 31), 1) == date(2026, 12, 31) + timedelta(days=4)
