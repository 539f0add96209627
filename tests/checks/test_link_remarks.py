"""疑似被抢注, 内网链接 and 链接提示: what is told of links besides whether they open."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checks import LinkNature, Severity
from checks.core.assess import Status
from tests.checks.facts import HOME, NOW, SITE, ago, crawl, remark, rule


def test_a_hijacked_domain_is_a_finding_of_its_own_and_for_a_person_to_confirm():
    seen = remark(NOW, LinkNature.HIJACKED, detail="像是博彩网站", internal=False)
    [finding] = rule("site.hijacked_link", SITE, [seen, crawl(NOW)]).findings
    assert (finding.key, finding.severity) == ("old.example", Severity.PROBLEM)
    assert "像是博彩网站" in finding.text
    assert "人工" in finding.advice


def test_an_address_written_as_private_is_a_problem_and_one_that_only_resolves_so_here_is_told():
    facts = [
        remark(NOW, LinkNature.INTRANET, "http://192.168.1.5/oa"),
        remark(NOW, LinkNature.RESOLVES_INSIDE, "http://oa.example.gov.cn/"),
        crawl(NOW),
    ]
    findings = {f.key: f.severity for f in rule("site.intranet_link", SITE, facts).findings}
    assert findings == {
        "http://192.168.1.5/oa": Severity.PROBLEM,
        "http://oa.example.gov.cn/": Severity.WARNING,
    }


@pytest.mark.parametrize("check", ["site.hijacked_link", "site.intranet_link", "site.link_remark"])
def test_what_the_latest_crawl_no_longer_saw_is_gone(check):
    old = [remark(ago(days=7), nature) for nature in LinkNature]
    assert rule(check, SITE, [*old, crawl(ago(days=7)), crawl(NOW)]).status is Status.PASSED


@pytest.mark.parametrize("check", ["site.hijacked_link", "site.intranet_link", "site.link_remark"])
def test_a_crawl_cut_short_proves_nothing_to_be_absent(check):
    assert rule(check, SITE, [crawl(NOW, complete=False, reason="到时")]).status is Status.UNTESTED


def test_the_rest_is_told_and_nobody_is_accused():
    facts = [
        *(
            remark(NOW, n, detail="证书已过期")
            for n in LinkNature
            if n not in (LinkNature.HIJACKED, LinkNature.INTRANET)
        ),
        replace(crawl(NOW), empty_links=9, empty_pages=2, empty_on=(HOME,), robots="robots.txt 有限制"),
    ]
    assessment = rule("site.link_remark", SITE, facts)
    assert {f.severity for f in assessment.findings} == {Severity.WARNING}
    assert {f.key.partition(":")[0] for f in assessment.findings} == {
        "tls_problem", "tlcp_only", "long_chain", "missing_decor", "空链", "robots.txt",
    }  # fmt: skip
    assert "2 个页面上共有 9 处疑似空链" in " ".join(f.text for f in assessment.findings)
