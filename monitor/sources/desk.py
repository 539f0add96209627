"""What adapters find in their kit: the confirmed sources and whether each is well, the secrets, the caller."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from checks import Outcome
from checks.core.calendar import local_day
from monitor.extract.feeds import read_feed
from monitor.guard import AddressGuard
from monitor.resolver import Resolver
from monitor.settings import Settings
from monitor.sources.calling import Answer, Call, Caller
from monitor.sources.confirming import SourceEvent, in_force, origin_of
from monitor.sources.secrets import Secrets, load_secrets

SYNC_HOURS = 36
"""accounts.md §3: a source that has not synchronised for longer says nothing."""


class Fetches(Protocol):
    """What of the net is needed here."""

    async def fetch(self, url: str) -> Any: ...


class SourceDesk:
    """One for a collecting round: what a source answered about itself is asked once.

    ``confirmed`` holds the sources that somebody vouched for, by origin; ``None`` where nobody keeps such a book.
    """

    def __init__(
        self,
        *,
        confirmed: Mapping[str, SourceEvent] | None = None,
        secrets: Secrets | None = None,
        caller: Caller | None = None,
        canary_days: int = 3,
        gateways: Mapping[str, str] | None = None,
    ) -> None:
        self.secrets = secrets or Secrets()
        self._confirmed = confirmed
        self._caller = caller
        self._canary_days = canary_days
        self._gateways = gateways or {}
        self._asked: dict[str, asyncio.Task[Any]] = {}
        self._tokens: dict[str, str] = {}

    def unvouched(self, url: str) -> str:
        """Why a feed is not to be asked: nobody has confirmed its source. Empty where somebody has."""
        origin = origin_of(url)
        if self._confirmed is None or origin in self._confirmed:
            return ""
        return f"订阅来源 {origin} 未经确认；请监测单位评估后由负责人运行 xuncha source confirm {origin}"

    async def illness(self, url: str, *, net: Fetches, now: datetime) -> str:
        """Why a source cannot be believed at present, by its canary; empty where it is well or has none."""
        event = (self._confirmed or {}).get(origin_of(url))
        if event is None or not event.canary:
            return ""
        found: str = await self._once(f"canary {event.canary}", lambda: self._canary(event.canary, net, now))
        return found

    async def unsynced(self, url: str, *, net: Fetches, now: datetime) -> str:
        """Why one feed of a source cannot be believed, by the source's own list of synchronisations."""
        event = (self._confirmed or {}).get(origin_of(url))
        if event is None or not event.status_url:
            return ""
        synced = await self._once(f"status {event.status_url}", lambda: _synchronised(event.status_url, net))
        if isinstance(synced, str):
            return synced
        feed = next((name for name in synced if name and name in url), None)
        if feed is None:
            return "来源的同步状态中没有该订阅；请监测单位检查订阅地址"
        age = now - synced[feed]
        if age > timedelta(hours=SYNC_HOURS):
            return (
                f"来源已 {age.total_seconds() / 3600:.0f} 小时未同步该账号（限 {SYNC_HOURS} 小时）；请监测单位检查来源"
            )
        return ""

    async def call(self, call: Call) -> Answer:
        """Call an interface; no secret is left in what it says."""
        if self._caller is None:
            return Answer(error="未配置接口访问")
        answer = await self._caller.call(call)
        return Answer(data=answer.data, status=answer.status, error=self.secrets.mask(answer.error))

    def through(self, url: str) -> str:
        """An address, by way of the gateway that the settings name for its host."""
        parts = urlsplit(url)
        gateway = self._gateways.get(parts.hostname or "")
        return gateway.rstrip("/") + url[len(f"{parts.scheme}://{parts.netloc}") :] if gateway else url

    def token(self, key: str) -> str:
        """A token that was got before in this round."""
        return self._tokens.get(key, "")

    def keep_token(self, key: str, token: str) -> None:
        self.secrets.learn(token)
        self._tokens[key] = token

    async def aclose(self) -> None:
        """Close every connection, and end what is still being asked."""
        for task in self._asked.values():
            task.cancel()
        if self._caller is not None:
            await self._caller.aclose()

    async def _once(self, key: str, ask: Callable[[], Awaitable[Any]]) -> Any:
        if key not in self._asked:
            self._asked[key] = asyncio.ensure_future(ask())
        return await asyncio.shield(self._asked[key])

    async def _canary(self, url: str, net: Fetches, now: datetime) -> str:
        fetched = await net.fetch(url)
        if fetched.outcome is not Outcome.OK or not fetched.whole:
            return f"来源异常：哨兵账号的订阅读不出（{fetched.detail or fetched.outcome}）；请监测单位检查来源"
        feed = read_feed(fetched.body, content_type=fetched.headers.get("content-type", ""))
        dated = [item.at for item in feed.items if item.at is not None and item.at <= now + timedelta(days=1)]
        if feed.error or not dated:
            return f"来源异常：哨兵账号的订阅没有可用的内容（{feed.error or '没有日期'}）；请监测单位检查来源"
        days = (local_day(now) - local_day(max(dated))).days
        if days > self._canary_days:
            return f"来源异常：哨兵账号已 {days} 天没有新内容（限 {self._canary_days} 天）；请监测单位检查来源"
        return ""


def desk_of(settings: Settings, resolver: Resolver, events: Iterable[SourceEvent]) -> SourceDesk:
    """The desk of one round. Raises ``UsageError`` where the file of secrets cannot be read."""
    network, sources = settings.network, settings.sources
    caller = Caller(
        resolver,
        AddressGuard(network.allow_addresses),
        user_agent=network.user_agent,
        timeout=network.timeout,
        interval=sources.interval,
        gateways=sources.gateways,
    )
    return SourceDesk(
        confirmed=in_force(events),
        secrets=load_secrets(Path(sources.secrets) if sources.secrets else None),
        caller=caller,
        canary_days=sources.canary_days,
        gateways=sources.gateways,
    )


async def _synchronised(url: str, net: Fetches) -> Mapping[str, datetime] | str:
    """When each feed was last synchronised, by its id; or why that is not known."""
    fetched = await net.fetch(url)
    if fetched.outcome is not Outcome.OK:
        return f"来源的同步状态读不出（{fetched.detail or fetched.outcome}）；请监测单位检查来源"
    try:
        rows = json.loads(fetched.body)
        return {
            str(row["id"]): datetime.fromtimestamp(int(row["syncTime"]), UTC) for row in rows if row.get("syncTime")
        }
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, OSError):
        return "来源的同步状态不是预期的格式；请监测单位检查来源"
