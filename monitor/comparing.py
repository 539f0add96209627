"""Two plain values compared field by field. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Difference:
    """One place where two values differ, and what stands there in each; ``None`` where nothing does."""

    place: str
    old: Any
    new: Any


def differences(old: Any, new: Any, place: str = "") -> Iterator[Difference]:
    """Where two values differ, mappings gone into, in the order of the new one and then of what only the old has."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in dict.fromkeys((*new, *old)):
            yield from differences(old.get(key), new.get(key), f"{place}.{key}" if place else str(key))
    elif old != new:
        yield Difference(place, old, new)
