"""The calendar that comes with the package, and what settings lay over it."""

from __future__ import annotations

from datetime import date

import pytest

from checks.core.workdays import UnknownYear
from monitor.errors import FaultyInput
from monitor.settings import parse_settings
from monitor.workdays import work_calendar

CALENDAR = work_calendar()

# As 国务院办公厅 announced them
MAKE_UP = {
    2021: ["02-07", "02-20", "04-25", "05-08", "09-18", "09-26", "10-09"],
    2025: ["01-26", "02-08", "04-27", "09-28", "10-11"],
    2026: ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"],
}
OFF = {2021: ["02-12", "05-05", "10-07"], 2025: ["01-01", "01-28", "10-08"], 2026: ["01-02", "02-17", "10-07"]}


@pytest.mark.parametrize("year", MAKE_UP)
def test_make_up_days_are_those_that_were_announced(year):
    assert {d for d in CALENDAR.make_up_days if d.year == year} == {
        date.fromisoformat(f"{year}-{day}") for day in MAKE_UP[year]
    }


@pytest.mark.parametrize("day", [date.fromisoformat(f"{year}-{day}") for year, days in OFF.items() for day in days])
def test_holidays_are_off(day):
    assert not CALENDAR.is_workday(day)


def test_a_year_after_the_last_announced_is_refused_until_it_is_supplied():
    unknown = max(CALENDAR.years) + 1
    first = date(unknown, 1, 1)
    with pytest.raises(UnknownYear):
        CALENDAR.is_workday(first)
    supplied = work_calendar([first])
    assert not supplied.is_workday(first)
    assert supplied.is_workday(date(unknown, 1, 2)) is (date(unknown, 1, 2).weekday() < 5)


def test_a_supplied_year_replaces_that_of_the_package():
    mended = work_calendar([date(2026, 1, 1)], [date(2026, 3, 7)])
    assert mended.is_workday(date(2026, 10, 1))
    assert mended.is_workday(date(2026, 3, 7))
    assert not mended.is_workday(date(2026, 2, 14))
    assert mended.make_up_days >= {d for d in CALENDAR.make_up_days if d.year != 2026}


@pytest.mark.parametrize(
    ("calendar", "told"),
    [
        ({"make_up_days": [date(2027, 2, 6)]}, "2027 年只填了 make_up_days"),
        (
            {"days_off": [date(2027, 1, 1)], "make_up_days": [date(2027, 2, 8)]},
            "调休上班日应为周六或周日，2027-02-08 不是",
        ),
        ({"days_off": ["2027-01-01"]}, "应为日期，例如 2027-01-01，不加引号"),
    ],
)
def test_a_calendar_that_cannot_be_is_refused(calendar, told):
    with pytest.raises(FaultyInput, match=told):
        parse_settings({"calendar": calendar}, "settings.toml")
