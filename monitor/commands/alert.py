"""Alerts: send what is due, show what would be sent, try a channel, and look after the outbox."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from checks.core.notices import News
from monitor.alert_settings import Alerts
from monitor.alerting import alert, preview
from monitor.app import App
from monitor.commands.context import FormatOption, app_of
from monitor.errors import OperationError, UsageError
from monitor.facts import plain
from monitor.notify.channel import ChannelSettings
from monitor.notify.delivery import NotDelivered
from monitor.notify.sending import Sender, kind_of
from monitor.notify.wording import trial
from monitor.output import Format, print_records, stderr, stdout
from monitor.store.alarms import NoticeState
from monitor.store.notices import Notice
from monitor.troubles import own_troubles
from reports.wording import check_title

cli = typer.Typer(help="告警。", no_args_is_help=True)

ChannelOption = Annotated[str | None, typer.Option("--channel", metavar="通道", help="只管这个通道")]

_STATES = {
    NoticeState.WAITING: "待发",
    NoticeState.SENT: "已发",
    NoticeState.FAILED: "搁置",
    NoticeState.DROPPED: "不发",
}
_NEWS = {News.RAISED: "发现", News.REMINDED: "提醒", News.RECOVERED: "恢复"}


@cli.command("test")
def try_command(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="通道", help="settings.toml 里 [[alerts.channel]] 的 name")],
    to: Annotated[str, typer.Option("--to", metavar="邮箱", help="发给谁（电子邮件；默认为通道的 to）")] = "",
) -> None:
    """向一个通道发一条测试消息；发不出去则说明原因，退出状态为 1。"""
    with app_of(context) as app:
        channel = channel_named(app, name)
        now = app.clock.now()
        sender = Sender(app.folder)
        addressed = kind_of(channel).addressed
        recipients = ([to] if to else list(getattr(channel, "to", ())) or [""]) if addressed else [""]
        for recipient in recipients:
            try:
                asyncio.run(sender.send(channel, trial(name, at=now, recipient=recipient), now=now))
            except NotDelivered as error:
                kind = "改正后再试" if error.permanent else "可稍后再试"
                raise OperationError(f"通道“{name}”没有发出：{error}（{kind}）") from None
            stdout.print(f"通道“{name}”已发出{f'给 {recipient}' if recipient else ''}", markup=False, soft_wrap=True)


@cli.command("preview")
def preview_command(context: typer.Context, format: FormatOption = Format.TABLE) -> None:
    """显示此刻会发出的消息，不发送，也不记录。"""
    with app_of(context) as app:
        now = app.clock.now()
        alerts = rules_of(app)
        told = preview(app.store, alerts, now=now, troubles=own_troubles(app, now=now), label=app.settings.vantage.name)
    records = [
        {
            "channel": channel.name,
            "recipient": message.recipient,
            "at": plain(when),
            "title": message.title,
            "body": message.body,
        }
        for channel, when, message in told
    ]
    if format is not Format.TABLE:
        print_records(records, {}, format=format, fields=("channel", "recipient", "at", "title", "body"))
        return
    for one in records:
        whom = f" → {one['recipient']}" if one["recipient"] else ""
        stdout.rule(f"{one['channel']}{whom}，{one['at']}", align="left", characters="─")
        stdout.print(one["body"], markup=False, soft_wrap=True)
    stderr.print(f"共 {len(records)} 条消息" if records else "此刻没有要发的消息", markup=False)


@cli.command("send")
def send_command(context: typer.Context) -> None:
    """做一轮告警：算出该告知的，并发送到期的。"""
    with app_of(context) as app:
        alerts = rules_of(app)
        done = asyncio.run(
            alert(
                app.store,
                alerts,
                troubles=own_troubles(app, now=app.clock.now()),
                clock=app.clock,
                sender=Sender(app.folder),
                label=app.settings.vantage.name,
            )
        )
    news = "、".join(f"{_NEWS[each]} {done.news.get(each, 0)} 项" for each in News)
    stdout.print(f"{news}；发出 {done.sent} 条消息", markup=False, soft_wrap=True)
    for fault in done.faults:
        stderr.print(f"没有发出：{fault}", markup=False, soft_wrap=True)
    if done.put_aside:
        stderr.print(f"{done.put_aside} 条已搁置，改正后用 xuncha alert retry 重发", markup=False, soft_wrap=True)


@cli.command("list")
def list_command(
    context: typer.Context,
    state: Annotated[NoticeState | None, typer.Option(help="只看这种状态")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="最多列出几条（新的在前）")] = 100,
    format: FormatOption = Format.TABLE,
) -> None:
    """列出发件箱。"""
    with app_of(context) as app:
        notices = app.store.outbox.notices(states=[state] if state else list(NoticeState), limit=limit)
    records = [record(notice) for notice in notices]
    if format is Format.TABLE:
        records = [
            r | {"state": _STATES[NoticeState(str(r["state"]))], "news": _NEWS[News(str(r["news"]))]} for r in records
        ]
    print_records(
        records,
        {
            "state": "状态",
            "channel": "通道",
            "recipient": "收件人",
            "news": "事由",
            "name": "对象",
            "text": "内容",
            "not_before": "不早于",
            "attempts": "次数",
            "error": "未发原因",
        },
        format=format,
        fields=tuple(RECORD_FIELDS),
    )


@cli.command("retry")
def retry_command(context: typer.Context, channel: ChannelOption = None) -> None:
    """让搁置的消息重新待发。"""
    with app_of(context) as app:
        count = app.store.outbox.reopen(now=app.clock.now(), channel=channel)
    stdout.print(f"{count} 条重新待发", markup=False)


@cli.command("drop")
def drop_command(context: typer.Context, channel: ChannelOption = None) -> None:
    """不再发送搁置的消息；记录保留。"""
    with app_of(context) as app:
        count = app.store.outbox.drop(channel=channel)
    stdout.print(f"{count} 条不再发送", markup=False)


def channel_named(app: App, name: str) -> ChannelSettings:
    """A channel of the settings. Raises ``UsageError`` for a name that none has."""
    channels = {channel.name: channel for channel in app.settings.alerts.channel}
    if name not in channels:
        known = f"已设置的有：{'、'.join(channels)}" if channels else "settings.toml 里还没有 [[alerts.channel]]"
        raise UsageError(f"没有通道“{name}”。{known}")
    return channels[name]


def rules_of(app: App) -> Alerts:
    """The [alerts] of the settings. Raises ``UsageError`` where nobody is to be told of anything."""
    if not app.settings.alerts.rule:
        raise UsageError(
            "还没有告警规则。请在 settings.toml 里写上 [[alerts.channel]] 和 [[alerts.rule]]（其中有样例）"
        )
    return app.settings.alerts


RECORD_FIELDS = (
    "id",
    "state",
    "channel",
    "recipient",
    "news",
    "about",
    "check",
    "title",
    "subject",
    "name",
    "text",
    "created",
    "not_before",
    "attempts",
    "sent_at",
    "error",
)


def record(notice: Notice) -> dict[str, object]:
    """One notice as a listing shows it."""
    tiding = notice.tiding
    own = {name: plain(getattr(notice, name)) for name in RECORD_FIELDS if hasattr(notice, name)}
    told = {name: plain(getattr(tiding, name)) for name in ("news", "about", "check", "subject", "text")}
    return {
        name: ({**own, **told, "title": check_title(tiding.check), "name": tiding.place.name})[name]
        for name in RECORD_FIELDS
    }
