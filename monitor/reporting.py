"""From the record to the papers: gathers what a report is made of and writes its files. It words nothing."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from checks.core.calendar import Period, PeriodKind
from checks.core.standard import Standard
from monitor.errors import OperationError
from monitor.inspection import verdicts
from monitor.store import Store
from reports.bulletin import quarter_bulletin
from reports.html import bulletin_html, half_year_html
from reports.inspection import half_year_report
from reports.material import Coverage, Material
from reports.xlsx import workbook


def gather(store: Store, standard: Standard, period: Period, *, now: datetime) -> Material:
    """All that a paper on a period is made of. A half-year counts the latest ruling of it and of its quarters."""
    periods = [str(period), *(str(quarter) for quarter in period.quarters)]
    assessments = store.assessments(list(dict.fromkeys(periods)))
    entries = store.entries()
    rounds = store.rounds(period.start, min(now, period.end))
    return Material(
        period=period,
        now=now,
        standard=standard,
        units=store.units(),
        sites=store.sites(),
        columns=store.columns(),
        accounts=store.accounts(),
        assessments=assessments,
        verdicts=verdicts(standard, store.subjects(), assessments),
        entries=entries,
        coverage=Coverage(
            rounds=len(rounds),
            held_back=sum(bool(r.held_back) for r in rounds),
            without_ipv6=sum(6 not in r.families for r in rounds),
        ),
    )


def write_report(material: Material, folder: Path) -> list[Path]:
    """Write the paper of the material's period as HTML and XLSX into ``folder``, and say where."""
    if material.period.kind is PeriodKind.QUARTER:
        bulletin = quarter_bulletin(material)
        name, html, xlsx = f"季度通报-{material.period}", bulletin_html(bulletin), workbook(bulletin)
    else:
        report = half_year_report(material)
        name, html, xlsx = f"半年检查报告-{material.period}", half_year_html(report), workbook(report)
    return write_files(folder, [(f"{name}.html", html.encode()), (f"{name}.xlsx", xlsx)])


def write_files(folder: Path, files: Sequence[tuple[str, bytes]]) -> list[Path]:
    """Write files whole or not at all. Raises ``OperationError`` that names the folder."""
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files:
            path = folder / name
            draft = path.with_name(f".{name}.part")
            draft.write_bytes(content)
            os.replace(draft, path)
            written.append(path)
    except OSError as error:
        raise OperationError(f"无法写入 {folder}：{error.strerror}。请检查路径和权限，或用 --out 指定别处") from None
    return written
