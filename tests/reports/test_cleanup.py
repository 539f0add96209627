"""清理整合建议: each point is told with its number, and what could not be seen is no point."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from openpyxl import load_workbook

from checks import Account, Platform
from checks.core.account_states import AccountState, Standing
from reports.cleanup import Watched, proposals, proposals_workbook
from tests.checks.facts import ACCOUNT, NOW, TODAY, account_reading, ago, day


def watched(account: Account = ACCOUNT, state: AccountState = AccountState.ALIVE, **reading) -> Watched:
    fields = {"latest": ago(days=2), "covered_from": day(120)} | reading
    posts, titles = fields.pop("posts", 30), fields.pop("titles", ())
    fact = replace(account_reading(NOW, **fields), posts_90=posts, title_marks=tuple(titles))
    return Watched(account=account, standing=Standing(state=state, reason="已 30 天未更新"), reading=fact)


def points(*each: Watched) -> list[str]:
    return [point for proposal in proposals(each, today=TODAY) for point in proposal.points]


def other(**fields) -> Account:
    return replace(ACCOUNT, account_id="2", name="某县发布厅", **fields)


def test_an_account_in_use_that_stands_alone_is_let_be():
    assert points(watched()) == []


@pytest.mark.parametrize(("posts", "told"), [(2, True), (3, False), (None, False)])
def test_few_posts_are_counted_only_where_the_list_reaches_back_ninety_days(posts, told):
    assert any("近 90 天发布" in p for p in points(watched(posts=posts))) is told
    assert points(watched(posts=posts, covered_from=day(89))) == []
    assert points(watched(posts=posts, undated=1)) == []
    assert points(watched(posts=posts, source_ok=False)) == []


@pytest.mark.parametrize("state", [AccountState.UNKNOWN, AccountState.DUE])
def test_what_was_not_tested_is_no_point(state):
    assert points(watched(state=state)) == []


def test_followers_are_compared_with_accounts_of_the_same_platform_and_level():
    crowd = [watched(replace(ACCOUNT, account_id=str(n), sponsor=f"第{n}局", followers=100 + n)) for n in range(19)]
    small = watched(replace(ACCOUNT, account_id="x", sponsor="小局", followers=5))
    told = [f"粉丝数 {n}，低于同平台同层级账号的第 10 百分位（101）" for n in (100, 5)]
    assert sorted(points(*crowd, small)) == sorted(told)
    assert points(*crowd[:8], small) == []


def test_a_dead_account_whose_unit_opened_another_is_perhaps_lost():
    old = watched(replace(ACCOUNT, opened_on=day(900)), AccountState.ZOMBIE)
    new = watched(other(opened_on=day(90)))
    [first, second] = proposals([new, old], today=TODAY)
    assert first.watched is old
    assert first.proposal == "整合后关停"
    assert any(p.startswith("疑似遗失账号") for p in first.points)
    assert second.points == ("一平台多号：同一单位在同一平台另有某县发布（weibo:1001）",)


def test_a_subscription_beside_a_service_account_asks_for_reasons():
    first = watched(replace(ACCOUNT, platform=Platform.WECHAT, variety="订阅号"))
    second = watched(other(platform=Platform.WECHAT, variety="服务号"))
    assert {p.proposal for p in proposals([first, second], today=TODAY)} == {"说明理由"}


@pytest.mark.parametrize(("shared", "told"), [(6, False), (7, True)])
def test_titles_that_a_sister_carries_too_are_counted(shared, told):
    mine = [f"t{n}" for n in range(10)]
    hers = mine[:shared] + [f"u{n}" for n in range(40)]
    found = points(watched(titles=mine), watched(other(), titles=hers))
    assert any(f"近期标题有 {shared * 10}%" in p for p in found) is told


def test_the_workbook_says_that_these_are_proposals_and_takes_no_formula():
    dead = watched(replace(ACCOUNT, name="=cmd|x"), AccountState.SILENT)
    content = proposals_workbook(proposals([dead], today=TODAY), now=NOW)
    sheet = load_workbook(io.BytesIO(content)).active
    rows = list(sheet.iter_rows())
    assert "均为建议" in rows[0][0].value
    assert [cell.value for cell in rows[2]][:5] == ["关停或恢复更新", 1, "新浪微博", "=cmd|x", "1001"]
    assert all(cell.data_type != "f" for row in rows for cell in row)
    assert rows[2][8].value.date() == TODAY - timedelta(days=2)
