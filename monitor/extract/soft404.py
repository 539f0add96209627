"""Pages that say "not found" with status 200, by their title and short visible text."""

from __future__ import annotations

import re
from itertools import chain

from selectolax.lexbor import LexborHTMLParser


def says_missing(text: str) -> bool:
    """Whether the page says that what was asked for is not there. An article about such pages does not.

    Either its title says so, or the little text that it has does. A page with text enough for an article, or with the
    date of one, is believed to be one, whatever it speaks of.
    """
    if not _may_say(text) or _is_long(text):
        return False
    tree = LexborHTMLParser(text)
    if any((meta.attributes.get("content") or "").strip() for meta in tree.css(_DATE_METAS)):
        return False
    title = tree.css_first("title")
    heading = _SPACES.sub(" ", title.text() if title else "").strip()
    tree.strip_tags(["script", "style", "template"])
    visible = _SPACES.sub("", tree.body.text() if tree.body else "")
    if len(visible) > _ARTICLE or _DATED.search(visible):
        return False
    if _TITLE.search(heading):
        return True
    return len(visible) <= _SHORT and _SAYS.search(visible) is not None and not _LETTER.search(visible)


def says_removed(text: str) -> bool:
    """Whether a page of 微信公众平台 says that its article is gone (status 200, web.md behaviour 42)."""
    return len(text) < _MOST_NOTICE and _ARTICLE_BODY not in text and _REMOVED.search(text) is not None


def is_shell(text: str) -> bool:
    """Whether a page shows next to nothing until its scripts have run."""
    tree = LexborHTMLParser(text)
    tree.strip_tags(["script", "style", "template", "noscript"])
    return len(_SPACES.sub("", tree.body.text() if tree.body else "")) < _SHELL


def _may_say(text: str) -> bool:
    """Whether any of the words occurs at all: spares nearly every page the parsing."""
    if "&#" in text:
        return True  # words may be written as numbers
    return any(word in text for word in _WORDS)


def _is_long(text: str) -> bool:
    """Whether the page has by far too much text, counted roughly: spares the articles the parsing."""
    if len(text) < _LONG:
        return False
    if len(text.encode("utf-8", "replace")) - len(text) > _MANY_WIDE:
        return True
    length = 0
    pieces = text.split("<")
    # The text of a page mostly stands in its middle, and scripts at its ends.
    for piece in chain(pieces[len(pieces) // 3 :], pieces[: len(pieces) // 3]):
        tag, _, between = piece.partition(">")
        if between and not tag.startswith(_UNSEEN):
            length += len(between) if len(between) < 40 else len("".join(between.split()))
            if length > _LONG:
                return True
    return False


_LONG = 4_000  # entities and blanks are counted here, so that this is not the limit itself
_MANY_WIDE = 16_000  # bytes beyond one a character: 8,000 Chinese characters, which no script or menu holds
_UNSEEN = ("script", "style", "template", "!", "SCRIPT", "STYLE", "title", "TITLE", "option", "noscript")
_WORDS = ("404", "存在", "找到", "找不", "删除", "丢失", "失效", "下线", "过期", "ound", "OUND")
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
