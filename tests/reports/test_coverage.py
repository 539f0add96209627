"""A paper says when nobody was watching."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from reports.bulletin import quarter_bulletin
from reports.drafting import draft
from reports.html import to_html
from reports.material import Coverage, Gap
from tests.reports.district import material

START = datetime(2026, 10, 3, 18, 10, tzinfo=UTC)


def printed(*gaps: Gap) -> str:
    return to_html(draft(quarter_bulletin(replace(material(), coverage=Coverage(rounds=80, gaps=gaps)))))


def test_gaps_are_printed_with_their_hours():
    paper = printed(Gap(start=START, end=START + timedelta(hours=30, minutes=30)))
    assert "监测中断 1 次，共 30.5 小时：10月4日02:10至10月5日08:40；中断期间不对任何对象作判定。" in paper


def test_of_many_gaps_the_longest_are_named():
    gaps = [Gap(start=START + n * timedelta(days=1), end=START + n * timedelta(days=1, hours=1)) for n in range(4, 11)]
    paper = printed(*gaps)
    assert "监测中断 7 次，共 49.0 小时，其中最长的：10月10日" in paper


def test_a_paper_without_gaps_does_not_speak_of_them():
    assert "监测中断 " not in printed()
