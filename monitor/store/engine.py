"""The connection to the database: opening, transactions, and database errors in Chinese. Knows no table."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pydantic_core import PydanticSerializationError, from_json, to_json
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError

from monitor.errors import OperationError, UsageError

BUSY_SECONDS = 30
CACHE_KIB = 4_096
"""Of each connection, and a service has five. The system caches the file as well."""


class Database:
    """An engine with its two kinds of transaction. ``name`` is what users are told: the file, or the URL unsecret."""

    def __init__(self, url: str) -> None:
        """Raises ``UsageError`` for an address that no database can have, ``OperationError`` for an unusable place."""
        parsed = _parse(url)
        if parsed.get_backend_name() == "sqlite":
            self.name = _checked_path(parsed)
        else:
            self.name = parsed.render_as_string(hide_password=True)
        self.engine = _engine(parsed)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the database."""
        with told_in_chinese(self.name), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that may write: all of it is kept, or nothing."""
        with (
            told_in_chinese(self.name),
            self.engine.connect().execution_options(writes=True) as connection,
            connection.begin(),
        ):
            yield connection

    def close(self) -> None:
        self.engine.dispose()


def to_json_text(value: Any) -> str:
    """JSON with Chinese as it is, and without the two things that some database cannot hold."""
    try:
        text = to_json(value).decode()
    except PydanticSerializationError:  # half of a character pair, from a page's own JSON
        text = _NUL
    return text if _NUL not in text else to_json(_storable(value)).decode()


_NUL = "\\u0000"


def _storable(value: Any) -> Any:
    match value:
        case str():
            return value.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()
        case dict():
            return {_storable(key): _storable(item) for key, item in value.items()}
        case list() | tuple():
            return [_storable(item) for item in value]
        case _:
            return value


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise UsageError(f"数据库地址“{url}”写法有误，应以 sqlite:/// 或 postgresql+psycopg:// 开头") from None
    if parsed.drivername not in ("sqlite", "sqlite+pysqlite", "postgresql+psycopg"):
        raise UsageError(f"不支持 {parsed.drivername} 数据库，地址应以 sqlite:/// 或 postgresql+psycopg:// 开头")
    return parsed


def _checked_path(url: URL) -> str:
    if not url.database or url.database == ":memory:":
        raise UsageError("数据库地址里没有文件名，应写作 sqlite:///xuncha.db")
    path = Path(url.database)
    if path.is_dir():
        raise UsageError(
            f"数据库 {path} 是一个文件夹。请在 [database] url 里写上文件名，例如 sqlite:///{path}/xuncha.db"
        )
    if not path.parent.is_dir():
        raise UsageError(f"数据库 {path} 所在的文件夹不存在。请先建立 {path.parent}，或改写 [database] url")
    if not os.access(path.parent, os.W_OK) or (path.exists() and not os.access(path, os.W_OK)):
        raise OperationError(f"无权写入数据库 {path}。请检查文件及其所在文件夹的权限，或改写 [database] url")
    return str(path)


def _engine(url: URL) -> Engine:
    # SQLite's driver takes the waiting time as `timeout`
    arguments = {"timeout": BUSY_SECONDS} if url.get_backend_name() == "sqlite" else {"connect_timeout": 10}
    try:
        engine = create_engine(
            url, connect_args=arguments, json_serializer=to_json_text, json_deserializer=from_json, pool_pre_ping=True
        )
    except ModuleNotFoundError:
        raise UsageError("没有安装 PostgreSQL 驱动。请运行 pip install 'xuncha[postgresql]'") from None
    if url.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # the driver's own BEGIN comes late and is never IMMEDIATE
    _write_ahead(connection)
    for pragma in ("synchronous = NORMAL", "foreign_keys = ON", f"cache_size = -{CACHE_KIB}"):
        connection.execute(f"PRAGMA {pragma}").close()


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Turn on WAL. SQLite does not wait for the lock that a new database needs for it, so we do."""
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL").close()
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() >= until:
                raise
            time.sleep(0.02)


def _begin_sqlite(connection: Connection) -> None:
    # a reader that turns writer half-way cannot wait for the lock, it fails; so writers say so at once
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")


@contextmanager
def told_in_chinese(name: str) -> Iterator[None]:
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        raise OperationError(_sentence(error, name)) from error


_REMEDIES = (
    (("locked", "busy"), "正被另一个进程占用。请等它结束后重试"),
    (("readonly", "read-only", "permission denied", "unable to open"), "打不开或不能写入。请检查文件和文件夹的权限"),
    (("is full", "no space"), "所在的磁盘已满。请腾出空间后重试"),
    (("not a database", "malformed", "encrypted"), "不是数据库文件，或已损坏。请从备份恢复，或移走它后重新导入台账"),
    (("no such table", "no such column", "undefinedtable", "undefinedcolumn"), "结构不完整。请从备份恢复"),
    (
        ("connection refused", "could not translate", "failed to resolve", "connection failed", "timeout expired"),
        "连接不上。请检查 [database] url 里的地址、端口和账号，以及数据库服务是否在运行",
    ),
)


def _sentence(error: DBAPIError | sqlite3.Error, name: str) -> str:
    original = error.orig if isinstance(error, DBAPIError) else error
    text = f"{type(original).__name__} {original}".lower()
    if isinstance(error, IntegrityError):
        return f"数据库 {name} 刚被另一个进程改过，这一次的写入没有保存。请重试（{original}）"
    for signs, remedy in _REMEDIES:
        if any(sign in text for sign in signs):
            return f"数据库 {name} {remedy}（{str(original).strip().splitlines()[0]}）"
    return f"数据库 {name} 出错：{original}"
