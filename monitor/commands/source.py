"""Feed sources and who answers for them: source confirm, revoke, list."""

from __future__ import annotations

import getpass
from typing import Annotated

import typer

from monitor.commands.context import FormatOption, app_of
from monitor.errors import UsageError
from monitor.facts import plain
from monitor.output import Format, print_records, stdout
from monitor.sources.confirming import SourceEvent, origin_of

cli = typer.Typer(help="订阅来源：谁评估并确认了它，它是否正常。", no_args_is_help=True)

OriginArgument = Annotated[str, typer.Argument(metavar="来源", help="例如 http://rsshub.example:1200")]
WhoOption = Annotated[str | None, typer.Option("--who", help="确认人，默认为当前系统用户")]

COLUMNS = {
    "origin": "来源",
    "confirmed": "已确认",
    "who": "确认人",
    "at": "时间",
    "note": "说明",
    "accounts": "账号数",
    "canary": "哨兵账号",
    "status_url": "同步状态",
}


def register(parent: typer.Typer) -> None:
    parent.add_typer(cli, name="source")


@cli.command("confirm")
def confirm_command(
    context: typer.Context,
    origin: OriginArgument,
    who: WhoOption = None,
    note: Annotated[str, typer.Option("--note", help="评估的依据，例如 法制科意见文号")] = "",
    canary: Annotated[str, typer.Option("--canary", metavar="URL", help="哨兵账号的订阅地址：已知每日发布的账号")] = "",
    status_url: Annotated[
        str, typer.Option("--status-url", metavar="URL", help="来源自己的同步状态（wewe-rss 的 /feeds）")
    ] = "",
) -> None:
    """确认一个订阅来源：记下确认人，可另设哨兵账号和同步状态地址。"""
    found = _origin(origin)
    for url in (canary, status_url):
        if url and origin_of(url) != found:
            raise UsageError(f"{url} 不在来源 {found} 上")
    with app_of(context) as app:
        event = SourceEvent(
            origin=found,
            confirmed=True,
            who=who or getpass.getuser(),
            at=app.clock.now(),
            note=note,
            canary=canary,
            status_url=status_url,
        )
        app.store.add_source_events([event])
    stdout.print(f"{found} 由 {event.who} 确认", markup=False, soft_wrap=True)


@cli.command("revoke")
def revoke_command(
    context: typer.Context,
    origin: OriginArgument,
    who: WhoOption = None,
    note: Annotated[str, typer.Option("--note", help="原因")] = "",
) -> None:
    """撤回对一个订阅来源的确认：其后不再访问它。"""
    found, who = _origin(origin), who or getpass.getuser()
    with app_of(context) as app:
        event = SourceEvent(origin=found, confirmed=False, who=who, at=app.clock.now(), note=note)
        app.store.add_source_events([event])
    stdout.print(f"{found} 的确认已由 {who} 撤回", markup=False, soft_wrap=True)


@cli.command("list")
def list_command(context: typer.Context, format: FormatOption = Format.TABLE) -> None:
    """列出台账用到的订阅来源和对它们的确认。"""
    with app_of(context) as app:
        latest = {event.origin: event for event in app.store.source_events()}
        origins = [origin_of(account.feed_url) for account in app.store.accounts() if account.feed_url]
    records = []
    for origin in dict.fromkeys([*latest, *origins]):
        event = latest.get(origin)
        records.append(
            {
                "origin": origin,
                "confirmed": bool(event and event.confirmed),
                "who": event.who if event else "",
                "at": plain(event.at) if event else "",
                "note": event.note if event else "",
                "accounts": origins.count(origin),
                "canary": event.canary if event else "",
                "status_url": event.status_url if event else "",
            }
        )
    print_records(records, COLUMNS, format=format, fields=tuple(COLUMNS), title="订阅来源")


def _origin(text: str) -> str:
    found = origin_of(text)
    if not found:
        raise UsageError(f"“{text}”不是来源的写法，应写作 http://主机:端口")
    return found
