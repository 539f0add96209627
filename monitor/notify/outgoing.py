"""What is due over one channel is sent: claim | compose | send | settle. It works out nothing that is to be told."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.clock import Clock
from monitor.notify.channel import ChannelSettings
from monitor.notify.delivery import Message, NotDelivered
from monitor.notify.sending import Sender, kind_of
from monitor.notify.wording import compose
from monitor.store.notices import Claim, Outbox

LAPSE = timedelta(minutes=10)
"""How long a sender may hold what it claimed: more than the messages of one claim can take."""

MINUTE = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(hours=1)

log = logging.getLogger(__name__)


@dataclass
class Drained:
    """What went out over a channel in one round: messages, notices put aside, and what went wrong."""

    sent: int = 0
    put_aside: int = 0
    faults: list[str] = field(default_factory=list)


async def drain(
    outbox: Outbox, channel: ChannelSettings, *, clock: Clock, sender: Sender, label: str = "", lapse: timedelta = LAPSE
) -> Drained:
    """Send what is due over a channel, one recipient after another.

    A permanent failure puts its notices aside and goes on. One that may pass ends the channel's round: its notices
    wait, longer each time; what is due to others waits for the next round. So does what exceeds ``per_minute``.
    """
    done = Drained()
    while (claim := outbox.claim(channel.name, now=clock.now(), lapse=lapse)) is not None:
        if not await _send(outbox, claim, channel, done, clock=clock, sender=sender, label=label):
            break
    return done


def wait(attempts: int, retry_after: float | None = None) -> timedelta:
    """How long to wait after so many failed attempts: a minute, then twice as long each time, an hour at most."""
    spaced = min(MINUTE * (1 << min(max(attempts, 1) - 1, 10)), _LONGEST_WAIT)
    return max(spaced, timedelta(seconds=retry_after or 0))


async def _send(
    outbox: Outbox,
    claim: Claim,
    channel: ChannelSettings,
    done: Drained,
    *,
    clock: Clock,
    sender: Sender,
    label: str,
) -> bool:
    """Send what was claimed; whether the channel may go on."""
    ids = {notice.tiding.identity: notice.id for notice in claim.notices}
    attempts = max(notice.attempts for notice in claim.notices)
    tidings = [notice.tiding for notice in claim.notices]
    messages = compose(tidings, kind_of(channel).style, at=clock.now(), recipient=claim.recipient, label=label)
    for number, message in enumerate(messages):
        now = clock.now()
        if now >= claim.until:
            return True  # the claim lapsed: the rest may be another's by now
        if len(outbox.messages_since(channel.name, now - MINUTE)) >= channel.per_minute:
            outbox.put_back(claim, _ids(messages[number:], ids))
            return False
        try:
            await sender.send(channel, message, now=now)
        except NotDelivered as error:
            done.faults.append(f"{channel.name}：{error}")
            if not error.permanent:
                again = now + wait(attempts, error.retry_after)
                outbox.failed(claim, _ids(messages[number:], ids), error=str(error), again_at=again)
                return False
            outbox.failed(claim, _ids([message], ids), error=str(error), again_at=None)
            done.put_aside += len(message.tidings)
        except Exception as fault:
            # a fault of our own must neither lose the notice nor end the other channels' round
            log.exception("channel %s", channel.name)
            told = f"程序出错：{type(fault).__name__}"
            done.faults.append(f"{channel.name}：{told}")
            outbox.failed(claim, _ids(messages[number:], ids), error=told, again_at=now + wait(attempts))
            return False
        else:
            outbox.sent(claim, _ids([message], ids), message=message.id, at=_later(clock, now))
            done.sent += 1
    return True


def _ids(messages: Sequence[Message], ids: dict[str, int]) -> list[int]:
    return [ids[tiding.identity] for message in messages for tiding in message.tidings]


def _later(clock: Clock, now: datetime) -> datetime:
    return max(clock.now(), now)
