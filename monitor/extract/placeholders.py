"""Whether a page without rows says that it is empty, or leaves its rows to a script. Only the first is a finding."""

from __future__ import annotations

import re

from monitor.extract.tree import Element, Page, Text


def says_empty(page: Page) -> bool:
    """Whether a reader sees 暂无内容, 栏目正在建设 or the like, and no script could put rows there instead."""
    if leaves_rows_to_script(page):
        return False
    return any(not _may_be_replaced(text, page) for text in page.texts if _says_empty(text))


def waits_for_script(page: Page) -> bool:
    """Whether the page says 暂无数据 or the like only for as long as a script from elsewhere has not brought rows."""
    return any(_may_be_replaced(text, page) for text in page.texts if _says_empty(text))


def has_empty_list(page: Page) -> bool:
    """Whether the page holds a list without rows that no script can fill, as it has no script."""
    return not page.has_scripts and any(_is_empty_list(e) for e in page.elements if not e.furniture)


def leaves_rows_to_script(page: Page) -> bool:
    """Whether a script of the page fills a list: templates left over, or an empty list that a script names."""
    if _FRAMEWORK.search(page.scripts) or any(_TEMPLATE_ROW.search(t.value) for t in page.texts):
        return True
    return any(_is_script_mount(element, page) for element in page.elements)


def in_maintenance(page: Page) -> bool:
    """Whether the site says that it is closed for work: then nothing is said of the column."""
    words = " ".join([page.title, *(t.value for t in page.texts[:60])])
    return len(words) < 600 and _MAINTENANCE.search(words) is not None


_EMPTY = re.compile(
    r"^\W*(?:对不起|抱歉|很抱歉|该栏目|本栏目|当前栏目|此栏目|栏目|目前|当前|该目录|页面|内容)?\W*"
    r"(?:暂时?(?:没有|无)(?:任何|相关|更多)?(?:数据|内容|信息|记录|文章|文件|资料|新闻|公告|结果)?|"
    r"(?:没有|未)(?:找到|查询到|检索到)?(?:任何|相关)?(?:数据|内容|信息|记录|文章)|"
    r"(?:栏目|内容|页面|信息)?(?:正在)?(?:建设|完善|整理|更新|筹备)(?:之)?中|敬请期待)"
)
_NOT_EMPTY = re.compile(
    r"加载|更多(?:数据|内容|信息)?$|搜索|检索|检索词|评论|留言|附件|视频|图片|网站.{0,4}(?:建设|维护)"
)
_FRAMEWORK = re.compile(r"queryData|new\s+Vue\s*\(|createApp\s*\(|angular\.module|avalon\.define|ReactDOM", re.I)
_TEMPLATE_ROW = re.compile(r"\{\{[^{}]{1,80}\}\}")
_MAINTENANCE = re.compile(
    r"(?:网站|系统|平台|服务器?)[^，。]{0,10}(?:维护|升级|迁移|改版)[^，。]{0,6}(?:中|暂停|暂时|期间|公告)?|正在(?:维护|升级)|例行维护"
)
_LIST_NAMES = re.compile(r"list|news|content|data|jpage|items?|result|lb|rows?|con(?=$|[\s_-])", re.I)
_EDITORS_WORDS = re.compile(r"建设中|完善中|整理中|筹备中|敬请期待")
_INTERFACE_WORDS = re.compile(r"数据|记录|结果|没有找到|未找到|查询|检索")
_FURNITURE_SCRIPTS = re.compile(
    r"jquery|bootstrap|swiper|superslide|slick|layer|layui|polyfill|respond|html5|modernizr|ie\d|share|jiathis|qrcode|"
    r"tongji|hm\.js|stat|analytics|count|click|bszs|conac|jiucuo|wza|accessib|barrier|font|weather|scroll|marquee|"
    r"print|top\.|nav|menu|header|footer|tab|md5|cookie",
    re.I,
)
_PAGER_NAMES = re.compile(
    r"pag(?!e-?list)|fenye|nav|menu|time|date|weather|search|share|foot|head|banner|swiper|slide|tool|login", re.I
)
_LIST_TAGS = frozenset(("ul", "ol", "tbody", "table", "dl", "div"))


def _is_empty_list(element: Element) -> bool:
    names = element.names
    if element.tag not in _LIST_TAGS or element.first != element.last or _PAGER_NAMES.search(names):
        return False
    if element.children and element.tag != "table":
        return False
    return element.tag in ("ul", "ol", "tbody") or _LIST_NAMES.search(names) is not None


def _is_script_mount(element: Element, page: Page) -> bool:
    id_ = element.attributes.get("id", "")
    if not id_ or element.tag not in _LIST_TAGS or element.first != element.last or element.children:
        return False
    if _PAGER_NAMES.search(id_) or not (element.tag in ("ul", "ol", "tbody") or _LIST_NAMES.search(element.names)):
        return False
    if page.loaded_scripts and _LIST_NAMES.search(id_):
        return True  # a script that is not on the page may name it
    return re.search(rf"['\"#]{re.escape(id_)}['\"\s]", page.scripts) is not None


def _says_empty(text: Text) -> bool:
    return (
        len(text.value) <= 40
        and _EMPTY.search(text.value) is not None
        and not _NOT_EMPTY.search(text.value)
        and _seen(text.holder)
    )


def _may_be_replaced(text: Text, page: Page) -> bool:
    """Whether a script that is not on the page may put rows in the place of these words.

    栏目建设中 is written by editors. 暂无数据 is the word of interfaces. 暂无内容 may be either's, and is the word
    of an interface where it has a name for scripts to find it by.
    """
    if _EDITORS_WORDS.search(text.value):
        return False
    if all(_FURNITURE_SCRIPTS.search(address.rpartition("/")[2]) for address in page.loaded_scripts):
        return False
    places = [text.holder, *list(text.holder.ancestors())[:2]]
    return _INTERFACE_WORDS.search(text.value) is not None or any(
        e.attributes.get("id") for e in places if e.parent is not None
    )


def _seen(element: Element) -> bool:
    return not element.furniture and not any(e.hidden or e.conditional for e in [element, *element.ancestors()])
