"""The documents: GB/T 9704 in the file, and in the pages that LibreOffice makes of it."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Mm
from lxml import etree

from reports.bulletin import quarter_bulletin
from reports.charts import Bar, BarChart, Pattern, Series
from reports.docx import to_docx
from reports.drafting import draft
from reports.fonts import chinese_font
from reports.inspection import half_year_report
from reports.material import Imprint, Material
from reports.notice_paper import notice_paper
from reports.paper import Annex, Graph, Grid, Head, Heading, Paper, Paragraph
from reports.rectification_notice import NoticeLine, RectificationNotice
from reports.xlsx import workbook
from tests.reports.district import HALF_YEAR, NOW, ganzi, material, with_a_past
from tests.reports.test_html import HOSTILE, hostile

SOFFICE = shutil.which("soffice")
needs_soffice = pytest.mark.skipif(
    SOFFICE is None or shutil.which("pdftotext") is None, reason="没有安装 LibreOffice 或 poppler"
)
IMPRINT = Imprint(
    issuer="测试州人民政府办公室", recipients="各县（市）人民政府，州级各部门", number="测办函〔2026〕67号"
)


def quarter(of: Material) -> Paper:
    return draft(quarter_bulletin(of))


def half_year(of: Material) -> Paper:
    return draft(half_year_report(replace(of, period=HALF_YEAR)))


def notice() -> Paper:
    lines = tuple(
        NoticeLine(
            entry=f"{n:016x}",
            assigned=NOW,
            subject=f"第{n}网站",
            title="首页不更新",
            text=HOSTILE,
            due=date(2026, 12, 4),
        )
        for n in (1, 2)
    )
    issued = RectificationNotice(year=2026, number=3, unit="第1单位", at=NOW, who="张三", lines=lines)
    return notice_paper(issued, imprint=IMPRINT, number="网改〔2026〕3号")


def plain(*blocks: object, annexes: tuple[Annex, ...] = ()) -> Paper:
    day = date(2026, 11, 24)
    return Paper(title="测试", imprint=Imprint(), window="", day=day, blocks=blocks, annexes=annexes)  # type: ignore[arg-type]


def opened(paper: Paper) -> Document:
    return docx.Document(io.BytesIO(to_docx(paper, chinese_font())))


def texts(document: Document) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs if paragraph.text]


PAPERS = pytest.mark.parametrize("paper", [quarter, half_year])


def test_the_page_is_that_of_the_standard() -> None:
    section = opened(quarter(ganzi())).sections[0]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(m.mm) for m in margins] == [37, 35, 28, 26]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    grid = section._sectPr.find(qn("w:docGrid"))
    assert (grid.get(qn("w:type")), grid.get(qn("w:linePitch"))) == ("lines", "579")
    assert Mm(225).pt / 28.95 >= 22  # 22 lines fit


def test_the_fonts_are_named_with_what_takes_their_place() -> None:
    document = opened(quarter(ganzi()))
    fonts = {
        style.name: style.element.rPr.rFonts.get(qn("w:eastAsia"))
        for style in document.styles
        if style.element.rPr is not None and style.element.rPr.rFonts is not None
    }
    assert fonts["Normal"] == fonts["Heading 3"] == "仿宋_GB2312"
    assert (fonts["Heading 1"], fonts["Heading 2"]) == ("黑体", "楷体_GB2312")
    assert fonts["公文标题"] == "方正小标宋简体"
    with zipfile.ZipFile(io.BytesIO(to_docx(quarter(ganzi()), None))) as archive:
        table = archive.read("word/fontTable.xml").decode()
    assert re.search(r'w:name="仿宋_GB2312"><w:altName w:val="仿宋,', table)


def test_every_part_of_the_file_is_well_formed_and_asks_for_nothing_outside() -> None:
    with zipfile.ZipFile(io.BytesIO(to_docx(quarter(hostile()), chinese_font()))) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                etree.fromstring(archive.read(name))
                assert b'TargetMode="External"' not in archive.read(name)
        names = archive.namelist()
    assert not any("vba" in name.lower() or "embeddings" in name for name in names)


def test_the_parts_of_a_notice_stand_in_their_order() -> None:
    told = texts(opened(quarter(replace(ganzi(), imprint=IMPRINT))))
    order = [
        IMPRINT.issuer,
        IMPRINT.number,
        "2026年第四季度政府网站\n与政务新媒体检查情况通报",
        "各县（市）人民政府，州级各部门：",
        "一、上期问题整改复查情况",
        "二、总体情况",
        "三、存在的主要问题",
        "四、问题整改情况",
        "六、工作要求",
        "附件：1. 不合格政府网站和政务新媒体名单",
        "2026年11月24日",
        "附件1",
    ]
    places = [told.index(text) for text in order]
    assert places == sorted(places)
    signature = len(told) - 1 - told[::-1].index(IMPRINT.issuer)
    assert told[signature + 1] == "2026年11月24日"


def test_without_an_imprint_nothing_is_made_up() -> None:
    told = texts(opened(quarter(replace(ganzi(), imprint=Imprint()))))
    assert told[0].startswith("2026年第四季度")
    assert not any(text.endswith("：") and "各" in text for text in told[:4])


def test_the_pages_are_numbered_on_the_outer_side() -> None:
    document = opened(quarter(ganzi()))
    assert document.settings.odd_and_even_pages_header_footer
    section = document.sections[0]
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        (paragraph,) = footer.paragraphs
        assert paragraph._p.pPr.find(qn("w:jc")).get(qn("w:val")) == side
        assert "PAGE" in paragraph._p.find(qn("w:fldSimple")).get(qn("w:instr"))
    instructions = [f.get(qn("w:instr")) for f in document.element.body.iter(qn("w:fldSimple"))]
    assert instructions == []  # the page number is the only field of the whole file
    assert not list(document.element.body.iter(qn("w:instrText"), qn("w:hyperlink")))


def test_every_table_repeats_its_header_and_breaks_no_row() -> None:
    tables = opened(half_year(with_a_past())).tables
    assert len(tables) > 12
    for table in tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert all(row.trPr.find(qn("w:cantSplit")) is not None for row in table._tbl.tr_lst)


@PAPERS
def test_the_document_says_what_the_page_says(paper) -> None:
    value = paper(with_a_past())
    told = texts(opened(value))
    for block in value.all_blocks():
        match block:
            case Heading():
                assert f"{block.number}{block.text}" in told
            case Paragraph():
                assert block.text in told
    grids = [block for block in value.all_blocks() if isinstance(block, Grid)]
    for grid, table in zip(grids, opened(value).tables, strict=True):
        rows = [[cell.text for cell in row.cells] for row in table.rows[:60]]
        assert rows == [[head.title for head in grid.heads], *(list(row) for row in grid.rows[:59])]


@pytest.mark.parametrize("paper", [quarter(hostile()), half_year(hostile()), notice()], ids=["季度", "半年", "通知单"])
def test_text_from_outside_stays_text(paper: Paper) -> None:
    document = opened(paper)
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert any(HOSTILE in text for text in [*texts(document), *cells])


@PAPERS
def test_the_same_paper_gives_the_same_bytes(paper) -> None:
    assert to_docx(paper(with_a_past()), chinese_font()) == to_docx(paper(with_a_past()), chinese_font())


def test_without_a_chinese_font_the_charts_are_left_out_and_it_says_so() -> None:
    chart = BarChart("按地区", (Series("合格", Pattern.EMPTY),), (Bar("甲县", (1,)),))
    document = docx.Document(io.BytesIO(to_docx(plain(Graph(chart)), None)))
    assert len(document.inline_shapes) == 0
    assert any("没有中文字体" in text for text in texts(document))


def test_a_chart_has_a_description_for_who_cannot_see_it() -> None:
    if chinese_font() is None:
        pytest.skip("本机没有中文字体")
    shapes = opened(quarter(ganzi())).inline_shapes
    assert len(shapes) == 3
    assert all(shape._inline.docPr.get("descr") for shape in shapes)


def test_a_wide_table_lies_on_its_side_and_a_narrow_one_does_not() -> None:
    wide = Grid(caption="宽", heads=(Head("甲"),), rows=(("一",),), wide=True)
    narrow = replace(wide, wide=False)
    sections = opened(plain(annexes=(Annex("一", (wide,)), Annex("二", (narrow,))))).sections
    assert [round(s.page_width.mm) for s in sections] == [210, 297, 210]


def test_the_notice_to_a_unit_names_number_problems_and_day() -> None:
    told = texts(opened(notice()))
    for text in ("网改〔2026〕3号", "第1单位：", "附件：1. 问题清单", "2. 整改情况反馈表"):
        assert text in told
    assert any("存在 2 个问题" in text for text in told)
    assert any("2026年12月4日前" in text for text in told)
    problems, feedback = opened(notice()).tables
    assert [cell.text for cell in problems.rows[1].cells][-2:] == ["2026年12月4日", f"{1:016x}"]
    assert [cell.text for cell in feedback.rows[2].cells] == ["2", "第2网站", "首页不更新", "", "", ""]


def converted(content: bytes, folder: Path, name: str) -> Path:
    """The PDF that LibreOffice makes of a file."""
    (folder / name).write_bytes(content)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [str(SOFFICE), profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(folder / name)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    assert "Error" not in run.stderr, run.stderr
    return (folder / name).with_suffix(".pdf")


def pages(pdf: Path) -> list[str]:
    run = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True)
    return run.stdout.split("\f")[:-1]


@needs_soffice
def test_libreoffice_lays_out_twenty_two_lines_of_twenty_eight_characters(tmp_path: Path) -> None:
    if chinese_font() is None:
        pytest.skip("本机没有中文字体")
    text = "检查指标政府网站新媒体" * 400
    pdf = converted(to_docx(plain(Paragraph(text), Paragraph("完")), None), tmp_path, "满页.docx")
    lines = [line.strip() for line in pages(pdf)[1].splitlines() if line.strip()]
    assert lines[-1].replace(" ", "") == "—2—"
    assert len(lines) - 1 == 22
    assert {len(line) for line in lines[:-1]} == {28}


@needs_soffice
@pytest.mark.parametrize("kind", ["季度", "通知单", "空"])
def test_libreoffice_converts_each_document_without_complaint(kind: str, tmp_path: Path) -> None:
    paper = {"季度": lambda: quarter(with_a_past()), "通知单": notice, "空": lambda: quarter(material())}[kind]()
    pdf = converted(to_docx(paper, chinese_font()), tmp_path, "文.docx")
    told = pages(pdf)
    least, most = {"季度": (14, 26), "通知单": (3, 4), "空": (3, 6)}[kind]
    assert least <= len(told) <= most
    for number, page in enumerate(told, 1):
        assert page.rstrip().splitlines()[-1].replace(" ", "") == f"—{number}—"
    if kind == "季度":
        whole = re.sub(r"\s", "", "".join(told))
        for text in ("29/39（74.4%）", "200/238（84.0%）", "整改率1/5（20.0%）", "附件1", "上期问题复查情况"):
            assert text in whole
        repeated = sum("网站（账号、栏目）" in page and "事项编号" in page for page in told)
        assert repeated >= 1
        fonts = subprocess.run(["pdffonts", str(pdf)], capture_output=True, text=True, check=True).stdout
        assert all(line.split()[-5] == "yes" for line in fonts.splitlines()[2:])  # embedded: it prints anywhere


@needs_soffice
def test_libreoffice_converts_the_workbook_without_complaint(tmp_path: Path) -> None:
    pdf = converted(workbook(quarter_bulletin(with_a_past())), tmp_path, "表.xlsx")
    whole = "".join(pages(pdf))
    assert "74.4%" in whole
    assert "#" not in re.sub(r"#/|# ", "", whole)  # no cell is too narrow for its number
