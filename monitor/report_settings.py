"""[report]: what an office puts on its papers, and how it prints rates."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from monitor.section import Section
from reports.figures import RateStyle, Rounding
from reports.material import Imprint


def _number_pattern(text: str) -> str:
    try:
        written = text.format(year=2026, number=1)
    except (LookupError, ValueError, AttributeError):
        raise ValueError("只能用 {year}（年）和 {number}（顺序号）两个占位") from None
    if "{number" not in text or written == text:
        raise ValueError("须含 {number}（顺序号），例如 网改〔{year}〕{number}号")
    return text


def _rounding(text: str) -> str:
    if text not in list(Rounding):
        raise ValueError(f"应为 {'、'.join(Rounding)} 之一")
    return text


class Report(Section):
    """[report]. ``templates`` is a folder whose files replace the wordings of the same name."""

    issuer: str = Field("", max_length=60)
    recipients: str = Field("", max_length=500)
    number: str = Field("", max_length=60)
    contact: str = Field("", max_length=500)
    notice_number: Annotated[str, AfterValidator(_number_pattern)] = Field("〔{year}〕{number}号", max_length=60)
    decimals: int = Field(1, ge=0, le=4)
    rounding: Annotated[str, AfterValidator(_rounding)] = "half_up"
    trim_zeros: bool = False
    templates: str = ""
    font: str = ""

    @property
    def imprint(self) -> Imprint:
        return Imprint(issuer=self.issuer, recipients=self.recipients, number=self.number, contact=self.contact)

    @property
    def rates(self) -> RateStyle:
        return RateStyle(decimals=self.decimals, rounding=Rounding(self.rounding), trim_zeros=self.trim_zeros)

    def templates_in(self, folder: Path) -> Path | None:
        """The folder of the centre's own wordings, relative to that of settings.toml; ``None`` where none is set."""
        return folder / self.templates if self.templates else None
