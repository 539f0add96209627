"""Messages of ours to addresses of the operator's choice: POST over httpx, nothing followed, nothing raised but
``NotDelivered``. With ``monitor.exchange``, which visits others, it is the door to httpx."""

from __future__ import annotations

from collections.abc import Mapping

import httpx

from monitor.notify.delivery import Answer, NotDelivered

_MOST_BYTES = 65_536


async def post(url: str, body: bytes, *, headers: Mapping[str, str], seconds: float) -> Answer:
    """POST bytes within so many seconds. The reason of a failure never holds the address, which may hold a secret."""
    try:
        # the settings say where to; the environment's proxies do not
        async with (
            httpx.AsyncClient(timeout=seconds, trust_env=False, follow_redirects=False) as client,
            client.stream("POST", url, content=body, headers=dict(headers)) as response,
        ):
            taken = b""
            async for piece in response.aiter_bytes():
                taken += piece
                if len(taken) >= _MOST_BYTES:
                    break
            return Answer(
                status=response.status_code,
                body=taken[:_MOST_BYTES],
                retry_after=_seconds(response.headers.get("retry-after", "")),
            )
    except httpx.InvalidURL:
        raise NotDelivered("地址写法有误，请检查设置", permanent=True) from None
    except httpx.TimeoutException:
        raise NotDelivered(f"{seconds:g} 秒内没有应答") from None
    except httpx.HTTPError as error:
        raise NotDelivered(f"{_CAUSES.get(type(error), '通信中断')}（{type(error).__name__}）") from None


_CAUSES: Mapping[type[httpx.HTTPError], str] = {
    httpx.ConnectError: "连接不上",
    httpx.UnsupportedProtocol: "地址写法有误",
    httpx.RemoteProtocolError: "对方中断了应答",
}


def _seconds(text: str) -> float | None:
    """Retry-After in seconds, at most an hour; its form as a date is passed over."""
    return min(float(text), 3600.0) if text.isascii() and text.isdigit() else None
