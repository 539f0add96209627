"""A database is created, upgraded or refused; a refusal is one Chinese sentence that names the file and the remedy."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from monitor.errors import OperationError, UsageError, XunchaError
from monitor.store import Store
from monitor.store.engine import Database
from monitor.store.schema import HEAD, alembic_config
from monitor.store.tables import metadata


def test_a_new_database_is_created_and_opens_again(url):
    Store.open(url).close()
    store = Store.open(url)
    assert store.subjects() == []
    store.close()


def test_the_migrations_alone_lead_to_the_tables_that_the_code_uses(url):
    database = Database(url)
    with database.writing() as connection:
        command.upgrade(alembic_config(connection), "head")
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    database.close()


def test_a_database_made_by_migrations_opens_as_one_that_was_created(url):
    database = Database(url)
    with database.writing() as connection:
        command.upgrade(alembic_config(connection), "head")
    database.close()
    store = Store.open(url)
    assert store.entries() == []
    store.close()


def test_a_database_of_the_first_version_keeps_what_it_holds(url):
    database = Database(url)
    with database.writing() as connection:
        command.upgrade(alembic_config(connection), "0001")
        connection.exec_driver_sql(
            "INSERT INTO suspension (subject, since, until, who, why, filed, ended_by) "
            "VALUES ('site:5118000022', '2026-11-20 00:00:00', '2026-11-23 00:00:00', '张三', '机房搬迁', '7 号', '')"
        )
    database.close()
    store = Store.open(url)
    [kept] = store.suspensions.all()
    assert (str(kept.subject), kept.filed, kept.weekly) == ("site:5118000022", "7 号", None)
    store.close()


def test_a_new_database_names_its_version_as_alembic_would(tmp_path):
    def version_table(name: str) -> tuple[str, list[tuple[str]]]:
        with closing(sqlite3.connect(tmp_path / name)) as connection:
            [(made,)] = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'alembic_version'")
            return "".join(made.split()), connection.execute("SELECT version_num FROM alembic_version").fetchall()

    Store.open(f"sqlite:///{tmp_path}/ours.db").close()
    database = Database(f"sqlite:///{tmp_path}/its.db")
    with database.writing() as connection:
        command.upgrade(alembic_config(connection), "head")
    database.close()
    assert version_table("ours.db") == version_table("its.db")


def test_a_database_emptied_by_a_downgrade_is_filled_with_tables_again(url):
    Store.open(url).close()
    database = Database(url)
    with database.writing() as connection:
        command.downgrade(alembic_config(connection), "base")
    database.close()
    store = Store.open(url)
    assert store.sites() == []
    store.close()


def test_the_head_named_in_the_code_is_the_newest_migration(tmp_path):
    database = Database(f"sqlite:///{tmp_path}/x.db")
    with database.reading() as connection:
        assert ScriptDirectory.from_config(alembic_config(connection)).get_current_head() == HEAD
    database.close()


def test_sqlite_runs_in_wal_mode_with_foreign_keys_and_patience(tmp_path):
    Store.open(f"sqlite:///{tmp_path}/x.db").close()
    database = Database(f"sqlite:///{tmp_path}/x.db")
    with database.reading() as connection:

        def pragma(name: str) -> object:
            return connection.exec_driver_sql(f"PRAGMA {name}").scalar()

        assert (pragma("journal_mode"), pragma("synchronous"), pragma("foreign_keys")) == ("wal", 1, 1)
        assert pragma("busy_timeout") >= 5000
    database.close()


def _missing_folder(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/absent/x.db"


def _a_folder(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}"


def _a_text_file(tmp_path: Path) -> str:
    (tmp_path / "x.db").write_text("标识码,网站名称\n" * 1000, encoding="utf-8")
    return f"sqlite:///{tmp_path}/x.db"


def _a_damaged_file(tmp_path: Path) -> str:
    file = tmp_path / "x.db"
    Store.open(f"sqlite:///{file}").close()
    content = bytearray(file.read_bytes())
    content[100:] = b"\x5a" * (len(content) - 100)
    file.write_bytes(content)
    return f"sqlite:///{file}"


def _of_another_program(tmp_path: Path) -> str:
    with sqlite3.connect(tmp_path / "x.db") as connection:
        connection.execute("CREATE TABLE songs (title TEXT)")
    connection.close()
    return f"sqlite:///{tmp_path}/x.db"


def _of_a_newer_version(tmp_path: Path) -> str:
    Store.open(f"sqlite:///{tmp_path}/x.db").close()
    with sqlite3.connect(tmp_path / "x.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    return f"sqlite:///{tmp_path}/x.db"


def _where_nobody_may_write(_tmp_path: Path) -> str:
    return "sqlite:////proc/x.db"


@pytest.mark.parametrize(
    ("place", "error", "remedy"),
    [
        (_missing_folder, UsageError, "请先建立"),
        (_a_folder, UsageError, "请在 [database] url 里写上文件名"),
        (_a_text_file, OperationError, "请从备份恢复"),
        (_a_damaged_file, OperationError, "请从备份恢复"),
        (_of_another_program, OperationError, "换一个数据库"),
        (_of_a_newer_version, OperationError, "请升级本程序"),
        (_where_nobody_may_write, OperationError, "权限"),
    ],
)
def test_an_unusable_file_is_refused_by_name_with_a_remedy(tmp_path, place, error, remedy):
    url = place(tmp_path)
    with pytest.raises(error) as refused:
        Store.open(url)
    assert remedy in str(refused.value)
    assert url.removeprefix("sqlite:///") in str(refused.value)


@pytest.mark.parametrize(
    "url", ["", "xuncha.db", "sqlite://", "sqlite:///:memory:", "mysql://root@localhost/x", "sqlite:///"]
)
def test_an_impossible_address_is_wrong_usage(url):
    with pytest.raises(UsageError):
        Store.open(url)


def test_a_password_is_not_shown_where_postgresql_does_not_answer():
    with pytest.raises(OperationError) as refused:
        Store.open("postgresql+psycopg://xuncha:geheim@127.0.0.1:1/xuncha")
    assert "连接不上" in str(refused.value)
    assert "geheim" not in str(refused.value)


def test_a_refused_database_is_left_as_it_was(tmp_path):
    url = _of_another_program(tmp_path)
    before = (tmp_path / "x.db").read_bytes()
    with pytest.raises(XunchaError):
        Store.open(url)
    with sqlite3.connect(tmp_path / "x.db") as connection:
        assert [name for (name,) in connection.execute("SELECT name FROM sqlite_master")] == ["songs"]
    connection.close()
    assert before[:16] == (tmp_path / "x.db").read_bytes()[:16]


def test_a_database_in_order_opens_without_loading_alembic(tmp_path):
    url = f"sqlite:///{tmp_path}/x.db"
    Store.open(url).close()
    code = f"import sys; from monitor.store import Store; Store.open({url!r}).close(); print('alembic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
