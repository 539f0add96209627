"""The links of a page, as a browser would follow or load them. Not those in comments or in script text."""

from __future__ import annotations

from dataclasses import dataclass


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
    """All links of the page at ``url``."""
    raise NotImplementedError
