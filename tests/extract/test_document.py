"""A page that would keep the parser busy for minutes is read at its beginning alone; no real page is."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.extract.charset import decode
from monitor.extract.document import _LARGE, parse

LINK = "<a href=/end>x</a>"
PAGES = Path(__file__).parents[2] / ".." / "shared" / "corpus" / "pages"


@pytest.mark.parametrize(
    "piece",
    ["<div>", "<ul><li>", "<span>", "<b>", "<svg>", "<dl><dt>", "<div class='a>b'>", "<DIV\n>"],
)
def test_of_a_page_nested_without_end_the_beginning_is_read(piece: str) -> None:
    assert parse(piece * 200_000 + LINK).css_first("a") is None
    assert parse(LINK + piece * 200_000).css_first("a") is not None


def test_of_an_element_with_attributes_without_end_the_beginning_is_read() -> None:
    names = " ".join(f"a{number}=1" for number in range(100_000))
    assert parse(f"{LINK}<p {names}>{LINK}").css("a")[1:] == []


@pytest.mark.parametrize(
    "text",
    [
        "<div><p>段落</p></div>" * 20_000,
        "<p>没有结尾" * 50_000,
        "<ul>" + "<li>项" * 50_000 + "</ul>",
        "<table>" + "<tr><td>格" * 50_000 + "</table>",
        "<br><img src=x>" * 20_000,
        "<script>" + "if(a<b&&c<d){x='<div>'}" * 20_000 + "</script>",
        "<!-- " + "<div>" * 50_000 + " -->",
        f'<p style="{"x " * 200_000}">长</p>',
        "<div>" * 1_900 + "文" * _LARGE,
    ],
)
def test_a_large_page_is_read_whole(text: str) -> None:
    assert parse(text + LINK).css_first("a") is not None


@pytest.mark.skipif(not PAGES.is_dir(), reason="真实网页语料不在此机器上（../shared/corpus）")
def test_of_no_real_page_is_the_beginning_alone_read() -> None:
    texts = [decode(file.read_bytes()).text for file in PAGES.rglob("*.html")]
    assert any(len(text) > _LARGE for text in texts)
    unread = [text[:80] for text in texts if len(text) > _LARGE and len(parse(text).html or "") < len(text) // 2]
    assert unread == []
