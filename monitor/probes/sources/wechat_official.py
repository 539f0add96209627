"""A 公众号 by the official interfaces: publications by day (群发 and 发布), and the list of 发布 (accounts.md §4.1.1).

    stable_token ──▶ getarticletotaldetail for yesterday, the day before, … until one day holds a publication
                 └─▶ where none does: freepublish/batchget

Today is not in the statistics yet: what is proved is proved up to yesterday.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from checks import Account, AccountReading, DateBasis
from checks.core.calendar import SHANGHAI, local_day
from monitor.probing import Kit
from monitor.sources.calling import Answer, Call
from monitor.sources.posts import failed

NAME = "wechat_official"
DAYS = 15
"""Fourteen days back from yesterday, and the day from which they are counted."""

_BASE = "https://api.weixin.qq.com"
_EXPIRED = {40001, 40014, 42001}
_BUSY = -1
_TRIES = 3
_ERRORS: Mapping[int, str] = {
    -1: "微信系统繁忙；由系统稍后重试",
    40001: "接口凭证无效；请监测单位检查",
    40013: "AppID 无效；请主办单位核对",
    40014: "接口凭证无效；请监测单位检查",
    40097: "请求参数有误；请监测单位检查本程序版本",
    40125: "AppSecret 无效；请主办单位核对",
    40164: "本机出口 IP 不在公众号的 IP 白名单中；请主办单位把监测单位的出口 IP 加入白名单",
    40243: "AppSecret 已被冻结；请主办单位解冻",
    42001: "接口凭证过期；请监测单位检查",
    45009: "当日接口调用次数已用完；由系统次日再查",
    47009: "接口已下线；请监测单位检查本程序版本",
    48001: "该公众号没有此接口的权限；请监测单位改用其他采集方式",
    48004: "接口已被平台封禁；请主办单位核实账号是否异常",
    50002: "账号已被平台冻结；请主办单位核实账号是否异常",
}


async def ask(account: Account, kit: Kit) -> AccountReading:
    """One reading. Whatever could not be asked leaves the silence open; a publication that was seen stands."""
    asking = _Asking(account, kit, kit.desk.secrets.of(NAME, account.ref.id))
    at = kit.clock.now()
    if not (asking.secrets.get("appid") and asking.secrets.get("secret")):
        error = "缺少公众号的 appid 或 secret；请监测单位在密钥文件或环境变量中配置"
        return failed(account, error, adapter=NAME, at=at, vantage=kit.vantage)
    yesterday = local_day(at) - timedelta(days=1)
    trouble = ""
    for back in range(DAYS):
        day = yesterday - timedelta(days=back)
        found = await _published_on(asking, day)
        if found.rows:
            return _seen(asking, at, day, found, error=trouble)
        if found.error:
            trouble = trouble or found.error
            if found.fatal:
                break
    newest, listed, error = await _freely_published(asking) if not trouble else (None, 0, "")
    trouble = trouble or error
    first_day = yesterday - timedelta(days=DAYS - 1)
    doubt = ""
    if listed and (newest is None or local_day(newest) < first_day):
        # Articles that nobody has read may be missing from the statistics (accounts.md §4.1.1).
        doubt = "近两周发表统计为空，但该号曾用“发布”方式发文，统计可能不全；请主办单位提供最新链接"
    return AccountReading(
        subject=account.ref,
        at=at,
        vantage=kit.vantage,
        adapter=NAME,
        source_ok=not trouble,
        error=trouble,
        latest_at=newest,
        precision="second" if newest else "",
        basis=DateBasis.UPDATED if newest else None,
        items_seen=listed,
        covered_from=None if trouble else first_day,
        covered_to=None if trouble else yesterday,
        doubt=doubt,
    )


@dataclass(frozen=True)
class _Asking:
    account: Account
    kit: Kit
    secrets: Mapping[str, str]


@dataclass(frozen=True)
class _Day:
    rows: tuple[Mapping[str, Any], ...] = ()
    error: str = ""
    fatal: bool = False


def _seen(asking: _Asking, at: datetime, day: date, found: _Day, *, error: str) -> AccountReading:
    row = found.rows[0]
    return AccountReading(
        subject=asking.account.ref,
        at=at,
        vantage=asking.kit.vantage,
        adapter=NAME,
        source_ok=not error,
        error=error,
        latest_at=datetime.combine(day, time(), SHANGHAI),
        precision="day",
        basis=DateBasis.REF_DATE,
        title=str(row.get("title") or "")[:200],
        url=str(row.get("content_url") or "")[:500],
        raw_date=str(row.get("ref_date") or ""),
        items_seen=len(found.rows),
        covered_from=None if error else day,
        covered_to=None if error else local_day(at) - timedelta(days=1),
    )


async def _published_on(asking: _Asking, day: date) -> _Day:
    """What was published on a day. ``fatal``: the other days will answer likewise."""
    body = {"begin_date": day.isoformat(), "end_date": day.isoformat()}
    data, error, fatal = await _call(asking, "/datacube/getarticletotaldetail", body)
    if error:
        return _Day(error=error, fatal=fatal)
    rows = data.get("list")
    if not isinstance(rows, list):
        return _Day(error="微信发表统计的应答不是预期的格式；请监测单位检查", fatal=True)
    ours = tuple(row for row in rows if isinstance(row, dict) and row.get("ref_date") == day.isoformat())
    if not ours and data.get("is_delay") is not False:
        return _Day(error=f"{day} 的发表统计尚未定稿；由系统稍后再查")
    if not ours and rows:
        return _Day(error=f"{day} 的发表统计含有其他日期；请监测单位检查")
    return _Day(rows=ours)


async def _freely_published(asking: _Asking) -> tuple[datetime | None, int, str]:
    """The newest of the 发布 list, how many it holds, and why it could not be read. Its order is not promised."""
    data, error, _ = await _call(asking, "/cgi-bin/freepublish/batchget", {"offset": 0, "count": 20, "no_content": 1})
    if error:
        return None, 0, error
    items = data.get("item")
    if not isinstance(items, list):
        return None, 0, "微信发布列表的应答不是预期的格式；请监测单位检查"
    times = [
        item["update_time"]
        for item in items
        if isinstance(item, dict) and isinstance(item.get("update_time"), int) and not _deleted(item)
    ]
    total = data.get("total_count")
    newest = datetime.fromtimestamp(max(times), UTC) if times else None
    return newest, max(len(items), total if isinstance(total, int) else 0), ""


def _deleted(item: Mapping[str, Any]) -> bool:
    content = item.get("content")
    news = content.get("news_item") if isinstance(content, dict) else None
    if not isinstance(news, list) or not news:
        return False
    return all(isinstance(each, dict) and each.get("is_deleted") is True for each in news)


async def _call(asking: _Asking, path: str, body: Mapping[str, Any]) -> tuple[Mapping[str, Any], str, bool]:
    """The answer, or why there is none and whether that holds for further calls. A stale token is renewed once."""
    desk, renew, code = asking.kit.desk, False, 0
    data: Mapping[str, Any] = {}
    for _ in range(_TRIES):
        token, error = await _token(asking, renew=renew)
        if error:
            return {}, error, True
        answer = await desk.call(Call(method="POST", url=f"{_BASE}{path}", query={"access_token": token}, body=body))
        if answer.error or not isinstance(answer.data, dict):
            return {}, f"微信接口：{answer.error or '应答不是预期的格式'}；由系统稍后再查", False
        data, code = answer.data, _code(answer)
        if code == 0:
            return data, "", False
        if code in _EXPIRED and not renew:
            renew = True
        elif code != _BUSY:
            break
    return {}, _told(code, data), code != _BUSY


async def _token(asking: _Asking, *, renew: bool) -> tuple[str, str]:
    """A token that leaves the unit's own untouched (``stable_token``), or why there is none."""
    desk, appid = asking.kit.desk, asking.secrets["appid"]
    if not renew and (kept := desk.token(appid)):
        return kept, ""
    body = {
        "grant_type": "client_credential",
        "appid": appid,
        "secret": asking.secrets["secret"],
        "force_refresh": renew,
    }
    answer = await desk.call(Call(method="POST", url=f"{_BASE}/cgi-bin/stable_token", body=body))
    if answer.error or not isinstance(answer.data, dict):
        return "", f"微信接口：{answer.error or '应答不是预期的格式'}；由系统稍后再查"
    token = answer.data.get("access_token")
    if not isinstance(token, str) or not token:
        return "", _told(_code(answer), answer.data)
    desk.keep_token(appid, token)
    return token, ""


def _code(answer: Answer) -> int:
    code = answer.data.get("errcode", 0)
    return code if isinstance(code, int) else 0


def _told(code: int, data: Mapping[str, Any]) -> str:
    return f"微信接口返回 {code}：{_ERRORS.get(code) or str(data.get('errmsg') or '')[:100] + '；请监测单位检查'}"
