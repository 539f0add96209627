"""[[alerts.channel]] and [[alerts.rule]]: what is taken, what is refused, and that no secret is repeated."""

from __future__ import annotations

import tomllib
from datetime import timedelta

import pytest

from checks.core.notices import About
from monitor.errors import FaultyInput
from monitor.settings import default_settings_text, parse_settings
from tests.notify.tidings import alerts

WECOM = {"name": "群", "kind": "wecom", "key": "env:KEY"}
MAIL = {"name": "邮件", "kind": "mail", "host": "smtp.example.gov.cn", "sender": "xuncha@example.gov.cn"}
WEBHOOK = {"name": "平台", "kind": "webhook", "base": "https://ops.example.gov.cn/hook"}


def faults(*channels: dict, rules: list[dict] | None = None) -> tuple[str, ...]:
    with pytest.raises(FaultyInput) as caught:
        alerts(*channels, rules=rules)
    return caught.value.faults


def test_the_examples_of_the_settings_file_are_settings():
    text = default_settings_text()
    examples = [line.removeprefix("# ") for line in text[text.index("# [[alerts.channel]]") :].splitlines()]
    data = tomllib.loads("\n".join(line for line in examples if line != "#"))
    taken = parse_settings({"alerts": data["alerts"]}, "settings.toml").alerts
    assert [channel.kind for channel in taken.channel] == ["wecom", "dingtalk", "feishu", "mail", "webhook"]
    assert [rule.name for rule in taken.rule] == ["值班", "主办单位"]


@pytest.mark.parametrize("channel", [WECOM, MAIL, WEBHOOK])
def test_a_channel_needs_few_words(channel):
    [taken] = alerts(channel).channel
    assert taken.per_minute == 20
    assert taken.timeout == 10


def test_a_secret_written_into_the_settings_is_refused_and_not_repeated():
    for channel in (WECOM | {"key": "0e4c6f1a"}, MAIL | {"password": "hunter2"}, WEBHOOK | {"secret": "hunter2"}):
        [fault] = faults(channel)
        assert "env:" in fault
        assert "hunter2" not in fault
        assert "0e4c6f1a" not in fault


@pytest.mark.parametrize("reference", ["env:", "file:", "env: ", "vault:x", ":KEY"])
def test_a_reference_that_names_no_place_is_refused(reference):
    assert len(faults(WECOM | {"key": reference})) == 1


@pytest.mark.parametrize(
    ("channel", "place"),
    [
        (WECOM | {"kind": "qq"}, "alerts.channel.0"),
        ({"name": "群"}, "alerts.channel.0"),
        ({"name": "群", "kind": "wecom"}, "alerts.channel.0.wecom.key"),
        (WECOM | {"token": "env:X"}, "alerts.channel.0.wecom.token"),
        (WECOM | {"base": "qyapi.weixin.qq.com"}, "alerts.channel.0.wecom.base"),
        (WECOM | {"per_minute": 0}, "alerts.channel.0.wecom.per_minute"),
        (WECOM | {"timeout": 61}, "alerts.channel.0.wecom.timeout"),
        (WECOM | {"name": ""}, "alerts.channel.0.wecom.name"),
        (MAIL | {"security": "ssl"}, "alerts.channel.0.mail.security"),
        (MAIL | {"port": 65536}, "alerts.channel.0.mail.port"),
        (MAIL | {"sender": "xuncha"}, "alerts.channel.0.mail.sender"),
        (MAIL | {"sender": "a@b@c"}, "alerts.channel.0.mail.sender"),
        (MAIL | {"to": ["张三@example.gov.cn"]}, "alerts.channel.0.mail.to.0"),
        (MAIL | {"to": ["a@example.gov.cn\r\nBcc: b@example.gov.cn"]}, "alerts.channel.0.mail.to.0"),
    ],
)
def test_a_faulty_channel_is_refused_with_its_place(channel, place):
    [fault] = faults(channel, rules=[])
    assert fault.startswith(f"{place}：")
    assert any("一" <= character <= "鿿" for character in fault.partition("（现为")[0])


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ({"channels": ["群"]}, "name"),
        ({"name": "r"}, "channels"),
        ({"name": "r", "channels": []}, "channels"),
        ({"name": "r", "channels": ["别的群"]}, "别的群"),
        ({"name": "r", "channels": ["群"], "about": ["all"]}, "problem"),
        ({"name": "r", "channels": ["群"], "about": []}, "about"),
        ({"name": "r", "channels": ["群"], "times": 3, "of": 2}, "times"),
        ({"name": "r", "channels": ["群"], "times": 0}, "times"),
        ({"name": "r", "channels": ["群"], "times": 21}, "times"),
        ({"name": "r", "channels": ["群"], "clear": 0}, "clear"),
        ({"name": "r", "channels": ["群"], "remind_hours": -1}, "remind_hours"),
        ({"name": "r", "channels": ["群"], "to": ["sponsor"]}, "电子邮件"),
        ({"name": "r", "channels": ["群"], "to": ["nobody"]}, "supervisor"),
        ({"name": "r", "channels": ["群"], "digest": "yes"}, "digest"),
        ({"name": "r", "channels": ["群"], "severity": "high"}, "severity"),
    ],
)
def test_a_faulty_rule_is_refused(rule, says):
    [fault] = faults(WECOM, rules=[rule])
    assert fault.startswith("alerts")
    assert says in fault


def test_names_are_unique():
    assert "重名" in faults(WECOM, WECOM)[0]
    assert "重名" in faults(WECOM, rules=[{"name": "r", "channels": ["群"]}] * 2)[0]


def test_a_rule_becomes_the_rule_of_the_pure_part():
    rule = {"name": "r", "channels": ["群"], "about": ["problem"], "times": 2, "remind_hours": 1.5, "units": ["甲"]}
    [taken] = alerts(WECOM, rules=[rule]).rule
    assert taken.rule.about == {About.PROBLEM}
    assert (taken.rule.times, taken.rule.of) == (2, 2)
    assert taken.rule.remind == timedelta(hours=1.5)
    assert taken.rule.units == {"甲"}
    [plain] = alerts(WECOM, rules=[{"name": "r", "channels": ["群"]}]).rule
    assert plain.rule.about == set(About)
    assert plain.rule.remind is None
