"""The other side, on loopback: robots, a webhook and a mail server that answer in the exact shapes of the real ones."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import http.server
import json
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from urllib.parse import parse_qs, urlsplit

KEY = "0e4c6f1a-aaaa-bbbb-cccc-5d1f0c2b9e77"
SECRET = "SECd3adb33f0123456789"

WECOM_GOOD = {"errcode": 0, "errmsg": "ok"}
WECOM_LIMITED = {
    "errcode": 45009,
    "errmsg": "api freq out of limit, hint: [1760000000000000000000000], from ip: 203.0.113.9, more info at …",
}
WECOM_BAD_KEY = {"errcode": 93000, "errmsg": "invalid webhook url, hint: [1760000000000000000000000], from ip: …"}
WECOM_BUSY = {"errcode": -1, "errmsg": "system busy"}
DINGTALK_GOOD = {"errcode": 0, "errmsg": "ok"}
DINGTALK_LIMITED = {"errcode": 130101, "errmsg": "send too fast, exceed 20 times per minute"}
DINGTALK_BAD_SIGN = {"errcode": 310000, "errmsg": "sign not match, more: [https://…]"}
DINGTALK_NO_TOKEN = {"errcode": 300001, "errmsg": "token is not exist"}
FEISHU_GOOD = {"StatusCode": 0, "StatusMessage": "success", "code": 0, "data": {}, "msg": "success"}
FEISHU_LIMITED = {"code": 11232, "data": {}, "msg": "frequency limited psm[lark.oapi.app_platform_runtime]appID[1500]"}
FEISHU_BAD_SIGN = {
    "code": 19021,
    "data": {},
    "msg": "sign match fail or timestamp is not within one hour from current time",
}


@dataclass
class Received:
    """A POST as it came."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]
    raw: bytes

    @property
    def json(self) -> dict:
        return json.loads(self.raw)


@dataclass
class Said:
    """What a stub answers: JSON or bytes, and how."""

    body: object = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


Judge = Callable[[Received], Said]


@dataclass
class Web:
    """A web server; ``judge`` looks at what came and says the answer."""

    judge: Judge
    port: int = 0
    received: list[Received] = field(default_factory=list)

    def url(self, path: str = "/") -> str:
        return f"http://127.0.0.1:{self.port}{path}"


@contextmanager
def web(judge: Judge) -> Iterator[Web]:
    """A server on loopback that notes what it got and answers as ``judge`` says."""
    stub = Web(judge)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            headers = {name.lower(): value for name, value in self.headers.items()}
            got = Received(parts.path, query, headers, self.rfile.read(int(self.headers["Content-Length"])))
            stub.received.append(got)
            said = stub.judge(got)
            body = said.body if isinstance(said.body, bytes) else json.dumps(said.body, ensure_ascii=False).encode()
            self.send_response(said.status)
            for name, value in {"Content-Type": "application/json", **said.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # who asked may have gone, or been shot
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with _serving(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as port:
        stub.port = port
        yield stub


def wecom(got: Received) -> Said:
    """企业微信: the key is right, the content is there and no longer than 4,096 bytes."""
    if got.path != "/cgi-bin/webhook/send" or got.query.get("key") != KEY:
        return Said(WECOM_BAD_KEY)
    body = got.json
    content = body.get("markdown", {}).get("content", "") if body.get("msgtype") == "markdown" else ""
    if not content:
        return Said({"errcode": 44004, "errmsg": "empty content"})
    if len(content.encode()) > 4096:
        return Said({"errcode": 45002, "errmsg": "content exceed max length 4096"})
    return Said(WECOM_GOOD)


def dingtalk(got: Received) -> Said:
    """钉钉: the token is right, and so is the signature over the milliseconds."""
    if got.path != "/robot/send" or got.query.get("access_token") != KEY:
        return Said(DINGTALK_NO_TOKEN)
    timestamp = got.query.get("timestamp", "")
    digest = hmac.new(SECRET.encode(), f"{timestamp}\n{SECRET}".encode(), hashlib.sha256).digest()
    if len(timestamp) != 13 or got.query.get("sign") != base64.b64encode(digest).decode():
        return Said(DINGTALK_BAD_SIGN)
    body = got.json
    if body.get("msgtype") != "markdown" or not body["markdown"]["title"] or not body["markdown"]["text"]:
        return Said({"errcode": 400105, "errmsg": "unsupported msgtype"})
    return Said(DINGTALK_GOOD)


def feishu(got: Received) -> Said:
    """飞书: the token is right, the signature over the seconds is, and the body has at most 20 KB."""
    if got.path != f"/open-apis/bot/v2/hook/{KEY}":
        return Said({"code": 19001, "data": {}, "msg": "param invalid: incoming webhook access token invalid"})
    body = got.json
    digest = hmac.new(f"{body.get('timestamp')}\n{SECRET}".encode(), b"", hashlib.sha256).digest()
    if len(str(body.get("timestamp"))) != 10 or body.get("sign") != base64.b64encode(digest).decode():
        return Said(FEISHU_BAD_SIGN)
    if len(got.raw) > 20_480 or body.get("msg_type") != "text" or not body["content"]["text"]:
        return Said({"code": 9499, "data": {}, "msg": "Bad Request"})
    return Said(FEISHU_GOOD)


def always(body: object = b"", *, status: int = 200, **headers: str) -> Judge:
    """The same answer to everything."""
    fields = {name.replace("_", "-").title(): value for name, value in headers.items()}
    return lambda _got: Said(body, status, fields)


def in_turn(*judges: Judge) -> Judge:
    """One judge after another; the last one stays."""
    waiting = list(judges)

    def judge(got: Received) -> Said:
        return (waiting.pop(0) if len(waiting) > 1 else waiting[0])(got)

    return judge


@dataclass
class MailServer:
    """A mail server without encryption. ``answers`` maps a command ("RCPT", "AUTH", "DATA") to another reply."""

    port: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    mails: list[tuple[str, str, EmailMessage]] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)


@contextmanager
def mail_server(**answers: str) -> Iterator[MailServer]:
    """A server that speaks as much SMTP as a sender needs."""
    stub = MailServer(answers=answers)

    class Handler(socketserver.StreamRequestHandler):
        def say(self, text: str) -> None:
            self.wfile.write(text.encode() + b"\r\n")

        def handle(self) -> None:
            self.say("220 stub ESMTP")
            sender, recipient = "", ""
            while line := self.rfile.readline().decode().strip():
                verb = line.split()[0].upper()
                if verb == "EHLO":
                    self.say("250-stub\r\n250-AUTH PLAIN\r\n250 8BITMIME")
                elif verb in stub.answers:
                    self.say(stub.answers[verb])
                elif verb == "AUTH":
                    stub.logins.append(base64.b64decode(line.split()[2]).decode().replace("\0", " ").strip())
                    self.say("235 2.7.0 ok")
                elif verb == "MAIL":
                    sender = line
                    self.say("250 ok")
                elif verb == "RCPT":
                    recipient = line.partition("<")[2].partition(">")[0]
                    self.say("250 ok")
                elif verb == "DATA":
                    self.say("354 go on")
                    raw = b""
                    while (piece := self.rfile.readline()) != b".\r\n":
                        raw += piece
                    mail = message_from_bytes(raw, policy=policy.default)
                    assert isinstance(mail, EmailMessage)
                    stub.mails.append((sender, recipient, mail))
                    self.say("250 taken")
                elif verb == "QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say("250 ok")

    with _serving(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)) as port:
        stub.port = port
        yield stub


@contextmanager
def _serving(server: socketserver.TCPServer) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
