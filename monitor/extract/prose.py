"""Whether a page is prose: sentences to read, and no list of links."""

from __future__ import annotations

from monitor.extract.tree import Page


def is_prose(page: Page) -> bool:
    """Whether whole sentences outside links make up a text of some length."""
    sentences = [
        t.value
        for t in page.texts
        if len(t.value) >= _SENTENCE
        and "。" in t.value
        and not t.holder.furniture
        and all(e.tag != "a" for e in [t.holder, *t.holder.ancestors()])
    ]
    return sum(map(len, sentences)) >= _LENGTH


_SENTENCE = 15
_LENGTH = 40
