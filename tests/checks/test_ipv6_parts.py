"""The parts of site.ipv6: each has its own status and points, and tells only what IPv6 is to blame for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from checks import History, Outcome, Reach, Severity, all_checks
from checks.core.assess import Status
from checks.core.ipv6.facts import OutsideHost
from checks.core.ipv6.limits import Limits
from checks.core.parts import Part, PartStatus, total
from tests.checks.facts import HOME, NOW, SITE, ago, rule, survey, visit
from tests.checks.ipv6_facts import (
    LINKS,
    OTHER_TEXT,
    TEXT,
    V6,
    both,
    comparison,
    inner,
    level,
    name_server,
    names,
    outside,
    page_print,
    slow,
    well,
)

TWICE = (ago(hours=24), NOW)


def parts(facts, **limits) -> dict[str, Part]:
    check = all_checks()["site.ipv6"]
    return {p.key: p for p in check.parts(SITE, History(facts), replace(Limits(), **limits), NOW)}


def findings(facts, **limits):
    return {f.key: f for f in rule("site.ipv6", SITE, facts, **limits).findings}


def twice(*made) -> list:
    """All well at two moments a day apart, and these facts at both."""
    return [fact for at in TWICE for fact in (survey(at), names(at), *both(at), *(make(at) for make in made))]


# All parts together


def test_a_site_that_is_well_passes_every_part_with_full_points():
    told = parts(well(NOW) + [v for n in range(1, 11) for v in both(ago(hours=n))])
    assert [(p.key, p.status) for p in told.values() if p.status is not PartStatus.PASSED] == []
    assert total(list(told.values())) == (110, 110)
    assert " ".join(told) == "ns_aaaa ns_reach aaaa reach rate latency content level2 level3 resources outside"


def test_points_and_severity_are_apart():
    told = parts([survey(NOW), names(NOW, name_server("ns1"), name_server("ns2", six=None)), *both(NOW)])
    assert (told["ns_aaaa"].points, told["ns_aaaa"].severity) == (5, Severity.WARNING)
    counted = parts(
        [survey(NOW), names(NOW, name_server("ns1"), name_server("ns2", six=None)), *both(NOW)], count_name_servers=1
    )
    assert (counted["ns_aaaa"].points, counted["ns_aaaa"].severity) == (5, Severity.PROBLEM)


def test_what_lies_behind_a_missing_record_is_not_tested_and_stays_as_it_was_known():
    told = parts([survey(NOW, aaaa=()), names(NOW), *both(NOW, v6=Outcome.DNS_ERROR), comparison(NOW)])
    assert told["aaaa"].status is PartStatus.FAILED
    assert {told[k].status for k in ("reach", "content", "level2", "resources")} == {PartStatus.NOT_APPLICABLE}
    [finding] = told["aaaa"].findings
    assert finding.covers >= {"reach", "content", "level2", "level3"}


@pytest.mark.parametrize("key", ["content", "level2", "level3"])
def test_a_part_that_may_fail_and_was_not_looked_at_leaves_the_site_untested_in_that_alone(key):
    missing = [f for f in well(NOW) if f.kind != {"content": "family_comparison"}.get(key, "inner_links")]
    assessment = rule("site.ipv6", SITE, missing)
    assert assessment.status is Status.UNTESTED
    assert key in assessment.in_doubt
    assert assessment.settles("reach")
    assert not assessment.settles(key)


def test_a_part_that_the_edition_does_not_count_leaves_no_doubt():
    facts = [survey(NOW), *both(NOW)]
    assert rule("site.ipv6", SITE, facts).status is Status.UNTESTED
    assert rule("site.ipv6", SITE, facts, count_content=0, count_links=0).status is Status.PASSED


def test_without_ipv6_at_the_vantage_nothing_is_said_of_any_part():
    facts = [survey(NOW, aaaa=(), aaaa_answer="offline"), names(NOW, name_server("ns1", six=None)), visit(NOW)]
    told = parts(facts)
    assert {p.status for p in told.values()} == {PartStatus.UNTESTED}
    assert not findings(facts)


# The record (behaviours 1, 5, 18, 19, 20)


def test_records_that_are_no_address_are_as_none_and_named():
    mapped = replace(survey(NOW, aaaa=()), dropped=("::ffff:192.0.2.1",))
    [finding] = findings([mapped]).values()
    assert finding.key == "aaaa"
    assert "::ffff:192.0.2.1" in finding.text


def test_an_alias_without_a_record_is_named():
    aliased = replace(survey(NOW, aaaa=()), cnames=("www.example.cdn.example.net",))
    [finding] = findings([aliased]).values()
    assert "CNAME 指向 www.example.cdn.example.net" in finding.text


# Name servers (behaviour 6)


@pytest.mark.parametrize(
    ("servers", "status", "points"),
    [
        ([name_server("ns1", six=None), name_server("ns2", six=None)], PartStatus.FAILED, 0),
        ([name_server("ns1"), name_server("ns2", six=None)], PartStatus.PARTIAL, 5),
        ([name_server("ns1"), name_server("ns2")], PartStatus.PASSED, 10),
        ([name_server("ns1"), name_server("ns2"), name_server("ns3", six=None)], PartStatus.PASSED, 10),
        ([name_server("ns1"), name_server("ns2", six=None, aaaa_answer="timeout")], PartStatus.UNTESTED, None),
    ],
)
def test_at_least_two_name_servers_have_ipv6(servers, status, points):
    part = parts([survey(NOW), names(NOW, *servers), *both(NOW)])["ns_aaaa"]
    assert (part.status, part.points) == (status, points)


@pytest.mark.parametrize(
    ("answers", "status", "points", "words"),
    [
        (("ok", "ok"), PartStatus.PASSED, 10, "2 个有应答"),
        (("ok", "refused"), PartStatus.PARTIAL, 10, "应答 REFUSED"),
        (("ok", "servfail"), PartStatus.PARTIAL, 10, "应答 SERVFAIL"),
        (("ok", "nxdomain"), PartStatus.PARTIAL, 10, "应答域名不存在"),
        (("ok", "timeout"), PartStatus.PARTIAL, 2, "没有应答"),
        (("timeout", "closed"), PartStatus.FAILED, 0, "端口不通"),
        (("no_route", "not_asked"), PartStatus.UNTESTED, None, "未能访问"),
    ],
)
def test_the_answers_of_name_servers_are_kept_apart(answers, status, points, words):
    servers = [name_server(f"ns{n}", six=answer) for n, answer in enumerate(answers, 1)]
    part = parts([survey(NOW), names(NOW, *servers), *both(NOW)])["ns_reach"]
    assert (part.status, part.points) == (status, points)
    assert words in part.text
    assert part.severity in (None, Severity.WARNING)


def test_a_name_server_that_is_dead_over_ipv4_too_is_not_dead_for_its_ipv6():
    dead = name_server("ns2", six="timeout", four="timeout")
    part = parts([survey(NOW), names(NOW, name_server("ns1"), dead), *both(NOW)])["ns_reach"]
    assert part.status is PartStatus.UNTESTED
    assert not part.findings


@pytest.mark.parametrize("answer", ["timeout", "servfail", "refused", "no_data"])
def test_a_zone_that_could_not_be_asked_says_nothing_of_its_name_servers(answer):
    told = parts([survey(NOW), replace(names(NOW), ns_answer=answer, servers=()), *both(NOW)])
    assert {told["ns_aaaa"].status, told["ns_reach"].status} == {PartStatus.UNTESTED}


# Addresses and hops (behaviours 2, 3, 4, 11)


def test_a_port_that_only_ipv4_opens_is_partial():
    reach = [
        Reach(
            address=address, port=port, outcome=Outcome.OK if ok else Outcome.TIMEOUT, http=Outcome.OK if ok else None
        )
        for address, port, ok in (("192.0.2.1", 80, True), (V6, 80, True), ("192.0.2.1", 443, True), (V6, 443, False))
    ]
    facts = [replace(survey(NOW), reach=tuple(reach)), *both(NOW)]
    told = parts(facts)["reach"]
    assert (told.status, told.points) == (PartStatus.PARTIAL, 2)
    assert "端口 443 经 IPv4 可以连接，经 IPv6 全部地址都不通" in told.text
    assert findings(facts)["ports"].severity is Severity.WARNING


def test_a_port_that_is_shut_over_both_is_nobodys_difference():
    shut = [Reach(address=a, port=443, outcome=Outcome.CONNECT_ERROR) for a in ("192.0.2.1", V6)]
    fact = survey(NOW)
    told = parts([replace(fact, reach=(*fact.reach, *shut)), *both(NOW)])["reach"]
    assert told.status is PartStatus.PASSED


@pytest.mark.parametrize(("over_ipv4", "dead"), [(Outcome.OK, True), (Outcome.HTTP_ERROR, False)])
def test_an_address_that_connects_and_gives_no_page_is_dead_only_where_ipv4_gives_one(over_ipv4, dead):
    second = "2001:db8::2"
    reach = (
        Reach(address="192.0.2.1", port=80, outcome=Outcome.OK, http=over_ipv4),
        Reach(address=V6, port=80, outcome=Outcome.OK, http=over_ipv4),
        Reach(address=second, port=80, outcome=Outcome.OK, http=Outcome.HTTP_ERROR, status_code=502),
    )
    told = findings([replace(survey(NOW, aaaa=(V6, second)), reach=reach), *both(NOW)])
    assert ("partial" in told) is dead


def test_an_address_that_blocks_us_is_not_dead():
    reach = (
        Reach(address="192.0.2.1", port=80, outcome=Outcome.OK, http=Outcome.OK),
        Reach(address=V6, port=80, outcome=Outcome.OK, http=Outcome.OK),
        Reach(address="2001:db8::2", port=80, outcome=Outcome.OK, http=Outcome.BLOCKED, status_code=403),
    )
    assert "partial" not in findings([replace(survey(NOW), reach=reach), *both(NOW)])


def test_the_hop_without_ipv6_is_named():
    def hop(at):
        return replace(
            visit(at, Outcome.DNS_ERROR, family=6),
            final_url="http://v4only.example.gov.cn/index.html",
            hops=("http://www.example.gov.cn/portal/",),
            detail="域名没有 IPv6 地址（AAAA 记录）",
        )

    facts = [survey(NOW), *(fact for at in TWICE for fact in (visit(at), hop(at)))]
    [finding] = findings(facts).values()
    assert finding.key == "reach"
    assert "第 2 次跳转到 v4only.example.gov.cn" in finding.text
    assert "域名没有 IPv6 地址" in finding.text


@pytest.mark.parametrize(("good_before", "words"), [(True, "但自 2026 年 11 月 23 日 12:00 起"), (False, "但至少自")])
def test_the_finding_says_since_when(good_before, words):
    facts = [survey(NOW), *(f for at in TWICE for f in both(at, v6=Outcome.TIMEOUT))]
    if good_before:
        facts += both(ago(hours=30))
    assert words in findings(facts)["reach"].text


# Over time (behaviours 15, 17)


@pytest.mark.parametrize(("good", "of", "warned"), [(7, 10, True), (8, 10, True), (9, 10, False), (10, 10, False)])
def test_the_success_rate_of_the_window_is_told(good, of, warned):
    outcomes = [Outcome.TIMEOUT] * (of - good) + [Outcome.OK] * good
    facts = [survey(NOW), *(f for n, o in enumerate(outcomes) for f in both(ago(hours=of - 1 - n), v6=o))]
    part = parts(facts)["rate"]
    assert (part.reached, part.tested, part.points) == (good, of, float(good))
    assert (part.severity is Severity.WARNING) is warned
    assert f"成功率 {good / of:.1%}" in part.text


def test_moments_at_which_the_site_was_down_altogether_are_not_counted():
    dead = both(ago(hours=20), v4=Outcome.TIMEOUT, v6=Outcome.TIMEOUT)
    facts = [survey(NOW), *dead, *(f for n in range(10) for f in both(ago(hours=n)))]
    assert (parts(facts)["rate"].reached, parts(facts)["rate"].tested) == (10, 10)


def test_too_few_visits_make_no_rate():
    facts = [survey(NOW), *(f for n in range(9) for f in both(ago(hours=n)))]
    assert parts(facts)["rate"].status is PartStatus.UNTESTED
    assert parts(facts, visits=9)["rate"].status is PartStatus.PASSED


@pytest.mark.parametrize(
    ("v4", "v6", "noted"),
    [(0.4, 1.2, True), (0.4, 1.19, False), (0.1, 0.3, False), (0.3, 0.99, False), (0.3, 1.0, True)],
)
def test_ipv6_three_times_slower_is_noted_where_it_is_slow_at_all(v4, v6, noted):
    facts = [survey(NOW), *(f for n in range(10) for f in slow(ago(hours=n), v4=v4, v6=v6))]
    part = parts(facts)["latency"]
    assert (part.severity is Severity.WARNING) is noted
    assert rule("site.ipv6", SITE, [*facts, comparison(NOW), inner(NOW)]).status is Status.PASSED
    assert f"相差 {v6 - v4:+.2f} 秒" in part.text


# The same site (behaviours 7, 8, 9, 10, 13)


def other_tenant(at):
    return comparison(at, page_print(6, text=OTHER_TEXT, title="站点创建成功", links=["/panel"] * 1))


def same_template_other_text(at):
    return comparison(at, page_print(6, text=OTHER_TEXT))


def old_back_up(at):
    return comparison(at, page_print(6, text=TEXT, dates=(date(2025, 11, 20),)))


def other_links(at):
    return comparison(at, page_print(6, links=[f"/old/{n}.html" for n in range(40)]))


@pytest.mark.parametrize("made", [other_tenant, same_template_other_text, old_back_up, other_links])
def test_another_page_over_ipv6_fails_when_it_was_seen_twice(made):
    facts = twice(made, inner)
    assessment = rule("site.ipv6", SITE, facts)
    assert assessment.status is Status.FAILED
    [finding] = assessment.findings
    assert (finding.key, finding.severity) == ("content", Severity.PROBLEM)
    assert finding.details["differs"]
    once = [f for f in facts if f.kind != "family_comparison"] + [made(NOW)]
    assert rule("site.ipv6", SITE, once).status is Status.UNTESTED
    healed = [*facts, comparison(NOW + timedelta(0))]
    assert rule("site.ipv6", SITE, healed).status is Status.PASSED


@pytest.mark.parametrize(("days", "status"), [(6, Status.PASSED), (7, Status.FAILED), (8, Status.FAILED)])
def test_ipv6_may_lag_less_than_the_limit_in_its_newest_date(days, status):
    old = date(2026, 11, 23) - timedelta(days=days)
    assert (
        rule("site.ipv6", SITE, twice(lambda at: comparison(at, page_print(6, dates=(old,))), inner)).status is status
    )


def test_a_newer_date_over_ipv6_is_no_fault():
    newer = page_print(4, dates=(date(2026, 9, 1),))
    facts = twice(lambda at: comparison(at, page_print(6), four=newer), inner)
    assert rule("site.ipv6", SITE, facts).status is Status.PASSED


def test_what_changes_as_much_over_ipv4_by_itself_is_the_same():
    facts = twice(
        lambda at: comparison(at, page_print(6, text=OTHER_TEXT), again=page_print(4, text="页" * 200)), inner
    )
    assert rule("site.ipv6", SITE, facts).status is Status.PASSED


def test_another_title_or_final_address_alone_is_told_and_does_not_fail():
    facts = twice(lambda at: comparison(at, page_print(6, title="首页", final=HOME + "v6/")), inner)
    assessment = rule("site.ipv6", SITE, facts)
    assert assessment.status is Status.PASSED
    [finding] = assessment.findings
    assert (finding.key, finding.severity) == ("differs", Severity.WARNING)
    assert "标题：IPv4“某县人民政府”，IPv6“首页”" in finding.text
    assert HOME + "v6/" in finding.text


def test_a_block_page_over_ipv6_alone_is_untested_and_told_with_a_hint():
    blocked = page_print(6, outcome=Outcome.BLOCKED, status=403)
    facts = twice(lambda at: comparison(at, blocked), inner)
    assessment = rule("site.ipv6", SITE, facts)
    assert assessment.status is Status.UNTESTED
    [finding] = assessment.findings
    assert finding.severity is Severity.WARNING
    assert "IPv4 200，IPv6 403" in finding.text
    assert "按来源地址限制" in finding.text


@pytest.mark.parametrize("outcome", [Outcome.BLOCKED, Outcome.TIMEOUT, Outcome.HTTP_ERROR])
def test_what_did_not_open_over_ipv4_is_not_compared(outcome):
    four = page_print(4, outcome=outcome, status=403)
    facts = twice(lambda at: comparison(at, page_print(6, outcome=outcome, status=403), four=four), inner)
    assessment = rule("site.ipv6", SITE, facts)
    assert assessment.status is Status.UNTESTED
    assert not assessment.findings


def test_a_shell_without_text_is_judged_by_its_title():
    def shell(family, title):
        return page_print(family, text="加载中", title=title, links=(), dates=())

    same = twice(lambda at: comparison(at, shell(6, "某县人民政府"), four=shell(4, "某县人民政府")), inner)
    assert rule("site.ipv6", SITE, same).status is Status.PASSED
    other = twice(lambda at: comparison(at, shell(6, "Welcome"), four=shell(4, "某县人民政府")), inner)
    assert rule("site.ipv6", SITE, other).status is Status.FAILED
    nameless = twice(lambda at: comparison(at, shell(6, ""), four=shell(4, "")), inner)
    assert rule("site.ipv6", SITE, nameless).status is Status.UNTESTED


def test_links_that_are_few_are_not_compared():
    few = page_print(6, links=LINKS[:4])
    facts = twice(lambda at: comparison(at, few, four=page_print(4, links=LINKS[4:9])), inner)
    assert rule("site.ipv6", SITE, facts).status is Status.PASSED


# Below the home page (behaviour 14)


@pytest.mark.parametrize(
    ("failed", "status"), [(0, Status.PASSED), (9, Status.PASSED), (10, Status.PASSED), (11, Status.FAILED)]
)
@pytest.mark.parametrize("number", [2, 3])
def test_nine_in_ten_links_of_a_level_open_over_ipv6(number, failed, status):
    counts = [level(n, reached=100 - failed, failed=failed) if n == number else level(n) for n in (2, 3)]
    facts = twice(comparison, lambda at: inner(at, *counts))
    assessment = rule("site.ipv6", SITE, facts)
    assert assessment.status is status
    part = parts(facts)[f"level{number}"]
    assert (part.reached, part.tested) == (100 - failed, 100)
    if status is Status.FAILED:
        [finding] = assessment.findings
        assert finding.key == f"level{number}"
        assert "（限不低于 90%）" in finding.text
        assert f"{HOME}v4/{number}/0.html（连接超时）" in finding.text


def test_the_share_is_the_editions():
    facts = twice(comparison, lambda at: inner(at, level(2, reached=85, failed=15), level(3)))
    assert rule("site.ipv6", SITE, facts).status is Status.FAILED
    assert rule("site.ipv6", SITE, facts, level2_share=0.85).status is Status.PASSED


def test_links_seen_failing_once_are_looked_at_again_first():
    facts = [*well(NOW), inner(NOW, level(2, reached=1, failed=9), level(3))]
    assessment = rule("site.ipv6", SITE, facts)
    assert assessment.status is Status.UNTESTED
    assert assessment.in_doubt == {"level2"}


@pytest.mark.parametrize(
    "counts",
    [level(2, reached=10, dead=90), level(2, reached=60, unknown=40)],
    ids=["dead over both", "a part blocked"],
)
def test_what_is_dead_over_both_or_blocked_counts_neither_way(counts):
    facts = twice(comparison, lambda at: inner(at, counts, level(3)))
    assert parts(facts)["level2"].points == 10
    assert rule("site.ipv6", SITE, facts).status is Status.PASSED


def test_a_sample_that_mostly_told_nothing_is_untested():
    facts = twice(comparison, lambda at: inner(at, level(2, reached=4, failed=5, unknown=10), level(3)))
    assert parts(facts)["level2"].status is PartStatus.UNTESTED
    assert not findings(facts)


def test_links_that_failed_while_the_home_page_failed_too_are_not_counted():
    facts = twice(comparison, lambda at: inner(at, level(2, reached=1, failed=99), level(3), stayed=False))
    assert parts(facts)["level2"].status is PartStatus.UNTESTED
    assert not findings(facts)


def test_a_site_without_inner_links_has_nothing_to_test_there():
    none = level(2, reached=0)
    facts = twice(comparison, lambda at: inner(at, none, replace(none, level=3)))
    assert parts(facts)["level2"].status is PartStatus.NOT_APPLICABLE
    assert rule("site.ipv6", SITE, facts).status is Status.PASSED


# 天窗 (behaviour 14)

LITERAL = OutsideHost(host="192.0.2.9", literal=True, resources=0, links=3, examples=("http://192.0.2.9/jiucuo",))
CDN = OutsideHost(
    host="img.example.net", literal=False, resources=5, links=0, examples=("http://img.example.net/a.png",)
)


def test_holes_are_listed_apart_and_do_not_fail():
    facts = [*well(NOW)[:-1], outside(NOW, LITERAL, CDN)]
    assessment = rule("site.ipv6", SITE, facts)
    assert assessment.status is Status.PASSED
    told = {f.key: f for f in assessment.findings}
    assert set(told) == {"resources", "outside"}
    assert {f.severity for f in told.values()} == {Severity.WARNING}
    assert "20 处，其中 5 处的主机没有 IPv6：img.example.net 5 处" in told["resources"].text
    assert "30 处，其中 3 处的主机没有 IPv6：192.0.2.9（IPv4 地址） 3 处" in told["outside"].text
    assert parts(facts)["resources"].points == 7.5


def test_holes_fail_where_the_edition_says_so():
    facts = [*well(NOW)[:-1], outside(NOW, CDN)]
    assessment = rule("site.ipv6", SITE, facts, count_outside=1)
    assert assessment.status is Status.FAILED
    assert [f.key for f in assessment.problems] == ["resources"]
