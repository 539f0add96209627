"""What is watched: units, sites, columns and accounts, and how each is named. Values only, no behaviour of I/O."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar


class SiteKind(StrEnum):
    """类型 of a website."""

    PORTAL = "门户"
    DEPARTMENT = "部门"
    SPECIAL = "专项"
    CREDIT = "信用类专项"


class Level(StrEnum):
    """层级, as the notices tabulate it."""

    PROVINCE = "省级及部门"
    PREFECTURE = "市州及部门"
    COUNTY = "县（市、区）及部门"
    TOWNSHIP = "乡镇街道"


class SiteStatus(StrEnum):
    """状态 of a website in the national register (国办发〔2017〕47号)."""

    RUNNING = "正常运行"
    SUSPENDED = "临时下线"
    CLOSED = "永久下线"


class ColumnCategory(StrEnum):
    """类别 of a column: it decides which update rule applies."""

    NEWS = "动态要闻"
    NOTICES = "通知公告"
    POLICY = "政策文件"
    INTERPRETATION = "政策解读"
    PERIODIC = "应更新"
    INTERACTION = "互动交流"
    STATIC = "不更新"


class Platform(StrEnum):
    """平台 of an account; the value is the slug that stands in its reference."""

    WECHAT = "wechat"
    WECHAT_CHANNELS = "wechat_channels"
    WECHAT_MINI = "wechat_mini"
    WEIBO = "weibo"
    TOUTIAO = "toutiao"
    DOUYIN = "douyin"
    KUAISHOU = "kuaishou"
    BILIBILI = "bilibili"
    BAIJIAHAO = "baijiahao"
    PEOPLE = "people"
    APP = "app"
    XIAOHONGSHU = "xiaohongshu"
    THEPAPER = "thepaper"
    QQ = "qq"
    DAYU = "dayu"
    XUEXI = "xuexi"
    TIEBA = "tieba"
    OTHER = "other"


class AccountStatus(StrEnum):
    """状态 of an account. An account that is being closed keeps the duty to publish until it is deregistered."""

    ACTIVE = "正常"
    PAUSED = "停更（已公告）"
    CLOSING = "关停中"
    CLOSED = "已关停"
    DEREGISTERED = "已注销"
    MOVED = "迁移"


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """The written name of a subject: ``site:5118000022``, ``column:5118000022/通知公告``, ``account:weibo:100``."""

    kind: str
    id: str

    KINDS: ClassVar[tuple[str, ...]] = ("site", "column", "account")

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"

    @classmethod
    def parse(cls, text: str) -> Ref:
        """Read a reference. Raises ``ValueError`` with a Chinese message that says what a reference looks like."""
        kind, colon, id_ = text.partition(":")
        if not colon or kind not in cls.KINDS or not id_:
            raise ValueError(
                f"“{text}”不是监测对象的写法。应写作 site:标识码、column:标识码/栏目名称 或 account:平台:账号ID"
            )
        return cls(kind, id_)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """单位: who answers for sites and accounts, and whom notices go to."""

    name: str
    credit_code: str = ""
    parent: str = ""
    region: str = ""
    level: Level | None = None
    contact: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """政府网站. ``id`` is its 网站标识码: ten digits, or ``bm`` and eight (domain.md §3.4)."""

    id: str
    name: str
    url: str
    kind: SiteKind
    sponsor: str
    supervisor: str = ""
    region: str = ""
    level: Level | None = None
    status: SiteStatus = SiteStatus.RUNNING
    suspended_until: date | None = None

    @property
    def ref(self) -> Ref:
        return Ref("site", self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """栏目 of a site. ``limit_days`` is its own 更新期限, where the registry gives one."""

    site_id: str
    name: str
    url: str
    category: ColumnCategory
    top_level: bool = True
    limit_days: int | None = None

    @property
    def ref(self) -> Ref:
        return Ref("column", f"{self.site_id}/{self.name}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """政务新媒体账号. ``source`` (采集方式) names the adapter that learns its last publication.

    ``variety`` tells a 订阅号 from a 服务号; ``operator`` is the 承办单位. ``verified`` (认证) and ``filed`` (备案) are
    ``None`` where the registry does not say.
    """

    platform: Platform
    name: str
    account_id: str = ""
    sponsor: str
    supervisor: str = ""
    region: str = ""
    level: Level | None = None
    status: AccountStatus = AccountStatus.ACTIVE
    opened_on: date | None = None
    followers: int | None = None
    source: str = ""
    feed_url: str = ""
    last_published: date | None = None
    last_url: str = ""
    variety: str = ""
    operator: str = ""
    home_url: str = ""
    closed_on: date | None = None
    verified: bool | None = None
    filed: bool | None = None
    filing_no: str = ""

    @property
    def ended(self) -> bool:
        """Whether it is filed as closed or deregistered: it owes no publication, and must not publish."""
        return self.status in (AccountStatus.CLOSED, AccountStatus.DEREGISTERED)

    @property
    def ref(self) -> Ref:
        return Ref("account", f"{self.platform}:{self.account_id or self._substitute_id()}")

    def _substitute_id(self) -> str:
        digest = hashlib.sha256(f"{self.sponsor}|{self.name}".encode()).hexdigest()
        return f"name:{digest[:12]}"


Subject = Site | Column | Account
