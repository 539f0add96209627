"""Bytes to text: what is declared, what is true, and what was lost."""

from __future__ import annotations

import codecs

import pytest

from monitor.extract.charset import Decoded, declared, decode

CHINESE = "县人民政府关于镕基同志调研的通知公告"  # 镕 is in GBK and not in GB2312
GB2312_PAGE = f"<html><head><meta charset=gb2312><title>{CHINESE}</title></head></html>"


def test_gb2312_is_read_as_gb18030() -> None:
    assert decode(GB2312_PAGE.encode("gb18030")) == Decoded(GB2312_PAGE, "gb18030", False)


def test_utf8_bytes_outvote_a_header_and_a_meta_that_say_gb2312() -> None:
    decoded = decode(GB2312_PAGE.encode(), "text/html; charset=gb2312")
    assert decoded == Decoded(GB2312_PAGE, "utf-8", False)


def test_gbk_bytes_outvote_a_header_that_says_utf8() -> None:
    body = f"<p>{CHINESE}</p>".encode("gb18030")
    assert decode(body, "text/html; charset=utf-8") == Decoded(f"<p>{CHINESE}</p>", "gb18030", False)


def test_short_gbk_text_without_any_declaration() -> None:
    for word in ("联通", "公告", "通知", "移动电话"):
        assert decode(f"<meta charset=gbk>{word}".encode("gbk")).text.endswith(word)
    assert decode("公告栏".encode("gbk")).text == "公告栏"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_decides(encoding: str) -> None:
    decoded = decode(f"<meta charset=gbk>{CHINESE}".encode(encoding), "text/html; charset=gbk")
    assert decoded.text == f"<meta charset=gbk>{CHINESE}"
    assert decoded.used.startswith(encoding[:5])


def test_of_two_metas_that_contradict_each_other_the_true_one_is_used() -> None:
    page = f'<meta charset="utf-8"><meta http-equiv="Content-Type" content="text/html; charset=gb2312">{CHINESE}'
    assert decode(page.encode("gbk")) == Decoded(page, "gb18030", False)
    assert decode(page.encode()) == Decoded(page, "utf-8", False)


def test_a_meta_behind_the_first_kilobyte_is_seen_and_one_in_a_comment_is_not() -> None:
    page = f"<!-- <meta charset=big5> --><!--{'x' * 3000}--><meta charset=gbk>{CHINESE}"
    assert declared(page.encode("gbk")) == "gbk"


def test_what_is_declared_is_told_whether_it_is_true_or_not() -> None:
    assert declared(GB2312_PAGE.encode()) == "gb2312"
    assert declared(GB2312_PAGE.encode(), "text/html; charset=UTF-8") == "utf-8"
    assert declared(codecs.BOM_UTF8 + GB2312_PAGE.encode(), "text/html; charset=gbk") == "utf-8"
    assert declared(CHINESE.encode()) == ""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_body_counts_as_verbatim_only_where_it_is_the_text_byte_for_byte(encoding: str) -> None:
    for body in (page := f"<p>{CHINESE}</p>".encode(encoding), page[:-4]):
        decoded = decode(body)
        assert decoded.verbatim is (encoding == "utf-8")
        assert not decoded.verbatim or decoded.text.encode() == body
    assert not decode(CHINESE.encode()[:-1]).verbatim


def test_big5_is_believed_where_it_is_declared() -> None:
    page = "<meta charset=big5>政府公告資訊"
    assert decode(page.encode("big5")).text == page


def test_a_character_cut_off_at_the_end_is_no_loss() -> None:
    for encoding in ("utf-8", "gb18030"):
        whole = f"<meta charset={encoding}>{CHINESE}".encode(encoding)
        decoded = decode(whole[:-1])
        assert decoded.text == f"<meta charset={encoding}>{CHINESE[:-1]}"
        assert not decoded.replaced


def test_a_title_cut_within_a_character_leaves_the_page_utf8() -> None:
    body = CHINESE.encode() * 3 + "通".encode()[:2] + b"<br>" + CHINESE.encode()
    decoded = decode(body)
    assert (decoded.used, decoded.replaced) == ("utf-8", True)
    assert decoded.text.startswith(CHINESE)


def test_latin1_in_a_header_is_a_servers_default_and_not_believed() -> None:
    assert decode(CHINESE.encode("gbk"), "text/html; charset=ISO-8859-1").text == CHINESE


@pytest.mark.parametrize("label", ["", "rot13", "no-such", "hex", "utf-7", "\"'"])
def test_nothing_that_a_server_declares_breaks_it(label: str) -> None:
    assert decode(CHINESE.encode(), f"text/html; charset={label}").text == CHINESE
    assert decode(bytes(range(256)), f"text/html; charset={label}").text


def test_an_empty_body_is_empty_text() -> None:
    assert decode(b"") == Decoded("", "utf-8", False)
    assert decode(codecs.BOM_UTF8).text == ""
