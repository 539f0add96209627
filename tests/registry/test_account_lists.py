"""账号台账 as accounts.md §7 has it: aliases, varieties, ways of asking, lives as events, who vouches for sources."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from checks import AccountStatus, Platform
from checks.core.model import SiteKind
from monitor.errors import FaultyInput
from monitor.probes.account_source import adapters
from monitor.registry import import_files
from monitor.registry.importing import Importer
from monitor.registry.lifecycle import Step
from monitor.registry.ways import ways
from monitor.store import Store

AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
BY = Importer(who="张三", at=AT)


@pytest.fixture
def store(tmp_path):
    opened = Store.open(f"sqlite:///{tmp_path}/x.db")
    yield opened
    opened.close()


@pytest.fixture
def take(store, tmp_path):
    """Import a CSV of accounts."""

    def import_text(text: str, *, by: Importer = BY, prune: bool = False, encoding: str = "utf-8"):
        path = Path(tmp_path / "accounts.csv")
        path.write_text(text, encoding=encoding)
        return import_files(store, [path], by=by, prune=prune)

    return import_text


def test_the_aliases_of_registers_are_read(store, take):
    take(
        "账号类型,公众号名称,原始ID,开设主体,主管部门,运维主体,县区,级别,运行状态,开设日期,注销时间,关注人数,"
        "认证情况,备案情况,备案编号,账号链接,采集来源\n"
        "微信公众号（服务号）,某县政务,gh_1,某县政府办,县委网信办,某公司,某县,县级,已注销,2019年5月,2026-10-01,1.2万,"
        "已认证,未备案,备-1,https://mp.weixin.qq.com/x,微信接口+填报",
        encoding="gb18030",
    )
    [account] = store.accounts()
    assert (account.platform, account.name, account.account_id) == (Platform.WECHAT, "某县政务", "gh_1")
    assert (account.variety, account.operator, account.supervisor) == ("服务号", "某公司", "县委网信办")
    assert (account.status, account.closed_on) == (AccountStatus.DEREGISTERED, date(2026, 10, 1))
    assert (account.opened_on, account.followers) == (date(2019, 5, 1), 12000)
    assert (account.verified, account.filed, account.filing_no) == (True, False, "备-1")
    assert (account.home_url, account.source) == ("https://mp.weixin.qq.com/x", "wechat_official+self_report")


@pytest.mark.parametrize(
    ("written", "variety"),
    [("订阅号", "订阅号"), ("微信服务号", "服务号"), ("微信公众号", ""), ("微信公众号(订阅号)", "订阅号")],
)
def test_the_variety_of_an_account_is_told_by_how_its_platform_is_written(store, take, written, variety):
    take(f"平台,账号名称,账号ID,主办单位\n{written},某,gh_1,某局")
    assert store.accounts()[0].variety == variety


@pytest.mark.parametrize(
    "row",
    [
        "微博,某,1,某局,正常,,2026-10-01,",
        "微博,某,1,某局,已注销,2026-10-02,2026-10-01,",
        "微博,某,1,某局,正常,,,telepathy",
        "微博,某,1,某局,正常,,,feed+telepathy",
        "微博,某,7.4E+18,某局,正常,,,",
    ],
)
def test_contradictions_and_mangled_cells_are_refused(take, row):
    with pytest.raises(FaultyInput):
        take(f"平台,账号名称,账号ID,主办单位,状态,开设时间,关停时间,采集方式\n{row}")


def test_the_ways_of_asking_are_those_of_the_folder():
    assert set(ways()) == set(adapters())


def test_sites_of_the_credit_kind_are_a_kind_of_their_own(store, tmp_path):
    path = tmp_path / "sites.csv"
    path.write_text(
        "标识码,网站名称,网址,类型,主办单位\n5100000001,信用某县,http://credit.example/,信用类专项网站,发改局",
        encoding="utf-8",
    )
    import_files(store, [path], by=BY)
    assert store.sites()[0].kind is SiteKind.CREDIT


HEAD = "平台,账号名称,账号ID,主办单位,状态,开设时间,关停时间\n"


def test_opening_change_and_closing_are_kept_as_events_with_their_days(store, take):
    take(HEAD + "微博,某县发布,1,某局,正常,2019-05-01,")
    take(HEAD + "微博,某县发布厅,1,某局,关停中,2019-05-01,")
    take(HEAD + "微博,某县发布厅,1,某局,已注销,2019-05-01,2026-11-01", by=replace(BY, who="李四"))
    take(HEAD + "微博,别,2,某局,正常,,", prune=True)
    events = store.lives("weibo:1")
    assert [(e.step, e.day) for e in events] == [
        (Step.OPENED, date(2019, 5, 1)),
        (Step.CLOSING, None),
        (Step.CHANGED, None),
        (Step.DEREGISTERED, date(2026, 11, 1)),
        (Step.REMOVED, None),
    ]
    assert [e.who for e in events] == ["张三", "张三", "张三", "李四", "张三"]
    assert events[2].detail == "账号名称 某县发布 → 某县发布厅"
    assert len(store.lives()) == 6


def test_the_same_file_again_brings_no_event(store, take):
    take(HEAD + "微博,某县发布,1,某局,正常,2019-05-01,")
    take(HEAD + "微博,某县发布,1,某局,正常,2019-05-01,")
    assert len(store.lives()) == 1


FEEDS = "平台,账号名称,账号ID,主办单位,采集方式,订阅地址\n"


def test_who_imports_a_feed_answers_for_its_source_by_name(store, take):
    changes = take(FEEDS + "微博,某,1,某局,feed,http://hub.example:1200/a\n微博,别,2,某局,,http://hub.example:1200/b")
    [event] = store.source_events()
    assert (event.origin, event.confirmed, event.who, event.at) == ("http://hub.example:1200", True, "张三", AT)
    assert any("http://hub.example:1200 由 张三" in note for note in changes.notes)
    take(FEEDS + "微博,第三,3,某局,feed,http://hub.example:1200/c", by=replace(BY, who="李四"))
    assert len(store.source_events()) == 1


def test_what_was_withdrawn_is_not_confirmed_again_by_an_import(store, take):
    take(FEEDS + "微博,某,1,某局,feed,http://hub.example/a")
    [event] = store.source_events()
    store.add_source_events([replace(event, confirmed=False)])
    take(FEEDS + "微博,别,2,某局,feed,http://hub.example/b")
    assert [e.confirmed for e in store.source_events()] == [True, False]


def test_where_the_settings_ask_for_it_an_import_confirms_nothing(store, take):
    take(FEEDS + "微博,某,1,某局,feed,http://hub.example/a", by=replace(BY, confirms=False))
    assert store.source_events() == []
