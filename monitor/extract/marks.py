"""The furniture that the norms ask of a government page: metas, footer codes. As printed, not judged."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from monitor.extract.document import parse


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """Each "" where the page does not carry it."""

    site_name: str = ""
    site_id_code: str = ""
    column_name: str = ""
    column_type: str = ""
    pub_date: str = ""
    article_title: str = ""
    footer_code: str = ""
    icp: str = ""
    police: str = ""


def read_marks(text: str) -> Marks:
    """Read metas (SiteName, SiteIDCode, …) and the footer's 网站标识码, ICP备案号, 公安备案号.

    Of a JSON article answer only the title is read.
    """
    if text.lstrip()[:1] in ("{", "["):
        return Marks(article_title=_json_title(text))
    tree = parse(text)
    metas = meta_contents(tree)
    tree.strip_tags(["script", "style", "template"])
    visible = _SPACES.sub("", (tree.body.text() if tree.body else "").translate(_WIDE))
    return Marks(
        site_name=metas.get("sitename", ""),
        site_id_code=metas.get("siteidcode", ""),
        column_name=metas.get("columnname", ""),
        column_type=metas.get("columntype", ""),
        pub_date=metas.get("pubdate", ""),
        article_title=metas.get("articletitle", ""),
        footer_code=_last(_CODE, visible),
        icp=_last(_ICP, visible),
        police=_last(_POLICE, visible),
    )


def meta_contents(tree: LexborHTMLParser) -> dict[str, str]:
    """The metas of a page by lower-case name; of several of one name the first that says something."""
    found: dict[str, str] = {}
    for node in tree.css("meta"):
        attributes = {name.lower(): value or "" for name, value in node.attributes.items()}
        name = (attributes.get("name") or attributes.get("property") or "").strip().lower()
        content = _SPACES.sub(" ", attributes.get("content", "")).strip()
        if name and not found.get(name):
            found[name] = content
    return found


_SPACES = re.compile(r"[\s\u200b\ufeff]+")
_WIDE = {ord("０") + i: str(i) for i in range(10)}
_CODE = re.compile(r"(?:网站)?标识码[:：]?((?:bm|BM|Bm)\d{8}|\d{10})(?!\d)")
_ICP = re.compile(
    r"([京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]ICP[备证]\d{5,10}号(?:-\d+)?)", re.I
)
_POLICE = re.compile(r"([京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]公网安备\d{8,16}号?)")
_TITLE_KEYS = ("doctitle", "articletitle", "title")


def _last(pattern: re.Pattern[str], text: str) -> str:
    """The footer's: what is printed last on the page."""
    found = pattern.findall(text)
    return found[-1] if found else ""


def _json_title(text: str) -> str:
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    for record in _records(answer, 3):
        fields = {str(key).lower(): value for key, value in record.items() if isinstance(value, str)}
        # A subtitle without line breaks is the better spelling of a title that was broken for the eye.
        title = next((fields[key] for key in _TITLE_KEYS if fields.get(key)), "")
        if "\n" in title and fields.get("docsubtitle"):
            title = fields["docsubtitle"]
        if title:
            return _SPACES.sub(" ", title).strip()
    return ""


def _records(value: object, depth: int) -> Iterator[dict[str, object]]:
    if isinstance(value, dict):
        yield value
        if depth:
            for inner in value.values():
                if isinstance(inner, dict):
                    yield from _records(inner, depth - 1)
