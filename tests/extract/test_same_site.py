"""The comparison over both families, on real pages: other sites are different, the same page is the same."""

from __future__ import annotations

import itertools
import random
import re
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from checks import Outcome
from checks.core.ipv6.content import Verdict, compare
from checks.core.ipv6.facts import PagePrint
from checks.core.ipv6.limits import Limits
from checks.core.ipv6.sketch import shingles, similarity, sketch
from monitor.extract.charset import decode
from monitor.extract.prints import only_in, print_of
from tests.checks.ipv6_facts import comparison
from tests.extract.test_corpus import CORPUS

TODAY = date(2026, 11, 24)
HTML = sorted((CORPUS / "pages").glob("*.html"))
READABLE = [path for path in HTML if "waf" not in path.name]

needs_corpus = pytest.mark.skipif(not READABLE, reason="the corpus of saved pages is not on this machine")


@cache
def text(path: Path) -> str:
    return decode(path.read_bytes(), "").text


def print_page(html: str, url: str, family: int) -> PagePrint:
    found = print_of(html, url, today=TODAY)
    said, size = sketch(found.shingles)
    links, count = sketch(found.targets)
    return PagePrint(
        family=family, outcome=Outcome.OK, status_code=200, final_url=url, title=found.title, text=said,
        text_size=size, links=links, links_size=count, dates=found.dates,
    )  # fmt: skip


def host(path: Path) -> str:
    return path.name.split("-")[1]


def verdict(ours: str, theirs: str, url: str = "http://www.example.gov.cn/") -> Verdict:
    four, six = print_page(ours, url, 4), print_page(theirs, url, 6)
    return compare(comparison(date_time(), six, four=four), Limits()).verdict


def date_time():
    from tests.checks.facts import NOW

    return NOW


def with_other_characters(html: str) -> str:
    """Every Chinese character another one, at random; the markup stays."""
    chance = random.Random(5)
    return re.sub("[\u4e00-\u9fff]", lambda _: chr(chance.randrange(0x4E00, 0x9FFF)), html)


def with_other_noise(html: str) -> str:
    """What changes from one fetch to the next: nonces, view state, a counter, a clock, a banner, a session id."""
    html = re.sub(r"<script\b", lambda m: f'<script nonce="{random.random()}" ', html, flags=re.IGNORECASE)
    noise = (
        '<input type="hidden" name="__VIEWSTATE" value="/wEPDwUKMTY1{}"><p>您是第 {} 位访问者</p>'
        "<p>现在是 2026年11月24日 12:{:02}:07 星期二</p><div>{}</div>"
    ).format(
        random.random(),
        random.randrange(10**7),
        random.randrange(60),
        random.choice(["平安建设你我他", "优化营商环境"]),
    )
    return html.replace("</body>", noise + "</body>") if "</body>" in html else html + noise


@needs_corpus
def test_all_pairs_of_different_sites_are_different():
    prints = {path: print_page(text(path), "http://www.example.gov.cn/", 4) for path in READABLE}
    wrong = []
    for one, other in itertools.combinations(READABLE, 2):
        if host(one) == host(other):
            continue
        end = compare(comparison(date_time(), prints[other], four=prints[one]), Limits())
        if end.verdict is not Verdict.DIFFERENT:
            wrong.append((one.name, other.name, end))
    assert wrong == []


@needs_corpus
@pytest.mark.parametrize("path", READABLE, ids=lambda p: p.stem)
def test_the_same_template_with_all_its_characters_replaced_is_different(path):
    assert verdict(text(path), with_other_characters(text(path))) is Verdict.DIFFERENT


@needs_corpus
@pytest.mark.parametrize("path", READABLE, ids=lambda p: p.stem)
def test_a_page_against_itself_with_nonces_counters_and_clock_changed_is_the_same(path):
    random.seed(path.name)
    assert verdict(with_other_noise(text(path)), with_other_noise(text(path))) is Verdict.SAME


# Prints and sketches


def test_a_sketch_tells_the_share_that_two_sets_have_in_common():
    def of(first, last):
        return sketch(f"成员 {n}" for n in range(first, last))

    assert similarity(of(0, 50), of(0, 50)) == 1.0
    assert similarity(of(0, 50), of(50, 100)) == 0.0
    assert similarity(of(0, 60), of(30, 90)) == pytest.approx(30 / 90)
    assert similarity(of(0, 3000), of(1000, 4000)) == pytest.approx(0.5, abs=0.12)
    assert similarity(sketch([]), sketch([])) == 1.0
    assert len(of(0, 3000)[0]) < 700


def test_digits_and_punctuation_do_not_show_in_shingles():
    assert list(shingles(["访问量：12345 次"])) == list(shingles(["访问量：9 次"])) == ["访问量", "问量次"]
    assert list(shingles(["12:30", "", "县"])) == ["县"]


def test_a_print_leaves_out_scripts_today_and_the_own_host():
    html = (
        "<title> 某县 </title><script>var a='看不见'</script><style>p{}</style><p>发布 2026-11-20</p><p>2026-11-24</p>"
        "<a href='http://www.example.gov.cn/a.html'>甲</a><a href='/b.html?id=1'>乙</a><a href='https://x.example/'>丙</a>"
    )
    found = print_of(html, "http://example.gov.cn/index.html", today=TODAY)
    assert found.title == "某县"
    assert found.lines == ("发布 2026-11-20", "2026-11-24", "甲", "乙", "丙")
    assert found.dates == (date(2026, 11, 20),)
    assert found.targets == {"/a.html", "/b.html?id=1", "https://x.example/"}


def test_lines_that_one_family_alone_holds_are_shown():
    ours = print_of("<p>某县召开防汛工作会议</p><p>两边都有的一行文字</p><p>短</p>", "http://a.example/", today=TODAY)
    theirs = print_of("<p>两边都有的一行文字</p><p>站点创建成功默认页</p>", "http://a.example/", today=TODAY)
    assert only_in((ours,), (theirs,)) == ("某县召开防汛工作会议",)
    assert only_in((theirs,), (ours, ours)) == ("站点创建成功默认页",)
