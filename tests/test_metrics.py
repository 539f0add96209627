"""The metrics: counted, written as Prometheus reads them, served on one path and to nobody who dawdles."""

from __future__ import annotations

import asyncio

import pytest

from monitor import metrics as module
from monitor.metrics import Metrics, serve_metrics


def some_metrics() -> Metrics:
    metrics = Metrics()
    metrics.add("xuncha_turns_total", job="visits", outcome="ok")
    metrics.add("xuncha_turns_total", job="visits", outcome="ok")
    metrics.add("xuncha_turns_total", job='a"b\\c\nd', outcome="failed")
    metrics.put("xuncha_database_bytes", 4_812_345_678)
    return metrics


def test_what_was_counted_is_written_as_prometheus_reads_it():
    lines = some_metrics().text().splitlines()
    assert 'xuncha_turns_total{job="visits",outcome="ok"} 2' in lines
    assert r'xuncha_turns_total{job="a\"b\\c\nd",outcome="failed"} 1' in lines
    assert "xuncha_database_bytes 4812345678" in lines
    assert lines.count("# TYPE xuncha_turns_total counter") == 1
    assert some_metrics().text().endswith("\n")


async def ask(request: bytes) -> bytes:
    server = await serve_metrics(some_metrics(), "127.0.0.1", 0)
    async with server:
        host, port = server.sockets[0].getsockname()[:2]
        reader, writer = await asyncio.open_connection(host, port)
        writer.write(request)
        answer = await reader.read()
        writer.close()
        await writer.wait_closed()
        return answer


@pytest.mark.parametrize(
    ("request_", "status", "body"),
    [
        (b"GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n", b"200 OK", b"xuncha_database_bytes"),
        (b"GET /metrics?x=1 HTTP/1.1\r\nHost: a\r\n\r\n", b"200 OK", b"xuncha_database_bytes"),
        (b"HEAD /metrics HTTP/1.1\r\nHost: a\r\n\r\n", b"200 OK", b""),
        (b"POST /metrics HTTP/1.1\r\nHost: a\r\n\r\n", b"405 Method Not Allowed", b"GET only"),
        (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", b"404 Not Found", b"see /metrics"),
    ],
)
def test_one_path_is_served(request_, status, body):
    head, _, content = asyncio.run(ask(request_)).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 " + status)
    assert body in content
    assert bool(content) is bool(body)


def test_a_caller_that_says_nothing_or_too_much_is_hung_up_on(monkeypatch):
    monkeypatch.setattr(module, "READ_SECONDS", 0.05)
    assert asyncio.run(ask(b"GET /metrics")) == b""
    assert asyncio.run(ask(b"x" * 100_000)) == b""
