"""What ails a deployment, and what helps: settings, record, clock, names, network, fonts, alerts, disk, service."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from urllib.parse import urlsplit

from checks import Site, all_checks
from checks.core.calendar import SHANGHAI
from monitor.alerting import channel_troubles
from monitor.app import App
from monitor.desk import ALIVE
from monitor.due import Rhythm
from monitor.errors import XunchaError
from monitor.net import Net
from monitor.notify.secret import SecretMissing
from monitor.notify.sending import Sender
from monitor.planning import plan
from monitor.probing import all_probes
from monitor.reporting import chart_font
from monitor.resolver import Resolver
from monitor.store.keeping import Sizes
from monitor.troubles import free_room, own_troubles
from monitor.urgent import urgency_now
from monitor.vantage import online_families

SKEW_SECONDS = 60
DEAD_AFTER = timedelta(minutes=15)
YEAR = timedelta(days=365)


class State(StrEnum):
    """How one item stands."""

    GOOD = "正常"
    NOTE = "提示"
    TROUBLE = "问题"


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """One item: how it stands, what was seen, and where it is not well, what to do."""

    area: str
    state: State
    text: str
    remedy: str = ""


async def examine(app: App) -> list[Diagnosis]:
    """Every item, in the order in which they should be set right. A broken item does not hide the next."""
    found = list(_guarded("设置", lambda: settings_of(app)))
    found += _guarded("数据库", lambda: record_of(app))
    resolver = Resolver(app.settings.network.nameservers)
    async with Net(app.settings.network, resolver) as net:
        found += [each async for each in network_of(app, net)]
        found += [each async for each in names_of(app, resolver)]
    found += fonts_of(app)
    found += alerts_of(app)
    if "store" in app.__dict__:
        found += _guarded("服务", lambda: service_of(app))
        found += _guarded("运行", lambda: troubles_of(app))
    return found


def settings_of(app: App) -> Iterator[Diagnosis]:
    """The rulebook and the schedule."""
    yield _good("设置", f"检查指标 {app.standard.edition}，{len(all_checks())} 个检查项")
    if unknown := sorted(set(app.settings.schedule.every_hours) - set(all_probes())):
        yield Diagnosis(
            area="设置",
            state=State.TROUBLE,
            text=f"[schedule] every_hours 里没有名为 {'、'.join(unknown)} 的监测",
            remedy=f"可用的有：{'、'.join(all_probes())}",
        )
    visit = Rhythm(every=app.settings.schedule.rhythm.every).of(all_probes()["site.visit"])
    if visit > timedelta(hours=1.2):
        yield Diagnosis(
            area="设置",
            state=State.TROUBLE,
            text=f"首页每 {visit.total_seconds() / 3600:g} 小时访问一次，一天不足 20 次，站点无法访问不能判定",
            remedy='把 [schedule] every_hours 的 "site.visit" 改为 1.0',
        )


def record_of(app: App) -> Iterator[Diagnosis]:
    """The database: it opens, how big it is, how it grows, and whether it is backed up."""
    sizes = app.store.keeping.sizes()
    facts = sum(sizes.facts.values())
    yield _good("数据库", f"{app.store.name}：{sizes.bytes / 1e6:,.1f} MB，{facts:,} 条事实")
    yield from growth(sizes, now=app.clock.now(), free=free_room(app))
    if not app.store.subjects():
        yield Diagnosis(
            area="数据库",
            state=State.NOTE,
            text="台账里还没有监测对象",
            remedy="用 xuncha import 导入网站、栏目和账号",
        )
    if app.database_url.startswith("sqlite") and not app.settings.service.backups:
        yield Diagnosis(
            area="备份",
            state=State.NOTE,
            text="没有设定自动备份",
            remedy="在 [service] backups 里写一个文件夹（最好在另一块磁盘上）",
        )


def growth(sizes: Sizes, *, now: datetime, free: int) -> Iterator[Diagnosis]:
    """How the record grows, and whether the disk holds another year of it. Pure."""
    if sizes.oldest is None or now - sizes.oldest < timedelta(days=2):
        yield Diagnosis(area="磁盘", state=State.GOOD, text=f"剩余 {free / 1e9:.1f} GB；记录不满两天，还看不出增长")
        return
    # What is thinned later counts in full here: the estimate errs on the safe side.
    yearly = sizes.bytes / ((now - sizes.oldest) / timedelta(days=1)) * 365
    text = f"剩余 {free / 1e9:.1f} GB；按至今的增长一年约 {yearly / 1e9:.2f} GB（精简之前）"
    if free < yearly:
        yield Diagnosis(area="磁盘", state=State.TROUBLE, text=text, remedy="请扩大磁盘，或缩短 [retention] 的保留天数")
    else:
        yield _good("磁盘", text)


async def network_of(app: App, net: Net) -> AsyncIterator[Diagnosis]:
    """Address families, and the clock against that of the references."""
    vantage = app.settings.vantage
    online = await online_families(net, vantage)
    for family, references in ((4, vantage.ipv4), (6, vantage.ipv6)):
        by = "参照网址" if references else "本机路由"
        if family in online:
            yield _good(f"IPv{family}", f"可用（按{by}）")
        else:
            consequence = "什么都不能监测" if family == 4 else "IPv6 各项均为未检测"
            yield Diagnosis(
                area=f"IPv{family}",
                state=State.TROUBLE if family == 4 else State.NOTE,
                text=f"不可用（按{by}），{consequence}",
                remedy="请检查本机网络，或 [vantage] 里的参照网址",
            )
    yield zone_of(app.clock.now().astimezone())
    if not vantage.ipv4:
        yield Diagnosis(
            area="IPv4",
            state=State.NOTE,
            text="没有设参照网址，只能按本机路由判断是否在线",
            remedy="在 [vantage] ipv4 里写两三个可靠的网址，断网时才不会误记",
        )
    yield await _clock(app, net)


def zone_of(local: datetime) -> Diagnosis:
    """The machine's time zone, by its own time. What is ruled, told and printed does not hang on it; its logs do."""
    if local.utcoffset() == local.astimezone(SHANGHAI).utcoffset():
        return _good("时区", "本机为北京时间")
    offset = local.isoformat()[-6:]
    return Diagnosis(
        area="时区",
        state=State.NOTE,
        text=f"本机时区为 UTC{offset}；监测、判定、报告一律按北京时间，不受影响，系统日志和 cron 按本机时区",
        remedy="可用 timedatectl set-timezone Asia/Shanghai 改为北京时间",
    )


async def _clock(app: App, net: Net) -> Diagnosis:
    references = (*app.settings.vantage.ipv4, *app.settings.vantage.ipv6)
    for url in references:
        answer = await net.fetch(url, body_limit=100_000)
        told = answer.headers.get("date", "")
        try:
            skew = (app.clock.now() - parsedate_to_datetime(told)).total_seconds()
        except (ValueError, TypeError):
            continue
        if abs(skew) < SKEW_SECONDS:
            return _good(
                "时钟", f"{_told(app.clock.now())}（北京时间），与 {urlsplit(url).hostname} 相差 {abs(skew):.0f} 秒"
            )
        return Diagnosis(
            area="时钟",
            state=State.TROUBLE,
            text=f"本机时钟比 {urlsplit(url).hostname} {'快' if skew > 0 else '慢'} {abs(skew):.0f} 秒",
            remedy="请启用时间同步（timedatectl set-ntp true，或 chrony）",
        )
    why = "参照网址没有报出时间" if references else "没有可比对的参照网址"
    return Diagnosis(
        area="时钟",
        state=State.NOTE,
        text=f"{_told(app.clock.now())}（北京时间）；{why}",
        remedy=f"在 [vantage] ipv4 里{'另' if references else ''}写参照网址，可核对时钟",
    )


async def names_of(app: App, resolver: Resolver) -> AsyncIterator[Diagnosis]:
    """Whether names are resolved."""
    hosts = [urlsplit(url).hostname for url in (*app.settings.vantage.ipv4, *app.settings.vantage.ipv6)]
    if "store" in app.__dict__:
        hosts += [urlsplit(s.url).hostname for s in app.store.subjects() if isinstance(s, Site)][:3]
    names = [host for host in dict.fromkeys(hosts) if host and not host.replace(".", "").isdigit() and ":" not in host]
    if not names:
        yield Diagnosis(area="域名解析", state=State.NOTE, text="没有可以试的域名", remedy="导入网站后再看")
        return
    answers = await asyncio.gather(*(resolver.addresses(name, 4) for name in names))
    servers = "、".join(app.settings.network.nameservers) or "系统的"
    if any(answer.addresses for answer in answers):
        yield _good("域名解析", f"{servers}域名服务器可用")
    else:
        text = f"{servers}域名服务器解析不了 {'、'.join(names)}（{answers[0].answer}）"
        yield Diagnosis(
            area="域名解析", state=State.TROUBLE, text=text, remedy="请检查网络，或在 [network] nameservers 里另写一个"
        )


def fonts_of(app: App) -> Iterator[Diagnosis]:
    """A Chinese font for the charts of papers."""
    try:
        font = chart_font(app.settings.report, app.folder)
    except XunchaError as error:
        yield Diagnosis(area="字体", state=State.TROUBLE, text=str(error), remedy="请改正 [report] 的字体设置")
        return
    if font is not None:
        yield _good("字体", "有中文字体，报告可以带图")
    else:
        yield Diagnosis(
            area="字体",
            state=State.NOTE,
            text="没有中文字体，DOCX 报告里的图略去",
            remedy="安装一种中文字体，例如 apt install fonts-noto-cjk",
        )


def alerts_of(app: App) -> Iterator[Diagnosis]:
    """Whether anybody would hear of anything."""
    alerts = app.settings.alerts
    if not alerts.rule:
        yield Diagnosis(
            area="告警",
            state=State.NOTE,
            text="没有告警规则，不会向任何人发消息",
            remedy="在 settings.toml 里写 [[alerts.channel]] 和 [[alerts.rule]]，用 xuncha alert test 试发",
        )
    else:
        yield _good("告警", f"{len(alerts.channel)} 个通道，{len(alerts.rule)} 条规则；试发用 xuncha alert test 通道名")
    sender = Sender(app.folder)
    for channel in alerts.channel:
        try:
            sender.secrets(channel)
        except SecretMissing as error:
            yield Diagnosis(
                area="告警",
                state=State.TROUBLE,
                text=f"通道“{channel.name}”发不出消息：{error}",
                remedy="写好密钥再用 xuncha alert test 试发；服务和命令行各有各的环境变量，也可以改用 file:文件路径",
            )
    if not app.settings.service.heartbeat_url:
        yield Diagnosis(
            area="告警",
            state=State.NOTE,
            text="没有设心跳网址：监测主机停了，没有人会知道",
            remedy="在 [service] heartbeat_url 里写一个“看门狗”网址",
        )


def service_of(app: App) -> Iterator[Diagnosis]:
    """Whether the service lives, and how much is due."""
    now = app.clock.now()
    alive = app.store.jobs().get(ALIVE)
    due = plan(
        app.store.subjects(),
        list(all_probes().values()),
        now=now,
        last_runs=app.store.last_runs(),
        rhythm=app.settings.schedule.rhythm,
        urgency=urgency_now(app, all_probes()),
    )
    if alive is not None and now - alive < DEAD_AFTER:
        yield _good("服务", f"正在运行（{_told(alive)}），此刻到期 {len(due)} 项")
        return
    seen = f"最后一次在 {_told(alive)}" if alive else "从未运行过"
    yield Diagnosis(
        area="服务",
        state=State.TROUBLE if alive else State.NOTE,
        text=f"没有在运行（{seen}），此刻到期 {len(due)} 项",
        remedy="运行 xuncha run，或 systemctl start xuncha；用 cron 定时 sweep --due 的可不理会",
    )


def troubles_of(app: App) -> Iterator[Diagnosis]:
    """What the alert round would tell of ourselves."""
    for trouble in [*own_troubles(app, now=app.clock.now()), *channel_troubles(app.store, app.settings.alerts)]:
        yield Diagnosis(area="运行", state=State.TROUBLE, text=trouble.text, remedy=trouble.advice)


def _guarded(area: str, look: object) -> Iterator[Diagnosis]:
    try:
        yield from look()  # type: ignore[operator]
    except XunchaError as error:
        yield Diagnosis(area=area, state=State.TROUBLE, text=str(error), remedy="见说明")


def _good(area: str, text: str) -> Diagnosis:
    return Diagnosis(area=area, state=State.GOOD, text=text)


def _told(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
