"""How a kind of channel is declared, and where the declared ones are found."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import Field

from monitor.notify.delivery import Doors, Message
from monitor.section import Section


class ChannelSettings(Section):
    """What every [[alerts.channel]] has. ``per_minute`` is in messages, ``timeout`` in seconds."""

    name: str = Field(min_length=1, max_length=60)
    kind: str
    per_minute: int = Field(20, ge=1, le=6000)
    timeout: float = Field(10.0, gt=0, le=60)


@dataclass(frozen=True)
class Style:
    """How a message must be written: at most ``limit`` bytes of UTF-8; ``markdown`` or plain text.

    ``guard_tags`` says that the receiver takes ``<at …>`` in a text for a call to people: what a watched page wrote
    must not be able to ring everybody.
    """

    limit: int
    markdown: bool = False
    guard_tags: bool = True


Send = Callable[[Any, Message, Doors], Awaitable[None]]


@dataclass(frozen=True)
class Kind:
    """A kind of channel. ``secrets`` names the settings that are references to secrets."""

    id: str
    title: str
    settings: type[ChannelSettings]
    style: Style
    secrets: tuple[str, ...]
    addressed: bool
    send: Send


_declared: dict[str, Kind] = {}


def channel(
    id: str,
    *,
    title: str,
    settings: type[ChannelSettings],
    style: Style,
    secrets: tuple[str, ...] = (),
    addressed: bool = False,
) -> Callable[[Send], Send]:
    """Declare a kind of channel over a coroutine ``(settings, message, doors) -> None`` that raises ``NotDelivered``.

    ``settings.kind`` must be ``Literal[id]``. ``addressed`` says that each message goes to one recipient, as mail does.
    """

    def declare(send: Send) -> Send:
        if id in _declared:
            raise ValueError(f"channel {id} is declared twice")
        _declared[id] = Kind(id, title, settings, style, secrets, addressed, send)
        return send

    return declare


@cache
def all_kinds() -> Mapping[str, Kind]:
    """Every kind by id. The folder is the list: each module of ``monitor.notify.channels`` is imported."""
    import monitor.notify.channels

    for module in pkgutil.iter_modules(monitor.notify.channels.__path__):
        importlib.import_module(f"monitor.notify.channels.{module.name}")
    return dict(sorted(_declared.items()))
