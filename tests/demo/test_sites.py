"""The district's websites do what their plans say, over both families, at each time of the story."""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import timedelta
from urllib.parse import quote, urljoin, urlsplit

import httpx
import pytest

from monitor.demo.district import SITES
from monitor.demo.plans import Shape
from monitor.demo.publishing import CHINA
from monitor.demo.story import schedule
from monitor.demo.world import World

PORTAL, DEVELOPMENT, EDUCATION, POLICE, AGRICULTURE, HEALTH, CULTURE, HOUSING, STATISTICS = (s.code for s in SITES)
DATE = re.compile(r"2\d{3}[-/]\d\d[-/]\d\d")


def rows(text: str) -> list[tuple[str, str]]:
    return re.findall(r'<li[^>]*>(?:<em>.*?</em>)?<a href="([^"]+)" title=.*?</a><span>([\d-]+)</span>', text)


def needs_ipv6(world: World) -> None:
    if not world.ipv6:
        pytest.skip("this machine has no IPv6 loopback")


def test_a_healthy_portal_answers_the_same_over_both_families(visiting):
    async def look(visit):
        needs_ipv6(visit.world)
        four, six = await visit.get(PORTAL), await visit.get(PORTAL, family=6)
        assert four.status_code == six.status_code == 200
        assert four.text == six.text
        assert "5199210001" in four.text

    visiting(look)


def test_a_page_shows_what_was_published_by_the_clock(visiting, end):
    async def look(visit):
        newest = [day for _, day in rows((await visit.get(EDUCATION)).text)]
        assert newest[0] == str((end.astimezone(CHINA) - timedelta(days=3)).date())
        visit.clock.set(end - timedelta(days=9))
        earlier = [day for _, day in rows((await visit.get(EDUCATION)).text)]
        assert earlier == newest[3:]

    visiting(look)


def test_an_article_is_missing_until_it_is_published(visiting, end):
    async def look(visit):
        path, day = rows((await visit.get(EDUCATION)).text)[0]
        there = await visit.get(EDUCATION, path)
        assert there.status_code == 200
        assert f"发布时间：{day}" in there.text
        visit.clock.set(end - timedelta(days=9))
        assert (await visit.get(EDUCATION, path)).status_code == 404

    visiting(look)


@pytest.mark.parametrize(
    "site", [s for s in SITES if not s.challenged and s.suspended_for is None], ids=lambda s: s.host
)
def test_every_column_stands_where_the_registry_says_and_is_as_old_as_planned(visiting, end, tmp_path, site):
    async def look(visit):
        _, _, columns, _ = visit.world.registry_files(tmp_path)
        with columns.open(encoding="utf-8", newline="") as file:
            addresses = {r["栏目名称"]: r["网址"] for r in csv.DictReader(file) if r["标识码"] == site.code}
        assert set(addresses) == {c.name for c in site.columns}
        for column in site.columns:
            answer = await visit.get(site.code, urlsplit(addresses[column.name]).path)
            assert answer.status_code == 200
            text = answer.content.decode("gb18030" if site.gbk else "utf-8")
            assert column.name in text
            if column.shape in (Shape.BULLETS, Shape.PINNED, Shape.TABLE, Shape.ISLAND):
                newest = max(found.replace("/", "-") for found in DATE.findall(text))
                assert newest == str((end.astimezone(CHINA) - timedelta(days=column.rhythm.newest)).date())
            elif column.shape is not Shape.BLOCKS:
                assert not DATE.findall(text)

    visiting(look)


def test_the_list_shapes_are_those_of_the_wild(visiting):
    async def look(visit):
        pinned = rows((await visit.get(PORTAL, "/qhyw/")).text)
        assert pinned[0][1] < pinned[1][1]
        island = (await visit.get(PORTAL, "/col/tzgg/index.html")).text
        assert "<record><![CDATA[<li>" in island
        assert '<div id="list"><ul></ul></div>' in island
        blocks = (await visit.get(PORTAL, "/xzdt/")).text
        assert re.search(r"<b>\d\d</b><i>\d{4}-\d\d</i>", blocks)
        assert "暂无内容" in (await visit.get(EDUCATION, "/jydd/")).text
        assert '<div id="app"></div>' in (await visit.get(AGRICULTURE, "/sjfb/")).content.decode("gb18030")

    visiting(look)


def test_an_undated_list_leads_to_dated_articles(visiting):
    async def look(visit):
        text = (await visit.get(AGRICULTURE, "/nsns/")).content.decode("gb18030")
        path = re.search(r'href="(/nsns/\d+/[^"]+)"', text).group(1)
        assert "发布时间：" in (await visit.get(AGRICULTURE, path)).content.decode("gb18030")

    visiting(look)


@pytest.mark.parametrize(("code", "failures"), [(DEVELOPMENT, 10), (EDUCATION, 5), (PORTAL, 0), (CULTURE, 0)])
def test_visits_fail_as_often_as_planned_over_each_family(visiting, end, code, failures):
    async def look(visit):
        families = (4, 6) if visit.world.ipv6 else (4,)
        for family in families:
            failed = Counter()
            for step in schedule(end):
                visit.clock.set(step.at)
                if "site.visit" not in step.probes:
                    assert (await visit.get(code, "/index.html", family=family)).status_code == 200
                    continue
                try:
                    answer = await visit.get(code, "/index.html", family=family)
                except (httpx.ReadError, httpx.RemoteProtocolError):
                    failed["reset"] += 1
                else:
                    failed["503"] += answer.status_code == 503
            assert failed.total() == failures
            assert (failed["reset"] > 0) == (failed["503"] > 0) == (failures > 0)

    visiting(look)


def test_a_challenged_site_answers_521_with_a_script_everywhere(visiting):
    async def look(visit):
        for path in ("/", "/jwdt/", "/anything"):
            answer = await visit.get(POLICE, path)
            assert answer.status_code == 521
            assert "__jsluid_h=" in answer.headers["set-cookie"]
            assert answer.text.startswith("<script>document.cookie=")

    visiting(look)


def test_a_suspended_site_answers_503(visiting):
    async def look(visit):
        assert (await visit.get(STATISTICS)).status_code == 503

    visiting(look)


def test_a_site_with_a_dead_aaaa_refuses_over_ipv6_only(visiting):
    async def look(visit):
        needs_ipv6(visit.world)
        assert (await visit.get(HEALTH)).status_code == 200
        with pytest.raises(httpx.ConnectError):
            await visit.get(HEALTH, family=6)

    visiting(look)


def test_the_gbk_site_names_its_charset_in_the_page_only(visiting):
    async def look(visit):
        answer = await visit.get(AGRICULTURE)
        assert answer.headers["content-type"] == "text/html"
        assert b'charset="gb2312"' in answer.content
        assert "青禾县农业农村局" in answer.content.decode("gb18030")

    visiting(look)


def test_entrances_lead_to_the_home_page(visiting):
    async def look(visit):
        assert (await visit.get(DEVELOPMENT)).headers["location"] == "/index.html"
        assert 'content="0; url=/index.html"' in (await visit.get(HOUSING)).text
        assert rows((await visit.get(HOUSING, "/index.html")).text)

    visiting(look)


def test_the_dead_links_are_dead(visiting):
    async def look(visit):
        assert (await visit.get(HEALTH, "/jgsz/jgzn.html")).status_code == 404
        assert (await visit.get(HEALTH, "/jkjy/cjwt.html")).status_code == 404
        assert (await visit.get(HEALTH, "/files/P020250318512.pdf")).status_code == 404
        soft = await visit.get(HEALTH, "/zt/aiwei.html")
        assert soft.status_code == 200
        assert "您访问的页面不存在" in soft.text
        assert (await visit.get(HEALTH, "/zt/never-was.html")).status_code == 404

    visiting(look)


def test_the_traps_lead_somewhere(visiting):
    async def look(visit):
        assert (await visit.get(PORTAL, "/fw/bszn.pdf", method="HEAD")).status_code == 405
        assert (await visit.get(PORTAL, "/fw/bszn.pdf")).content.startswith(b"%PDF")
        first = await visit.get(PORTAL, "/fw/wsbs.html")
        assert (first.status_code, first.headers["location"]) == (302, "/fw/wsbs.html")
        again = await visit.get(PORTAL, "/fw/wsbs.html", headers={"Cookie": "qhsession=1"})
        assert again.status_code == 200
        assert (await visit.get(AGRICULTURE, "/search?q=" + quote("春耕", encoding="gbk"))).status_code == 200
        assert (await visit.get(AGRICULTURE, "/search?q=" + quote("春耕"))).status_code == 404
        slow = await visit.get(PORTAL, "/fw/tjsj.html")
        assert slow.status_code == 200

    visiting(look)


def test_the_redirect_chain_ends_at_a_page(visiting):
    async def look(visit):
        home, path, hops = visit.world.addresses[PORTAL], "/fw/jdt.html", []
        while (answer := await visit.get(PORTAL, path)).is_redirect:
            hops.append(answer.headers["location"])
            target = urljoin(home + path.removeprefix("/"), hops[-1])
            assert urlsplit(target).netloc == urlsplit(home).netloc
            path = urlsplit(target).path
        assert answer.status_code == 200
        relative, same_scheme, absolute = hops
        assert relative == "jdt-2.html"
        assert same_scheme.startswith("//www.qinghe.test:")
        assert absolute.startswith("http://www.qinghe.test:")

    visiting(look)


def test_no_link_is_dead_but_the_planted_ones(visiting):
    async def look(visit):
        by_netloc = {urlsplit(url).netloc: code for code, url in visit.world.addresses.items()}
        planted_dead = {p.key for p in visit.world.planted if p.check == "site.dead_link" and p.status == "failed"}
        seen, queue, dead = set(), [urljoin(url, "/index.html") for url in visit.world.addresses.values()], set()
        while queue:
            url = queue.pop()
            parts = urlsplit(url)
            if url in seen:
                continue
            seen.add(url)
            if parts.netloc not in by_netloc:
                dead.add(url)
                continue
            code = by_netloc[parts.netloc]
            if code in (POLICE, STATISTICS):
                continue
            encoding = "gb18030" if code == AGRICULTURE else "utf-8"
            path = quote(url.partition(parts.netloc)[2], safe="/?=%", encoding=encoding)
            answer = await visit.get(code, path)
            text = answer.content.decode(encoding) if answer.headers["content-type"].startswith("text/html") else ""
            if answer.status_code == 404 or "<title>您访问的页面不存在" in text:
                dead.add(url)
                continue
            text = re.sub(r"<!--.*?-->|<script[^>]*>.*?</script>", "", text)
            for href in re.findall(r'(?:href|src)="([^"]+)"', text):
                if not href.startswith(("javascript:", "mailto:", "tel:", "#")):
                    queue.append(urljoin(url, href))
        assert dead == planted_dead
        assert len(seen) > 300

    visiting(look)
