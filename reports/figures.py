"""Rates and counts as the papers print them. Exact decimal arithmetic; no opinion on what is counted."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import TypeVar

NO_RATE = "—"


class Rounding(StrEnum):
    """How a percentage is shortened. Official notices round half up; some cut (domain.md §6.3)."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    CUT = "cut"


_MODES = {
    Rounding.HALF_UP: ROUND_HALF_UP,
    Rounding.HALF_EVEN: ROUND_HALF_EVEN,
    Rounding.CUT: ROUND_DOWN,
}


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with both of its numbers. A share of nothing has no percentage."""

    numerator: int
    denominator: int

    def __post_init__(self) -> None:
        if not 0 <= self.numerator <= self.denominator:
            raise ValueError(f"{self.numerator}/{self.denominator} is not a share")

    def percent(self, decimals: int = 1, *, rounding: Rounding = Rounding.HALF_UP) -> str:
        """``71.8%``, or ``—`` where there is nothing to take a share of."""
        if not self.denominator:
            return NO_RATE
        # 28 digits: a tie divides exactly, and no other quotient of counts comes near enough to one to be mistaken
        exact = Decimal(self.numerator * 100) / Decimal(self.denominator)
        return f"{exact.quantize(Decimal(1).scaleb(-decimals), rounding=_MODES[rounding])}%"

    def text(self, decimals: int = 1, *, rounding: Rounding = Rounding.HALF_UP) -> str:
        """``28/39（71.8%）``, or ``—``."""
        if not self.denominator:
            return NO_RATE
        return f"{self.numerator}/{self.denominator}（{self.percent(decimals, rounding=rounding)}）"

    def __str__(self) -> str:
        return self.text()


@dataclass(frozen=True, slots=True, kw_only=True)
class RateStyle:
    """How an office prints its rates: decimals, rounding, and whether ``84.0%`` is written ``84%``."""

    decimals: int = 1
    rounding: Rounding = Rounding.HALF_UP
    trim_zeros: bool = False

    def percent(self, rate: Rate) -> str:
        """``71.8%``, or ``—`` where there is nothing to take a share of."""
        return self._trimmed(rate.percent(self.decimals, rounding=self.rounding))

    def text(self, rate: Rate) -> str:
        """``28/39（71.8%）``, or ``—``."""
        if not rate.denominator:
            return NO_RATE
        return f"{rate.numerator}/{rate.denominator}（{self.percent(rate)}）"

    def change(self, before: Rate, now: Rate) -> str:
        """``上升 3.2 个百分点``: the difference of the two percentages as printed, which a reader can check.

        Empty where one of them is no percentage.
        """
        if not before.denominator or not now.denominator:
            return ""
        printed = [Decimal(self.percent(rate).rstrip("%")) for rate in (before, now)]
        difference = printed[1] - printed[0]
        if not difference:
            return "持平"
        return f"{'上升' if difference > 0 else '下降'} {abs(difference)} 个百分点"

    def _trimmed(self, percent: str) -> str:
        if not self.trim_zeros or "." not in percent:
            return percent
        return f"{percent.rstrip('%').rstrip('0').rstrip('.')}%"


PLAIN_RATES = RateStyle()

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)


def grouped(things: Iterable[T], key: Callable[[T], K]) -> dict[K, list[T]]:
    """The things under each key, in order of first occurrence."""
    groups: dict[K, list[T]] = {}
    for thing in things:
        groups.setdefault(key(thing), []).append(thing)
    return groups
