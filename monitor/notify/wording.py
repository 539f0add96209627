"""Tidings → messages: grouped, counted, within the bytes that a channel takes. Pure.

tidings ──▶ groups of one news ──▶ a block a subject and check ──▶ messages of at most ``limit`` bytes
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from urllib.parse import quote

from checks.core.calendar import SHANGHAI
from checks.core.notices import About, News, Tiding
from monitor.notify.channel import Style
from monitor.notify.delivery import Message
from reports.wording import check_title

MOST_MESSAGES = 5
"""Messages to one recipient at once; what is beyond is counted, not told one by one."""

_SMALL = 5000  # bytes
_SHOWN = 3  # of the findings of one check on one subject
_LONGEST = (300, 500)  # characters of one sentence, and of an address
_LONGEST_IN_SMALL = (120, 300)  # so that a block of the largest size goes into a message of 4,096 bytes


@dataclass(frozen=True)
class _Block:
    lines: tuple[str, ...]
    tidings: tuple[Tiding, ...]
    group: str


def compose(
    tidings: Sequence[Tiding], style: Style, *, at: datetime, recipient: str = "", label: str = ""
) -> list[Message]:
    """The messages that tell these, what is worst first. Of the same tidings they are the same again."""
    blocks = [block for group, of in _groups(tidings) for block in _blocks(group, of, style)]
    pieces = _pieces(blocks, style.limit - _HEAD_BYTES)
    if len(pieces) > MOST_MESSAGES:
        last = [block for piece in pieces[MOST_MESSAGES - 1 :] for block in piece]
        pieces = [*pieces[: MOST_MESSAGES - 1], _cut(last, style.limit - _HEAD_BYTES)]
    return [
        _message(piece, tidings, style, at=at, recipient=recipient, label=label, part=(number, len(pieces)))
        for number, piece in enumerate(pieces, 1)
    ]


def trial(channel: str, *, at: datetime, recipient: str = "") -> Message:
    """What `alert test` sends."""
    text = f"【巡查】测试消息：通道“{channel}”可用（{_moment(at)}）"
    return Message(
        id=_digest([f"trial|{channel}|{at}"]), title="【巡查】测试消息", body=text, at=at, recipient=recipient
    )


def title_of(tidings: Iterable[Tiding]) -> str:
    """One line: what kinds of news, and how many of each."""
    counts: dict[str, int] = {}
    for group, of in _groups(list(tidings)):
        counts[group] = len(of)
    return "【巡查】" + "、".join(f"{group} {count} 项" for group, count in counts.items())


def _groups(tidings: Sequence[Tiding]) -> list[tuple[str, list[Tiding]]]:
    ordered = sorted(tidings, key=lambda t: (_order(t), t.place.sponsor, t.place.name, t.subject, t.check, t.identity))
    return [(group, list(of)) for group, of in groupby(ordered, key=_group)]


def _group(tiding: Tiding) -> str:
    return _GROUPS[_order(tiding)]


def _order(tiding: Tiding) -> int:
    if tiding.news is News.RECOVERED:
        return len(_GROUPS) - 1
    if tiding.news is News.REMINDED:
        return len(_GROUPS) - 2
    return (About.TROUBLE, About.PROBLEM, About.OVERDUE, About.WARNING).index(tiding.about)


_GROUPS = ("系统自身异常", "新发现问题", "整改超期", "预警", "提醒", "恢复")


def _blocks(group: str, tidings: Sequence[Tiding], style: Style) -> Iterable[_Block]:
    clean = _cleaner(style)
    for _, same in groupby(tidings, key=lambda t: (t.subject, t.check, t.about)):
        told = list(same)
        lines = [_strong(clean(_place_line(told[0])), style)]
        for tiding in told[:_SHOWN]:
            lines.append(f"　{clean(_sentence(tiding))}")
            if tiding.url and tiding.news is not News.RECOVERED:
                lines += [f"　{link}" for link in _link(tiding.url, style)]
        if len(told) > _SHOWN:
            lines.append(f"　另有 {len(told) - _SHOWN} 条")
        advice = told[0].advice
        if advice and told[0].news is not News.RECOVERED:
            lines.append(f"　建议：{clean(advice)}")
        yield _Block(tuple(lines), tuple(told), group)


def _place_line(tiding: Tiding) -> str:
    if tiding.about is About.TROUBLE:
        return "巡查系统"
    name = tiding.place.name or tiding.subject
    sponsor = f"（{tiding.place.sponsor}）" if tiding.place.sponsor else ""
    return f"{name}{sponsor}｜{check_title(tiding.check)}"


def _sentence(tiding: Tiding) -> str:
    text = tiding.text
    match tiding.news:
        case News.RECOVERED if tiding.about is About.OVERDUE:
            return f"不再超期：{text}"
        case News.RECOVERED:
            done = "已恢复" if tiding.about is About.TROUBLE else "复查未再发现"
            return f"{done}（始于 {_moment(tiding.since)}，历时{_span(tiding.at - tiding.since)}）：{text}"
        case News.REMINDED:
            return f"仍未处理（始于 {_moment(tiding.since)}）：{text}"
    if tiding.episode > 1 and tiding.about is not About.OVERDUE:
        return f"再次出现（第 {tiding.episode} 次）：{text}"
    return text


def _pieces(blocks: Sequence[_Block], room: int) -> list[list[_Block]]:
    """The blocks in turn, as many in each piece as there is room for, its headings included."""
    pieces: list[list[_Block]] = []
    used = room
    for block in blocks:
        size = _size(block)
        if not pieces or used + size > room:
            pieces.append([])
            used = 0
        pieces[-1].append(block)
        used += size
    return pieces


def _cut(blocks: Sequence[_Block], room: int) -> list[_Block]:
    """As many blocks as there is room for, and a line that counts the others."""
    kept: list[_Block] = []
    used = _REST_BYTES
    for block in blocks:
        used += _size(block)
        if used > room:
            break
        kept.append(block)
    rest = blocks[len(kept) :]
    told = tuple(tiding for block in rest for tiding in block.tidings)
    return [*kept, _Block((f"以上之外还有 {len(told)} 条未列出，请用 xuncha findings 或整改台账查看",), told, "其余")]


def _message(
    blocks: Sequence[_Block],
    all_told: Sequence[Tiding],
    style: Style,
    *,
    at: datetime,
    recipient: str,
    label: str,
    part: tuple[int, int],
) -> Message:
    number, count = part
    told = tuple(tiding for block in blocks for tiding in block.tidings)
    title = title_of(all_told) + (f"（{number}/{count}）" if count > 1 else "")
    lines = [_strong(title, style), f"{label[:40] + ' · ' if label else ''}{_moment(at)}"]
    for group, of in groupby(blocks, key=lambda block: block.group):
        lines += ["", _strong(f"■ {group}", style)]
        lines += [line for block in of for line in block.lines]
    separator = "\n\n" if style.markdown and style.limit > _SMALL else "\n"
    body = separator.join(line for line in lines if line or separator == "\n")
    return Message(
        id=_digest([recipient, *(tiding.identity for tiding in told)]),
        title=title,
        body=clipped(body, style.limit),
        tidings=told,
        at=at,
        recipient=recipient,
    )


def clipped(text: str, limit: int) -> str:
    """A text of at most so many bytes of UTF-8, cut between characters."""
    raw = text.encode("utf-8", "replace")
    if len(raw) <= limit:
        return raw.decode()
    return raw[: limit - 3].decode("utf-8", "ignore") + "…"


_HEAD_BYTES = 400  # title, time and one heading
_REST_BYTES = 160


def _size(block: _Block) -> int:
    # a heading may stand before each block, and two newlines after each line
    return sum(len(line.encode()) + 2 for line in block.lines) + len(block.group.encode()) + 12


def _cleaner(style: Style) -> Callable[[str], str]:
    """What a watched page wrote, so that it is read as words: no control characters, no mark-up, no call to people."""
    longest, _ = _longest(style)
    table = {ord(a): b for a, b in zip("<>@", "＜＞＠", strict=True)} if style.guard_tags else {}
    if style.markdown:
        table |= {ord(a): b for a, b in zip("*`[]#&_~|\\", "＊‘［］＃＆＿～｜＼", strict=True)}

    def clean(text: str) -> str:
        printable = "".join(c if unicodedata.category(c)[0] not in "CZ" else " " for c in text)
        words = " ".join(printable.split())
        return (words if len(words) <= longest else words[: longest - 1] + "…").translate(table)

    return clean


def _longest(style: Style) -> tuple[int, int]:
    return _LONGEST if style.limit > _SMALL else _LONGEST_IN_SMALL


def _link(url: str, style: Style) -> list[str]:
    """The address on a line of its own; one that is no web address, or too long to be whole, is left out."""
    if not url.startswith(("http://", "https://")) or len(url) > _longest(style)[1]:
        return []
    safe = quote(url, safe="/:?=&%#+,;@!$'~-._") if style.markdown or style.guard_tags else "".join(url.split())
    return [f"[打开页面]({safe})" if style.markdown else safe]


def _strong(text: str, style: Style) -> str:
    return f"**{text}**" if style.markdown else text


def _moment(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def _span(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    if minutes >= 48 * 60:
        return f" {minutes // (24 * 60)} 天"
    return f" {minutes // 60} 小时 {minutes % 60} 分" if minutes >= 60 else f" {minutes} 分钟"


def _digest(identities: Iterable[str]) -> str:
    return hashlib.sha256("|".join(sorted(identities)).encode()).hexdigest()[:32]
