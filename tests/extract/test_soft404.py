"""Pages that say "not found" with status 200."""

from __future__ import annotations

import pytest

from monitor.extract.document import Document
from monitor.extract.soft404 import says_missing, says_removed


@pytest.mark.parametrize(
    "page",
    [
        "<title>ERROR 404 您访问的页面不存在</title>",
        "<title>404</title><body>x</body>",
        "<title>404 Not Found</title><h1>404 Not Found</h1>",
        "<title>404-某市人民政府</title>",
        "<title>某市人民政府</title><p>您访问的页面不存在或已被删除</p>",
        "<p>对不起，找不到您要访问的页面！5秒后返回首页</p>",
        "<p>抱歉，您所访问的页面不存在</p>",
        "<h1>404</h1>",
        "<p>该信息已被删除</p>",
        "<title>页面未找到</title>",
        "<p>The requested URL /x was not found on this server.</p>",
        "<p>很抱歉，您查看的文章不存在，可能已下线</p>",
        "<title>404页面</title><p>x</p>",
        "<title>404错误页面-某县人民政府</title><p>x</p>",
        "<title>404错误，页面不存在</title><p>x</p>",
        "<title>404 - 找不到文件或目录。</title>",
        "<title>HTTP 404 未找到</title>",
        "<title>某市人民政府门户网站-页面不存在</title>",
        "<meta name=PubDate content=''><title>404</title>",
    ],
)
def test_a_page_that_says_so_is_missing(page: str) -> None:
    assert says_missing(Document(page))


@pytest.mark.parametrize(
    "page",
    [
        "",
        "<title>某市人民政府</title><p>通知公告</p>",
        "<title>404号文件解读</title><p>国办发〔2024〕404号</p>",
        "<title>关于整治网站页面不存在问题的通知</title>" + "<p>各单位要整改“您访问的页面不存在”等问题。</p>" * 100,
        "<title>404页面设计规范</title><p>一、范围</p>",
        "<title>404错误代码详解</title><p>一、范围</p>",
        "<title>反映办事指南页面不存在-市长信箱</title><p>x</p>",
        "<title>信箱</title><p>来信人王某：点开显示页面不存在</p>",
        "<title>信箱</title><p>提示页面不存在，已转办。回复时间：2026-10-08</p>",
        "<meta name='pubdate' content='2026-10-08'><title>404</title><p>歌曲</p>",
        "<title>通知</title><p>电话：0835-4040404</p>",
        "<title>页面不存在问题整改情况通报</title><p>" + "各单位整改情况良好。" * 200 + "</p>",
        "<title>某栏目</title><p>暂无内容</p>",
        "<title>某栏目</title><script>alert('页面不存在')</script><p>通知公告</p>",
    ],
)
def test_a_page_that_only_speaks_of_it_is_not(page: str) -> None:
    assert not says_missing(Document(page))


@pytest.mark.parametrize(("filler", "missing"), [(1_499, True), (1_500, True), (1_501, False)])
def test_a_title_is_not_believed_above_text_enough_for_an_article(filler: int, missing: bool) -> None:
    assert says_missing(Document(f"<title>404</title><body>{'文' * filler}</body>")) is missing


def test_an_article_of_wechat_is_there_though_its_scripts_hold_every_notice() -> None:
    notices = "<script>var text = {deleted: '该内容已被发布者删除', moved: '该公众号已迁移'}</script>"
    assert says_removed(f"{notices}<div class='weui-msg'></div>")
    assert not says_removed(f'{notices}<div class="rich_media_content" id="js_content">正文</div>')
