"""A long title on several lines: broken between words, the lines of about equal length (GB/T 9704-2012, 7.3.1)."""

from __future__ import annotations

import math
import re

PER_LINE = 20  # 二号字一行 20 个

# 词中不断行
_WORDS = re.compile(
    r"政府网站|政务新媒体|整改通知单|检查情况|检查报告|通知单|通报|报告|问题|整改|限期|检查|\d{4}年|第.季度|.半年|[0-9A-Za-z]+|."
)
_NEVER_FIRST = frozenset("的、，。》）")
_NEVER_LAST = frozenset("与和及《（")


def balanced(title: str, per_line: int = PER_LINE) -> list[str]:
    """The lines of a title: as few as fit, broken where the longest is shortest."""
    words = _WORDS.findall(title)
    count = max(1, math.ceil(len(title) / per_line))
    if count == 1:
        return [title]
    return _broken(words, count) or [title]


def _broken(words: list[str], count: int) -> list[str] | None:
    if count == 1:
        return ["".join(words)]
    options: list[list[str]] = []
    for place in range(1, len(words)):
        if words[place] in _NEVER_FIRST or words[place - 1] in _NEVER_LAST:
            continue
        rest = _broken(words[place:], count - 1)
        if rest is not None:
            options.append(["".join(words[:place]), *rest])
    return min(options, key=lambda lines: (max(map(len, lines)), len(lines[0])), default=None)
