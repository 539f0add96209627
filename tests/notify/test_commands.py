"""`alert` and `suspend` as a user runs them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from checks import Outcome, PageVisit, Ref
from checks.core.calendar import SHANGHAI
from monitor.cli import main
from monitor.store import Store
from tests.notify import stubs
from tests.notify.stubs import Web, always, mail_server, web

NOW = "2026-11-23T10:00:00+08:00"
SITE = "site:5118000022"
SITES_CSV = """标识码,网站名称,网址,类型,主办单位,主管单位,行政区划,层级,状态
5118000022,青禾县人民政府网站,http://www.example.gov.cn/,门户,县府办,县政府,511802,县（市、区）及部门,正常运行
"""


@dataclass
class Run:
    """What a command left."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Xuncha = Callable[..., Run]


@pytest.fixture
def robot(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    monkeypatch.setenv("TEST_KEY", stubs.KEY)
    with web(stubs.wecom) as server:
        yield server


@pytest.fixture
def xuncha(robot: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Xuncha:
    """The command line in a folder with settings, a site, and a week in which that site did not open."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "settings.toml").write_text(
        f"""
[database]
url = "sqlite:///x.db"
[[alerts.channel]]
name = "群"
kind = "wecom"
key = "env:TEST_KEY"
base = "{robot.url("/cgi-bin/webhook/send")}"
[[alerts.channel]]
name = "邮件"
kind = "mail"
host = "127.0.0.1"
port = 9
security = "none"
sender = "xuncha@example.gov.cn"
[[alerts.rule]]
name = "值班"
channels = ["群"]
about = ["problem", "warning", "overdue"]
""",
        encoding="utf-8",
    )
    (tmp_path / "sites.csv").write_text(SITES_CSV, encoding="utf-8")

    def run(*arguments: str, now: str = NOW) -> Run:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(["--now", now, *arguments])
        printed = capsys.readouterr()
        return Run(int(ended.value.code or 0), printed.out, printed.err)

    assert run("import", "sites.csv").status == 0
    return run


def down(xuncha: Xuncha, folder: Path) -> None:
    """A hundred and sixty visits in the last week, none of which opened; then an inspection."""
    store = Store.open(f"sqlite:///{folder}/x.db")
    end = datetime.fromisoformat(NOW).timestamp()
    store.record(
        PageVisit(
            subject=Ref.parse(SITE),
            at=datetime.fromtimestamp(end - 60 - n * 3600, SHANGHAI),
            vantage="local",
            url="http://www.example.gov.cn/",
            family=4,
            outcome=Outcome.TIMEOUT,
        )
        for n in range(160)
    )
    store.close()
    assert xuncha("inspect", "--check", "site.unreachable").status == 0


def test_a_trial_message_arrives(xuncha, robot):
    done = xuncha("alert", "test", "群")
    assert done.status == 0
    assert "已发出" in done.out
    assert "测试消息" in robot.received[0].json["markdown"]["content"]


def test_a_trial_that_fails_says_why_and_ends_with_1(xuncha, robot):
    robot.judge = always(stubs.WECOM_BAD_KEY)
    done = xuncha("alert", "test", "群")
    assert done.status == 1
    assert "93000" in done.err
    assert stubs.KEY not in done.err + done.out


def test_a_trial_over_a_channel_that_is_not_set_is_wrong_usage(xuncha):
    done = xuncha("alert", "test", "别的群")
    assert done.status == 2
    assert "群、邮件" in done.err


def test_a_trial_mail_goes_where_it_is_told(xuncha, tmp_path):
    with mail_server() as post:
        path = tmp_path / "settings.toml"
        path.write_text(path.read_text(encoding="utf-8").replace("port = 9", f"port = {post.port}"), encoding="utf-8")
        assert xuncha("alert", "test", "邮件", "--to", "zhiban@example.gov.cn").status == 0
    assert [recipient for _, recipient, _ in post.mails] == ["zhiban@example.gov.cn"]
    assert "邮箱" in xuncha("alert", "test", "邮件").err


def test_preview_shows_and_send_sends_once(xuncha, robot, tmp_path):
    down(xuncha, tmp_path)
    shown = xuncha("alert", "preview")
    assert shown.status == 0
    assert "站点无法访问" in shown.out
    [message] = xuncha("alert", "preview", "--format", "json").json
    assert message["channel"] == "群"
    assert message["title"] == "【巡查】新发现问题 1 项"
    assert robot.received == []
    assert "发出 1 条消息" in xuncha("alert", "send").out
    assert "发出 0 条消息" in xuncha("alert", "send").out
    assert len(robot.received) == 1
    assert xuncha("alert", "preview", "--format", "json").json == []


def test_the_outbox_can_be_listed_and_what_was_put_aside_sent_again_or_dropped(xuncha, robot, tmp_path):
    robot.judge = always(stubs.WECOM_BAD_KEY)
    down(xuncha, tmp_path)
    sent = xuncha("alert", "send")
    assert sent.status == 0
    assert "已搁置" in sent.err
    [notice] = xuncha("alert", "list", "--format", "json").json
    assert (notice["state"], notice["check"], notice["title"]) == ("failed", "site.unreachable", "站点无法访问")
    assert "93000" in notice["error"]
    [row] = csv.DictReader(io.StringIO(xuncha("alert", "list", "--state", "failed", "--format", "csv").out))
    assert row["name"] == "青禾县人民政府网站"
    assert "搁置" in xuncha("alert", "list").out
    robot.judge = stubs.wecom
    assert "1 条重新待发" in xuncha("alert", "retry").out
    assert "发出 1 条消息" in xuncha("alert", "send").out
    assert "0 条不再发送" in xuncha("alert", "drop", "--channel", "群").out


def test_without_rules_the_commands_say_what_to_write(xuncha, tmp_path):
    (tmp_path / "settings.toml").write_text('[database]\nurl = "sqlite:///x.db"\n', encoding="utf-8")
    for command in ("preview", "send"):
        done = xuncha("alert", command)
        assert done.status == 2
        assert "[[alerts.rule]]" in done.err


# Suspensions


def status(xuncha: Xuncha, *, now: str = NOW) -> tuple[str, str]:
    xuncha("inspect", "--check", "site.unreachable", now=now)
    [finding] = xuncha("findings", "--check", "site.unreachable", "--format", "json", now=now).json
    return finding["status"], finding["text"]


def test_a_maintenance_window_rests_alerts_and_not_rulings(xuncha, robot, tmp_path):
    down(xuncha, tmp_path)
    done = xuncha("suspend", "add", SITE, "--until", "2026-11-24", "--why", "割接", "--who", "张三")
    assert "未备案" in done.out
    assert status(xuncha)[0] == "failed"
    assert "发出 0 条消息" in xuncha("alert", "send").out
    assert "发出 0 条消息" in xuncha("alert", "send", now="2026-11-24T23:59:59+08:00").out
    assert "发出 1 条消息" in xuncha("alert", "send", now="2026-11-25T00:00:00+08:00").out
    assert len(robot.received) == 1


def test_a_maintenance_every_week_rests_alerts_in_its_hours_only(xuncha, robot, tmp_path):
    down(xuncha, tmp_path)
    weekly = ("--weekly", "周二 22:00-02:00", "--until", "2027-06-30", "--why", "例行维护", "--who", "张三")
    assert "周二 22:00-02:00" in xuncha("suspend", "add", SITE, *weekly).out
    assert status(xuncha)[0] == "failed"
    assert "发出 0 条消息" in xuncha("alert", "send", now="2026-11-25T01:59:59+08:00").out
    [listed] = xuncha("suspend", "list", "--format", "json", now="2026-11-25T01:59:59+08:00").json
    assert (listed["weekly"], listed["state"], listed["who"]) == ("周二 22:00-02:00", "进行中", "张三")
    assert "发出 1 条消息" in xuncha("alert", "send", now="2026-11-25T02:00:00+08:00").out
    [listed] = xuncha("suspend", "list", "--format", "json", now="2026-11-25T02:00:00+08:00").json
    assert listed["state"] == "未到时段"


def test_a_filed_suspension_makes_it_untested_with_the_reason(xuncha, robot, tmp_path):
    down(xuncha, tmp_path)
    xuncha("suspend", "add", SITE, "--until", "2026-11-24", "--why", "机房搬迁", "--filed", "雅数〔2026〕7号")
    ruled, text = status(xuncha)
    assert ruled == "untested"
    assert "雅数〔2026〕7号" in text
    assert "机房搬迁" in text
    explained = xuncha("explain", "site.unreachable", SITE, "--format", "json").json
    assert explained["status"] == "untested"
    assert "发出 0 条消息" in xuncha("alert", "send").out


def test_what_was_seen_under_a_filed_suspension_does_not_count_after_it(xuncha, tmp_path):
    down(xuncha, tmp_path)
    assert status(xuncha)[0] == "failed"
    xuncha(
        "suspend", "add", SITE, "--from", "2026-11-17", "--until", "2026-11-23T09:00", "--why", "搬迁", "--filed", "7号"
    )
    ruled, text = status(xuncha)
    assert ruled == "untested"
    assert "不足" in text


def test_suspensions_are_listed_and_ended_by_name(xuncha):
    xuncha("suspend", "add", SITE, "--until", "2026-11-30T18:00", "--why", "割接", "--who", "张三")
    [listed] = xuncha("suspend", "list", "--format", "json").json
    assert (listed["subject"], listed["state"], listed["who"]) == (SITE, "进行中", "张三")
    assert listed["until"] == "2026-11-30T18:00:00+08:00"
    assert xuncha("suspend", "end", str(listed["id"]), "--who", "李四").status == 0
    assert xuncha("suspend", "list", "--format", "json").json == []
    [ended] = xuncha("suspend", "list", "--all", "--format", "json").json
    assert (ended["state"], ended["ended_by"]) == ("已结束", "李四")
    assert xuncha("suspend", "end", str(listed["id"])).status == 2


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["site:5118000099", "--until", "2026-12-01", "--why", "x"], "台账里没有"),
        (["5118000022", "--until", "2026-12-01", "--why", "x"], "不是监测对象"),
        ([SITE, "--until", "明天", "--why", "x"], "--until"),
        ([SITE, "--until", "2026-12-01", "--why", " "], "理由"),
        ([SITE, "--until", "2026-12-01", "--from", "2026-12-02", "--why", "x"], "晚于"),
        ([SITE, "--until", "2026-11-22", "--from", "2026-11-20", "--why", "x"], "--filed"),
        ([SITE, "--why", "x"], "--until"),
        ([SITE, "--until", "2026-12-31", "--weekly", "周二晚上", "--why", "x"], "周二 22:00-02:00"),
    ],
)
def test_a_suspension_that_makes_no_sense_is_wrong_usage(xuncha, arguments, says):
    done = xuncha("suspend", "add", *arguments)
    assert done.status == 2
    assert says in done.err
