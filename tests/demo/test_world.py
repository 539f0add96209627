"""The district as a whole: its feeds, names and registry, and how it starts and stops."""

from __future__ import annotations

import asyncio
import csv
import re
from collections import Counter
from datetime import timedelta
from urllib.parse import urlsplit

import dns.asyncquery
import dns.message
import dns.rcode
import httpx
import pytest

from checks import ColumnCategory, Ref
from monitor.clock import FixedClock
from monitor.demo.accounts import ACCOUNTS
from monitor.demo.district import SITES
from monitor.demo.publishing import CHINA
from monitor.demo.world import World
from monitor.settings import split_nameserver

PORTAL, DEVELOPMENT, EDUCATION, POLICE, AGRICULTURE, HEALTH, CULTURE, HOUSING, STATISTICS = (s.code for s in SITES)


def needs_ipv6(world: World) -> None:
    if not world.ipv6:
        pytest.skip("this machine has no IPv6 loopback")


def test_feeds_tell_their_newest_post_and_fail_as_planned(visiting, tmp_path, end):
    async def look(visit):
        *_, accounts = visit.world.registry_files(tmp_path)
        with accounts.open(encoding="utf-8-sig", newline="") as file:
            feeds = {row["账号ID"]: row["订阅地址"] for row in csv.DictReader(file)}
        answers = {}
        for account, url in feeds.items():
            if url:
                parts = urlsplit(url)
                assert parts.hostname == "feeds.qinghe.test"
                answers[account] = await visit.client.get(f"http://127.0.1.30:{parts.port}{parts.path}")
        assert len(answers) == sum(a.form is not None for a in ACCOUNTS) == 16
        assert answers["99000004"].status_code == 502
        assert answers["99000000000012"].text.startswith("<html>")
        assert "<item>" not in answers["qhny519921"].text
        undated = answers["qhga519921"].text
        assert "<item>" in undated
        assert "<pubDate>" not in undated
        three_days_ago = (end.astimezone(CHINA) - timedelta(days=3)).date()
        chinese = f"<pubDate>{three_days_ago.year}年{three_days_ago.month}月{three_days_ago.day}日 08:"
        assert chinese in answers["gh_qinghe000004"].text
        assert re.search(r"<pubDate>\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:00 CST</pubDate>", answers["9900000010"].text)
        assert answers["qhrm519921"].json()["items"][0]["date_published"].startswith(str(three_days_ago))
        pinned = re.findall(r"<guid[^>]*>(\d+)<", answers["9900000008"].text)
        assert int(pinned[0]) < int(pinned[1])
        assert "<published>" in answers["9900000001"].text

    visiting(look)


def test_the_dns_server_knows_the_hosts_of_the_plan(visiting):
    async def look(visit):
        address, port = split_nameserver(visit.world.nameserver)

        async def ask(name: str, rdtype: str) -> dns.message.Message:
            return await dns.asyncquery.udp(dns.message.make_query(name, rdtype), address, port=port, timeout=5)

        for site in SITES:
            four = await ask(site.host, "A")
            assert f"127.0.1.{site.seat}" in four.answer[-1].to_text()
        assert "CNAME" in (await ask("www.qinghe.test", "AAAA")).answer[0].to_text()
        assert (await ask("nyj.qinghe.test", "AAAA")).answer == []
        assert "::1" in (await ask("wjj.qinghe.test", "AAAA")).answer[0].to_text()
        assert (await ask("www.qinghe-jk.test", "A")).rcode() == dns.rcode.NXDOMAIN
        assert (await ask("servfail.qinghe.test", "A")).rcode() == dns.rcode.SERVFAIL

    visiting(look)


def test_the_reference_targets_answer_over_both_families(visiting):
    async def look(visit):
        needs_ipv6(visit.world)
        settings = visit.world.settings("sqlite:///demo.db")
        for url in (*settings.vantage.ipv4, *settings.vantage.ipv6):
            assert (await visit.client.get(url)).status_code == 200
        assert settings.network.nameservers == (visit.world.nameserver,)
        assert settings.network.host_interval == 0

    visiting(look)


def test_the_registry_lists_the_whole_district(visiting, tmp_path, end):
    async def look(visit):
        files = visit.world.registry_files(tmp_path)
        texts = [
            f.read_bytes().decode(e) for f, e in zip(files, ("utf-8-sig", "gb18030", "utf-8", "utf-8-sig"), strict=True)
        ]
        units, sites, columns, accounts = (list(csv.DictReader(text.splitlines())) for text in texts)
        assert (len(units), len(sites), len(accounts)) == (9, 9, 20)
        assert 40 <= len(columns) <= 50
        assert {row["主办单位"] for row in (*sites, *accounts)} == {row["单位名称"] for row in units}
        assert {row["类别"] for row in columns} <= set(ColumnCategory)
        suspended = [row for row in sites if row["状态"] == "临时下线"]
        assert [row["标识码"] for row in suspended] == [STATISTICS]
        assert suspended[0]["临时下线至"] == str((end.astimezone(CHINA) + timedelta(days=30)).date())

    visiting(look)


def test_two_worlds_differ_in_their_ports_only(tmp_path, end):
    async def registry(name: str) -> list[bytes]:
        folder = tmp_path / name
        folder.mkdir()
        async with World(FixedClock(end)) as world:
            files = world.registry_files(folder)
            return [re.sub(rb":\d{4,5}/", b"/", file.read_bytes()) for file in files]

    async def main() -> None:
        assert await registry("one") == await registry("two")

    asyncio.run(main())


def test_a_world_without_ipv6_answers_over_ipv4_only(end):
    async def main() -> None:
        async with World(FixedClock(end), ipv6=False) as world, httpx.AsyncClient(trust_env=False) as client:
            vantage = world.settings("sqlite:///demo.db").vantage
            assert (await client.get(vantage.ipv4[0])).status_code == 200
            for url in (*vantage.ipv6, *(f"http://[::1]:{urlsplit(home).port}/" for home in world.addresses.values())):
                with pytest.raises(httpx.ConnectError):
                    await client.get(url)
            ruled = [planted for planted in world.planted if planted.check == "site.ipv6"]
            assert len(ruled) >= 5
            assert {(planted.status, planted.severity) for planted in ruled} == {("untested", None)}

    asyncio.run(main())


def test_two_worlds_run_side_by_side(visiting):
    async def look(visit):
        async with World(visit.clock) as other:
            assert set(other.addresses.values()).isdisjoint(visit.world.addresses.values())
        assert (await visit.get(PORTAL)).status_code == 200

    visiting(look)


def test_a_stopped_world_answers_nobody(end):
    async def main() -> list[str]:
        async with World(FixedClock(end)) as world:
            return list(world.addresses.values())

    ports = [urlsplit(url).port for url in asyncio.run(main())]
    for site, port in zip(SITES, ports, strict=True):
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"http://127.0.1.{site.seat}:{port}/", trust_env=False)


def test_planted_things_name_subjects_of_the_district(visiting):
    async def look(visit):
        columns = {f"column:{s.code}/{c.name}" for s in SITES for c in s.columns}
        accounts = {f"account:{a.platform}:{a.account_id}" for a in ACCOUNTS}
        known = columns | accounts | {f"site:{s.code}" for s in SITES}
        for planted in visit.world.planted:
            assert str(Ref.parse(planted.subject)) in known
        assert accounts <= {planted.subject for planted in visit.world.planted}
        identities = [(p.check, p.subject, p.key) for p in visit.world.planted]
        assert len(identities) == len(set(identities))
        assert visit.world.unqualified <= known

    visiting(look)


def test_the_housing_bureau_alone_reaches_five_stale_columns(visiting):
    async def look(visit):
        stale = Counter(
            p.subject.partition("/")[0]
            for p in visit.world.planted
            if (p.check, p.status) == ("column.stale", "failed")
        )
        assert stale.pop(f"column:{HOUSING}") >= 5
        assert max(stale.values()) < 5

    visiting(look)
