"""Small prints of large sets: enough to tell how alike two sets are, and too little to read them. Pure.

A sketch keeps the smallest of the members' hashes (bottom-k); two sketches estimate the Jaccard similarity of their
sets to about ±0.04, and exactly where both sets are small.
"""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Iterable, Iterator

SIZE = 128
SHINGLE = 3


def sketch(members: Iterable[str]) -> tuple[str, int]:
    """The sketch of a set of texts, and the size of the set."""
    hashes = {_hash(member) for member in members}
    kept = sorted(hashes)[:SIZE]
    return base64.b85encode(struct.pack(f">{len(kept)}I", *kept)).decode(), len(hashes)


def similarity(one: tuple[str, int], other: tuple[str, int]) -> float:
    """The share of members that two sets have in common (Jaccard), 0 to 1. Two empty sets are alike."""
    ours, theirs = _read(one[0]), _read(other[0])
    if not ours and not theirs:
        return 1.0
    whole = one[1] <= SIZE and other[1] <= SIZE
    union = sorted(ours | theirs)
    seen = union if whole else union[:SIZE]
    return sum(h in ours and h in theirs for h in seen) / len(seen)


def shingles(lines: Iterable[str]) -> Iterator[str]:
    """Runs of three signs of each line, digits and punctuation left out: counters, clocks and dates do not show."""
    for line in lines:
        plain = "".join(sign for sign in line.lower() if sign.isalpha())
        for start in range(max(1, len(plain) - SHINGLE + 1) if plain else 0):
            yield plain[start : start + SHINGLE]


def _hash(text: str) -> int:
    number = zlib.crc32(text.encode("utf-8", "surrogatepass"))
    # CRCs of like texts are like: stirred, or the smallest would not be a fair sample.
    number = (number ^ (number >> 16)) * 0x45D9F3B & 0xFFFFFFFF
    number = (number ^ (number >> 16)) * 0x45D9F3B & 0xFFFFFFFF
    return number ^ (number >> 16)


def _read(text: str) -> set[int]:
    raw = base64.b85decode(text)
    return set(struct.unpack(f">{len(raw) // 4}I", raw))
