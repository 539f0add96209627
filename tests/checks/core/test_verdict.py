"""From assessments to 合格, 不合格 or 未检测."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks import Column, ColumnCategory, Finding, Severity
from checks.core.assess import Assessment, Status
from checks.core.model import SiteKind
from checks.core.standard import Applies, Indicator, Result, Standard, Tier, Verdict, judge, load_standard
from tests.checks.facts import ACCOUNT, NEWS, NOW, SITE

NATIONAL = load_standard("gwb-2019")
DEPARTMENT = replace(SITE, kind=SiteKind.DEPARTMENT)
SITE_CHECKS = ("site.unreachable", "site.homepage_stale", "site.ipv6", "site.dead_link")
COLUMN_CHECKS = ("column.stale", "column.neglected", "column.empty")


def ruled(check: str, subject=SITE, status: Status = Status.PASSED, *, times: int = 1, reason: str = "", **details):
    problems = tuple(Finding(text="有问题", key=str(n), details=details) for n in range(times))
    return Assessment(
        check=check,
        subject=subject.ref,
        status=status,
        findings=problems if status is Status.FAILED else (),
        reason=reason or ("看不清" if status is Status.UNTESTED else ""),
        at=NOW,
    )


def columns(number: int) -> list[Column]:
    return [replace(NEWS, name=f"栏目{n}", category=ColumnCategory.NEWS) for n in range(number)]


def all_passed(number: int = 12) -> dict[tuple[str, str], Assessment]:
    """A site whose every check passed, with so many columns, to be changed one by one."""
    rulings = [ruled(c) for c in SITE_CHECKS]
    rulings += [ruled(c, column) for c in COLUMN_CHECKS for column in columns(number)]
    return {(a.check, str(a.subject)): a for a in rulings}


def verdict(*changes: Assessment, subject=SITE, standard: Standard = NATIONAL) -> Verdict:
    rulings = all_passed() | {(a.check, str(a.subject)): a for a in changes}
    return judge(standard, subject, list(rulings.values()))


def failed_columns(check: str, number: int, status: Status = Status.FAILED, start: int = 0, **details):
    return [ruled(check, c, status, **details) for c in columns(start + number)[start:]]


def test_a_portal_that_passes_everything_is_qualified_with_full_score():
    whole = verdict()
    assert whole.result is Result.QUALIFIED
    assert whole.qualified is True
    assert whole.score == 100


def test_the_verdict_says_which_vetoes_no_machine_tested():
    assert [i.id for i in verdict().manual] == ["W1", "W5", "W6"]
    assert any("须人工核查" in r and "W5 互动回应差" in r for r in verdict().reasons)


def test_a_department_has_no_score():
    assert verdict(subject=DEPARTMENT).score is None
    assert verdict(subject=DEPARTMENT).result is Result.QUALIFIED


@pytest.mark.parametrize("check", ["site.unreachable", "site.homepage_stale"])
@pytest.mark.parametrize("subject", [SITE, DEPARTMENT], ids=["portal", "department"])
def test_one_veto_is_enough(check, subject):
    failed = verdict(ruled(check, status=Status.FAILED), subject=subject)
    assert failed.result is Result.UNQUALIFIED
    assert failed.qualified is False
    assert failed.score is None
    assert failed.reasons[0].startswith("单项否决 W")


@pytest.mark.parametrize(("check", "at_least"), [("column.stale", 5), ("column.neglected", 10), ("column.empty", 5)])
@pytest.mark.parametrize("over", [-1, 0, 1])
def test_columns_veto_a_site_from_their_number_on(check, at_least, over):
    counted = verdict(*failed_columns(check, at_least + over), subject=DEPARTMENT)
    assert counted.result is (Result.UNQUALIFIED if over >= 0 else Result.QUALIFIED)


def test_a_shared_column_registered_twice_counts_once():
    five = failed_columns("column.stale", 5)
    shared = [replace(a, findings=(replace(a.findings[0], url=NEWS.url),)) for a in five[:2]]
    assert verdict(*five, subject=DEPARTMENT).result is Result.UNQUALIFIED
    assert verdict(*shared, *five[2:], subject=DEPARTMENT).result is Result.QUALIFIED


@pytest.mark.parametrize(
    ("failed", "unseen", "result"),
    [
        (4, 0, Result.QUALIFIED),
        (3, 1, Result.QUALIFIED),
        (4, 1, Result.UNTESTED),
        (3, 2, Result.UNTESTED),
        (0, 5, Result.UNTESTED),
        (5, 3, Result.UNQUALIFIED),
    ],
)
def test_columns_not_seen_leave_a_site_open_only_where_they_could_decide(failed, unseen, result):
    changes = failed_columns("column.stale", failed)
    changes += failed_columns("column.stale", unseen, Status.UNTESTED, start=failed)
    assert verdict(*changes, subject=DEPARTMENT).result is result


@pytest.mark.parametrize("status", [Status.UNTESTED, Status.ERROR])
def test_an_untested_veto_is_neither_passed_nor_failed(status):
    unknown = verdict(ruled("site.unreachable", status=status, reason="有效监测 20 次"))
    assert unknown.result is Result.UNTESTED
    assert unknown.qualified is None
    assert "W2 站点无法访问未检测：有效监测 20 次" in unknown.reasons


def test_a_failed_veto_outweighs_an_untested_one():
    both = verdict(
        ruled("site.unreachable", status=Status.UNTESTED), ruled("site.homepage_stale", status=Status.FAILED)
    )
    assert both.result is Result.UNQUALIFIED


def test_a_check_that_did_not_run_is_untested():
    rulings = [a for a in all_passed().values() if a.check != "site.homepage_stale"]
    assert judge(NATIONAL, SITE, rulings).result is Result.UNTESTED


def test_a_site_without_registered_columns_is_untested():
    assert judge(NATIONAL, SITE, [ruled(c) for c in SITE_CHECKS]).result is Result.UNTESTED


def test_a_suspended_site_is_untested_with_the_one_reason():
    reason = "网站已备案临时下线（至 2026-12-01），暂不检测"
    rulings = [replace(a, status=Status.UNTESTED, reason=reason) for a in all_passed().values()]
    suspended = judge(NATIONAL, SITE, rulings)
    assert suspended.result is Result.UNTESTED
    assert suspended.reasons[0] == reason
    assert len(suspended.reasons) == 2  # and what people have to look at


def points(v: Verdict) -> dict[str, float]:
    return {r.indicator.id: r.points for r in v.indicators if r.points}


@pytest.mark.parametrize(("dead", "off"), [(1, 1), (4, 4), (5, 5), (6, 5)])
def test_dead_links_of_the_home_page_cost_a_point_each_up_to_the_cap(dead, off):
    scored = verdict(ruled("site.dead_link", status=Status.FAILED, times=dead, home_links=1, inner_links=0))
    assert points(scored) == {"D-link-home": off}
    assert scored.score == 100 - off
    assert scored.result is Result.QUALIFIED


@pytest.mark.parametrize(("dead", "off"), [(1, 0.1), (3, 0.3), (49, 4.9), (50, 5.0), (51, 5.0)])
def test_dead_links_elsewhere_cost_a_tenth(dead, off):
    scored = verdict(ruled("site.dead_link", status=Status.FAILED, times=dead, home_links=0, inner_links=1))
    assert points(scored) == {"D-link-inner": off}
    assert scored.score == round(100 - off, 2)


def test_ipv6_costs_points_and_vetoes_nothing():
    assert verdict(ruled("site.ipv6", status=Status.FAILED)).score == 98
    assert verdict(ruled("site.ipv6", status=Status.FAILED), subject=DEPARTMENT).result is Result.QUALIFIED


def test_an_untested_deduction_takes_no_points_and_is_told():
    scored = verdict(ruled("site.ipv6", status=Status.UNTESTED))
    assert scored.score == 100
    assert scored.result is Result.QUALIFIED
    assert any("IPv6 改造未检测" in r for r in scored.reasons)


def test_a_warning_counts_for_nothing():
    warned = replace(ruled("site.unreachable"), findings=(Finding(text="快了", severity=Severity.WARNING),))
    assert verdict(warned).result is Result.QUALIFIED


def scoring(points_each: float, cap: float) -> Standard:
    """An edition that counts dead links only, at so many points each, and a bonus for IPv6."""
    veto = next(i for i in NATIONAL.indicators if i.id == "W2")
    links = next(i for i in NATIONAL.indicators if i.id == "D-link-home")
    bonus = Indicator(
        id="B", name="IPv6", tier=Tier.BONUS, applies=Applies.PORTAL, checks=("site.ipv6",), points_each=10, cap=10
    )
    return replace(
        NATIONAL, indicators=(veto, replace(links, count_by="", group="", points_each=points_each, cap=cap), bonus)
    )


@pytest.mark.parametrize(
    ("off", "score", "result"),
    [
        (41, 59, Result.UNQUALIFIED),
        (40, 60, Result.QUALIFIED),  # 低于 60 分
        (39, 61, Result.QUALIFIED),
        (20, 80, Result.QUALIFIED),  # 高于 80 分才加分
        (19, 91, Result.QUALIFIED),
    ],
)
def test_below_sixty_fails_and_above_eighty_earns_the_bonus(off, score, result):
    scored = verdict(ruled("site.dead_link", status=Status.FAILED, times=off), standard=scoring(1, 50))
    assert (scored.score, scored.result) == (score, result)


@pytest.mark.parametrize(("cap", "result"), [(40, Result.QUALIFIED), (41, Result.UNTESTED)])
def test_there_is_no_verdict_where_the_untested_alone_could_fail_a_portal(cap, result):
    unknown = ruled("site.dead_link", status=Status.UNTESTED)
    assert verdict(unknown, standard=scoring(1, cap)).result is result


def test_an_account_is_judged_by_its_own_indicators():
    for status, result in (
        (Status.PASSED, Result.QUALIFIED),
        (Status.FAILED, Result.UNQUALIFIED),
        (Status.UNTESTED, Result.UNTESTED),
    ):
        judged = judge(NATIONAL, ACCOUNT, [ruled("account.dormant", ACCOUNT, status)])
        assert judged.result is result
        assert judged.score is None
        assert {r.indicator.id for r in judged.indicators} == {"NM1", "NM2", "NM3"}


statuses = st.sampled_from(list(Status))


@given(st.lists(statuses, min_size=len(SITE_CHECKS), max_size=len(SITE_CHECKS)), st.lists(statuses, max_size=12))
def test_a_site_is_accused_only_by_what_failed(site_statuses, column_statuses):
    changes = [ruled(c, status=s) for c, s in zip(SITE_CHECKS, site_statuses, strict=True)]
    changes += [
        ruled("column.stale", c, s) for c, s in zip(columns(len(column_statuses)), column_statuses, strict=True)
    ]
    judged = verdict(*changes, subject=DEPARTMENT)
    grounds = Status.FAILED in site_statuses[:2] or column_statuses.count(Status.FAILED) >= 5
    assert (judged.result is Result.UNQUALIFIED) is grounds
