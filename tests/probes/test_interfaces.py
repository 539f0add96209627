"""Columns whose rows come from an interface, against servers on loopback that answer as these do."""

from __future__ import annotations

import json
from datetime import date

import pytest

from checks import Outcome
from tests.net.web import answer, in_loop, serving
from tests.probes.kits import column, kit, look
from tests.probes.test_sites import ROWS, art, news

HEX = "0123456789abcdef0123456789abcdef"
LIST = "<ul>" + "".join(f"<li><a href='{url}'>{title}</a><span>{day}</span></li>" for title, url, day in ROWS) + "</ul>"
RECORDS = [{"title": title, "url": url, "publishedTimeStr": f"{day} 10:00:00"} for title, url, day in ROWS]


def shell(*, inside: str) -> bytes:
    return answer(f"<html><body><div id='list'></div>{inside}</body></html>")


def jpaas() -> tuple[bytes, str, str]:
    unit = "/api-gateway/jpaas-publish-server/front/page/build/unit"
    query = "{'webId':'7','pageId':'9','parseType':'bulidstatic','tagId':'列表','tplSetId':'5'}"
    page = shell(inside=f'<div url="{unit}" queryData="{query}"></div>')
    return page, unit, json.dumps({"data": {"html": LIST + "<div class='pagination' count='322'></div>"}})


def ucap() -> tuple[bytes, str, str]:
    page = shell(inside=f"<script>load('/common/search/{HEX}?_isAgg=true')</script>")
    return page, f"/common/search/{HEX}", json.dumps({"data": {"total": 20, "results": RECORDS}})


def hanweb() -> tuple[bytes, str, str]:
    proxy = "/module/web/jpage/dataproxy.jsp"
    island = (
        f"<datastore><nextgroup><![CDATA[<a href='{proxy}?page=1&appid=1&unitid=4'></a>]]></nextgroup>"
        "<totalrecord>20</totalrecord><recordset>{}</recordset></datastore>"
    )
    records = "".join(f"<record><![CDATA[<li><a href='{u}'>{t}</a><b>{d}</b></li>]]></record>" for t, u, d in ROWS)
    return shell(inside=f"<script type='text/xml'>{island.format('')}</script>"), proxy, island.format(records)


SHAPES = [jpaas, ucap, hanweb]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
@in_loop
async def test_the_interface_is_asked_in_the_name_of_the_page(shape):
    page, path, reply = shape()
    asked = []

    def interface(request):
        asked.append(request)
        return answer(reply) if request.headers.get("referer") else answer("x", status=403)

    async with serving({"/tzgg/": page, path: interface}) as server, kit() as k:
        (reading,) = await look("column.list", column(server.url("/tzgg/")), k)
        assert [request.headers["referer"] for request in asked] == [server.url("/tzgg/")]
    assert (reading.readable, reading.rows) == (True, 20)
    assert reading.newest.published == date(2026, 11, 20)
    assert reading.newest.url.endswith(art(20))


@pytest.mark.parametrize("reply", [answer("x", status=403), answer(""), answer("<html>" + " " * 300 + "</html>")])
@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
@in_loop
async def test_an_interface_that_does_not_answer_makes_the_list_unreadable_and_not_empty(shape, reply):
    page, path, _ = shape()
    async with serving({"/tzgg/": page, path: reply}) as server, kit() as k:
        (reading,) = await look("column.list", column(server.url("/tzgg/")), k)
    assert (reading.outcome, reading.readable, reading.says_empty) == (Outcome.OK, False, False)
    assert "载入" in reading.reason


@in_loop
async def test_a_gkmlpt_column_is_asked_for_by_its_number():
    config = "<script>window._CONFIG={SID:'s1',TREE:[{id:12,name:'通知公告'}]}</script>"
    posts = [
        {"id": n, "title": title, "date": 1795449600 - 86400 * n, "url": url}  # 2026-11-24 in China
        for n, (title, url, _) in enumerate(ROWS)
    ]
    reply = json.dumps({"classify": {"id": 12, "post_count": 20}, "articles": posts})
    routes = {"/gkmlpt/index": shell(inside=config), "/gkmlpt/api/all/12": answer(reply)}
    async with serving(routes) as server, kit() as k:
        (reading,) = await look("column.list", column(server.url("/gkmlpt/index#12")), k)
        assert "/gkmlpt/api/all/12?page=1&sid=s1" in server.paths()
    assert (reading.readable, reading.rows, reading.newest.published) == (True, 20, date(2026, 11, 24))


@in_loop
async def test_the_last_page_of_a_list_with_its_oldest_first_is_read():
    older = news(*((title, f"/o{url}", f"2020-01-{n:02}") for n, (title, url, _) in enumerate(ROWS, start=1)))
    first = older.replace("</body>", '<script>createPageHTML(3, 0, "index", "html");</script></body>')
    async with serving({"/tzgg/": answer(first), "/tzgg/index_2.html": answer(news(*ROWS))}) as server, kit() as k:
        (reading,) = await look("column.list", column(server.url("/tzgg/")), k)
    assert (reading.newest.published, reading.unproven) == (date(2026, 11, 20), "")


@in_loop
async def test_a_last_page_that_is_missing_leaves_the_newest_unproven():
    older = news(*((title, f"/o{url}", f"2020-01-{n:02}") for n, (title, url, _) in enumerate(ROWS, start=1)))
    first = older.replace("</body>", '<script>createPageHTML(3, 0, "index", "html");</script></body>')
    async with serving({"/tzgg/": answer(first)}) as server, kit() as k:
        (reading,) = await look("column.list", column(server.url("/tzgg/")), k)
    assert reading.readable
    assert reading.unproven
