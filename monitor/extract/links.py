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
        self._files: dict[str, bool] = {}
        self._styles: dict[str, tuple[str, ...]] = {}

    def read(
        self, text: str, url: str, *, encoding: str = "utf-8", wants_anchor: Callable[[str], bool] = lambda _url: True
    ) -> PageLinks:
        """All links of the page at ``url``; of those whose ``wants_anchor`` is false the anchor may be left empty."""
        # This is where a crawl spends most of its time: what need not be done again for each link is not.
        tree = LexborHTMLParser(text)
        resolve_here = self._resolver.at(base_address(tree, url), encoding)
        links: dict[str, Link] = {}
        local: dict[str, Link] = {}
        empty = 0
        for node in tree.css(_CARRIERS_AND_STYLES if _has_inline_styles(tree, text) else _CARRIERS):
            tag = node.tag or ""
            attributes = node.attributes
            if tag == "a":
                href = attributes.get("href") or ""
                if href[:1] in _MAYBE_NOWHERE and _leads_nowhere(href, attributes):
                    empty += 1
                    continue
                hrefs: tuple[str, ...] = (href,)
            else:
                hrefs = tuple(_addresses(attributes, tag))
            if tag == "style" or "style" in attributes:
                for href in self._style_addresses(node.text() if tag == "style" else attributes["style"] or ""):
                    address = resolve_here(href)
                    if address is not None and address not in links:
                        links[address] = Link(address, "", False, decor=True)
            for href in hrefs:
                address = resolve_here(href)
                if address is None:
                    if tag == "a" and _LOCAL.match(href):
                        local.setdefault(href, Link(href.strip(), _anchor(node, tag, attributes), False))
                    continue
                old = links.get(address)
                page = tag in _PAGES and not self._is_file(address)
                if old is None or old.decor or not old.anchor or (page and not old.is_page):
                    anchor = old.anchor if old is not None else ""
                    if not anchor and wants_anchor(address):
                        anchor = _anchor(node, tag, attributes)
                    links[address] = Link(address, anchor, page or (old is not None and old.is_page))
        return PageLinks(tuple(links.values()), empty, tuple(local.values()))

    def _is_file(self, address: str) -> bool:
        known = self._files.get(address)
        if known is None:
            if len(self._files) > _MOST_KNOWN:
                self._files.clear()
            known = self._files[address] = is_attachment(address)
        return known

    def _style_addresses(self, css: str) -> tuple[str, ...]:
        known = self._styles.get(css)
        if known is None:
            if len(self._styles) > _MOST_STYLES:
                self._styles.clear()
            known = self._styles[css] = tuple(_css_addresses(css))
        return known


_MOST_KNOWN = 100_000
_MOST_STYLES = 50


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
    if tag == "area":
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


def _has_inline_styles(tree: LexborHTMLParser, text: str) -> bool:
    """Whether more addresses stand in styles than the style sheets of the page hold."""
    outside = text.count("url(") + text.count("URL(")
    return outside > 0 and outside > sum(node.text().count("url(") for node in tree.css("style"))


def _css_addresses(css: str) -> Iterator[str]:
    if "url(" not in css and "URL(" not in css:
        return
    if "/*" in css:
        css = _CSS_COMMENT.sub("", css)
    for quoted, single, bare in dict.fromkeys(_CSS_URL.findall(css)):
        yield (quoted or single or bare).strip()


def _leads_nowhere(href: str, attributes: dict[str, str | None]) -> bool:
    return len(href) <= 40 and _NOWHERE.fullmatch(href.strip()) is not None and "onclick" not in attributes


_MAYBE_NOWHERE = frozenset(("", "#", "j", "J", " ", "\t", "\n", "\r"))


def _anchor(node: LexborNode, tag: str, attributes: dict[str, str | None]) -> str:
    if tag not in _PAGES or tag == "meta":
        return (attributes.get("alt") or "").strip()
    text = " ".join(node.text().split())
    if not text:
        image = node.css_first("img[alt]")
        text = (attributes.get("title") or (image.attributes.get("alt") if image else "") or "").strip()
    return text[:200]
