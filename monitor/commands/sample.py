"""The quarterly draw: sample freeze, draw, replace, list, sheet, verify."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from checks import Account, Site
from checks.core.calendar import Period, PeriodKind
from checks.core.frames import FrameKind, StratumBy
from checks.core.sampling import Share
from monitor.answer_sheet import answer_sheet
from monitor.app import App
from monitor.commands.context import FormatOption, app_of, readable
from monitor.commands.rounds import period_of
from monitor.drawing import (
    DrawTerms,
    Standing,
    audit_file,
    audit_kept,
    draw_sample,
    file_names,
    freeze,
    replace_one,
    standing_draw,
)
from monitor.errors import OperationError, UsageError
from monitor.output import Format, print_records, stderr, stdout
from monitor.reporting import write_files
from reports.sheets import to_xlsx

cli = typer.Typer(help="季度抽样：冻结名单、抽取、替换、核验，出具人工核查表。", no_args_is_help=True)

PeriodArgument = Annotated[str, typer.Argument(metavar="2026Q4", help="季度")]
SitesOption = Annotated[bool, typer.Option("--sites", help="抽网站（默认抽政务新媒体账号）")]
WhoOption = Annotated[str | None, typer.Option("--who", help="经办人，默认为当前系统用户")]
ByOption = Annotated[StratumBy, typer.Option("--by", help="分层：region 行政区划，supervisor 主管单位")]
OutOption = Annotated[Path, typer.Option("--out", metavar="DIR", help="文件写到这个文件夹")]

COLUMNS = {
    "subject": "对象",
    "name": "名称",
    "unit": "主办单位",
    "stratum": "层",
    "part": "来由",
    "times_drawn_before": "本年已抽",
    "rank": "层内次序",
    "ticket": "票号",
}
FIELDS = (*COLUMNS, "platform", "region", "sha256")


def register(parent: typer.Typer) -> None:
    parent.add_typer(cli, name="sample")


@cli.command("freeze")
def freeze_command(
    context: typer.Context,
    period: PeriodArgument,
    sites: SitesOption = False,
    by: ByOption = StratumBy.REGION,
    who: WhoOption = None,
    out: OutOption = Path("sample-out"),
) -> None:
    """冻结抽样名单并报出 SHA-256。先公布它，再产生种子，别人才能信种子不是挑出来的。"""
    quarter, kind = quarter_of(period), kind_of(sites)
    with app_of(context) as app:
        frozen, frame = freeze(app.store, quarter, kind, by=by, who=who or getpass.getuser(), now=app.clock.now())
    name = f"抽样名单-{'网站' if sites else '账号'}-{quarter}-{frozen.sha256[:8]}.csv"
    [path] = write_files(out, [(name, frozen.content.encode())])
    stdout.print(f"{path}\n{len(frame.rows)} 个\nSHA-256 {frozen.sha256}", markup=False, soft_wrap=True)


@cli.command("draw")
def draw_command(
    context: typer.Context,
    period: PeriodArgument,
    rate: Annotated[str | None, typer.Option("--rate", metavar="25%", help="抽查比例，默认取检查标准所定的")] = None,
    seed: Annotated[
        str, typer.Option("--seed", metavar="S", help="种子，例如 2026Q4|20261201|7719304452；不给则由本机随机产生")
    ] = "",
    seed_source: Annotated[
        str, typer.Option("--seed-source", help="种子的来历，例如 10 次数字球，见证人张三、李四")
    ] = "",
    redraw: Annotated[str, typer.Option("--redraw", metavar="5%", help="回头看的比例，0% 为不抽")] = "5%",
    sites: SitesOption = False,
    by: ByOption = StratumBy.REGION,
    who: WhoOption = None,
    again: Annotated[str, typer.Option("--again", metavar="理由", help="本季已抽过而要重抽的理由，记入记录")] = "",
    out: OutOption = Path("sample-out"),
    format: FormatOption = Format.TABLE,
) -> None:
    """抽取一个季度的样本，写出抽样记录和名单；任何人都可凭这两个文件重算。"""
    quarter, kind = quarter_of(period), kind_of(sites)
    terms = DrawTerms(
        who=who or getpass.getuser(),
        seed=seed,
        seed_source=seed_source,
        rate=share_of(rate, "--rate") if rate is not None else None,
        redraw=share_of(redraw, "--redraw", none=True),
        by=by,
        again=again,
    )
    with app_of(context) as app:
        standing = draw_sample(app.store, app.standard, quarter, kind, terms=terms, now=app.clock.now())
        records = sample_records(app, standing)
    tell_draw(standing, write_draw(standing, out))
    print_records(records, COLUMNS, format=format, fields=FIELDS, title=title_of(standing))


@cli.command("replace")
def replace_command(
    context: typer.Context,
    period: PeriodArgument,
    subject: Annotated[str, typer.Argument(metavar="对象", help="例如 account:weibo:1000000001")],
    why: Annotated[str, typer.Option("--why", help="不能检查的原因，例如 已注销")],
    sites: SitesOption = False,
    who: WhoOption = None,
    out: OutOption = Path("sample-out"),
) -> None:
    """样本中的一个不能检查时，由同层的下一个替补，原因记入记录。"""
    quarter, kind = quarter_of(period), kind_of(sites)
    uid = subject.removeprefix(f"{kind}:")
    with app_of(context) as app:
        now = app.clock.now()
        standing = replace_one(app.store, quarter, kind, uid, why=why, who=who or getpass.getuser(), now=now)
    step = standing.record.replacements[-1]
    stdout.print(f"{step.out} 由 {step.into or '（该层已无可替补的）'} 替补", markup=False, soft_wrap=True)
    tell_files(write_draw(standing, out))


@cli.command("list")
def list_command(
    context: typer.Context, period: PeriodArgument, sites: SitesOption = False, format: FormatOption = Format.TABLE
) -> None:
    """列出一个季度的样本，替换之后的。"""
    with app_of(context) as app:
        standing = standing_draw(app.store, quarter_of(period), kind_of(sites))
        records = sample_records(app, standing)
    print_records(records, COLUMNS, format=format, fields=FIELDS, title=title_of(standing))


@cli.command("sheet")
def sheet_command(
    context: typer.Context,
    period: PeriodArgument,
    sites: SitesOption = False,
    out: OutOption = Path("sample-out"),
) -> None:
    """出具人工核查表（XLSX）：样本中每个对象、每项机器不能检测的指标一行；填好后用 xuncha import 导入。"""
    quarter, kind = quarter_of(period), kind_of(sites)
    with app_of(context) as app:
        standing = standing_draw(app.store, quarter, kind)
        known = subjects_of(app)
        drawn = [known[uid] for each in standing.sample if (uid := each.drawn.row.account_uid) in known]
        table = answer_sheet(app.standard, drawn)
        content = to_xlsx([table], now=app.clock.now(), title=f"{quarter.title}{kind.noun}人工核查表")
    tell_files(write_files(out, [(f"人工核查表-{'网站' if sites else '账号'}-{quarter}.xlsx", content)]))


@cli.command("verify")
def verify_command(
    context: typer.Context,
    record: Annotated[str, typer.Argument(metavar="RECORD", help="抽样记录文件，或季度（核验数据库里的）")],
    frame: Annotated[
        Path | None, typer.Argument(metavar="[FRAME]", help="抽样名单文件；默认取同一文件夹里的，或数据库里的")
    ] = None,
    sites: SitesOption = False,
) -> None:
    """核验抽样：凭记录和名单重新抽取，逐项比对；数据库里的记录还核对前后衔接。不需要数据库也能核验文件。"""
    path = Path(record)
    with app_of(context) as app:
        if path.exists():
            here = app.has_database
            faults = audit_file(app.store if here else None, path, frame)
        else:
            period = readable(Period.parse, record, f"找不到 {record} 这个文件，它也不是 2026Q4 这样的季度")
            faults = audit_kept(app.store, period, kind_of(sites))
    if faults:
        raise OperationError("抽样核验未通过：\n" + "\n".join(f"  · {fault}" for fault in faults))
    stdout.print("抽样核验通过：名单、种子、配额、样本和替换均与重新计算的一致", markup=False)


def sample_records(app: App, standing: Standing) -> list[dict[str, Any]]:
    """The sample as plain records, after the replacements."""
    subjects = subjects_of(app)
    records = []
    for each in standing.sample:
        row, drawn = each.drawn.row, each.drawn
        subject = subjects.get(row.account_uid)
        records.append(
            {
                "subject": f"{standing.record.kind}:{row.account_uid}",
                "name": subject.name if subject else "（已不在台账）",
                "unit": row.unit,
                "region": row.region,
                "platform": row.platform,
                "stratum": row.stratum,
                "part": each.part,
                "times_drawn_before": drawn.times_before,
                "rank": drawn.rank,
                "ticket": drawn.ticket.shown,
                "sha256": drawn.ticket.check,
            }
        )
    return records


def subjects_of(app: App) -> dict[str, Account | Site]:
    """Accounts and sites by the id that a frame gives them."""
    subjects: list[Account | Site] = [*app.store.accounts(), *app.store.sites()]
    return {subject.ref.id: subject for subject in subjects}


def write_draw(standing: Standing, out: Path) -> list[Path]:
    """Write record and frame of a draw."""
    record, frame = file_names(standing.record)
    return write_files(out, [(record, standing.text.encode()), (frame, standing.frame.text.encode())])


def tell_draw(standing: Standing, paths: Sequence[Path]) -> None:
    """What was drawn of what, by which rate and seed, on standard error."""
    record, sample = standing.record, standing.sample
    parts = {part: sum(each.part == part for each in sample) for part in ("抽样", "回头看", "替补")}
    lines = [
        f"基数：{record.base}；比例 {record.rate.said}（{record.rate_source}）",
        f"抽取 {parts['抽样']} 个，回头看 {parts['回头看']} 个，替补 {parts['替补']} 个",
        f"名单 SHA-256 {record.frame_sha256}（冻结于 {record.frozen_at}）",
        f"种子 {record.seed}（{record.seed_source}）",
        f"记录 SHA-256 {record.sha256}",
    ]
    if record.order.catches_up and record.draws_before:
        lines.append("已按“本年全覆盖”补足：配额不低于剩余未抽的平均数")
    stderr.print("\n".join(lines), markup=False, soft_wrap=True)
    tell_files(paths)


def tell_files(paths: Sequence[Path]) -> None:
    """Where the files are, on standard error."""
    for path in paths:
        stderr.print(str(path), markup=False, soft_wrap=True)


def title_of(standing: Standing) -> str:
    return f"{Period.parse(standing.record.period).title}{standing.record.kind.noun}样本"


def quarter_of(text: str) -> Period:
    """A quarter as it is written."""
    return period_of(text, PeriodKind.QUARTER)


def kind_of(sites: bool) -> FrameKind:
    return FrameKind.SITE if sites else FrameKind.ACCOUNT


def share_of(text: str, option: str, *, none: bool = False) -> Share:
    """A rate as it is written; nothing at all only where ``none``."""
    share = readable(Share.parse, text)
    if not share.num and not none:
        raise UsageError(f"{option} 应大于 0")
    return share
