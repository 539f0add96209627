"""One page that was read: its text, and its tree, made once for all who read it and only where somebody does."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from monitor.extract.charset import decode


def parse(text: str) -> LexborHTMLParser:
    """A page parsed by lexbor; of one that is beyond all reason the beginning alone.

    An element within thousands of others costs lexbor a walk through all of them, and so does the thousandth attribute:
    5 MB would take twenty minutes.
    """
    return Document(text).tree


class Document:
    """``text`` was decoded from ``encoding``; ``utf8`` is the same in bytes where it came so: none need be made.
    Nobody may change ``tree``: the next reader needs it whole."""

    __slots__ = ("_tree", "_utf8", "encoding", "text")

    def __init__(self, text: str, encoding: str = "utf-8", utf8: bytes | None = None) -> None:
        self.text = text
        self.encoding = encoding
        self._utf8 = utf8
        self._tree: LexborHTMLParser | None = None

    @classmethod
    def of(cls, body: bytes, content_type: str) -> Document:
        """A page as it was sent."""
        decoded = decode(body, content_type)
        return cls(decoded.text, decoded.used, body if decoded.verbatim else None)

    @property
    def tree(self) -> LexborHTMLParser:
        """The page parsed by lexbor."""
        if self._tree is None:
            beyond_reason = len(self.text) > _LARGE and _is_beyond_reason(self.text)
            self._tree = LexborHTMLParser(self.text[:_LARGE] if beyond_reason else self._utf8 or self.text)
        return self._tree


_LARGE = 100_000  # characters: as bad as can be, they take half a second
_DEEPEST = 2_000  # browsers stop at 512
_MOST_ATTRIBUTES = 2_000
_TAG = re.compile(r"""<(?:!--|(/?)([a-z][a-z0-9]*)((?:[^<>"']|"[^"]*"|'[^']*')*))""")
_WITHIN_QUOTES = re.compile(r""""[^"]*"|'[^']*'""")
_RAW = frozenset(("script", "style"))
_UNCOUNTED = _RAW | frozenset(  # elements that hold nothing, and those that end without being told to
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr", "p",
     "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option", "colgroup", "rt", "rp", "html", "head",
     "body")
)  # fmt: skip


def _is_beyond_reason(text: str) -> bool:
    """Whether elements stand within one another by thousands, or one has thousands of attributes."""
    text = text.lower()
    depth = position = 0
    while found := _TAG.search(text, position):
        position = found.end()
        end, name, attributes = found.groups()
        if name is None or (name in _RAW and not end):
            position = text.find(f"</{name}>" if name else "-->", position)
            if position < 0:
                return False
        elif len(attributes) > _MOST_ATTRIBUTES and len(_WITHIN_QUOTES.sub("", attributes).split()) > _MOST_ATTRIBUTES:
            return True
        elif name not in _UNCOUNTED:
            depth = max(0, depth - 1) if end else depth + 1
            if depth > _DEEPEST:
                return True
    return False
