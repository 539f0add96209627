"""The metas and footer codes of a government page, in the irregular ways that they are written."""

from __future__ import annotations

import pytest

from monitor.extract.marks import Marks, read_marks


@pytest.mark.parametrize(
    "meta",
    [
        '<meta name="SiteIDCode" content="5118000022">',
        "<meta name='SiteIDCode' content='5118000022'/>",
        '<META NAME="siteidcode" CONTENT="5118000022">',
        '<meta content="5118000022" name="SiteIDCode">',
        '<meta name="SiteIDCode"content="5118000022">',
        '<meta name=SiteIDCode content=" 5118000022 ">',
        '<meta name="SiteIDCode" content=""><meta name="SiteIDCode" content="5118000022">',
    ],
)
def test_a_meta_is_read_however_it_is_written(meta: str) -> None:
    assert read_marks(f"<html><head>{meta}</head><body></body></html>").site_id_code == "5118000022"


def test_all_metas_are_read() -> None:
    metas = {
        "SiteName": "某县人民政府",
        "ColumnName": "通知公告",
        "ColumnType": "信息公开",
        "PubDate": "2026-09-11 10:00",
        "ArticleTitle": "关于某事的通知",
    }
    head = "".join(f'<meta name="{name}" content="{value}">' for name, value in metas.items())
    assert read_marks(head) == Marks(
        site_name="某县人民政府",
        column_name="通知公告",
        column_type="信息公开",
        pub_date="2026-09-11 10:00",
        article_title="关于某事的通知",
    )


def test_the_footer_is_read_across_its_elements() -> None:
    marks = read_marks(
        "<div>网站标识码：<span>bm14000002</span> <a>京ICP备\n19054529号-1</a>"
        " <a><img>川公网安备 51180002000001号</a></div>"
    )
    assert (marks.footer_code, marks.icp, marks.police) == (
        "bm14000002",
        "京ICP备19054529号-1",
        "川公网安备51180002000001号",
    )


@pytest.mark.parametrize(
    "text",
    ["网站标识码：51180000223", "标识码：511800", "电话：5118000022", "<script>'网站标识码：5118000022'</script>"],
)
def test_what_is_no_code_is_none(text: str) -> None:
    assert read_marks(f"<p>{text}</p>").footer_code == ""


def test_an_answer_of_an_interface_has_a_title_and_nothing_else() -> None:
    answer = '{"data":{"docTitle":"某局\\n关于某事的批复","docSubtitle":"某局关于某事的批复"}}'
    assert read_marks(answer) == Marks(article_title="某局关于某事的批复")
    assert read_marks('{"cut') == Marks()
    assert read_marks("") == Marks()
