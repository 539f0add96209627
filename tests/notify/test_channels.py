"""Each channel against a loopback server in the exact shapes of its answers: good, limited, refusing, broken."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import threading
from datetime import timedelta
from typing import Any

import pytest

from monitor.notify.channel import ChannelSettings, all_kinds
from monitor.notify.channels.dingtalk import signature as dingtalk_signature
from monitor.notify.channels.feishu import signature as feishu_signature
from monitor.notify.channels.mail import letter
from monitor.notify.delivery import NotDelivered
from monitor.notify.sending import Sender, kind_of
from monitor.notify.wording import compose, trial
from tests.notify import stubs
from tests.notify.stubs import always, mail_server, web
from tests.notify.tidings import NOW, alerts, tiding

KINDS = sorted(all_kinds())
ROBOTS = {
    "wecom": ("/cgi-bin/webhook/send", stubs.wecom),
    "dingtalk": ("/robot/send", stubs.dingtalk),
    "feishu": ("/open-apis/bot/v2/hook", stubs.feishu),
}


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_KEY", stubs.KEY)
    monkeypatch.setenv("TEST_SECRET", stubs.SECRET)


def channel(kind: str, base: str, **changed: Any) -> ChannelSettings:
    keys = {
        "wecom": {"key": "env:TEST_KEY"},
        "dingtalk": {"token": "env:TEST_KEY", "secret": "env:TEST_SECRET"},
        "feishu": {"token": "env:TEST_KEY", "secret": "env:TEST_SECRET"},
        "webhook": {"secret": "env:TEST_SECRET"},
    }[kind]
    return alerts({"name": "群", "kind": kind, "base": base, **keys, **changed}).channel[0]


def send(to: ChannelSettings, *, tidings: list | None = None, recipient: str = "") -> None:
    [message] = compose(tidings or [tiding()], kind_of(to).style, at=NOW, recipient=recipient)
    asyncio.run(Sender().send(to, message, now=NOW))


def refused(to: ChannelSettings, **given: Any) -> NotDelivered:
    with pytest.raises(NotDelivered) as caught:
        send(to, **given)
    for secret in (stubs.KEY, stubs.SECRET):
        assert secret not in str(caught.value)
    return caught.value


@pytest.mark.parametrize("kind", ROBOTS)
def test_a_robot_that_checks_key_signature_and_size_takes_a_message(kind):
    path, judge = ROBOTS[kind]
    with web(judge) as robot:
        send(channel(kind, robot.url(path)))
    [got] = robot.received
    assert "第 1 条" in got.raw.decode()
    assert "\\u" not in got.raw.decode()


@pytest.mark.parametrize("kind", ROBOTS)
def test_a_wrong_key_is_a_permanent_failure_though_the_answer_is_200(kind, monkeypatch):
    monkeypatch.setenv("TEST_KEY", "another-key-altogether")
    path, judge = ROBOTS[kind]
    with web(judge) as robot:
        assert refused(channel(kind, robot.url(path))).permanent


@pytest.mark.parametrize("kind", ["dingtalk", "feishu"])
def test_a_wrong_signature_is_a_permanent_failure_that_says_what_to_look_at(kind, monkeypatch):
    monkeypatch.setenv("TEST_SECRET", "SECwrong")
    path, judge = ROBOTS[kind]
    with web(judge) as robot:
        error = refused(channel(kind, robot.url(path)))
    assert error.permanent
    assert "签" in str(error)
    assert "时钟" in str(error)


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("wecom", stubs.WECOM_LIMITED),
        ("dingtalk", stubs.DINGTALK_LIMITED),
        ("feishu", stubs.FEISHU_LIMITED),
    ],
)
def test_a_rate_limit_passes_after_a_minute(kind, answer):
    with web(always(answer)) as robot:
        error = refused(channel(kind, robot.url()))
    assert not error.permanent
    assert error.retry_after == 60


def test_an_unknown_code_may_pass():
    with web(always(stubs.WECOM_BUSY)) as robot:
        error = refused(channel("wecom", robot.url()))
    assert not error.permanent
    assert "-1" in str(error)


@pytest.mark.parametrize("kind", ROBOTS)
@pytest.mark.parametrize(
    "body", [b"", b"<html>please log in</html>", b"[]", {"errmsg": "ok"}, {"errcode": "0"}, {"errcode": True}]
)
def test_an_answer_that_no_robot_gives_is_not_taken_for_success(kind, body):
    with web(always(body)) as proxy:
        assert not refused(channel(kind, proxy.url())).permanent


@pytest.mark.parametrize("kind", [*ROBOTS, "webhook"])
@pytest.mark.parametrize(
    ("status", "permanent"),
    [(301, True), (400, True), (401, True), (403, True), (404, True), (408, False), (413, True), (429, False),
     (500, False), (502, False), (503, False)],
)  # fmt: skip
def test_statuses_are_permanent_or_pass(kind, status, permanent):
    with web(always(stubs.WECOM_GOOD, status=status, location="http://127.0.0.1:1/")) as server:
        error = refused(channel(kind, server.url()))
        assert len(server.received) == 1
    assert error.permanent is permanent
    assert str(status) in str(error)


def test_retry_after_is_kept_up_to_an_hour():
    for said, kept in [("7", 7.0), ("90000", 3600.0), ("Wed, 21 Oct 2026 07:28:00 GMT", None)]:
        with web(always(status=503, retry_after=said)) as server:
            assert refused(channel("webhook", server.url())).retry_after == kept


@pytest.mark.parametrize("kind", [*ROBOTS, "webhook"])
def test_a_server_that_is_not_there_may_come_back(kind):
    with web(always()) as gone:
        base = gone.url()
    error = refused(channel(kind, base))
    assert not error.permanent
    assert "连接不上" in str(error)


def test_a_server_that_does_not_answer_in_time_may_come_back():
    release = threading.Event()

    def hold(_got: stubs.Received) -> stubs.Said:
        release.wait(20)
        return stubs.Said(stubs.WECOM_GOOD)

    with web(hold) as server:
        error = refused(channel("wecom", server.url(), timeout=0.2))
        release.set()
    assert not error.permanent
    assert "没有应答" in str(error)


def test_a_secret_that_an_answer_repeats_is_masked():
    with web(always({"errcode": 40001, "errmsg": f"invalid key {stubs.KEY}"})) as robot:
        assert "***" in str(refused(channel("wecom", robot.url())))


def test_a_missing_secret_says_where_it_was_looked_for(monkeypatch, tmp_path):
    monkeypatch.delenv("TEST_KEY")
    error = refused(channel("wecom", "http://127.0.0.1:9/"))
    assert "TEST_KEY" in str(error)
    assert not error.permanent
    error = refused(channel("wecom", "http://127.0.0.1:9/", key=f"file:{tmp_path}/key"))
    assert f"{tmp_path}/key" in str(error)


def test_a_secret_may_lie_in_a_file_beside_the_settings(tmp_path):
    (tmp_path / "key").write_text(stubs.KEY + "\n", encoding="utf-8")
    with web(stubs.wecom) as robot:
        to = channel("wecom", robot.url("/cgi-bin/webhook/send"), key="file:key")
        asyncio.run(Sender(tmp_path).send(to, trial("群", at=NOW), now=NOW))


def test_the_signature_of_dingtalk_is_encoded_once():
    with web(stubs.dingtalk) as robot:
        for second in range(40):  # some signatures hold + and /, which is where a double encoding shows
            to = channel("dingtalk", robot.url("/robot/send"))
            message = trial("群", at=NOW)
            asyncio.run(Sender().send(to, message, now=NOW + timedelta(seconds=second)))
        signs = [got.query["sign"] for got in robot.received]
    assert any("+" in sign for sign in signs)
    assert any("/" in sign for sign in signs)


def test_signatures_are_those_that_openssl_makes():
    # printf '1700000000000\nSEC1' | openssl dgst -sha256 -hmac SEC1 -binary | base64, and the like
    assert dingtalk_signature("SEC1", 1700000000000) == "ukR4+WoOOBTGaOauYqugxVrMSFyr92q4hPxJxuOkiio="
    assert feishu_signature("demo", 1599360473) == "l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8="


def test_a_webhook_is_signed_over_timestamp_and_body_and_names_each_item():
    with web(always(status=204)) as server:
        send(channel("webhook", server.url("/hook")), tidings=[tiding(1), tiding(2)])
    [got] = server.received
    stamp = got.headers["x-xuncha-timestamp"]
    assert stamp == str(int(NOW.timestamp()))
    wanted = hmac.new(stubs.SECRET.encode(), f"{stamp}.".encode() + got.raw, hashlib.sha256).hexdigest()
    assert got.headers["x-xuncha-signature"] == f"sha256={wanted}"
    assert got.headers["x-xuncha-message"] == got.json["id"]
    assert [item["id"] for item in got.json["items"]] == ["t1", "t2"]
    assert got.json["items"][0]["unit"] == "青禾县人民政府办公室"


@pytest.mark.parametrize(
    "body",
    [b"", b"ok", {}, {"code": 0}, {"code": 200}, {"errcode": 0}, {"success": True}, {"ok": True}, {"code": None}],
)
def test_a_webhook_that_answers_2xx_has_taken_it(body):
    with web(always(body)) as server:
        send(channel("webhook", server.url()))


@pytest.mark.parametrize(
    "body", [{"code": 500}, {"code": 1}, {"errcode": 40001}, {"success": False}, {"ok": False}, {"code": "E1"}]
)
def test_an_error_code_in_a_200_of_a_webhook_is_a_failure(body):
    with web(always(body)) as server:
        assert not refused(channel("webhook", server.url())).permanent


def test_every_kind_says_how_long_a_message_may_be_and_is_named_after_its_file():
    assert KINDS == ["dingtalk", "feishu", "mail", "webhook", "wecom"]
    for kind in all_kinds().values():
        assert kind.style.limit > 0
        assert kind.send.__module__ == f"monitor.notify.channels.{kind.id}"
        assert set(kind.secrets) <= set(kind.settings.model_fields)


# Mail


def mail(port: int, **changed: Any) -> ChannelSettings:
    keys = {"host": "127.0.0.1", "port": port, "security": "none", "sender": "xuncha@example.gov.cn"}
    return alerts({"name": "邮件", "kind": "mail", **keys, **changed}).channel[0]


def test_a_mail_arrives_with_its_chinese_headers_and_text_whole():
    with mail_server() as server:
        to = mail(server.port, username="xuncha", password="env:TEST_SECRET", sender_name="青禾县大数据中心")
        send(to, recipient="zhiban@example.gov.cn")
    [(sender, recipient, got)] = server.mails
    assert "xuncha@example.gov.cn" in sender
    assert recipient == "zhiban@example.gov.cn"
    assert got["Subject"] == "【巡查】新发现问题 1 项"
    assert str(got["From"]) == "青禾县大数据中心 <xuncha@example.gov.cn>"
    assert "链接“第 1 条”打不开（限 0 条）" in got.get_content()
    assert got["Auto-Submitted"] == "auto-generated"
    assert server.logins == [f"xuncha {stubs.SECRET}"]


def test_the_headers_of_a_mail_are_ascii_on_the_wire():
    to = mail(25, sender_name="青禾县大数据中心")
    [message] = compose([tiding()], kind_of(to).style, at=NOW, recipient="a@example.gov.cn")
    raw = letter(to, message).as_bytes()
    assert raw.isascii()
    assert b"=?utf-8?" in raw
    assert max(len(line) for line in raw.splitlines()) < 998


def test_a_page_title_cannot_write_a_header_of_the_mail():
    with mail_server() as server:
        place = tiding().place
        evil = "x\r\nBcc: everybody@example.gov.cn\r\n\r\nhello"
        send(mail(server.port), tidings=[tiding(text=evil, place=place)], recipient="a@example.gov.cn")
    [(_, _, got)] = server.mails
    assert got["Bcc"] is None


@pytest.mark.parametrize(
    ("answers", "permanent", "says"),
    [
        ({"RCPT": "550 5.1.1 no such user"}, True, "收件人"),
        ({"RCPT": "450 4.2.0 greylisted"}, False, "收件人"),
        ({"AUTH": "535 5.7.8 bad credentials"}, True, "密码"),
        ({"MAIL": "452 4.3.1 full"}, False, "拒收"),
        ({"DATA": "554 5.7.1 rejected"}, True, "拒收"),
    ],
)
def test_what_a_mail_server_refuses_is_permanent_or_passes(answers, permanent, says):
    with mail_server(**answers) as server:
        error = refused(mail(server.port, username="u", password="env:TEST_SECRET"), recipient="a@example.gov.cn")
    assert error.permanent is permanent
    assert says in str(error)
    assert not server.mails


def test_a_bad_farewell_does_not_make_a_taken_mail_untaken():
    with mail_server(QUIT="421 closing") as server:
        send(mail(server.port), recipient="a@example.gov.cn")
    assert len(server.mails) == 1


def test_a_mail_server_that_is_not_there_may_come_back():
    with mail_server() as server:
        port = server.port
    assert not refused(mail(port), recipient="a@example.gov.cn").permanent


def test_a_mail_to_nobody_says_what_to_register():
    error = refused(mail(25), recipient="")
    assert error.permanent
    assert "邮箱" in str(error)
