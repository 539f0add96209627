"""A wording template → blocks. A centre may replace a template by its own; values from outside stay text in it.

template (Jinja, one paragraph a line) ──▶ rendered lines ──▶ headings, paragraphs, notices, tables, charts, annexes

A line that begins with ``# `` to ``#### `` is a heading of that level and gets its number; with ``! `` a framed
notice; with ``> `` a small paragraph; with ``=== `` it opens an annex. ``{{ table.NAME }}`` and ``{{ chart.NAME }}`` on
a line of their own stand for a table or chart. A value can begin none of these: every value is marked on its way in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined, TemplateError
from jinja2.exceptions import TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from checks.core.calendar import SHANGHAI
from reports.figures import Rate, RateStyle
from reports.paper import Annex, Block, Graph, Grid, Heading, Notice, Paragraph
from reports.plain import one_line
from reports.wording import said

TEMPLATES = Path(__file__).parent / "templates"

_VALUE, _BLOCK = "\ue000", "\ue001"  # 私用区字符：只标明来历，不进文件
_DIGITS = "〇一二三四五六七八九十"


class WordingError(ValueError):
    """A template that cannot be used; the message names file and line in Chinese."""


@dataclass(frozen=True, slots=True)
class Phrased:
    """What a template said."""

    blocks: tuple[Block, ...]
    annexes: tuple[Annex, ...]


class Blocks:
    """The tables (or charts) that a template may ask for by name; one that is ``None`` leaves its line out."""

    def __init__(self, makers: Mapping[str, Callable[[], Grid | Graph | None]], keep: list[Block]) -> None:
        self._makers = makers
        self._keep = keep

    def __getitem__(self, name: str) -> _Mark:
        if name not in self._makers:
            raise WordingError(f"没有名为“{name}”的表或图，可用的有：{'、'.join(self._makers)}")
        block = self._makers[name]()
        if block is None:
            return _Mark("")
        self._keep.append(block)
        return _Mark(f"{_BLOCK}{len(self._keep) - 1}")


class _Mark(str):
    """The stand-in of a block within rendered text."""

    __slots__ = ()


def phrase(
    name: str,
    values: Mapping[str, object],
    *,
    tables: Mapping[str, Callable[[], Grid | None]],
    charts: Mapping[str, Callable[[], Graph | None]],
    rates: RateStyle,
    folder: Path | None = None,
) -> Phrased:
    """Render the template ``name``, from ``folder`` where it is there, else our own.

    Raises ``WordingError`` for a template with a fault in it.
    """
    keep: list[Block] = []
    environment = _environment(folder, rates)
    asked = {"table": Blocks(tables, keep), "chart": Blocks(charts, keep)}
    try:
        text = environment.get_template(name).render(**values, **asked)
    except TemplateSyntaxError as error:
        raise WordingError(f"模板 {error.name or name} 第 {error.lineno} 行有误：{error.message}") from None
    except TemplateError as error:
        raise WordingError(f"模板 {name}{_place(error)}有误：{error.message}") from None
    except WordingError as error:
        raise WordingError(f"模板 {name}{_place(error)}有误：{error}") from None
    except (TypeError, ValueError, ArithmeticError, LookupError) as error:
        if folder is None:
            raise
        raise WordingError(f"模板 {name}{_place(error)}有误：{error}") from None
    return _parsed(text.splitlines(), keep)


def _environment(folder: Path | None, rates: RateStyle) -> ImmutableSandboxedEnvironment:
    folders = [folder, TEMPLATES] if folder else [TEMPLATES]

    def printed(value: Any) -> Any:
        if isinstance(value, _Mark):
            return value
        if value is None:
            return ""
        text = rates.text(value) if isinstance(value, Rate) else str(value)
        return _VALUE + one_line(text.replace(_VALUE, "").replace(_BLOCK, ""))

    environment = ImmutableSandboxedEnvironment(
        loader=ChoiceLoader([FileSystemLoader(path, encoding="utf-8-sig") for path in folders]),
        autoescape=False,  # 这里出的是文字；进 HTML 和 DOCX 时由各自的出口转义
        undefined=StrictUndefined,
        finalize=printed,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,  # 否则被引入的最后一行会和下一行连成一段
    )
    environment.filters |= {"day": day_text, "moment": moment_text, "said": said, "percent": rates.percent}
    return environment


def day_text(value: date | datetime | None) -> str:
    """2026年11月24日, or nothing. A moment is read in Asia/Shanghai."""
    if value is None:
        return ""
    day = value.astimezone(SHANGHAI).date() if isinstance(value, datetime) else value
    return f"{day.year}年{day.month}月{day.day}日"


def moment_text(value: datetime) -> str:
    """2026年11月24日10:30, in Asia/Shanghai."""
    return f"{day_text(value)}{value.astimezone(SHANGHAI):%H:%M}"


def chinese_number(number: int) -> str:
    """一 to 九十九."""
    tens, ones = divmod(number, 10)
    if not tens:
        return _DIGITS[ones]
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")


def _place(error: BaseException) -> str:
    """The line of the template that an error came through, where there is one."""
    line = 0
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.endswith(".txt"):
            line = trace.tb_lineno
        trace = trace.tb_next
    return f" 第 {line} 行" if line else ""


def _parsed(lines: list[str], keep: list[Block]) -> Phrased:
    body: list[Block] = []
    annexes: list[tuple[str, list[Block]]] = []
    into, counters = body, [0, 0, 0, 0]
    for line in (line.strip() for line in lines):
        title = line.removeprefix("=== ")
        if title != line:
            into, counters = [], [0, 0, 0, 0]
            annexes.append((_clean(title), into))
            continue
        into.extend(_block(line, keep, counters))
    return Phrased(tuple(body), tuple(Annex(title, tuple(blocks)) for title, blocks in annexes))


def _block(line: str, keep: list[Block], counters: list[int]) -> Iterator[Block]:
    if line.startswith(_BLOCK):
        yield keep[int(line[1:])]
        return
    marks, _, rest = line.partition(" ")
    if marks in ("#", "##", "###", "####") and rest:
        yield _heading(len(marks), _clean(rest), counters)
    elif marks == "!" and rest:
        yield Notice(_clean(rest))
    elif text := _clean(rest if marks == ">" else line):
        yield Paragraph(text, hint=marks == ">")


def _heading(level: int, text: str, counters: list[int]) -> Heading:
    counters[level - 1] += 1
    counters[level:] = [0] * (len(counters) - level)
    count = counters[level - 1]
    number = (f"{chinese_number(count)}、", f"（{chinese_number(count)}）", f"{count}.", f"（{count}）")[level - 1]
    return Heading(level, number, text)


def _clean(text: str) -> str:
    return text.replace(_VALUE, "").strip()
