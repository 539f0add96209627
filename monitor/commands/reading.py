"""What the record holds and why: try, findings, observations, explain."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

import typer

from checks import Severity
from checks.core.assess import Status
from monitor.commands.context import CheckOption, FormatOption, SiteOption, app_of, parse_ref
from monitor.commands.rounds import chosen_checks, in_scope
from monitor.errors import UsageError
from monitor.explaining import explain, find_subject
from monitor.facts import fact_record
from monitor.output import Format, print_json, print_records, stdout
from monitor.trying import try_url
from reports.findings import finding_records
from reports.wording import said

FINDING_FIELDS = (
    "check",
    "subject",
    "key",
    "status",
    "severity",
    "text",
    "advice",
    "url",
    "evidence",
    "first_seen",
    "last_seen",
)


def register(cli: typer.Typer) -> None:
    cli.command("try")(try_command)
    cli.command("findings")(findings_command)
    cli.command("observations")(observations_command)
    cli.command("explain")(explain_command)


def try_command(
    context: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL", help="要试看的网址")],
    format: FormatOption = Format.TABLE,
) -> None:
    """试看一个网址：访问一次，列出全部事实和判定；不用数据库。"""
    if not url.lower().startswith(("http://", "https://")):
        raise UsageError(f"“{url}”不是网址，应以 http:// 或 https:// 开头")
    with app_of(context) as app:
        trial = asyncio.run(try_url(url, settings=app.settings, standard=app.standard, clock=app.clock))
    record = trial.as_record()
    if format is not Format.TABLE:
        print_json(record)
        return
    listed, items = record["list"], record["items"]
    outcome = (record["outcome"], record["status_code"], record["challenge"] or record["detail"])
    rows = f"{listed['rows']} 条，最新 {listed['newest'] or '无日期'}" if listed["readable"] else listed["reason"]
    print_pairs(
        "页面",
        {
            "网址": record["final_url"],
            "结果": " ".join(str(part) for part in outcome if part),
            "编码": record["encoding"]["used"],
            "发布时间": f"{record['published_at']}（{record['basis']}）" if record["published_at"] else "页面未标明",
            "列表": rows,
        },
    )
    print_records(
        items[:20], {"date": "日期", "title": "标题", "url": "网址"}, format=format, title="列表条目（前 20 条）"
    )
    print_records(record["rulings"], {"check": "检查项", "status": "判定", "text": "说明"}, format=format, title="判定")
    print_records(
        record["facts"], {"kind": "事实", "outcome": "结果", "seconds": "秒", "detail": "说明"}, format=format
    )


def findings_command(
    context: typer.Context,
    site: SiteOption = None,
    check: CheckOption = None,
    status: Annotated[Status | None, typer.Option(help="只看这种状态")] = None,
    format: FormatOption = Format.TABLE,
) -> None:
    """当前的发现：未通过的每项一条；通过的、未检测的，每个检查项和对象一条。"""
    with app_of(context) as app:
        records = current_findings(app.store, site or [], [c.id for c in chosen_checks(check)])
    if status:
        records = [r for r in records if r["status"] == status]
    shown = records
    if format is Format.TABLE:
        shown = [
            r
            | {"status": said(Status(r["status"])), "severity": said(Severity(r["severity"])) if r["severity"] else ""}
            for r in records
            if status or r["status"] != Status.PASSED
        ]
    print_records(
        shown,
        {"check": "检查项", "subject": "对象", "status": "状态", "severity": "性质", "text": "说明"},
        format=format,
        fields=FINDING_FIELDS,
    )
    if format is Format.TABLE and not status:
        passed = sum(r["status"] == Status.PASSED for r in records)
        stdout.print(f"另有 {passed} 项通过（--status passed 可列出）", markup=False)


def current_findings(store: Any, sites: list[str], checks: list[str]) -> list[dict[str, Any]]:
    """The findings of the latest rulings on what is registered now."""
    subjects = in_scope(store.subjects(), sites)
    refs = {s.ref for s in subjects}
    assessments = [a for a in store.assessments() if a.subject in refs and a.check in checks]
    return finding_records(assessments, store.seen())


def observations_command(
    context: typer.Context,
    subject: Annotated[str, typer.Argument(metavar="对象", help="例如 site:5118000022")],
    limit: Annotated[int, typer.Option(min=1, help="最多列出多少条，新的在前")] = 50,
    format: FormatOption = Format.TABLE,
) -> None:
    """一个监测对象的事实记录，新的在前。"""
    ref = parse_ref(subject)
    with app_of(context) as app:
        known = find_subject(app.store.subjects(), ref)
        facts = app.store.observations(ref, limit=limit)
    if known is None and not facts:
        raise UsageError(f"台账中没有 {ref}，也没有它的事实记录")
    records = [fact_record(fact) for fact in facts]
    if format is not Format.JSON:
        records = [{**r, "facts": summary(r)} for r in records]
    columns = {"id": "编号", "at": "时间", "vantage": "监测点", "kind": "事实", "facts": "内容"}
    print_records(records, columns, format=format, fields=tuple(columns))


def print_parts(parts: list[dict[str, Any]]) -> None:
    """The parts of a check as a table, with their points."""
    shown = [
        {
            "name": p["name"],
            "status": said(p["status"]),
            "severity": said(p["severity"]) if p["severity"] else "",
            "points": "—" if p["points"] is None else f"{p['points']:g}/{p['most']:g}",
            "text": p["text"],
        }
        for p in parts
    ]
    columns = {"name": "分项", "status": "结果", "severity": "性质", "points": "得分", "text": "说明"}
    print_records(shown, columns, format=Format.TABLE, title="分项")
    tested = [p for p in parts if p["points"] is not None]
    told = f"{sum(p['points'] for p in tested):g} 分，满分 {sum(p['most'] for p in tested):g} 分"
    stdout.print(f"已测 {len(tested)} 项，得 {told}（参考分，未测的不计）", markup=False)


def explain_command(
    context: typer.Context,
    check: Annotated[str, typer.Argument(metavar="检查项", help="例如 site.unreachable")],
    subject: Annotated[str, typer.Argument(metavar="对象", help="例如 site:5118000022")],
    format: FormatOption = Format.TABLE,
) -> None:
    """说明一项判定的由来：事实、限值和依据条款。"""
    [chosen] = chosen_checks([check])
    ref = parse_ref(subject)
    with app_of(context) as app:
        found = find_subject(app.store.subjects(), ref)
        if found is None:
            raise UsageError(f"台账中没有 {ref}")
        if not isinstance(found, chosen.on):
            raise UsageError(f"检查项 {check} 不适用于 {ref}")
        record = explain(chosen, found, store=app.store, standard=app.standard, now=app.clock.now())
    if format is not Format.TABLE:
        print_json(record)
        return
    print_pairs(
        f"{record['title']}（{check}）",
        {
            "对象": record["subject"],
            "判定": said(record["status"]),
            "理由": "；".join(f["text"] for f in record["findings"]) or record["reason"] or "未发现问题",
            "限值": "，".join(f"{k}={v}" for k, v in record["limits"].items()),
            "时间窗口": f"{record['window']['from']} 至 {record['window']['to']}",
            "依据": "；".join(
                f"{i['id']} {i['name']} {i['document']} {i['clause']}{'' if i['verified'] else '（未核对原文）'}"
                for i in record["indicators"]
            )
            or "未列入指标，仅作提示",
        },
    )
    if record["parts"]:
        print_parts(record["parts"])
    facts = [{**f, "facts": summary(f)} for f in record["facts"]]
    print_records(
        facts,
        {"id": "编号", "at": "时间", "kind": "事实", "facts": "内容"},
        format=format,
        title=f"事实（共读取 {record['facts_read']} 条）",
    )


def print_pairs(title: str, pairs: dict[str, Any]) -> None:
    """A table of names and values."""
    print_records(
        [{"name": name, "value": value} for name, value in pairs.items()],
        {"name": title, "value": ""},
        format=Format.TABLE,
    )


def summary(record: dict[str, Any]) -> str:
    """A fact's own fields in one line; long lists are counted."""
    own = {k: v for k, v in record.items() if k not in ("id", "at", "vantage", "kind", "subject", "fingerprints")}
    return "，".join(
        f"{k}={len(v)} 项" if isinstance(v, list) else f"{k}={v}" for k, v in own.items() if v not in (None, "", [])
    )
