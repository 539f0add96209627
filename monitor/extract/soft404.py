"""Pages that say "not found" with status 200, by their title and short visible text."""

from __future__ import annotations


def says_missing(text: str) -> bool:
    """Whether the page says that what was asked for is not there. An article about such pages does not."""
    raise NotImplementedError
