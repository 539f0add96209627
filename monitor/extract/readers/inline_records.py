"""Lists that a page carries as a script variable: ``var dataList = [{…}, …];``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from monitor.extract.readers import Reading, Source
from monitor.extract.records import best_list

NAME = "脚本变量"


def read(source: Source) -> Reading | None:
    """The variable with most dated records, or None. Records without dates are no list for sure."""
    best = max(
        (best_list(value, source.url, today=source.today, encoding=source.encoding) for value in _values(source.text)),
        key=len,
        default=(),
    )
    dated = sum(item.published is not None for item in best)
    return Reading(NAME, best) if dated >= 2 and dated * 2 >= len(best) else None


_ASSIGNMENT = re.compile(r"(?:var|let|const|window\.)\s*[\w.$]+\s*=\s*(?=\[\s*\{|\{)")
_KEY = re.compile(r"([{,]\s*)([A-Za-z_]\w*)\s*:")
_SINGLE = re.compile(r"'((?:[^'\\\n]|\\.)*)'")
_TRAILING = re.compile(r",\s*([}\]])")
_LONGEST = 2_000_000


def _values(text: str) -> Iterator[Any]:
    for match in _ASSIGNMENT.finditer(text):
        tail = text[match.end() : match.end() + _LONGEST]
        try:
            yield json.JSONDecoder().raw_decode(tail)[0]
        except ValueError:
            if tail[0] == "[" and (value := _relaxed(tail)) is not None:
                yield value


def _relaxed(tail: str) -> Any:
    """A literal in JavaScript's spelling: single quotes, bare keys, commas at the end."""
    end = tail.find("];")
    if end < 0:
        return None
    literal = _SINGLE.sub(lambda m: json.dumps(m[1].replace("\\'", "'"), ensure_ascii=False), tail[: end + 1])
    literal = _TRAILING.sub(r"\1", _KEY.sub(r'\1"\2":', literal))
    try:
        return json.loads(literal)
    except ValueError:
        return None
