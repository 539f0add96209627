"""`xuncha discover SITE`: proposes the column inventory of a site from its own pages, for a person to confirm.

home page ─▶ sections (menus, blocks) ─▶ each page, two levels down ─▶ list? prose? section? ─▶ Proposal, with why
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from checks import Column, ColumnCategory, Outcome
from checks.core.outcome_names import OUTCOMES
from monitor.errors import OperationError
from monitor.extract import charset
from monitor.extract.categories import propose_category
from monitor.extract.listing import ListPage, read_list
from monitor.extract.marks import Marks, read_marks
from monitor.extract.navigation import Section, sections
from monitor.landing import open_landing
from monitor.lists import read_whole
from monitor.net import Fetched, Net

MOST_PAGES = 80


@dataclass(frozen=True, slots=True)
class Proposal:
    """A column to confirm; ``note`` says in Chinese where it was found and why it has its category."""

    column: Column
    note: str


@dataclass(frozen=True, slots=True)
class Discovery:
    """``site_id`` is "" where neither the caller nor the page tells it; ``remarks`` tell people what to look at."""

    site_id: str
    proposals: tuple[Proposal, ...]
    remarks: tuple[str, ...]


async def discover(
    url: str,
    net: Net,
    *,
    now: datetime,
    site_id: str = "",
    most_pages: int = MOST_PAGES,
    looked: Callable[[str], None] = lambda name: None,
) -> Discovery:
    """Look at a home page and at most ``most_pages`` pages below it. Raises ``OperationError`` where it does not open.

    ``looked`` is told the name of each page that was looked at.
    """
    home = await open_landing(net, url)
    if home.outcome is not Outcome.OK:
        raise OperationError(f"{url} 未能打开（{home.detail or OUTCOMES[home.outcome]}），无法发现栏目")
    front = _text(home)
    marks = read_marks(front)
    site_id = site_id or marks.site_id_code or marks.footer_code
    waiting = deque((section, 0) for section in _sections(home, front))
    seen = {home.final_url, url, *(section.url for section, _ in waiting)}
    proposals: list[Proposal] = []
    remarks: list[str] = []
    looks = 0
    while waiting and looks < most_pages:
        section, depth = waiting.popleft()
        looks += 1
        page = await net.fetch(section.url)
        looked(section.name)
        if page.outcome is not Outcome.OK:
            remarks.append(f"“{section.name}”未能打开（{page.detail or OUTCOMES[page.outcome]}）：{section.url}")
            continue
        if page.final_url != section.url and page.final_url in seen:
            continue  # a second way to the home page, or to a column that stands on the list
        seen.add(page.final_url)
        text = _text(page)
        below = [s for s in _sections(page, text) if s.url not in seen] if depth < _DEEPEST else []
        for inner in below:
            seen.add(inner.url)
            waiting.append((replace(inner, parent=inner.parent or section.name), depth + 1))
        listed = await read_whole(net, page, read_list, at=now, fragment=section.url.partition("#")[2])
        if _is_entrance(below):
            remarks.append(f"“{section.name}”是下设 {len(below)} 个栏目的入口，未列为栏目：{section.url}")
            continue
        proposals.append(_proposal(section, text, listed, read_marks(text), site_id=site_id, depth=depth))
    if waiting:
        remarks.append(f"已看 {looks} 个页面（上限 {most_pages}），另有 {len(waiting)} 个未看，可用 --pages 提高上限")
    if not site_id:
        remarks.append("页面上没有网站标识码，请在“标识码”一列补填")
    return Discovery(site_id, tuple(_told_apart(proposals)), tuple(remarks))


_DEEPEST = 2
_ENTRANCE = 2  # blocks of other columns that make a page an entrance


def _text(fetched: Fetched) -> str:
    return charset.decode(fetched.body, fetched.headers.get("content-type", "")).text


def _sections(fetched: Fetched, text: str) -> tuple[Section, ...]:
    encoding = charset.decode(fetched.body, fetched.headers.get("content-type", "")).used
    return sections(text, fetched.final_url, encoding=encoding)


def _is_entrance(below: Sequence[Section]) -> bool:
    return sum(section.place != "导航" for section in below) >= _ENTRANCE


def _proposal(section: Section, text: str, listed: ListPage, marks: Marks, *, site_id: str, depth: int) -> Proposal:
    prose = listed.prose
    names = [
        ("ColumnName ", marks.column_name),
        (section.place, section.name),
        ("ColumnType ", marks.column_type),
        ("上级栏目", section.parent),
    ]
    titles = [item.title for item in listed.items]
    proposed = propose_category([pair for pair in names if pair[1]], titles, is_list=not prose)
    notes = [f"依据{proposed.why}", f"见于{section.place}" + (f"（{section.parent}之下）" if section.parent else "")]
    if listed.says_empty or (listed.readable and not listed.rows):
        notes.append("现在没有信息")
    elif listed.readable:
        newest = max((item.published for item in listed.items if item.published), default=None)
        notes.append(f"{listed.rows} 条，最新 {newest or '未标日期'}")
    elif not prose:
        notes.append(f"列表未能读取：{listed.reason}")
    if not proposed.sure:
        notes.append("类别请确认")
    column = Column(
        site_id=site_id,
        name=section.name,
        url=section.url,
        category=ColumnCategory.STATIC if prose and not proposed.sure else proposed.category,
        top_level=depth == 0 and not section.parent,
    )
    return Proposal(column, "；".join(notes))


def _told_apart(proposals: Sequence[Proposal]) -> list[Proposal]:
    """Columns of one name get a number after the first: the registry tells them apart by name."""
    counts: Counter[str] = Counter()
    apart: list[Proposal] = []
    for proposal in proposals:
        name = proposal.column.name
        counts[name] += 1
        if counts[name] > 1:
            column = replace(proposal.column, name=f"{name}（{counts[name]}）")
            proposal = Proposal(column, f"{proposal.note}；与前面的栏目同名，请改名")
        apart.append(proposal)
    return apart
