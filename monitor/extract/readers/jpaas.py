"""大汉 jpaas: a shell names the unit that draws its list (``queryData``); its answer is JSON that carries HTML."""

from __future__ import annotations

import html
import re
from urllib.parse import urlencode

from monitor.extract.readers import Reading, Source, Wanted
from monitor.extract.urls import resolve

NAME = "大汉 jpaas 接口"


def read(source: Source) -> Reading | None:
    """The address of the unit, or None. Of several units the one that has pages is the list (web.md §5.6)."""
    if "querydata" not in source.text.lower():
        return None
    units = [(unit, _fields(html.unescape(match[2]))) for unit, match in _units(source.text)]
    units = [(unit, fields) for unit, fields in units if "webId" in fields]
    if not units:
        return None
    units = [(unit, fields) for unit, fields in units if _PAGED.search(unit)] or units
    if len(units) > 1:
        return None
    unit, fields = units[0]
    address = _URL.search(unit)
    query = urlencode({**fields, "paramJson": '{"pageNo":1,"pageSize":20}'})
    url = resolve(source.url, f"{html.unescape(address[2]) if address else _DEFAULT}?{query}", encoding=source.encoding)
    return Reading(NAME, wanted=(Wanted(url),)) if url else None


_DEFAULT = "/api-gateway/jpaas-publish-server/front/page/build/unit"
_TAG = re.compile(r"<\w+\b[^<>]*?\squery[dD]ata\s*=[^<>]*>", re.S)
_QUERY = re.compile(r"query[dD]ata\s*=\s*(\"|')(.*?)\1", re.S)
_URL = re.compile(r"\surl\s*=\s*(\"|')([^\"']*build/unit[^\"'?]*)", re.S)
_FIELD = re.compile(r"""['"]?([A-Za-z]\w*)['"]?\s*:\s*['"]?([^'",{}]*)['"]?""")
_NESTED = re.compile(r"""['"]?paramJson['"]?\s*:\s*['"]?\{.*?\}['"]?,?""", re.S)
_PAGED = re.compile(r"page(?:No|Size|List)|分页|paging", re.I)


def _units(text: str) -> list[tuple[str, re.Match[str]]]:
    return [(tag, match) for tag in _TAG.findall(text) if (match := _QUERY.search(tag))]


def _fields(value: str) -> dict[str, str]:
    inner = _NESTED.sub("", value.strip().strip("{}"))
    return {name: text.strip() for name, text in _FIELD.findall(inner)}
