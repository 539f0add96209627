"""From the record to the papers: gathers what a report is made of and writes its files. It words nothing."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from checks import all_checks
from checks.core.assess import Assessment
from checks.core.calendar import Period, PeriodKind
from checks.core.frames import FrameKind
from checks.core.standard import Standard
from monitor.coverage import BEFORE, gaps
from monitor.drawing import standing_draw
from monitor.errors import OperationError, UsageError
from monitor.inspection import verdicts
from monitor.report_settings import Report
from monitor.site_parts import site_parts
from monitor.store import Store
from reports.bulletin import QuarterBulletin, quarter_bulletin
from reports.drafting import draft
from reports.fonts import FontFile, chinese_font, font_in
from reports.inspection import HalfYearReport, half_year_report
from reports.material import Coverage, Material, Previous, Sampling
from reports.phrasing import WordingError
from reports.recheck import standing_at

REVISIT = "回头看"  # as checks.core.draw_record names those drawn before
Files = Sequence[tuple[str, bytes]]


def gather(
    store: Store, standard: Standard, period: Period, *, now: datetime, settings: Report | None = None
) -> Material:
    """All that a paper on a period is made of, as it was at ``now``.

    A half-year counts the latest ruling of it and of its quarters.
    """
    settings = settings or Report()
    rounds = store.rounds(period.start, min(now, period.end))
    earlier = store.rounds(period.start - BEFORE, period.start - timedelta(microseconds=1))
    events = [event for event in store.events() if event.at <= now]
    entries = store.entries()
    if any(entry.changed > now for entry in entries):  # 期后的变动不进这一期：按当时的记录重新推出各事项的状态
        entries = sorted(standing_at(events, now, included=True).values(), key=lambda e: (e.opened, e.id))
    material = Material(
        period=period,
        now=now,
        standard=standard,
        units=store.units(),
        sites=store.sites(),
        columns=store.columns(),
        accounts=store.accounts(),
        entries=entries,
        events=events,
        notices=notice_numbers(store, settings),
        coverage=Coverage(
            rounds=len(rounds),
            held_back=sum(bool(r.held_back) for r in rounds),
            without_ipv6=sum(6 not in r.families for r in rounds),
            gaps=gaps(earlier + rounds, period.start, min(now, period.end)),
        ),
        samplings=tuple(_samplings(store, period)),
        ipv6=site_parts(store, standard, all_checks()["site.ipv6"], now=min(now, period.end)),
        imprint=settings.imprint,
        rates=settings.rates,
    )
    subjects = store.subjects()
    found, before = _rulings(store, period), _rulings(store, period.previous)
    return replace(
        material,
        assessments=found,
        verdicts=verdicts(standard, subjects, found),
        previous=Previous(period=period.previous, assessments=before, verdicts=verdicts(standard, subjects, before)),
    )


def notice_numbers(store: Store, settings: Report) -> Mapping[str, str]:
    """The number of the latest 整改通知单 that each entry stands on, by entry."""
    return {
        line.entry: written_number(notice.year, notice.number, settings)
        for notice in store.rectification_notices()
        for line in notice.lines
    }


def written_number(year: int, number: int, settings: Report) -> str:
    """The number of a notice as the office writes it."""
    return settings.notice_number.format(year=year, number=number)


def write_report(
    material: Material, folder: Path, *, templates: Path | None = None, font: FontFile | None = None
) -> list[Path]:
    """Write the paper of the material's period as DOCX, HTML and XLSX into ``folder``, and say where."""
    # Here, since most commands and the service itself write no paper: it saves them 13 MB and the time to load it.
    from reports.docx import to_docx
    from reports.html import to_html
    from reports.xlsx import workbook

    report: QuarterBulletin | HalfYearReport
    if material.period.kind is PeriodKind.QUARTER:
        report, name = quarter_bulletin(material), f"季度通报-{material.period}"
    else:
        report, name = half_year_report(material), f"半年检查报告-{material.period}"
    try:
        paper = draft(report, templates)
    except WordingError as error:
        raise UsageError(f"{error}。请修改 report.templates 中的模板") from None
    return write_files(
        folder,
        [
            (f"{name}.docx", to_docx(paper, font)),
            (f"{name}.html", to_html(paper).encode()),
            (f"{name}.xlsx", workbook(report)),
        ],
    )


def chart_font(settings: Report, folder: Path = Path()) -> FontFile | None:
    """The font that letters the charts of documents: the one that the settings name, else one of this machine's.

    Raises ``UsageError`` where the settings name a file that has no Chinese.
    """
    if not settings.font:
        return chinese_font()
    found = font_in(folder / settings.font)
    if found is None:
        raise UsageError(f"report.font：{settings.font} 不是含中文的字体文件。请换一个，或留空自动查找")
    return found


def write_files(folder: Path, files: Files) -> list[Path]:
    """Write files whole or not at all. Raises ``OperationError`` that names the folder."""
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files:
            path = folder / name
            draft_path = path.with_name(f".{name}.part")
            draft_path.write_bytes(content)
            os.replace(draft_path, path)
            written.append(path)
    except OSError as error:
        raise OperationError(f"无法写入 {folder}：{error.strerror}。请检查路径和权限，或用 --out 指定别处") from None
    return written


def _samplings(store: Store, period: Period) -> Iterator[Sampling]:
    """The draws of a quarter, or of both quarters of a half-year."""
    kept = {(record.period, record.kind) for record in store.draw_records()}
    for quarter in period.quarters:
        for kind in FrameKind:
            if (str(quarter), str(kind)) in kept:
                standing = standing_draw(store, quarter, kind)
                yield Sampling(
                    name=f"{quarter.title}{kind.noun}",
                    drawn=len(standing.sample),
                    base=standing.record.frame_rows,
                    seed=standing.record.seed,
                    revisited=sum(each.part == REVISIT for each in standing.sample),
                    rate_base=standing.record.base,
                )


def _rulings(store: Store, period: Period) -> list[Assessment]:
    periods: Iterable[str] = [str(period), *(str(quarter) for quarter in period.quarters)]
    return store.assessments(list(dict.fromkeys(periods)))
