"""A web address of the operator's own: JSON, signed with HMAC-SHA256, any 2xx without an error code in it is taken."""

from __future__ import annotations

import hashlib
import hmac
from typing import Annotated, Any, Literal

from pydantic import AfterValidator

from checks.core.calendar import SHANGHAI
from checks.core.notices import Tiding
from monitor.notify.channel import ChannelSettings, Style, channel
from monitor.notify.delivery import Doors, Message, NotDelivered, check_status, read_json, to_json
from monitor.notify.secret import SecretReference
from monitor.section import web_address

_TAKEN = {"errcode": (0, "0"), "code": (0, 200, "0", "200"), "success": (True,), "ok": (True,)}


class Webhook(ChannelSettings):
    """``secret`` signs; left out, messages go unsigned."""

    kind: Literal["webhook"]
    base: Annotated[str, AfterValidator(web_address)]
    secret: SecretReference | None = None


@channel(
    "webhook", title="Webhook", settings=Webhook, style=Style(limit=100_000, guard_tags=False), secrets=("secret",)
)
async def send(to: Webhook, message: Message, doors: Doors) -> None:
    body = to_json(payload(message))
    headers = {"Content-Type": "application/json; charset=utf-8", "X-Xuncha-Message": message.id}
    if secret := doors.secrets.get("secret"):
        seconds = str(int(doors.now.timestamp()))
        headers |= {"X-Xuncha-Timestamp": seconds, "X-Xuncha-Signature": signature(secret, seconds, body)}
    answer = await doors.post(to.base, body, headers=headers, seconds=to.timeout)
    check_status(answer)
    said = read_json(answer)
    for name, good in _TAKEN.items():
        if name in said and said[name] is not None and not _among(said[name], good):
            raise NotDelivered(f"对方以 HTTP {answer.status} 返回 {name}={said[name]!r}"[:200])


def signature(secret: str, seconds: str, body: bytes) -> str:
    """``sha256=`` and the hexadecimal HMAC-SHA256 under the secret over "timestamp, full stop, body"."""
    return "sha256=" + hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()


def payload(message: Message) -> dict[str, Any]:
    """The body: ``id`` and each item's ``id`` are the same if they come again, so a receiver can drop repetitions."""
    return {
        "id": message.id,
        "at": message.at.astimezone(SHANGHAI).isoformat(timespec="seconds"),
        "title": message.title,
        "text": message.body,
        "items": [_item(tiding) for tiding in message.tidings],
    }


def _item(tiding: Tiding) -> dict[str, Any]:
    return {
        "id": tiding.identity,
        "news": tiding.news.value,
        "about": tiding.about.value,
        "check": tiding.check,
        "subject": tiding.subject,
        "name": tiding.place.name,
        "unit": tiding.place.sponsor,
        "region": tiding.place.region,
        "text": tiding.text,
        "url": tiding.url,
        "advice": tiding.advice,
        "since": tiding.since.astimezone(SHANGHAI).isoformat(timespec="seconds"),
        "episode": tiding.episode,
        "due": tiding.due.isoformat() if tiding.due else None,
    }


def _among(value: object, good: tuple[object, ...]) -> bool:
    return any(type(value) is type(each) and value == each for each in good)
