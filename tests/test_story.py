"""The whole story on loopback: what was planted is found, nothing else is accused, and the papers lie there."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import docx
import pytest
from openpyxl import load_workbook

from checks import Ref, all_checks
from checks.core.calendar import quarter_of
from checks.core.ledger import State, verify_chain
from checks.core.standard import Result, load_standard
from monitor.clock import FixedClock
from monitor.demo.run import Told, tell
from monitor.demo.world import World
from monitor.inspection import inspect, verdicts
from monitor.store import Store

END = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("story")


@pytest.fixture(scope="module")
def told(folder: Path) -> Told:
    return asyncio.run(tell(folder, end=END))


@pytest.fixture
def store(folder: Path, told: Told):
    store = Store.open(f"sqlite:///{folder / 'demo.db'}")
    yield store
    store.close()


def test_every_planted_defect_and_trap_is_ruled_as_planned(told: Told) -> None:
    assert len(told.found) > 100
    assert [planted for planted, found in told.found if not found] == []


def test_nothing_is_accused_that_was_not_planted(told: Told) -> None:
    planted = {(p.check, p.subject) for p, _ in told.found if p.status == "failed"}
    accused = {(r["check"], r["subject"]) for r in told.records if r["status"] == "failed"}
    assert accused == planted


def test_every_finding_cites_facts_that_are_kept(told: Told, store: Store) -> None:
    for record in told.records:
        if record["severity"]:
            facts = store.observations_by_id(record["evidence"])
            assert facts, record
            assert {fact.subject for fact in facts} == {Ref.parse(record["subject"])}


def test_the_verdicts_are_those_of_the_district(told: Told, store: Store) -> None:
    standard = load_standard("gwb-2019")
    given = verdicts(standard, store.subjects(), told.inspection.assessments)
    unqualified = {str(ref) for ref, verdict in given.items() if verdict.result is Result.UNQUALIFIED}
    assert unqualified == World(FixedClock(END)).unqualified


def test_each_problem_has_one_entry_and_the_chain_holds(told: Told, store: Store) -> None:
    problems = {(r["check"], r["subject"], r["key"]) for r in told.records if r["status"] == "failed"}
    entries = store.entries()
    assert {(e.check, str(e.subject), e.key) for e in entries} == problems
    assert len(entries) == len(problems)
    assert {e.state for e in entries} == {State.TO_VERIFY}
    assert verify_chain(store.events()) == []


def test_ruling_again_on_the_same_record_changes_nothing(told: Told, store: Store) -> None:
    before = store.events()
    again = inspect(store, load_standard("gwb-2019"), list(all_checks().values()), now=END, period=quarter_of(END))
    assert again.assessments == told.inspection.assessments
    assert (again.opened, again.recurred, again.proposed) == (0, 0, 0)
    assert store.events() == before


def test_the_papers_are_written_and_open(told: Told) -> None:
    assert [path.name for path in told.papers] == [
        "季度通报-2026Q4.docx",
        "季度通报-2026Q4.html",
        "季度通报-2026Q4.xlsx",
        "半年检查报告-2026H2.docx",
        "半年检查报告-2026H2.html",
        "半年检查报告-2026H2.xlsx",
    ]
    for path in told.papers:
        if path.suffix == ".html":
            assert "青禾县" in path.read_text(encoding="utf-8")
        elif path.suffix == ".docx":
            told_in = docx.Document(str(path))
            assert any("青禾县" in cell.text for table in told_in.tables for cell in table.column_cells(0))
        else:
            assert "未检测" in load_workbook(path, read_only=True).sheetnames
