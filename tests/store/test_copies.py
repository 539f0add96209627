"""Backups: whole and proven or not there; restored, with what was there before kept."""

from __future__ import annotations

import sqlite3
import threading
from datetime import UTC, datetime

import pytest

from checks import Outcome, PageVisit, Ref
from monitor.errors import OperationError, UsageError
from monitor.store import Store
from monitor.store.copies import prove, put_back

AT = datetime(2026, 11, 23, tzinfo=UTC)
SITE = Ref("site", "5118000022")


def visit():
    return PageVisit(subject=SITE, at=AT, vantage="v", url="http://a/", family=4, outcome=Outcome.OK)


@pytest.fixture
def record(tmp_path):
    opened = Store.open(f"sqlite:///{tmp_path}/x.db")
    yield opened
    opened.close()


def facts_in(path) -> int:
    opened = Store.open(f"sqlite:///{path}")
    try:
        return len(opened.observations(SITE))
    finally:
        opened.close()


def test_a_backup_holds_what_was_recorded_so_far(record, tmp_path):
    record.record([visit()])
    record.keeping.back_up(tmp_path / "copies" / "a.db")
    record.record([visit()])
    assert facts_in(tmp_path / "copies" / "a.db") == 1
    assert [p.name for p in (tmp_path / "copies").iterdir()] == ["a.db"]


def test_a_backup_taken_while_others_write_is_sound(record, tmp_path):
    enough = threading.Event()

    def write():
        while not enough.is_set():
            record.record([visit() for _ in range(50)])

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for n in range(5):
            record.keeping.back_up(tmp_path / f"{n}.db")
    finally:
        enough.set()
        writer.join()
    assert all(facts_in(tmp_path / f"{n}.db") % 50 == 0 for n in range(5))


def test_a_backup_that_is_broken_off_leaves_the_earlier_one(record, tmp_path):
    target = tmp_path / "a.db"
    record.keeping.back_up(target)

    def end():
        raise RuntimeError("to an end")

    record.record([visit() for _ in range(10)])
    with pytest.raises(RuntimeError):
        record.keeping.back_up(target, go_on=end)
    assert facts_in(target) == 0
    assert not list(tmp_path.glob("*.part"))


def test_a_restored_database_is_the_copy_and_the_other_is_kept(record, tmp_path):
    record.record([visit()])
    record.keeping.back_up(tmp_path / "a.db")
    record.record([visit()])
    record.close()
    kept = put_back(tmp_path / "a.db", tmp_path / "x.db")
    assert facts_in(tmp_path / "x.db") == 1
    assert facts_in(kept) == 2
    again = put_back(tmp_path / "a.db", tmp_path / "x.db")
    assert again != kept


def test_where_nothing_was_a_copy_is_put_back_as_well(record, tmp_path):
    record.keeping.back_up(tmp_path / "a.db")
    assert put_back(tmp_path / "a.db", tmp_path / "new.db") is None
    assert facts_in(tmp_path / "new.db") == 0


def test_what_is_no_database_of_ours_is_refused_and_nothing_is_touched(record, tmp_path):
    record.record([visit()])
    record.close()
    (tmp_path / "text.db").write_text("这不是数据库" * 1000)
    sqlite3.connect(tmp_path / "other.db").close()
    with pytest.raises(UsageError, match="找不到备份文件"):
        put_back(tmp_path / "missing.db", tmp_path / "x.db")
    for name in ("text.db", "other.db"):
        with pytest.raises(OperationError, match="不是本程序的数据库"):
            put_back(tmp_path / name, tmp_path / "x.db")
    assert facts_in(tmp_path / "x.db") == 1


def test_a_damaged_copy_is_found_out(record, tmp_path):
    record.record([visit() for _ in range(5000)])
    record.keeping.back_up(tmp_path / "a.db")
    whole = (tmp_path / "a.db").read_bytes()
    (tmp_path / "a.db").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(OperationError, match="损坏"):
        prove(tmp_path / "a.db")


def test_a_copy_of_a_newer_version_is_refused(record, tmp_path):
    record.keeping.back_up(tmp_path / "a.db")
    with sqlite3.connect(tmp_path / "a.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(OperationError, match="更新版本"):
        prove(tmp_path / "a.db")


def test_vacuum_gives_room_back(record):
    record.record([visit() for _ in range(20_000)])
    with record._database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM observation")
    before, after = record.keeping.vacuum()
    assert after < before
