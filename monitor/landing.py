"""Opening a page that only sends its reader on: a next to empty home page with a refresh or one line of script."""

from __future__ import annotations

import re

from checks import Outcome
from monitor.extract import charset, urls
from monitor.net import Fetched, Net


async def open_landing(net: Net, url: str, *, family: int | None = None) -> Fetched:
    """Fetch a page, and what it sends its reader on to, at most twice."""
    fetched = await net.fetch(url, family=family)
    for _ in range(_MOST_STEPS):
        if fetched.outcome is not Outcome.OK:
            break
        decoded = charset.decode(fetched.body, fetched.headers.get("content-type", ""))
        target = sent_on_to(decoded.text, fetched.final_url)
        if target is None or target == fetched.final_url:
            break
        fetched = await net.fetch(target, family=family)
    return fetched


def sent_on_to(text: str, url: str) -> str | None:
    """Where a page without content of its own sends its reader, or ``None``.

    Ordinary pages hold such statements too, in handlers of buttons (web.md §5.8): hence only pages with next to no
    visible text count, and only a statement that runs at once.
    """
    if len(text) > _MOST_SOURCE or _visible_length(text) > _MOST_VISIBLE:
        return None
    match = _REFRESH.search(text) or _REFRESH_TURNED.search(text)
    if match is None:
        scripts = "\n".join(_FUNCTION.sub("", body) for body in _SCRIPT.findall(text))
        match = _STATEMENT.search(scripts)
    return urls.resolve(url, match["target"].strip()) if match else None


_MOST_STEPS = 2
_MOST_SOURCE = 20_000
_MOST_VISIBLE = 80
_CONTENT = r"""content\s*=\s*["']?\s*[0-9]{1,2}\s*[;,]\s*url\s*=\s*["']?(?P<target>[^"'>]+)"""
_EQUIV = r"""http-equiv\s*=\s*["']?refresh["']?"""
_REFRESH = re.compile(rf"<meta[^>]*{_EQUIV}[^>]*{_CONTENT}", re.IGNORECASE)
_REFRESH_TURNED = re.compile(rf"<meta[^>]*{_CONTENT}[^>]*{_EQUIV}", re.IGNORECASE)
_SCRIPT = re.compile(r"<script\b[^>]*>(.*?)</script\s*>", re.IGNORECASE | re.DOTALL)
_FUNCTION = re.compile(r"\bfunction\b[^{]*\{[^}]*\}", re.DOTALL)
_STATEMENT = re.compile(
    r"""(?:^|[;\s{])(?:(?:window|document|self|top|parent)\.)?location"""
    r"""(?:\.href\s*=|\s*=|\.(?:replace|assign)\s*\()\s*["'](?P<target>[^"']+)["']"""
)
_UNSEEN = re.compile(r"<(script|style|title|noscript)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>", re.IGNORECASE | re.DOTALL)


def _visible_length(text: str) -> int:
    return len("".join(_UNSEEN.sub("", text).split()))
