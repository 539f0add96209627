"""The official interfaces of 公众号, in the shapes of accounts.md §4.1.1, good and bad."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from checks import Account, DateBasis, Platform
from tests.net.web import in_loop
from tests.probes.interfaces import Asked, asking
from tests.probes.kits import NOW, look

APPID, SECRET, TOKEN = "wx0123456789abcdef", "0123456789abcdef0123456789abcdef", "88_made-up-token-value"
ACCOUNT = Account(
    platform=Platform.WECHAT,
    name="某县发布",
    account_id="gh_0a1b2c3d4e5f",
    sponsor="某县政府办",
    source="wechat_official",
)
SECRETS = {"wechat_official": {"wechat:gh_0a1b2c3d4e5f": {"appid": APPID, "secret": SECRET}}}
YESTERDAY = date(2026, 11, 23)
STATISTICS = "/datacube/getarticletotaldetail"
LIST = "/cgi-bin/freepublish/batchget"


def statistics(*days: str, delayed: tuple[str, ...] = ()):
    def reply(asked: Asked) -> dict:
        day = asked.body["begin_date"]
        assert asked.body["end_date"] == day
        assert asked.query == {"access_token": TOKEN}
        row = {
            "ref_date": day,
            "msgid": "2247490111_1",
            "publish_type": 0,
            "title": "关于冬季供暖的通告",
            "content_url": "https://mp.weixin.qq.com/s?__biz=MzAw&mid=2247490111&idx=1&sn=0f1e2d",
            "detail_list": [{"stat_date": day, "read_user": 41}],
        }
        return {"list": [row] if day in days else [], "is_delay": day in delayed}

    return reply


def published(*times: int, total: int | None = None):
    items = [
        {
            "article_id": f"made-up-{n}",
            "content": {"news_item": [{"title": "办事指南更新", "url": "http://x", "is_deleted": False}]},
            "update_time": at,
        }
        for n, at in enumerate(times)
    ]
    return {"total_count": len(items) if total is None else total, "item_count": len(items), "item": items}


def routes(statistics_reply=None, list_reply=None, token_reply=None) -> dict:
    return {
        "/cgi-bin/stable_token": token_reply or {"access_token": TOKEN, "expires_in": 7200},
        STATISTICS: statistics() if statistics_reply is None else statistics_reply,
        LIST: published() if list_reply is None else list_reply,
    }


async def read(given: dict, secrets=SECRETS):
    async with asking(given, "api.weixin.qq.com", secrets=secrets) as (kit, interface):
        [reading] = await look("account.source", ACCOUNT, kit)
    return reading, interface


@in_loop
async def test_a_publication_of_yesterday_is_seen_at_the_first_call():
    reading, interface = await read(routes(statistics("2026-11-23")))
    assert (reading.source_ok, reading.basis, reading.precision) == (True, DateBasis.REF_DATE, "day")
    assert reading.latest_at.isoformat() == "2026-11-23T00:00:00+08:00"
    assert reading.title == "关于冬季供暖的通告"
    assert [asked.body["begin_date"] for asked in interface.to(STATISTICS)] == ["2026-11-23"]
    [token] = interface.to("/cgi-bin/stable_token")
    assert token.method == "POST"
    assert token.body == {"grant_type": "client_credential", "appid": APPID, "secret": SECRET, "force_refresh": False}


@in_loop
async def test_an_empty_list_of_free_publications_says_nothing_where_the_statistics_show_one():
    reading, interface = await read(routes(statistics("2026-11-14"), published()))
    assert reading.latest_at.date() == date(2026, 11, 14)
    assert not interface.to(LIST)


@in_loop
async def test_fifteen_empty_days_and_an_empty_list_prove_silence_up_to_yesterday():
    reading, interface = await read(routes())
    assert len(interface.to(STATISTICS)) == 15
    assert (reading.source_ok, reading.latest_at, reading.doubt) == (True, None, "")
    assert (reading.covered_from, reading.covered_to) == (date(2026, 11, 9), YESTERDAY)
    assert interface.to(LIST)[0].body == {"offset": 0, "count": 20, "no_content": 1}


@in_loop
async def test_a_free_publication_is_seen_where_the_statistics_are_empty_whatever_its_place():
    reading, _ = await read(routes(statistics(), published(1700000000, 1795163400, 1795000000)))
    assert reading.latest_at == datetime.fromtimestamp(1795163400, UTC)
    assert reading.basis is DateBasis.UPDATED


@in_loop
async def test_empty_statistics_of_one_who_has_published_freely_before_are_doubted():
    reading, _ = await read(routes(statistics(), published(1700000000)))
    assert "请主办单位提供最新链接" in reading.doubt


@in_loop
async def test_a_day_whose_figures_are_not_final_leaves_the_silence_open():
    reading, _ = await read(routes(statistics(delayed=("2026-11-23",))))
    assert (reading.source_ok, reading.covered_from) == (False, None)
    assert "2026-11-23 的发表统计尚未定稿" in reading.error


@in_loop
async def test_a_publication_seen_on_another_day_stands_though_one_day_is_not_final():
    reading, _ = await read(routes(statistics("2026-11-20", delayed=("2026-11-23",))))
    assert reading.latest_at.date() == date(2026, 11, 20)
    assert reading.covered_from is None


@pytest.mark.parametrize("code", [40001, 40014, 42001])
@in_loop
async def test_a_stale_token_is_renewed_once(code):
    refused = []

    def once(asked: Asked) -> dict:
        if not refused:
            refused.append(asked)
            return {"errcode": code, "errmsg": "invalid credential"}
        return statistics("2026-11-23")(asked)

    reading, interface = await read(routes(once))
    assert reading.source_ok
    assert [asked.body["force_refresh"] for asked in interface.to("/cgi-bin/stable_token")] == [False, True]

    reading, interface = await read(routes({"errcode": code, "errmsg": "invalid credential"}))
    assert not reading.source_ok
    assert len(interface.to(STATISTICS)) == 2


@in_loop
async def test_a_busy_system_is_asked_again():
    busy = []

    def twice(asked: Asked) -> dict:
        busy.append(asked)
        return {"errcode": -1, "errmsg": "system error"} if len(busy) < 3 else statistics("2026-11-23")(asked)

    reading, _ = await read(routes(twice))
    assert reading.source_ok


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (40013, "请主办单位"),
        (40125, "请主办单位"),
        (40164, "IP 白名单"),
        (40243, "冻结"),
        (45009, "次日"),
        (47009, "已下线"),
        (48001, "改用其他采集方式"),
        (48004, "请主办单位核实账号"),
        (50002, "冻结"),
        (99999, "made up"),
    ],
)
@in_loop
async def test_a_refusal_is_told_with_whose_turn_it_is_and_is_no_silence(code, words):
    refusal = {"errcode": code, "errmsg": "made up"}
    for given in (routes(refusal), routes(token_reply=refusal)):
        reading, interface = await read(given)
        assert (reading.source_ok, reading.covered_from) == (False, None)
        assert words in reading.error
        assert f"{code}" in reading.error
        assert len(interface.to(STATISTICS)) <= 1


@pytest.mark.parametrize(
    "reply",
    [(502, b"bad gateway"), b"<html></html>", b"", [], {"list": None, "is_delay": False}, {"is_delay": False},
     {"list": [], "is_delay": None}, {"list": [{"ref_date": "2020-01-01"}], "is_delay": False}, (302, b"")],
    ids=str,
)  # fmt: skip
@in_loop
async def test_an_answer_of_another_shape_is_no_silence(reply):
    reading, _ = await read(routes(reply))
    assert (reading.source_ok, reading.covered_from, reading.latest_at) == (False, None, None)
    assert reading.error


@pytest.mark.parametrize("reply", [(500, b""), {"errcode": 48001, "errmsg": "x"}, {"item": None}])
@in_loop
async def test_where_the_list_cannot_be_read_empty_statistics_prove_nothing(reply):
    reading, _ = await read(routes(statistics(), reply))
    assert (reading.source_ok, reading.covered_from) == (False, None)


@in_loop
async def test_a_deleted_free_publication_is_none():
    listed = published(1795163400)
    listed["item"][0]["content"]["news_item"][0]["is_deleted"] = True
    reading, _ = await read(routes(statistics(), listed))
    assert reading.latest_at is None
    assert reading.doubt


@in_loop
async def test_without_a_secret_nobody_is_asked():
    reading, interface = await read(routes(), secrets={})
    assert "密钥文件" in reading.error
    assert interface.asked == []


@in_loop
async def test_no_secret_is_left_in_what_is_kept():
    refusal = {"errcode": 40164, "errmsg": f"invalid ip, appid {APPID} secret {SECRET} token {TOKEN}"}
    reading, _ = await read(routes({"errcode": 77777, "errmsg": refusal["errmsg"]}))
    assert "***" in reading.error
    for secret in (APPID, SECRET, TOKEN):
        assert secret not in repr(reading)


def test_the_clock_of_these_tests_is_the_24th():
    assert NOW.date() == date(2026, 11, 24)
