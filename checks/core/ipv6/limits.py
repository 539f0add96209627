"""The limits of IPv6 in one place, for every sub-test."""

from __future__ import annotations

from dataclasses import dataclass

from checks.core.limits import bounded


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How old facts may be, how often a failure must be seen, and what each sub-test asks for.

    Fields that begin with ``count_`` say whether a sub-test may fail (1) or is told only (0). The shares of level 2
    and 3 are those of 红河州 2025 Q2 (domain.md §5.2); no edition of the national indicators gives numbers.
    """

    recent_hours: int = bounded(72, low=1, high=720)
    looks: int = bounded(2, low=2, high=100)
    apart_hours: int = bounded(6, low=1, high=72)
    level2_share: float = bounded(0.9, low=0.01, high=1.0)
    level3_share: float = bounded(0.9, low=0.01, high=1.0)
    text_alike: float = bounded(0.5, low=0.01, high=0.99)
    links_alike: float = bounded(0.5, low=0.01, high=0.99)
    noise_margin: float = bounded(0.2, low=0.01, high=0.9)
    lag_days: int = bounded(7, low=1, high=366)
    visits: int = bounded(10, low=2, high=10_000)
    visits_share: float = bounded(0.9, low=0.01, high=1.0)
    slower_times: float = bounded(3.0, low=1.1, high=100.0)
    slow_seconds: float = bounded(1.0, low=0.0, high=60.0)
    count_name_servers: int = bounded(0, low=0, high=1)
    count_content: int = bounded(1, low=0, high=1)
    count_links: int = bounded(1, low=0, high=1)
    count_outside: int = bounded(0, low=0, high=1)
