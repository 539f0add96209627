"""One page that was read: its text, and its tree, made once for all who read it and only where somebody does."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser


class Document:
    """``text`` was decoded from ``encoding``. Nobody may change ``tree``: the next reader needs it whole."""

    __slots__ = ("_tree", "encoding", "text")

    def __init__(self, text: str, encoding: str = "utf-8") -> None:
        self.text = text
        self.encoding = encoding
        self._tree: LexborHTMLParser | None = None

    @property
    def tree(self) -> LexborHTMLParser:
        """The page parsed by lexbor."""
        if self._tree is None:
            self._tree = LexborHTMLParser(self.text)
        return self._tree
