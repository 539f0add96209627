"""The links of a page, as a browser would follow or load them. Not those in comments or in script text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from monitor.extract.urls import Resolver, resolve


@dataclass(frozen=True, slots=True)
class Link:
    """``is_page``: from a, area, frame, iframe or a refresh, and not an attachment or a media file by its extension.
    ``decor``: only a style asks for it, so that no reader meets it as a link."""

    url: str
    anchor: str
    is_page: bool
    decor: bool = False


@dataclass(frozen=True, slots=True)
class PageLinks:
    """Links unique by address in order of first occurrence; ``empty`` counts anchors that lead nowhere; ``local`` are
    links to files of the author's own machine, as they are written."""

    links: tuple[Link, ...]
    empty: int
    local: tuple[Link, ...] = ()


class LinkReader:
    """Reads the pages of one crawl, and remembers how the addresses that return on every page resolve."""

    def __init__(self) -> None:
        self._resolver = Resolver()

    def read(
        self, text: str, url: str, *, encoding: str = "utf-8", wants_anchor: Callable[[str], bool] = lambda _url: True
    ) -> PageLinks:
        """All links of the page at ``url``; of those whose ``wants_anchor`` is false the anchor may be left empty."""
        tree = LexborHTMLParser(text)
        resolve_here = self._resolver.at(base_address(tree, url), encoding)
        links: dict[str, Link] = {}
        local: dict[str, Link] = {}
        empty = 0
        for node in tree.css(_CARRIERS_AND_STYLES if _STYLED.search(text) else _CARRIERS):
            tag = node.tag or ""
            attributes = node.attributes
            if tag == "a" and _leads_nowhere(attributes):
                empty += 1
                continue
            if tag == "style" or attributes.get("style"):
                for href in _css_addresses(node.text() if tag == "style" else attributes["style"] or ""):
                    address = resolve_here(href)
                    if address is not None and address not in links:
                        links[address] = Link(address, "", False, decor=True)
            for href in _addresses(attributes, tag):
                address = resolve_here(href)
                if address is None:
                    if tag == "a" and _LOCAL.match(href):
                        local.setdefault(href, Link(href.strip(), _anchor(node, tag, attributes), False))
                    continue
                old = links.get(address)
                page = tag in _PAGES and not is_attachment(address)
                if old is None or old.decor:
                    anchor = _anchor(node, tag, attributes) if wants_anchor(address) else ""
                    links[address] = Link(address, anchor, page)
                elif (page and not old.is_page) or not old.anchor:
                    anchor = old.anchor or (_anchor(node, tag, attributes) if wants_anchor(address) else "")
                    links[address] = Link(address, anchor, page or old.is_page)
        return PageLinks(tuple(links.values()), empty, tuple(local.values()))


def page_links(text: str, url: str, *, encoding: str = "utf-8") -> PageLinks:
    """All links of the page at ``url``, of its frames, images, style sheets, scripts and GET forms too."""
    return LinkReader().read(text, url, encoding=encoding)


def base_address(tree: LexborHTMLParser, url: str) -> str:
    """What relative addresses of the page are relative to."""
    node = tree.css_first("base[href]")
    href = (node.attributes.get("href") or "") if node else ""
    return resolve(url, href) or url


def is_attachment(url: str) -> bool:
    """Whether the address ends like a document, an archive, a picture or a recording."""
    path = url.partition("?")[0].partition("#")[0]
    name = path.rpartition("/")[2]
    return "." in name and name.rpartition(".")[2].lower() in _ATTACHMENTS and path.count("/") > 2


_CARRIERS = (
    "a[href],area[href],iframe[src],frame[src],img,source,video,audio,embed[src],object[data],"
    "script[src],link[href],form[action],input[src],style,meta[http-equiv]"
)
_CARRIERS_AND_STYLES = _CARRIERS + ",[style*=url]"
_STYLED = re.compile(r"style\s*=[^<>]*url\s*\(", re.I)
_PAGES = frozenset(("a", "area", "iframe", "frame", "meta"))
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


_LOCAL = re.compile(r"\s*(?:file:|[A-Za-z]:[\\/])", re.I)
_CSS_URL = re.compile(r"""url\(\s*(?:"([^"\n]*)"|'([^'\n]*)'|([^"'()\s]*))\s*\)""", re.I)
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_REFRESH = re.compile(r"""^\s*[\d.]+\s*[;,]\s*(?:url\s*=\s*)?["']?([^"'>\s]+)""", re.I)


def _addresses(attributes: dict[str, str | None], tag: str) -> Iterator[str]:
    if tag == "a" or tag == "area":
        yield attributes.get("href") or ""
        return
    if tag == "form":
        if (attributes.get("method") or "get").strip().lower() == "get":
            yield attributes.get("action") or ""
        return
    if tag == "meta":
        if (attributes.get("http-equiv") or "").strip().lower() == "refresh" and (
            target := _REFRESH.match(attributes.get("content") or "")
        ):
            yield target[1]
        return
    if tag == "link" and _NO_DOCUMENT & set((attributes.get("rel") or "").lower().split()):
        return
    for name in ("href", "src", "data", "poster"):
        if (name != "data" or tag == "object") and attributes.get(name):
            yield attributes[name] or ""
    if srcset := attributes.get("srcset"):
        yield from _SRCSET.findall(srcset)


# Candidates of a srcset are parted by commas, but an address may hold a comma as well (HTML standard).
_SRCSET = re.compile(r"(?:^|[\s,])(?!\d+(?:\.\d+)?[wxh](?:[\s,]|$))([^\s,]\S*[^\s,]|[^\s,])")


def _css_addresses(css: str) -> Iterator[str]:
    if "url(" not in css and "URL(" not in css:
        return
    if "/*" in css:
        css = _CSS_COMMENT.sub("", css)
    for quoted, single, bare in dict.fromkeys(_CSS_URL.findall(css)):
        yield (quoted or single or bare).strip()


def _leads_nowhere(attributes: dict[str, str | None]) -> bool:
    href = attributes.get("href") or ""
    if len(href) > 40:
        return False
    return _NOWHERE.fullmatch(href.strip()) is not None and "onclick" not in attributes


def _anchor(node: LexborNode, tag: str, attributes: dict[str, str | None]) -> str:
    if tag not in _PAGES or tag == "meta":
        return (attributes.get("alt") or "").strip()
    text = " ".join(node.text().split())
    if not text:
        image = node.css_first("img[alt]")
        text = (attributes.get("title") or (image.attributes.get("alt") if image else "") or "").strip()
    return text[:200]
