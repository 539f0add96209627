"""Columns that a page leads to, and the category that their names and titles propose. All pages are made up."""

from __future__ import annotations

import pytest

from checks import ColumnCategory
from monitor.extract.categories import propose_category
from monitor.extract.listing import read_list
from monitor.extract.navigation import sections
from monitor.extract.prose import is_prose
from monitor.extract.tree import parse_page
from tests.extract import test_corpus as corpus

URL = "http://www.example.gov.cn/"

MENU = """
<div class="mainNav"><ul>
 <li><a href="/">首页</a></li>
 <li><a href="/xwzx/">新闻中心</a>
  <ul><li><a href="/xwzx/yw/">县内要闻</a></li><li><a href="xwzx/bm/">部门动态</a></li></ul></li>
 <li><a href="/zwgk/"><span>政务公开</span></a></li>
 <li><a href="http://www.other.gov.cn/">省政府网站</a></li>
 <li><a href="javascript:void(0)">政务服务</a></li>
</ul></div>"""


def found(body: str) -> list[tuple[str, str, str, str]]:
    text = f"<html><body>{body}</body></html>"
    return [(s.name, s.url.removeprefix(URL), s.parent, s.place) for s in sections(text, URL)]


def test_a_menu_gives_its_items_with_the_item_above_them() -> None:
    assert found(MENU) == [
        ("新闻中心", "xwzx/", "", "导航"),
        ("县内要闻", "xwzx/yw/", "新闻中心", "导航"),
        ("部门动态", "xwzx/bm/", "新闻中心", "导航"),
        ("政务公开", "zwgk/", "", "导航"),
    ]


def test_a_block_is_called_by_its_heading_where_its_link_says_more() -> None:
    block = "<div class='box'><div><span>通知公告</span><a href='/tzgg/'>更多&gt;&gt;</a></div><ul></ul></div>"
    assert found(block) == [("通知公告", "tzgg/", "", "栏目块的“更多”")]


def test_a_heading_that_is_a_link_is_a_block_of_its_own() -> None:
    assert found("<h3><a href='/zcwj/'>政策文件</a></h3>") == [("政策文件", "zcwj/", "", "栏目块标题")]


def test_what_stands_in_a_menu_is_told_once() -> None:
    assert [name for name, *_ in found(MENU + "<h3><a href='/zwgk/'>公开</a></h3>")].count("政务公开") == 1
    assert len(found(MENU + "<h3><a href='/zwgk/'>公开</a></h3>")) == 4


@pytest.mark.parametrize(
    "body",
    [
        "<div class='crumbs'><a href='/a/'>政务公开</a></div>",
        "<ul class='list'><li><a href='/a/202611/t20261120_1.html'>关于开展检查的通知</a></li></ul>",
        "<div class='nav'><a href='/a.pdf'>办事指南</a><a href='/en/'>English</a><a href='/login'>登录</a></div>",
        "<div class='nav'><a href='/2026/11/20/c_1.html'>县长调研</a></div>",
        "<div class='footer'><h4><a href='/map/'>网站地图</a></h4></div>",
    ],
)
def test_paths_articles_attachments_and_furniture_are_no_columns(body: str) -> None:
    assert found(body) == []


@pytest.mark.parametrize(
    ("name", "category"),
    [
        ("县内要闻", ColumnCategory.NEWS), ("部门动态", ColumnCategory.NEWS), ("图片新闻", ColumnCategory.NEWS),
        ("政策动态", ColumnCategory.NEWS), ("通知公告", ColumnCategory.NOTICES), ("公示公告", ColumnCategory.NOTICES),
        ("规范性文件", ColumnCategory.POLICY), ("政策法规", ColumnCategory.POLICY), ("县政府令", ColumnCategory.POLICY),
        ("政策解读", ColumnCategory.INTERPRETATION), ("图解", ColumnCategory.INTERPRETATION),
        ("县长信箱", ColumnCategory.INTERACTION), ("意见征集", ColumnCategory.INTERACTION),
        ("在线访谈", ColumnCategory.INTERACTION), ("招标公告", ColumnCategory.PERIODIC),
        ("财政预决算", ColumnCategory.PERIODIC), ("公开年报", ColumnCategory.PERIODIC),
        ("人事招考", ColumnCategory.PERIODIC), ("统计数据", ColumnCategory.PERIODIC),
    ],
)  # fmt: skip
def test_a_name_proposes_a_category(name: str, category: ColumnCategory) -> None:
    proposed = propose_category([("导航", name)])
    assert (proposed.category, proposed.sure) == (category, True)
    assert name in proposed.why


@pytest.mark.parametrize("name", ["青禾概况", "机构职能", "领导之窗", "联系我们", "公开指南"])
def test_prose_that_is_called_so_is_not_updated_and_a_list_that_is_called_so_is(name: str) -> None:
    assert propose_category([("导航", name)], is_list=False).category is ColumnCategory.STATIC
    assert propose_category([("导航", name)]).category is ColumnCategory.PERIODIC


def test_the_first_telling_name_decides_and_titles_only_where_none_tells() -> None:
    names = [("ColumnName", "县级"), ("ColumnType", "政策文件"), ("导航", "通知公告")]
    assert propose_category(names).category is ColumnCategory.POLICY
    titles = ["关于印发办法的通知", "县人民政府关于实施规划的意见", "某某条例", "县长调研农业"]
    proposed = propose_category([("导航", "县级")], titles)
    assert proposed.category is ColumnCategory.POLICY
    assert "4 条标题中 3 条" in proposed.why


def test_what_nothing_speaks_for_is_to_be_confirmed() -> None:
    proposed = propose_category([("导航", "招生与资助")], ["县教育局召开会议", "县教育局举办活动"])
    assert (proposed.category, proposed.sure) == (ColumnCategory.PERIODIC, False)


def test_prose_is_sentences_and_a_list_is_none() -> None:
    sentences = "<p>本县地处山区，辖五镇一乡，河流自西向东穿境而过。</p>" * 3
    for body, prose in (
        (f"<div>{sentences}</div>", True),
        (f"<div class='footer'>{sentences}</div>", False),
        ("<ul><li><a href='/a'>关于开展检查的通知，请查收。</a></li></ul>", False),
    ):
        text = f"<body>{body}</body>"
        assert is_prose(parse_page(text, URL)) is prose
        page = read_list(text, URL, today=corpus.TODAY)
        assert (page.readable, page.prose) == (False, prose)


TRUTH = {
    "06": ColumnCategory.POLICY, "12": ColumnCategory.POLICY, "16": ColumnCategory.POLICY, "17": ColumnCategory.POLICY,
    "22": ColumnCategory.PERIODIC, "23": ColumnCategory.PERIODIC, "24": ColumnCategory.PERIODIC,
    "25": ColumnCategory.PERIODIC, "31": ColumnCategory.POLICY, "32": ColumnCategory.POLICY,
    "33": ColumnCategory.POLICY, "36": ColumnCategory.PERIODIC,
}  # fmt: skip
"""By eye: laws and orders; approvals of appointments (行政许可); 政策发布 and its further pages; 疫情通报."""


@pytest.mark.skipif(not corpus.INDEX.is_file(), reason="真实网页语料不在此机器上（../shared/corpus）")
def test_nine_of_ten_categories_of_real_list_pages_are_right() -> None:
    from monitor.extract.marks import read_marks

    right = []
    for case in corpus.LISTS:
        row = case.values[0]
        text = corpus.text(row)
        marks = read_marks(text)
        names = [(kind, name) for kind, name in (("", marks.column_name), ("", marks.column_type)) if name]
        titles = [i.title for i in read_list(text, corpus.address(row), today=corpus.TODAY).items]
        right.append(propose_category(names, titles).category is TRUTH[row["file"].split("/")[1][:2]])
    assert sum(right) * 10 >= 9 * len(right)
