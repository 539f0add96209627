"""`standards`: the rulebooks told, the sheet for people out and in, a past period under another edition."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from checks import Answer, Observation, all_checks
from checks.core.calendar import Period
from checks.core.rulebook import editions
from checks.core.standard import Result, load_standard
from monitor.answer_sheet import answer_sheet
from monitor.asked_tasks import calendar_states
from monitor.cli import main
from monitor.comparing import differences
from monitor.errors import FaultyInput, UsageError
from monitor.handed_in import read_handed_in
from monitor.inspection import inspect
from monitor.registry.changes import RegistryChanges
from monitor.rejudging import changed, rejudge
from monitor.store import Store
from reports.sheets import to_xlsx
from tests.checks.facts import ACCOUNT, NEWS, NOW, SITE, ago, day, reading

NATIONAL = load_standard("gwb-2019")


@pytest.fixture
def xuncha(capsys):
    def run(*arguments, status: int = 0) -> str:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(a) for a in arguments])
        printed = capsys.readouterr()
        assert (ended.value.code or 0) == status, printed.err
        return printed.out if status == 0 else printed.err

    return run


@pytest.fixture
def store(tmp_path):
    record = Store.open(f"sqlite:///{tmp_path / 'record.db'}")
    record.apply(RegistryChanges(added=(SITE, NEWS, ACCOUNT)))
    yield record
    record.close()


def filled(path: Path, *rows: dict[str, str]) -> Path:
    heads = ["对象", "指标编号", "结论", "处数", "说明"]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, heads)
        writer.writeheader()
        writer.writerows(rows)
    return path


def row(indicator: str, answer: str, count: str = "", subject: str = str(SITE.ref)) -> dict[str, str]:
    return {"对象": subject, "指标编号": indicator, "结论": answer, "处数": count, "说明": "附截图"}


def read(path: Path) -> list[Observation]:
    return read_handed_in([path], NATIONAL, [SITE, ACCOUNT], who="李四", at=NOW)


def test_list_tells_every_edition(xuncha):
    listed = json.loads(xuncha("standards", "list", "--format", "json"))
    assert {r["edition"] for r in listed} == set(editions())
    [ganzi] = [r for r in listed if r["edition"] == "ganzi"]
    assert ganzi["extends"] == "sichuan"
    assert ganzi["unverified"] > 0


@pytest.mark.parametrize("edition", editions())
def test_show_tells_document_clause_threshold_and_whether_it_was_read(xuncha, edition):
    told = json.loads(xuncha("standards", "show", edition, "--format", "json"))
    assert all(r["document"] and r["clause"] and r["threshold"] for r in told["list"])
    assert all(isinstance(r["verified"], bool) for r in told["list"])
    assert set(told["limits"]) == set(all_checks())


def test_show_says_in_chinese_what_was_not_read_in_the_document(xuncha):
    assert "未核对原文" in xuncha("standards", "show", "gwb-2019", "--tier", "deduct").replace("\n", "")


def test_diff_names_each_place_with_both_values(xuncha):
    rows = json.loads(xuncha("standards", "diff", "sichuan", "ganzi", "--format", "json"))
    told = {r["place"]: (r["old"], r["new"]) for r in rows}
    assert told["draw_rates.account"] == (0.25, 0.5)
    assert told["rectification.days"] == (30, 10)
    assert told["indicators.GZ-verified"][0] is None
    assert "draw_rates.site" not in told
    assert json.loads(xuncha("standards", "diff", "ganzi", "ganzi", "--format", "json")) == []


def test_differences_go_into_mappings_and_tell_what_is_gone():
    found = [(d.place, d.old, d.new) for d in differences({"a": {"b": 1}, "c": 2}, {"a": {"b": 3}})]
    assert found == [("a.b", 1, 3), ("c", 2, None)]


def test_a_broken_file_is_told_with_line_and_column(xuncha, tmp_path):
    bad = tmp_path / "bad.toml"
    bad.write_text('edition = "x"\nextends = "gwb-2019"\n[[indicators]\nid = 1\n', encoding="utf-8")
    assert "bad.toml：第 3 行第 13 列" in xuncha("standards", "check", bad, status=2)
    bad.write_text('extends = "gwb-2019"\n[[indicators]]\nid = "W2"\nat_least = 0\n', encoding="utf-8")
    assert "bad.toml：indicators.W2.at_least：应不小于 1，现为 0" in xuncha("standards", "check", bad, status=2)
    assert "可用" in xuncha("standards", "check", "gwb-2019")


def test_the_sheet_asks_each_subject_what_people_have_to_judge_on_it(tmp_path):
    content = to_xlsx([answer_sheet(NATIONAL, [SITE, ACCOUNT])], now=NOW, title="人工核查表")
    (tmp_path / "sheet.xlsx").write_bytes(content)
    sheet = load_workbook(tmp_path / "sheet.xlsx").active
    asked = {(str(r[0].value), str(r[2].value)) for r in sheet.iter_rows(min_row=3)}
    expected = {(str(s.ref), i.id) for s in (SITE, ACCOUNT) for i in NATIONAL.indicators if i.manual and i.concerns(s)}
    assert asked == expected
    assert (str(ACCOUNT.ref), "W5") not in asked
    assert (str(SITE.ref), "W2") not in asked


def test_a_sheet_comes_back_as_facts_of_whoever_filled_it(tmp_path):
    content = to_xlsx([answer_sheet(NATIONAL, [SITE])], now=NOW, title="人工核查表")
    path = tmp_path / "sheet.xlsx"
    path.write_bytes(content)
    assert read(path) == []
    book = load_workbook(path)
    sheet = book.active
    for cells in sheet.iter_rows(min_row=3):
        if cells[2].value == "W6":
            cells[7].value, cells[8].value, cells[9].value = "有问题", 3, "缺 4 类要素"
    book.save(path)
    [answer] = read(path)
    assert (answer.indicator, answer.name, answer.answer, answer.count) == ("W6", "服务不实用", Answer.PROBLEM, 3)
    assert (answer.vantage, answer.note, answer.subject) == ("manual:李四", "缺 4 类要素", SITE.ref)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (row("W5", "可能有"), "第 3 行“结论”：应为 无问题、有问题、不适用 之一"),
        (row("B-data", "有问题"), "“结论”：应为 符合、不符合、不适用 之一"),
        (row("W2", "无问题"), "没有须人工核查的指标 'W2'"),
        (row("NM3", "无问题"), "NM3 不适用于 site:"),
        (row("W5", "有问题", "0"), "结论为“有问题”或“符合”时不能是 0"),
        (row("W5", "有问题", "-1"), "“处数”：应为 0 至 10000 的整数"),
        (row("W5", "有问题", "10001"), "“处数”：应为 0 至 10000 的整数"),
        (row("W5", "无问题", subject="site:9999999999"), "“对象”：台账中没有 site:9999999999"),
        (row("W5", "无问题", subject="某县政府网"), "不是监测对象的写法"),
    ],
)
def test_a_faulty_row_is_named_and_nothing_is_read(tmp_path, wrong, told):
    with pytest.raises(FaultyInput, match="没有读入任何内容") as raised:
        read(filled(tmp_path / "a.csv", row("W1", "无问题"), wrong))
    assert told in str(raised.value)


def test_a_file_without_the_heads_is_refused(tmp_path):
    (tmp_path / "a.csv").write_text("对象,结论\nsite:1,无问题\n", encoding="utf-8")
    with pytest.raises(FaultyInput, match=r"没有找到表头.*人工核查表：对象、指标编号、结论"):
        read(tmp_path / "a.csv")


def test_filled_sheets_reach_verdict_and_ledger(xuncha, tmp_path, store):
    settings = tmp_path / "settings.toml"
    settings.write_text('[database]\nurl = "sqlite:///record.db"\n', encoding="utf-8")
    sheet = filled(tmp_path / "a.csv", row("W5", "有问题", "2"), row("D-search", "无问题"))
    at = ("--settings", settings, "--now", NOW.isoformat())
    assert "已读入核查结论 2 项" in xuncha(*at, "standards", "fill", sheet, "--who", "李四")
    xuncha(*at, "inspect", "--check", "site.manual")
    [entry] = store.entries()
    assert (entry.check, entry.key) == ("site.manual", "W5")
    assert "核查人 李四" in entry.text
    # answered again: the machine proposes to close
    sheet = filled(tmp_path / "b.csv", row("W5", "无问题"))
    later = ("--settings", settings, "--now", "2026-11-25T12:00:00+08:00")
    xuncha(*later, "standards", "fill", sheet)
    xuncha(*later, "inspect", "--check", "site.manual")
    [entry] = store.entries()
    assert entry.close_proposed
    assert store.events(entry.id)[-1].evidence


def test_a_period_is_judged_again_under_another_edition(store):
    period = Period.parse("2026Q4")
    stale = [reading(at, day(20), of=replace(NEWS)) for at in (ago(days=1), ago())]
    store.record(stale)
    checks = [all_checks()["column.stale"]]
    inspect(store, NATIONAL, checks, now=NOW, period=period)
    strict = replace(
        NATIONAL,
        edition="strict",
        indicators=tuple(replace(i, at_least=1) for i in NATIONAL.indicators if i.id == "W4-1"),
    )
    before = store.entries(), store.assessments()
    result = rejudge(store, NATIONAL, strict, checks, period=period)
    [site] = result.verdicts
    assert site.given is not None
    assert (site.given.result, site.again.result) == (Result.UNTESTED, Result.UNQUALIFIED)
    assert list(changed(result)) == [site]
    assert (store.entries(), store.assessments()) == before
    # limits count as well as indicators: 20 days are in time where the limit is 30
    lenient = replace(
        strict,
        limits={**strict.limits, "column.stale": replace(strict.limits["column.stale"], news_days=30)},
    )
    [site] = rejudge(store, NATIONAL, lenient, checks, period=period).verdicts
    assert site.again.result is Result.QUALIFIED


def test_dated_tasks_tell_what_is_overdue_and_how_far_it_is_done(xuncha, tmp_path, store):
    settings = tmp_path / "settings.toml"
    settings.write_text(
        '[database]\nurl = "sqlite:///record.db"\n[standard]\nedition = "jishishan"\n', encoding="utf-8"
    )

    def tasks(now: str, *more: str) -> dict[str, dict]:
        told = xuncha("--settings", settings, "--now", now, "standards", "tasks", *more, "--format", "json")
        return {t["id"]: t for t in json.loads(told)}

    at = "2021-12-31T12:00:00+08:00"
    sheet = filled(tmp_path / "a.csv", row("JS-10", "有问题"), row("JS-11", "无问题"), row("JS-01", "无问题"))
    xuncha("--settings", settings, "--now", at, "standards", "fill", sheet)
    xuncha("--settings", settings, "--now", at, "inspect")
    on_time = tasks(at)
    assert (on_time["JS-10"]["unfinished"], on_time["JS-10"]["days_late"]) == (1, 0)
    assert (on_time["JS-11"]["done"], on_time["JS-01"]["done"]) == (1, 1)
    assert "JS-10" not in tasks(at, "--overdue")
    late = tasks("2022-01-01T12:00:00+08:00", "--overdue")
    assert late["JS-10"]["days_late"] == 1
    assert "JS-11" not in late
    assert "JS-01" not in late  # done, and without a day
    assert late["JS-09"]["unknown"] == 1  # 2021-06-30, and nobody looked
    assert next(iter(late)) in ("JS-03a", "JS-09")


def test_the_calendar_tells_which_columns_serve_it_and_what_no_column_serves(store):
    yunnan = load_standard("yunnan-minzheng")
    served, late = (replace(NEWS, name=name, url=f"{NEWS.url}{name}/") for name in ("城乡低保", "临时救助"))
    store.apply(RegistryChanges(added=(served, late)))
    store.record([reading(ago(), day(5), of=served), reading(ago(), day(300), of=late)])
    inspect(store, yunnan, [all_checks()["column.calendar"]], now=NOW, period=Period.parse("2026Q4"))
    states = {s.item.id: s for s in calendar_states(yunnan, store.columns(), store.assessments())}
    assert (states["YN-Q1"].done, states["YN-Q1"].unfinished, states["YN-Q1"].unknown) == (1, 0, 0)
    assert (states["YN-Q3"].done, states["YN-Q3"].unfinished, states["YN-Q3"].unknown) == (0, 1, 0)
    assert states["YN-Q2"].uncovered
    [entry] = store.entries()
    assert (entry.check, entry.key) == ("column.calendar", "YN-Q3")


def test_a_period_without_rulings_cannot_be_judged_again(store):
    with pytest.raises(UsageError, match="2026年第一季度没有判定记录"):
        rejudge(store, NATIONAL, NATIONAL, list(all_checks().values()), period=Period.parse("2026Q1"))
