"""企业微信群机器人: Markdown of at most 4,096 bytes, 20 messages a minute; refusals come as ``errcode`` in HTTP 200."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import quote

from pydantic import AfterValidator

from monitor.notify.channel import ChannelSettings, Style, channel
from monitor.notify.delivery import Doors, Message, check_code, to_json
from monitor.notify.secret import SecretReference
from monitor.section import web_address

_PERMANENT = {
    93000: "请核对机器人的 key，或机器人是否已被移出群",
    40001: "请核对机器人的 key",
    40008: "消息类型不被接受，请升级本程序",
    40058: "消息内容不合要求",
    44004: "消息内容为空",
    45002: "消息过长",
}
_LIMITED = (45009, 45033)


class WeCom(ChannelSettings):
    """``key`` is the key in the robot's address."""

    kind: Literal["wecom"]
    base: Annotated[str, AfterValidator(web_address)] = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send"
    key: SecretReference


@channel("wecom", title="企业微信", settings=WeCom, style=Style(limit=4096, markdown=True), secrets=("key",))
async def send(to: WeCom, message: Message, doors: Doors) -> None:
    body = to_json({"msgtype": "markdown", "markdown": {"content": message.body}})
    answer = await doors.post(
        f"{to.base}?key={quote(doors.secrets['key'], safe='')}",
        body,
        headers={"Content-Type": "application/json; charset=utf-8"},
        seconds=to.timeout,
    )
    check_code(answer, names=("errcode",), text=("errmsg",), permanent=_PERMANENT, limited=_LIMITED)
