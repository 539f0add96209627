"""The presets of the declarative adapter, in the shapes of accounts.md §4.2–4.6, good and bad."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import pytest

from checks import Account, DateBasis, Platform
from monitor.sources.presets import presets
from tests.net.web import in_loop
from tests.probes.interfaces import Asked, asking
from tests.probes.kits import look

POSTED = 1795163400
AT = datetime.fromtimestamp(POSTED, UTC)


@dataclass(frozen=True)
class Case:
    """One preset: where it asks, what it is answered, what that means."""

    preset: str
    platform: Platform
    host: str
    path: str
    good: Any
    empty: Any
    refused: Any
    refusal: str
    secrets: dict = field(default_factory=lambda: {"access_token": "act.made-up"})


def douyin(*items: dict, **more: Any) -> dict:
    return {
        "data": {"error_code": 0, "description": "", "cursor": 1, "has_more": False, "list": list(items), **more},
        "extra": {"error_code": 0, "logid": "1", "now": 1795300000000},
    }


def video(at: int, *, status: int = 5, top: bool = False) -> dict:
    return {
        "item_id": f"@{at}", "title": "冬季供暖提示", "create_time": at, "is_top": top, "media_type": 4,
        "video_status": status, "share_url": f"https://www.iesdouyin.com/share/video/{at}/",
    }  # fmt: skip


def kuaishou(*items: dict) -> dict:
    return {"result": 1, "video_list": list(items)}


def bilibili(*items: dict) -> dict:
    return {"code": 0, "message": "0", "ttl": 1, "data": {"page": {"pn": 1, "ps": 20, "total": 9}, "list": list(items)}}


def archive(at: int, *, state: int = 0) -> dict:
    return {
        "resource_id": "BV1madeup001", "title": "供暖政策解读", "ctime": at - 3000, "ptime": at,
        "video_info": {"share_url": "https://www.bilibili.com/video/BV1madeup001"},
        "addit_info": {"state": state, "state_desc": "开放浏览"},
    }  # fmt: skip


def weibo(*days: str) -> dict:
    return {
        "statuses": [
            {"created_at": day, "id": 5, "idstr": "5200000000000001", "text": "【冬季供暖】……", "user": {"id": 1}}
            for day in days
        ],
        "total_number": len(days),
    }


FRIDAY = "Fri Nov 20 16:30:00 +0800 2026"

CASES = [
    Case(
        "douyin_open", Platform.DOUYIN, "open.douyin.com", "/api/douyin/v1/video/video_list/",
        good=douyin(video(1700000000, top=True), video(POSTED), video(POSTED + 9999, status=7)),
        empty=douyin(),
        refused={"data": {"error_code": 28001008, "description": "expired"}}, refusal="授权已过期",
        secrets={"access_token": "act.made-up", "open_id": "open-1"},
    ),
    Case(
        "kuaishou_open", Platform.KUAISHOU, "open.kuaishou.com", "/openapi/photo/list",
        good=kuaishou(
            {"photo_id": "3x1", "caption": "供暖提示", "create_time": POSTED * 1000, "pending": False},
            {"photo_id": "3x2", "caption": "审核中", "create_time": (POSTED + 9999) * 1000, "pending": True},
        ),
        empty=kuaishou(),
        refused={"result": 100100402, "error_msg": "too often"}, refusal="过于频繁",
        secrets={"access_token": "made-up", "app_id": "ks1"},
    ),
    Case(
        "bilibili_open", Platform.BILIBILI, "member.bilibili.com", "/arcopen/fn/archive/viewlist",
        good=bilibili(archive(POSTED), archive(POSTED + 9999, state=-30)),
        empty=bilibili(),
        refused={"code": -101, "message": "账号未登录"}, refusal="-101",
        secrets={"access_token": "made-up", "access_key_id": "key", "access_key_secret": "made-up-secret"},
    ),
    Case(
        "weibo_open", Platform.WEIBO, "api.weibo.com", "/2/statuses/user_timeline.json",
        good=weibo("Mon Jan 05 09:00:00 +0800 2026", FRIDAY),
        empty=weibo(),
        refused={"error": "request uid's value must be the current user", "error_code": 21335, "request": "/2/x"},
        refusal="不是本账号",
    ),
    Case(
        "weibo_biz", Platform.WEIBO, "c.api.weibo.com", "/2/statuses/user_timeline/other.json",
        good=weibo(FRIDAY),
        empty=weibo(),
        refused={"error": "x", "error_code": 10023}, refusal="过于频繁",
    ),
]  # fmt: skip


def account(case: Case) -> Account:
    return Account(
        platform=case.platform, name="某县发布", account_id="1000000001", sponsor="某县委宣传部", source=case.preset
    )


async def read(case: Case, reply: Any, *, secrets: dict | None = None):
    given = {case.preset: case.secrets if secrets is None else secrets}
    async with asking({case.path: reply}, case.host, secrets=given) as (kit, interface):
        [reading] = await look("account.source", account(case), kit)
    return reading, interface


each = pytest.mark.parametrize("case", CASES, ids=lambda case: case.preset)


@each
@in_loop
async def test_the_latest_publication_is_read_in_whatever_place_unit_and_state_it_stands(case):
    reading, interface = await read(case, case.good)
    assert (reading.source_ok, reading.error) == (True, "")
    assert (reading.latest_at, reading.basis, reading.precision) == (AT, DateBasis.API, "second")
    assert reading.adapter == case.preset
    assert reading.items_undated == 0
    assert len(interface.asked) == 1


@each
@in_loop
async def test_a_refusal_inside_http_200_is_told_and_is_no_silence(case):
    reading, _ = await read(case, case.refused)
    assert (reading.source_ok, reading.latest_at, reading.covered_from) == (False, None, None)
    assert case.refusal in reading.error
    assert "请监测单位" in reading.error


@each
@in_loop
async def test_an_empty_list_proves_silence_only_where_the_interface_has_a_window(case):
    reading, _ = await read(case, case.empty)
    if case.preset == "weibo_biz":
        assert (reading.source_ok, reading.covered_from) == (True, date(2026, 11, 9))
    else:
        assert (reading.source_ok, reading.covered_from) == (False, None)


@each
@pytest.mark.parametrize(
    "reply", [(500, b"oops"), b"<html>login</html>", b"", [], {}, {"ok": -100}, (302, b""), (403, {"x": 1})], ids=str
)
@in_loop
async def test_an_answer_of_another_shape_is_no_silence(case, reply):
    reading, _ = await read(case, reply)
    assert (reading.source_ok, reading.latest_at, reading.covered_from) == (False, None, None)
    assert reading.error


@each
@in_loop
async def test_without_its_secrets_an_interface_is_not_asked(case):
    reading, interface = await read(case, case.good, secrets={})
    assert "缺少" in reading.error
    assert all(name in reading.error for name in presets()[case.preset].needs)
    assert interface.asked == []


@each
@in_loop
async def test_no_secret_is_left_in_what_is_kept(case):
    leak = "；".join(case.secrets.values())
    for reply in (case.refused | {"error_msg": leak}, (500, leak.encode())):
        reading, _ = await read(case, reply)
        assert not any(value in repr(reading) for value in case.secrets.values() if len(value) > 4)


def test_every_preset_has_a_case_here_and_names_its_source():
    assert {case.preset for case in CASES} | {"baijiahao_open"} == set(presets())
    assert all(preset.document.startswith("accounts.md") for preset in presets().values())


def test_no_preset_asks_a_web_page_or_forges_anything():
    hosts = {preset.url.split("/")[2] for preset in presets().values()}
    assert not hosts & {"m.weibo.cn", "www.toutiao.com", "www.douyin.com", "miao.baidu.com", "api.bilibili.com"}
    assert all("cookie" not in {h.lower() for h in preset.headers} for preset in presets().values())


@in_loop
async def test_where_all_of_a_page_is_private_the_next_is_asked_for():
    case = CASES[0]

    def pages(asked: Asked) -> dict:
        if asked.query["cursor"] == "0":
            return douyin(video(POSTED, status=7), has_more=True, cursor=1795163400000)
        assert asked.query["cursor"] == "1795163400000"
        return douyin(video(1790000000))

    reading, interface = await read(case, pages)
    assert reading.latest_at == datetime.fromtimestamp(1790000000, UTC)
    assert len(interface.asked) == 2
    assert interface.asked[0].headers["access-token"] == "act.made-up"


@in_loop
async def test_a_list_without_end_of_private_items_is_no_silence():
    reading, interface = await read(CASES[0], douyin(video(POSTED, status=7), has_more=True, cursor=5))
    assert (reading.source_ok, len(interface.asked)) == (False, 5)


@in_loop
async def test_an_item_without_a_usable_time_takes_away_the_proof():
    broken = video(POSTED) | {"create_time": "soon"}
    reading, _ = await read(CASES[0], douyin(video(1790000000), broken))
    assert (reading.items_undated, reading.covered_from) == (1, None)


@in_loop
async def test_bilibili_is_signed_with_the_key_that_it_gave():
    import hashlib
    import hmac

    reading, interface = await read(CASES[2], CASES[2].good)
    [asked] = interface.asked
    signed = {name: value for name, value in asked.headers.items() if name.startswith("x-bili-")}
    text = "\n".join(f"{name}:{value}" for name, value in sorted(signed.items()))
    assert asked.headers["authorization"] == hmac.new(b"made-up-secret", text.encode(), hashlib.sha256).hexdigest()
    assert "不含专栏和动态" in reading.doubt


BAIJIAHAO = "/builderinner/open/resource/query/articleListall"


async def read_baijiahao(reply):
    subject = Account(
        platform=Platform.BAIJIAHAO, name="某县发布", account_id="1600", sponsor="某县委宣传部", source="baijiahao_open"
    )
    secrets = {"baijiahao_open": {"app_id": "1600000000000001", "app_token": "made-up-token"}}
    async with asking({BAIJIAHAO: reply}, "baijiahao.baidu.com", secrets=secrets) as (kit, interface):
        [reading] = await look("account.source", subject, kit)
    return reading, interface


@pytest.mark.parametrize("keyed", [False, True])
@in_loop
async def test_baijiahao_is_asked_window_by_window_because_its_items_tell_no_date(keyed):
    item = {"nid": "news_1", "article_id": "184", "title": "供暖提示", "status": "publish"}

    def reply(asked: Asked) -> dict:
        found = [item] if asked.body["start_time"] <= "2026-11-16" else []
        items = {str(n): each for n, each in enumerate(found)} if keyed else found
        return {"errno": 0, "errmsg": "成功", "data": {"items": items, "page": {"total_count": len(found)}}}

    reading, interface = await read_baijiahao(reply)
    assert [asked.body["start_time"] for asked in interface.asked] == ["2026-11-23", "2026-11-21", "2026-11-15"]
    assert interface.asked[0].body["end_time"] == "2026-11-24"
    assert (reading.source_ok, reading.latest_at.date(), reading.precision) == (True, date(2026, 11, 15), "day")
    assert reading.raw_date == "2026-11-15 至 2026-11-24 之间"


@pytest.mark.parametrize(
    "reply", [{"errno": 0, "data": {"items": []}}, {"errno": 301001, "errmsg": "无有效数据"}, {"errno": 10002}]
)
@in_loop
async def test_empty_windows_of_baijiahao_prove_nothing(reply):
    reading, _ = await read_baijiahao(reply)
    assert (reading.source_ok, reading.covered_from) == (False, None)
