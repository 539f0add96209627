"""JSON list answers: of single-page sites, 开普云 UCAP, 广东 gkmlpt, and those of 大汉 jpaas that carry HTML."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from monitor.extract.readers import Reading, Source
from monitor.extract.records import best_list, total_is_zero

NAME = "接口数据"


def read(source: Source) -> Reading | None:
    """The list in a JSON answer, or None where the text is no JSON."""
    if source.text.lstrip("\ufeff \t\r\n")[:1] not in ("{", "["):
        return None
    try:
        answer = json.loads(source.text.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return Reading(NAME, whole=True, reason="接口返回的数据不完整，无法解析")
    items = best_list(answer, source.url, today=source.today, encoding=source.encoding)
    if items:
        return Reading(NAME, items, whole=True)
    if total_is_zero(answer):
        return Reading(NAME, says_empty=True, whole=True)
    markup = tuple(_fragments(answer))
    return Reading(NAME, whole=True, markup=markup, reason="接口返回的数据中未识别出列表")


def _fragments(value: Any) -> Iterator[str]:
    stack = [value]
    while stack:
        inner = stack.pop()
        if isinstance(inner, dict):
            stack.extend(inner.values())
        elif isinstance(inner, list):
            stack.extend(inner)
        elif isinstance(inner, str) and "<" in inner and ("<li" in inner or "<a" in inner or "<tr" in inner):
            yield inner
