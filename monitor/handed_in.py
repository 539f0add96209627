"""What people hand in by form, as facts by manual:NAME: answers on indicators, yearly counts, documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from checks import Account, Observation, PolicyFile, PolicyRegister, PublicationCount, Site
from checks.core.indicators import Standard
from monitor.answer_sheet import ANSWERS, read_answers
from monitor.errors import FaultyInput
from monitor.forms import Form, FormRow, day_of, read_forms
from monitor.registry.faults import Fault, told
from reports.sheets import Head, Table

COUNTS = Form("公开数量表", ("标识码", "年份", "截止日期", "公开数量"))
REGISTER = Form("主动公开文件台账", ("标识码", "标题", "成文日期"))
FORMS = (ANSWERS, COUNTS, REGISTER)

_YES_NO = {"是": True, "否": False, "": None}
_ACTIVE = "主动公开"


def read_handed_in(
    paths: Sequence[Path], standard: Standard, subjects: Sequence[Site | Account], *, who: str, at: datetime
) -> list[Observation]:
    """The facts of filled forms, all or none. Raises ``FaultyInput`` with every fault: place, value, remedy."""
    facts: list[Observation] = []
    faults: list[Fault] = []
    sites = {s.id: s for s in subjects if isinstance(s, Site)}
    for path in paths:
        rows = read_forms(path, FORMS)
        answers, wrong = read_answers((r for r in rows if r.form is ANSWERS), standard, subjects, who=who, at=at)
        facts += answers
        faults += wrong
        for row in rows:
            if row.form is COUNTS:
                facts += _count(row, sites, faults, who=who, at=at)
        facts += _registers([r for r in rows if r.form is REGISTER], sites, faults, who=who, at=at)
    if faults:
        raise FaultyInput("填报的表有误，没有读入任何内容。请更正后重试：", told(faults))
    return facts


def is_handed_in(path: Path) -> bool:
    """Whether a file is one of the forms, and not a list of the registry."""
    try:
        read_forms(path, FORMS)
    except FaultyInput:
        return False
    return True


def blank_counts() -> Table:
    """公开数量表, empty."""
    heads = (Head("标识码"), Head("单位", 24), Head("年份", 8), Head("截止日期", 12), Head("公开数量", 10))
    note = "单位不填表示整个网站；填部门名称表示该部门在此网站公开的数量。公开数量为当年 1 月 1 日至截止日期的累计数"
    return Table(name=COUNTS.name, heads=heads, rows=(), note=note)


def blank_register() -> Table:
    """主动公开文件台账, empty."""
    titles = ("标识码", "文号", "标题", "成文日期", "公开属性", "规范性文件", "须解读", "网址", "上网日期")
    more = ("报送公报日期", "解读网址", "解读日期")
    note = "公开属性不填按主动公开；规范性文件、须解读填 是 或 否。每次按网站整册填报，以最近一次为准"
    return Table(name=REGISTER.name, heads=tuple(Head(t, 16) for t in (*titles, *more)), rows=(), note=note)


def _count(
    row: FormRow, sites: Mapping[str, Site], faults: list[Fault], *, who: str, at: datetime
) -> Iterable[PublicationCount]:
    cells, wrong = row.cells, len(faults)
    site = _site(row, sites, faults)
    year, count = _number(row, "年份", faults), _number(row, "公开数量", faults)
    as_of = _day(row, "截止日期", faults)
    if as_of is None and len(faults) == wrong:
        faults.append(row.fault("截止日期", "必填"))
    elif as_of and year and as_of.year != year:
        faults.append(row.fault("截止日期", f"应在 {year} 年内，现为 {as_of}"))
    if site and as_of and year is not None and count is not None and len(faults) == wrong:
        yield PublicationCount(
            subject=site.ref, at=at, vantage=f"manual:{who}", year=year, as_of=as_of, count=count,
            unit=cells.get("单位", ""),
        )  # fmt: skip


def _registers(
    rows: Sequence[FormRow], sites: Mapping[str, Site], faults: list[Fault], *, who: str, at: datetime
) -> Iterable[PolicyRegister]:
    files: dict[str, list[PolicyFile]] = {}
    for row in rows:
        site = _site(row, sites, faults)
        file = _file(row, faults)
        if site and file:
            if any(f.key == file.key for f in files.get(site.id, ())):
                faults.append(row.fault("文号", f"{file.key} 在本表中重复"))
            files.setdefault(site.id, []).append(file)
    for id_, of_site in files.items():
        yield PolicyRegister(subject=sites[id_].ref, at=at, vantage=f"manual:{who}", files=tuple(of_site))


def _file(row: FormRow, faults: list[Fault]) -> PolicyFile | None:
    wrong = len(faults)
    days = {head: _day(row, head, faults) for head in ("成文日期", "上网日期", "报送公报日期", "解读日期")}
    flags = {head: _flag(row, head, faults) for head in ("规范性文件", "须解读")}
    for head in ("标题", "成文日期"):
        if not row.cells.get(head):
            faults.append(row.fault(head, "必填"))
    for head in ("网址", "解读网址"):
        if row.cells.get(head) and not row.cells[head].lower().startswith(("http://", "https://")):
            faults.append(row.fault(head, f"应以 http:// 或 https:// 开头，现为 {row.cells[head]!r}"))
    issued = days["成文日期"]
    for head in ("上网日期", "报送公报日期"):
        if issued and (day := days[head]) and day < issued:
            faults.append(row.fault(head, f"{day} 早于成文日期 {issued}"))
    if issued is None or len(faults) > wrong:
        return None
    interpretation = row.cells.get("解读网址", "")
    return PolicyFile(
        number=row.cells.get("文号", ""),
        title=row.cells["标题"],
        issued=issued,
        active=row.cells.get("公开属性", "") in ("", _ACTIVE),
        normative=bool(flags["规范性文件"]),
        interpreted=bool(flags["须解读"]) or bool(interpretation),
        url=row.cells.get("网址", ""),
        published=days["上网日期"],
        gazette_on=days["报送公报日期"],
        interpretation_url=interpretation,
        interpretation_published=days["解读日期"],
    )


def _site(row: FormRow, sites: Mapping[str, Site], faults: list[Fault]) -> Site | None:
    site = sites.get(row.cells.get("标识码", ""))
    if site is None:
        faults.append(row.fault("标识码", f"台账中没有网站 {row.cells.get('标识码', '')!r}"))
    return site


def _number(row: FormRow, head: str, faults: list[Fault]) -> int | None:
    text = row.cells.get(head, "")
    if text.isascii() and text.isdigit() and len(text) < 10:
        return int(text)
    faults.append(row.fault(head, f"应为整数，现为 {text!r}"))
    return None


def _day(row: FormRow, head: str, faults: list[Fault]) -> date | None:
    try:
        return day_of(row.cells.get(head, ""))
    except ValueError as error:
        faults.append(row.fault(head, str(error)))
        return None


def _flag(row: FormRow, head: str, faults: list[Fault]) -> bool | None:
    text = row.cells.get(head, "")
    if text not in _YES_NO:
        faults.append(row.fault(head, f"应为 是 或 否，现为 {text!r}"))
        return None
    return _YES_NO[text]
