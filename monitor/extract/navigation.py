"""The columns that a page leads to: its menus with their levels, and the headings of its blocks with their 更多.

Read with BeautifulSoup: menus are nested, broken and few, and its tree bears that best.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag

from monitor.extract.dates import url_month
from monitor.extract.links import is_attachment
from monitor.extract.urls import resolve, same_site


@dataclass(frozen=True, slots=True)
class Section:
    """A column or section by its link. ``parent`` is the menu's item above it, ``place`` (Chinese) where it stands."""

    name: str
    url: str
    parent: str = ""
    place: str = ""


def sections(text: str, url: str, *, encoding: str = "utf-8") -> tuple[Section, ...]:
    """What looks like columns of the same site, menus first, each address once under its first name."""
    soup = BeautifulSoup(text, "lxml")
    base = soup.find("base", href=True)
    root = resolve(url, str(base["href"])) or url if isinstance(base, Tag) else url
    found: dict[str, Section] = {}
    for section in [*_of_menus(soup, root, encoding), *_of_blocks(soup, root, encoding)]:
        if same_site(section.url, url) and section.url.rstrip("/") != url.rstrip("/"):
            found.setdefault(section.url, section)
    return tuple(found.values())


_MENU = re.compile(r"(?:^|[\s_-])(?:\w*nav\w*|\w*menu\w*|daohang|dh|lanmu|channels?|lmdh|side\w*)(?=$|[\s_-])", re.I)
_CRUMBS = re.compile(r"crumb|location|position|wz$|dqwz|path|friend|yqlj|foot|copyright|share|pager|pagination", re.I)
_HEADING = re.compile(r"(?:^|[\s_-])\w*(?:title|tit|bt|hd|head|tab|name|lm)\w*(?=$|[\s_-])", re.I)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "dt")
_MORE = re.compile(r"[\s\[(（【+>》»]*(?:更多|more|查看更多|查看全部)[\s\])）】+>》».…]*", re.I)
_NAME = re.compile(r"[\u4e00-\u9fff][\u4e00-\u9fffA-Za-z0-9·、“”（）()]{1,11}")
_NO_COLUMN = re.compile(
    r"首页|主页|登[录陆]|注册|English|繁[體体]|简体|无障碍|长者|关怀|适老|网站地图|RSS|订阅|手机版|移动版|客户端|微信|微博|抖音|"
    r"收藏|设为|返回|上一页|下一页|尾页|末页|检索|搜索|加入|电子邮箱|打印|关闭|智能问答|数字人|办事大厅|服务大厅|政务服务网?$|"
    r"友情链接|版权|声明|旧版|站点地图|联系我们|关于我们|网站纠错|标识码|备案"
)
_SPACES = re.compile(r"[\s\u200b\ufeff\xa0]+")
_WITHIN = 4  # levels from a heading to the box that it heads


def _of_menus(soup: BeautifulSoup, url: str, encoding: str) -> Iterator[Section]:
    for anchor in soup.find_all("a"):
        menu = _menu(anchor)
        if menu is None:
            continue
        if section := _section(anchor, _name(anchor), url, encoding, parent=_above(anchor, menu), place="导航"):
            yield section


def _of_blocks(soup: BeautifulSoup, url: str, encoding: str) -> Iterator[Section]:
    for anchor in soup.find_all("a"):
        if _menu(anchor) is not None or any(_CRUMBS.search(_names(e)) for e in anchor.parents if isinstance(e, Tag)):
            continue
        name = _name(anchor)
        if _MORE.fullmatch(name) or (not name and "more" in _names(anchor).lower()):
            name, place = _heading_near(anchor), "栏目块的“更多”"
        elif _is_heading(anchor):
            place = "栏目块标题"
        else:
            continue
        if section := _section(anchor, name, url, encoding, place=place):
            yield section


def _section(anchor: Tag, name: str, url: str, encoding: str, *, parent: str = "", place: str) -> Section | None:
    if not _NAME.fullmatch(name) or _NO_COLUMN.search(name):
        return None
    address = resolve(url, str(anchor.get("href") or ""), encoding=encoding)
    if address is None or is_attachment(address) or url_month(address):
        return None
    return Section(name, address, parent if parent != name else "", place)


def _menu(anchor: Tag) -> Tag | None:
    """The menu in which a link stands."""
    places = [e for e in anchor.parents if isinstance(e, Tag) and e.name not in ("body", "html", "[document]")]
    if any(_CRUMBS.search(_names(e)) for e in places[:4]):
        return None
    return next((e for e in places if e.name == "nav" or _MENU.search(_names(e))), None)


def _above(anchor: Tag, menu: Tag) -> str:
    """The name of the menu's item over that of a link: the link of the list item that holds its list."""
    items = [e for e in anchor.parents if isinstance(e, Tag) and e.name in ("li", "dl", "dd")]
    for outer in items[1:]:
        if menu not in outer.parents:
            return ""
        first = outer.find("a")
        if isinstance(first, Tag) and first is not anchor:
            return _name(first)
    return ""


def _is_heading(anchor: Tag) -> bool:
    places = [e for e in list(anchor.parents)[:3] if isinstance(e, Tag)]
    if not any(e.name in _HEADINGS or _HEADING.search(_names(e)) for e in places[:2]):
        return False
    box = places[-1]
    return len(_text(box)) < 60 or box.name in _HEADINGS


def _heading_near(anchor: Tag) -> str:
    """The words that head the box whose 更多 it is: its first short text."""
    for box in list(anchor.parents)[:_WITHIN]:
        if not isinstance(box, Tag):
            continue
        for words in box.stripped_strings:
            plain = _SPACES.sub("", str(words))
            if _NAME.fullmatch(plain) and not _MORE.fullmatch(plain):
                return plain
            if len(plain) > _LONGEST_HEADING:
                break
    return ""


_LONGEST_HEADING = 12


def _name(anchor: Tag) -> str:
    text = _text(anchor)
    if text:
        return text
    image = anchor.find("img")
    given = anchor.get("title") or (image.get("alt") if isinstance(image, Tag) else "") or ""
    return _SPACES.sub("", str(given))


def _text(element: Tag) -> str:
    return _SPACES.sub("", element.get_text())


def _names(element: Tag) -> str:
    classes = element.get("class")
    names = [str(name) for name in classes] if isinstance(classes, list) else [str(classes or "")]
    return " ".join([*names, str(element.get("id") or "")])
