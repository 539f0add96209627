"""The links of a page, as a browser would follow or load them."""

from __future__ import annotations

from monitor.extract.links import page_links

URL = "http://www.example.gov.cn/a/index.html"


def addresses(body: str) -> list[str]:
    return [link.url for link in page_links(body, URL).links]


def test_links_are_unique_and_in_order_with_the_text_that_a_reader_clicks() -> None:
    page = page_links("<a href='b.html'> 通知 <b>公告</b></a><a href='/c.html'>x</a><a href='b.html#2'>again</a>", URL)
    assert [(link.url, link.anchor, link.is_page, link.position) for link in page.links] == [
        ("http://www.example.gov.cn/a/b.html", "通知 公告", True, 1),
        ("http://www.example.gov.cn/c.html", "x", True, 2),
    ]


def test_frames_areas_images_styles_scripts_and_get_forms_are_links_and_only_pages_are_pages() -> None:
    page = page_links(
        "<link rel=stylesheet href=s.css><script src=j.js></script><img src=i.png><iframe src=f.html></iframe>"
        "<map><area href=m.html></map><form action=q.jsp></form><form method=POST action=p.jsp></form>"
        "<img srcset='1x.png 1x, 2x.png 2x'><a href=d.pdf>附件</a><link rel=dns-prefetch href=//cdn.cn>",
        URL,
    )
    assert {link.url.rpartition("/")[2]: link.is_page for link in page.links} == {
        "s.css": False, "j.js": False, "i.png": False, "f.html": True, "m.html": True, "q.jsp": False,
        "1x.png": False, "2x.png": False, "d.pdf": False,
    }  # fmt: skip


def test_what_only_programs_ask_for_is_no_link() -> None:
    rels = ["profile", "pingback", "EditURI", "wlwmanifest", "shortlink", "canonical", "dns-prefetch", "preconnect"]
    assert addresses("".join(f"<link rel='{rel}' href=/{rel}>" for rel in rels)) == []
    assert len(addresses("<link rel='shortcut icon' href=/i><link rel=alternate href=/rss><link href=/x>")) == 3


def test_links_in_comments_scripts_and_templates_are_none() -> None:
    assert addresses("<!-- <a href=x.html>x</a> --><script>'<a href=y.html>'</script><a href='{{z}}'>z</a>") == []


def test_the_base_of_the_page_holds_for_all_its_links() -> None:
    assert addresses("<base href='/other/'><a href='x.html'>x</a>") == ["http://www.example.gov.cn/other/x.html"]


def test_entities_blanks_case_and_missing_schemes_are_read_as_browsers_do() -> None:
    assert addresses("<A HREF=' HTTP://B.cn/?a=1&amp;b=2 '>x</A><a href='//c.cn'>y</a>") == [
        "http://b.cn/?a=1&b=2",
        "http://c.cn/",
    ]


def test_anchors_that_lead_nowhere_are_counted() -> None:
    page = page_links(
        "<a href='#'>1</a><a href=''>2</a><a href='javascript:void(0);'>3</a><a href='javascript:;'>4</a>"
        "<a href='#' onclick='go()'>works</a><a href='#top'>up</a><a href='javascript:open(1)'>works</a>"
        "<a href='mailto:a@b.cn'>mail</a>",
        URL,
    )
    assert (page.links, page.empty) == ((), 4)


def test_a_place_is_counted_by_the_addresses_that_stand_there() -> None:
    page = page_links(
        "<meta name=a content=b><use href='#icon'></use><a style='background:url(bg.png)'>no link</a><img alt=x>"
        "<p style='background:url(p.png)'></p><a href=b.html>b</a>",
        URL,
    )
    assert {link.url.rpartition("/")[2]: link.position for link in page.links} == {"bg.png": 1, "p.png": 2, "b.html": 3}
    assert page.empty == 0


def test_an_image_lends_its_name_to_its_link() -> None:
    assert page_links("<a href='x.html'><img alt='专题专栏' src=''></a>", URL).links[0].anchor == "专题专栏"


def test_a_query_is_written_in_the_encoding_of_the_page() -> None:
    page = page_links("<a href='s?q=中'>x</a>", URL, encoding="gb18030")
    assert page.links[0].url == "http://www.example.gov.cn/a/s?q=%D6%D0"
