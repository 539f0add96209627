"""The parts of a check that looks at several things: each with its own status and points. Judges nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from checks.core.registry import Finding, Severity


class PartStatus(StrEnum):
    """How one part came out. ``NOT_APPLICABLE``: there is nothing to test, which is neither good nor bad."""

    PASSED = "passed"
    PARTIAL = "partial"
    FAILED = "failed"
    UNTESTED = "untested"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part: what was measured (``text``), ``points`` of ``most`` (``None`` where it was not tested).

    ``reached`` of ``tested`` is the rate behind it, where there is one. ``findings`` are what the check says of it, and
    ``binding`` tells that one of them may be a problem, so that without it the check has not judged everything;
    ``keys`` are the keys of those that would be. Points say how good it is, the severity of findings whether it counts.
    """

    key: str
    name: str
    status: PartStatus
    text: str
    points: float | None = None
    most: float = 10.0
    reached: int | None = None
    tested: int | None = None
    findings: tuple[Finding, ...] = ()
    binding: bool = False
    keys: frozenset[str] = frozenset()

    @property
    def severity(self) -> Severity | None:
        """The gravest of its findings."""
        found = {finding.severity for finding in self.findings}
        return next((s for s in Severity if s in found), None)


def total(parts: Sequence[Part]) -> tuple[float, float]:
    """The points of the parts that were tested, and the most that these could have."""
    tested = [part for part in parts if part.points is not None]
    return round(sum(part.points or 0.0 for part in tested), 1), sum(part.most for part in tested)
