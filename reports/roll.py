"""Who is on the register, as the papers name them: one set of particulars for each site, column and account."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from checks.core.model import Account, Column, Level, Platform, Ref, Site
from reports.wording import said, subject_kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """What a paper says of a subject. A column has its site's sponsor, region and level.

    ``number`` is the 标识码, or the account's id on its platform.
    """

    ref: Ref
    name: str
    number: str
    sponsor: str = ""
    supervisor: str = ""
    region: str = ""
    level: Level | None = None
    platform: Platform | None = None

    @property
    def kind(self) -> str:
        """网站, 栏目 or 新媒体."""
        return subject_kind(self.ref.kind)

    @property
    def full_name(self) -> str:
        """The name with the platform that it stands on."""
        return f"{self.name}（{said(self.platform)}）" if self.platform else self.name


Roll = Mapping[Ref, Particulars]


def roll(sites: Iterable[Site], columns: Iterable[Column] = (), accounts: Iterable[Account] = ()) -> Roll:
    """The register by reference: sites, columns, accounts, each in the order given."""
    by_ref: dict[Ref, Particulars] = {}
    for site in sites:
        by_ref[site.ref] = Particulars(
            ref=site.ref,
            name=site.name,
            number=site.id,
            sponsor=site.sponsor,
            supervisor=site.supervisor,
            region=site.region,
            level=site.level,
        )
    for column in columns:
        by_ref[column.ref] = _column(column, by_ref.get(Ref("site", column.site_id)))
    for account in accounts:
        by_ref[account.ref] = Particulars(
            ref=account.ref,
            name=account.name,
            number=account.account_id,
            sponsor=account.sponsor,
            supervisor=account.supervisor,
            region=account.region,
            level=account.level,
            platform=account.platform,
        )
    return by_ref


def stranger(ref: Ref) -> Particulars:
    """What can be said of a subject that the register no longer holds."""
    if ref.kind == "column":
        site, _, name = ref.id.partition("/")
        return Particulars(ref=ref, name=name or ref.id, number=site)
    return Particulars(ref=ref, name=ref.id, number=ref.id.rpartition(":")[2])


def owner_of(ref: Ref) -> Ref:
    """Who is judged by what was found of a subject: a column's site, else the subject itself."""
    return Ref("site", ref.id.partition("/")[0]) if ref.kind == "column" else ref


def _column(column: Column, site: Particulars | None) -> Particulars:
    if site is None:
        return Particulars(ref=column.ref, name=column.name, number=column.site_id)
    return Particulars(
        ref=column.ref,
        name=f"{site.name}·{column.name}",
        number=column.site_id,
        sponsor=site.sponsor,
        supervisor=site.supervisor,
        region=site.region,
        level=site.level,
    )
