import io
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from checks import Finding, Severity
from checks.core.assess import Status
from checks.core.ledger import Action, Entry, Event, advance, chain_all, entry_id
from checks.core.standard import Result
from reports.bulletin import quarter_bulletin
from reports.inspection import half_year_report
from reports.ledger import LedgerRow, ledger_rows, ledger_workbook
from reports.sheets import Head, Table, to_xlsx
from reports.xlsx import workbook
from tests.reports.district import HALF_YEAR, NOW, account, assessment, ganzi, material, site, verdict, with_a_past

SHEETS = [
    "总体情况",
    "问题清单",
    "未检测",
    "按单位",
    "按地区",
    "按层级",
    "按平台",
    "栏目",
    "结论",
    "预警",
    "上期问题",
    "整改台账",
    "检查指标",
]
FORMULAS = ['=HYPERLINK("http://evil.example","点我")', "+1+1", "-2+3", "@SUM(A1)", " =1+1", "\t=1+1"]


def opened(content: bytes) -> Workbook:
    return load_workbook(io.BytesIO(content))


def rows(sheet: Worksheet) -> list[dict[str, object]]:
    """The lines under the header, which is the second row, below the note, or the first."""
    header = int(sheet.auto_filter.ref.split(":")[0].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    values = list(sheet.iter_rows(min_row=header, values_only=True))
    return [dict(zip(values[0], line, strict=True)) for line in values[1:]]


def quarter(of=None) -> Workbook:
    return opened(workbook(quarter_bulletin(of or ganzi())))


def test_the_annex_has_a_sheet_for_each_question() -> None:
    assert quarter().sheetnames == SHEETS


def test_every_sheet_has_a_frozen_header_and_a_filter() -> None:
    for sheet in quarter():
        assert sheet.freeze_panes is not None
        assert sheet.auto_filter.ref


def test_the_summary_gives_each_rate_with_both_numbers() -> None:
    summary = {row["项目"]: row for row in rows(quarter()["总体情况"])}
    line = summary["政府网站合格率"]
    assert (line["数值"], line["分子"], line["分母"]) == ("71.8%", 28, 39)
    line = summary["政务新媒体账号检查覆盖率"]
    assert (line["数值"], line["分子"], line["分母"]) == ("97.9%", 238, 243)
    assert "test-2026" in summary["检查标准"]["说明"]
    assert summary["统计截至"]["数值"] == datetime(2026, 11, 24, 10, 30)


def test_the_sheets_hold_every_problem_and_every_untested_check() -> None:
    book = quarter()
    assert len(rows(book["问题清单"])) == 11 + 38
    assert len(rows(book["未检测"])) == 2 + 5
    results = [row["结论"] for row in rows(book["结论"])]
    assert [results.count(word) for word in ("合格", "不合格", "未检测")] == [228, 49, 7]


def test_the_same_paper_gives_the_same_bytes() -> None:
    assert workbook(quarter_bulletin(ganzi())) == workbook(quarter_bulletin(ganzi()))
    later = replace(ganzi(), now=NOW + timedelta(minutes=1))
    assert workbook(quarter_bulletin(ganzi())) != workbook(quarter_bulletin(later))


def test_an_empty_period_gives_a_workbook_that_opens() -> None:
    book = quarter(material(coverage=None))
    assert book.sheetnames == SHEETS
    assert rows(book["问题清单"]) == []
    summary = {row["项目"]: row for row in rows(book["总体情况"])}
    assert summary["政府网站合格率"]["数值"] == "—"


def test_only_the_half_year_workbook_has_scores() -> None:
    report = half_year_report(replace(ganzi(), period=HALF_YEAR))
    scores = [row["得分"] for row in rows(opened(workbook(report))["结论"])]
    assert scores.count(96.5) == 228
    assert "得分" not in rows(quarter()["结论"])[0]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_that_looks_like_a_formula_stays_text(text: str) -> None:
    bad = replace(site(1), name=text, sponsor=text)
    found = Finding(text=text, key=text, url=text, advice=text)
    book = quarter(
        material(
            sites=[bad],
            assessments=[assessment("site.homepage_stale", bad.ref, Status.FAILED, found)],
            verdicts={bad.ref: replace(verdict(bad.ref, Result.UNQUALIFIED), reasons=(text,))},
        )
    )
    (line,) = rows(book["问题清单"])
    assert line["问题描述"] == line["对象名称"] == line["整改建议"] == text
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert all(cell.hyperlink is None for cell in cells)
    assert all(cell.quotePrefix for cell in cells if cell.value == text)


def test_an_address_is_no_link() -> None:
    sheet = opened(to_xlsx([Table("甲", (Head("网址"),), (("http://evil.example/",),))], now=NOW, title="甲")).active
    assert sheet["A2"].value == "http://evil.example/"
    assert sheet["A2"].hyperlink is None


ADDRESSES = [
    ("http://w1.example/", True),
    ("https://w1.example/a?b=c#d", True),
    ("HTTP://W1.EXAMPLE/", True),
    ("http://[2001:db8::1]/", True),
    ("javascript:alert(1)", False),
    ("file:///etc/passwd", False),
    ("ftp://w1.example/", False),
    ("internal:Sheet1!A1", False),
    ("external:c:\\\\temp", False),
    ("http://gov.example@evil.example/", False),
    ("http:///no-host", False),
    ("http://w1.example/ with a blank", False),
    ('http://w1.example/"quoted', False),
    ("http://w1.example/\x00", False),
    ("http://[broken/", False),
    ("=http://w1.example/", False),
    ("http://w1.example/" + "a" * 2_000, False),
]


@pytest.mark.parametrize(("address", "linked"), ADDRESSES)
def test_only_a_plain_web_address_in_a_column_of_addresses_becomes_a_link(address: str, linked: bool) -> None:
    table = Table("甲", (Head("网址"), Head("文")), ((address, address),), links=frozenset({0}))
    sheet = opened(to_xlsx([table], now=NOW, title="甲")).active
    assert (sheet["A2"].hyperlink is not None) == linked
    assert sheet["B2"].hyperlink is None
    assert sheet["A2"].data_type == "s"


def test_the_problems_link_to_their_pages() -> None:
    sheet = quarter()["问题清单"]
    head = {cell.value: cell.column for cell in sheet[2]}
    assert sheet.cell(3, head["页面地址"]).hyperlink.target == "http://w.example/"


def test_every_count_of_the_summary_is_the_number_of_lines_that_it_points_to() -> None:
    book = quarter(with_a_past())
    pointers = [row for row in rows(book["总体情况"]) if row["明细"]]
    assert len(pointers) > 15
    for row in pointers:
        sheet, _, where = str(row["明细"]).removeprefix("“").partition("”表")
        wanted = [pair.split("＝") for pair in where.lstrip("：").split("，") if pair]
        lines = [line for line in rows(book[sheet]) if all(str(line[c]) == v for c, v in wanted)]
        assert len(lines) == row["数值"], row["项目"]


def test_a_ruling_leads_to_its_problems_by_number() -> None:
    book = quarter()
    numbers = {row["序号"]: row for row in rows(book["问题清单"])}
    failed = [row for row in rows(book["结论"]) if row["结论"] == "不合格"]
    assert len(failed) == 49
    for row in failed:
        number = int(str(row["问题清单序号"]).partition("：第 ")[2].removesuffix(" 号"))
        assert numbers[number]["对象名称"] == row["对象名称"]


def test_the_indicators_are_listed_with_document_and_clause() -> None:
    lines = {row["编号"]: row for row in rows(quarter()["检查指标"])}
    assert (lines["W3"]["文件"], lines["W3"]["已核对原文"], lines["W3"]["方式"]) == (
        "国办秘函〔2019〕19号",
        "是",
        "机器",
    )
    assert (lines["W1"]["方式"], lines["D1"]["已核对原文"]) == ("人工", "否")


@pytest.mark.parametrize(("length", "cut"), [(32_766, False), (32_767, False), (32_768, True)])
def test_a_text_longer_than_a_cell_is_cut_and_says_so(length: int, cut: bool) -> None:
    sheet = opened(to_xlsx([Table("甲", (Head("文"),), (("长" * length,),))], now=NOW, title="甲")).active
    assert len(sheet["A2"].value) == min(length, 32_767)
    assert sheet["A2"].value.endswith("（过长，已截断）") == cut


def test_dates_are_dates_in_beijing_time_and_odd_characters_are_dropped() -> None:
    table = Table("甲", (Head("文"), Head("时"), Head("日")), (("a\x00\x1b\ud800b", NOW, date(2026, 11, 24)),))
    sheet = opened(to_xlsx([table], now=NOW, title="甲")).active
    assert [sheet.cell(2, n).value for n in (1, 2, 3)] == [
        "ab",
        datetime(2026, 11, 24, 10, 30),
        datetime(2026, 11, 24),
    ]


def story(*steps: Event) -> tuple[Entry, tuple[Event, ...]]:
    """An entry opened on the home page of site 1, led through the given steps."""
    events = chain_all((found(), *steps), last_number=0, last_hash="")
    entry: Entry | None = None
    for event in events:
        entry = advance(entry, event)
    assert entry is not None
    return entry, events


ID = entry_id("site.homepage_stale", site(1).ref, "")


def found(action: Action = Action.FOUND, day: int = 0) -> Event:
    carried = {
        "check": "site.homepage_stale",
        "subject": str(site(1).ref),
        "key": "",
        "text": "=已 15 天未更新",
        "url": "http://w1.example/",
        "severity": Severity.PROBLEM.value,
    }
    return step(action, day, who="巡查", finding=carried)


def step(action: Action, day: int, *, who: str = "张三", **others: object) -> Event:
    return Event(entry=ID, at=NOW + timedelta(days=day), who=who, action=action, **others)  # type: ignore[arg-type]


ASSIGNED = (
    step(Action.CONFIRMED, 1, why="已核对"),
    step(Action.ASSIGNED, 2, due=date(2026, 12, 6), assignee="第1单位"),
)
CLOSED = (
    *ASSIGNED,
    step(Action.SUBMITTED, 5, why="已更新"),
    step(Action.APPROVED, 6, who="李四"),
)


def row_of(*steps: Event, day: int = 30) -> LedgerRow:
    entry, events = story(*steps)
    (row,) = ledger_rows([entry], events, sites=[site(1)], accounts=[account(1)], now=NOW + timedelta(days=day))
    return row


def line_of(row: LedgerRow) -> dict[str, object]:
    (line,) = rows(opened(ledger_workbook([row], now=NOW)).active)
    return line


def test_a_line_of_the_ledger_tells_the_whole_round() -> None:
    line = line_of(row_of(*CLOSED))
    assert (line["网站（账号、栏目）名称"], line["主办单位"], line["地区"]) == ("第1网站", "第1单位", "甲县")
    assert (line["核验人"], line["核验结论"], line["核验说明"]) == ("张三", "核实", "已核对")
    assert (line["责任单位（人）"], line["整改期限"]) == ("第1单位", datetime(2026, 12, 6))
    assert (line["整改说明"], line["复查结果"], line["状态"], line["销号人"]) == ("已更新", "销号", "已销号", "李四")
    assert line["发现时间"] == datetime(2026, 11, 24, 10, 30)
    assert line["销号时间"] == datetime(2026, 11, 30, 10, 30)


@pytest.mark.parametrize(("day", "over"), [(11, 0), (12, 0), (13, 1)])
def test_days_over_count_from_the_day_after_the_last(day: int, over: int) -> None:
    assert row_of(*ASSIGNED, day=day).days_over == over


def test_what_was_handed_in_or_closed_is_not_late() -> None:
    assert row_of(*CLOSED[:3]).days_over == 0
    assert row_of(*CLOSED).days_over == 0


def test_a_problem_that_came_back_begins_a_new_round_on_its_old_line() -> None:
    row = row_of(*CLOSED, found(Action.RECURRED, 20))
    assert (row.entry.recurrences, row.entry.state.value) == (1, "待核实")
    assert (row.verified, row.assigned, row.submitted, row.closed) == (None, None, None, None)


def test_the_ledger_text_is_text_and_its_state_is_chosen_from_a_list() -> None:
    row = row_of()
    sheet = opened(ledger_workbook([row], now=NOW)).active
    assert line_of(row)["问题描述"] == "=已 15 天未更新"
    (choice,) = sheet.data_validations.dataValidation
    head = {cell.value: cell.column_letter for cell in sheet[2]}
    assert str(choice.sqref) == f"{head['状态']}3"
    assert "待核实" in choice.formula1
    assert sheet.freeze_panes == "A3"


def test_an_entry_whose_subject_left_the_register_keeps_its_line() -> None:
    entry, events = story()
    (row,) = ledger_rows([entry], events, sites=[], now=NOW)
    assert (row.subject.kind, row.subject.number) == ("网站", site(1).id)


def test_the_same_ledger_gives_the_same_bytes_and_an_empty_one_opens() -> None:
    row = row_of(*CLOSED)
    assert ledger_workbook([row], now=NOW) == ledger_workbook([row], now=NOW)
    assert rows(opened(ledger_workbook([], now=NOW)).active) == []
