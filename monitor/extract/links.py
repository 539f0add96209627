"""The links of a page, as a browser would follow or load them. Not those in comments or in script text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from monitor.extract.urls import resolve


@dataclass(frozen=True, slots=True)
class Link:
    """``is_page``: from a, area, frame or iframe, and not an attachment or a media file by its extension."""

    url: str
    anchor: str
    is_page: bool


@dataclass(frozen=True, slots=True)
class PageLinks:
    """Links unique by address in order of first occurrence; ``empty`` counts anchors that lead nowhere."""

    links: tuple[Link, ...]
    empty: int


def page_links(text: str, url: str, *, encoding: str = "utf-8") -> PageLinks:
    """All links of the page at ``url``, of its frames, images, style sheets, scripts and GET forms too."""
    tree = LexborHTMLParser(text)
    base = base_address(tree, url)
    links: dict[str, Link] = {}
    empty = 0
    for node in tree.css(_CARRIERS):
        tag = node.tag or ""
        if tag == "a" and _leads_nowhere(node):
            empty += 1
        for href in _addresses(node, tag):
            address = resolve(base, href, encoding=encoding)
            if address is None:
                continue
            page = tag in _PAGES and not is_attachment(address)
            old = links.get(address)
            if old is None or (page and not old.is_page):
                links[address] = Link(address, old.anchor if old and old.anchor else _anchor(node, tag), page)
    return PageLinks(tuple(links.values()), empty)


def base_address(tree: LexborHTMLParser, url: str) -> str:
    """What relative addresses of the page are relative to."""
    node = tree.css_first("base[href]")
    href = (node.attributes.get("href") or "") if node else ""
    return resolve(url, href) or url


def is_attachment(url: str) -> bool:
    """Whether the address ends like a document, an archive, a picture or a recording."""
    return urlsplit(url).path.lower().rpartition(".")[2] in _ATTACHMENTS


_CARRIERS = (
    "a[href],area[href],iframe[src],frame[src],img,source,video,audio,embed[src],object[data],"
    "script[src],link[href],form[action],input[src]"
)
_PAGES = frozenset(("a", "area", "iframe", "frame"))
_ATTACHMENTS = frozenset(
    [
        "pdf",
        "doc",
        "docx",
        "wps",
        "xls",
        "xlsx",
        "et",
        "csv",
        "ppt",
        "pptx",
        "dps",
        "ofd",
        "rtf",
        "txt",
        "zip",
        "rar",
        "7z",
        "gz",
        "tar",
        "jpg",
        "jpeg",
        "png",
        "gif",
        "bmp",
        "webp",
        "svg",
        "ico",
        "mp3",
        "mp4",
        "m4a",
        "m3u8",
        "wav",
        "wma",
        "wmv",
        "avi",
        "flv",
        "mov",
        "mkv",
        "swf",
        "apk",
        "exe",
        "msi",
        "ceb",
        "css",
        "js",
        "json",
        "xml",
        "woff",
        "woff2",
        "ttf",
    ]
)
_NO_DOCUMENT = frozenset(("dns-prefetch", "preconnect", "canonical", "amphtml"))
_NOWHERE = re.compile(r"#?|javascript:\s*(?:void\s*\(?\s*(?:0|'[^']*'|\"[^\"]*\")?\s*\)?|;)?\s*;*", re.I)
_SPACES = re.compile(r"\s+")


def _addresses(node: LexborNode, tag: str) -> Iterator[str]:
    attributes = node.attributes
    if tag == "form":
        if (attributes.get("method") or "get").strip().lower() == "get":
            yield attributes.get("action") or ""
        return
    if tag == "link" and _NO_DOCUMENT & set((attributes.get("rel") or "").lower().split()):
        return
    for name in ("href", "src", "data", "poster"):
        if (name != "data" or tag == "object") and attributes.get(name):
            yield attributes[name] or ""
    for candidate in (attributes.get("srcset") or "").split(","):
        if candidate.strip():
            yield candidate.split()[0]


def _leads_nowhere(node: LexborNode) -> bool:
    attributes = node.attributes
    return _NOWHERE.fullmatch((attributes.get("href") or "").strip()) is not None and "onclick" not in attributes


def _anchor(node: LexborNode, tag: str) -> str:
    if tag not in _PAGES:
        return (node.attributes.get("alt") or "").strip()
    text = _SPACES.sub(" ", node.text()).strip()
    if not text:
        image = node.css_first("img[alt]")
        text = (node.attributes.get("title") or (image.attributes.get("alt") if image else "") or "").strip()
    return text[:200]
