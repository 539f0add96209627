"""One cell → one value, or a ``CellFault`` that says in Chinese what is wrong with it and what to write."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urlsplit

from monitor.registry.sheets import Cell

T = TypeVar("T")


class CellFault(ValueError):
    """What is wrong with a cell, and the remedy."""


def text(cell: Cell) -> str:
    """Plain text on one line, with full-width letters, digits and blanks folded; Chinese punctuation stays."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat(" ")
    if isinstance(cell, bool):
        return "是" if cell else "否"
    value = str(cell)
    if _ERROR.fullmatch(value.strip()):
        raise CellFault("是 Excel 的公式错误。请改填实际内容")
    value = value.translate(_LETTERS).translate(_INVISIBLE)
    return " ".join(value.removeprefix("'").split())


def folded(cell: Cell) -> str:
    """Text in which every full-width character has become its common form: for codes, addresses and numbers."""
    return unicodedata.normalize("NFKC", text(cell)).strip()


def identifier(cell: Cell) -> str:
    """A long number or name as text. Refuses what Excel has made of one."""
    value = folded(cell)
    deliberate = isinstance(cell, str) and cell.startswith("'")
    if _SCIENTIFIC.fullmatch(value):
        raise CellFault("被 Excel 改成了科学计数法，后面的数字已经丢失。请把该列设为“文本”格式后重新填写完整号码")
    if isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= 10**15:
        raise CellFault("超过 15 位，作为数字存放时 Excel 会改掉末尾。请把该列设为“文本”格式后重新填写完整号码")
    if not deliberate and len(value) > 15 and value.isdigit() and not value[15:].strip("0"):
        raise CellFault(
            "第 15 位以后全是 0，应是 Excel 改掉了末尾。请把该列设为“文本”格式后重新填写完整号码；"
            "号码确实如此的，请在前面加英文单引号 '"
        )
    if " " in value:
        raise CellFault("中间有空格。请删去空格")
    return value


def site_code(cell: Cell) -> str:
    """网站标识码: ten digits, or ``bm`` and eight (domain.md §3.4), in lower case."""
    value = identifier(cell).lower()
    if not value or _SITE_CODE.fullmatch(value):
        return value
    hint = f"，现有 {len(value)} 位" if value.isdigit() else ""
    raise CellFault(f"网站标识码应为 10 位数字，或 bm 加 8 位数字{hint}。请对照网站页脚更正")


def address(cell: Cell) -> str:
    """An http or https address as it is written."""
    value = folded(cell)
    if not value:
        return ""
    if not value.lower().startswith(("http:", "https:")):
        raise CellFault("网址应以 http:// 或 https:// 开头。请照浏览器地址栏填写")
    try:
        parts = urlsplit(value)
        usable = bool(parts.hostname) and parts.port != 0 and " " not in value
    except ValueError:
        usable = False
    if not usable:
        raise CellFault("不是完整的网址。应写作 http://www.example.gov.cn/ 的样子，中间没有空格")
    return value


def day(cell: Cell) -> date | None:
    """A calendar day: a date of Excel's, its serial number, or the usual ways to write one."""
    return _day(cell, month_alone=False)


def day_or_month(cell: Cell) -> date | None:
    """A day; a month alone stands for its first day. Only for dates from which no silence is counted."""
    return _day(cell, month_alone=True)


def count(cell: Cell) -> int | None:
    """A number of people: ``3,456``, ``1.2万``."""
    value = folded(cell).replace(",", "").removesuffix("+").removesuffix("人").removesuffix("个")
    if not value:
        return None
    match = _COUNT.fullmatch(value)
    if match is None or float(match[1]) * _UNITS[match[2].lower()] > 10**10:  # more than there are people
        raise CellFault("不是数量。应写作 3456、3,456 或 1.2万 的样子")
    return round(float(match[1]) * _UNITS[match[2].lower()])


def days(cell: Cell) -> int | None:
    """A term in days."""
    value = folded(cell).removesuffix("个自然日").removesuffix("自然日").removesuffix("天").removesuffix("日").strip()
    if not value:
        return None
    if not value.isdecimal() or not 1 <= int(value[:6]) <= 3650:
        raise CellFault("更新期限应为 1 到 3650 之间的整数天数，没有另定期限的请留空")
    return int(value)


def yes(cell: Cell) -> bool | None:
    """是 or 否."""
    value = folded(cell).lower()
    if not value:
        return None
    if value in ("是", "yes", "y", "true", "1", "√", "✓", "有"):
        return True
    if value in ("否", "no", "n", "false", "0", "×", "x", "无", "不是"):
        return False
    raise CellFault("应填“是”或“否”")


def one_of(synonyms: Mapping[T, tuple[str, ...]]) -> Callable[[Cell], T | None]:
    """A reader of a closed set: each member with its ways of writing, the official one first."""
    known = {_bare(folded(way)): member for member, ways in synonyms.items() for way in ways}

    def read(cell: Cell) -> T | None:
        value = _bare(folded(cell))
        if not value:
            return None
        if value not in known:
            raise CellFault(f"应为下列之一：{'、'.join(ways[0] for ways in synonyms.values())}")
        return known[value]

    return read


def _day(cell: Cell, *, month_alone: bool) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    value = folded(cell)
    if not value:
        return None
    if _SERIAL.fullmatch(value):
        return _EXCEL_EPOCH + timedelta(days=int(value.partition(".")[0]))
    match = _DATE.fullmatch(value) or _COMPACT.fullmatch(value)
    if match is None:
        month = _MONTH.fullmatch(value)
        if month is not None and not month_alone:
            raise CellFault("只有年月，无法确定是哪一天。请写到日，例如 2019-05-01")
        match = month
    try:
        if match is None:
            raise ValueError
        groups: dict[str, Any] = match.groupdict()
        return date(int(groups["y"]), int(groups["m"]), int(groups.get("d") or 1))
    except ValueError:
        raise CellFault("不是日期。应写作 2019-05-01 的样子") from None


def _bare(value: str) -> str:
    return _PUNCTUATION.sub("", value).lower()


_FULL_WIDTH = (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
_LETTERS = {full: chr(full - 0xFEE0) for full in _FULL_WIDTH} | {0x3000: " ", 0xA0: " "}
_INVISIBLE = dict.fromkeys((0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF))
_ERROR = re.compile(r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!)")
_SCIENTIFIC = re.compile(r"\d+(\.\d+)?[eE]\+?\d+")
_SITE_CODE = re.compile(r"bm[0-9]{8}|[0-9]{10}")
_COUNT = re.compile(r"(\d{1,12}(?:\.\d{1,12})?)(万|[wW]|千|亿|)")
_UNITS = {"": 1, "千": 1_000, "万": 10_000, "w": 10_000, "亿": 100_000_000}
_TIME = r"(?:[ T]*\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?)?"
_DATE = re.compile(r"(?P<y>\d{4}) *[-/.年] *(?P<m>\d{1,2}) *[-/.月] *(?P<d>\d{1,2}) *日?" + _TIME)
_COMPACT = re.compile(r"(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})")
_MONTH = re.compile(r"(?P<y>\d{4}) *[-/.年] *(?P<m>\d{1,2}) *月?")
_SERIAL = re.compile(r"[2-7]\d{4}(\.\d+)?")  # 1954 to 2119
_EXCEL_EPOCH = date(1899, 12, 30)
_PUNCTUATION = re.compile(r"[\s()\[\]【】、,/·|\-—_。.]+")
