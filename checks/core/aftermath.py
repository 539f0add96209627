"""The kind of fact that is gathered of websites closed for good."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from checks.core.observations import Observation, Outcome


@dataclass(frozen=True, kw_only=True)
class ClosedVisit(Observation):
    """A visit of the home page of a site registered as closed for good. ``site_name`` is what the page calls itself."""

    kind: ClassVar[str] = "closed_visit"

    url: str
    outcome: Outcome
    status_code: int | None = None
    final_url: str = ""
    site_name: str = ""
