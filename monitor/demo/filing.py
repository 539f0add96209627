"""The registry of the made-up district as CSV files under the contract's headers, in the encodings that users send."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from checks.core.model import Level
from monitor.demo.district import SUPERVISOR
from monitor.demo.plans import AccountPlan, SitePlan
from monitor.demo.site import column_path

REGION = "青禾县"

_UNIT_HEADERS = ("单位名称", "统一社会信用代码", "上级单位", "行政区划", "层级", "联系人", "电话", "邮箱")
_SITE_HEADERS = (
    "标识码", "网站名称", "网址", "类型", "主办单位", "主管单位", "行政区划", "层级", "状态", "临时下线至",
)  # fmt: skip
_COLUMN_HEADERS = ("标识码", "栏目名称", "网址", "类别", "一级栏目", "更新期限")
_ACCOUNT_HEADERS = (
    "平台", "账号名称", "账号ID", "主办单位", "主管单位", "行政区划", "层级", "状态", "开设时间", "粉丝数",
    "采集方式", "订阅地址", "最后更新时间", "最新链接",
)  # fmt: skip

_PLATFORM_NAMES = {
    "wechat": "微信公众号", "weibo": "新浪微博", "toutiao": "今日头条", "douyin": "抖音", "kuaishou": "快手",
    "bilibili": "哔哩哔哩", "baijiahao": "百家号", "xiaohongshu": "小红书",
}  # fmt: skip


def write_registry(
    folder: Path,
    *,
    sites: Sequence[SitePlan],
    accounts: Sequence[AccountPlan],
    addresses: Mapping[str, str],
    feeds: Mapping[str, str],
    last_day: date,
) -> list[Path]:
    """Write units, sites, columns and accounts, to be imported in this order.

    ``addresses`` holds home addresses by site code, ``feeds`` feed addresses by account id.
    """
    sponsors = sorted(({s.sponsor for s in sites} | {a.sponsor for a in accounts}) - {SUPERVISOR})
    units = [(SUPERVISOR, "", "", REGION, Level.COUNTY, "禾小青", "0000-5550100", "office@qinghe.test")]
    units += [
        (name, "", SUPERVISOR, REGION, Level.COUNTY, "禾小青", f"0000-55501{place:02}", f"unit{place}@qinghe.test")
        for place, name in enumerate(sponsors, start=1)
    ]
    return [
        _write(folder / "units.csv", "utf-8-sig", _UNIT_HEADERS, units),
        _write(folder / "sites.csv", "gb18030", _SITE_HEADERS, (_site(s, addresses, last_day) for s in sites)),
        _write(folder / "columns.csv", "utf-8", _COLUMN_HEADERS, _columns(sites, addresses)),
        _write(
            folder / "accounts.csv", "utf-8-sig", _ACCOUNT_HEADERS, (_account(a, feeds, last_day) for a in accounts)
        ),
    ]


def _site(plan: SitePlan, addresses: Mapping[str, str], last_day: date) -> tuple[object, ...]:
    supervisor = "" if plan.sponsor == SUPERVISOR else SUPERVISOR
    status, until = "正常运行", ""
    if plan.suspended_for is not None:
        status, until = "临时下线", str(last_day + timedelta(days=plan.suspended_for))
    return (
        plan.code, plan.name, addresses[plan.code], plan.kind, plan.sponsor, supervisor, REGION, Level.COUNTY,
        status, until,
    )  # fmt: skip


def _columns(sites: Sequence[SitePlan], addresses: Mapping[str, str]) -> Iterable[tuple[object, ...]]:
    for site in sites:
        for column in site.columns:
            address = addresses[site.code].rstrip("/") + column_path(column)
            limit = "" if column.limit_days is None else column.limit_days
            yield site.code, column.name, address, column.category, "是" if column.top_level else "否", limit


def _account(plan: AccountPlan, feeds: Mapping[str, str], last_day: date) -> tuple[object, ...]:
    source, reported, latest = "", "", ""
    if plan.form is not None:
        source = "feed"
    elif plan.reported_age is not None:
        source = "self_report"
        reported = str(last_day - timedelta(days=plan.reported_age))
        latest = f"https://weibo.com/{plan.account_id}/Qh99001" if plan.platform == "weibo" else ""
    return (
        _PLATFORM_NAMES[plan.platform], plan.name, plan.account_id, plan.sponsor, SUPERVISOR, REGION, Level.COUNTY,
        plan.status, plan.opened_on, "" if plan.followers is None else plan.followers, source,
        feeds.get(plan.account_id, ""), reported, latest,
    )  # fmt: skip


def _write(path: Path, encoding: str, headers: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headers)
        writer.writerows(rows)
    return path
