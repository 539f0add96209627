"""The wording: what a template may say, what a value may not, and how a fault in a template is told."""

from pathlib import Path

import pytest

from reports.bulletin import quarter_bulletin
from reports.drafting import draft
from reports.figures import Rate, RateStyle, Rounding
from reports.inspection import half_year_report
from reports.paper import Graph, Grid, Head, Heading, Notice, Paragraph
from reports.phrasing import TEMPLATES, Phrased, WordingError, chinese_number, phrase
from reports.titles import balanced
from tests.reports.district import ganzi

GRID = Grid(caption="表", heads=(Head("甲"),), rows=(("一",),))


def said(text: str, folder: Path, rates: RateStyle | None = None, **values: object) -> Phrased:
    (folder / "own.txt").write_text(text, encoding="utf-8")
    tables = {"one": lambda: GRID, "none": lambda: None}
    return phrase("own.txt", values, tables=tables, charts={}, rates=rates or RateStyle(), folder=folder)


def test_lines_become_headings_paragraphs_notices_and_tables(tmp_path: Path) -> None:
    told = said("# 甲\n段落\n\n! 注意\n> 小字\n{{ table.one }}\n## 乙\n", tmp_path)
    assert told.blocks == (
        Heading(1, "一、", "甲"),
        Paragraph("段落"),
        Notice("注意"),
        Paragraph("小字", hint=True),
        GRID,
        Heading(2, "（一）", "乙"),
    )


def test_headings_are_numbered_by_the_levels_of_the_standard(tmp_path: Path) -> None:
    told = said("# a\n## b\n### c\n#### d\n#### e\n### f\n## g\n# h\n## i\n", tmp_path)
    numbers = [block.number for block in told.blocks if isinstance(block, Heading)]
    assert numbers == ["一、", "（一）", "1.", "（1）", "（2）", "2.", "（二）", "二、", "（一）"]


def test_an_annex_begins_its_own_numbering(tmp_path: Path) -> None:
    told = said("# a\n=== 附表\n# b\n{{ table.one }}\n", tmp_path)
    assert [annex.title for annex in told.annexes] == ["附表"]
    assert told.annexes[0].blocks == (Heading(1, "一、", "b"), GRID)


def test_a_table_without_rows_leaves_its_line_out(tmp_path: Path) -> None:
    assert said("{{ table.none }}\n甲\n", tmp_path).blocks == (Paragraph("甲"),)


ODD = [
    "# 标题",
    "=== 附件",
    "! 提示",
    "> 小字",
    "甲\n# 乙",
    "\ue001" + "0",
    "\ue000# 甲",
    "{{ 7*7 }}",
    "{% raw %}",
    "甲\r=== 乙",
]


@pytest.mark.parametrize("value", ODD)
def test_a_value_is_text_whatever_it_looks_like(value: str, tmp_path: Path) -> None:
    told = said("{{ value }}\n", tmp_path, value=value)
    assert told.annexes == ()
    (block,) = told.blocks
    assert isinstance(block, Paragraph)
    assert not block.hint
    assert not {"\ue000", "\ue001", "\n", "\r"} & set(block.text)


def test_rates_print_in_the_style_of_the_office(tmp_path: Path) -> None:
    style = RateStyle(decimals=2, rounding=Rounding.CUT)
    assert said("{{ r }} {{ r|percent }}", tmp_path, style, r=Rate(71, 130)).blocks == (
        Paragraph("71/130（54.61%） 54.61%"),
    )


FAULTS = [
    ("甲\n{% if %}\n", "第 2 行"),
    ("甲\n\n{{ nobody.name }}\n", "第 3 行"),
    ("{{ table.three }}\n", "没有名为“three”的表或图，可用的有：one、none"),
    ("{{ 1 / 0 }}\n", "第 1 行"),
    ("{% include 'nowhere.txt' %}\n", "nowhere.txt"),
    ("{{ ''.__class__.__mro__ }}\n", "第 1 行"),
]


@pytest.mark.parametrize(("text", "told"), FAULTS)
def test_a_faulty_template_is_named_with_its_line(text: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(WordingError, match=r"模板 own\.txt") as fault:
        said(text, tmp_path)
    assert told in str(fault.value)


def test_a_centre_replaces_one_wording_and_keeps_the_others(tmp_path: Path) -> None:
    (tmp_path / "demands.txt").write_text("## 本州要求\n请于一周内整改。\n", encoding="utf-8-sig")
    blocks = draft(quarter_bulletin(ganzi()), tmp_path).blocks
    assert Paragraph("请于一周内整改。") in blocks
    assert Heading(1, "一、", "上期问题整改复查情况") in blocks


def test_our_own_wordings_ask_for_nothing_that_is_not_there() -> None:
    for paper in (draft(quarter_bulletin(ganzi())), draft(half_year_report(ganzi()))):
        assert any(isinstance(block, Grid) for block in paper.all_blocks())
        assert any(isinstance(block, Graph) for block in paper.all_blocks())
        assert not any("{" in block.text for block in paper.all_blocks() if isinstance(block, Paragraph))
    assert {path.suffix for path in TEMPLATES.iterdir()} == {".txt", ".html", ".css"}


@pytest.mark.parametrize(
    ("number", "told"), [(1, "一"), (9, "九"), (10, "十"), (11, "十一"), (20, "二十"), (21, "二十一")]
)
def test_numbers_of_chapters(number: int, told: str) -> None:
    assert chinese_number(number) == told


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("2026年第四季度检查情况通报", ["2026年第四季度检查情况通报"]),
        ("2026年第四季度政府网站与政务新媒体检查情况通报", ["2026年第四季度政府网站", "与政务新媒体检查情况通报"]),
        ("2026年下半年政府网站与政务新媒体检查报告", ["2026年下半年政府网站", "与政务新媒体检查报告"]),
        ("", [""]),
    ],
)
def test_a_long_title_is_broken_between_words(title: str, lines: list[str]) -> None:
    assert balanced(title) == lines
