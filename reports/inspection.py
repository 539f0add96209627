"""半年检查报告: the half-year inspection report as a value. It adds the score table to what the bulletin tells."""

from __future__ import annotations

from dataclasses import dataclass

from reports.material import Material
from reports.sections import Ruling, Sections, sections


@dataclass(frozen=True, slots=True, kw_only=True)
class HalfYearReport:
    """The report of one half-year. ``scores`` are the rulings on sites, in the order of the register."""

    title: str
    sections: Sections
    scores: tuple[Ruling, ...]


def half_year_report(material: Material) -> HalfYearReport:
    """Build the report. An empty register, or a period in which nothing was checked, gives one that says so."""
    parts = sections(material)
    return HalfYearReport(
        title=f"{material.period.title}政府网站与政务新媒体检查报告",
        sections=parts,
        scores=tuple(ruling for ruling in parts.rulings if ruling.subject.ref.kind == "site"),
    )
