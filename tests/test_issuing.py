"""整改通知单: numbered per year, one problem on one notice, kept as they were issued."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import docx
import pytest

from checks import Finding
from checks.core.assess import Status
from checks.core.calendar import Period
from checks.core.frames import FrameKind, StratumBy
from checks.core.ledger import Action, Event, entry_id
from checks.core.sampling import Share
from checks.core.standard import load_standard
from monitor.drawing import DrawTerms, draw_sample, freeze
from monitor.errors import UsageError
from monitor.issuing import issue, issued, waiting, write_notice
from monitor.registry.changes import RegistryChanges
from monitor.report_settings import Report
from monitor.reporting import gather, notice_numbers
from monitor.settings import parse_settings
from monitor.store import Store
from monitor.store.judgement import Inspection
from tests.reports.district import CHECK, assessment, site

NOW = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
DUE = date(2026, 12, 4)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Three sites of two units, each with a problem that waits to be verified."""
    store = Store.open(f"sqlite:///{tmp_path / 'xuncha.db'}")
    sites = [replace(site(number), sponsor="甲单位" if number < 3 else "乙单位/办公室") for number in (1, 2, 3)]
    store.apply(RegistryChanges(added=tuple(sites)))
    found = [assessment(CHECK, s.ref, Status.FAILED, Finding(text="已 20 天未更新（限 14 天）")) for s in sites]
    store.commit_inspection(Inspection(at=NOW, period="2026Q4", edition="gwb-2019", assessments=found))
    yield store
    store.close()


def act(store: Store, number: int, *actions: Action, at: datetime = NOW, assignee: str = "", due: date = DUE) -> None:
    for action in actions:
        assigned = {"due": due, "assignee": assignee or "经办人"} if action is Action.ASSIGNED else {}
        store.act([Event(entry=entry(number), at=at, who="张三", action=action, why="说明", **assigned)])


def assign(store: Store, *numbers: int, at: datetime = NOW, assignee: str = "") -> None:
    for number in numbers:
        act(store, number, Action.CONFIRMED, Action.ASSIGNED, at=at, assignee=assignee)


def entry(number: int) -> str:
    return entry_id(CHECK, site(number).ref, "")


def test_only_what_was_assigned_is_told_of(store: Store) -> None:
    assert waiting(store) == {}
    act(store, 1, Action.CONFIRMED)
    assert waiting(store) == {}
    act(store, 1, Action.ASSIGNED)
    assert {unit: [line.entry for line in lines] for unit, lines in waiting(store).items()} == {"甲单位": [entry(1)]}


def test_one_problem_stands_on_one_notice(store: Store) -> None:
    assign(store, 1)
    first = issue(store, "甲单位", now=NOW, who="张三")
    assert first is not None
    assert issue(store, "甲单位", now=NOW, who="张三") is None
    assign(store, 2)
    second = issue(store, "甲单位", now=NOW, who="张三")
    assert second is not None
    assert [line.entry for line in second.lines] == [entry(2)]
    assert (first.number, second.number) == (1, 2)


def test_a_problem_assigned_again_is_told_of_again(store: Store) -> None:
    assign(store, 1)
    issue(store, "甲单位", now=NOW, who="张三")
    act(store, 1, Action.SUBMITTED, Action.REJECTED)
    assert waiting(store) == {}  # sent back under the same 交办
    act(store, 1, Action.SUBMITTED, Action.APPROVED)
    later = NOW + timedelta(days=9)
    found = replace(assessment(CHECK, site(1).ref, Status.FAILED, Finding(text="又")), at=later, facts_at=later)
    store.commit_inspection(Inspection(at=later, period="2026Q4", edition="gwb-2019", assessments=[found]))
    assign(store, 1, at=later + timedelta(days=1))
    again = issue(store, "甲单位", now=later, who="张三")
    assert again is not None
    assert (again.number, again.lines[0].text) == (2, "又")


def test_the_numbers_begin_anew_each_year_of_beijing(store: Store) -> None:
    assign(store, 1, 2, 3)
    silvester = datetime(2026, 12, 31, 15, 59, tzinfo=UTC)
    last = issue(store, "甲单位", now=silvester, who="张三")
    first = issue(store, "乙单位/办公室", now=silvester + timedelta(minutes=1), who="张三")
    assert last is not None
    assert first is not None
    assert [(n.year, n.number) for n in (last, first)] == [(2026, 1), (2027, 1)]


def test_what_is_assigned_to_another_registered_unit_is_told_to_that_one(store: Store) -> None:
    assign(store, 1, assignee="乙单位/办公室")
    assert list(waiting(store)) == ["乙单位/办公室"]


def test_a_notice_is_printed_again_as_it_was_issued(store: Store, tmp_path: Path) -> None:
    assign(store, 3)
    notice = issue(store, "乙单位/办公室", now=NOW, who="张三")
    assert notice is not None
    settings = Report(notice_number="网改〔{year}〕{number}号")
    (path,) = write_notice(notice, tmp_path / "a", settings=settings)
    assert path.name == "整改通知单-2026-001-乙单位办公室.docx"
    act(store, 3, Action.SUBMITTED, Action.APPROVED)
    (again,) = write_notice(issued(store, "2026-1"), tmp_path / "b", settings=settings)
    assert again.read_bytes() == path.read_bytes()
    told = [paragraph.text for paragraph in docx.Document(io.BytesIO(path.read_bytes())).paragraphs]
    assert {"网改〔2026〕1号", "乙单位/办公室："} <= set(told)


def test_a_notice_that_is_not_there_is_named(store: Store) -> None:
    with pytest.raises(UsageError, match="没有整改通知单 2026-9"):
        issued(store, "2026-9")


def test_the_ledger_tells_the_number(store: Store) -> None:
    assign(store, 1, 3)
    for unit in ("甲单位", "乙单位/办公室"):
        issue(store, unit, now=NOW, who="张三")
    assert notice_numbers(store, Report()) == {entry(1): "〔2026〕1号", entry(3): "〔2026〕2号"}
    material = gather(store, load_standard("gwb-2019"), Period.parse("2026Q4"), now=NOW)
    assert material.notices == notice_numbers(store, Report())


def test_a_report_as_of_a_past_moment_does_not_know_what_came_after(store: Store) -> None:
    assign(store, 1, at=NOW + timedelta(days=1))
    then = gather(store, load_standard("gwb-2019"), Period.parse("2026Q4"), now=NOW)
    assert {e.state.value for e in then.entries} == {"待核实"}
    assert len(then.entries) == len(then.events) == 3
    after = gather(store, load_standard("gwb-2019"), Period.parse("2026Q4"), now=NOW + timedelta(days=2))
    assert sorted(e.state.value for e in after.entries) == ["待核实", "待核实", "整改中"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"decimals": 5}, "report.decimals：应不大于 4"),
        ({"rounding": "up"}, "half_up、half_even、cut"),
        ({"notice_number": "〔{year}〕号"}, "须含 {number}"),
        ({"notice_number": "{number}{day}"}, "只能用 {year}"),
        ({"notice_number": "{number"}, "只能用 {year}"),
        ({"issuer": "长" * 61}, "不能超过 60 个字"),
        ({"typo": 1}, "report.typo"),
    ],
)
def test_a_fault_in_the_settings_of_reports_is_told(given: dict[str, object], told: str) -> None:
    with pytest.raises(UsageError, match="设置文件") as fault:
        parse_settings({"report": given}, "settings.toml")
    assert told in str(fault.value)


def test_the_draw_of_a_quarter_is_named_with_its_seed(store: Store) -> None:
    standard, quarter = load_standard("gwb-2019"), Period.parse("2026Q4")
    terms = DrawTerms(who="张三", seed="2026-11-20 双色球", seed_source="开奖号码", rate=Share(2, 3))
    freeze(store, quarter, FrameKind.SITE, by=StratumBy.REGION, who="张三", now=NOW)
    draw_sample(store, standard, quarter, FrameKind.SITE, terms=terms, now=NOW)
    for period in (quarter, Period.parse("2026H2")):
        (sampling,) = gather(store, standard, period, now=NOW).samplings
        assert (sampling.name, sampling.base, sampling.seed) == ("2026年第四季度政府网站", 3, "2026-11-20 双色球")
        assert 2 <= sampling.drawn <= 3
    assert gather(store, standard, Period.parse("2026Q3"), now=NOW).samplings == ()
