"""Lists that a page carries as a script variable: ``var dataList = [{…}, …];``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import islice
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
_MOST = 200  # assignments in one page


def _values(text: str) -> Iterator[Any]:
    decoder = json.JSONDecoder()
    for match in islice(_ASSIGNMENT.finditer(text), _MOST):
        try:
            yield decoder.raw_decode(text, match.end())[0]
        except (ValueError, RecursionError):
            if text[match.end()] == "[" and (value := _relaxed(text, match.end())) is not None:
                yield value


def _relaxed(text: str, start: int) -> Any:
    """A literal in JavaScript's spelling: single quotes, bare keys, commas at the end."""
    end = text.find("];", start)
    if end < 0:
        return None
    literal = _SINGLE.sub(lambda m: json.dumps(m[1].replace("\\'", "'"), ensure_ascii=False), text[start : end + 1])
    literal = _TRAILING.sub(r"\1", _KEY.sub(r'\1"\2":', literal))
    try:
        return json.loads(literal)
    except (ValueError, RecursionError):
        return None
