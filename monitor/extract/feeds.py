"""RSS, Atom, RDF and JSON Feed → items with dates (accounts.md §6). Dates of the channel itself are never used."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.utils import parsedate_to_datetime
from html import unescape
from typing import Any

from lxml import etree

from checks import DateBasis
from monitor.extract.charset import decode
from monitor.extract.dates import CHINA, find_dates


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem:
    """``at`` is aware, None where undated; ``precision`` is "second" or "day" (then ``at`` is that day's 00:00 +08:00).

    ``raw`` is the date as the feed writes it.
    """

    title: str
    url: str
    at: datetime | None
    precision: str
    basis: DateBasis
    raw: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """``error`` (Chinese) is "" where the body is a feed."""

    items: tuple[FeedItem, ...] = ()
    undated: int = 0
    error: str = ""


def read_feed(body: bytes, *, content_type: str = "") -> Feed:
    """Read a feed. Never raises for anything a server sends."""
    if not body.strip():
        return Feed(error="订阅源返回的内容为空")
    if len(body) > _LARGEST:
        return Feed(error="订阅源超过 5 MB，未解析")
    text = decode(body, content_type).text.lstrip("\ufeff \t\r\n")
    return _json_feed(text) if text[:1] == "{" else _xml_feed(text)


def read_moment(raw: str) -> tuple[datetime, str] | None:
    """A feed's date → an aware time and its precision, or None. Without a zone it is China's; CST is China's too."""
    text = _CST.sub("+0800", raw.strip()).replace("-0000", "+0000")
    moment = _iso(text) or _rfc822(text) or _epoch(text) or _chinese(text)
    if moment is None or not 1990 <= moment.year <= 2100:
        return None
    # A raw date without a clock, or one that only fills the clock with zeros of a bare day.
    precision = "second" if ":" in text or _EPOCH.fullmatch(text) or _CLOCK_WORD.search(text) else "day"
    return (moment if moment.tzinfo else moment.replace(tzinfo=CHINA)), precision


_LARGEST = 5_000_000
_CST = re.compile(r"\bCST\b|\(?\b中国标准时间\)?")
_EPOCH = re.compile(r"\d{10}(?:\d{3})?")
_CLOCK_WORD = re.compile(r"[∶：]|\d\s*[时点]")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}.*)?")
_TAGS = re.compile(r"<[^<>]*>")
_SPACES = re.compile(r"\s+")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_CDATA = re.compile(rb"(<!\[CDATA\[.*?\]\]>)", re.S)
_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_BARE_AMPERSAND = re.compile(rb"&(?!#?\w{1,8};)")
_ROOTS = frozenset(("rss", "feed", "rdf"))
_PUBLISHED = ("pubdate", "published", "date", "issued", "created")
_UPDATED = ("updated", "modified")


def _xml_feed(text: str) -> Feed:
    root = _root(_DECLARATION.sub("", text, count=1).encode("utf-8", "replace"))
    if root is None:
        return Feed(error="订阅源格式错误，无法解析")
    if _name(root) not in _ROOTS:
        kind = "网页" if _name(root) == "html" else "其他内容"
        return Feed(error=f"返回的是{kind}，不是订阅源")
    return _feed(_xml_item(element) for element in root.iter() if _name(element) in ("item", "entry"))


def _root(body: bytes) -> etree._Element | None:
    for recover in (False, True):
        parser = etree.XMLParser(
            encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, recover=recover
        )
        try:
            root = etree.fromstring(_mended(body) if recover else body, parser)
        except etree.XMLSyntaxError:
            continue
        if root is not None:
            return root
    return None


def _mended(body: bytes) -> bytes:
    """Without control characters, and with bare & escaped outside CDATA: neither costs an item or a link."""
    parts = _CDATA.split(_CONTROLS.sub(b"", body))
    parts[::2] = [_BARE_AMPERSAND.sub(b"&amp;", part) for part in parts[::2]]
    return b"".join(parts)


def _xml_item(element: etree._Element) -> FeedItem:
    fields: dict[str, str] = {}
    link = ""
    for child in element:
        name = _name(child)
        if name == "link":
            relation, href = child.get("rel", "alternate"), child.get("href", "")
            link = link or (href if relation == "alternate" else "") or (child.text or "").strip()
        elif name and not fields.get(name):
            fields[name] = "".join(map(str, child.itertext())).strip()
    identity = fields.get("guid") or fields.get("id") or ""
    if not link and identity.startswith(("http://", "https://")):
        link = identity
    return _item(fields.get("title", ""), link.strip(), fields)


def _json_feed(text: str) -> Feed:
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError):
        return Feed(error="订阅源格式错误，无法解析")
    version = answer.get("version") if isinstance(answer, dict) else None
    if not str(version).startswith("https://jsonfeed.org/"):
        return Feed(error="返回的是其他内容，不是订阅源")
    records = answer.get("items")
    return _feed(_json_item(r) for r in (records if isinstance(records, list) else []) if isinstance(r, dict))


def _json_item(record: dict[str, Any]) -> FeedItem:
    fields = {"published": str(record.get("date_published") or ""), "updated": str(record.get("date_modified") or "")}
    url = next((str(record[k]) for k in ("url", "external_url", "id") if str(record.get(k)).startswith("http")), "")
    return _item(str(record.get("title") or record.get("summary") or ""), url, fields)


def _item(title: str, url: str, fields: dict[str, str]) -> FeedItem:
    title = _SPACES.sub(" ", unescape(_TAGS.sub("", title))).strip()
    first = ""
    for names, basis in ((_PUBLISHED, DateBasis.PUBLISHED), (_UPDATED, DateBasis.UPDATED)):
        for name in names:
            raw = fields.get(name, "")
            if moment := read_moment(raw):
                return FeedItem(title=title, url=url, at=moment[0], precision=moment[1], basis=basis, raw=raw)
            first = first or raw
    return FeedItem(title=title, url=url, at=None, precision="", basis=DateBasis.PUBLISHED, raw=first)


def _feed(items: Iterator[FeedItem]) -> Feed:
    found = tuple(items)
    return Feed(items=found, undated=sum(item.at is None for item in found))


def _name(element: etree._Element) -> str:
    """The local name in lower case; "" for a comment or an entity."""
    return etree.QName(element).localname.lower() if isinstance(element.tag, str) else ""


def _iso(text: str) -> datetime | None:
    if not _ISO.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _rfc822(text: str) -> datetime | None:
    if not re.search(r"[A-Za-z]{3}", text):
        return None
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None


def _epoch(text: str) -> datetime | None:
    if not _EPOCH.fullmatch(text):
        return None
    return datetime.fromtimestamp(int(text[:10]), UTC)


def _chinese(text: str) -> datetime | None:
    found = find_dates(text, today=date.max.replace(year=2100)) if len(text) <= 60 else []
    if len(found) != 1:
        return None
    return found[0].at or datetime.combine(found[0].day, time(), CHINA)
