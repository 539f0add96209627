"""季度通报: the quarterly bulletin as a value. Veto indicators and problems; scores belong to the half-year report."""

from __future__ import annotations

from dataclasses import dataclass

from reports.material import Material
from reports.sections import Sections, sections


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarterBulletin:
    """The bulletin of one quarter."""

    title: str
    sections: Sections


def quarter_bulletin(material: Material) -> QuarterBulletin:
    """Build the bulletin. An empty register, or a period in which nothing was checked, gives one that says so."""
    return QuarterBulletin(
        title=f"{material.period.title}政府网站与政务新媒体检查情况通报", sections=sections(material)
    )
