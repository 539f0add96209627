"""链接可用性: what is dead at once, what needs a second crawl, and what a crawl leaves open."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checks import LinkSource, Outcome
from checks.core.assess import Status
from tests.checks.facts import HOME, NOW, SITE, ago, crawl, failure, recheck, rule


@pytest.mark.parametrize(
    "fields",
    [
        {"status_code": 404},
        {"status_code": 410},
        {"status_code": 550},
        {"outcome": Outcome.SOFT_404, "status_code": 200},
    ],
    ids=str,
)
def test_an_honest_server_is_believed_at_once(fields):
    assessment = rule("site.dead_link", SITE, [failure(NOW, control_passed=True, **fields), crawl(NOW)])
    assert assessment.status is Status.FAILED
    assert not assessment.reason


@pytest.mark.parametrize(
    "fields",
    [
        {"status_code": 404},  # without the control
        {"outcome": Outcome.SOFT_404, "status_code": 200},
        {"status_code": 500, "control_passed": True},
        {"outcome": Outcome.TIMEOUT, "status_code": None, "control_passed": True},
        {"outcome": Outcome.DNS_ERROR, "status_code": None},
    ],
    ids=str,
)
def test_anything_else_waits_for_a_second_crawl(fields):
    once = [failure(NOW, **fields), crawl(NOW)]
    assessment = rule("site.dead_link", SITE, once)
    assert assessment.status is Status.UNTESTED
    assert "1 条链接首次访问失败，待复查" in assessment.reason

    twice = [failure(ago(days=7), **fields), crawl(ago(days=7)), *once]
    assert rule("site.dead_link", SITE, twice).status is Status.FAILED


@pytest.mark.parametrize(("hours", "status"), [(23, Status.UNTESTED), (24, Status.FAILED), (25, Status.FAILED)])
def test_the_two_crawls_must_lie_a_day_apart(hours, status):
    facts = [failure(ago(hours=hours)), crawl(ago(hours=hours)), failure(NOW), crawl(NOW)]
    assert rule("site.dead_link", SITE, facts).status is status


def test_a_link_that_a_whole_crawl_in_between_found_alive_is_not_confirmed():
    facts = [failure(ago(days=14)), crawl(ago(days=14)), crawl(ago(days=7)), failure(NOW), crawl(NOW)]
    assert rule("site.dead_link", SITE, facts).status is Status.UNTESTED


def test_a_crawl_cut_short_in_between_says_nothing_of_a_link():
    cut = crawl(ago(days=7), complete=False, reason="达到页数上限")
    facts = [failure(ago(days=14)), crawl(ago(days=14)), cut, failure(NOW), crawl(NOW)]
    assert rule("site.dead_link", SITE, facts).status is Status.FAILED


def test_a_link_that_the_latest_crawl_found_alive_is_none():
    facts = [failure(ago(days=7), control_passed=True), crawl(ago(days=7)), crawl(NOW)]
    assert rule("site.dead_link", SITE, facts).status is Status.PASSED


def test_a_finding_tells_the_link_its_page_and_how_it_failed():
    dead = failure(NOW, "a/gone.html", control_passed=True, on_home=True)
    [finding] = rule("site.dead_link", SITE, [dead, crawl(NOW)]).findings
    assert finding.key == HOME + "a/gone.html"
    assert finding.url == HOME + "index.html"
    assert finding.details == {
        "outcome": "http_error",
        "status_code": 404,
        "on_home": True,
        "home_links": 1,
        "inner_links": 0,
        "internal": True,
    }
    assert "首页链接“办事指南”打不开（限 0 条）：服务器返回错误 404，出现在 3 个页面" in finding.text
    assert finding.evidence == (dead.id,)
    assert finding.advice


def test_a_link_without_words_is_found_by_counting_and_a_page_that_says_so_by_what_it_says():
    dead = failure(NOW, outcome=Outcome.SOFT_404, status_code=200, control_passed=True)
    unnamed = replace(dead, sources=(LinkSource(page=HOME, position=37),))
    [finding] = rule("site.dead_link", SITE, [unnamed, crawl(NOW)]).findings
    assert finding.text == "内页链接（页面中第 37 处地址）打不开（限 0 条）：页面提示不存在，出现在 3 个页面"


def test_a_confirmed_finding_cites_both_looks():
    first, second = failure(ago(days=7)), failure(NOW)
    [finding] = rule("site.dead_link", SITE, [first, crawl(ago(days=7)), second, crawl(NOW)]).findings
    assert finding.evidence == (first.id, second.id)
    assert "两次采集均如此" in finding.text


def test_what_an_incomplete_crawl_found_stands_and_the_rest_is_open():
    cut = crawl(NOW, complete=False, reason="达到页数上限")
    assessment = rule("site.dead_link", SITE, [failure(NOW, control_passed=True), cut])
    assert assessment.status is Status.FAILED
    assert assessment.partial
    assert "达到页数上限" in assessment.reason
    assert not assessment.settles(HOME + "other.html")


def test_a_link_that_failed_once_is_in_doubt_alone():
    facts = [failure(NOW, control_passed=True), failure(NOW, "slow.html", status_code=504), crawl(NOW)]
    assessment = rule("site.dead_link", SITE, facts)
    assert [f.key for f in assessment.findings] == [HOME + "gone.html"]
    assert not assessment.settles(HOME + "slow.html")
    assert assessment.settles(HOME + "other.html")


def test_an_incomplete_crawl_without_findings_is_untested():
    cut = crawl(NOW, complete=False, reason="首页无法读取")
    assert rule("site.dead_link", SITE, [cut]).status is Status.UNTESTED


def test_a_site_never_crawled_is_untested():
    assert rule("site.dead_link", SITE, []).status is Status.UNTESTED


def test_a_crawl_of_last_month_is_too_old():
    assert rule("site.dead_link", SITE, [crawl(ago(days=17))]).status is Status.UNTESTED


@pytest.mark.parametrize("outcome", [Outcome.BLOCKED, Outcome.REFUSED_BY_GUARD, Outcome.TOO_LARGE])
def test_a_link_that_was_not_looked_behind_is_not_dead(outcome):
    facts = [failure(at, outcome=outcome, control_passed=True) for at in (ago(days=7), NOW)]
    assert rule("site.dead_link", SITE, [*facts, crawl(ago(days=7)), crawl(NOW)]).status is Status.PASSED


def test_one_address_on_many_pages_is_one_finding():
    facts = [failure(NOW, control_passed=True), failure(NOW, control_passed=True), crawl(NOW)]
    assert len(rule("site.dead_link", SITE, facts).findings) == 1


def test_a_crawl_that_saw_it_fail_too_recently_does_not_acquit_a_link():
    facts = [
        failure(ago(days=14)),
        crawl(ago(days=14)),
        failure(ago(hours=12)),
        crawl(ago(hours=12)),
        failure(NOW),
        crawl(NOW),
    ]
    assert rule("site.dead_link", SITE, facts).status is Status.FAILED


def test_a_failure_at_the_very_start_of_the_latest_crawl_is_of_that_crawl():
    latest = crawl(NOW)
    assert rule("site.dead_link", SITE, [failure(latest.started, control_passed=True), latest]).status is Status.FAILED


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"internal": False}, "外部链接"),
        ({"status_code": 410}, "目标页面已不存在"),
        ({"status_code": 200, "outcome": Outcome.SOFT_404}, "目标页面已不存在"),
    ],
    ids=str,
)
def test_the_advice_fits_the_failure(fields, told):
    [finding] = rule("site.dead_link", SITE, [failure(NOW, control_passed=True, **fields), crawl(NOW)]).findings
    assert told in finding.advice


def test_a_link_that_a_server_fails_twice_is_for_the_server_to_mend():
    facts = [failure(at, status_code=500) for at in (ago(days=7), NOW)]
    [finding] = rule("site.dead_link", SITE, [*facts, crawl(ago(days=7)), crawl(NOW)]).findings
    assert "请检查目标页面所在的服务器" in finding.advice


# One host that is down


GONE = "http://gone.example:8080/"


def down(at, *paths, **fields):
    more = {"outcome": Outcome.DNS_ERROR, "status_code": None, "internal": False, "host_down": True, **fields}
    return [failure(at, GONE + path, **more) for path in paths]


def test_a_host_that_is_down_is_one_finding_however_many_links_lead_there():
    names = [f"{n}.html" for n in range(400)]
    facts = [*down(ago(days=7), *names), crawl(ago(days=7)), *down(NOW, *names), crawl(NOW)]
    [finding] = rule("site.dead_link", SITE, facts).findings
    assert finding.key == GONE
    assert "主机 gone.example:8080" in finding.text
    assert "400 条链接" in finding.text
    assert finding.details["links"] == 400
    assert finding.covers >= {GONE, GONE + "7.html"}
    assert "gone.example:8080" in finding.advice
    assert len(finding.evidence) <= 21


def test_a_single_link_to_a_host_that_is_down_keeps_its_own_key_and_speaks_for_the_host():
    facts = [*down(ago(days=7), "a.html"), crawl(ago(days=7)), *down(NOW, "a.html"), crawl(NOW)]
    [finding] = rule("site.dead_link", SITE, facts).findings
    assert finding.key == GONE + "a.html"
    assert GONE in finding.covers


def test_a_host_was_down_before_whichever_of_its_links_showed_it():
    facts = [*down(ago(days=7), "old.html"), crawl(ago(days=7)), *down(NOW, "a.html", "b.html"), crawl(NOW)]
    assert [f.key for f in rule("site.dead_link", SITE, facts).findings] == [GONE]


def test_links_of_a_host_that_answers_are_findings_of_their_own():
    looks = [f for at in (ago(days=7), NOW) for f in down(at, "a.html", "b.html", host_down=False)]
    facts = [*looks, crawl(ago(days=7)), crawl(NOW)]
    assert {f.key for f in rule("site.dead_link", SITE, facts).findings} == {GONE + "a.html", GONE + "b.html"}


# The second look


@pytest.mark.parametrize(("hours", "status"), [(23, Status.UNTESTED), (24, Status.FAILED), (25, Status.FAILED)])
def test_a_second_look_confirms_without_a_second_crawl(hours, status):
    facts = [failure(ago(hours=hours), status_code=503), crawl(ago(hours=hours)), failure(NOW, status_code=503)]
    assert rule("site.dead_link", SITE, [*facts, recheck(NOW, "gone.html")]).status is status


def test_what_a_second_look_found_alive_is_no_finding():
    facts = [failure(ago(hours=25), control_passed=True), crawl(ago(hours=25)), recheck(NOW, "gone.html")]
    assert rule("site.dead_link", SITE, facts).status is Status.PASSED


def test_a_second_look_at_other_links_says_nothing_of_this_one():
    facts = [failure(ago(hours=25), control_passed=True), crawl(ago(hours=25)), recheck(NOW, "other.html")]
    assert rule("site.dead_link", SITE, facts).status is Status.FAILED


def test_a_second_look_that_was_blocked_leaves_the_link_open():
    blocked = failure(NOW, outcome=Outcome.BLOCKED, status_code=403)
    facts = [failure(ago(hours=25), status_code=503), crawl(ago(hours=25)), blocked, recheck(NOW, "gone.html")]
    assessment = rule("site.dead_link", SITE, facts)
    assert assessment.status is Status.UNTESTED
    assert "1 条曾经失败的链接被防护拦截" in assessment.reason


# What was blocked since


@pytest.mark.parametrize("days", [7, 21, 45])
def test_a_link_that_failed_and_is_blocked_now_is_neither_found_nor_gone(days):
    blocked = failure(NOW, outcome=Outcome.BLOCKED, status_code=403)
    facts = [failure(ago(days=days), control_passed=True), crawl(ago(days=days)), blocked, crawl(NOW)]
    assessment = rule("site.dead_link", SITE, facts)
    assert assessment.findings == ()
    assert not assessment.settles(HOME + "gone.html")
    assert assessment.settles(HOME + "other.html")


def test_a_link_that_never_failed_and_is_blocked_leaves_nothing_open():
    facts = [failure(NOW, outcome=Outcome.BLOCKED, status_code=403), crawl(NOW)]
    assert rule("site.dead_link", SITE, facts).status is Status.PASSED


def test_a_link_that_was_blocked_once_and_opens_again_is_gone():
    blocked = failure(ago(days=7), outcome=Outcome.BLOCKED, status_code=403)
    facts = [failure(ago(days=14), control_passed=True), crawl(ago(days=14)), blocked, crawl(ago(days=7)), crawl(NOW)]
    assert rule("site.dead_link", SITE, facts).status is Status.PASSED
