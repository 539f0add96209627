"""The ticket of an id under a seed: Rivest's consistent sampling (accounts.md §8.2), checkable with sha256sum.

    s = SHA-256 hex of the seed;  h = SHA-256 hex of s + id;  ticket = "0." + the decimal digits of h, reversed

The sample of n is the n smallest tickets. A ticket depends on the seed and its own id alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

RULE = "rivest-ticket-v1"
SHOWN_DIGITS = 18


@dataclass(frozen=True, slots=True)
class Ticket:
    """``value`` sorts as text. ``check`` is the hexadecimal digest that coreutils give for the same seed and id."""

    value: str
    check: str

    @property
    def shown(self) -> str:
        """The ticket as it is printed: cut, not rounded."""
        return self.value[: 2 + SHOWN_DIGITS]


def tickets(seed: str) -> Callable[[str], Ticket]:
    """The tickets under one seed, by id."""
    prefix = digest(seed)

    def ticket(id: str) -> Ticket:
        check = digest(prefix + id)
        # Reversed, the digits that are uniform to the last come first; padded, so that a short number loses none.
        return Ticket("0." + str(int(check, 16)).rjust(64, "0")[::-1], check)

    return ticket


def digest(text: str) -> str:
    """SHA-256 of a text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()
