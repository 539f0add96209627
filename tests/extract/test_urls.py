"""Addresses as pages write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.extract.urls import Resolver, normalise, resolve, same_site

BASE = "http://www.example.gov.cn/zwgk/list/index.html"


@pytest.mark.parametrize(
    ("href", "address"),
    [
        ("./202611/t1.html", "http://www.example.gov.cn/zwgk/list/202611/t1.html"),
        ("../x.html", "http://www.example.gov.cn/zwgk/x.html"),
        ("../../../../x.html", "http://www.example.gov.cn/x.html"),
        ("//b.gov.cn/x", "http://b.gov.cn/x"),
        ("HTTPS://B.Gov.CN:443/A", "https://b.gov.cn/A"),
        ("http://b.gov.cn:80", "http://b.gov.cn/"),
        ("http://b.gov.cn:8080/", "http://b.gov.cn:8080/"),
        ("http:\\\\b.gov.cn\\a\\b.html", "http://b.gov.cn/a/b.html"),
        ("..\\x.html", "http://www.example.gov.cn/zwgk/x.html"),
        (" x.html#top ", "http://www.example.gov.cn/zwgk/list/x.html"),
        ("\u3000/a.html\n", "http://www.example.gov.cn/a.html"),
        ("/a\n/b.html", "http://www.example.gov.cn/a/b.html"),
        ("?page=2", "http://www.example.gov.cn/zwgk/list/index.html?page=2"),
        ("/附件 1.pdf", "http://www.example.gov.cn/%E9%99%84%E4%BB%B6%201.pdf"),
        ("/%E9%99%84.pdf", "http://www.example.gov.cn/%E9%99%84.pdf"),
        ("http://b.gov.cn/a/../b/./c", "http://b.gov.cn/b/c"),
        ("http:///b.gov.cn/x", "http://b.gov.cn/x"),
        ("http://四川.政务/", "http://xn--wbsy6n.xn--zfr164b/"),
        ("http://[2001:DB8::1]:8080/a", "http://[2001:db8::1]:8080/a"),
        ("http://[2001:db8:0:0::1]/", "http://[2001:db8::1]/"),
        ("http://www.四川.公益/", "http://www.xn--wbsy6n.xn--55qw42g/"),
        ("http://中文。CN/", "http://xn--fiq228c.cn/"),
        ("http://ｗｗｗ．b.gov.cn/", "http://www.b.gov.cn/"),
        ("http://B.gov.cn./x", "http://b.gov.cn./x"),
        ("http://2130706433/", "http://127.0.0.1/"),
        ("http://0x7f.1/", "http://127.0.0.1/"),
        ("http://u:p@b.gov.cn/", "http://u:p@b.gov.cn/"),
        ("http://@b.gov.cn/", "http://b.gov.cn/"),
        ("http:t1.html", "http://www.example.gov.cn/zwgk/list/t1.html"),
        ("https:b.gov.cn/x", "https://b.gov.cn/x"),
        ("/a/%2e%2E/b", "http://www.example.gov.cn/b"),
        ("/a?", "http://www.example.gov.cn/a"),
        ("/a?b#c?d", "http://www.example.gov.cn/a?b"),
    ],
)
def test_an_address_is_made_absolute_and_normal(href: str, address: str) -> None:
    assert resolve(BASE, href) == address


@pytest.mark.parametrize(
    "href",
    [
        "", "  ", "#", "#top", "javascript:void(0)", "JavaScript:;", "java\nscript:x()", "mailto:a@b.cn", "tel:12345",
        "data:image/png;base64,AA", "ftp://a.cn/", "file:///c:/a", "C:\\a.doc", "http://", "http://[", "http://a b.cn/",
        "http://a.cn:99999/", "http://a.cn:x/", "{{item.url}}", "${url}", "<%=url%>", "'+url+'", "about:blank",
    ],
)  # fmt: skip
def test_what_leads_to_no_page_is_none(href: str) -> None:
    assert resolve(BASE, href) is None


def test_a_query_goes_out_in_the_encoding_of_the_page_and_a_path_in_utf8() -> None:
    assert resolve(BASE, "/查?q=中文", encoding="gb18030") == "http://www.example.gov.cn/%E6%9F%A5?q=%D6%D0%CE%C4"
    assert resolve(BASE, "/?q=中文") == "http://www.example.gov.cn/?q=%E4%B8%AD%E6%96%87"
    assert resolve(BASE, "/?q=ø", encoding="gb2312") == "http://www.example.gov.cn/?q=%26%23248%3B"
    assert resolve(BASE, "/a#问?q=中", encoding="gb2312") == "http://www.example.gov.cn/a"


def test_normalise_keeps_what_is_no_address() -> None:
    assert normalise("mailto:a@b.cn") == "mailto:a@b.cn"
    assert normalise("HTTP://A.cn") == "http://a.cn/"


@pytest.mark.parametrize(
    ("url", "home", "same"),
    [
        ("http://www.a.gov.cn/x", "http://www.a.gov.cn/", True),
        ("https://a.gov.cn:8443/x", "http://www.a.gov.cn/", True),
        ("http://WWW.A.gov.cn/x", "http://a.gov.cn", True),
        ("http://mail.a.gov.cn/", "http://a.gov.cn/", False),
        ("http://xa.gov.cn/", "http://a.gov.cn/", False),
        ("mailto:x@a.gov.cn", "http://a.gov.cn/", False),
        ("", "", False),
    ],
)
def test_a_site_is_its_host_with_and_without_www(url: str, home: str, same: bool) -> None:
    assert same_site(url, home) is same


@given(st.text(max_size=60))
def test_any_text_gives_an_address_that_stays_itself_or_none(href: str) -> None:
    address = resolve(BASE, href)
    if address is not None:
        assert address.isascii()
        assert address.startswith(("http://", "https://"))
        assert resolve(address, address) == address


PIECES = st.sampled_from(
    ["..", ".", "a", "B-1", "x.html", "", "?q=1", "#t", "%e4", "中", "a b", "//", "http:", "c:", "~", "&amp;", "\\"]
)
PAGES = [
    BASE,
    "http://www.example.gov.cn/",
    "http://a.cn:8080/x/y/z?u=/p/q",
    "http://a.cn/a//b/c.html",
    "https://a.cn/.x/y",
]


@given(st.sampled_from(PAGES), st.lists(PIECES, max_size=6), st.sampled_from(["", "/", "//", "./", " "]))
def test_the_memory_and_the_short_cuts_change_no_address(page: str, pieces: list[str], start: str) -> None:
    href = start + "/".join(pieces)
    resolver = Resolver()
    for other in PAGES:  # what was resolved on other pages must not be told here
        resolver.at(other, "gb18030")(href)
    assert resolver.at(page, "utf-8")(href) == resolve(page, href)
    assert resolver.at(page, "utf-8")(href) == resolve(page, href)


@pytest.mark.parametrize(
    "href", ["a.html", "./a/b.html", "/a/b/", "c1/d-2_3~4.shtml", "/", "a", "x.y/z.htm", "./202611/t1_2.html"]
)
@pytest.mark.parametrize(
    "base",
    [
        "http://www.example.gov.cn", "http://www.example.gov.cn/", "HTTP://WWW.Example.gov.cn:80/a/index.html?x=/y/#z",
        "https://www.example.gov.cn:8443/a/b", "http://[2001:db8::1]/a/", "http://例子.中国/目录/页.html",
        "http://u@www.example.gov.cn/a/../b/c.html",
    ],
)  # fmt: skip
def test_the_short_way_for_plain_links_leads_where_the_long_one_does(base: str, href: str) -> None:
    # A query that is then taken away keeps a link from the short way.
    assert f"{resolve(base, href)}?q" == resolve(base, f"{href}?q")


HOSTS = st.lists(
    st.sampled_from(["a", "b-1", "cn", "127", "0", "01", "255", "256", "xn--", "xn--fiqs8s", ""]), max_size=5
)


@given(
    HOSTS, st.sampled_from(["", ":80", ":443", ":8080", ":0", ":65536"]), st.lists(PIECES, max_size=4), st.booleans()
)
def test_an_address_that_is_taken_as_it_is_is_what_the_standard_makes_of_it(
    labels: list[str], port: str, pieces: list[str], secure: bool
) -> None:
    href = f"http{'s' * secure}://{'.'.join(labels)}{port}/{'/'.join(pieces)}"
    # A query that is then taken away keeps an address from the short way.
    if "?" not in href and "#" not in href:
        assert resolve(BASE, href) == ((resolve(BASE, f"{href}?q") or "").removesuffix("?q") or None)


@pytest.mark.parametrize("base", ["", "javascript:void(0)", "ftp://www.example.gov.cn/a/"])
def test_a_page_without_an_address_of_its_own_has_no_plain_links(base: str) -> None:
    assert resolve(base, "a.html") is None
