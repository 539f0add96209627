"""What holds of every check: its findings tell the measure and the limit, cite facts, and need facts at all."""

from __future__ import annotations

import pkgutil
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

import checks
from checks import Account, AccountStatus, Answer, ColumnCategory, LinkNature, Outcome, Site, all_checks
from checks.core.assess import Status
from checks.core.model import Level
from checks.core.outcome_names import OUTCOMES
from checks.core.standard import load_standard
from tests.checks.facts import (
    ACCOUNT,
    APP,
    NEWS,
    NOW,
    SITE,
    account_reading,
    ago,
    answer,
    crawl,
    day,
    failure,
    listing,
    peers,
    reading,
    remark,
    rule,
    survey,
    visit,
)
from tests.checks.handed_in import WORKDAYS, counted, document, pairs, register

PERIODIC = replace(NEWS, category=ColumnCategory.PERIODIC, limit_days=30)


def dead_site() -> tuple:
    return SITE, [visit(NOW - n * timedelta(hours=1), Outcome.TIMEOUT) for n in range(160)]


def old_home_page() -> tuple:
    return SITE, [reading(ago(days=n), day(60), of=SITE) for n in range(15, -1, -1)]


def no_ipv6() -> tuple:
    return SITE, [survey(NOW, aaaa=())]


def dead_ipv6() -> tuple:
    looks = [
        visit(at, outcome, family=family)
        for at in (ago(hours=8), NOW)
        for outcome, family in ((Outcome.OK, 4), (Outcome.TIMEOUT, 6))
    ]
    return SITE, [survey(NOW), *looks]


def dead_link() -> tuple:
    return SITE, [failure(NOW, control_passed=True), crawl(NOW)]


def hijacked_link() -> tuple:
    return SITE, [remark(NOW, LinkNature.HIJACKED, internal=False), crawl(NOW)]


def intranet_link() -> tuple:
    return SITE, [remark(NOW, LinkNature.INTRANET, "http://192.168.1.5/oa"), crawl(NOW)]


def old_column() -> tuple:
    return NEWS, [reading(NOW, day(60))]


def undated_column() -> tuple:
    return NEWS, [reading(ago(days=1), None), reading(NOW, None)]


def neglected_column() -> tuple:
    return PERIODIC, [reading(NOW, day(60))]


def empty_column() -> tuple:
    return NEWS, [reading(ago(days=1)), reading(NOW)]


def silent_account() -> tuple:
    return ACCOUNT, [account_reading(at, ago(days=30), covered_from=day(60)) for at in (ago(days=1), NOW)]


def account_beside_another() -> tuple:
    return ACCOUNT, [peers(same_unit=("某县发布厅",), main=False)]


def account_back_from_its_grave() -> tuple:
    closed = replace(ACCOUNT, status=AccountStatus.DEREGISTERED, closed_on=day(40))
    return closed, [account_reading(NOW, ago(days=3))]


def account_that_nobody_filed() -> tuple:
    return replace(ACCOUNT, filed=False), [account_reading(NOW, ago(days=3))]


def app_that_no_store_lists() -> tuple:
    return APP, [listing(ago(hours=25), False), listing(NOW, False)]


def faulty_site_by_hand() -> tuple:
    return SITE, [answer("W5", Answer.PROBLEM, count=2)]


def faulty_account_by_hand() -> tuple:
    return ACCOUNT, [answer("NM3", Answer.PROBLEM, of=ACCOUNT)]


REPORTS = replace(NEWS, name="政府网站年度报表", category=ColumnCategory.PERIODIC)


def late_report() -> tuple:
    return REPORTS, [reading(NOW, day(500), of=REPORTS)]


def too_few_publications() -> tuple:
    return replace(SITE, level=Level.COUNTY), [counted(10, date(2025, 12, 31))]


def late_document() -> tuple:
    return SITE, [register(document(date(2026, 9, 1)))]


def unlinked_document() -> tuple:
    return SITE, [pairs((False, False))]


LIMITS = {
    "column.calendar": {"items": load_standard("gwb-2019").calendar},
    "site.publications": {"county_items": 8000},
    "site.policy_files": {"workdays": WORKDAYS},
}
"""What an edition or a deployment hands in, where a check asks for nothing without it."""

FAILING = [
    ("site.unreachable", dead_site),
    ("site.homepage_stale", old_home_page),
    ("site.ipv6", no_ipv6),
    ("site.ipv6", dead_ipv6),
    ("site.dead_link", dead_link),
    ("site.hijacked_link", hijacked_link),
    ("site.intranet_link", intranet_link),
    ("column.stale", old_column),
    ("column.stale", undated_column),
    ("column.neglected", neglected_column),
    ("column.empty", empty_column),
    ("account.dormant", silent_account),
    ("account.duplicate", account_beside_another),
    ("account.closed_publishing", account_back_from_its_grave),
    ("account.unfiled", account_that_nobody_filed),
    ("account.app_unlisted", app_that_no_store_lists),
    ("site.manual", faulty_site_by_hand),
    ("column.calendar", late_report),
    ("site.publications", too_few_publications),
    ("site.policy_files", late_document),
    ("site.policy_links", unlinked_document),
    ("account.manual", faulty_account_by_hand),
]


@pytest.mark.parametrize(("check", "scenario"), FAILING, ids=lambda value: getattr(value, "__name__", value))
def test_a_finding_tells_measure_and_limit_in_chinese_and_cites_its_facts(check, scenario):
    subject, facts = scenario()
    assessment = rule(check, subject, facts, **LIMITS.get(check, {}))
    assert assessment.status is Status.FAILED
    for finding in assessment.findings:
        assert re.search(r"限(少于|不少于)? ?\d", finding.text)
        assert not any(outcome in finding.text for outcome in Outcome)
        assert finding.advice
        assert finding.url or isinstance(subject, Account)
        assert finding.evidence
        assert set(finding.evidence) <= {f.id for f in facts}
        assert finding.seen_at is not None


@pytest.mark.parametrize("check", all_checks().values(), ids=lambda c: c.id)
def test_without_any_fact_a_check_says_untested(check):
    column = {"column.neglected": PERIODIC, "column.calendar": REPORTS}.get(check.id, NEWS)
    kinds = {Site: replace(SITE, level=Level.COUNTY), Account: replace(APP, filed=False)}
    assessment = rule(check.id, kinds.get(check.on, column), [], **LIMITS.get(check.id, {}))
    assert assessment.status is Status.UNTESTED
    assert assessment.reason


def test_every_check_has_a_failing_scenario_here():
    # Hints to people, never a failure.
    told_only = {"column.date_doubtful", "site.closed_answers", "site.link_remark"}
    assert {check for check, _ in FAILING} | told_only == all_checks().keys()


def test_each_module_of_the_folder_is_one_check():
    modules = [m.name for m in pkgutil.iter_modules(checks.__path__) if not m.ispkg]
    assert sorted(c.rule.__module__ for c in all_checks().values()) == sorted(f"checks.{m}" for m in modules)


@pytest.mark.parametrize("check", all_checks().values(), ids=lambda c: c.id)
def test_a_check_names_document_or_source_in_its_module(check):
    import importlib

    assert "〔" in (importlib.import_module(check.rule.__module__).__doc__ or "")


def test_every_outcome_has_a_chinese_name():
    assert OUTCOMES.keys() == set(Outcome)
    blocked = reading(NOW, readable=False, outcome=Outcome.BLOCKED)
    assert rule("column.stale", NEWS, [blocked]).reason == "列表未能读取：被防护设备拦截"
