from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from checks import Finding
from checks.core.assess import Status
from checks.core.calendar import Period
from checks.core.standard import Result
from reports.bulletin import quarter_bulletin
from reports.drafting import draft
from reports.html import to_html
from reports.inspection import half_year_report
from reports.lists import PROBLEMS_SHOWN
from reports.material import Imprint, Material
from reports.paper import ROWS_SHOWN
from tests.reports.district import HALF_YEAR, assessment, column, ganzi, material, site, verdict


class Reader(HTMLParser):
    """The tags, attributes and visible text of a page; a page whose tags do not nest fails."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: dict[str, str] = {}
        self.text = ""
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name: value or "" for name, value in attrs}
        if tag not in ("meta", "br"):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self._open:
            self.text += data


def quarter(of: Material) -> str:
    return to_html(draft(quarter_bulletin(of)))


def half_year(of: Material) -> str:
    return to_html(draft(half_year_report(replace(of, period=HALF_YEAR))))


PAPERS = pytest.mark.parametrize("paper", [quarter, half_year])

HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(1)"> {{ 7*7 }} &lt;b&gt; "引号"'


def hostile() -> Material:
    """A district in which every text that comes from outside tries to be markup."""
    bad = replace(site(1), name=HOSTILE, sponsor=HOSTILE, region=HOSTILE, supervisor=HOSTILE)
    bad_column = replace(column(bad), name=HOSTILE)
    found = Finding(text=HOSTILE, key=HOSTILE, url="javascript:alert(1)", advice=HOSTILE)
    return material(
        sites=[bad],
        columns=[bad_column],
        assessments=[
            assessment("site.homepage_stale", bad.ref, Status.FAILED, found),
            assessment("column.stale", bad_column.ref, Status.UNTESTED, reason=HOSTILE),
        ],
        verdicts={bad.ref: replace(verdict(bad.ref, Result.UNQUALIFIED), reasons=(HOSTILE,))},
        imprint=Imprint(issuer=HOSTILE, recipients=HOSTILE, number=HOSTILE, contact=HOSTILE),
    )


@PAPERS
def test_the_paper_prints_rates_with_both_numbers_and_names_the_edition(paper) -> None:
    text = Reader(paper(ganzi())).text
    for printed in ("28/39（71.8%）", "200/238（84.0%）", "39/41（95.1%）", "test-2026", "测字〔2026〕1号"):
        assert printed in text
    assert "须人工核查" in text
    assert "W1 安全泄密" in text
    assert "10 个工作日内" in text


@PAPERS
def test_text_from_outside_stays_text(paper) -> None:
    page = Reader(paper(hostile()))
    assert "script" not in page.tags
    assert "img" not in page.tags
    assert HOSTILE in page.text


@PAPERS
def test_the_paper_brings_all_it_needs_and_leads_nowhere(paper) -> None:
    page = Reader(paper(hostile()))
    assert {"link", "script", "a", "iframe", "object", "form"}.isdisjoint(page.tags)
    assert {"href", "src", "style"}.isdisjoint(page.attributes)
    assert "url(" not in paper(ganzi())
    assert "@import" not in paper(ganzi())


@PAPERS
def test_the_same_material_gives_the_same_text(paper) -> None:
    assert paper(ganzi()) == paper(ganzi())


@PAPERS
def test_the_order_of_the_assessments_does_not_show(paper) -> None:
    turned = replace(ganzi(), assessments=tuple(reversed(ganzi().assessments)))
    assert paper(turned) == paper(ganzi())


@PAPERS
def test_an_empty_register_gives_an_honest_paper(paper) -> None:
    text = Reader(paper(material(coverage=None, imprint=Imprint()))).text
    assert "本期没有取得任何检查结果" in text
    assert "登记册中没有应检查的政府网站" in text
    assert "没有发现" not in text
    assert "%" not in text


@PAPERS
def test_a_period_in_which_nothing_was_checked_praises_and_accuses_nobody(paper) -> None:
    text = Reader(paper(material(sites=[site(1), site(2)]))).text
    assert "均未能作出判定" in text
    assert "0/2（0.0%）" in text  # the coverage
    assert "没有发现" not in text
    assert "不合格政府网站：没有作出判定" in text


@PAPERS
def test_characters_that_no_document_holds_are_dropped(paper) -> None:
    odd = replace(site(1), name="甲\x00\x1b\ud800乙\u202e丙")
    page = paper(material(sites=[odd]))
    assert "甲乙丙" in page
    page.encode("utf-8")


def test_a_running_period_is_said_to_be_provisional() -> None:
    over = datetime(2027, 1, 2, tzinfo=UTC)
    assert "阶段性结果" in quarter(ganzi())
    assert "阶段性结果" not in quarter(replace(ganzi(), now=over))


def test_the_titles_name_paper_and_period() -> None:
    assert quarter_bulletin(ganzi()).title == "2026年第四季度政府网站与政务新媒体检查情况通报"
    first = replace(ganzi(), period=Period.parse("2027H1"))
    assert half_year_report(first).title == "2027年上半年政府网站与政务新媒体检查报告"


def test_only_the_half_year_report_has_scores() -> None:
    assert "政府网站得分情况" in half_year(ganzi())
    assert "96.5" in half_year(ganzi())
    assert "得分情况" not in quarter(ganzi())


def in_tables(page: str) -> str:
    """The part of a page from its list of problems on."""
    return page.partition('<h2 class="annex-title">问题清单')[2]


@pytest.mark.parametrize("count", [PROBLEMS_SHOWN - 1, PROBLEMS_SHOWN, PROBLEMS_SHOWN + 1])
def test_a_long_group_of_problems_is_cut_and_says_so(count: int) -> None:
    subject = site(1)
    dead = [Finding(text=f"链接{n}打不开", key=f"http://w.example/{n}") for n in range(count)]
    page = in_tables(
        quarter(
            material(sites=[subject], assessments=[assessment("site.dead_link", subject.ref, Status.FAILED, *dead)])
        )
    )
    assert page.count("打不开") == min(count, PROBLEMS_SHOWN)
    assert ("另有 1 个，见同名工作簿" in page) == (count > PROBLEMS_SHOWN)


@pytest.mark.parametrize("count", [ROWS_SHOWN - 1, ROWS_SHOWN, ROWS_SHOWN + 1])
def test_a_long_list_of_the_untested_is_cut_and_says_so(count: int) -> None:
    subjects = [site(n) for n in range(count)]
    reason = "监测被对方拦截"
    page = quarter(
        material(
            sites=subjects,
            assessments=[assessment("site.ipv6", s.ref, Status.UNTESTED, reason=reason) for s in subjects],
        )
    )
    assert page.count(reason) == min(count, ROWS_SHOWN)
    assert (f"共 {count} 行" in page) == (count > ROWS_SHOWN)


def test_the_charts_are_drawn_within_the_page_and_told_apart_by_pattern() -> None:
    page = quarter(ganzi())
    assert page.count("<svg") == 3  # sites by region, accounts by platform, problems
    assert "18 / 8 / 2" in page  # 甲县: the counts stand beside the bar
    assert {'fill="#fff"', 'fill="#222"'} <= set(page.split())
