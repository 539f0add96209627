"""开普云 UCAP: a shell asks ``/common/search/<id>`` for its list, which comes as JSON (web.md §5.6)."""

from __future__ import annotations

import re

from monitor.extract.readers import Reading, Source, Wanted
from monitor.extract.urls import resolve

NAME = "开普云接口"


def read(source: Source) -> Reading | None:
    """The address of the list, or None. A page that asks for several lists does not say which is its own."""
    found = {match[1] for match in _SEARCH.finditer(source.text)}
    if len(found) != 1:
        return None
    url = resolve(source.url, found.pop() + _QUERY, encoding=source.encoding)
    return Reading(NAME, wanted=(Wanted(url),)) if url else None


_SEARCH = re.compile(r"""["'=]((?:https?://[\w.:-]+)?/(?:[\w-]+/)*common/search/[0-9a-f]{32})(?=["'?])""")
_QUERY = "?_isAgg=true&_isJson=true&_pageSize=20&_template=index&_rangeTimeGte=&_channelName=&page=1"
