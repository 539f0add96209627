"""人工核查表: the sheet of the indicators that only people can judge, out as a table and in as facts by manual:NAME."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from checks import Account, Answer, ManualAnswer, Ref, Site
from checks.core.indicators import Indicator, Standard, Tier
from monitor.forms import Form, FormRow
from monitor.registry.faults import Fault
from reports.sheets import Head, Table
from reports.wording import said

HEADS = (
    Head("对象", 26),
    Head("名称", 26),
    Head("指标编号", 16),
    Head("指标名称", 24),
    Head("性质", 10),
    Head("门槛", 50),
    Head("依据", 40),
    Head("结论", 10),
    Head("处数", 8),
    Head("说明", 30),
    Head("网址", 30),
)
ANSWERS = Form("人工核查表", ("对象", "指标编号", "结论"))
_BONUS = (Answer.MET, Answer.UNMET, Answer.NOT_APPLICABLE)
_OTHERS = (Answer.CLEAR, Answer.PROBLEM, Answer.NOT_APPLICABLE)
_MOST = 10_000


def answer_sheet(standard: Standard, subjects: Iterable[Site | Account]) -> Table:
    """The empty sheet: a row for each subject and each indicator of the edition that people have to judge on it."""
    rows = [
        (str(s.ref), s.name, i.id, i.name, said(i.tier), i.threshold, f"{i.document} {i.clause}", None, None, "", "")
        for s in subjects
        for i in standard.indicators
        if i.manual and i.concerns(s)
    ]
    note = "结论填 无问题、有问题、不适用；加分项填 符合、不符合、不适用。处数不填按 1 处计。不填结论的行不读入"
    return Table(
        name="人工核查表",
        heads=HEADS,
        rows=tuple(rows),
        note=f"{standard.title}（{standard.edition}）。{note}",
        choices={[h.title for h in HEADS].index("结论"): tuple(a.value for a in Answer)},
    )


def read_answers(
    rows: Iterable[FormRow], standard: Standard, subjects: Iterable[Site | Account], *, who: str, at: datetime
) -> tuple[list[ManualAnswer], list[Fault]]:
    """The answers of a filled sheet's lines, and what is wrong with the others. A line without 结论 is passed over."""
    known = {s.ref: s for s in subjects}
    indicators = {i.id: i for i in standard.indicators if i.manual}
    answers: list[ManualAnswer] = []
    faults: list[Fault] = []
    for row in rows:
        if not row.cells.get("结论"):
            continue
        read = _answer(row.cells, known, indicators, who=who, at=at)
        if isinstance(read, ManualAnswer):
            answers.append(read)
        else:
            faults += [Fault(row.where, row.number, fault) for fault in read]
    return answers, faults


def _answer(
    cells: Mapping[str, str],
    known: Mapping[Ref, Site | Account],
    indicators: Mapping[str, Indicator],
    *,
    who: str,
    at: datetime,
) -> ManualAnswer | Sequence[str]:
    """The answer of a row, or what is wrong with it."""
    faults: list[str] = []
    subject: Site | Account | None = None
    try:
        subject = known.get(Ref.parse(cells["对象"]))
        if subject is None:
            faults.append(f"“对象”：台账中没有 {cells['对象']}")
    except ValueError as error:
        faults.append(f"“对象”：{error}")
    indicator = indicators.get(cells["指标编号"])
    if indicator is None:
        faults.append(f"“指标编号”：本检查标准没有须人工核查的指标 {cells['指标编号']!r}")
    elif subject is not None and not indicator.concerns(subject):
        faults.append(f"“指标编号”：{indicator.id} 不适用于 {subject.ref}")
    allowed = _BONUS if indicator is not None and indicator.tier is Tier.BONUS else _OTHERS
    given = next((a for a in allowed if a.value == cells["结论"]), None)
    if given is None:
        faults.append(f"“结论”：应为 {'、'.join(allowed)} 之一，现为 {cells['结论']!r}")
    count = _count(cells.get("处数", ""))
    if count is None:
        faults.append(f"“处数”：应为 0 至 {_MOST} 的整数，现为 {cells['处数']!r}")
    elif count == 0 and cells.get("处数") and given in (Answer.PROBLEM, Answer.MET):
        faults.append("“处数”：结论为“有问题”或“符合”时不能是 0")
    if subject is None or indicator is None or given is None or count is None or faults:
        return faults
    return ManualAnswer(
        subject=subject.ref,
        at=at,
        vantage=f"manual:{who}",
        indicator=indicator.id,
        name=indicator.name,
        answer=given,
        count=max(count, 1) if given in (Answer.PROBLEM, Answer.MET) else 0,
        note=cells.get("说明", ""),
        url=cells.get("网址", ""),
    )


def _count(text: str) -> int | None:
    """A whole number; nothing written is 0, anything else ``None``."""
    if not text:
        return 0
    return int(text) if text.isascii() and text.isdigit() and int(text) <= _MOST else None
