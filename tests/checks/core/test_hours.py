"""Quiet hours and the hour of the digest."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from checks.core.calendar import SHANGHAI
from checks.core.hours import QuietHours, WeeklyHours, next_at, parse_time


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


NIGHT = QuietHours.parse("22:00-07:00")
NOON = QuietHours.parse("12:00-14:00")


@pytest.mark.parametrize(
    ("hours", "moment", "quiet"),
    [
        (NIGHT, "2026-11-23T21:59:59", False),
        (NIGHT, "2026-11-23T22:00", True),
        (NIGHT, "2026-11-24T00:00", True),
        (NIGHT, "2026-11-24T06:59:59", True),
        (NIGHT, "2026-11-24T07:00", False),
        (NOON, "2026-11-23T11:59:59", False),
        (NOON, "2026-11-23T12:00", True),
        (NOON, "2026-11-23T13:59:59", True),
        (NOON, "2026-11-23T14:00", False),
    ],
)
def test_the_first_moment_is_quiet_and_the_last_is_not(hours, moment, quiet):
    assert hours.hold(at(moment)) is quiet


@pytest.mark.parametrize(
    ("moment", "out"),
    [
        ("2026-11-23T12:30", "2026-11-23T12:30"),
        ("2026-11-23T23:30", "2026-11-24T07:00"),
        ("2026-11-24T03:30", "2026-11-24T07:00"),
        ("2026-12-31T23:30", "2027-01-01T07:00"),
    ],
)
def test_a_message_waits_for_the_end_of_the_quiet_hours(moment, out):
    assert NIGHT.over(at(moment)) == at(out)


@pytest.mark.parametrize(
    ("moment", "out"),
    [
        ("2026-11-23T08:29:59", "2026-11-23T08:30"),
        ("2026-11-23T08:30", "2026-11-23T08:30"),
        ("2026-11-23T08:30:01", "2026-11-24T08:30"),
    ],
)
def test_a_digest_goes_out_once_a_day(moment, out):
    assert next_at(time(8, 30), at(moment)) == at(out)


def test_nothing_written_means_no_quiet_hours():
    assert QuietHours.parse("") is None


@pytest.mark.parametrize("text", ["22:00", "22-7", "22:00-22:00", "25:00-07:00", "22:00-07:60", "２２:00-07:00"])
def test_quiet_hours_that_cannot_be_read_are_refused_in_chinese(text):
    with pytest.raises(ValueError, match=r"写作"):
        QuietHours.parse(text)


@pytest.mark.parametrize("text", ["", "8:30", "0830", "24:00", "08:60"])
def test_a_time_that_cannot_be_read_is_refused_in_chinese(text):
    with pytest.raises(ValueError, match=r"08:30"):
        parse_time(text)


# Hours of a week


TUESDAY_NIGHT, NOONS = WeeklyHours.parse("周二 22:00-02:00"), WeeklyHours.parse("周一、周四 12:00-14:00")
UP_TO_MIDNIGHT, DAILY = WeeklyHours.parse("周日 22:00-00:00"), WeeklyHours.parse("每天 23:00-01:00")


@pytest.mark.parametrize(
    ("hours", "moment", "within"),
    [
        (TUESDAY_NIGHT, "2026-11-24T21:59:59", False),  # 2026-11-24 is a Tuesday
        (TUESDAY_NIGHT, "2026-11-24T22:00", True),
        (TUESDAY_NIGHT, "2026-11-25T01:59:59", True),
        (TUESDAY_NIGHT, "2026-11-25T02:00", False),
        (TUESDAY_NIGHT, "2026-11-24T01:00", False),  # the night from Monday
        (TUESDAY_NIGHT, "2026-11-25T22:00", False),
        (NOONS, "2026-11-23T12:00", True),
        (NOONS, "2026-11-23T14:00", False),
        (NOONS, "2026-11-24T12:00", False),
        (NOONS, "2026-11-26T13:59:59", True),
        (UP_TO_MIDNIGHT, "2026-11-29T23:59:59", True),
        (UP_TO_MIDNIGHT, "2026-11-30T00:00", False),
        (DAILY, "2026-11-30T00:30", True),
        (DAILY, "2026-11-30T23:30", True),
        (DAILY, "2026-11-30T12:00", False),
    ],
)
def test_a_window_over_midnight_belongs_to_the_day_on_which_it_begins(hours, moment, within):
    assert hours.hold(at(moment)) is within
    assert hours.hold(at(moment).astimezone(UTC)) is within


@pytest.mark.parametrize("text", ["周二 22:00-02:00", "周一、周四、周日 01:00-03:30", "每天 23:00-00:00"])
def test_weekly_hours_are_written_as_they_are_read(text):
    assert str(WeeklyHours.parse(text)) == text


@pytest.mark.parametrize(
    "text",
    ["", "周二", "22:00-02:00", "周二22:00-02:00", "周八 22:00-02:00", "周二 22:00", "周二 02:00-02:00", "周二 22-2"],
)
def test_weekly_hours_that_cannot_be_read_are_refused_with_an_example(text):
    with pytest.raises(ValueError, match="周二 22:00-02:00"):
        WeeklyHours.parse(text)
