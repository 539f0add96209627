"""Text from outside made fit for a paper: what no document format can hold is dropped. Escaping is not done here."""

from __future__ import annotations

import re

_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# 双向文字控制符会让页面上后面的字倒着排，使人读错
_REORDERING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def plain(text: str) -> str:
    """The text without control characters, lone surrogates and marks that turn the writing direction."""
    if text.isprintable():  # 绝大多数文字：没有可去掉的字符，免去逐字查找
        return text
    return _REORDERING.sub("", _UNFIT.sub("", text))


def one_line(text: str) -> str:
    """The same on one line: every run of blanks is one blank."""
    return " ".join(plain(text).split())
