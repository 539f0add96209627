"""The declarative adapter: an authorised interface that answers with a list, as a preset describes it in data.

fill in secrets and window ──▶ call ──▶ ok? ──▶ items ──▶ keep ──▶ dates ──▶ reading
"""

from __future__ import annotations

import hashlib
import hmac
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from checks import Account, AccountReading, DateBasis
from checks.core.calendar import SHANGHAI, local_day, start_of
from monitor.extract.feeds import read_moment
from monitor.probing import Kit
from monitor.sources.calling import Call
from monitor.sources.posts import Post, failed, reading_of
from monitor.sources.presets import Preset, at_path, presets

if TYPE_CHECKING:
    from monitor.probes.sources import Ask

_MOST_PAGES = 5


def asks() -> Mapping[str, Ask]:
    """One way of asking for each preset."""

    def bound(preset: Preset) -> Ask:
        async def ask(account: Account, kit: Kit) -> AccountReading:
            return await ask_by(preset, account, kit)

        return ask

    return {name: bound(preset) for name, preset in presets().items()}


async def ask_by(preset: Preset, account: Account, kit: Kit) -> AccountReading:
    """One reading by a preset."""
    at = kit.clock.now()
    secrets = kit.desk.secrets.of(preset.name, account.ref.id)
    if missing := [name for name in preset.needs if not secrets.get(name)]:
        error = f"{preset.title}缺少 {'、'.join(missing)}；请监测单位在密钥文件或环境变量中配置"
        return failed(account, error, adapter=preset.name, at=at, vantage=kit.vantage)
    if preset.windows:
        return await _by_windows(preset, account, kit, secrets, at)
    page = await _pages(preset, account, kit, secrets, at)
    if page.error:
        return failed(account, page.error, adapter=preset.name, at=at, vantage=kit.vantage)
    reading = reading_of(account, page.posts, adapter=preset.name, at=at, vantage=kit.vantage, doubt=preset.doubt)
    since = local_day(at) - timedelta(days=preset.window_days)
    if preset.window_days and not page.posts and preset.empty == "proves" and not page.more:
        return replace(reading, source_ok=True, error="", covered_from=since)
    if preset.window_days and reading.covered_from is not None and not page.more:
        return replace(reading, covered_from=min(since, reading.covered_from))
    return reading


@dataclass(frozen=True)
class _Page:
    posts: tuple[Post, ...] = ()
    more: bool = False
    error: str = ""


async def _by_windows(
    preset: Preset, account: Account, kit: Kit, secrets: Mapping[str, str], at: datetime
) -> AccountReading:
    """Windows from short to long: the first that holds anything tells since when there has been a publication."""
    for days in preset.windows:
        page = await _pages(preset, account, kit, secrets, at, days=days)
        if page.error:
            return failed(account, page.error, adapter=preset.name, at=at, vantage=kit.vantage)
        if page.posts:
            return reading_of(account, page.posts, adapter=preset.name, at=at, vantage=kit.vantage, doubt=preset.doubt)
    error = f"近 {preset.windows[-1]} 天的列表是空的：{preset.doubt}"
    return failed(account, error, adapter=preset.name, at=at, vantage=kit.vantage)


async def _pages(
    preset: Preset, account: Account, kit: Kit, secrets: Mapping[str, str], at: datetime, *, days: int | None = None
) -> _Page:
    """The first page, and further ones where all that it held was no publication."""
    values = {**_bounds(at, days or preset.window_days), "account_id": account.account_id, **secrets}
    further: dict[str, str] = {}
    for _ in range(_MOST_PAGES):
        answer = await kit.desk.call(_call(preset, values, further, at))
        if answer.error and answer.data is None:
            return _Page(error=f"{preset.title}：{answer.error}；请监测单位检查")
        if answer.error or not all(condition.holds(answer.data) for condition in preset.ok):
            return _Page(error=_refusal(preset, answer.data, answer.error))
        items = at_path(answer.data, preset.list)
        if isinstance(items, Mapping):
            items = list(items.values())  # 百家号 may key its items by their index
        if not isinstance(items, list):
            return _Page(error=f"{preset.title}的应答中没有列表；请监测单位检查采集方式")
        posts = tuple(
            _post(preset, item, at, days)
            for item in items
            if isinstance(item, Mapping) and all(condition.holds(item) for condition in preset.keep)
        )
        more = bool(preset.paging and at_path(answer.data, preset.paging.more))
        cursor = at_path(answer.data, preset.paging.path) if preset.paging else None
        if posts or not more or cursor is None or preset.paging is None:
            return _Page(posts=posts, more=more)
        further = {preset.paging.into: str(cursor)}
    return _Page(error=f"{preset.title}连续 {_MOST_PAGES} 页没有公开的内容，未再翻页；请监测单位人工核查")


def _call(preset: Preset, values: Mapping[str, str], further: Mapping[str, str], at: datetime) -> Call:
    call = Call(
        method=preset.method,
        url=preset.url,
        query={**_filled(preset.query, values), **further},
        headers=_filled(preset.headers, values),
        body=_filled(preset.body, values) if preset.body else None,
    )
    return _signed_for_bilibili(call, values, at) if preset.sign == "bilibili" else call


def _filled(template: Mapping[str, Any], values: Mapping[str, str]) -> dict[str, Any]:
    return {key: _fill(value, values) if isinstance(value, str) else value for key, value in template.items()}


def _fill(text: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def _bounds(at: datetime, days: int) -> dict[str, str]:
    since = local_day(at) - timedelta(days=days)
    return {
        "since_epoch": str(int(start_of(since).timestamp())),
        "until_epoch": str(int(at.timestamp())),
        "since_day": since.isoformat(),
        "until_day": local_day(at).isoformat(),
    }


def _refusal(preset: Preset, data: Any, error: str) -> str:
    code = at_path(data, preset.code) if preset.code else None
    known = preset.errors.get(str(code), "")
    told = f"{known}（{code}）" if known else f"返回错误 {code}" if code is not None else error or "返回错误"
    return f"{preset.title}：{told}；请监测单位检查授权"


def _post(preset: Preset, item: Mapping[str, Any], at: datetime, days: int | None) -> Post:
    title = str(at_path(item, preset.item_title) or "") if preset.item_title else ""
    url = str(at_path(item, preset.item_url) or "") if preset.item_url else ""
    id_ = str(at_path(item, preset.item_id) or "") if preset.item_id else ""
    if preset.time.unit == "window":
        since = local_day(at) - timedelta(days=days or 0)
        moment: datetime | None = datetime.combine(since, time(), SHANGHAI)
        precision, raw = "day", f"{since} 至 {local_day(at)} 之间"
    else:
        value = at_path(item, preset.time.path)
        moment, precision = _moment(value, preset.time.unit)
        raw = str(value) if value is not None else ""
    return Post(
        title=" ".join(title.split()), url=url, at=moment, precision=precision, basis=DateBasis.API, raw=raw, id=id_
    )


def _moment(value: Any, unit: str) -> tuple[datetime | None, str]:
    if unit == "epoch":
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            return None, ""
        try:
            number = float(value)
            number = number / 1000 if number > 1e11 else number
            return (datetime.fromtimestamp(number, UTC), "second") if number > 1e8 else (None, "")
        except (ValueError, OverflowError, OSError):
            return None, ""
    found = read_moment(str(value)) if value else None
    return found if found else (None, "")


def _signed_for_bilibili(call: Call, values: Mapping[str, str], at: datetime) -> Call:
    """The signature that B站 asks of those to whom it has given a key: HMAC-SHA256 over its own headers."""
    signed = {
        "x-bili-accesskeyid": values["access_key_id"],
        "x-bili-content-md5": hashlib.md5(b"").hexdigest(),
        "x-bili-signature-method": "HMAC-SHA256",
        "x-bili-signature-nonce": uuid.uuid4().hex,
        "x-bili-signature-version": "2.0",
        "x-bili-timestamp": str(int(at.timestamp())),
    }
    text = "\n".join(f"{name}:{value}" for name, value in sorted(signed.items()))
    signature = hmac.new(values["access_key_secret"].encode(), text.encode(), hashlib.sha256).hexdigest()
    return replace(call, headers={**call.headers, **signed, "Authorization": signature})
