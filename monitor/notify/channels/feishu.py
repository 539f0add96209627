"""飞书自定义机器人 with 签名校验: plain text; refusals come as ``code`` in HTTP 200."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Annotated, Any, Literal
from urllib.parse import quote

from pydantic import AfterValidator

from monitor.notify.channel import ChannelSettings, Style, channel
from monitor.notify.delivery import Doors, Message, check_code, to_json
from monitor.notify.secret import SecretReference
from monitor.section import web_address

_PERMANENT = {
    19001: "请核对机器人的 token",
    19002: "消息内容不合要求",
    19021: "签名不符：请核对签名密钥和本机时钟（相差不得超过 1 小时）",
    19022: "本机地址不在机器人的 IP 白名单里",
    19024: "消息不含机器人要求的关键词（可设为“巡查”）",
    10101: "机器人已停用",
}
_LIMITED = (11232, 9499, 230020)


class Feishu(ChannelSettings):
    """``token`` is the last part of the robot's address; ``secret`` the one of 签名校验, which may be left out."""

    kind: Literal["feishu"]
    base: Annotated[str, AfterValidator(web_address)] = "https://open.feishu.cn/open-apis/bot/v2/hook"
    token: SecretReference
    secret: SecretReference | None = None


# 20 KB is the limit of the whole request; JSON adds a byte for each newline
@channel("feishu", title="飞书", settings=Feishu, style=Style(limit=15_000), secrets=("token", "secret"))
async def send(to: Feishu, message: Message, doors: Doors) -> None:
    body: dict[str, Any] = {"msg_type": "text", "content": {"text": message.body}}
    if secret := doors.secrets.get("secret"):
        seconds = int(doors.now.timestamp())
        body = {"timestamp": str(seconds), "sign": signature(secret, seconds), **body}
    answer = await doors.post(
        f"{to.base.rstrip('/')}/{quote(doors.secrets['token'], safe='')}",
        to_json(body),
        headers={"Content-Type": "application/json; charset=utf-8"},
        seconds=to.timeout,
    )
    check_code(
        answer, names=("code", "StatusCode"), text=("msg", "StatusMessage"), permanent=_PERMANENT, limited=_LIMITED
    )


def signature(secret: str, seconds: int) -> str:
    """Base64 of HMAC-SHA256 over nothing, under the key "timestamp, newline, secret"."""
    digest = hmac.new(f"{seconds}\n{secret}".encode(), b"", hashlib.sha256).digest()
    return base64.b64encode(digest).decode()
