"""The commands about accounts and their sources, as a user runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from monitor.cli import main

REGISTER = (
    "平台,账号名称,账号ID,主办单位,状态,开设时间,关停时间,采集方式,订阅地址,最后更新时间\n"
    "微博,甲发布,1,甲局,正常,2019-05-01,,填报,,2026-11-23\n"
    "微博,乙发布,2,乙局,已注销,2019-05-01,2026-10-01,,,\n"
    "抖音,丙发布,3,丙局,正常,,,feed,http://127.0.0.1:1200/3,\n"
)
NOW = "2026-11-24T10:00:00+08:00"


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    def command(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as end:
            main([*arguments, "--now", NOW])
        out, err = capsys.readouterr()
        return int(end.value.code or 0), out, err

    Path("accounts.csv").write_text(REGISTER, encoding="utf-8")
    assert command("import", "accounts.csv", "--who", "张三")[0] == 0
    return command


def test_every_account_is_listed_with_its_state_and_whose_turn_it_is(run):
    status, out, err = run("accounts", "list", "--format", "json")
    assert status == 0
    states = {r["subject"]: (r["state"], r["turn"]) for r in json.loads(out)}
    assert states == {
        "account:weibo:1": ("未检测", "系统"),
        "account:weibo:2": ("已关停", ""),
        "account:douyin:3": ("未检测", "系统"),
    }
    assert "全部 3 个" in err
    status, out, _ = run("accounts", "list", "--state", "已关停", "--format", "csv")
    assert out.splitlines()[1].startswith("account:weibo:2,新浪微博,乙发布")


def test_the_life_of_an_account_is_told(run):
    out = run("accounts", "history", "account:weibo:2", "--format", "json")[1]
    assert [(e["step"], e["day"], e["who"]) for e in json.loads(out)] == [
        ("开设", "2019-05-01", "张三"),
        ("注销", "2026-10-01", "张三"),
    ]
    assert run("accounts", "history", "account:weibo:9")[0] == 2
    assert run("accounts", "history", "site:1")[0] == 2


def test_sources_are_listed_confirmed_and_withdrawn_by_name(run):
    origin = "http://127.0.0.1:1200"
    [found] = json.loads(run("source", "list", "--format", "json")[1])
    assert (found["origin"], found["confirmed"], found["who"], found["accounts"]) == (origin, True, "张三", 1)
    assert run("source", "revoke", origin, "--who", "李四", "--note", "来源不明")[0] == 0
    [found] = json.loads(run("source", "list", "--format", "json")[1])
    assert (found["confirmed"], found["who"], found["note"]) == (False, "李四", "来源不明")
    assert run("source", "confirm", f"{origin}/x", "--canary", "http://elsewhere.example/x")[0] == 2
    assert run("source", "confirm", origin, "--who", "王五", "--canary", f"{origin}/daily")[0] == 0
    [found] = json.loads(run("source", "list", "--format", "json")[1])
    assert (found["confirmed"], found["who"], found["canary"]) == (True, "王五", f"{origin}/daily")
    assert run("source", "confirm", "hub")[0] == 2


def test_proposals_are_written_as_a_workbook(run):
    status, _, err = run("accounts", "proposals", "--out", "papers")
    assert (status, Path("papers/清理整合建议.xlsx").exists(), "0 条建议" in err) == (0, True, True)


def test_figures_are_told_by_region_and_platform_with_both_numbers_of_the_rate(run):
    assert run("collect", "--check", "account.dormant")[0] == 0
    assert run("inspect", "--check", "account.dormant")[0] == 0
    rows = json.loads(run("accounts", "figures", "--format", "json")[1])
    assert [(r["platform"], r["accounts"], r["活跃"], r["未检测"], r["已关停"], r["rate"]) for r in rows] == [
        ("新浪微博", 2, 1, 0, 1, "1/1（100.0%）"),
        ("抖音", 1, 0, 1, 0, "—"),
        ("全部平台", 3, 1, 1, 1, "1/1（100.0%）"),
    ]
    assert sum(r["accounts"] for r in rows[:-1]) == rows[-1]["accounts"]
