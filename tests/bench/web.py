"""The made-up district's web for ``bench_service``: every site, list, article and feed, and the DNS, in one process.

Home pages link to ten lists of twenty articles, articles to two more each: 611 pages a site, of 40 KB.
"""

from __future__ import annotations

import asyncio
import multiprocessing.connection
import socket
from datetime import datetime, timedelta

from monitor.demo.dns import DnsServer, Zone
from tests.bench.district import END

DOMAIN = "example.cn"
_PAGE_BYTES = 40_000
_SECONDS_TO_ANSWER = 0.02


def serve(told: multiprocessing.connection.Connection, *, sites: int, feeds: int, port: int) -> None:
    """Serve until the process is ended. The port of the DNS is told once all listen."""
    asyncio.run(_serve(told, sites, feeds, port))


async def _serve(told: multiprocessing.connection.Connection, sites: int, feeds: int, port: int) -> None:
    dns = DnsServer(Zone(_records(sites, feeds)), ipv6=True)
    await dns.start()
    four = await asyncio.start_server(_connected, "0.0.0.0", port, backlog=1000)
    six = await asyncio.start_server(_connected, "::1", port, backlog=1000, family=socket.AF_INET6)
    told.send(dns.port)
    async with four, six:
        await asyncio.gather(four.serve_forever(), six.serve_forever())


def _records(sites: int, feeds: int) -> dict[str, dict[str, tuple[str, ...]]]:
    hosts = [(f"s{n}.{DOMAIN}", f"127.{1 + n // 200}.{n % 200}.1") for n in range(sites)]
    hosts += [(f"feeds{n}.{DOMAIN}", f"127.50.{n}.1") for n in range(feeds)]
    records: dict[str, dict[str, tuple[str, ...]]] = {name: {"A": (ip,), "AAAA": ("::1",)} for name, ip in hosts}
    records[DOMAIN] = {"NS": (f"ns1.{DOMAIN}.", f"ns2.{DOMAIN}.")}
    records |= {f"{name}.{DOMAIN}": {"A": ("127.0.0.1",), "AAAA": ("::1",)} for name in ("ns1", "ns2")}
    return records


async def _connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            method, path, _ = head.split(" ", 2)
            if content := int(_header(head, "content-length") or 0):
                await reader.readexactly(content)
            await asyncio.sleep(_SECONDS_TO_ANSWER)
            kind, body = _answer(path)
            top = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
            writer.write(top.encode() + (b"" if method == "HEAD" else body))
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


def _header(head: str, name: str) -> str:
    lines = (line.partition(":") for line in head.split("\r\n"))
    return next((value.strip() for key, _, value in lines if key.lower() == name), "")


def _answer(path: str) -> tuple[str, bytes]:
    folder, _, leaf = path.strip("/").rpartition("/")
    if path == "/hook":
        return "application/json", b'{"ok": true}'
    if leaf.endswith(".xml"):
        return "application/rss+xml", _FEED
    if path == "/":
        return "text/html", _HOME
    if leaf.endswith(".html"):
        return "text/html", _article(folder, leaf.removesuffix(".html"))
    return "text/html", _list(path.strip("/"))


def _day(n: int) -> datetime:
    return END - timedelta(days=n + 1)


def _row(folder: str, n: int) -> str:
    address = f"/{folder}/{_day(n):%Y%m}/t{n}.html"
    return f'<li><a href="{address}">关于开展第{n}批政务公开工作检查的通知</a><span>{_day(n):%Y-%m-%d}</span></li>'


def _page(title: str, body: str) -> bytes:
    page = f"<html><head><title>{title}</title></head><body>{body}"
    filling = "<div class=foot><p>政务公开工作年度报告正文内容</p></div>"
    return (page + filling * ((_PAGE_BYTES - len(page.encode())) // len(filling.encode())) + "</body></html>").encode()


def _list(folder: str) -> bytes:
    return _page(f"{folder}栏目", f"<ul class=list>{''.join(_row(folder, n) for n in range(20))}</ul>")


def _article(folder: str, leaf: str) -> bytes:
    number = int("".join(filter(str.isdigit, leaf)) or 0)
    more = "".join(f'<a href="/{folder}/{leaf}_{k}.html">附件{k}说明</a>' for k in (1, 2)) if "_" not in leaf else ""
    meta = f"<h1>关于开展第{number}批政务公开工作检查的通知</h1><div>发布时间：{_day(number):%Y-%m-%d}</div>"
    return _page(f"第{number}批通知", f"{meta}<div class=content><p>正文。</p>{more}</div>")


_HOME = _page(
    "某局",
    "".join(f'<a href="/c{k}/">栏目第{k}号</a>' for k in range(10))
    + f"<ul class=list>{''.join(_row('c0', n) for n in range(20))}</ul>",
)
_ITEMS = "".join(
    f"<item><title>消息{n}</title><pubDate>{_day(n):%a, %d %b %Y %H:%M:%S} GMT</pubDate></item>" for n in range(20)
)
_FEED = f'<?xml version="1.0"?><rss version="2.0"><channel><title>a</title>{_ITEMS}</channel></rss>'.encode()
