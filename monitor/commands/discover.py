"""discover: the column inventory of a site, proposed as a registry file to confirm."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from checks import Site
from monitor.app import App
from monitor.commands.context import app_of
from monitor.discovering import MOST_PAGES, Discovery, discover
from monitor.errors import NoNetwork, OperationError, UsageError
from monitor.net import Net
from monitor.output import stderr
from monitor.registry.export import BOM, export_csv
from monitor.registry.headers import Kind
from monitor.resolver import Resolver
from monitor.vantage import online_families


def register(cli: typer.Typer) -> None:
    cli.command("discover")(discover_command)


def discover_command(
    context: typer.Context,
    site: Annotated[str, typer.Argument(metavar="SITE", help="网址，或台账中的网站标识码")],
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="写入文件；不给则写到标准输出")] = None,
    pages: Annotated[int, typer.Option("--pages", min=1, max=1000, help="最多看多少个页面")] = MOST_PAGES,
) -> None:
    """发现一个网站的栏目，写成可导入的 CSV，待人确认：每个栏目附类别及理由（“发现说明”一列，导入时不读）。"""
    with app_of(context) as app:
        url, site_id = _address(app, site)
        found = asyncio.run(_discover(app, url, site_id, pages))
    for remark in found.remarks:
        stderr.print(f"说明：{remark}", markup=False, soft_wrap=True)
    table = export_csv(Kind.COLUMNS, [p.column for p in found.proposals], remarks=[p.note for p in found.proposals])
    if out is None:
        print(table.removeprefix(BOM), end="")  # noqa: T201
    else:
        try:
            out.write_text(table, encoding="utf-8", newline="")
        except OSError as error:
            raise OperationError(f"无法写入 {out}：{error.strerror}") from None
    stderr.print(f"提出 {len(found.proposals)} 个栏目，请核对类别、级别和更新期限后导入", markup=False, soft_wrap=True)


def _address(app: App, site: str) -> tuple[str, str]:
    """The home page and the id of a site that is given by either."""
    sites = [subject for subject in app.store.subjects() if isinstance(subject, Site)]
    if site.lower().startswith(("http://", "https://")):
        return site, next((s.id for s in sites if s.url.rstrip("/") == site.rstrip("/")), "")
    known = next((s for s in sites if s.id == site), None)
    if known is None:
        raise UsageError(f"“{site}”不是网址（应以 http:// 或 https:// 开头），台账中也没有这个网站标识码")
    return known.url, known.id


async def _discover(app: App, url: str, site_id: str, pages: int) -> Discovery:
    resolver = Resolver(app.settings.network.nameservers)
    async with Net(app.settings.network, resolver) as net:
        if not await online_families(net, app.settings.vantage):
            raise NoNetwork("监测点离线：IPv4 和 IPv6 均不可用。请检查本机网络和 [vantage] 设置")
        with stderr.status("正在看首页……") as status:
            return await discover(
                url,
                net,
                now=app.clock.now(),
                site_id=site_id,
                most_pages=pages,
                looked=lambda name: status.update(f"正在看：{name}"),
            )
