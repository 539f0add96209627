"""The links of a page, as a browser would follow or load them. Not those in comments or in script text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborAttributes, LexborHTMLParser, LexborNode

from monitor.extract.document import Document
from monitor.extract.urls import Resolver, resolve


class Link:
    """One address that a page links to, at one place or several.

    ``is_page``: from a, area, frame, iframe or a refresh, and not an attachment or a media file by its extension.
    ``decor``: only a style asks for it, so that no reader meets it as a link. ``position`` counts the places of the
    page that hold an address, from 1.
    """

    __slots__ = ("decor", "is_page", "nodes", "position", "url")

    def __init__(self, url: str, position: int, *, is_page: bool = False, decor: bool = False) -> None:
        self.url = url
        self.position = position
        self.is_page = is_page
        self.decor = decor
        self.nodes: list[LexborNode] = []  # where it stands

    @property
    def is_form(self) -> bool:
        """Whether only forms send their readers there, with what was filled in."""
        return bool(self.nodes) and all(node.tag == "form" for node in self.nodes)

    @property
    def is_scripted(self) -> bool:
        """Whether only scripts act on its anchors, and browsers never go to the address."""
        return bool(self.nodes) and all(_forbids_clicks(node.attrs.get("onclick") or "") for node in self.nodes)

    @property
    def anchor(self) -> str:
        """What a reader sees of it, at the first place where that is anything. Read when it is asked for: of most links
        of a crawl it never is."""
        return next(filter(None, map(_anchor, self.nodes)), "")


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

    def read(self, page: Document, url: str) -> PageLinks:
        """All links of the page at ``url``."""
        # This is where a crawl spends most of its time: what need not be done again for each link is not.
        nodes = page.tree.css(_CARRIERS)
        tags = [node.tag for node in nodes]
        base = _base_of(nodes, url) if "base" in tags else url
        resolve_here = self._resolver.at(base, page.encoding)
        links: dict[str, Link] = {}
        local: dict[str, Link] = {}
        files = self._files
        empty = position = 0
        for tag, node in zip(tags, nodes, strict=True):
            attributes = node.attrs
            hrefs = _addresses(attributes, tag)
            styled: Sequence[str] = ()
            if tag == "style" or "style" in attributes:
                styled = self._style_addresses(node.text() if tag == "style" else attributes.get("style") or "")
            if not (hrefs or styled):
                continue
            position += 1
            for href in styled:
                address = resolve_here(href)
                if address is not None and address not in links:
                    links[address] = Link(address, position, decor=True)
            leads = tag in _PAGES
            for href in hrefs:
                if tag == "a" and href[:1] in _MAYBE_NOWHERE and _leads_nowhere(href, attributes):
                    empty += 1
                    continue
                address = resolve_here(href)
                if address is None:
                    if tag == "a" and _LOCAL.match(href):
                        local.setdefault(href, Link(href.strip(), position)).nodes.append(node)
                    continue
                link = links.get(address)
                if link is None:
                    link = links[address] = Link(address, position)
                elif link.decor:
                    link.decor, link.position = False, position
                if leads and not link.is_page:
                    is_file = files.get(address)
                    link.is_page = not (self._is_file(address) if is_file is None else is_file)
                link.nodes.append(node)
        return PageLinks(tuple(links.values()), empty, tuple(local.values()))

    def _is_file(self, address: str) -> bool:
        if len(self._files) > _MOST_KNOWN:
            self._files.clear()
        found = self._files[address] = is_attachment(address)
        return found

    def _style_addresses(self, css: str) -> tuple[str, ...]:
        if "url(" not in css and "URL(" not in css:
            return ()
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
    return LinkReader().read(Document(text, encoding), url)


def base_address(tree: LexborHTMLParser, url: str) -> str:
    """What relative addresses of the page are relative to."""
    return _base_of(tree.css("base[href]"), url)


def _base_of(nodes: Iterable[LexborNode], url: str) -> str:
    base = next((node for node in nodes if node.tag == "base" and "href" in node.attrs), None)
    return url if base is None else resolve(url, base.attrs.get("href") or "") or url


def is_attachment(url: str) -> bool:
    """Whether the address ends like a document, an archive, a picture or a recording."""
    path = url.partition("?")[0].partition("#")[0]
    name = path.rpartition("/")[2]
    return "." in name and name.rpartition(".")[2].lower() in _ATTACHMENTS and path.count("/") > 2


# Few and simple conditions, which lexbor looks for in half the time that the exact ones take.
_CARRIERS = "[href],[src],[srcset],[poster],[action],[data],style,meta,[style*='url(' i]"
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
_NO_DOCUMENT = frozenset(  # what browsers neither load nor show to a reader
    ("dns-prefetch", "preconnect", "canonical", "amphtml", "shortlink", "pingback", "edituri", "wlwmanifest", "profile")
)
_NOWHERE = re.compile(r"#?|javascript:\s*(?:void\s*\(?\s*(?:0|'[^']*'|\"[^\"]*\")?\s*\)?|;)?\s*;*", re.I)


# A statement that always forbids what the browser would do. "if (…) return false" forbids it only at times.
_PREVENTED = re.compile(r"(?:^(?:javascript:)?|[;}]) ?(?:return false[ ;]*$|\w+\.preventDefault\( ?\) ?(?:;|$))", re.I)
_LOCAL = re.compile(r"\s*(?:file:|[A-Za-z]:[\\/])", re.I)
_CSS_URL = re.compile(r"""url\(\s*(?:"([^"\n]*)"|'([^'\n]*)'|([^"'()\s]*))\s*\)""", re.I)
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_REFRESH = re.compile(r"""^\s*[\d.]+\s*[;,]\s*(?:url\s*=\s*)?["']?([^"'>\s]+)""", re.I)


_ADDRESS_IN = {
    **dict.fromkeys(("a", "area", "link"), "href"),
    **dict.fromkeys(("iframe", "frame", "img", "source", "video", "audio", "embed", "script", "input"), "src"),
    "object": "data",
    "form": "action",
}


def _addresses(attributes: LexborAttributes, tag: str | None) -> Sequence[str]:
    if tag == "a":
        href = attributes.get("href")
        return (href,) if href else ("",) if "href" in attributes else ()
    if tag == "meta":
        refreshes = (attributes.get("http-equiv") or "").strip().lower() == "refresh"
        target = _REFRESH.match(attributes.get("content") or "") if refreshes else None
        return (target[1],) if target else ()
    if tag == "form" and (attributes.get("method") or "get").strip().lower() != "get":
        return ()
    if tag == "link" and _NO_DOCUMENT & set((attributes.get("rel") or "").lower().split()):
        return ()
    written = attributes.get(_ADDRESS_IN.get(tag or "", ""))
    found = [written] if written else []
    if tag == "video" and (poster := attributes.get("poster")):
        found.append(poster)
    if tag in ("img", "source") and (srcset := attributes.get("srcset")):
        found += _SRCSET.findall(srcset)
    return found


# Candidates of a srcset are parted by commas, but an address may hold a comma as well (HTML standard).
_SRCSET = re.compile(r"(?:^|[\s,])(?!\d+(?:\.\d+)?[wxh](?:[\s,]|$))([^\s,]\S*[^\s,]|[^\s,])")


def _css_addresses(css: str) -> Iterator[str]:
    if "/*" in css:
        css = _CSS_COMMENT.sub("", css)
    for quoted, single, bare in dict.fromkeys(_CSS_URL.findall(css)):
        yield (quoted or single or bare).strip()


def _leads_nowhere(href: str, attributes: LexborAttributes) -> bool:
    nowhere = href == "#" or (len(href) <= 40 and _NOWHERE.fullmatch(href.strip()) is not None)
    return nowhere and "onclick" not in attributes


def _forbids_clicks(handler: str) -> bool:
    statements = ";".join(" ".join(line.split()) for line in handler.splitlines())
    return _PREVENTED.search(statements) is not None


_MAYBE_NOWHERE = frozenset(("", "#", "j", "J", " ", "\t", "\n", "\r"))


def _anchor(node: LexborNode) -> str:
    tag, attributes = node.tag, node.attrs
    if tag not in _PAGES or tag == "meta":
        return (attributes.get("alt") or "").strip()
    text = " ".join(node.text().split())
    if not text:
        image = node.css_first("img[alt]")
        text = (attributes.get("title") or (image.attrs.get("alt") if image else "") or "").strip()
    return text[:200]
