"""Scoring beyond single indicators: groups, indicators for people, bonuses, what does not apply (domain.md §2.1)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checks import Answer, ColumnCategory, Finding, ManualAnswer, Platform, Site
from checks.core.assess import Assessment, Status
from checks.core.indicators import Applies, Indicator, Standard, Tier
from checks.core.model import SiteKind
from checks.core.standard import Result, judge, load_standard
from tests.checks.core.test_verdict import all_passed
from tests.checks.facts import ACCOUNT, SITE, ago, answer, rule

NATIONAL = load_standard("gwb-2019")
GANZI = load_standard("ganzi")
DEPARTMENT = replace(SITE, kind=SiteKind.DEPARTMENT)
SERVICES = [i.id for i in NATIONAL.indicators if i.group == "办事服务"]


def judged(*answers: ManualAnswer, standard: Standard = NATIONAL, subject: Site = SITE):
    rulings = list(all_passed().values())
    if answers:
        rulings.append(rule("site.manual", subject, answers))
    return judge(standard, subject, rulings)


def no_services() -> list[ManualAnswer]:
    return [answer(id_, Answer.NOT_APPLICABLE) for id_ in SERVICES]


def test_an_answered_veto_decides_and_is_told_as_found_by_people():
    verdict = judged(answer("W5", Answer.PROBLEM))
    assert verdict.result is Result.UNQUALIFIED
    assert verdict.reasons[0] == "单项否决 W5 互动回应差（人工核查）"
    assert [i.id for i in verdict.manual] == ["W1", "W6"]


def test_a_veto_that_people_cleared_is_no_longer_open():
    verdict = judged(*(answer(id_, Answer.CLEAR) for id_ in ("W1", "W5", "W6")))
    assert verdict.result is Result.QUALIFIED
    assert verdict.manual == ()
    assert not any("须人工核查" in reason for reason in verdict.reasons)


@pytest.mark.parametrize(
    ("places", "result"), [(4, Result.QUALIFIED), (5, Result.UNQUALIFIED), (6, Result.UNQUALIFIED)]
)
def test_places_found_by_people_count_against_the_number_asked_for(places, result):
    w6 = next(i for i in NATIONAL.indicators if i.id == "W6")
    counting = replace(
        NATIONAL, indicators=tuple(replace(i, at_least=5) if i.id == w6.id else i for i in NATIONAL.indicators)
    )
    assert judged(answer("W6", Answer.PROBLEM, count=places), standard=counting).result is result


@pytest.mark.parametrize(("places", "score"), [(1, 98), (2, 96), (3, 94), (4, 94)])
def test_deductions_found_by_people_stop_at_the_points_of_the_indicator(places, score):
    assert judged(answer("D-accurate", Answer.PROBLEM, count=places)).score == score


def test_deductions_of_a_group_stop_at_the_points_of_the_group():
    all_services = [answer(id_, Answer.PROBLEM, count=100) for id_ in SERVICES]
    assert sum(i.cap for i in NATIONAL.indicators if i.id in SERVICES) > 25
    assert judged(*all_services).score == 75


def test_an_unanswered_deduction_takes_nothing_and_is_named():
    verdict = judged()
    assert verdict.score == 100
    assert {"D-search", "D-guide"} <= {i.id for i in verdict.unscored}


def test_a_portal_without_services_is_scored_by_the_rest_times_four_thirds():
    assert judged(*no_services()).score == 100
    # 75 − 5 = 70 → 70 × 4/3
    assert judged(*no_services(), answer("D-search", Answer.PROBLEM)).score == 93.33
    assert judged(*no_services()[1:], answer("D-search", Answer.PROBLEM)).score == 95


def test_scores_of_a_portal_without_services_fail_below_sixty_of_a_hundred():
    half = replace(
        NATIONAL,
        indicators=tuple(replace(i, cap=20, points_each=1) if i.id == "D-search" else i for i in NATIONAL.indicators),
        score=replace(NATIONAL.score, groups={**NATIONAL.score.groups, "功能设计": 50}),
    )
    for places, result in ((29, Result.QUALIFIED), (30, Result.QUALIFIED), (31, Result.UNQUALIFIED)):
        wide = tuple(replace(i, cap=50) if i.id == "D-search" else i for i in half.indicators)
        verdict = judged(
            *no_services(), answer("D-search", Answer.PROBLEM, count=places), standard=replace(half, indicators=wide)
        )
        assert verdict.result is result, (places, verdict.score)  # 75 − 30 = 45 → 60


def test_bonuses_stop_at_thirty_and_need_more_than_eighty():
    bonuses = [answer(i.id, Answer.MET) for i in NATIONAL.indicators if i.tier is Tier.BONUS]
    bonuses = [b for b in bonuses if not b.indicator.startswith("A-")]
    assert judged(*bonuses).score == 130
    assert judged(bonuses[0]).score == 103
    off_twenty = [answer(id_, Answer.PROBLEM, count=9) for id_ in ("D-search", "D-report-errors", "D-reply", "D-items")]
    assert judged(*bonuses, *off_twenty).score == 80  # 高于 80 分才加分
    assert judged(*bonuses, *off_twenty, answer("D-items", Answer.CLEAR)).score == 115


@pytest.mark.parametrize("given", [Answer.UNMET, Answer.NOT_APPLICABLE])
def test_a_bonus_that_is_not_met_adds_nothing_and_is_no_problem(given):
    [unmet] = [answer("B-data", given)]
    assert judged(unmet).score == 100
    assert rule("site.manual", SITE, [unmet]).findings == ()


def test_the_latest_answer_stands():
    first, second = answer("W5", Answer.PROBLEM, at=ago(days=3)), answer("W5", Answer.CLEAR)
    assert judged(second, first).result is Result.QUALIFIED
    assert judged(replace(first, at=ago(days=1)), replace(second, at=ago(days=2))).result is Result.UNQUALIFIED


@pytest.mark.parametrize(("age", "stands"), [(91, True), (92, True), (93, False)])
def test_an_answer_stands_for_a_quarter(age, stands):
    assert (rule("site.manual", SITE, [answer("W5", Answer.CLEAR, at=ago(days=age))]).answered == ()) is not stands


def test_what_nobody_answered_again_keeps_its_entry():
    cleared = rule("site.manual", SITE, [answer("W5", Answer.CLEAR)])
    assert cleared.settles("W5")
    assert not cleared.settles("W6")


def test_departments_are_scored_where_the_edition_says_so():
    assert judged(subject=DEPARTMENT).score is None
    assert judged(subject=DEPARTMENT, standard=GANZI).score == 100
    low = [
        answer(i.id, Answer.PROBLEM, count=100)
        for i in GANZI.indicators
        if i.group in ("互动交流", "功能设计") and i.manual
    ]
    failed = judged(*low, subject=DEPARTMENT, standard=GANZI)
    assert failed.result is Result.UNQUALIFIED
    assert failed.score == 55


def test_reminders_change_no_verdict():
    asked = next(i for i in GANZI.indicators if i.tier is Tier.REMIND and i.manual and i.concerns(SITE))
    verdict = judged(answer(asked.id, Answer.PROBLEM), standard=GANZI)
    assert (verdict.result, verdict.score) == (Result.QUALIFIED, 100)


def test_the_assessment_of_supervisors_concerns_no_site_and_no_account():
    supervisors = [i for i in NATIONAL.indicators if i.applies is Applies.SUPERVISOR]
    assert supervisors
    assert not any(i.concerns(s) for i in supervisors for s in (SITE, DEPARTMENT, ACCOUNT))


def test_an_account_fails_by_what_people_found():
    verdict = judge(
        NATIONAL,
        ACCOUNT,
        [
            rule("account.manual", ACCOUNT, [answer("NM3", Answer.PROBLEM, of=ACCOUNT)]),
            Assessment(check="account.dormant", subject=ACCOUNT.ref, status=Status.PASSED, at=ago()),
        ],
    )
    assert verdict.result is Result.UNQUALIFIED


def test_answers_alone_qualify_nobody():
    """Where no machine looked at a veto, people's answers on others make no 合格."""
    cleared = rule("account.manual", ACCOUNT, [answer("NM3", Answer.CLEAR, of=ACCOUNT)])
    assert judge(NATIONAL, ACCOUNT, [cleared]).result is Result.UNTESTED


def test_a_score_of_accounts_counts_where_an_edition_has_one():
    scored = replace(
        NATIONAL,
        indicators=(
            *NATIONAL.indicators,
            Indicator(
                id="N1", name="原创", tier=Tier.DEDUCT, applies=Applies.ACCOUNT, points_each=41, cap=41, clause="x"
            ),
        ),
    )
    quiet = Assessment(check="account.dormant", subject=ACCOUNT.ref, status=Status.PASSED, at=ago())
    told = rule("account.manual", ACCOUNT, [answer("N1", Answer.PROBLEM, of=ACCOUNT)])
    assert judge(scored, ACCOUNT, [quiet, told]).score == 59
    assert judge(scored, ACCOUNT, [quiet]).score is None


def test_an_indicator_of_one_platform_concerns_no_other():
    download = next(i for i in NATIONAL.indicators if i.id == "NM2-app")
    assert not download.concerns(ACCOUNT)
    assert download.concerns(replace(ACCOUNT, platform=Platform.APP))
    assert not download.concerns(SITE)


def test_a_group_of_links_counts_each_link_of_its_kind():
    """A dead host is one entry on the ledger, and as many dead links as lead there."""
    host = Finding(text="主机打不开", key="http://b/", details={"home_links": 2, "inner_links": 30})
    dead = Assessment(check="site.dead_link", subject=SITE.ref, status=Status.FAILED, findings=(host,), at=ago())
    rulings = [a for a in all_passed().values() if a.check != "site.dead_link"]
    verdict = judge(NATIONAL, SITE, [*rulings, dead])
    assert {r.indicator.id: r.points for r in verdict.indicators if r.points} == {"D-link-home": 2, "D-link-inner": 3}


def test_a_column_that_costs_points_once_costs_them_nowhere_else():
    """已在别处扣分的不重复扣: each category is counted by one indicator of neglected columns."""
    neglected = [i for i in NATIONAL.indicators if i.checks == ("column.neglected",) and i.tier is Tier.DEDUCT]
    categories = [i.where["category"] for i in neglected]
    counted = [c for each in categories for c in (each if isinstance(each, list) else [each])]
    assert len(counted) == len(set(counted))
    assert set(counted) == set(ColumnCategory) - {ColumnCategory.NEWS, ColumnCategory.STATIC}
