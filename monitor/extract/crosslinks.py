"""Whether a page leads to another page, and whether it only says that it would. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from monitor.extract.links import page_links
from monitor.extract.urls import normalise


@dataclass(frozen=True)
class Crosslink:
    """``links``: a link to the other page stands in the source. ``hint``: it names related pages, or a script might
    hold the address."""

    links: bool
    hint: bool


def crosslink(text: str, url: str, other: str, *, encoding: str = "utf-8") -> Crosslink:
    """How the page at ``url`` leads to ``other``. The scheme and a trailing slash make no difference."""
    wanted = _place(other)
    links = any(_place(link.url) == wanted for link in page_links(text, url, encoding=encoding).links)
    named = urlsplit(other).path.rpartition("/")[2]
    hint = not links and (bool(_RELATED.search(text)) or (len(named) > 3 and named in text))
    return Crosslink(links, hint)


_RELATED = re.compile(
    r"相关(?:解读|文件|政策|链接|文档|信息|阅读|稿件)|(?:政策|文件|解读)(?:原文|链接|材料)|关联(?:文件|解读|阅读)"
)


def _place(url: str) -> tuple[str, str, str]:
    parts = urlsplit(normalise(url))
    return parts.netloc.rpartition("@")[2], parts.path.rstrip("/"), parts.query
