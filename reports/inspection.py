"""半年检查报告: the half-year inspection report as a value. It tells the scores besides what the bulletin tells."""

from __future__ import annotations

from dataclasses import dataclass

from reports.material import Material
from reports.sections import Sections, sections


@dataclass(frozen=True, slots=True, kw_only=True)
class HalfYearReport:
    """The report of one half-year."""

    title: str
    sections: Sections


def half_year_report(material: Material) -> HalfYearReport:
    """Build the report. An empty register, or a period in which nothing was checked, gives one that says so."""
    return HalfYearReport(title=f"{material.period.title}政府网站与政务新媒体检查报告", sections=sections(material))
