"""Pages that say "not found" with status 200, by their title and short visible text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from monitor.extract.document import Document


def says_missing(page: Document) -> bool:
    """Whether the page says that what was asked for is not there. An article about such pages does not.

    Either its title says so, or the little text that it has does. A page with text enough for an article, or with the
    date of one, is believed to be one, whatever it speaks of.
    """
    title = page.tree.css_first("title")
    heading = _SPACES.sub(" ", title.text() if title else "").strip()
    entitled = _TITLE.search(heading) is not None
    if _shown(page) > (_ARTICLE if entitled else _SHORT):
        return False
    if any((meta.attributes.get("content") or "").strip() for meta in page.tree.css(_DATE_METAS)):
        return False
    visible = _visible(page)
    if _DATED.search(visible):
        return False
    return entitled or (_SAYS.search(visible) is not None and not _LETTER.search(visible))


def says_removed(text: str) -> bool:
    """Whether a page of 微信公众平台 says that its article is gone (status 200, web.md behaviour 42)."""
    return len(text) < _MOST_NOTICE and _ARTICLE_BODY not in text and _REMOVED.search(text) is not None


def is_shell(page: Document) -> bool:
    """Whether a page shows next to nothing until its scripts have run."""
    return len(_visible(page, without=("script", "style", "template", "noscript"))) < _SHELL


def _shown(page: Document) -> int:
    """How many characters the page shows, blanks not counted. No copy of the tree is made: all are asked."""
    body = page.tree.body
    if body is None:
        return 0
    return _length(body.text()) - sum(_length(node.text()) for node in body.css("script,style"))


def _length(text: str) -> int:
    return sum(map(len, text.split()))


def _visible(page: Document, *, without: Sequence[str] = ("script", "style", "template")) -> str:
    """What the page shows, without blanks."""
    tree = page.tree.clone()
    tree.strip_tags(list(without))
    return "".join((tree.body.text() if tree.body else "").split())


_MOST_NOTICE = 200_000
_ARTICLE_BODY = 'id="js_content"'  # what such a page wraps an article in; its scripts hold all the notices as well
_REMOVED = re.compile(
    r"该内容已被发布者删除|此内容(?:已)?(?:因违规|被投诉|被发布者)[^<]{0,40}(?:无法查看|删除)|该公众号已(?:迁移|注销)"
    r"|此?(?:账号|帐号)(?:已)?(?:被屏蔽|自主注销)[^<]{0,20}(?:内容无法查看)?|(?:该|此)?链接已过期"
)
_SPACES = re.compile(r"\s+")
_ARTICLE = 1_500  # characters: a 404 page with the site's menus has fewer
_SHORT = 400
_SHELL = 100
_DATE_METAS = 'meta[name="PubDate" i],meta[name="publishdate" i],meta[name="ArticleTitle" i]'
_LETTER = re.compile(
    r"来信|信件|留言|答复|回复内容|(?:办理|处理|回复)(?:结果|情况|单位)"
)  # somebody tells of such a page
_DATED = re.compile(
    r"(?:发布|发文|成文|公布|更新|来信|写信|提问|留言|受理|办理|答复|回复|回答|来稿|信息)(?:时间|日期|于)?[：:\s]*20\d\d"
    r"|(?:日期|时间)[：:]20\d\d[-年/.]"
)
_TITLE = re.compile(
    r"^\W*(?:(?:HTTP|ERROR|错误|出错了?)\W*)?404(?!\d)(?=\W*(?:$|not\b|error\b|[-_|—]|您|你|找不|未找"
    r"|(?:错误|出错)?\W*(?:提示)?(?:页面?|网页|文件)?(?:不存在|未找到|找不到|没有找到|丢失|错误|提示)?\W*(?:$|[-_|—])))"
    r"|^\W*(?:您|你)?(?:要|所|请求|访问)*(?:访问|浏览|查看|查找|请求)?的?(?:页面|网页|文件|资源|内容|信息|文章)"
    r"(?:不存在|未找到|找不到|已(?:被)?删除|丢失)"
    r"|^\W*(?:(?:the )?page |file )?not found\b|^\W*(?:未找到|找不到)(?:页面|网页|该页|文件|您)"
    r"|^(?!.*(?:反映|关于|咨询|投诉|建议|请问|举报|信箱|来信|留言)).*(?:页面|网页)(?:不存在|未找到|找不到)(?:了)?\W*(?:$|[-_|—])",
    re.I,
)
_SAYS = re.compile(
    r"(?:页面|网页|文件|资源|内容|信息|文章|地址|链接|栏目)(?:已经?)?(?:不存在|未找到|没有找到|找不到|已?被?删除|丢失|失效|已下线|已过期)"
    r"|(?:找不到|没有找到|未找到|无法找到|未能找到)(?:您|你)?(?:所?(?:要|请求|访问|需要|查找|浏览|想)[^，。]{0,8}?的?)?(?:该|此|这个|相关)?(?:页面?|网页|文件|资源|内容)"
    r"|(?:HTTP|ERROR|错误)\W{0,3}404|404\W{0,3}(?:NotFound|Error|错误|找不到|(?:页面|网页)(?:$|不存在|未找到|找不到|走丢|丢失))|^404$|notfound(?:onthisserver)?"
    r"|therequestedurl.{0,200}wasnotfound",
    re.I,
)
