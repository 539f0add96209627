"""钉钉自定义机器人 with 加签: Markdown, 20 messages a minute; refusals come as ``errcode`` in HTTP 200."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Annotated, Literal
from urllib.parse import urlencode

from pydantic import AfterValidator

from monitor.notify.channel import ChannelSettings, Style, channel
from monitor.notify.delivery import Doors, Message, check_code, to_json
from monitor.notify.secret import SecretReference
from monitor.section import web_address

_PERMANENT = {
    310000: "安全设置不符：请核对加签密钥、自定义关键词（可设为“巡查”）、IP 白名单和本机时钟",
    300001: "请核对 access_token",
    300005: "请核对 access_token",
    400101: "请核对 access_token",
    400102: "机器人已停用，请在钉钉群里启用",
    400105: "消息类型不被接受，请升级本程序",
    400106: "机器人不存在，请在钉钉群里重新添加",
}
_LIMITED = (130101, 130102, 410100, 90030)


class DingTalk(ChannelSettings):
    """``token`` is the access_token in the robot's address; ``secret`` the one of 加签, which may be left out."""

    kind: Literal["dingtalk"]
    base: Annotated[str, AfterValidator(web_address)] = "https://oapi.dingtalk.com/robot/send"
    token: SecretReference
    secret: SecretReference | None = None


@channel(
    "dingtalk",
    title="钉钉",
    settings=DingTalk,
    style=Style(limit=15_000, markdown=True),
    secrets=("token", "secret"),
)
async def send(to: DingTalk, message: Message, doors: Doors) -> None:
    query = {"access_token": doors.secrets["token"]}
    if secret := doors.secrets.get("secret"):
        milliseconds = int(doors.now.timestamp() * 1000)
        query |= {"timestamp": str(milliseconds), "sign": signature(secret, milliseconds)}
    answer = await doors.post(
        f"{to.base}?{urlencode(query)}",
        to_json({"msgtype": "markdown", "markdown": {"title": message.title, "text": message.body}}),
        headers={"Content-Type": "application/json; charset=utf-8"},
        seconds=to.timeout,
    )
    check_code(answer, names=("errcode",), text=("errmsg",), permanent=_PERMANENT, limited=_LIMITED)


def signature(secret: str, milliseconds: int) -> str:
    """Base64 of HMAC-SHA256 under the secret over "timestamp, newline, secret"; it is encoded once, by the query."""
    digest = hmac.new(secret.encode(), f"{milliseconds}\n{secret}".encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()
