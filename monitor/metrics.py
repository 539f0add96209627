"""What the service tells of itself in the text format of Prometheus, and the small endpoint that serves it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

READ_SECONDS = 5.0
MOST_REQUEST = 4096

_KINDS = {
    "xuncha_turns_total": ("counter", "Turns of a job of the service, by how they ended"),
    "xuncha_last_good_timestamp_seconds": ("gauge", "When a job last ended well, in Unix time"),
    "xuncha_turn_seconds": ("gauge", "How long the latest turn of a job took"),
    "xuncha_due": ("gauge", "Looks that were due at the latest turn, by lane"),
    "xuncha_facts_total": ("counter", "Facts recorded since the start"),
    "xuncha_held_back_total": ("counter", "Rounds held back because of a trouble of our own"),
    "xuncha_faults_total": ("counter", "Faults of our own in probes"),
    "xuncha_database_bytes": ("gauge", "Size of the database"),
    "xuncha_start_timestamp_seconds": ("gauge", "When the service was started, in Unix time"),
}

Labels = tuple[tuple[str, str], ...]


@dataclass
class Metrics:
    """Numbers by name and labels. Counters start at nothing when the service does."""

    values: dict[tuple[str, Labels], float] = field(default_factory=dict)

    def add(self, name: str, amount: float = 1, **labels: str) -> None:
        """Let a counter grow."""
        key = _key(name, labels)
        self.values[key] = self.values.get(key, 0) + amount

    def put(self, name: str, value: float, **labels: str) -> None:
        """Set a gauge."""
        self.values[_key(name, labels)] = value

    def get(self, name: str, **labels: str) -> float:
        return self.values.get(_key(name, labels), 0)

    def text(self) -> str:
        """Everything, as Prometheus reads it."""
        return "\n".join(self._lines()) + "\n"

    def _lines(self) -> Iterator[str]:
        for name, (kind, told) in _KINDS.items():
            yield f"# HELP {name} {told}"
            yield f"# TYPE {name} {kind}"
            for (of, labels), value in sorted(self.values.items()):
                if of == name:
                    named = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels)
                    yield f"{name}{{{named}}} {value:.15g}" if named else f"{name} {value:.15g}"


async def serve_metrics(metrics: Metrics, host: str, port: int) -> asyncio.Server:
    """Answer ``GET /metrics`` at an address. Raises ``OSError`` where it is taken."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(READ_SECONDS):
                head = await reader.readuntil(b"\r\n\r\n")
                writer.write(_answer(head, metrics))
                await writer.drain()
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # whoever asks so is not answered
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    return await asyncio.start_server(answer, host, port, limit=MOST_REQUEST)


def _answer(head: bytes, metrics: Metrics) -> bytes:
    method, _, rest = head.partition(b" ")
    path = rest.partition(b" ")[0].partition(b"?")[0]
    if path != b"/metrics":
        status, body = "404 Not Found", "see /metrics\n"
    elif method not in (b"GET", b"HEAD"):
        status, body = "405 Method Not Allowed", "GET only\n"
    else:
        status, body = "200 OK", metrics.text()
    content = body.encode()
    lines = (
        f"HTTP/1.1 {status}",
        "Content-Type: text/plain; version=0.0.4; charset=utf-8",
        f"Content-Length: {len(content)}",
        "Connection: close",
    )
    return "\r\n".join([*lines, "", ""]).encode() + (b"" if method == b"HEAD" else content)


def _key(name: str, labels: Mapping[str, str]) -> tuple[str, Labels]:
    assert name in _KINDS, name
    return name, tuple(sorted(labels.items()))


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
