"""Issuing 整改通知单: what each unit was assigned and has not been told of yet. It numbers nothing: the store does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from checks.core.calendar import local_day
from checks.core.ledger import Action, Entry, Event, State
from monitor.errors import UsageError
from monitor.report_settings import Report
from monitor.reporting import write_files, written_number
from monitor.store import Store
from reports.notice_paper import notice_paper
from reports.phrasing import WordingError
from reports.rectification_notice import NoticeLine, RectificationNotice
from reports.roll import Roll, roll, stranger
from reports.wording import check_title

_NAME_LIMIT = 40


def waiting(store: Store) -> dict[str, list[NoticeLine]]:
    """The problems in 整改中 that stand on no notice yet, by the unit that has to put them right."""
    held = {(line.entry, line.assigned) for notice in store.rectification_notices() for line in notice.lines}
    units: dict[str, list[NoticeLine]] = {}
    for unit, line in _assigned(store):
        if (line.entry, line.assigned) not in held:
            units.setdefault(unit, []).append(line)
    return units


def issue(store: Store, unit: str, *, now: datetime, who: str) -> RectificationNotice | None:
    """Issue the next notice of the year to a unit; ``None`` where it has nothing to be told of."""
    lines = waiting(store).get(unit, [])
    return store.issue_rectification_notice(unit, lines, year=local_day(now).year, at=now, who=who) if lines else None


def issued(store: Store, text: str) -> RectificationNotice:
    """The notice written ``2026-3``. Raises ``UsageError`` where it is not there."""
    for notice in store.rectification_notices():
        if text == f"{notice.year}-{notice.number}":
            return notice
    raise UsageError(f"没有整改通知单 {text}。写作 年份-顺序号，例如 2026-3；已发的见 xuncha report notices")


def write_notice(
    notice: RectificationNotice, folder: Path, *, settings: Report, templates: Path | None = None
) -> list[Path]:
    """Write a notice as DOCX into ``folder``, and say where."""
    from reports.docx import to_docx  # see ``reporting.write_report``

    number = written_number(notice.year, notice.number, settings)
    try:
        paper = notice_paper(notice, imprint=settings.imprint, number=number, templates=templates)
    except WordingError as error:
        raise UsageError(f"{error}。请修改 report.templates 中的模板") from None
    name = f"整改通知单-{notice.year}-{notice.number:03}-{_file_name(notice.unit)}.docx"
    return write_files(folder, [(name, to_docx(paper, None))])


def _assigned(store: Store) -> Iterable[tuple[str, NoticeLine]]:
    entries = [entry for entry in store.entries() if entry.state is State.RECTIFYING]
    times = _assignments(store.events())
    register = roll(store.sites(), store.columns(), store.accounts())
    units = {unit.name for unit in store.units()} | {particulars.sponsor for particulars in register.values()}
    for entry in entries:
        particulars = register.get(entry.subject) or stranger(entry.subject)
        unit = entry.assignee if entry.assignee in units else particulars.sponsor or entry.assignee
        yield unit, _line(entry, times, register)


def _line(entry: Entry, times: Mapping[str, datetime], register: Roll) -> NoticeLine:
    return NoticeLine(
        entry=entry.id,
        assigned=times[entry.id],
        subject=(register.get(entry.subject) or stranger(entry.subject)).full_name,
        title=check_title(entry.check),
        text=entry.text,
        url=entry.url,
        due=entry.due,
    )


def _assignments(events: Iterable[Event]) -> dict[str, datetime]:
    """When each entry was last assigned."""
    return {event.entry: event.at for event in events if event.action is Action.ASSIGNED}


def _file_name(unit: str) -> str:
    """The unit's name as far as a file name can hold it."""
    kept = "".join(c for c in unit if c.isprintable() and c not in '\\/:*?"<>|').strip(" .")
    return kept[:_NAME_LIMIT] or "单位"
