"""The furniture that the norms ask of a government page: metas, footer codes. As printed, not judged."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """Each "" where the page does not carry it."""

    site_name: str = ""
    site_id_code: str = ""
    column_name: str = ""
    column_type: str = ""
    pub_date: str = ""
    article_title: str = ""
    footer_code: str = ""
    icp: str = ""
    police: str = ""


def read_marks(text: str) -> Marks:
    """Read metas (SiteName, SiteIDCode, …) and the footer's 网站标识码, ICP备案号, 公安备案号."""
    raise NotImplementedError
