"""The alert round from the record to the channel: rulings in, messages out, on a scripted clock."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from checks import Account, Column, Finding, Platform, Ref, Severity, Site, Unit
from checks.core.assess import Assessment, Status
from checks.core.calendar import SHANGHAI
from checks.core.entries import Action, Event, entry_id
from checks.core.model import ColumnCategory, SiteKind, SiteStatus
from checks.core.notices import News, Trouble
from checks.core.suspensions import Suspension
from monitor.alert_settings import Alerts
from monitor.alerting import AlertRound, alert, channel_troubles, preview
from monitor.app import App
from monitor.clock import FixedClock
from monitor.notify.outgoing import wait
from monitor.notify.sending import Sender
from monitor.registry.changes import Change, RegistryChanges
from monitor.settings import Settings
from monitor.store import Inspection, Store
from monitor.store.alarms import NoticeState
from monitor.upkeep import Upkeep
from tests.notify import stubs
from tests.notify.stubs import Judge, MailServer, Web, always, in_turn, mail_server, web
from tests.notify.tidings import alerts

SITE = Site(
    id="5118000022",
    name="青禾县人民政府网站",
    url="http://www.example.gov.cn/",
    kind=SiteKind.PORTAL,
    sponsor="县府办",
    supervisor="县政府",
    region="511802",
)
COLUMN = Column(
    site_id=SITE.id, name="通知公告", url="http://www.example.gov.cn/tzgg/", category=ColumnCategory.NOTICES
)
ACCOUNT = Account(platform=Platform.WEIBO, name="青禾发布", account_id="1", sponsor="融媒体中心", region="511802")
UNITS = [
    Unit(name="县府办", parent="县政府", email="fuban@example.gov.cn"),
    Unit(name="县政府", email="zhengfu@example.gov.cn"),
    Unit(name="融媒体中心"),
]
START = datetime(2026, 11, 23, 10, 0, tzinfo=SHANGHAI)


@dataclass
class Office:
    """A record with a small registry, a clock, and rounds of inspections and alerts."""

    store: Store
    settings: Alerts
    clock: FixedClock = field(default_factory=lambda: FixedClock(START))

    def rule(self, *rulings: Assessment) -> None:
        """An inspection that came to these rulings."""
        at = self.clock.now()
        made = [
            Assessment(check=r.check, subject=r.subject, status=r.status, findings=r.findings, at=at) for r in rulings
        ]
        self.store.commit_inspection(Inspection(at=at, period="2026Q4", edition="gwb-2019", assessments=made))

    def round(self, *rulings: Assessment, minutes: float = 60, troubles: list[Trouble] | None = None) -> AlertRound:
        """Some minutes later: an inspection, if it came to anything, and a round of alerts."""
        self.clock.advance(timedelta(minutes=minutes))
        if rulings:
            self.rule(*rulings)
        sender = Sender(Path())
        return asyncio.run(alert(self.store, self.settings, clock=self.clock, sender=sender, troubles=troubles))


def found(*texts: str, check: str = "site.dead_link", subject: Ref = SITE.ref, warning: bool = False) -> Assessment:
    severity = Severity.WARNING if warning else Severity.PROBLEM
    findings = tuple(Finding(text=text, key=text, severity=severity) for text in texts)
    status = Status.FAILED if findings and not warning else Status.PASSED
    return Assessment(check=check, subject=subject, status=status, findings=findings, at=START)


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_KEY", stubs.KEY)


@pytest.fixture
def robot() -> Iterator[Web]:
    with web(stubs.wecom) as server:
        yield server


@pytest.fixture
def post_office() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


def wecom(robot: Web, **changed: Any) -> dict[str, Any]:
    return {
        "name": "群", "kind": "wecom", "key": "env:TEST_KEY", "base": robot.url("/cgi-bin/webhook/send"), **changed
    }  # fmt: skip


def office(record: Store, *channels: dict[str, Any], rules: list[dict[str, Any]] | None = None, **keys: Any) -> Office:
    registered = [*UNITS, SITE, COLUMN, ACCOUNT]
    record.apply(RegistryChanges(added=tuple(registered)))
    return Office(record, alerts(*channels, rules=rules, **keys))


def bodies(robot: Web) -> list[str]:
    return [got.json["markdown"]["content"] for got in robot.received]


def said(record: Store, *states: NoticeState) -> list[str]:
    return [n.tiding.text for n in reversed(record.outbox.notices(states=states or tuple(NoticeState)))]


def test_a_problem_is_told_once_and_its_recovery_once(record, robot):
    desk = office(record, wecom(robot))
    first = desk.round(found("甲打不开"))
    assert (first.news[News.RAISED], first.sent) == (1, 1)
    assert desk.round(found("甲打不开")).sent == 0
    assert desk.round(minutes=5000).sent == 0
    last = desk.round(found())
    assert (last.news[News.RECOVERED], last.sent) == (1, 1)
    assert ["复查未再发现" in body for body in bodies(robot)] == [False, True]


def test_what_is_found_at_once_is_told_in_one_message(record, robot):
    desk = office(record, wecom(robot))
    stale = found("已 15 天未更新", check="column.stale", subject=COLUMN.ref, warning=True)
    assert desk.round(found("甲", "乙", "丙", "丁"), stale).sent == 1
    [body] = bodies(robot)
    assert "新发现问题 4 项、预警 1 项" in body
    assert "青禾县人民政府网站“通知公告”栏目" in body


def test_without_rules_nothing_is_told_nor_remembered(record, robot):
    desk = office(record, wecom(robot), rules=[])
    assert desk.round(found("甲")) == AlertRound()
    desk.settings = alerts(wecom(robot))
    assert desk.round().sent == 1


def test_a_restart_repeats_nothing(record, robot):
    desk = office(record, wecom(robot))
    desk.round(found("甲"), troubles=[Trouble(key="disk.full", text="磁盘将满")])
    again = Office(Store.open(f"sqlite:///{record.name}"), desk.settings, desk.clock)
    assert again.round(troubles=[Trouble(key="disk.full", text="磁盘将满")]).sent == 0
    again.store.close()


def test_a_trouble_is_told_and_a_round_that_did_not_look_does_not_end_it(record, robot):
    desk = office(record, wecom(robot))
    trouble = Trouble(key="job.collect", text="采集 3 小时没有运行", advice="请检查服务")
    assert desk.round(troubles=[trouble]).news[News.RAISED] == 1
    assert desk.round(troubles=None).news == {}
    assert desk.round(troubles=[]).news[News.RECOVERED] == 1
    assert "采集 3 小时没有运行" in bodies(robot)[0]


def test_while_the_vantage_point_is_down_nothing_is_told_of_others(record, robot):
    desk = office(record, wecom(robot))
    offline = Trouble(key="vantage.offline", text="监测点离线", silences=True)
    desk.round(found("甲"), troubles=[offline])
    assert "甲" not in bodies(robot)[0]
    desk.round(troubles=None)  # nobody looked: it is not over
    assert len(bodies(robot)) == 1
    desk.round(troubles=[])
    assert "甲" in bodies(robot)[1]
    assert "已恢复" in bodies(robot)[1]


# Suspensions


def suspend(record: Store, *, subject: Ref = SITE.ref, filed: str = "", days: float = 1) -> Suspension:
    until = START + timedelta(days=days)
    return record.suspensions.add(
        Suspension(subject=subject, since=START, until=until, who="张三", why="割接", filed=filed)
    )


def test_under_a_maintenance_window_alerts_rest_and_afterwards_what_is_still_so_is_told(record, robot):
    desk = office(record, wecom(robot))
    suspend(record)
    stale = found("已 15 天未更新", check="column.stale", subject=COLUMN.ref)
    assert desk.round(found("甲"), stale).sent == 0
    assert desk.round(minutes=24 * 60 - 61).sent == 0
    assert desk.round(minutes=1).sent == 1
    assert "甲" in bodies(robot)[0]


def test_a_maintenance_that_was_ended_early_rests_no_longer(record, robot):
    desk = office(record, wecom(robot))
    kept = suspend(record)
    assert desk.round(found("甲")).sent == 0
    record.suspensions.end(kept.id, at=desk.clock.now(), who="李四")
    assert desk.round(minutes=1).sent == 1


def test_a_site_that_is_registered_as_offline_rests(record, robot):
    desk = office(record, wecom(robot))
    desk.round(found("甲"))
    offline = replace(SITE, status=SiteStatus.SUSPENDED, suspended_until=date(2026, 12, 1))
    change = Change(old=SITE, new=offline, fields=("status", "suspended_until"))
    record.apply(RegistryChanges(changed=(change,)))
    assert desk.round(found("甲", "乙")).sent == 0


# Ledger


def test_what_a_person_dismissed_is_told_no_more(record, robot):
    desk = office(record, wecom(robot))
    desk.round(found("甲"))
    id_ = entry_id("site.dead_link", SITE.ref, "甲")
    event = Event(entry=id_, at=desk.clock.now(), who="张三", action=Action.DISMISSED, why="误报")
    record.act([event])
    assert desk.round(found("甲")).sent == 0
    assert desk.round(found()).sent == 0


def test_an_overdue_entry_is_told_with_its_day(record, robot):
    desk = office(record, wecom(robot), rules=[{"name": "超期", "channels": ["群"], "about": ["overdue"]}])
    assert desk.round(found("甲")).sent == 0
    id_ = entry_id("site.dead_link", SITE.ref, "甲")
    at = desk.clock.now()
    record.act(
        [
            Event(entry=id_, at=at, who="张三", action=Action.CONFIRMED),
            Event(entry=id_, at=at, who="张三", action=Action.ASSIGNED, due=date(2026, 11, 25), assignee="县府办"),
        ]
    )
    assert desk.round(minutes=24 * 60).sent == 0
    assert desk.round(minutes=48 * 60).sent == 1
    assert "整改期限 2026-11-25 已过 1 天" in bodies(robot)[0]
    record.act([Event(entry=id_, at=desk.clock.now(), who="县府办", action=Action.SUBMITTED)])
    assert desk.round().news[News.RECOVERED] == 1
    assert "不再超期" in bodies(robot)[1]


# Quiet hours and digests


def test_in_quiet_hours_messages_wait_for_their_end(record, robot):
    desk = office(record, wecom(robot), quiet="11:00-14:00")
    assert desk.round(found("甲")).queued == 1  # 11:00
    assert desk.round(found("甲", "乙"), minutes=179).sent == 0  # 13:59
    assert desk.round(minutes=1).sent == 1  # 14:00
    assert "新发现问题 2 项" in bodies(robot)[0]


def test_a_rule_may_speak_in_quiet_hours(record, robot):
    rules = [{"name": "紧急", "channels": ["群"], "quiet": False, "about": ["trouble"]}]
    desk = office(record, wecom(robot), rules=rules, quiet="11:00-14:00")
    assert desk.round(troubles=[Trouble(key="disk.full", text="磁盘将满")]).sent == 1


def test_a_digest_gathers_a_day_into_one_message(record, robot):
    rules = [{"name": "汇总", "channels": ["群"], "digest": True}]
    desk = office(record, wecom(robot), rules=rules, digest_at="08:30")
    for texts in (["甲"], ["甲", "乙"], ["乙"]):
        assert desk.round(found(*texts)).sent == 0
    assert desk.round(minutes=19 * 60 + 29).sent == 0  # 08:29
    assert desk.round(minutes=1).sent == 1
    assert "新发现问题 2 项、恢复 1 项" in bodies(robot)[0]


# Recipients


def letters(post: MailServer, *, to: list[str], rules: list[dict[str, Any]]) -> tuple[dict[str, Any], list]:
    mail = {"name": "邮件", "kind": "mail", "host": "127.0.0.1", "port": post.port, "security": "none"}
    return mail | {"sender": "xuncha@example.gov.cn", "to": to}, rules


@pytest.mark.parametrize(
    ("to", "recipients"),
    [
        ([], ["zhiban@example.gov.cn"]),
        (["sponsor"], ["fuban@example.gov.cn"]),
        (["supervisor"], ["zhengfu@example.gov.cn"]),
        (
            ["sponsor", "supervisor", "x@example.gov.cn"],
            ["fuban@example.gov.cn", "x@example.gov.cn", "zhengfu@example.gov.cn"],
        ),
    ],
)  # fmt: skip
def test_mail_goes_to_the_units_of_the_subject(record, post_office, to, recipients):
    rules = [{"name": "单位", "channels": ["邮件"], "to": to}]
    mail, rules = letters(post_office, to=["zhiban@example.gov.cn"], rules=rules)
    office(record, mail, rules=rules).round(found("甲"))
    assert sorted(recipient for _, recipient, _ in post_office.mails) == recipients


def test_each_unit_gets_its_own_and_a_unit_without_mail_leaves_it_to_the_channel(record, post_office):
    rules = [{"name": "单位", "channels": ["邮件"], "to": ["sponsor"]}]
    mail, rules = letters(post_office, to=["zhiban@example.gov.cn"], rules=rules)
    dormant = found("已 20 天未更新", check="account.dormant", subject=ACCOUNT.ref)
    office(record, mail, rules=rules).round(found("甲"), dormant)
    got = {recipient: mail.get_content() for _, recipient, mail in post_office.mails}
    assert sorted(got) == ["fuban@example.gov.cn", "zhiban@example.gov.cn"]
    assert "甲" in got["fuban@example.gov.cn"]
    assert "微博账号“青禾发布”" in got["zhiban@example.gov.cn"]


def test_what_nobody_can_be_sent_is_put_aside_with_the_reason(record, post_office):
    rules = [{"name": "单位", "channels": ["邮件"], "to": ["sponsor"]}]
    mail, rules = letters(post_office, to=[], rules=rules)
    dormant = found("已 20 天未更新", check="account.dormant", subject=ACCOUNT.ref)
    done = office(record, mail, rules=rules).round(dormant)
    assert done.put_aside == 1
    assert "没有登记邮箱" in done.faults[0]


def test_what_two_rules_tell_the_same_group_is_told_once(record, robot):
    rules = [{"name": "甲", "channels": ["群"]}, {"name": "乙", "channels": ["群"], "about": ["problem"]}]
    desk = office(record, wecom(robot), rules=rules)
    assert desk.round(found("甲")).queued == 1


def test_rules_by_unit_reach_those_below_it(record, robot):
    rules = [{"name": "县政府", "channels": ["群"], "units": ["县政府"]}]
    dormant = found("已 20 天未更新", check="account.dormant", subject=ACCOUNT.ref)
    desk = office(record, wecom(robot), rules=rules)
    assert desk.round(found("甲"), dormant).news[News.RAISED] == 1
    assert "甲" in bodies(robot)[0]


# Failures


def failing(record: Store, judge: Judge, robot: Web, **changed: Any) -> Office:
    robot.judge = judge
    return office(record, wecom(robot, **changed))


def test_a_failure_that_may_pass_is_tried_again_and_arrives_once(record, robot):
    desk = failing(record, in_turn(always(stubs.WECOM_BUSY), stubs.wecom), robot)
    first = desk.round(found("甲"))
    assert first.sent == 0
    assert "system busy" in first.faults[0]
    assert desk.round(minutes=0.98).sent == 0  # not before a minute
    assert len(robot.received) == 1
    assert desk.round(minutes=0.02).sent == 1
    assert desk.round(minutes=600).sent == 0


def test_what_comes_up_meanwhile_goes_out_in_the_same_message(record, robot):
    desk = failing(record, in_turn(always(stubs.WECOM_BUSY), stubs.wecom), robot)
    desk.round(found("甲"))
    desk.round(found("甲", "乙"), minutes=1)
    assert "甲" in bodies(robot)[1]
    assert "乙" in bodies(robot)[1]


def test_a_rate_limit_ends_the_round_for_the_channel(record, robot):
    desk = failing(record, always(stubs.WECOM_LIMITED), robot)
    desk.round(found("甲"))
    assert len(robot.received) == 1
    assert said(record, NoticeState.WAITING) == ["甲"]


@pytest.mark.parametrize(
    ("attempts", "minutes"), [(0, 1), (1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (8, 60), (5000, 60)]
)
def test_each_attempt_waits_longer_up_to_an_hour(attempts, minutes):
    assert wait(attempts) == timedelta(minutes=minutes)


def test_what_the_other_side_asks_for_is_waited_for():
    assert wait(1, 90.0) == timedelta(seconds=90)
    assert wait(3, 90.0) == timedelta(minutes=4)


def test_a_permanent_failure_is_put_aside_kept_and_told_over_other_channels(record, robot):
    with web(always(stubs.DINGTALK_NO_TOKEN)) as other:
        ding = {"name": "钉钉群", "kind": "dingtalk", "token": "env:TEST_KEY", "base": other.url()}
        desk = office(record, wecom(robot), ding)
        assert desk.round(found("甲")).put_aside == 1
        assert said(record, NoticeState.FAILED) == ["甲"]
        assert [trouble.key for trouble in channel_troubles(record, desk.settings)] == ["alert.channel.钉钉群"]
        desk.round()
        assert "告警通道“钉钉群”" in bodies(robot)[-1]
        other.judge = always(stubs.DINGTALK_GOOD)
        record.outbox.reopen(now=desk.clock.now())
        assert desk.round().sent == 1
        desk.round()
    assert "已恢复" in bodies(robot)[-1]
    assert said(record, NoticeState.FAILED) == []


def test_what_cannot_be_sent_for_three_days_is_put_aside_not_lost(record, robot):
    desk = failing(record, always(status=503), robot, timeout=1)
    desk.round(found("甲"))
    desk.round(minutes=72 * 60)
    assert said(record, NoticeState.WAITING) == ["甲"]
    assert desk.round(minutes=5).put_aside == 1

    assert said(record, NoticeState.FAILED)[0] == "甲"


def test_a_channel_in_trouble_does_not_keep_the_others_waiting(record, robot):
    with web(always(status=503)) as other:
        hook = {"name": "平台", "kind": "webhook", "base": other.url()}
        desk = office(record, hook, wecom(robot))
        done = desk.round(found("甲"))
    assert done.sent == 1
    assert len(done.faults) == 1


def test_a_fault_of_our_own_neither_loses_the_notice_nor_ends_the_round(record, robot, caplog):
    async def broken(*_: Any, **__: Any) -> Any:
        raise ZeroDivisionError

    desk = office(record, wecom(robot))
    desk.rule(found("甲"))
    sender = Sender(Path(), post=broken)
    done = asyncio.run(alert(record, desk.settings, clock=desk.clock, sender=sender))
    assert "ZeroDivisionError" in done.faults[0]
    assert said(record, NoticeState.WAITING) == ["甲"]
    assert desk.round(minutes=1).sent == 1


def test_no_more_messages_a_minute_than_the_channel_takes(record, post_office):
    rules = [{"name": "单位", "channels": ["邮件"], "to": [f"r{n}@example.gov.cn" for n in range(7)]}]
    mail, rules = letters(post_office, to=[], rules=rules)
    desk = office(record, mail | {"per_minute": 3}, rules=rules)
    assert desk.round(found("甲")).sent == 3
    assert desk.round(minutes=0.99).sent == 0
    assert desk.round(minutes=0.01).sent == 3
    assert desk.round(minutes=1).sent == 1
    assert len({recipient for _, recipient, _ in post_office.mails}) == 7


def test_one_recipient_who_is_refused_keeps_no_other_waiting(record):
    with mail_server(RCPT="550 5.1.1 no such user") as post:
        rules = [{"name": "单位", "channels": ["邮件"], "to": ["a@example.gov.cn", "b@example.gov.cn"]}]
        mail, rules = letters(post, to=[], rules=rules)
        done = office(record, mail, rules=rules).round(found("甲"))
        assert done.put_aside == 2
        assert len(done.faults) == 2


def test_a_message_that_arrived_before_the_process_died_is_sent_again_and_none_is_lost(record, robot):
    desk = office(record, wecom(robot))
    desk.rule(found("甲"))

    async def dies(*_: Any, **__: Any) -> Any:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        asyncio.run(alert(record, desk.settings, clock=desk.clock, sender=Sender(Path(), post=dies)))
    assert desk.round(minutes=9).sent == 0  # still claimed
    assert desk.round(minutes=1).sent == 1


# Preview


def test_a_preview_shows_what_would_be_sent_and_changes_nothing(record, robot):
    desk = office(record, wecom(robot), quiet="23:00-07:00")
    desk.rule(found("甲"))
    for _ in range(2):
        [(channel, when, message)] = preview(record, desk.settings, now=desk.clock.now())
        assert (channel.name, when) == ("群", desk.clock.now())
        assert "甲" in message.body
    assert record.outbox.notices() == []
    assert desk.round(minutes=0).sent == 1
    assert preview(record, desk.settings, now=desk.clock.now()) == []


def test_a_preview_shows_what_waits(record, robot):
    desk = office(record, wecom(robot), quiet="10:00-14:00")
    desk.round(found("甲"))
    [(_, when, message)] = preview(record, desk.settings, now=desk.clock.now())
    assert when == datetime(2026, 11, 23, 14, 0, tzinfo=SHANGHAI)
    assert "甲" in message.body


def test_the_upkeep_forgets_what_was_sent_long_ago_and_it_is_not_told_again(record, robot, tmp_path):
    desk = office(record, wecom(robot))
    desk.round(found("甲"))
    app = App(Settings(), desk.clock, folder=tmp_path)
    app.__dict__["store"] = record
    desk.clock.advance(timedelta(days=app.settings.retention.fact_days - 1))
    Upkeep(app).thin()
    assert said(record) == ["甲"]
    desk.clock.advance(timedelta(days=2))
    Upkeep(app).thin()
    assert said(record) == []
    assert desk.round(found("甲")).sent == 0
