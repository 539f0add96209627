"""One message over one channel: its secrets revealed, its time bounded, its failures free of secrets."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from monitor.mailing import hand_over
from monitor.notify.channel import ChannelSettings, Kind, all_kinds
from monitor.notify.delivery import Doors, Message, NotDelivered, Post, SendMail
from monitor.notify.secret import SecretMissing, masked, reveal
from monitor.posting import post

_GRACE = 5.0  # seconds beyond a channel's own timeout, which bounds single steps


@dataclass(frozen=True)
class Sender:
    """Sends over the channels. ``folder`` is where relative paths of secrets start."""

    folder: Path = Path()
    post: Post = post
    mail: SendMail = hand_over

    async def send(self, to: ChannelSettings, message: Message, *, now: datetime) -> None:
        """Send one message. Raises ``NotDelivered``, with a reason in which no secret can be read."""
        kind = kind_of(to)
        try:
            secrets = self.secrets(to)
        except SecretMissing as error:
            raise NotDelivered(str(error)) from None
        try:
            async with asyncio.timeout(to.timeout * 3 + _GRACE):
                await kind.send(to, message, Doors(post=self.post, mail=self.mail, now=now, secrets=secrets))
        except TimeoutError:
            raise NotDelivered(f"{to.timeout * 3 + _GRACE:g} 秒内没有发完") from None
        except NotDelivered as error:
            raise NotDelivered(
                masked(str(error), tuple(secrets.values())), permanent=error.permanent, retry_after=error.retry_after
            ) from None

    def secrets(self, of: ChannelSettings) -> dict[str, str]:
        """The secrets of a channel by the name of their setting. Raises ``SecretMissing``."""
        named = {name: getattr(of, name) for name in kind_of(of).secrets}
        return {name: reveal(reference, self.folder) for name, reference in named.items() if reference is not None}


def kind_of(channel: ChannelSettings) -> Kind:
    """The kind of a configured channel."""
    return all_kinds()[channel.kind]
