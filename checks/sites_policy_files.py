"""公文上网时限: by the register of documents, one to be disclosed is online within 20 working days (积县政办发〔2021〕
45号), a 规范性文件 with the gazette within 3 (云南民政), an interpretation at most 3 after its document (domain.md
§3.5, §8.3, §8.4). What came late can no longer be put right, and is told as a warning."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from checks import Answered, Finding, History, PolicyFile, PolicyRegister, Severity, Site, Untestable, bounded, check
from checks.core.calendar import local_day
from checks.core.workdays import NO_CALENDAR, UnknownYear, WorkCalendar


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Limits of 公文上网时限, in working days; ``workdays`` is the deployment's calendar. 0 for the gazette or for
    interpretations asks for none."""

    online_workdays: int = bounded(20, low=1, high=250)
    gazette_workdays: int = bounded(0, low=0, high=250)
    interpretation_workdays: int = bounded(3, low=0, high=250)
    workdays: WorkCalendar = NO_CALENDAR


@dataclass(frozen=True)
class Duty:
    """One thing to be done for a document: from which day, done on which day, within how many working days."""

    name: str
    start: date
    done: date | None
    limit: int


@check(
    "site.policy_files",
    title="公文上网时限",
    on=Site,
    reads=PolicyRegister,
    within=timedelta(days=400),
    limits=Limits(),
    keyed=True,
)
def policy_files(site: Site, seen: History, limits: Limits, now: datetime) -> Iterator[Finding | Answered]:
    register = seen.latest(PolicyRegister)
    if register is None:
        raise Untestable("尚未导入主动公开文件台账")
    today = local_day(now)
    unknown: dict[str, None] = {}
    for file in register.files:
        for duty in _duties(file, limits):
            key = f"{file.key}#{duty.name}"
            try:
                days = limits.workdays.between(duty.start, duty.done or today)
            except UnknownYear as year:
                unknown[str(year)] = None
                continue
            if duty.done is None and days > duty.limit:
                yield _finding(site, file, duty, days, key, register.id, Severity.PROBLEM)
                continue
            if duty.done is not None and days > duty.limit:
                yield _finding(site, file, duty, days, key, register.id, Severity.WARNING)
            yield Answered(key=key)
    if unknown:
        raise Untestable("；".join(unknown))


def _duties(file: PolicyFile, limits: Limits) -> Iterator[Duty]:
    if file.active:
        yield Duty("上网", file.issued, file.published, limits.online_workdays)
    if file.normative and limits.gazette_workdays:
        yield Duty("报送公报", file.issued, file.gazette_on, limits.gazette_workdays)
    if file.interpreted and file.published and limits.interpretation_workdays:
        yield Duty("解读", file.published, file.interpretation_published, limits.interpretation_workdays)


def _finding(
    site: Site, file: PolicyFile, duty: Duty, days: int, key: str, evidence: int, severity: Severity
) -> Finding:
    late = severity is Severity.PROBLEM
    how = f"已 {days} 个工作日未{duty.name}" if late else f"第 {days} 个工作日（{duty.done}）才{duty.name}"
    since = "文件上网后" if duty.name == "解读" else "印发后"
    name = f"《{file.title}》" + (f"（{file.number}）" if file.number else "")
    return Finding(
        text=f"{name}{since}{how}（限 {duty.limit} 个工作日，自 {duty.start} 起算）",
        key=key,
        url=file.url or site.url,
        severity=severity,
        advice=f"请尽快{duty.name}，并在文件台账登记日期" if late else "请今后按时限办理",
        evidence=(evidence,),
        details={"number": file.number, "workdays": days, "limit": duty.limit},
    )
