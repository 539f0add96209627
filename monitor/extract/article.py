"""When an article was published, by its own page. None where the page does not surely say: a wrong date is worse.

发布时间：… printed on the page  ─▶  PubDate, unless it is the time the page was generated  ─▶  None
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from checks import DateBasis, OtherDate
from monitor.extract.dates import FoundDate, find_dates, plain_digits, url_month
from monitor.extract.marks import meta_contents
from monitor.extract.records import publication, records_of, title_of
from monitor.extract.tree import Element, Page, Text, parse_page


@dataclass(frozen=True, slots=True)
class Published:
    """``at`` is aware (+08:00) where a time of day is given."""

    at: datetime | None
    day: date
    basis: DateBasis


@dataclass(frozen=True, slots=True)
class ArticleDates:
    """``published`` is the one to believe, or None; ``all`` are those that were read, each with its basis."""

    published: Published | None
    all: tuple[OtherDate, ...] = ()


def published(text: str, url: str, *, today: date) -> Published | None:
    """The publication date of an article page or of a JSON article answer."""
    return article_dates(text, url, today=today).published


def article_dates(text: str, url: str, *, today: date) -> ArticleDates:
    """Every date of publication that an article page or a JSON article answer tells, and the one to believe."""
    if text.lstrip("\ufeff \t\r\n")[:1] in ("{", "["):
        answered = _of_answer(text, today)
        return ArticleDates(answered, (OtherDate(day=answered.day, basis=DateBasis.API),) if answered else ())
    page = parse_page(text, url)
    metas = meta_contents(page.parsed)
    printed = _printed(page, metas, today)
    meta, made = _of_meta(text, metas, today)
    told: list[OtherDate] = []
    if printed is not None:
        told.append(OtherDate(day=printed.day, basis=DateBasis.ARTICLE))
    if meta is not None:
        told.append(OtherDate(day=meta.day, basis=DateBasis.META, made=made))
    if printed is not None:
        return ArticleDates(Published(printed.at, printed.day, DateBasis.ARTICLE), tuple(told))
    if meta is None or made or _made_elsewhen(meta, url):
        return ArticleDates(None, tuple(told))
    return ArticleDates(Published(meta.at, meta.day, DateBasis.META), tuple(told))


# 发布时间 and its like say it outright; 日期 alone must stand in the line under the title; 生成日期 is the
# publication in tables of 信息公开. 成文日期, 发文日期, 施行日期 are dates of the document, not of its publication.
_OUTRIGHT = re.compile(
    r"(?:^|[^\u4e00-\u9fff])(?:信息|文章|稿件|网站|公开|网上|首次)?"
    r"(?:发\s*布|发\s*表|刊\s*发|发\s*稿|公\s*开|上\s*网|上\s*传|录\s*入|登\s*载|上\s*线|挂\s*网)\s*(?:时\s*间|日\s*期|于)\s*:?\s*$"
)
_BARE = re.compile(r"(?:^|[\s|｜\[（(【])(?:时\s*间|日\s*期)\s*:\s*$")
_GENERATED = re.compile(r"(?:生成|公示)\s*日\s*期\s*:?\s*$")
_RANGE = re.compile(r"\s*(?:日)?\s*(?:起|至|到|—|-|~|～|前|止|（?\(?\s*(?:星期|周)|以来|以后|之前|上午|下午|晚)")
_LINE_WORDS = re.compile(
    r"来\s*源|作\s*者|浏览|点击|阅读|访问|字\s*体|字\s*号|打\s*印|分\s*享|编\s*辑|【\s*(?:大|打)|稿源|供稿|发布(?:者|机构|单位)|审核|责任|次数|收藏|我要纠错"
)
_DATE_NAMES = re.compile(
    r"pub_?(?:lish)?_?(?:time|date)|(?:article|news|info|content|detail|con|art)[_-]?(?:time|date)", re.I
)
_DATE_CLASS = re.compile(r"(?:^|\s)(?:time|date|sj|rq|fbsj|fbrq)(?:\s|$)", re.I)
_CLOCK_PLACES = re.compile(
    r"(?:^|\s)(?:(?:site|page|web|main)[_-]?)?(?:header?|top|foot(?:er)?|nav|menu|clock|weather|side(?:bar)?|hot|related|recommend|list)(?=$|\s)",
    re.I,
)
_LINE = 12  # texts after the title in which the line with date and source stands
_NEAR = 4
_LINE_LENGTH = 160
_ABOVE = 80  # texts before the title in which the table of 信息公开 stands
_ANY_LABEL = re.compile(r"(?:时\s*间|日\s*期|期\s*限)\W*$")
_META_NAMES = (
    "pubdate",
    "publishdate",
    "publish_date",
    "publishtime",
    "pubtime",
    "article:published_time",
    "firstpublishedtime",
)
_MADE_NAMES = ("maketime", "generatetime", "lastmodifiedtime", "createtime")
_MADE = re.compile(r"(?:页面)?(?:生成|静态化|发布静态)时间\D{0,6}((?:19|20)\d{2}[-/年][^<>\"']{4,24})")
_REGENERATED = timedelta(minutes=10)
_SPACES = re.compile(r"\s+")


def _of_answer(text: str, today: date) -> Published | None:
    try:
        answer = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return None
    for record in records_of(answer, depth=4):
        if title_of(record) and (found := publication(record, today=today)):
            return Published(found.at, found.day, DateBasis.API)
    return None


def _printed(page: Page, metas: dict[str, str], today: date) -> FoundDate | None:
    """The date in the page's text, by the strongest label that it has."""
    title = _title_index(page, metas)
    outright: list[tuple[int, FoundDate]] = []
    bare: list[tuple[int, FoundDate]] = []
    generated: list[tuple[int, FoundDate]] = []
    plain: list[tuple[int, FoundDate]] = []
    for text, before, label, found in _dated_texts(page, today):
        if _OUTRIGHT.search(label):
            outright.append((text.index, found))
        elif _GENERATED.search(label):
            generated.append((text.index, found))
        elif _BARE.search(label) and _in_line(page, text, title):
            bare.append((text.index, found))
        elif not _ANY_LABEL.search(label) and _stands_alone(page, text, before, found, title):
            plain.append((text.index, found))
    meta = _moment(metas.get("pubdate", ""), today)
    if plain and title is not None and all(not title - _ABOVE <= i <= title + _LINE for i, _ in outright):
        outright = []  # far down in the text: 公告发布时间 of what the article speaks of
    for candidates in (outright, bare, plain, generated):
        if candidates:
            return _agreed(candidates, title, meta)
    return None


def _dated_texts(page: Page, today: date) -> Iterator[tuple[Text, str, str, FoundDate]]:
    """Texts that are seen and have a date: the text, what stands in it before the date, the label, and the date."""
    for text in page.texts:
        value = plain_digits(text.value)
        if not any(c.isdigit() for c in value) or len(value) > 400:
            continue
        for found in find_dates(value, today=today):
            if found.day > today + timedelta(days=1) or _RANGE.match(value, found.end):
                continue
            before = value[: found.start]
            label = before if before.strip(" [（(【:") else _before(page, text.index) + before
            label = label.rstrip(" [（(【")
            if not _unseen(text.holder):
                yield text, before, label, found


def _before(page: Page, index: int) -> str:
    """The text before, as long as it is no more than a label, with the colon that may stand between."""
    previous = plain_digits(page.texts[index - 1].value) if index else ""
    if previous == ":" and index > 1:
        previous = plain_digits(page.texts[index - 2].value) + previous
    return previous if len(previous) <= 40 else ""


def _title_index(page: Page, metas: dict[str, str]) -> int | None:
    """Where the article's title is printed, by the metas, the window title or the first heading."""
    wanted = [_SPACES.sub("", t) for t in (metas.get("articletitle", ""), page.title) if t]
    places = [
        (len(value), text.index)
        for text in page.texts
        if len(value := _SPACES.sub("", text.value)) >= 4
        and any(value == w or (len(value) >= 8 and value in w) for w in wanted)
        and not _in_link(text.holder)
    ]
    longest = [index for length, index in places if length == max(places)[0]]  # the site's name is in the title too
    if longest:
        return longest[-1] if len(longest) <= 2 else longest[0]
    return next(
        (e.first for e in page.elements if e.tag in ("h1", "h2") and e.last > e.first and not _in_link(e)), None
    )


def _in_line(page: Page, text: Text, title: int | None) -> bool:
    """Whether it stands in the line under the title, among source, author and size of print, before the text begins."""
    if title is None or not title < text.index <= title + _LINE or _in_link(text.holder):
        return False
    if any(len(t.value) > 60 or "。" in t.value for t in page.texts[title + 1 : text.index]):
        return False
    if _LINE_WORDS.search(text.value):
        return True
    for other in page.texts[max(title + 1, text.index - _NEAR) : text.index + _NEAR + 1]:
        if len(other.value) <= 60 and _LINE_WORDS.search(other.value):
            line = next(e for e in [text.holder, *text.holder.ancestors()] if e.first <= other.index < e.last)
            if not line.first <= title < line.last and len(page.text_of(line)) <= _LINE_LENGTH:
                return True
    return False


def _stands_alone(page: Page, text: Text, before: str, found: FoundDate, title: int | None) -> bool:
    """Whether a date without a label is the one under the title: by its place, or by the name of its element."""
    rest = text.value[found.end :].strip(" ])）】|｜")
    lead = before.strip(" [(（【|｜")
    if (
        title is None
        or len(text.value) > 60
        or any(w and not _LINE_WORDS.match(w) for w in (lead, rest))
        or _in_clock_place(text.holder)
    ):
        return False
    if not title < text.index <= title + _LINE:
        return False
    if _in_line(page, text, title) or _DATE_NAMES.search(text.holder.names):
        return True
    return text.index <= title + 2 and _DATE_CLASS.search(text.holder.names) is not None


def _agreed(candidates: list[tuple[int, FoundDate]], title: int | None, meta: FoundDate | None) -> FoundDate | None:
    """One date of several: the first after the title; without a title the one that all or PubDate agree on."""
    if len({found.day for _, found in candidates}) == 1:
        return max((found for _, found in candidates), key=lambda f: f.at is not None)
    after = [found for index, found in candidates if title is not None and index > title]
    if after:
        return after[0]
    if meta is not None:
        return next((found for _, found in candidates if found.day == meta.day), None)
    return None


def _of_meta(text: str, metas: dict[str, str], today: date) -> tuple[FoundDate | None, bool]:
    """PubDate, and whether it is the time at which the page was generated."""
    found = next((f for name in _META_NAMES if (f := _moment(metas.get(name, ""), today))), None)
    if found is None:
        return None, False
    made = [m for name in _MADE_NAMES if (m := _moment(metas.get(name, ""), today))]
    made += [m for match in _MADE.findall(text) if (m := _moment(match, today))]
    return found, any(_same_moment(found, m) for m in made)


def _made_elsewhen(found: FoundDate, url: str) -> bool:
    """Whether a PubDate is one of migration: the address was made in another month."""
    month = url_month(url)
    return month is not None and abs((found.day.year - month[0]) * 12 + found.day.month - month[1]) > 1


def _same_moment(one: FoundDate, other: FoundDate) -> bool:
    if one.at is None or other.at is None:
        return one.day == other.day
    return abs(one.at - other.at) <= _REGENERATED


def _moment(value: str, today: date) -> FoundDate | None:
    found = find_dates(value, today=today)
    if len(found) != 1 or found[0].day > today + timedelta(days=1):
        return None
    return found[0]


def _unseen(element: Element) -> bool:
    return element.hidden or any(e.hidden for e in element.ancestors())


def _in_link(element: Element) -> bool:
    return element.tag == "a" or any(e.tag == "a" for e in element.ancestors())


def _in_clock_place(element: Element) -> bool:
    return any(
        e.tag in ("header", "footer", "nav", "aside", "li") or _CLOCK_PLACES.search(e.names)
        for e in [element, *list(element.ancestors())[:-1]]
    )
