"""The frame of a draw: who can be drawn, frozen as a CSV whose SHA-256 is told before the seed (accounts.md §8.3)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from enum import StrEnum
from itertools import pairwise

from checks.core.model import Account, AccountStatus, Site, SiteStatus
from checks.core.tickets import digest


class FrameKind(StrEnum):
    """What is drawn."""

    ACCOUNT = "account"
    SITE = "site"

    @property
    def noun(self) -> str:
        return "政务新媒体账号" if self is FrameKind.ACCOUNT else "政府网站"


class StratumBy(StrEnum):
    """What the strata are: regions, or the departments that supervise."""

    REGION = "region"
    SUPERVISOR = "supervisor"


class FrameFault(ValueError):
    """A frame that cannot be drawn from; the text is Chinese."""


@dataclass(frozen=True, slots=True, order=True)
class FrameRow:
    """One who can be drawn. ``account_uid`` is the id in its reference, of a site its 标识码; ``platform`` of a site is
    its 类型."""

    account_uid: str
    unit: str
    region: str
    platform: str
    status: str
    stratum: str


HEADER = tuple(field.name for field in fields(FrameRow))


@dataclass(frozen=True)
class Frame:
    """Rows in the byte order of their ids, each id once."""

    rows: tuple[FrameRow, ...]

    @classmethod
    def of(cls, rows: Iterable[FrameRow]) -> Frame:
        """Put rows in order. Raises ``FrameFault`` for an id that is there twice."""
        ordered = tuple(sorted(rows, key=lambda row: row.account_uid.encode()))
        for before, after in pairwise(ordered):
            if before.account_uid == after.account_uid:
                raise FrameFault(f"抽样名单中 {after.account_uid} 出现了不止一次")
        return cls(ordered)

    @classmethod
    def parse(cls, text: str) -> Frame:
        """Read a frozen frame. Raises ``FrameFault`` for what ``text`` would not have written."""
        rows = list(csv.reader(io.StringIO(text, newline="")))
        if not rows or tuple(rows[0]) != HEADER:
            raise FrameFault(f"抽样名单的表头应为 {','.join(HEADER)}")
        for number, row in enumerate(rows[1:], 2):
            if len(row) != len(HEADER):
                raise FrameFault(f"抽样名单第 {number} 行应有 {len(HEADER)} 列，现有 {len(row)} 列")
        frame = cls.of(FrameRow(*row) for row in rows[1:])
        if frame.text != text:
            raise FrameFault("抽样名单不是冻结时的写法（应为 UTF-8 无 BOM、LF 换行、按账号标识的字节顺序排列）")
        return frame

    @property
    def text(self) -> str:
        """CSV as it is frozen: to be written in UTF-8 without a BOM, lines ending in LF."""
        out = io.StringIO(newline="")
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(astuple(row) for row in self.rows)
        return out.getvalue()

    @property
    def sha256(self) -> str:
        return digest(self.text)


def account_frame(accounts: Sequence[Account], by: StratumBy = StratumBy.REGION) -> Frame:
    """The accounts in duty: 正常 and 关停中. One that has closed, moved or announced its pause is not drawn."""
    return Frame.of(
        FrameRow(
            a.ref.id,
            a.sponsor,
            a.region,
            str(a.platform),
            str(a.status),
            _stratum(a.region, a.supervisor, a.sponsor, by),
        )
        for a in accounts
        if a.status in (AccountStatus.ACTIVE, AccountStatus.CLOSING)
    )


def site_frame(sites: Sequence[Site], by: StratumBy = StratumBy.REGION) -> Frame:
    """The sites that run: one that is offline, for a time or for good, is not drawn."""
    return Frame.of(
        FrameRow(s.id, s.sponsor, s.region, str(s.kind), str(s.status), _stratum(s.region, s.supervisor, s.sponsor, by))
        for s in sites
        if s.status is SiteStatus.RUNNING
    )


def strata(rows: Iterable[FrameRow]) -> Iterator[tuple[str, list[FrameRow]]]:
    """The rows of each stratum, strata in the order of their names."""
    grouped: dict[str, list[FrameRow]] = {}
    for row in rows:
        grouped.setdefault(row.stratum, []).append(row)
    yield from sorted(grouped.items())


def _stratum(region: str, supervisor: str, sponsor: str, by: StratumBy) -> str:
    name = region if by is StratumBy.REGION else supervisor or sponsor
    return name or "未填"
