"""What a channel is handed and what may become of it: messages, the two doors out, and failures of two kinds."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from checks.core.notices import Tiding


class NotDelivered(Exception):
    """A message did not arrive. The text is Chinese, for the operator.

    ``permanent``: sending the same again cannot help before a person has changed something. Otherwise it passes, and
    ``retry_after`` says in how many seconds at the earliest, where the other side said so.
    """

    def __init__(self, reason: str, *, permanent: bool = False, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.permanent = permanent
        self.retry_after = retry_after


@dataclass(frozen=True, kw_only=True)
class Message:
    """One message. ``id`` is the same if the same tidings are sent again; ``recipient`` is a mail address or empty."""

    id: str
    title: str
    body: str
    tidings: tuple[Tiding, ...] = ()
    at: datetime
    recipient: str = ""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a web server answered: at most 64 KiB of the body."""

    status: int
    body: bytes = b""
    retry_after: float | None = None


class Post(Protocol):
    """POSTs bytes. Raises ``NotDelivered`` where no answer came."""

    async def __call__(self, url: str, body: bytes, *, headers: Mapping[str, str], seconds: float) -> Answer: ...


@dataclass(frozen=True, kw_only=True)
class Mail:
    """A mail and the server that takes it. ``security`` is ``tls``, ``starttls`` or ``none``."""

    host: str
    port: int
    security: str
    username: str
    password: str
    sender: str
    recipient: str
    content: bytes
    seconds: float


class SendMail(Protocol):
    """Hands a mail to its server. Raises ``NotDelivered``."""

    async def __call__(self, mail: Mail) -> None: ...


@dataclass(frozen=True, kw_only=True)
class Doors:
    """The ways out, and the secrets of the channel by the name of their setting."""

    post: Post
    mail: SendMail
    now: datetime
    secrets: Mapping[str, str] = field(default_factory=dict)


def check_status(answer: Answer) -> None:
    """Pass a 2xx. Raises ``NotDelivered``: passing for 408, 425, 429 and 5xx, permanent for all else."""
    if 200 <= answer.status < 300:
        return
    passing = answer.status in (408, 425, 429) or answer.status >= 500
    hint = "（地址已迁移，请改写设置）" if 300 <= answer.status < 400 else ""
    raise NotDelivered(
        f"对方返回 HTTP {answer.status}{hint}{_excerpt(answer)}", permanent=not passing, retry_after=answer.retry_after
    )


def check_code(
    answer: Answer,
    *,
    names: Collection[str],
    text: Collection[str],
    permanent: Mapping[int, str],
    limited: Collection[int],
) -> None:
    """Pass an answer whose error code is 0: these robots refuse with HTTP 200 and a code.

    ``names`` are the fields that may hold the code, ``text`` those of its explanation. ``permanent`` maps the codes
    that no repetition helps to what the operator should do; ``limited`` are those of a rate limit.
    Any other code, and an answer that holds none, is a failure that may pass.
    """
    check_status(answer)
    said = read_json(answer)
    code = next((said[name] for name in names if name in said), None)
    if isinstance(code, bool) or not isinstance(code, int):
        raise NotDelivered(f"对方的应答无法识别{_excerpt(answer)}")
    if code == 0:
        return
    reason = next((str(said[name]) for name in text if said.get(name)), "")
    told = f"对方返回错误码 {code}：{reason[:200]}"
    if code in permanent:
        raise NotDelivered(f"{told}。{permanent[code]}", permanent=True)
    if code in limited:
        raise NotDelivered(f"{told}（发送过快）", retry_after=answer.retry_after or RATE_LIMIT_SECONDS)
    raise NotDelivered(told, retry_after=answer.retry_after)


def read_json(answer: Answer) -> dict[str, Any]:
    """The JSON object of an answer, or nothing where it holds none."""
    try:
        value = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def to_json(value: Any) -> bytes:
    """JSON in UTF-8, Chinese as it is: limits count bytes, and an escaped character has six."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


RATE_LIMIT_SECONDS = 60.0


def _excerpt(answer: Answer) -> str:
    text = " ".join(answer.body.decode("utf-8", "replace").split())[:120]
    return f"：{text}" if text else ""
