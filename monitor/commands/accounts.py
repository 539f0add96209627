"""Accounts as they stand: accounts list, history, proposals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from checks import Account, AccountReading, Observation, Platform
from checks.core.account_states import CHECK, AccountState, standing
from checks.core.calendar import local_day
from monitor.app import App
from monitor.commands.context import FormatOption, app_of, parse_ref
from monitor.errors import UsageError
from monitor.facts import plain
from monitor.output import Format, print_records, stderr
from monitor.reporting import write_files
from reports.cleanup import Watched, proposals, proposals_workbook
from reports.figures import Rate, grouped
from reports.wording import or_unnamed, said

cli = typer.Typer(help="政务新媒体账号：状态、历次备案变化、清理整合建议。", no_args_is_help=True)

COLUMNS = {
    "subject": "对象",
    "platform": "平台",
    "name": "名称",
    "sponsor": "主办单位",
    "state": "状态",
    "last": "最近发布",
    "basis": "依据",
    "turn": "待谁处理",
    "reason": "说明",
}
FIELDS = (*COLUMNS, "region", "url", "evidence")
_LOOKED_BACK = timedelta(days=40)


def register(parent: typer.Typer) -> None:
    parent.add_typer(cli, name="accounts")


@cli.command("list")
def list_command(
    context: typer.Context,
    state: Annotated[AccountState | None, typer.Option("--state", help="只列这种状态")] = None,
    platform: Annotated[Platform | None, typer.Option("--platform", help="只列这个平台")] = None,
    format: FormatOption = Format.TABLE,
) -> None:
    """每个账号的状态（活跃、临期、停更、僵尸、未检测、已关停）、最近发布和待谁处理。"""
    with app_of(context) as app:
        watched = watched_accounts(app)
    records = [
        _record(each)
        for each in watched
        if (state is None or each.standing.state is state) and (platform is None or each.account.platform is platform)
    ]
    print_records(records, COLUMNS, format=format, fields=FIELDS, title="政务新媒体账号")
    counts = Counter(each.standing.state for each in watched)
    told = "，".join(f"{each} {counts[each]}" for each in AccountState)
    stderr.print(f"全部 {len(watched)} 个：{told}", markup=False, soft_wrap=True)


@cli.command("history")
def history_command(
    context: typer.Context,
    subject: Annotated[str, typer.Argument(metavar="对象", help="例如 account:weibo:1000000001")],
    format: FormatOption = Format.TABLE,
) -> None:
    """一个账号的开设、变更、关停：各次导入所带来的变化。"""
    ref = parse_ref(subject)
    if ref.kind != "account":
        raise UsageError(f"{subject} 不是账号，应写作 account:平台:账号ID")
    with app_of(context) as app:
        events = app.store.lives(ref.id)
    if not events:
        raise UsageError(f"没有 {ref} 的记录")
    records = [
        {"step": e.step, "day": plain(e.day), "at": plain(e.at), "who": e.who, "detail": e.detail} for e in events
    ]
    columns = {"step": "事项", "day": "发生日期", "at": "登记时间", "who": "经办人", "detail": "说明"}
    print_records(records, columns, format=format, fields=tuple(columns), title=str(ref))


@cli.command("figures")
def figures_command(context: typer.Context, format: FormatOption = Format.TABLE) -> None:
    """各行政区划、各平台的账号数、各状态数和更新率，末行为合计；临期即更新提醒。更新率不含未检测和已关停。"""
    with app_of(context) as app:
        watched = watched_accounts(app)
    groups = grouped(watched, lambda each: (or_unnamed(each.account.region), each.account.platform))
    order = list(Platform)
    records = [
        _figures(region, said(platform), groups[region, platform])
        for region, platform in sorted(groups, key=lambda key: (key[0], order.index(key[1])))
    ]
    records.append(_figures("合计", "全部平台", watched))
    columns = {"region": "行政区划", "platform": "平台", "accounts": "账号数"}
    columns |= {str(state): str(state) for state in AccountState}
    columns |= {"updated": "更新数", "judged": "已判定数", "rate": "更新率"}
    print_records(records, columns, format=format, fields=tuple(columns), title="政务新媒体更新情况")


@cli.command("proposals")
def proposals_command(
    context: typer.Context,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="写到这个文件夹")] = Path("reports-out"),
) -> None:
    """清理整合建议（XLSX）：一平台多号、疑似遗失、低使用率，逐项说明得分；只是建议，由人决定。"""
    with app_of(context) as app:
        now = app.clock.now()
        found = proposals(watched_accounts(app), today=local_day(now))
        content = proposals_workbook(found, now=now)
    [path] = write_files(out, [("清理整合建议.xlsx", content)])
    stderr.print(f"{path}：{len(found)} 条建议", markup=False, soft_wrap=True)


def _figures(region: str, platform: str, group: Sequence[Watched]) -> dict[str, Any]:
    """The counts of one group, and the rate with its numerator and denominator."""
    counts = Counter(each.standing.state for each in group)
    updated = counts[AccountState.ALIVE] + counts[AccountState.DUE]
    judged = updated + counts[AccountState.SILENT] + counts[AccountState.ZOMBIE]
    return {
        "region": region,
        "platform": platform,
        "accounts": len(group),
        **{str(state): counts[state] for state in AccountState},
        "updated": updated,
        "judged": judged,
        "rate": Rate(updated, judged).text(),
    }


def watched_accounts(app: App) -> list[Watched]:
    """Every account with its standing and its latest reading."""
    accounts: list[Account] = app.store.accounts()
    rulings = {a.subject: a for a in app.store.assessments() if a.check == CHECK}
    now = app.clock.now()
    readings = _latest(app, accounts, now)
    return [
        Watched(
            account=account,
            standing=standing(account, rulings.get(account.ref)),
            reading=readings.get(account.ref.id),
            evidence=tuple(id_ for f in rulings[account.ref].findings for id_ in f.evidence)
            if account.ref in rulings
            else (),
        )
        for account in accounts
    ]


def _latest(app: App, accounts: list[Account], now: datetime) -> dict[str, AccountReading]:
    """The reading with the latest publication of each account, of the last weeks; else the last one."""
    found: dict[str, AccountReading] = {}
    since: dict[type[Observation], datetime] = {AccountReading: now - _LOOKED_BACK}
    for ref, facts in app.store.histories([a.ref for a in accounts], since, until=now):
        readings = [fact for fact in facts if isinstance(fact, AccountReading)]
        dated = [r for r in readings if r.latest_at is not None and r.latest_at <= now + timedelta(days=1)]
        best = max(dated, key=lambda r: (r.latest_at, r.at), default=None) or (readings[-1] if readings else None)
        if best is not None:
            found[ref.id] = best
    return found


def _record(each: Watched) -> dict[str, Any]:
    account, reading = each.account, each.reading
    dated = reading is not None and reading.latest_at is not None
    return {
        "subject": str(account.ref),
        "platform": said(account.platform),
        "name": account.name,
        "sponsor": account.sponsor,
        "region": account.region,
        "state": each.standing.state,
        "last": each.last.isoformat() if each.last else "",
        "basis": said(reading.basis) if dated and reading and reading.basis else "",
        "turn": each.standing.turn,
        "reason": each.standing.reason,
        "url": reading.url if dated and reading else "",
        "evidence": list(each.evidence) or ([reading.id] if reading else []),
    }
