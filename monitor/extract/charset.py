"""Bytes of a page → text, along the ladder BOM, header, meta, strict trial. A false label is told, not judged."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text, the encoding used, and whether bytes were lost. ``verbatim``: the body is the text in UTF-8, byte for
    byte."""

    text: str
    used: str
    replaced: bool
    verbatim: bool = field(default=False, compare=False)


def decode(body: bytes, content_type: str = "") -> Decoded:
    """Decode a body. Never raises. A character that was cut off at the end is not counted as lost."""
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            return _lossy(body[len(bom) :], encoding)
    plain = _plain_utf8(body)
    if plain is not None:
        return Decoded(plain, "utf-8", False, verbatim=True)
    tried = [_ENCODINGS[label] for label in _labels(body, content_type) if label in _ENCODINGS]
    utf8, utf8_lost, wide = _as_utf8(body)
    # Chinese text in GBK is hardly ever valid UTF-8 of three-byte characters: the bytes outvote the declaration.
    if not utf8_lost and wide >= 2:
        return Decoded(utf8, "utf-8", False)
    for encoding in dict.fromkeys([*tried, "utf-8", "gb18030"]):
        if encoding == "gb18030" and utf8_lost * 20 < wide:
            continue  # nearly all of it is UTF-8: a title was cut in the middle of a character
        strict = _strict(body, encoding)
        if strict is not None:
            return Decoded(strict, encoding, False)
    if utf8_lost * 20 < wide:
        return Decoded(utf8, "utf-8", True)
    return _lossy(body, next((e for e in tried if e != "utf-8"), "gb18030"))


def declared(body: bytes, content_type: str = "") -> str:
    """The encoding that a page declares, in small letters; "" where it does not. A byte order mark is a declaration."""
    marked = next((encoding for bom, encoding in _BOMS if body.startswith(bom)), "")
    return marked or next(iter(_labels(body, content_type)), "")


_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_ENCODINGS = {
    **dict.fromkeys(("utf-8", "utf8", "unicode-1-1-utf-8", "utf-16", "utf-16le", "utf-16be"), "utf-8"),
    **dict.fromkeys(("gb2312", "gbk", "gb18030", "gb_2312", "gb_2312-80", "x-gbk", "chinese", "cp936"), "gb18030"),
    **dict.fromkeys(("big5", "big5-hkscs", "cn-big5", "x-x-big5"), "big5hkscs"),
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987"), "cp949"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis"), "cp932"),
}  # Latin-1 is not here: servers send it as a default in front of Chinese pages
_LABEL = rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]+)"
_META = re.compile(rb"<meta\b[^>]*?" + _LABEL, re.I)
_XML = re.compile(rb"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9_.:-]+)", re.I)
_COMMENT = re.compile(rb"<!--.*?-->", re.S)
_TWO_WIDE = re.compile(r"[\u0800-\uffff][^\u0800-\uffff]*[\u0800-\uffff]")
_NOT_A_LEAD = bytes(b for b in range(256) if not 0xE0 <= b <= 0xEF)  # E0–EF begin a character of three bytes
_HEAD_BYTES = 16_384  # browsers stop at 1024; government templates put their metas later than that


def _labels(body: bytes, content_type: str) -> list[str]:
    """The labels that were declared, the strongest first."""
    head = _COMMENT.sub(b"", body[:_HEAD_BYTES])
    found = re.findall(_LABEL, content_type.encode("ascii", "ignore"), re.I) + _XML.findall(head) + _META.findall(head)
    return [label.decode("ascii").lower() for label in found]


def _plain_utf8(body: bytes) -> str | None:
    """The body where it is whole UTF-8 with Chinese text in it, as nearly all pages are: told without counting."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return text if _TWO_WIDE.search(text) else None


def _as_utf8(body: bytes) -> tuple[str, int, int]:
    """The body as UTF-8, how many bytes-runs were lost, and how many characters of three bytes it has."""
    text = codecs.getincrementaldecoder("utf-8")("replace").decode(body)
    if text.isascii():
        return text, 0, 0
    lost = text.count("�") - body.count("�".encode())
    wide = len(body.translate(None, delete=_NOT_A_LEAD))
    return text, max(0, lost), max(0, wide - lost)


def _strict(body: bytes, encoding: str) -> str | None:
    try:
        return codecs.getincrementaldecoder(encoding)("strict").decode(body)
    except UnicodeDecodeError:
        return None


def _lossy(body: bytes, encoding: str) -> Decoded:
    strict = _strict(body, encoding)
    if strict is not None:
        return Decoded(strict, encoding, False)
    return Decoded(codecs.getincrementaldecoder(encoding)("replace").decode(body), encoding, True)
