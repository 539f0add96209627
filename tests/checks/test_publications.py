"""年度公开数量: 8,000 for a county, 200 for a department, and the pace to get there."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from checks import Severity, all_checks
from checks.core.assess import Assessment, Status
from checks.core.model import Level, SiteKind
from checks.core.standard import load_standard
from tests.checks.facts import SITE, rule
from tests.checks.handed_in import counted

COUNTY = replace(SITE, level=Level.COUNTY)
CITY = replace(SITE, level=Level.PREFECTURE)
YAAN = {"county_items": 8000, "department_items": 200}
NEW_YEAR = datetime(2027, 1, 5, 4, tzinfo=UTC)


def ruled(*facts, site=COUNTY, now=datetime(2026, 12, 31, 4, tzinfo=UTC)) -> Assessment:
    return rule("site.publications", site, [replace(f, at=now) for f in facts], now=now, **YAAN)


@pytest.mark.parametrize(("items", "status"), [(7999, Status.FAILED), (8000, Status.PASSED), (8001, Status.PASSED)])
def test_a_county_has_to_disclose_eight_thousand_a_year(items, status):
    assert ruled(counted(items, date(2026, 12, 31))).status is status


@pytest.mark.parametrize(("items", "status"), [(199, Status.FAILED), (200, Status.PASSED)])
def test_a_department_has_to_disclose_two_hundred_on_the_site_of_its_city(items, status):
    assert ruled(counted(items, date(2026, 12, 31), unit="市教育局"), site=CITY).status is status
    assert ruled(counted(items, date(2026, 12, 31)), site=replace(CITY, kind=SiteKind.DEPARTMENT)).status is status


@pytest.mark.parametrize(("items", "warned"), [(3967, True), (3968, False)])
def test_within_the_year_a_slow_pace_is_a_warning(items, warned):
    # 181 of 365 days: 8,000 × 181 / 365 = 3,967.1
    assessment = ruled(counted(items, date(2026, 6, 30)), now=datetime(2026, 7, 1, 4, tzinfo=UTC))
    assert assessment.status is Status.PASSED
    assert [f.severity for f in assessment.findings] == [Severity.WARNING] * warned
    if warned:
        assert (
            "按全年 8000 条的进度应有 3968 条（限 8000 条以上），其余 184 天平均每天须公开 21.9 条"
            in assessment.findings[0].text
        )


def test_after_the_year_only_a_count_of_the_whole_year_accuses():
    assessment = ruled(counted(7000, date(2026, 12, 30)), now=NEW_YEAR)
    assert assessment.status is Status.UNTESTED
    assert "请填报全年数" in assessment.reason
    assert ruled(counted(8000, date(2026, 12, 1)), now=NEW_YEAR).status is Status.PASSED


def test_the_count_up_to_the_latest_day_stands():
    assert ruled(counted(100, date(2026, 1, 31)), counted(8000, date(2026, 12, 31))).status is Status.PASSED


def test_a_site_that_no_number_is_asked_of_is_not_accused():
    assert ruled(counted(1, date(2026, 12, 31)), site=CITY).findings == ()
    check = all_checks()["site.publications"]
    assert check.exempt(COUNTY, load_standard("gwb-2019").limits["site.publications"])
    assert not check.exempt(COUNTY, load_standard("yaan").limits["site.publications"])
