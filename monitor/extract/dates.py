"""Days and times as Chinese pages write them. Our own parser: what is not surely a date is none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")  # without summer time since 1991


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date and its place in the text. ``at`` is aware (+08:00) where a time of day is printed with it."""

    day: date
    at: datetime | None
    start: int
    end: int


def find_dates(text: str, *, today: date, month_day: bool = False, relative: bool = False) -> list[FoundDate]:
    """Every date in the text, in its order. Future ones are kept: the caller decides.

    ``month_day`` also takes 09-11 and 9月11日, in the latest year that does not lie ahead. ``relative`` also takes
    今天, 昨天, 3天前 and the like, counted from ``today``.
    """
    plain = plain_digits(text)
    found = [*_full_dates(plain), *_numeral_dates(plain)]
    if month_day:
        found += _outside(found, _month_days(plain, today))
    if relative:
        found += _outside(found, _relative_days(plain, today))
    return sorted(found, key=lambda f: f.start)


def url_date(url: str) -> date | None:
    """The day that an address carries, a hint only, or None."""
    for pattern in _IN_URL:
        if match := pattern.search(url):
            return real_day(*match.groups())
    return None


def url_month(url: str) -> tuple[int, int] | None:
    """The year and month that an address carries, a hint only, or None."""
    if day := url_date(url):
        return day.year, day.month
    if (match := _MONTH_IN_URL.search(url)) and 1 <= int(match[2]) <= 12:
        return int(match[1]), int(match[2])
    return None


def real_day(year: int | str, month: int | str, day: int | str) -> date | None:
    """The day of the calendar, or None for one that does not exist, such as 2026-02-30."""
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def latest_past(month: int, day: int, today: date) -> date | None:
    """The latest such day up to tomorrow: a page may be written in the first minutes after midnight."""
    for year in range(today.year + 1, today.year - 9, -1):
        candidate = real_day(year, month, day)
        if candidate is not None and candidate <= today + timedelta(days=1):
            return candidate
    return None


def plain_digits(text: str) -> str:
    """The same text, position by position, with full-width digits and odd separators in ASCII."""
    return text.translate(_PLAIN) if _ODD.search(text) else text


_PLAIN = {
    **{ord("０") + i: str(i) for i in range(10)},
    **dict.fromkeys(map(ord, "－‐‑–—"), "-"),
    **dict.fromkeys(map(ord, "：∶︰﹕"), ":"),
    ord("／"): "/",
    ord("．"): ".",
}
_ODD = re.compile(f"[{re.escape(''.join(map(chr, _PLAIN)))}]")

_NOT_BEFORE = r"(?<![0-9A-Za-z_/\\])(?<![0-9A-Za-z][-./])"
_DAY = r"(?P<day>\d{2}(?=\d{2}:\d{2})|\d{1,2}(?!\d))"  # the clock may follow without a blank
_NOT_AFTER = r"(?![-./]\d|[A-SU-Za-z_])"  # T opens an ISO time
_DATE = re.compile(
    _NOT_BEFORE
    + r"(?P<year>(?:19|20)\d{2})"
    + r"(?:\s*(?P<sep>[-/.])\s*(?P<month>\d{1,2})\s*(?P=sep)\s*"
    + _DAY
    + _NOT_AFTER
    + r"|\s*年\s*(?P<month2>\d{1,2})\s*月\s*(?P<day2>\d{1,2})\s*[日号](?!令))"
)
_CLOCK = re.compile(
    r"(?:T|,|\s|[(（]?(?:星期|周)[一二三四五六日天][)）]?)*"
    r"(?P<half>上午|下午|晚上?|凌晨|[AaPp][Mm])?\s*"
    r"(?P<hour>\d{1,2})\s*(?::|[时点])\s*(?P<minute>\d{2})(?!\d)(?:\s*(?::|分)\s*(?P<second>\d{2})(?!\d)\s*秒?|\s*分)?"
    r"(?:\.\d{1,6})?(?P<zone>Z|[+-]\d{2}:?\d{2}(?!\d))?"
)
_REFERENCE_NUMBER = re.compile(r"(?:索引号?|索\s*引\s*号|文号|字号|编号|证号|案号|序号|代码)\s*[:]?\s*$")
_NUMERALS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "Ｏ": 0}
_NUMERAL_DATE = re.compile(
    r"(?<![一二三四五六七八九〇○零十])([一二][〇○Ｏ零一二三四五六七八九]{3})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日"
)
_MONTH_DAY = re.compile(
    r"(?<![\d年A-Za-z_/\\.:-])(?:(?P<month>\d{2})[-/](?P<day>\d{2})|(?P<month2>\d{1,2})\s*月\s*(?P<day2>\d{1,2})\s*[日号])(?![\d./A-Za-z_-])"
)
_RELATIVE = re.compile(r"(今天|今日|昨天|昨日|前天|刚刚)|(?<!\d)(\d{1,3})\s*(天|日|小时|分钟|秒钟?)前")
_NAMED_DAYS = {"今天": 0, "今日": 0, "刚刚": 0, "昨天": 1, "昨日": 1, "前天": 2}
_IN_URL = (
    re.compile(r"/t((?:19|20)\d{2})(\d{2})(\d{2})_\d"),
    re.compile(r"/((?:19|20)\d{2})([01]\d)([0-3]\d)(?:/|_|\.|$)"),
    re.compile(r"/((?:19|20)\d{2})/(\d{1,2})/(\d{1,2})(?:/|\.|$)"),
    re.compile(r"/((?:19|20)\d{2})-(\d{1,2})[-/](\d{1,2})(?:/|\.|_|$)"),
    re.compile(r"/((?:19|20)\d{2})([01]\d)/([0-3]\d)(?:/|\.|$)"),
)
_MONTH_IN_URL = re.compile(r"/((?:19|20)\d{2})[-/]?([01]\d)/")


def _full_dates(text: str) -> Iterator[FoundDate]:
    for match in _DATE.finditer(text):
        day = real_day(match["year"], match["month"] or match["month2"], match["day"] or match["day2"])
        if day is None or _REFERENCE_NUMBER.search(text[max(0, match.start() - 8) : match.start()]):
            continue
        yield _with_clock(text, day, match.start(), match.end())


def _numeral_dates(text: str) -> Iterator[FoundDate]:
    for match in _NUMERAL_DATE.finditer(text):
        year = "".join(str(_NUMERALS[c]) for c in match[1])
        day = real_day(year, _numeral(match[2]), _numeral(match[3]))
        if day is not None:
            yield FoundDate(day, None, match.start(), match.end())


def _numeral(text: str) -> int:
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return _NUMERALS[text] if len(text) == 1 else 0
    return 10 * (_NUMERALS.get(tens, 0) if tens else 1) + (_NUMERALS.get(ones, 0) if ones else 0)


def _month_days(text: str, today: date) -> Iterator[FoundDate]:
    for match in _MONTH_DAY.finditer(text):
        day = latest_past(int(match["month"] or match["month2"]), int(match["day"] or match["day2"]), today)
        if day is not None:
            yield _with_clock(text, day, match.start(), match.end())


def _relative_days(text: str, today: date) -> Iterator[FoundDate]:
    for match in _RELATIVE.finditer(text):
        if match[1]:
            back = _NAMED_DAYS[match[1]]
        else:
            back = int(match[2]) if match[3] in "天日" else int(match[2]) // 24 if match[3] == "小时" else 0
        yield FoundDate(today - timedelta(days=back), None, match.start(), match.end())


def _with_clock(text: str, day: date, start: int, end: int) -> FoundDate:
    clock = _CLOCK.match(text, end)
    if clock is None:
        return FoundDate(day, None, start, end)
    hour = int(clock["hour"])
    if (clock["half"] or "").lower() in ("下午", "晚", "晚上", "pm") and hour < 12:
        hour += 12
    try:
        at = datetime(day.year, day.month, day.day, hour, int(clock["minute"]), int(clock["second"] or 0), tzinfo=CHINA)
    except ValueError:  # 24:00 and the like: the day stands, the time does not
        return FoundDate(day, None, start, clock.end())
    if clock["zone"]:
        at = at.replace(tzinfo=_zone(clock["zone"])).astimezone(CHINA)
    return FoundDate(at.date(), at, start, clock.end())


def _zone(text: str) -> timezone:
    if text == "Z":
        return UTC
    offset = timedelta(hours=int(text[1:3]), minutes=int(text[-2:]))
    return timezone(-offset if text[0] == "-" else offset) if offset < timedelta(hours=24) else CHINA


def _outside(taken: list[FoundDate], more: Iterator[FoundDate]) -> list[FoundDate]:
    return [new for new in more if all(new.end <= old.start or new.start >= old.end for old in taken)]
