"""The links of a page that could be an item's title: where they lead and what they are called."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from monitor.extract.dates import url_month
from monitor.extract.tree import Element, Page
from monitor.extract.urls import resolve


@dataclass(slots=True, eq=False)
class Anchor:
    """A link with a title. ``first`` and ``last`` bound its texts of the page; ``url`` is "" where a script has it."""

    element: Element
    url: str
    title: str
    first: int
    last: int


def title_anchors(page: Page, *, dates: frozenset[int], encoding: str) -> list[Anchor]:
    """Links whose text is a title, in reading order. ``dates`` are indexes of texts that are a date and no title."""
    found: list[Anchor] = []
    for element in page.elements:
        if element.tag != "a" and not (page.has_handlers and "onclick" in element.attributes):
            continue
        href = _address(element)
        url = resolve(page.base, href, encoding=encoding) if href else ""
        if url is None or (not url and not _opens_by_script(element)):
            continue
        title = _title(page, element, dates)
        if len(title) >= (2 if url or element.tag == "a" else _CLICKED) and not _GENERIC.fullmatch(title):
            found.append(Anchor(element, url, title, element.first, element.last))
    return _outermost(found)


def leads_to_article(url: str) -> bool:
    """Whether an address looks like one article's, and not like that of a section or of a home page."""
    parts = urlsplit(url)
    if url_month(url) or parts.hostname == "mp.weixin.qq.com":
        return True
    path = parts.path.lower()
    return _ARTICLE.search(path) is not None or (parts.query != "" and _ID_IN_QUERY.search(parts.query) is not None)


_SPACES = re.compile(r"\s+")
_IN_ONCLICK = re.compile(r"['\"]([^'\"\s]*(?:/|\.s?html?|\.jspx?|\.aspx?)[^'\"]*)['\"]", re.I)
_BY_SCRIPT = re.compile(r"\s*javascript:\s*(?!void|;|\s*$)\w+", re.I)
_OPENS = re.compile(r"\s*(?:return\s+)?[\w.$]+\s*\(\s*(?:this\s*,\s*)?['\"]?[\w-]*\d[\w-]*['\"]?\s*[,)]")
_CLICKED = 6  # characters of a title that no link carries: less is a button or a tab
_SHORTEST = 4
_GENERIC = re.compile(
    r"[\s\W\d]*(?:\[?(?:查看)?(?:更多|详情|详细|全文|原文|内容)\]?|more|查看|下载|(?:点击)?下载(?:附件|文字版|图片版|word版?|pdf版?)?|附件\d*|"
    r"阅读(?:全文|原文|更多)|了解更多|进入|返回(?:顶部|首页|列表|上一?页)?|首页|上一页|下一页|尾页|末页|上页|下页|打印(?:本页)?|关闭(?:窗口|本页)?|分享|收藏|"
    r"解读|图解|相关(?:解读|链接|文件)|政策解读|我要(?:咨询|写信|建议)|预览|在线(?:预览|阅读)|展开|收起|置顶)?[\s\W\d]*",
    re.I,
)
_ARTICLE = re.compile(
    r"/(?:art|post|mpost|content|c|t|arti|info|detail|show|view|article)[_-]?[0-9a-f]*\d{4,}|/[0-9a-f]{24,}|"
    r"\d{4,}[^/]*\.(?:s?html?|jspx?|aspx?|php)$|/content(?:_\w+)?\.s?html?$|/\d{5,}/index\.s?html?$|"
    r"[0-9a-f]{8}-[0-9a-f]{4}-|/article/\w+/\d+|/p\d{10,}|\.(?:pdf|docx?|xlsx?|ofd|wps)$"
)
_ID_IN_QUERY = re.compile(r"(?:^|&)\w*(?:id|no|code)=[0-9a-f-]{3,}", re.I)


def _opens_by_script(element: Element) -> bool:
    """Whether a script opens it as one item: a link to javascript, or a click handler that is given a number."""
    if element.tag == "a" and _BY_SCRIPT.match(element.attributes.get("href", "")):
        return True
    return _OPENS.match(element.attributes.get("onclick", "")) is not None


def _address(element: Element) -> str:
    href = element.attributes.get("href", "").strip()
    if href and not href.startswith("#") and not href.lower().startswith("javascript"):
        return href
    for script in (element.attributes.get("onclick", ""), href):
        if match := _IN_ONCLICK.search(script):
            return match[1]
    return ""


def _title(page: Page, element: Element, dates: frozenset[int]) -> str:
    words = [t.value for t in page.texts[element.first : element.last] if t.index not in dates]
    if len(words) > 1 and element.children:
        plain = [w for w in words if w[0] not in "（(" and len(w) >= _SHORTEST]  # 经某日批准 stands under a title
        text = _SPACES.sub(" ", max(plain or words, key=len)).strip()
    else:
        text = " ".join(words).strip()
    given = _SPACES.sub(" ", element.attributes.get("title", "")).strip()
    if not text:
        return given or _of_image(element)
    cut = text.rstrip(".…").strip()
    if len(given) > len(text) and cut and given.startswith(cut[: max(2, len(cut) - 2)]):
        return given
    return text


def _of_image(element: Element) -> str:
    for inner in element.walk():
        if inner.tag == "img" and len(alt := inner.attributes.get("alt", "").strip()) >= 6:
            return alt
    return ""


def _outermost(anchors: list[Anchor]) -> list[Anchor]:
    """Without those within another one, such as a link within a clickable row: the inner one wins, it is the finer."""
    inner = {id(ancestor) for anchor in anchors for ancestor in anchor.element.ancestors()}
    return [anchor for anchor in anchors if id(anchor.element) not in inner]
