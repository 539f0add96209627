"""One request to one address, and its answer: the only module that speaks HTTP (httpx). It follows nothing.

    ask ──▶ TLS ladder and repeats ──▶ one try on a connection to (scheme, host, port, address, TLS mode)

A transport of httpx is used without its client: the client costs as much again as the transport (performance.md), and
its redirects, cookies and DNS are exactly what we must do ourselves. The transport is ``monitor.wire``; httpx's own
would do in its place.
"""

from __future__ import annotations

import errno
import ssl
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import lru_cache

import httpx

from checks import Outcome
from monitor.body import BodyReader
from monitor.errors import OperationError
from monitor.tls import LEGACY_PROBLEM, TlsMode, certificate_problem, context_for, refused_for_want_of_certificate
from monitor.wire import Connection, WireTransport


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A request to the server at ``address``, in the name of ``host``. ``target`` is path and query."""

    method: str
    scheme: str
    host: str
    port: int
    target: str
    address: str
    cookie: str = ""
    referer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer. ``whole`` is false where the body broke off or could not be unpacked; ``full`` passed the limit.

    ``headers`` have lower-case names, and bytes as Latin-1; of several of one name the contents are joined, but of
    ``location`` the first stands. ``cookies`` are the lines of ``Set-Cookie``.
    """

    status_code: int
    headers: Mapping[str, str]
    cookies: tuple[str, ...]
    body: bytes
    whole: bool
    full: bool
    tls_problem: str = ""


class Stage(Enum):
    """How far a failed try came."""

    CONNECT = auto()
    CERTIFICATE = auto()
    HANDSHAKE = auto()
    ANSWER = auto()
    LANGUAGE = auto()


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no answer. ``stage`` tells whether another address of the host is worth a try."""

    outcome: Outcome
    detail: str
    stage: Stage


class Exchanges:
    """Asks servers. ``connections`` is how many idle connections to one address are kept."""

    def __init__(self, *, user_agent: str, connections: int) -> None:
        self._headers = [
            (b"User-Agent", user_agent.encode("ascii", "replace")),
            (b"Accept", b"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
            (b"Accept-Language", b"zh-CN,zh;q=0.9,en;q=0.5"),
            (b"Accept-Encoding", b"gzip, deflate"),
        ]
        self._connections = connections
        self._transports: dict[_TransportKey, _Transport] = {}
        self._tls_learnt: dict[tuple[str, int], tuple[float, TlsMode, str]] = {}

    async def ask(self, question: Question, *, body_limit: int, connect_timeout: float) -> Reply | Failure:
        """Ask, and ask again where a fault may be a chance one or lies in TLS. The caller sets the total time.

        Raises ``OperationError`` where this machine itself has run out of something.
        """
        mode, problem = self._learnt(question)
        handshakes = answers = 0
        while True:
            result = await self._try(question, mode, body_limit=body_limit, connect_timeout=connect_timeout)
            if isinstance(result, Reply):
                if not result.whole and not result.full and answers < _REPEATS:
                    answers += 1
                    continue
                if mode is TlsMode.LEGACY and LEGACY_PROBLEM not in problem:
                    problem = f"{problem}；{LEGACY_PROBLEM}" if problem else LEGACY_PROBLEM
                self._learn(question, mode, problem)
                return replace(result, tls_problem=problem) if problem else result
            if result.stage is Stage.CERTIFICATE:
                mode, problem = TlsMode.UNVERIFIED, result.detail
            elif result.stage is Stage.HANDSHAKE and handshakes < 2:
                handshakes += 1  # some servers fail at first and work at the second try (web.md §5.3)
                if handshakes == 2:
                    mode = TlsMode.LEGACY
            elif result.stage in (Stage.ANSWER, Stage.LANGUAGE) and answers < _REPEATS:
                answers += 1  # on a new connection: the old one may have been closed, or held a wrong rest
            else:
                return result

    async def aclose(self) -> None:
        """Close every connection."""
        transports, self._transports = list(self._transports.values()), {}
        for kept in transports:
            await kept.transport.aclose()

    async def _try(
        self, question: Question, mode: TlsMode, *, body_limit: int, connect_timeout: float
    ) -> Reply | Failure:
        kept = await self._transport((question.scheme, question.host, question.port, question.address, mode))
        kept.users += 1
        try:
            connection = await kept.transport.ask(
                kept.url,
                question.method,
                question.target.encode("ascii", "replace"),
                self._headers_of(question, kept),
                name=question.host.rstrip("."),
                connect_timeout=connect_timeout,
            )
            try:
                return await _read(connection, head=question.method == "HEAD", limit=body_limit)
            finally:
                kept.transport.give_back(connection)
        except (httpx.TransportError, ssl.SSLError, OSError, UnicodeError) as error:
            return _failure(error, secure=question.scheme == "https")
        finally:
            kept.users -= 1

    def _headers_of(self, question: Question, kept: _Transport) -> list[tuple[bytes, bytes]]:
        headers = [(b"Host", kept.host), *self._headers]
        if question.cookie:
            headers.append((b"Cookie", question.cookie.encode("ascii", "replace")))
        if question.referer:
            headers.append((b"Referer", question.referer.encode("ascii", "replace")))
        return headers

    async def _transport(self, key: _TransportKey) -> _Transport:
        # Small pools, one for each address: the cost of httpcore's pool grows with what it holds (performance.md).
        kept = self._transports.pop(key, None)
        if kept is None:
            kept = _Transport.of(key, idle=self._connections)
        self._transports[key] = kept
        if len(self._transports) > _MOST_TRANSPORTS:
            idle = next((k for k, t in self._transports.items() if not t.users and t is not kept), None)
            if idle is not None:
                await self._transports.pop(idle).transport.aclose()
        return kept

    def _learnt(self, question: Question) -> tuple[TlsMode, str]:
        until, mode, problem = self._tls_learnt.get((question.host, question.port), _NOTHING_LEARNT)
        return (mode, problem) if until > time.monotonic() else (TlsMode.STRICT, "")

    def _learn(self, question: Question, mode: TlsMode, problem: str) -> None:
        if (mode, problem) == self._learnt(question):
            return
        if len(self._tls_learnt) >= _MOST_LEARNT:
            self._tls_learnt.clear()
        self._tls_learnt[question.host, question.port] = (time.monotonic() + _LEARNT_SECONDS, mode, problem)


CERTIFICATE_WANTED = Failure(Outcome.BLOCKED, "服务器要求访问者出示数字证书，无法检测", Stage.LANGUAGE)

_TransportKey = tuple[str, str, int, str, TlsMode]
_DEFAULT_PORTS = {"http": 80, "https": 443}
_REPEATS = 1
_MOST_TRANSPORTS = 128
_MOST_LEARNT = 10_000
_LEARNT_SECONDS = 600.0
_NOTHING_LEARNT = (0.0, TlsMode.STRICT, "")
_OUR_OWN_LACK = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EADDRNOTAVAIL}
_CONNECT_DETAILS = {
    errno.ECONNREFUSED: "服务器拒绝连接",
    errno.EHOSTUNREACH: "无法到达服务器",
    errno.ECONNRESET: "连接被对方重置",
}


@dataclass(slots=True)
class _Transport:
    transport: WireTransport
    url: httpx.URL
    host: bytes
    users: int = 0

    @classmethod
    def of(cls, key: _TransportKey, *, idle: int) -> _Transport:
        scheme, host, port, address, mode = key
        context = context_for(mode) if scheme == "https" else None
        host, address = (f"[{name}]" if ":" in name else name for name in (host, address))
        written = host if port == _DEFAULT_PORTS[scheme] else f"{host}:{port}"
        # The connection goes to the address that was checked; the name travels in Host and SNI.
        url = httpx.URL(f"{scheme}://{address}:{port}/")
        return cls(WireTransport(context=context, idle=idle), url, written.encode("ascii", "replace"))


async def _read(connection: Connection, *, head: bool, limit: int) -> Reply:
    headers: dict[str, str] = {}
    cookies: list[str] = []
    for raw_name, raw_value in connection.headers:
        name, value = _header_name(raw_name), raw_value.decode("latin-1")
        if name == "set-cookie":
            cookies.append(value)
        if name not in headers:
            headers[name] = value
        elif name != "location":
            headers[name] += f", {value}"
    reader = BodyReader("" if head else headers.get("content-encoding", ""), limit=limit)
    cut = False
    if not head:
        try:
            while piece := await connection.piece():
                reader.feed(piece)
                if not reader.wants_more:
                    break
            else:
                reader.end()
        except (httpx.ReadError, httpx.RemoteProtocolError):
            cut = True  # the head of the answer stands; the caller is told that its body broke off
    return Reply(
        status_code=connection.status,
        headers=headers,
        cookies=tuple(cookies),
        body=reader.content,
        whole=not (cut or reader.damaged or reader.full),
        full=reader.full,
    )


@lru_cache(maxsize=512)
def _header_name(raw: bytes) -> str:
    return raw.decode("latin-1").lower()


def connect_outcome(error: OSError) -> Outcome:
    """What a connection that failed says: of the target, or, where there is no route from here, nothing.

    Raises ``OperationError`` where this machine itself has run out of something.
    """
    return _failure(error, secure=False).outcome


def _failure(error: Exception, *, secure: bool) -> Failure:
    causes = list(_causes(error))
    numbers = [cause.errno for cause in causes if isinstance(cause, OSError) and cause.errno is not None]
    if any(number in _OUR_OWN_LACK for number in numbers if number is not None):
        raise OperationError(
            "本机的连接数或内存用尽，监测无法继续。请提高打开文件数上限（ulimit -n），或减小 host_connections"
        ) from error
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Failure(Outcome.TLS_ERROR, certificate_problem(cause), Stage.CERTIFICATE)
    if any(refused_for_want_of_certificate(cause) for cause in causes):
        return CERTIFICATE_WANTED
    if isinstance(error, httpx.ConnectTimeout):
        return Failure(Outcome.TIMEOUT, "连接超时", Stage.CONNECT)
    if errno.ENETUNREACH in numbers:
        return Failure(Outcome.BLOCKED, "监测点没有通往该地址的网络路由", Stage.CONNECT)
    if isinstance(error, httpx.ConnectError | UnicodeError | ssl.SSLError):
        tls = next((cause for cause in causes if isinstance(cause, ssl.SSLError)), None)
        refused = any(number in _CONNECT_DETAILS and number != errno.ECONNRESET for number in numbers)
        if tls is not None or (secure and not refused and errno.ETIMEDOUT not in numbers):
            reason = f"（{tls.reason}）" if tls is not None and tls.reason else ""
            return Failure(Outcome.TLS_ERROR, f"无法建立加密连接{reason}", Stage.HANDSHAKE)
        if errno.ETIMEDOUT in numbers:
            return Failure(Outcome.TIMEOUT, "连接超时", Stage.CONNECT)
        detail = next((_CONNECT_DETAILS[n] for n in numbers if n in _CONNECT_DETAILS), "无法建立连接")
        return Failure(Outcome.CONNECT_ERROR, detail, Stage.CONNECT)
    if isinstance(error, httpx.ProtocolError) and "disconnected" not in str(error):
        # Browsers forgive more than our reader does, so this must not count against the site.
        return Failure(Outcome.BLOCKED, f"应答不合 HTTP 规范，本程序无法判读（{error}）", Stage.LANGUAGE)
    return Failure(Outcome.CONNECT_ERROR, "服务器未作应答即断开连接", Stage.ANSWER)


def _causes(error: BaseException) -> Iterator[BaseException]:
    waiting, seen = [error], set()
    while waiting:
        cause = waiting.pop()
        if id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        waiting.extend(getattr(cause, "exceptions", ()))
        waiting.extend(c for c in (cause.__context__, cause.__cause__) if c is not None)
