"""Whether a document leads to its interpretation, and when it cannot be told."""

from __future__ import annotations

import pytest

from monitor.extract.crosslinks import Crosslink, crosslink

PAGE = "https://www.example.gov.cn/wj/202606/t20260601_1.html"
OTHER = "https://www.example.gov.cn/jd/202606/t20260602_2.html"


def read(body: str, other: str = OTHER) -> Crosslink:
    return crosslink(f"<html><body><h1>办法</h1>{body}</body></html>", PAGE, other)


@pytest.mark.parametrize(
    "href",
    [
        OTHER,
        "../../jd/202606/t20260602_2.html",
        "/jd/202606/t20260602_2.html",
        OTHER.replace("https", "http"),
        OTHER + "#top",
    ],
)
def test_any_way_of_writing_the_address_is_a_link(href):
    assert read(f'<a href="{href}">一图读懂</a>') == Crosslink(True, False)


def test_another_page_is_not_the_one():
    assert read('<a href="/jd/202606/t20260602_3.html">解读</a>') == Crosslink(False, False)


@pytest.mark.parametrize("body", ["<h3>相关解读</h3><ul id='list'></ul>", "<script>var u='t20260602_2.html'</script>"])
def test_a_page_that_a_script_may_complete_is_in_doubt(body):
    assert read(body) == Crosslink(False, True)
