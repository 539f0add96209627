"""The places of a list page where nothing but a date is printed. A date within a title or within prose is none."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from monitor.extract.dates import find_dates, latest_past, plain_digits, real_day
from monitor.extract.headings import heading_over
from monitor.extract.tree import Element, Page, Text


@dataclass(frozen=True, slots=True, eq=False)
class Slot:
    """A date on its own, from ``texts[first]`` to before ``texts[last]``. ``label`` is what the page calls it.

    ``year_printed`` is false for 09-11: the year is then the latest past one, unless the row's address knows better.
    ``day`` is ``None`` for a date that cannot be one of publication, as it lies ahead (``ahead``) or does not exist.
    ``in_title``: it ends the text of a link, in every row of its list: 标题 [2026-09-11].
    """

    day: date | None
    first: int
    last: int
    holder: Element
    label: str = ""
    year_printed: bool = True
    ahead: date | None = None
    in_title: bool = False


def date_slots(page: Page, *, today: date) -> list[Slot]:
    """All slots of the page in reading order."""
    slots: list[Slot] = []
    texts = page.texts
    at = 0
    while at < len(texts):
        slot = None
        if _MAYBE.search(texts[at].value):
            slot = _split_slot(texts, at, today) or _slot(texts, at, today)
        if slot is None:
            at += 1
            continue
        label = slot.label or heading_over(page, slot.holder)
        if not _NOT_PUBLICATION.search(_BLANKS.sub("", label)):
            day = _not_ahead(slot.day, today)
            slots.append(replace(slot, day=day, label=label, ahead=None if day else slot.day))
        at = slot.last
    return sorted([*slots, *_ends_of_titles(page, slots, today)], key=lambda slot: slot.first)


def without_date(title: str) -> str:
    """A title without the date that ends it."""
    match = _AT_END.search(plain_digits(title))
    return title[: match.start()] if match else title


def attribute_day(element: Element, *, today: date) -> date | None:
    """A day that stands in an attribute within ``element``, such as ``datetime``, and nowhere in its text."""
    days = {
        day
        for inner in element.walk()
        for name, value in inner.attributes.items()
        if name not in _NO_DATE_IN and 8 <= len(value) <= 30
        for day in [_whole(value, today)]
        if day is not None
    }
    return _not_ahead(days.pop(), today) if len(days) == 1 else None


_NO_DATE_IN = frozenset(("href", "src", "onclick", "style", "class", "id", "alt"))
_LABELS = "(?:发布|发表|更新|公开|上传|公布|公示|发稿)?(?:时\\s*间|日\\s*期)|发布于|发布"
_LABELLED = re.compile(rf"((?:[^\W\d_]{{0,6}})(?:{_LABELS}))\s*[:：]?\s*$")
_NOT_PUBLICATION = re.compile(
    r"成文|发文|印发|签发|生效|施行|实施|执行|截止|截至|结束|开始|起始|失效|废止|有效|到期|办结|受理|留言|来信|提问|咨询|出生|活动|会议|开标|评标|报名|征集|举办|培训|考试"
)
_AT_END = re.compile(
    r"\s*(?:[\[(（【〔]\s*((?:19|20)\d{2}[-/.]\d{1,2}[-/.]\d{1,2}(?:\s\d{1,2}:\d{2}(?::\d{2})?)?)\s*[\])）】〕]|"
    r"(?<=\s)((?:19|20)\d{2}[-/.]\d{1,2}[-/.]\d{1,2}))\s*$"
)
_ROWS = 3  # with dates at the end of their titles, before these are believed
_LABEL_ALONE = re.compile(r"(?:[^\W\d_]\s*){0,8}(?:时\s*间|日\s*期)\s*[:：]?")
_REST = re.compile(r"[\s\[\]()（）【】〔〕{}<>《》|｜·•:：,，、/\\_—-]+|&nbsp;?")
_PROSE = re.compile(
    r"[。，；？！“”《》]|公布|施行|通过|修订|修正|批准|印发|颁布|签署|废止|起|至|前|止|星期|周[一二三四五六日]|今天|当前"
)
_BLANKS = re.compile(r"\s+")
_YEAR = re.compile(r"\W*(20\d{2}|19\d{2})\s*年?\W*")
_YEAR_MONTH = re.compile(r"\W*((?:19|20)\d{2})\s*[-/.年]\s*(\d{1,2})\s*月?\W*")
_MONTH_DAY = re.compile(r"\W*(\d{1,2})(?:\s*[-/.]\s*|\s*月\s*)(\d{1,2})\s*日?\W*")
_MONTH = re.compile(r"(\d{1,2})\s*月")
_DAY = re.compile(r"\W*(\d{1,2})\s*日?\W*")
_HEAD = re.compile(r"\W*(?:19|20)\d{2}\s*[-/.年]\s*(?:\d{1,2}\s*[-/.月]?)?\s*")


def _ends_of_titles(page: Page, slots: list[Slot], today: date) -> list[Slot]:
    """Dates that end the titles of a whole list whose rows print no date elsewhere."""
    lists: dict[int, list[tuple[Element, Slot]]] = {}
    for text in page.texts:
        if not text.value[-1:].isdecimal() and text.value[-1:] not in "])）】〕":
            continue
        title = plain_digits(text.value)
        match = _AT_END.search(title)
        anchor = next((e for e in [text.holder, *text.holder.ancestors()] if e.tag == "a"), None)
        if match is None or anchor is None or match.start() < _SHORTEST_TITLE or anchor.furniture:
            continue
        found = find_dates(match[1] or match[2], today=today)
        row = anchor
        while row.parent is not None and len(row.parent.children) == 1 and row.parent.parent is not None:
            row = row.parent
        if len(found) != 1 or row.parent is None:
            continue
        day = _not_ahead(found[0].day, today)
        ahead = None if day else found[0].day
        slot = Slot(day, text.index, text.index + 1, text.holder, ahead=ahead, in_title=True)
        lists.setdefault(id(row.parent), []).append((row, slot))
    kept: list[Slot] = []
    for rows in lists.values():
        if any(row.first <= slot.first < row.last for row, _ in rows for slot in slots):
            continue
        container = rows[0][0].parent
        titles = [
            e
            for e in (container.children if container else ())
            if e.tag == rows[0][0].tag and len(page.text_of(e)) >= _SHORTEST_TITLE and _has_anchor(e)
        ]
        if len(rows) >= _ROWS and len(rows) * 5 >= len(titles) * 4:
            kept += [slot for _, slot in rows]
    return kept


def _has_anchor(element: Element) -> bool:
    return any(e.tag == "a" for e in element.walk())


def _slot(texts: list[Text], at: int, today: date) -> Slot | None:
    text = texts[at]
    if len(text.value) > 80:
        return None
    plain = plain_digits(text.value)
    label = _label_before(texts, at)
    lone = len(plain) <= 30
    found = find_dates(plain, today=today, month_day=lone, relative=lone)
    if len({f.day for f in found}) != 1:
        if not found and len(plain) <= 24 and _IMPOSSIBLE.fullmatch(_REST.sub(" ", plain).strip()):
            return Slot(None, at, at + 1, text.holder, label)
        return None
    if _REST.sub("", plain[found[0].end : found[-1].start]):
        return None  # a day told twice, with words between: prose
    before, after = plain[: found[0].start], plain[found[-1].end :]
    if own := _LABELLED.search(before):
        label = own[1]
        if found[0].end == found[-1].end and not _PROSE.match(_REST.sub("", after)):
            return Slot(found[0].day, at, at + 1, text.holder, label, _has_year(plain, found[0].start))
        return None
    if not _REST.sub("", before) and not _REST.sub("", after):
        return Slot(found[0].day, at, at + 1, text.holder, label, _has_year(plain, found[0].start))
    if not _has_year(plain, found[0].start) or _within_anchor(text.holder):
        return None
    rest = before + " " + after
    apart = (not before or before[-1] in _APART) and (not after or after[0] in _APART)
    if apart and len(rest) <= 40 and not _PROSE.search(rest):
        return Slot(found[0].day, at, at + 1, text.holder, label)
    return None


_SHORTEST_TITLE = 5
# What every date has, whole or in parts: a look at it spares most texts of a page the rest.
_MAYBE = re.compile(
    r"[0-9０-９]{4}|[0-9０-９]\s*[-/.月年日号天小分秒－／．]|^\W*[0-9０-９]{1,2}\W*$|[一二][〇○Ｏ零一二三四五六七八九]{3}年|今[天日]|昨[天日]|前天|刚刚"
)
_APART = " \u3000|｜[]()（）【】·/"
_IMPOSSIBLE = re.compile(r"((?:19|20)\d{2})\D{1,2}\d{1,2}\D{1,2}\d{1,2}[日号]?")


def _split_slot(texts: list[Text], at: int, today: date) -> Slot | None:
    """A date whose day, month and year stand in elements of their own: 11 over 2026-09."""
    if len(texts[at].value) > 12 or at + 1 >= len(texts) or len(texts[at + 1].value) > 14:
        return None
    one, two = plain_digits(texts[at].value), plain_digits(texts[at + 1].value)
    three = plain_digits(texts[at + 2].value) if at + 2 < len(texts) else ""
    day, length = _joined(one, two, three, today)
    if day is not None:
        return Slot(day, at, at + length, texts[at].holder, _label_before(texts, at))
    for d, m in ((one, two), (two, one)):
        if (month := _MONTH.fullmatch(m)) and d.isdecimal() and (day := latest_past(int(month[1]), int(d), today)):
            return Slot(day, at, at + 2, texts[at].holder, _label_before(texts, at), year_printed=False)
    return None


def _joined(one: str, two: str, three: str, today: date) -> tuple[date | None, int]:
    if (d := _DAY.fullmatch(one)) and (ym := _YEAR_MONTH.fullmatch(two)):
        return real_day(ym[1], ym[2], d[1]), 2
    if (ym := _YEAR_MONTH.fullmatch(one)) and (d := _DAY.fullmatch(two)):
        return real_day(ym[1], ym[2], d[1]), 2
    if (md := _MONTH_DAY.fullmatch(one)) and (y := _YEAR.fullmatch(two)):
        return real_day(y[1], md[1], md[2]), 2
    if (y := _YEAR.fullmatch(one)) and (md := _MONTH_DAY.fullmatch(two)):
        return real_day(y[1], md[1], md[2]), 2
    if (y := _YEAR.fullmatch(one)) and (m := _MONTH.fullmatch(two)) and (d := _DAY.fullmatch(three)):
        return real_day(y[1], m[1], d[1]), 3
    if (d := _DAY.fullmatch(one)) and (m := _MONTH.fullmatch(two)) and (y := _YEAR.fullmatch(three)):
        return real_day(y[1], m[1], d[1]), 3
    if _HEAD.fullmatch(one):
        found = find_dates(one + two, today=today)
        if len(found) == 1 and not _REST.sub("", (one + two)[: found[0].start] + (one + two)[found[0].end :]):
            return found[0].day, 2
    return None, 0


def _label_before(texts: list[Text], at: int) -> str:
    if at == 0:
        return ""
    before = texts[at - 1].value
    return before if len(before) <= 16 and _LABEL_ALONE.fullmatch(before) else ""


def _has_year(text: str, start: int) -> bool:
    return (
        re.match(
            r"(?:19|20)\d{2}\D|[一二][〇○零一二三四五六七八九]{3}年|\D|\d{1,3}\s*(?:天|日|小时|分钟|秒)", text[start:]
        )
        is not None
    )


def _within_anchor(element: Element) -> bool:
    return element.tag == "a" or any(a.tag == "a" for a in element.ancestors())


def _whole(value: str, today: date) -> date | None:
    found = find_dates(value, today=today)
    if len(found) == 1 and not _REST.sub("", value[: found[0].start] + value[found[0].end :]):
        return found[0].day
    return None


def _not_ahead(day: date | None, today: date) -> date | None:
    return day if day is not None and day <= today + timedelta(days=1) else None


def year_from(hint: date, month: int, day: int, today: date) -> date | None:
    """The day in the year that an address speaks of: within half a year of ``hint``."""
    for year in (hint.year, hint.year + 1, hint.year - 1):
        candidate = real_day(year, month, day)
        if candidate is not None and abs((candidate - hint).days) <= 183:
            return _not_ahead(candidate, today)
    return latest_past(month, day, today)
