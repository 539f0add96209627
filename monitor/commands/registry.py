"""Setting up: init, import, export of the registry."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from checks import Account, Observation, Site, Unit
from monitor.app import SETTINGS_FILE, App, open_app
from monitor.commands.context import GlobalOptions, app_of
from monitor.errors import OperationError
from monitor.handed_in import is_handed_in, read_handed_in
from monitor.output import stderr, stdout
from monitor.registry import import_files
from monitor.registry.changes import Change, Record, RegistryChanges
from monitor.registry.headers import TABLES
from monitor.registry.importing import Importer
from monitor.settings import default_settings_text


def register(cli: typer.Typer) -> None:
    cli.command("init")(init_command)
    cli.command("import")(import_command)


def init_command(context: typer.Context) -> None:
    """在当前文件夹写一份带注释的 settings.toml，并建立数据库。"""
    options: GlobalOptions = context.obj
    path = options.settings or SETTINGS_FILE
    if path.exists():
        stderr.print(f"{path} 已存在，保持不变", markup=False)
    else:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(default_settings_text(), encoding="utf-8")
        except OSError as error:
            raise OperationError(f"无法写入 {path}：{error.strerror}") from None
        stdout.print(f"已写入 {path}", markup=False, soft_wrap=True)
    with open_app(path, options.clock) as app:
        stdout.print(f"数据库已就绪：{app.store.name}", markup=False, soft_wrap=True)
    stdout.print("下一步：xuncha import 台账文件（单位、网站、栏目、账号，CSV 或 XLSX）", markup=False)


def import_command(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="CSV 或 XLSX，种类由表头认出")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只列出将有的变化，不改动台账")] = False,
    prune: Annotated[bool, typer.Option("--prune", help="移除文件中没有的条目（默认保留）")] = False,
    who: Annotated[
        str | None, typer.Option("--who", help="经办人，默认为当前系统用户；新的订阅来源以其名义确认")
    ] = None,
) -> None:
    """导入台账，或填好的人工核查表。有一行有误，就一行也不导入；重复导入同一文件不产生变化。"""
    forms = [path for path in files if is_handed_in(path)]
    files = [path for path in files if path not in forms]
    with app_of(context) as app:
        if forms:
            take_forms(app, forms, who=who or getpass.getuser(), dry_run=dry_run)
        if not files:
            return
        by = Importer.myself(clock=app.clock, confirms=app.settings.sources.confirm_on_import)
        by = replace(by, who=who) if who else by
        changes = import_files(app.store, files, prune=prune, dry_run=dry_run, by=by)
    tell_changes(changes, dry_run=dry_run)


def take_forms(app: App, forms: Sequence[Path], *, who: str, dry_run: bool) -> None:
    """What people filled in, as facts by ``manual:NAME``. What was said last in the same words is passed over."""
    subjects: list[Site | Account] = [*app.store.sites(), *app.store.accounts()]
    facts = read_handed_in(forms, app.standard, subjects, who=who, at=app.clock.now())
    new = [fact for fact in facts if not said_already(fact, app.store.observations(fact.subject, kind=type(fact)))]
    if not dry_run:
        app.store.record(new)
    done = "将读入" if dry_run else f"已读入 {who} 填报的"
    tell(f"{done}事实 {len(new)} 条，与已有的相同 {len(facts) - len(new)} 条。下一步：xuncha inspect")


def said_already(fact: Observation, kept: Sequence[Observation]) -> bool:
    """Whether the last word on record, newest first, on what a fact speaks of is the same."""
    about = [k for k in kept if getattr(k, "indicator", "") == getattr(fact, "indicator", "")]
    return bool(about) and replace(about[0], at=fact.at) == fact


def tell_changes(changes: RegistryChanges, *, dry_run: bool) -> None:
    """What an import changed, or would change: every record in a dry run, the counts otherwise."""
    for note in changes.notes:
        stderr.print(f"说明：{note}", markup=False)
    if dry_run:
        for record in changes.added:
            tell(f"新增 {name_of(record)}")
        for change in changes.changed:
            tell(f"变更 {name_of(change.new)}：{differences(change)}")
        for record in changes.removed:
            tell(f"移除 {name_of(record)}")
        for record in changes.absent if not changes.removed else ():
            tell(f"文件中没有、将保留 {name_of(record)}")
    done = "将" if dry_run else "已"
    counts = [f"新增 {len(changes.added)}", f"变更 {len(changes.changed)}", f"移除 {len(changes.removed)}"]
    tell(f"{done}{'、'.join(counts)}，不变 {changes.unchanged}")
    kept = len(changes.absent) - len(changes.removed)
    if kept > 0:
        tell(f"另有 {kept} 条在台账中而不在文件中，保留不动（--prune 可移除）")


def tell(line: str) -> None:
    stdout.print(line, markup=False, soft_wrap=True)


def name_of(record: Record) -> str:
    """A record as a person would call it."""
    match record:
        case Unit():
            return f"单位 {record.name}"
        case _:
            return f"{record.ref}（{record.name}）"


def differences(change: Change) -> str:
    """What differs, field by field, under the headers of the registry files."""
    [table] = (t for t in TABLES.values() if isinstance(change.new, t.record))
    heads = {header.field: header.name for header in table.headers}
    return "；".join(
        f"{heads.get(name, name)} {shown(getattr(change.old, name))} → {shown(getattr(change.new, name))}"
        for name in change.fields
    )


def shown(value: object) -> str:
    return "空" if value in (None, "") else str(value)
