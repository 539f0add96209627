"""广东 gkmlpt / NFCMS: the page carries its configuration, and an interface has the list of each of its columns.

Which column is meant stands in the fragment of the address, as in ``/gkmlpt/index#2741`` (web.md §5.6).
"""

from __future__ import annotations

import re

from monitor.extract.readers import Reading, Source, Wanted
from monitor.extract.urls import resolve

NAME = "gkmlpt 接口"


def read(source: Source) -> Reading | None:
    """The interface of the column, or None where the page is no gkmlpt."""
    if "_CONFIG" not in source.text or "/gkmlpt" not in source.url:
        return None
    sid = _SID.search(source.text)
    if sid is None:
        return None
    column = _FRAGMENT.search(source.url)
    if column is None:
        return Reading(NAME, whole=True, reason="信息公开目录页未指明栏目，台账网址应带“#栏目号”")
    root = source.url.partition("/gkmlpt")[0]
    url = resolve(root, f"{root}/gkmlpt/api/all/{column[1]}?page=1&sid={sid[1]}")
    return Reading(NAME, wanted=(Wanted(url),)) if url else None


_SID = re.compile(r"""\bSID["']?\s*:\s*["']?([\w-]{1,40})""")
_FRAGMENT = re.compile(r"#/?(\d{1,10})$")
