"""Brings a database to the tables of this version: creates, upgrades, or refuses it. Alembic stays behind this door."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Column, Connection, MetaData, PrimaryKeyConstraint, String, Table, inspect, text

from monitor.errors import OperationError
from monitor.store.engine import Database
from monitor.store.tables import metadata

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0002"
"""The newest revision, repeated here so that a database in order opens without loading Alembic."""

_VERSION = Table(  # as Alembic makes it, whose own hand would take longer than all tables together
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)


def prepare(database: Database) -> None:
    """Create or upgrade the tables, in one transaction. Raises ``OperationError`` for a database not to be used."""
    with database.reading() as connection:
        if _revision(connection) == HEAD:
            return
    with database.writing() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(7862)"))  # two may start at once
        revision = _revision(connection)
        if revision is None:
            _create(connection, database.name)
        elif revision != HEAD:
            _upgrade(connection, database.name, revision)


def alembic_config(connection: Connection) -> Config:
    """Alembic's settings for one connection."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def _create(connection: Connection, name: str) -> None:
    if tables := sorted(set(inspect(connection).get_table_names()) - {"alembic_version"}):
        raise OperationError(
            f"数据库 {name} 里已有别的程序的表（{'、'.join(tables[:3])}）。请在 [database] url 里换一个数据库"
        )
    metadata.create_all(connection)
    _VERSION.create(connection, checkfirst=True)  # a downgrade leaves it empty
    connection.execute(_VERSION.insert().values(version_num=HEAD))


def _upgrade(connection: Connection, name: str, revision: str) -> None:
    from alembic import command
    from alembic.script import ScriptDirectory

    config = alembic_config(connection)
    if revision not in {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}:
        raise OperationError(f"数据库 {name} 由更新版本的 xuncha 建立（版本 {revision}）。请升级本程序后再用")
    command.upgrade(config, "head")
