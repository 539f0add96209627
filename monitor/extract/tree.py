"""A page as a light tree of elements and texts in reading order: what a reader may see, without scripts and styles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from monitor.extract.document import parse
from monitor.extract.links import base_address


@dataclass(slots=True, eq=False)
class Element:
    """One element. ``first`` and ``last`` bound the texts within it: ``page.texts[first:last]``."""

    tag: str
    node: LexborNode | None
    parent: Element | None
    children: list[Element] = field(default_factory=list)
    first: int = 0
    last: int = 0
    _attributes: dict[str, str] | None = None
    _furniture: bool | None = None

    @property
    def attributes(self) -> dict[str, str]:
        if self._attributes is None:
            given = self.node.attributes if self.node is not None else {}
            self._attributes = {name: value or "" for name, value in given.items()}
        return self._attributes

    @property
    def names(self) -> str:
        """Its class and id, for what they tell of its role."""
        return f"{self.attributes.get('class', '')} {self.attributes.get('id', '')}".strip()

    @property
    def furniture(self) -> bool:
        """Whether it stands in a header, a menu, a pager or a footer of the page, as tags and names tell."""
        if self._furniture is None:
            chain = [self, *self.ancestors()]
            known = next((i for i, e in enumerate(chain) if e._furniture is not None), len(chain))
            inherited = bool(chain[known]._furniture) if known < len(chain) else False
            for element in reversed(chain[:known]):
                inherited = inherited or element.tag in _FURNITURE or _FURNITURE_NAMES.search(element.names) is not None
                element._furniture = inherited and element.parent is not None
        return bool(self._furniture)

    @property
    def hidden(self) -> bool:
        """Whether its own attributes keep it from being seen."""
        attributes = self.attributes
        return (
            "hidden" in attributes
            or _UNSEEN.search(attributes.get("style", "")) is not None
            or _HIDDEN_CLASS.search(attributes.get("class", "")) is not None
        )

    @property
    def conditional(self) -> bool:
        """Whether a script decides if it is seen."""
        return any(_CONDITIONAL.match(name) for name in self.attributes)

    def ancestors(self) -> Iterator[Element]:
        """Its parent, its parent's parent, and so on to the root."""
        element = self.parent
        while element is not None:
            yield element
            element = element.parent

    def walk(self) -> Iterator[Element]:
        """Itself and all elements within it, in reading order."""
        stack = [self]
        while stack:
            element = stack.pop()
            yield element
            stack.extend(reversed(element.children))


@dataclass(slots=True, eq=False)
class Text:
    """One run of text without blanks at its ends, where it stands, and its place among the page's texts."""

    value: str
    holder: Element
    index: int


@dataclass(slots=True, eq=False)
class Page:
    """``elements`` and ``texts`` in reading order; ``scripts`` is the text of all inline scripts;
    ``loaded_scripts`` are the addresses of the others, as written."""

    root: Element
    elements: list[Element]
    texts: list[Text]
    title: str
    scripts: str
    has_scripts: bool
    has_handlers: bool
    loaded_scripts: tuple[str, ...]
    base: str
    parsed: LexborHTMLParser

    def text_of(self, element: Element) -> str:
        """The text within an element, its runs parted by blanks."""
        return " ".join(t.value for t in self.texts[element.first : element.last])


def parse_page(text: str, url: str) -> Page:
    """Build the tree of a page or of a fragment."""
    parsed = parse(_in_table(text))
    title = parsed.css_first("title")
    scripts = parsed.css("script")
    root = Element("body", parsed.body, None)
    page = Page(
        root=root,
        elements=[root],
        texts=[],
        title=_SPACES.sub(" ", title.text()).strip() if title else "",
        scripts="\n".join(s.text() for s in scripts),
        has_scripts=bool(scripts),
        has_handlers="onclick" in text.lower(),
        loaded_scripts=tuple(src for s in scripts if (src := s.attributes.get("src"))),
        base=base_address(parsed, url),
        parsed=parsed,
    )
    if parsed.body is not None:
        _grow(page, parsed.body)
    return page


_SKIPPED = frozenset(("script", "style", "template", "select", "textarea", "svg", "head"))
_FURNITURE = frozenset(("header", "footer", "nav"))
_FURNITURE_NAMES = re.compile(
    r"(?:^|[\s_-])(?:header|foot(?:er)?|copyright|nav(?:bar|igation)?|(?:sub)?menu|crumbs?|breadcrumbs?|yqlj|"
    r"friend[_-]?links?|sitemap|pager|pagination|clock|weather|login)\d?(?=$|\s)",
    re.I,
)
_DEEPEST = 500  # elements within elements; what lies deeper is read as text of the last
_SPACES = re.compile(r"[\s\u200b\ufeff]+")
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_HIDDEN_CLASS = re.compile(r"(?:^|\s)(?:hide|hidden|none|d-none|dn|layui-hide|ng-hide)(?:\s|$)", re.I)
_CONDITIONAL = re.compile(r"v-(?:if|show|else)|ng-(?:if|show|hide|repeat)|ms-(?:if|visible|repeat)|x-show", re.I)
_WRITES = re.compile(
    r"""\s*(?:document\.write(?:ln)?\s*\([^;]*|[\w.$]+\s*\([^;]*)\)\s*;?\s*(?:(?://|<!--)[^\n]*)?\s*""", re.S
)
_WRITTEN = re.compile(
    r"""["'](\s*[\[(]?\s*(?:19|20)\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:[\sT]+\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?)?\s*[\])]?\s*)["']"""
)
_LONGEST_WRITER = 300
_ROWS_ONLY = re.compile(r"\s*(?:<!--.*?-->\s*)*<t(?:r|body|d)\b", re.I | re.S)


def _written(script: LexborNode) -> str:
    """The date that a row's own script prints where it stands: one call with one date written out in it."""
    if script.attributes.get("src"):
        return ""
    code = script.text()
    if len(code) > _LONGEST_WRITER or not _WRITES.fullmatch(code):
        return ""
    dates = _WRITTEN.findall(code)
    return dates[0].strip() if len(dates) == 1 else ""


def _in_table(text: str) -> str:
    """Rows of a table that came alone would lose their cells in a parser: give them their table back."""
    return f"<table>{text}</table>" if _ROWS_ONLY.match(text) else text


def _grow(page: Page, body: LexborNode) -> None:
    """Depth first without recursion: broken pages nest thousands deep."""
    elements, texts = page.elements, page.texts
    stack: list[tuple[LexborNode | None, Element, int]] = [(body.child, page.root, 0)]
    while stack:
        node, parent, depth = stack.pop()
        if node is None:
            parent.last = len(texts)
            continue
        stack.append((node.next, parent, depth))
        tag = node.tag or ""
        if tag == "-text":
            value = _SPACES.sub(" ", node.text_content or "").strip()
            if value:
                texts.append(Text(value, parent, len(texts)))
        elif tag == "script":
            if written := _written(node):
                texts.append(Text(written, parent, len(texts)))
        elif tag and tag[0] not in "-_!" and tag not in _SKIPPED:
            if depth >= _DEEPEST:
                stack.append((node.child, parent, depth))
                continue
            element = Element(tag, node, parent, first=len(texts))
            parent.children.append(element)
            elements.append(element)
            stack.append((node.child, element, depth + 1))
