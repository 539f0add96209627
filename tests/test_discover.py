"""`xuncha discover` on the demo's sites: the inventory that it proposes against the one that they were built from."""

from __future__ import annotations

import asyncio
import csv
import io
from datetime import UTC, datetime

import pytest

from checks import ColumnCategory
from monitor.cli import main
from monitor.clock import FixedClock
from monitor.demo.district import SITES
from monitor.demo.plans import SitePlan
from monitor.demo.world import World
from monitor.discovering import Discovery, discover
from monitor.errors import OperationError
from monitor.net import Net
from monitor.registry.export import export_csv
from monitor.registry.headers import Kind
from monitor.resolver import Resolver
from tests.net.web import answer, in_loop, serving, visiting
from tests.probes.kits import NOW

END = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
OPEN = [plan for plan in SITES if not plan.challenged and plan.suspended_for is None]


def discovered(plans: list[SitePlan], **options) -> dict[str, Discovery]:
    async def main() -> dict[str, Discovery]:
        clock = FixedClock(END)
        async with World(clock) as world:
            network = world.settings("sqlite:///unused.db").network
            async with Net(network, Resolver(network.nameservers)) as net:
                return {
                    plan.code: await discover(world.addresses[plan.code], net, now=END, **options) for plan in plans
                }

    return asyncio.run(main())


def test_the_columns_of_the_demo_are_found_with_nine_of_ten_categories_right():
    found = discovered(OPEN)
    planned = {(plan.code, c.name): c.category for plan in OPEN for c in plan.columns}
    proposed = {(p.column.site_id, p.column.name): p.column.category for d in found.values() for p in d.proposals}
    assert proposed.keys() == planned.keys()
    right = sum(proposed[column] is category for column, category in planned.items())
    assert right * 10 >= 9 * len(planned)
    assert all(p.column.top_level and "依据" in p.note for d in found.values() for p in d.proposals)


def test_a_bound_on_pages_is_kept_and_told():
    [portal] = [plan for plan in OPEN if len(plan.columns) > 3][:1]
    [found] = discovered([portal], most_pages=3).values()
    assert len(found.proposals) == 3
    assert any("上限 3" in remark for remark in found.remarks)


@pytest.mark.parametrize("plan", [plan for plan in SITES if plan.challenged], ids=lambda plan: plan.code)
def test_a_site_that_blocks_us_is_told_as_such(plan):
    with pytest.raises(OperationError, match="加速乐"):
        discovered([plan])


def html(body: str, **metas: str) -> bytes:
    head = "".join(f'<meta name="{name}" content="{value}">' for name, value in metas.items())
    return answer(f"<html><head>{head}</head><body>{body}</body></html>")


def menu(*names: str) -> str:
    return (
        "<ul class='nav'>" + "".join(f"<li><a href='/{n}/'>{name}</a></li>" for n, name in enumerate(names)) + "</ul>"
    )


ROW = "<li><a href='/a/c_{n}0001.html'>关于第{n}项工作的通知</a><i>2026-11-2{n}</i></li>"
ROWS = "<ul>" + "".join(ROW.format(n=n) for n in range(4)) + "</ul>"


async def found_at(routes: dict[str, bytes]) -> Discovery:
    async with serving(routes) as server, visiting({"site.example": ["127.0.0.1"]}) as net:
        return await discover(server.url("/"), net, now=NOW)


@in_loop
async def test_an_entrance_is_no_column_and_what_it_leads_to_is():
    blocks = "<h3><a href='/tz/'>通知公告</a></h3><h3><a href='/zc/'>政策文件</a></h3>"
    found = await found_at({"/": html(menu("政务公开")), "/0/": html(menu("政务公开") + blocks),
                            "/tz/": html(menu("政务公开") + ROWS), "/zc/": html("<p>暂无内容</p>")})  # fmt: skip
    assert [(p.column.name, p.column.category, p.column.top_level) for p in found.proposals] == [
        ("通知公告", ColumnCategory.NOTICES, False),
        ("政策文件", ColumnCategory.POLICY, False),
    ]
    assert "4 条，最新 2026-11-23" in found.proposals[0].note
    assert "现在没有信息" in found.proposals[1].note
    assert any("入口" in remark for remark in found.remarks)


@in_loop
async def test_what_does_not_open_is_told_and_what_cannot_be_read_is_proposed_with_the_reason():
    shell = html("<div id='app'></div><script src='/app.js'></script>")
    found = await found_at({"/": html(menu("工作动态", "通知公告"), SiteIDCode="5100000009"), "/1/": shell})
    [proposal] = found.proposals
    assert (proposal.column.site_id, proposal.column.name) == ("5100000009", "通知公告")
    assert "脚本" in proposal.note
    assert any("工作动态" in remark and "404" in remark for remark in found.remarks)


@in_loop
async def test_columns_of_one_name_are_told_apart_and_a_shared_one_is_proposed_once():
    body = menu("工作动态", "通知公告") + "<ul class='menu'><li><a href='/9/'>工作动态</a></li></ul>"
    found = await found_at({"/": html(body), "/0/": html(ROWS), "/1/": html(ROWS), "/9/": html(ROWS)})
    assert [p.column.name for p in found.proposals] == ["工作动态", "通知公告", "工作动态（2）"]
    assert any("标识码" in remark for remark in found.remarks)


def test_the_file_is_a_registry_file_with_remarks(tmp_path):
    from monitor.registry.reading import read_files

    [plan] = OPEN[:1]
    [found] = discovered([plan]).values()
    table = export_csv(Kind.COLUMNS, [p.column for p in found.proposals], remarks=[p.note for p in found.proposals])
    rows = list(csv.DictReader(io.StringIO(table.removeprefix("\ufeff"))))
    assert list(rows[0]) == ["标识码", "栏目名称", "网址", "类别", "一级栏目", "更新期限", "发现说明"]
    assert rows[0]["发现说明"].startswith("依据")
    path = tmp_path / "columns.csv"
    path.write_text(table, encoding="utf-8")
    registry = read_files([path], known_sites=[plan.code])
    assert list(registry.columns) == [p.column for p in found.proposals]
    assert any("发现说明" in note for note in registry.notes)


@pytest.fixture
def settings(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "settings.toml").write_text('[database]\nurl = "sqlite:///x.db"\n', encoding="utf-8")


def test_what_is_neither_an_address_nor_a_registered_site_is_wrong_usage(settings, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["discover", "5199999999"])
    assert ended.value.code == 2
    assert "5199999999" in capsys.readouterr().err


def test_a_site_that_does_not_open_fails_the_command_with_the_reason(settings, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["discover", "http://127.0.0.1:1/"])
    assert ended.value.code == 1
    assert "127.0.0.1" in capsys.readouterr().err
