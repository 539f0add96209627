"""IPv6: no record, a dead record, a part of the addresses dead; and all that is not to be blamed on IPv6."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checks import Outcome, Severity
from checks.core.assess import Status
from tests.checks.facts import NOW, SITE, ago, rule, survey, visit
from tests.checks.ipv6_facts import V6, both, comparison, inner, page_print, pages_well


def without_record() -> list:
    return [survey(NOW, aaaa=()), *both(NOW, v6=Outcome.DNS_ERROR)]


def record_that_leads_nowhere() -> list:
    return [
        survey(NOW, dead=[V6]),
        *both(ago(hours=6), v6=Outcome.TIMEOUT),
        *both(NOW, v6=Outcome.TIMEOUT),
    ]


def record_with_another_site_behind() -> list:
    return [
        survey(NOW),
        *both(ago(hours=6), v6=Outcome.HTTP_ERROR),
        *both(NOW, v6=Outcome.HTTP_ERROR),
    ]


@pytest.mark.parametrize(
    ("facts", "key"),
    [(without_record, "aaaa"), (record_that_leads_nowhere, "reach"), (record_with_another_site_behind, "reach")],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_a_site_without_ipv6_fails(facts, key):
    assessment = rule("site.ipv6", SITE, facts())
    assert assessment.status is Status.FAILED
    assert [f.key for f in assessment.findings] == [key]
    assert all(f.evidence for f in assessment.findings)


@pytest.mark.parametrize("answer", ["no_data", "nxdomain", "ok"])
def test_a_name_without_a_usable_aaaa_address_fails_while_it_has_a(answer):
    [finding] = rule("site.ipv6", SITE, [survey(NOW, aaaa=(), aaaa_answer=answer)]).findings
    assert "AAAA 记录 0 条" in finding.text


def slow_resolver() -> list:
    return [survey(NOW, aaaa=(), aaaa_answer="timeout")]


def failing_resolver() -> list:
    return [survey(NOW, aaaa=(), aaaa_answer="servfail")]


def refusing_resolver() -> list:
    return [survey(NOW, aaaa=(), aaaa_answer="refused")]


def machine_offline_for_ipv6() -> list:
    return [survey(NOW, aaaa=(), aaaa_answer="offline")]


def unknown_name() -> list:
    return [survey(NOW, a=(), aaaa=(), a_answer="nxdomain", aaaa_answer="nxdomain")]


def a_not_answered() -> list:
    return [survey(NOW, a=(), aaaa=(), a_answer="timeout", aaaa_answer="no_data")]


def no_survey() -> list:
    return both(NOW)


def old_survey() -> list:
    return [survey(ago(hours=73), aaaa=()), *both(NOW)]


def vantage_without_ipv6() -> list:
    return [survey(NOW, tried=False), visit(ago(hours=6)), visit(NOW)]


def dead_over_both() -> list:
    return [
        survey(NOW, dead=[V6, "192.0.2.1"]),
        *both(ago(hours=6), v4=Outcome.TIMEOUT, v6=Outcome.TIMEOUT),
        *both(NOW, v4=Outcome.TIMEOUT, v6=Outcome.TIMEOUT),
    ]


def blocked_over_ipv6() -> list:
    return [survey(NOW), *both(ago(hours=6), v6=Outcome.BLOCKED), *both(NOW, v6=Outcome.BLOCKED)]


def blocked_over_ipv4_and_dead_over_ipv6() -> list:
    return [
        survey(NOW, tried=False),
        *both(ago(hours=6), v4=Outcome.BLOCKED, v6=Outcome.TIMEOUT),
        *both(NOW, v4=Outcome.BLOCKED, v6=Outcome.TIMEOUT),
    ]


def failed_once() -> list:
    return [survey(NOW), *both(ago(hours=6)), *both(NOW, v6=Outcome.TIMEOUT)]


def nothing() -> list:
    return []


@pytest.mark.parametrize(
    "facts",
    [
        slow_resolver,
        failing_resolver,
        refusing_resolver,
        machine_offline_for_ipv6,
        unknown_name,
        a_not_answered,
        no_survey,
        old_survey,
        vantage_without_ipv6,
        dead_over_both,
        blocked_over_ipv6,
        blocked_over_ipv4_and_dead_over_ipv6,
        failed_once,
        nothing,
    ],
    ids=lambda scenario: scenario.__name__,
)
def test_what_is_not_to_be_blamed_on_ipv6_is_untested(facts):
    assessment = rule("site.ipv6", SITE, facts())
    assert assessment.status is Status.UNTESTED
    assert not assessment.findings


def test_a_vantage_without_ipv6_says_so():
    assert "本监测点无 IPv6" in rule("site.ipv6", SITE, vantage_without_ipv6()).reason


@pytest.mark.parametrize(("hours", "status"), [(5, Status.UNTESTED), (6, Status.FAILED), (7, Status.FAILED)])
def test_two_failed_looks_must_lie_six_hours_apart(hours, status):
    facts = [survey(NOW), *both(ago(hours=hours), v6=Outcome.TIMEOUT), *both(NOW, v6=Outcome.TIMEOUT)]
    assert rule("site.ipv6", SITE, facts).status is status


def test_a_success_after_failures_passes():
    facts = [*record_that_leads_nowhere()[1:3], survey(NOW), *both(NOW), *pages_well(NOW)]
    assert rule("site.ipv6", SITE, facts).status is Status.PASSED


def test_surveys_alone_tell_when_no_address_answers():
    facts = [survey(ago(hours=24), dead=[V6]), survey(NOW, dead=[V6])]
    assert rule("site.ipv6", SITE, facts).status is Status.FAILED


def test_one_dead_address_of_two_is_a_warning():
    facts = [survey(NOW, aaaa=[V6, "2001:db8::2"], dead=["2001:db8::2"]), *both(NOW), *pages_well(NOW)]
    assessment = rule("site.ipv6", SITE, facts)
    assert assessment.status is Status.PASSED
    [finding] = assessment.findings
    assert finding.severity is Severity.WARNING
    assert "部分可达：2 个 AAAA 地址中 1 个不通" in finding.text


def test_an_ipv6_only_site_passes():
    without = page_print(4, outcome=Outcome.DNS_ERROR)
    facts = [survey(NOW, a=()), visit(NOW, Outcome.DNS_ERROR), visit(NOW, family=6), inner(NOW)]
    facts.append(comparison(NOW, four=without))
    assert rule("site.ipv6", SITE, facts).status is Status.PASSED


def test_a_survey_of_another_host_does_not_count():
    moved = replace(SITE, url="http://new.example.gov.cn/")
    assert rule("site.ipv6", moved, [survey(NOW, aaaa=())]).status is Status.UNTESTED


def test_a_chinese_name_is_the_one_that_the_dns_knows():
    chinese = replace(SITE, url="http://某县.政务/")
    fact = replace(survey(NOW, aaaa=()), host="某县.政务".encode("idna").decode())
    assert rule("site.ipv6", chinese, [fact]).status is Status.FAILED


def test_a_survey_that_found_all_dead_before_a_success_is_no_partial_reach():
    assessment = rule("site.ipv6", SITE, [survey(ago(hours=20), dead=[V6]), *both(NOW), *pages_well(NOW)])
    assert assessment.status is Status.PASSED
    assert not assessment.findings


def test_the_finding_tells_how_the_last_look_failed():
    [finding] = rule("site.ipv6", SITE, record_that_leads_nowhere()).findings
    assert "访问超时" in finding.text
    assert "2001:db8::1" in finding.text
