"""The tables of the registry: their headers, other names of these, what is read from each. Finds header rows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from checks.core.model import Account, Column, Site, Unit
from monitor.registry import cells, synonyms
from monitor.registry.sheets import Cell
from monitor.registry.ways import read_ways


class Kind(StrEnum):
    """The four tables."""

    UNITS = "units"
    SITES = "sites"
    COLUMNS = "columns"
    ACCOUNTS = "accounts"


@dataclass(frozen=True, kw_only=True)
class Header:
    """One column of a table: its canonical header, its field, how a cell is read, and other names."""

    name: str
    field: str
    read: Callable[[Cell], Any]
    required: bool = False
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Table:
    """One of the four: what it is called, what its rows become, and its headers in order."""

    kind: Kind
    title: str
    record: type[Unit | Site | Column | Account]
    headers: tuple[Header, ...]

    def missing(self, places: Mapping[str, int]) -> list[str]:
        """The required headers that are not among these fields."""
        return [header.name for header in self.headers if header.required and header.field not in places]


@dataclass(frozen=True, kw_only=True)
class HeaderRow:
    """A header that was found: ``row`` from 1, the place of each field, and headers that mean nothing to us."""

    table: Table
    row: int
    places: Mapping[str, int]
    ignored: tuple[str, ...]
    repeated: tuple[str, ...]


_REGION = ("所属地区", "县区", "地区", "市州", "区划", "行政区域")
_LEVEL = ("级别", "行政层级", "网站层级", "账号层级")
_SPONSOR = ("开办单位", "开设单位", "开设主体", "主办部门")
_SUPERVISOR = ("主管部门", "上级主管单位")

_level = cells.one_of(synonyms.LEVELS)
_VERIFIED = {True: ("是", "已认证", "认证", "有"), False: ("否", "未认证", "没有认证", "无")}
_FILED = {True: ("是", "已备案", "备案", "有"), False: ("否", "未备案", "没有备案", "无")}

UNITS = Table(
    kind=Kind.UNITS,
    title="单位",
    record=Unit,
    headers=(
        Header(name="单位名称", field="name", read=cells.text, required=True, aliases=("机构名称", "单位全称")),
        Header(
            name="统一社会信用代码",
            field="credit_code",
            read=cells.identifier,
            aliases=("社会信用代码", "信用代码", "统一信用代码"),
        ),
        Header(name="上级单位", field="parent", read=cells.text, aliases=("上级主管单位", "上级部门", "主管单位")),
        Header(name="行政区划", field="region", read=cells.text, aliases=_REGION),
        Header(name="层级", field="level", read=_level, aliases=("级别", "行政层级")),
        Header(name="联系人", field="contact", read=cells.text, aliases=("负责人", "经办人", "联络员")),
        Header(name="电话", field="phone", read=cells.identifier, aliases=("联系电话", "手机", "手机号", "办公电话")),
        Header(name="邮箱", field="email", read=cells.folded, aliases=("电子邮箱", "电子邮件", "Email", "E-mail")),
    ),
)
SITES = Table(
    kind=Kind.SITES,
    title="网站",
    record=Site,
    headers=(
        Header(
            name="标识码",
            field="id",
            read=cells.site_code,
            required=True,
            aliases=("网站标识码", "政府网站标识码", "网站编码"),
        ),
        Header(name="网站名称", field="name", read=cells.text, required=True, aliases=("站点名称", "网站")),
        Header(
            name="网址",
            field="url",
            read=cells.address,
            required=True,
            aliases=("首页网址", "网站网址", "首页地址", "网站地址", "网站域名", "URL"),
        ),
        Header(
            name="类型",
            field="kind",
            read=cells.one_of(synonyms.SITE_KINDS),
            required=True,
            aliases=("网站类型", "网站类别", "站点类型"),
        ),
        Header(name="主办单位", field="sponsor", read=cells.text, required=True, aliases=_SPONSOR),
        Header(name="主管单位", field="supervisor", read=cells.text, aliases=_SUPERVISOR),
        Header(name="行政区划", field="region", read=cells.text, aliases=_REGION),
        Header(name="层级", field="level", read=_level, aliases=_LEVEL),
        Header(
            name="状态",
            field="status",
            read=cells.one_of(synonyms.SITE_STATES),
            aliases=("运行状态", "网站状态"),
        ),
        Header(
            name="临时下线至", field="suspended_until", read=cells.day, aliases=("恢复日期", "恢复时间", "下线截止")
        ),
    ),
)
COLUMNS = Table(
    kind=Kind.COLUMNS,
    title="栏目",
    record=Column,
    headers=(
        Header(
            name="标识码",
            field="site_id",
            read=cells.site_code,
            required=True,
            aliases=("网站标识码", "政府网站标识码", "所属网站标识码"),
        ),
        Header(name="栏目名称", field="name", read=cells.text, required=True, aliases=("栏目",)),
        Header(
            name="网址",
            field="url",
            read=cells.address,
            required=True,
            aliases=("栏目网址", "栏目地址", "栏目链接", "链接", "URL"),
        ),
        Header(
            name="类别",
            field="category",
            read=cells.one_of(synonyms.CATEGORIES),
            required=True,
            aliases=("栏目类别", "栏目类型", "类型"),
        ),
        Header(name="一级栏目", field="top_level", read=cells.yes, aliases=("是否一级栏目",)),
        Header(name="更新期限", field="limit_days", read=cells.days, aliases=("更新周期", "更新期限天数")),
    ),
)
ACCOUNTS = Table(
    kind=Kind.ACCOUNTS,
    title="账号",
    record=Account,
    headers=(
        Header(
            name="平台",
            field="platform",
            read=cells.one_of(synonyms.PLATFORMS),
            required=True,
            aliases=("平台类型", "账号类型", "新媒体类型", "所属平台", "类别"),
        ),
        Header(
            name="账号名称",
            field="name",
            read=cells.text,
            required=True,
            aliases=("新媒体名称", "公众号名称", "昵称", "名称"),
        ),
        Header(
            name="账号ID",
            field="account_id",
            read=cells.identifier,
            aliases=("账号标识", "微信号", "原始ID", "UID", "抖音号", "ID"),
        ),
        Header(name="主办单位", field="sponsor", read=cells.text, required=True, aliases=(*_SPONSOR, "单位名称")),
        Header(name="主管单位", field="supervisor", read=cells.text, aliases=_SUPERVISOR),
        Header(name="行政区划", field="region", read=cells.text, aliases=_REGION),
        Header(name="层级", field="level", read=_level, aliases=_LEVEL),
        Header(
            name="状态",
            field="status",
            read=cells.one_of(synonyms.ACCOUNT_STATES),
            aliases=("运行状态", "账号状态"),
        ),
        Header(
            name="开设时间", field="opened_on", read=cells.day_or_month, aliases=("开通时间", "开办时间", "开设日期")
        ),
        Header(
            name="粉丝数",
            field="followers",
            read=cells.count,
            aliases=("关注量", "关注人数", "订阅数", "用户数"),
        ),
        Header(name="采集方式", field="source", read=read_ways, aliases=("采集来源",)),
        Header(name="订阅地址", field="feed_url", read=cells.address, aliases=("订阅源",)),
        Header(name="最后更新时间", field="last_published", read=cells.day, aliases=("最新发布时间", "最后发布时间")),
        Header(name="最新链接", field="last_url", read=cells.address),
        Header(
            name="公众号类型",
            field="variety",
            read=cells.one_of({"订阅号": ("订阅号", "微信订阅号"), "服务号": ("服务号", "微信服务号")}),
        ),
        Header(name="承办单位", field="operator", read=cells.text, aliases=("运维单位", "运维主体")),
        Header(
            name="主页地址", field="home_url", read=cells.address, aliases=("账号链接", "二维码地址", "链接", "网址")
        ),
        Header(name="关停时间", field="closed_on", read=cells.day, aliases=("注销时间", "关停日期", "注销日期")),
        Header(name="是否认证", field="verified", read=cells.one_of(_VERIFIED), aliases=("认证情况",)),
        Header(name="是否备案", field="filed", read=cells.one_of(_FILED), aliases=("备案情况", "备案状态")),
        Header(name="备案号", field="filing_no", read=cells.text, aliases=("备案编号",)),
    ),
)
TABLES = {table.kind: table for table in (ACCOUNTS, SITES, COLUMNS, UNITS)}

_SEARCHED_ROWS = 30


def find_header(rows: Sequence[Sequence[Cell]]) -> HeaderRow | None:
    """The row that names most columns of one table, the earliest of equals; ``None`` where none names two.

    Titles may stand above it. A row that names all that its table requires counts more than one that does not.
    """
    best: tuple[tuple[int, bool], HeaderRow] | None = None
    for number, row in enumerate(rows[:_SEARCHED_ROWS], 1):
        names = [_plain(cell) for cell in row]
        for table in TABLES.values():
            found = _match(table, names, number)
            whole = not table.missing(found.places)
            if len(found.places) < 2 and not (whole and found.places):
                continue
            rank = (len(found.places), whole)
            if best is None or rank > best[0]:
                best = (rank, found)
    return best[1] if best else None


def _match(table: Table, names: Sequence[str], number: int) -> HeaderRow:
    places: dict[str, int] = {}
    used: set[int] = set()
    repeated: list[str] = []
    for header in table.headers:
        for alias in (header.name, *header.aliases):
            at = [place for place, name in enumerate(names) if name == _plain(alias) and place not in used]
            if len(at) > 1:
                repeated.append(alias)
            if at:
                places[header.field] = at[0]
                used.update(at)
                break
    ignored = tuple(
        name for place, name in enumerate(names) if name and place not in used and name not in _SILENTLY_IGNORED
    )
    return HeaderRow(table=table, row=number, places=places, ignored=ignored, repeated=tuple(repeated))


def _plain(cell: Cell) -> str:
    """A header without its ornaments: blanks, ``*``, a remark in brackets."""
    if not isinstance(cell, str):
        return ""
    name = _BLANKS.sub("", unicodedata.normalize("NFKC", cell)).strip("*:'").lower()
    return _REMARK.sub("", name).strip("*:") or name


_BLANKS = re.compile(r"[\s\u200b\ufeff]+")
_REMARK = re.compile(r"[(\[【].*[)\]】]$")
_SILENTLY_IGNORED = ("序号", "编号", "备注")
