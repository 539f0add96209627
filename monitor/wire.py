"""HTTP/1.1 over asyncio under httpx: a transport to one server, made because httpx's own pool costs five times as much.

    take an idle connection, or open one ──▶ send ──▶ head of the answer ──▶ body in pieces ──▶ idle again, or closed

Answers are read by httptools (Node's parser). What must hold on every site is here: a bound on the head, back
pressure on the body, nothing left over from one answer to the next.
"""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence

import httptools
import httpx


class WireTransport(httpx.AsyncBaseTransport):
    """Connections to one address. ``context`` is for https; ``idle`` how many unused connections are kept.

    Follows httpx's own transport in what it takes (extensions ``timeout``, ``sni_hostname``, ``target``) and raises.
    """

    def __init__(self, *, context: ssl.SSLContext | None, idle: int, idle_seconds: float = 5.0) -> None:
        self._context = context
        self._most_idle = idle
        self._idle_seconds = idle_seconds
        self._idle: list[Connection] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """httpx's interface."""
        connection = await self.ask(
            request.url,
            request.method,
            request.extensions.get("target") or request.url.raw_path,
            request.headers.raw,
            name=request.extensions.get("sni_hostname") or request.url.host,
            connect_timeout=request.extensions.get("timeout", {}).get("connect"),
        )
        return httpx.Response(connection.status, headers=connection.headers, stream=_Body(connection, self.give_back))

    async def ask(
        self,
        url: httpx.URL,
        method: str,
        target: bytes,
        headers: Sequence[tuple[bytes, bytes]],
        *,
        name: str,
        connect_timeout: float | None,
    ) -> Connection:
        """The same without the objects of httpx, which cost as much as all the rest: a connection whose answer has
        begun. The caller reads its pieces and gives it back."""
        payload = _payload(method, target, headers)
        while True:
            connection = self._take()
            fresh = connection is None
            if connection is None:
                connection = await self._open(url, name, connect_timeout)
            try:
                await connection.ask(payload, head=method == "HEAD")
            except httpx.TransportError:
                connection.abort()
                if fresh or connection.answering:
                    raise
                continue  # the server closed it while it was idle: that says nothing
            except BaseException:
                connection.abort()
                raise
            return connection

    def give_back(self, connection: Connection) -> None:
        """Keep a connection for the next question, or close it where its answer was not read to the end."""
        if connection.reusable and len(self._idle) < self._most_idle:
            connection.idle_since = asyncio.get_running_loop().time()
            self._idle.append(connection)
        else:
            connection.abort()

    async def aclose(self) -> None:
        idle, self._idle = self._idle, []
        for connection in idle:
            await connection.aclose()

    def _take(self) -> Connection | None:
        now = asyncio.get_running_loop().time()
        while self._idle:
            connection = self._idle.pop()
            if connection.usable and now - connection.idle_since < self._idle_seconds:
                return connection
            connection.abort()
        return None

    async def _open(self, url: httpx.URL, name: str, timeout: float | None) -> Connection:  # noqa: ASYNC109 - of one step
        loop = asyncio.get_running_loop()
        host, port = url.host, url.port or (443 if url.scheme == "https" else 80)
        opened = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
        try:
            opened.setblocking(False)
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                async with asyncio.timeout(timeout):
                    await loop.sock_connect(opened, (host, port))
            except TimeoutError as error:
                raise httpx.ConnectTimeout("connect timed out") from error
            except OSError as error:
                raise httpx.ConnectError(str(error)) from error
            return await self._greet(opened, url, name)
        except BaseException:
            opened.close()
            raise

    async def _greet(self, opened: socket.socket, url: httpx.URL, name: str) -> Connection:
        loop = asyncio.get_running_loop()
        if url.scheme != "https":
            _, connection = await loop.create_connection(Connection, sock=opened)
            return connection
        try:
            _, connection = await loop.create_connection(
                Connection, sock=opened, ssl=self._context, server_hostname=name, ssl_shutdown_timeout=1.0
            )
        except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
            raise httpx.ConnectError(str(error)) from error
        return connection


class _Body(httpx.AsyncByteStream):
    def __init__(self, connection: Connection, give_back: Callable[[Connection], None]) -> None:
        self._connection: Connection | None = connection
        self._give_back = give_back

    async def __aiter__(self) -> AsyncIterator[bytes]:
        connection = self._connection
        while connection is not None and (piece := await connection.piece()):
            yield piece

    async def aclose(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            self._give_back(connection)


class Connection(asyncio.Protocol):
    """One connection: one question at a time."""

    def __init__(self) -> None:
        self.idle_since = 0.0
        self.status = 0
        self.headers: list[tuple[bytes, bytes]] = []
        self.answering = False  # whether any byte of the present answer has come
        self._transport: asyncio.Transport | None = None
        self._parser: httptools.HttpResponseParser | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._pieces: deque[bytes] = deque()
        self._held = 0
        self._head_bytes = 0
        self._head_only = self._head_done = self._done = self._paused = False
        self._keep = False
        self._lost = False
        self._error: httpx.TransportError | None = None

    async def ask(self, payload: bytes, *, head: bool) -> None:
        """Send a question and wait for the head of its answer."""
        self.status, self.headers = 0, []
        self.answering = self._head_done = self._done = self._keep = False
        self._head_only, self._head_bytes = head, 0
        self._parser = httptools.HttpResponseParser(self)
        if self._transport is None or self._lost:
            raise self._error or httpx.RemoteProtocolError(_DISCONNECTED)
        self._transport.write(payload)
        while not self._head_done:
            await self._more()

    async def piece(self) -> bytes:
        """The next bytes of the body; none at its end."""
        while not self._pieces:
            if self._done:
                return b""
            await self._more()
        piece = self._pieces.popleft()
        self._held -= len(piece)
        if self._paused and self._held < _MOST_HELD and self._transport is not None:
            self._paused = False
            self._transport.resume_reading()
        return piece

    @property
    def usable(self) -> bool:
        return not self._lost and self._transport is not None and not self._transport.is_closing()

    @property
    def reusable(self) -> bool:
        return self._done and self._keep and self._error is None and self.usable

    def abort(self) -> None:
        self._lost = True
        if self._transport is not None:
            self._transport.abort()

    async def aclose(self) -> None:
        """Close in good order, so that nothing is left open when the loop ends."""
        self.abort()
        await asyncio.sleep(0)

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        if self._parser is None or self._done:
            self._keep = False
            self.abort()  # bytes that nobody asked for
            return
        self.answering = True
        if not self._head_done:
            self._head_bytes += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._fail(httpx.RemoteProtocolError("unexpected upgrade"))
        except httptools.HttpParserError as error:
            if not (self._head_only and self._head_done):
                self._fail(httpx.RemoteProtocolError(str(error) or type(error).__name__))
            self._keep = False
        if not self._head_done and self._head_bytes > _MOST_HEAD:
            self._fail(httpx.RemoteProtocolError("the head of the answer is too long"))
        self._wake()

    def eof_received(self) -> None:
        self._ended(None)

    def connection_lost(self, error: Exception | None) -> None:
        self._lost = True
        self._ended(error)

    # httptools

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        assert self._parser is not None
        self.status = self._parser.get_status_code()
        if 100 <= self.status < 200 and self.status != 101:
            self.headers = []
            return
        self._keep = self._parser.should_keep_alive()
        self._head_done = True
        if self._head_only:
            self._done = True

    def on_body(self, piece: bytes) -> None:
        if self._head_only:
            self._keep = False  # a body after HEAD: what comes next could not be told apart
            return
        self._pieces.append(piece)
        self._held += len(piece)
        if self._held >= _MOST_HELD and not self._paused and self._transport is not None:
            self._paused = True
            self._transport.pause_reading()

    def on_message_complete(self) -> None:
        if self._head_done:
            self._done = True

    # the rest

    def _ended(self, error: Exception | None) -> None:
        self._keep = False
        if self._parser is not None and not self._done:
            if error is not None:
                self._fail(_caused(error))
            elif not self.answering:
                self._fail(httpx.RemoteProtocolError(_DISCONNECTED))
            elif self._head_done and not any(name.lower() in _SIZES for name, _ in self.headers):
                self._done = True  # a body without a length ends with the connection
            else:
                self._fail(httpx.RemoteProtocolError("the answer broke off"))
        self._wake()

    def _fail(self, error: httpx.TransportError) -> None:
        if self._error is None:
            self._error = error

    async def _more(self) -> None:
        if self._error is not None:
            raise self._error
        if self._lost:
            raise httpx.RemoteProtocolError(_DISCONNECTED)
        self._waiter = asyncio.get_running_loop().create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None
        if self._error is not None and not (self._pieces or self._done):
            raise self._error

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


def _caused(error: Exception) -> httpx.ReadError:
    lost = httpx.ReadError(str(error))
    lost.__cause__ = error
    return lost


_MOST_HEAD = 131_072
_MOST_HELD = 1_048_576
_DISCONNECTED = "server disconnected without an answer"
_SIZES = frozenset((b"content-length", b"transfer-encoding"))


def _payload(method: str, target: bytes, headers: Sequence[tuple[bytes, bytes]]) -> bytes:
    if not target or _UNSENDABLE.search(target):
        raise httpx.LocalProtocolError("a target that cannot be sent")
    lines = [method.encode("ascii") + b" " + target + b" HTTP/1.1"]
    lines += [name + b": " + value for name, value in headers]
    payload = b"\r\n".join(lines) + b"\r\n\r\n"
    if payload.count(b"\n") != len(lines) + 1:
        raise httpx.LocalProtocolError("a header that cannot be sent")
    return payload


_UNSENDABLE = re.compile(rb"[\x00-\x20\x7f]")
