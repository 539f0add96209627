"""Quiet hours and the hour of the digest."""

from __future__ import annotations

from datetime import datetime, time

import pytest

from checks.core.calendar import SHANGHAI
from checks.core.hours import QuietHours, next_at, parse_time


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
