"""From files to the registry: encodings, headers, faults with their places, and what an import changes."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font

from checks.core.model import (
    Account,
    AccountStatus,
    Column,
    ColumnCategory,
    Level,
    Platform,
    Site,
    SiteKind,
    SiteStatus,
    Unit,
)
from monitor.errors import FaultyInput
from monitor.registry import Kind, export_csv, import_files, read_files, template
from monitor.store import Store

SITES = "标识码,网站名称,网址,类型,主办单位,主管单位,行政区划,层级,状态,临时下线至\n"
SITE = "5118000022,雅安市人民政府网站,http://www.yaan.gov.cn/,门户,雅安市人民政府办公室,四川省人民政府办公厅,雅安市,市州及部门,正常运行,\n"
COLUMNS = "标识码,栏目名称,网址,类别,一级栏目,更新期限\n"
COLUMN = "5118000022,通知公告,http://www.yaan.gov.cn/tz/,通知公告,是,14\n"
ACCOUNTS = "平台,账号名称,账号ID,主办单位,状态\n"
ACCOUNT = "微信公众号,雅安发布,gh_0123456789ab,雅安市人民政府办公室,正常\n"


@pytest.fixture
def store(tmp_path):
    opened = Store.open(f"sqlite:///{tmp_path}/x.db")
    yield opened
    opened.close()


@pytest.fixture
def write(tmp_path):
    def write_file(name: str, content: str, encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode(encoding))
        return path

    return write_file


def workbook(path: Path, **sheets: list[list[object]]) -> Path:
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def faults_of(*paths: Path, **more) -> list[str]:
    with pytest.raises(FaultyInput) as refused:
        read_files(paths, **more)
    return list(refused.value.faults)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_csv_is_read_in_any_of_its_encodings(write, encoding):
    registry = read_files([write("x.csv", SITES + SITE, encoding)])
    assert registry.sites == (
        Site(
            id="5118000022",
            name="雅安市人民政府网站",
            url="http://www.yaan.gov.cn/",
            kind=SiteKind.PORTAL,
            sponsor="雅安市人民政府办公室",
            supervisor="四川省人民政府办公厅",
            region="雅安市",
            level=Level.PREFECTURE,
            status=SiteStatus.RUNNING,
        ),
    )


def test_every_header_of_the_contract_is_read(write):
    units = (
        "单位名称,统一社会信用代码,上级单位,行政区划,层级,联系人,电话,邮箱\n"
        "某局,11510000MB1234567X,某市,示例县,县（市、区）及部门,张三,0835-1234567,a@b.cn\n"
    )
    accounts = (
        "平台,账号名称,账号ID,主办单位,主管单位,行政区划,层级,状态,开设时间,粉丝数,采集方式,订阅地址,最后更新时间,最新链接\n"
        "新浪微博,雅安发布,6543210987654321001,某局,某市,示例县,县级,停更（已公告）,2019年5月,1.2万,feed,http://f/x.xml,2026-09-10,http://w/1\n"
    )
    registry = read_files([write("u.csv", units), write("a.csv", accounts)])
    assert registry.units == (
        Unit(
            name="某局",
            credit_code="11510000MB1234567X",
            parent="某市",
            region="示例县",
            level=Level.COUNTY,
            contact="张三",
            phone="0835-1234567",
            email="a@b.cn",
        ),
    )
    assert registry.accounts == (
        Account(
            platform=Platform.WEIBO,
            name="雅安发布",
            account_id="6543210987654321001",
            sponsor="某局",
            supervisor="某市",
            region="示例县",
            level=Level.COUNTY,
            status=AccountStatus.PAUSED,
            opened_on=date(2019, 5, 1),
            followers=12000,
            source="feed",
            feed_url="http://f/x.xml",
            last_published=date(2026, 9, 10),
            last_url="http://w/1",
        ),
    )
    assert registry.notes == ()


def test_a_workbook_gives_every_sheet_that_has_a_header(tmp_path):
    book = workbook(
        tmp_path / "x.xlsx",
        网站=[
            ["雅安市政府网站台账"],
            [],
            ["序号", "网站标识码*", "网站名称", "首页网址", "网站类型", "主办单位", "临时下线至（日期）", "运行状态"],
            [
                1,
                5118000022,
                "雅安",
                "http://www.yaan.gov.cn/",
                "门户网站",
                "市政府办",
                datetime(2026, 10, 1),
                "临时下线",
            ],
            [2, None, None, None, None, None, None, None],
            ["合计", 1, None, None, None, None, None, None],
        ],
        栏目=[COLUMNS.strip().split(","), [5118000022, "要闻", "http://www.yaan.gov.cn/yw/", "动态要闻", True, 14]],
        说明=[["本表由各单位填报"]],
    )
    registry = read_files([book])
    [site] = registry.sites
    assert (site.id, site.status, site.suspended_until) == ("5118000022", SiteStatus.SUSPENDED, date(2026, 10, 1))
    assert registry.columns == (
        Column(
            site_id="5118000022",
            name="要闻",
            url="http://www.yaan.gov.cn/yw/",
            category=ColumnCategory.NEWS,
            limit_days=14,
        ),
    )
    assert any("说明" in note for note in registry.notes)
    assert any("合计" in note for note in registry.notes)


def test_a_cell_merged_downwards_speaks_for_each_of_its_rows(tmp_path):
    book = Workbook()
    sheet = book.active
    for row in (
        ["账号台账", None, None, None],
        ["平台", "账号名称", "主办单位", "联系方式"],
        [None, None, None, "电话"],
        ["微信", "甲", "某局", 1],
        ["微博", "乙", None, 2],
        ["一、乡镇", None, None, None],
        ["微博", "丙", "某镇", 3],
    ):
        sheet.append(row)
    for area in ("A1:D1", "A2:A3", "B2:B3", "C2:C3", "C4:C5", "A6:D6"):
        sheet.merge_cells(area)
    book.save(tmp_path / "x.xlsx")
    registry = read_files([tmp_path / "x.xlsx"])
    assert [(a.name, a.sponsor) for a in registry.accounts] == [("甲", "某局"), ("乙", "某局"), ("丙", "某镇")]


def test_a_sheet_formatted_down_to_its_last_row_is_read_at_once(tmp_path):
    book = Workbook()
    for row in (SITES.strip().split(","), SITE.strip().split(",")):
        book.active.append(row)
    book.active["A1048576"].font = Font(bold=True)
    book.active["XFD3"].font = Font(bold=True)
    book.save(tmp_path / "x.xlsx")
    assert len(read_files([tmp_path / "x.xlsx"]).sites) == 1


def test_a_number_marked_as_text_in_excel_is_believed(tmp_path):
    book = workbook(
        tmp_path / "x.xlsx",
        账号=[["平台", "账号名称", "账号ID", "主办单位"], ["微博", "甲", "1234567890123450", "某局"]],
    )
    assert "在前面加英文单引号" in faults_of(book)[0]
    marked = load_workbook(book)
    marked.active["C2"]._style.quotePrefix = 1
    marked.save(book)
    assert read_files([book]).accounts[0].account_id == "1234567890123450"


def test_every_fault_of_every_file_is_told_at_once_with_its_place(write, tmp_path, store):
    csv = write(
        "sites.csv",
        SITES
        + "\n"
        + SITE.replace("5118000022", "511800002")
        + SITE.replace("http://www.yaan.gov.cn/", "www.yaan.gov.cn").replace("门户", "门面")
        + SITE.replace("雅安市人民政府网站", " "),
    )
    book = workbook(
        tmp_path / "accounts.xlsx",
        微博=[["平台", "账号名称", "账号ID", "主办单位"], ["微博", "甲", 7.4e18, "某局"], ["微薄", "乙", "1", "某局"]],
    )
    with pytest.raises(FaultyInput) as refused:
        import_files(store, [csv, book, tmp_path / "absent.csv"])
    told = refused.value.faults
    assert [_place(fault) for fault in told] == [
        ("sites.csv", "3", "标识码", "511800002"),
        ("sites.csv", "4", "网址", "www.yaan.gov.cn"),
        ("sites.csv", "4", "类型", "门面"),
        ("sites.csv", "5", "网站名称", None),
        ("accounts.xlsx（工作表“微博”）", "2", "账号ID", "7400000000000000000"),
        ("accounts.xlsx（工作表“微博”）", "3", "平台", "微薄"),
        ("absent.csv", None, None, None),
    ]
    assert "应为下列之一：门户、部门、专项" in told[2]
    assert store.subjects() == []


def test_one_bad_row_keeps_every_file_of_the_command_out(write, store):
    good, bad = write("s.csv", SITES + SITE), write("c.csv", COLUMNS + COLUMN.replace("通知公告,是", "通告,是"))
    with pytest.raises(FaultyInput):
        import_files(store, [good, bad])
    assert store.subjects() == []


def test_the_same_fault_of_many_rows_takes_one_line(write):
    rows = "".join(COLUMN.replace("通知公告,http", f"栏目{n},http") for n in range(25))
    [fault] = faults_of(write("c.csv", COLUMNS + rows))
    assert "第 2、3、4、" in fault
    assert "等 25 行" in fault
    assert "5118000022" in fault


def test_columns_of_a_faulty_site_are_not_blamed_as_well(write):
    site = write("s.csv", SITES + SITE.replace("门户", "门面"))
    [fault] = faults_of(site, write("c.csv", COLUMNS + COLUMN))
    assert "门面" in fault


def test_a_column_of_an_unknown_site_is_refused_and_of_a_known_one_taken(write):
    file = write("c.csv", COLUMNS + COLUMN)
    [fault] = faults_of(file)
    assert "网站台账里没有它" in fault
    assert len(read_files([file], known_sites={"5118000022"}).columns) == 1


@pytest.mark.parametrize(
    ("header", "row"), [(SITES, SITE), (ACCOUNTS, ACCOUNT), (ACCOUNTS, ACCOUNT.replace("gh_0123456789ab", ""))]
)
def test_a_row_that_stands_twice_is_refused_naming_both(write, header, row):
    [fault] = faults_of(write("x.csv", header + row + row))
    assert "第 3 行与第 2 行重复" in fault


def test_a_row_that_stands_in_two_files_is_refused_naming_both(write):
    [fault] = faults_of(write("a.csv", SITES + SITE), write("b.csv", SITES + SITE))
    assert re.search(r"b\.csv 第 2 行与.*a\.csv 第 2 行重复", fault)


def test_column_names_are_unique_within_a_site_and_not_beyond(write):
    other = SITE.replace("5118000022", "5118000023")
    sites = write("s.csv", SITES + SITE + other)
    registry = read_files([sites, write("c.csv", COLUMNS + COLUMN + COLUMN.replace("5118000022", "5118000023"))])
    assert len(registry.columns) == 2
    [fault] = faults_of(sites, write("d.csv", COLUMNS + COLUMN + COLUMN.replace("/tz/", "/other/")))
    assert "重复" in fault


def test_unknown_columns_are_ignored_with_a_note(write):
    registry = read_files(
        [write("x.csv", SITES.replace("\n", ",备案号,序号\n") + SITE.replace("\n", ",川ICP备1号,1\n"))]
    )
    assert len(registry.sites) == 1
    assert [note for note in registry.notes if "备案号" in note and "序号" not in note]


def test_an_account_without_an_id_is_taken_and_told_of(write):
    registry = read_files([write("x.csv", ACCOUNTS + ACCOUNT.replace("gh_0123456789ab", ""))])
    assert registry.accounts[0].ref.id.startswith("wechat:name:")
    assert "1 个账号没有账号ID" in registry.notes[0]


@pytest.mark.parametrize(
    ("cells", "source"),
    [
        (",http://f/x.xml,", "feed"),
        (",,2026-09-10", "self_report"),
        ("自行填报,http://f/x.xml,2026-09-10", "self_report"),
        (",,", ""),
    ],
)
def test_the_way_of_collecting_follows_from_what_is_filled_in(write, cells, source):
    header = "平台,账号名称,主办单位,采集方式,订阅地址,最后更新时间\n"
    assert read_files([write("x.csv", f"{header}微博,甲,某局,{cells}\n")]).accounts[0].source == source


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "文件是空的"),
        (b"\n\n", "文件是空的"),
        ("只有一句话\n".encode(), "没有找到表头"),
        (b"\xff\xff\xff\xff", "编码既不是 UTF-8 也不是 GB18030"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "另存为 .xlsx"),
        (b"PK\x03\x04 no workbook", "不是完好的 .xlsx"),
        (b"\x00\x01\x02\x03", "不是 CSV"),
        ("标识码,网站名称\n5118000022,甲\n".encode(), "缺少“网址”、“类型”、“主办单位”列"),
        ((SITES.strip() + ",标识码\n").encode(), "“标识码”出现了不止一次"),
        ((SITES + SITE + '"没有收尾\n' + SITE).encode(), "第 3 行的引号不成对"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_a_remedy(tmp_path, content, fault):
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    [told] = faults_of(path)
    assert fault in told
    assert str(path) in told


def test_a_header_without_rows_is_no_fault(write):
    for kind in Kind:
        path = write(f"{kind}.csv", template(kind))
        registry = read_files([path])
        assert list(registry) == []


def test_importing_twice_changes_nothing(write, store):
    files = [write("s.csv", SITES + SITE), write("c.csv", COLUMNS + COLUMN), write("a.csv", ACCOUNTS + ACCOUNT)]
    assert len(import_files(store, files).added) == 3
    before = store.subjects()
    again = import_files(store, files)
    assert (again.added, again.changed, again.absent, again.removed, again.unchanged) == ((), (), (), (), 3)
    assert store.subjects() == before


def test_a_dry_run_says_what_would_change_and_changes_nothing(write, store):
    changes = import_files(store, [write("s.csv", SITES + SITE)], dry_run=True)
    assert len(changes.added) == 1
    assert store.subjects() == []


def test_a_change_names_its_fields_with_both_values(write, store):
    import_files(store, [write("s.csv", SITES + SITE)])
    [change] = import_files(store, [write("t.csv", SITES + SITE.replace("门户", "部门"))]).changed
    assert change.fields == ("kind",)
    assert (change.old.kind, change.new.kind) == (SiteKind.PORTAL, SiteKind.DEPARTMENT)
    assert [site.kind for site in store.sites()] == [SiteKind.DEPARTMENT]


def test_what_a_file_has_no_column_for_stays_as_it_is_known(write, store):
    import_files(store, [write("s.csv", SITES + SITE)])
    short = "标识码,网站名称,网址,类型,主办单位\n5118000022,新名称,http://www.yaan.gov.cn/,门户,雅安市人民政府办公室\n"
    [change] = import_files(store, [write("t.csv", short)]).changed
    assert change.fields == ("name",)
    assert store.sites()[0].level is Level.PREFECTURE


def test_an_emptied_cell_empties_the_field(write, store):
    import_files(store, [write("c.csv", COLUMNS + COLUMN), write("s.csv", SITES + SITE)])
    [change] = import_files(store, [write("d.csv", COLUMNS + COLUMN.replace("14", ""))]).changed
    assert change.fields == ("limit_days",)
    assert store.columns()[0].limit_days is None


def test_what_the_files_do_not_name_stays_unless_it_is_to_go(write, store):
    other = SITE.replace("5118000022", "5118000023")
    import_files(
        store,
        [write("s.csv", SITES + SITE + other), write("a.csv", ACCOUNTS + ACCOUNT), write("c.csv", COLUMNS + COLUMN)],
    )
    only_other = write("t.csv", SITES + other)
    kept = import_files(store, [only_other])
    assert [record.id for record in kept.absent] == ["5118000022"]
    assert kept.removed == ()
    assert len(store.sites()) == 2
    gone = import_files(store, [only_other], prune=True)
    assert {str(record.ref) for record in gone.removed} == {"site:5118000022", "column:5118000022/通知公告"}
    assert [str(subject.ref) for subject in store.subjects()] == ["site:5118000023", "account:wechat:gh_0123456789ab"]


def test_a_column_cannot_belong_to_a_site_that_goes(write, store):
    import_files(store, [write("s.csv", SITES + SITE)])
    other = write("t.csv", SITES + SITE.replace("5118000022", "5118000023"))
    with pytest.raises(FaultyInput, match="网站台账里没有它"):
        import_files(store, [other, write("c.csv", COLUMNS + COLUMN)], prune=True)


def test_what_is_exported_is_read_again_as_it_was(write, tmp_path):
    plain = Account(platform=Platform.OTHER, name="政策（图解）", sponsor="某局", level=Level.TOWNSHIP, followers=3)
    accounts = (
        plain,
        replace(plain, name="=危险()", account_id="6543210987654321000", status=AccountStatus.PAUSED),
        replace(plain, name='含"引号",逗号', account_id="@x", opened_on=date(2019, 5, 1)),
    )
    text = export_csv(Kind.ACCOUNTS, accounts)
    assert "=危险" not in [cell for line in text.splitlines() for cell in line.split(",")]
    assert read_files([write("a.csv", text)]).accounts == accounts


def _place(fault: str) -> tuple[str, str | None, str | None, str | None]:
    file = re.match(r".*/([^/：]+?)(?= 第 |：)", fault)
    row = re.search(r" 第 (\d+) 行", fault)
    column = re.search(r"行“([^”]+)”", fault)
    value = re.search(r"的值“([^”]+)”", fault)
    return (file[1] if file else fault, *(found[1] if found else None for found in (row, column, value)))
