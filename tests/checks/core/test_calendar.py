"""Periods and days in Asia/Shanghai."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.core.calendar import Period, half_year_of, local_day, months_before, quarter_of, start_of

PERIODS = [f"{year}{part}" for year in (2025, 2026) for part in ("Q1", "Q2", "Q3", "Q4", "H1", "H2")]


@pytest.mark.parametrize("text", PERIODS)
def test_a_period_is_written_as_it_is_read(text):
    assert str(Period.parse(text)) == text
    assert Period.parse(text.lower()) == Period.parse(text)


@pytest.mark.parametrize("text", ["", "2026", "2026Q0", "2026Q5", "2026H3", "26Q1", "2026-Q1", "Q1 2026", "0000Q1"])
def test_anything_else_is_refused_with_the_way_to_write_it(text):
    with pytest.raises(ValueError, match="季度写作 2026Q1"):
        Period.parse(text)


def test_a_quarter_runs_from_its_first_to_its_last_day_in_shanghai():
    period = Period.parse("2026Q4")
    assert (period.first_day, period.last_day) == (date(2026, 10, 1), date(2026, 12, 31))
    assert period.start == datetime(2026, 9, 30, 16, tzinfo=UTC)
    assert period.end == datetime(2026, 12, 31, 16, tzinfo=UTC)
    assert not period.holds(period.start - timedelta(seconds=1))
    assert period.holds(period.start)
    assert period.holds(period.end - timedelta(seconds=1))
    assert not period.holds(period.end)


def test_periods_have_titles_and_predecessors():
    assert Period.parse("2026Q4").title == "2026年第四季度"
    assert Period.parse("2026H1").title == "2026年上半年"
    assert Period.parse("2026Q1").previous == Period.parse("2025Q4")
    assert Period.parse("2026H2").previous == Period.parse("2026H1")
    assert Period.parse("2026H1").previous == Period.parse("2025H2")


def test_a_half_year_consists_of_two_quarters():
    assert [str(q) for q in Period.parse("2026H2").quarters] == ["2026Q3", "2026Q4"]
    assert [str(q) for q in Period.parse("2026Q3").quarters] == ["2026Q3"]


@given(st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC)))
def test_every_moment_lies_in_its_quarter_and_half_year(moment):
    quarter, half = quarter_of(moment), half_year_of(moment)
    assert quarter.holds(moment)
    assert half.holds(moment)
    assert quarter in half.quarters


def test_new_year_begins_in_shanghai_eight_hours_before_utc():
    assert str(quarter_of(datetime(2026, 12, 31, 15, 59, tzinfo=UTC))) == "2026Q4"
    assert str(quarter_of(datetime(2026, 12, 31, 16, 0, tzinfo=UTC))) == "2027Q1"


def test_a_day_is_that_of_shanghai():
    assert local_day(datetime(2026, 11, 23, 16, tzinfo=UTC)) == date(2026, 11, 24)
    assert local_day(start_of(date(2026, 11, 24))) == date(2026, 11, 24)
    with pytest.raises(ValueError, match="时区"):
        local_day(datetime(2026, 11, 24))


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 11, 24), 6, date(2026, 5, 24)),
        (date(2026, 8, 31), 6, date(2026, 2, 28)),
        (date(2024, 8, 31), 6, date(2024, 2, 29)),
        (date(2026, 3, 15), 6, date(2025, 9, 15)),
        (date(2026, 12, 31), 12, date(2025, 12, 31)),
    ],
)
def test_months_are_calendar_months(day, months, before):
    assert months_before(day, months) == before
