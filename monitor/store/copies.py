"""Copies of a SQLite database: taken while it is in use, proven by opening them, put back, and packed anew."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from monitor.errors import OperationError, UsageError
from monitor.store.engine import Database, told_in_chinese
from monitor.store.schema import HEAD

PAGES_AT_ONCE = 2000
"""Pages copied before others get their turn."""


def file_of(database: Database) -> Path:
    """The file of a SQLite database. Raises ``UsageError`` for PostgreSQL, which has its own tools."""
    if database.engine.dialect.name != "sqlite":
        raise UsageError("PostgreSQL 数据库请用 pg_dump 备份、pg_restore 恢复；本命令只用于 SQLite")
    return Path(database.name)


def copy(database: Database, target: Path, *, go_on: Callable[[], None] = lambda: None) -> None:
    """Copy a database in use to a file, which is there whole and proven or not at all."""
    source = file_of(database)
    draft = target.with_name(f".{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _require_room(target.parent, source.stat().st_size)
        draft.unlink(missing_ok=True)
        with (
            told_in_chinese(str(target)),
            closing(sqlite3.connect(source)) as reading,
            closing(sqlite3.connect(draft)) as writing,
        ):
            reading.backup(writing, pages=PAGES_AT_ONCE, progress=lambda *_: go_on(), sleep=0.01)
            writing.execute("PRAGMA journal_mode = DELETE")  # one file, nothing beside it
        prove(draft)
        os.replace(draft, target)
    except OSError as error:
        raise OperationError(f"无法写入备份 {target}：{error.strerror}。请检查路径、权限和磁盘空间") from None
    finally:
        draft.unlink(missing_ok=True)


def prove(path: Path) -> None:
    """Open a copy and look it through. Raises ``OperationError`` where it is no sound database of ours."""
    if not path.is_file():
        raise UsageError(f"找不到备份文件 {path}")
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            faults = [row[0] for row in connection.execute("PRAGMA quick_check(3)")]
            revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as error:
        raise OperationError(f"{path} 不是本程序的数据库，或已损坏（{error}）") from None
    if faults != ["ok"]:
        raise OperationError(f"{path} 已损坏：{'；'.join(faults)}")
    if revision is None or revision[0] > HEAD:
        raise OperationError(f"{path} 由更新版本的 xuncha 建立，请升级本程序后再用")


def put_back(copy_: Path, target: Path) -> Path | None:
    """Put a proven copy in the place of a database that nobody uses. The one that was there is kept; where is told."""
    prove(copy_)
    kept = None
    draft = target.with_name(f".{target.name}.part")
    try:
        _require_room(target.parent, copy_.stat().st_size)
        shutil.copyfile(copy_, draft)
        if target.exists():
            kept = _free_name(target)
            for suffix in ("-wal", "-shm"):  # what was not yet in the file goes with it
                if (beside := Path(f"{target}{suffix}")).exists():
                    os.replace(beside, f"{kept}{suffix}")
            os.replace(target, kept)
        os.replace(draft, target)
    except OSError as error:
        raise OperationError(f"无法恢复到 {target}：{error.strerror}。请检查权限和磁盘空间") from None
    finally:
        draft.unlink(missing_ok=True)
    return kept


def vacuum(database: Database) -> tuple[int, int]:
    """Pack a database anew: its size before and after, in bytes. Nobody can write meanwhile."""
    path = file_of(database)
    before = path.stat().st_size
    _require_room(path.parent, before)
    with told_in_chinese(database.name), closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as connection:
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return before, path.stat().st_size


def _require_room(folder: Path, size: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < size * 1.1:
        raise OperationError(
            f"{folder} 所在磁盘只剩 {free / 1e6:.0f} MB，需要约 {size * 1.1 / 1e6:.0f} MB，请先腾出空间"
        )


def _free_name(target: Path) -> Path:
    number = 1
    while (name := target.with_name(f"{target.name}.before-restore-{number}")).exists():
        number += 1
    return name
