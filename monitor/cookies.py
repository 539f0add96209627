"""The cookies of one fetch, so that "302 to myself, with a cookie" opens. Kept no longer."""

from __future__ import annotations

from collections.abc import Iterable


class Cookies:
    """Cookies by the host that set them. Paths and lifetimes do not matter within one fetch."""

    def __init__(self) -> None:
        self._held: dict[tuple[str, str], str] = {}

    def take(self, host: str, set_cookie: Iterable[str]) -> None:
        """Read the ``Set-Cookie`` lines of an answer of ``host``."""
        for line in set_cookie:
            pair, *attributes = line.split(";")
            name, equals, value = (part.strip() for part in pair.partition("="))
            if not equals or not name or not _sendable(name + value):
                continue
            domain, dropped = host, False
            for attribute in attributes:
                key, _, content = (part.strip().lower() for part in attribute.partition("="))
                if key == "domain" and "." in content.strip(".") and _within(host, content.lstrip(".")):
                    domain = content.lstrip(".")
                dropped = dropped or (key == "max-age" and content.lstrip("-").isdigit() and int(content) <= 0)
            if dropped:
                self._held.pop((domain, name), None)
            elif len(self._held) < _LIMIT or (domain, name) in self._held:
                self._held[domain, name] = value

    def header(self, host: str) -> str:
        """The ``Cookie`` header for a request to ``host``; empty where there is none."""
        return "; ".join(f"{name}={value}" for (domain, name), value in self._held.items() if _within(host, domain))


_LIMIT = 50


def _within(host: str, domain: str) -> bool:
    return host == domain or host.endswith("." + domain)


def _sendable(text: str) -> bool:
    return len(text) <= 4096 and text.isascii() and text.isprintable()
