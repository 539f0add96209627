"""Made-up materials for the tests of the papers: the figures of real notices, under invented names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from checks import Account, Column, ColumnCategory, Finding, Platform, Ref, Site
from checks.core.assess import Assessment, Status
from checks.core.calendar import Period
from checks.core.ledger import Action, Entry, Event, advance, chain_all, entry_id
from checks.core.model import Level, SiteKind
from checks.core.standard import (
    Applies,
    Indicator,
    IndicatorResult,
    Rectification,
    Result,
    Standard,
    Tier,
    Verdict,
)
from reports.material import Coverage, Imprint, Material, Previous

NOW = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
QUARTER = Period.parse("2026Q4")
HALF_YEAR = Period.parse("2026H2")

STALE_HOME = Indicator(
    id="W3",
    name="首页不更新",
    tier=Tier.VETO,
    applies=Applies.SITE,
    checks=("site.homepage_stale",),
    document="国办秘函〔2019〕19号",
    clause="单项否决第3项",
    verified=True,
)
DORMANT = Indicator(
    id="NM2", name="内容不更新", tier=Tier.VETO, applies=Applies.ACCOUNT, checks=("account.dormant",), verified=True
)
SECRETS = Indicator(id="W1", name="安全泄密", tier=Tier.VETO, applies=Applies.SITE, verified=True)
LINKS = Indicator(
    id="D1",
    name="链接可用性",
    tier=Tier.DEDUCT,
    applies=Applies.SITE,
    checks=("site.dead_link",),
    points_each=1.0,
    cap=10.0,
)
STANDARD = Standard(
    edition="test-2026",
    title="检查指标（测试）",
    document="测字〔2026〕1号",
    draw_rates={},
    rectification=Rectification(days=10, working_days=True),
    limits={},
    indicators=(SECRETS, STALE_HOME, LINKS, DORMANT),
)


def site(number: int, **changes: object) -> Site:
    made = Site(
        id=f"51330000{number:02}",
        name=f"第{number}网站",
        url=f"http://w{number}.example/",
        kind=SiteKind.PORTAL if number % 2 else SiteKind.DEPARTMENT,
        sponsor=f"第{number}单位",
        supervisor="测试州政府办公室",
        region="甲县" if number % 3 else "乙县",
        level=Level.COUNTY,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def column(owner: Site, name: str = "通知公告", category: ColumnCategory = ColumnCategory.NOTICES) -> Column:
    return Column(site_id=owner.id, name=name, url=f"{owner.url}tzgg/", category=category)


def account(number: int, **changes: object) -> Account:
    made = Account(
        platform=Platform.WEIBO if number % 2 else Platform.WECHAT,
        name=f"第{number}账号",
        account_id=f"{number:06}",
        sponsor=f"第{number}单位",
        region="甲县",
        level=Level.TOWNSHIP,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def assessment(
    check: str, subject: Ref, status: Status = Status.PASSED, *findings: Finding, reason: str = ""
) -> Assessment:
    return Assessment(check=check, subject=subject, status=status, findings=findings, reason=reason, at=NOW)


def verdict(subject: Ref, result: Result, *failed: Indicator, score: float | None = None) -> Verdict:
    return Verdict(
        subject=subject,
        result=result,
        indicators=tuple(IndicatorResult(indicator=i, status=Status.FAILED, count=1) for i in failed),
        score=score,
        reasons=tuple(f"单项否决 {i.id} {i.name}" for i in failed),
    )


def material(
    *,
    sites: Iterable[Site] = (),
    columns: Iterable[Column] = (),
    accounts: Iterable[Account] = (),
    assessments: Iterable[Assessment] = (),
    verdicts: Mapping[Ref, Verdict] | None = None,
    **others: object,
) -> Material:
    made = Material(
        period=QUARTER,
        now=NOW,
        standard=STANDARD,
        sites=tuple(sites),
        columns=tuple(columns),
        accounts=tuple(accounts),
        assessments=tuple(assessments),
        verdicts=verdicts or {},
        coverage=Coverage(rounds=80, held_back=1),
        imprint=Imprint(issuer="测试州人民政府办公室", recipients="各县（市）人民政府，州级各部门"),
    )
    return replace(made, **others)  # type: ignore[arg-type]


def ganzi() -> Material:
    """甘孜州 2021 年第二季度 in its numbers (domain.md §6.3): 39 sites, of which 11 fail; 238 accounts, 38 fail.

    Two more sites and five more accounts could not be tested, and stand in neither rate.
    """
    sites = [site(number) for number in range(1, 42)]
    accounts = [account(number) for number in range(1, 244)]
    assessments: list[Assessment] = []
    verdicts: dict[Ref, Verdict] = {}
    for subjects, failing, judged, check, indicator in (
        (sites, 11, 39, "site.homepage_stale", STALE_HOME),
        (accounts, 38, 238, "account.dormant", DORMANT),
    ):
        for number, subject in enumerate(subjects, 1):
            ref = subject.ref
            if number <= failing:
                found = Finding(
                    text=f"已 {14 + number} 天未更新（限 14 天）", url="http://w.example/", evidence=(number,)
                )
                assessments.append(assessment(check, ref, Status.FAILED, found))
                verdicts[ref] = verdict(ref, Result.UNQUALIFIED, indicator)
            elif number <= judged:
                assessments.append(assessment(check, ref))
                verdicts[ref] = verdict(ref, Result.QUALIFIED, score=96.5)
            else:
                assessments.append(assessment(check, ref, Status.UNTESTED, reason="监测被拦截"))
                verdicts[ref] = replace(verdict(ref, Result.UNTESTED), reasons=("W3 首页不更新未检测：监测被拦截",))
    return material(sites=sites, accounts=accounts, assessments=assessments, verdicts=verdicts)


CHECK = "site.homepage_stale"
BEFORE = QUARTER.start - timedelta(days=20)


def steps(number: int, *taken: tuple[Action, int], due: date | None = None) -> list[Event]:
    """The life of the entry on site ``number``: found 20 days before the quarter, then actions after so many days."""
    ref = site(number).ref
    finding = {
        "check": CHECK,
        "subject": str(ref),
        "key": "",
        "text": f"已 {14 + number} 天未更新（限 14 天）",
        "url": "http://w.example/",
        "severity": "problem",
    }
    told = [(Action.FOUND, 0), *taken]
    return [
        Event(
            entry=entry_id(CHECK, ref, ""),
            at=BEFORE + timedelta(days=day),
            who="张三",
            action=action,
            why="说明",
            finding=finding if action in (Action.FOUND, Action.RECURRED) else {},
            due=due if action is Action.ASSIGNED else None,
            assignee=f"第{number}单位" if action is Action.ASSIGNED else "",
        )
        for action, day in told
    ]


CONFIRMED, ASSIGNED = (Action.CONFIRMED, 1), (Action.ASSIGNED, 2)
SUBMITTED, APPROVED = (Action.SUBMITTED, 30), (Action.APPROVED, 31)
PAST = (
    steps(1, CONFIRMED, ASSIGNED, SUBMITTED, APPROVED),  # closed within the quarter
    steps(2, CONFIRMED, ASSIGNED, SUBMITTED),  # handed in
    steps(3, CONFIRMED, ASSIGNED, due=date(2026, 10, 1)),  # late
    steps(4, CONFIRMED, ASSIGNED, due=date(2026, 12, 1)),  # not late yet
    steps(5),  # never confirmed
    steps(6, CONFIRMED, (Action.DISMISSED, 40)),  # a false alarm, seen to be one within the quarter
    steps(7, CONFIRMED, ASSIGNED, (Action.SUBMITTED, 5), (Action.APPROVED, 6)),  # settled before the quarter
    steps(8, CONFIRMED, ASSIGNED, (Action.SUBMITTED, 5), (Action.APPROVED, 6), (Action.RECURRED, 50)),
)


def with_a_past() -> Material:
    """The district of ``ganzi`` with a ledger that reaches back before the quarter, and the quarter before it."""
    now = ganzi()
    drafts = sorted((event for life in PAST for event in life), key=lambda event: event.at)
    fixed = [
        replace(event, due=event.due or date(2026, 11, 30)) if event.action is Action.ASSIGNED else event
        for event in drafts
    ]
    events = chain_all(fixed, last_number=0, last_hash="")
    entries: dict[str, Entry] = {}
    for event in events:
        entries[event.entry] = advance(entries.get(event.entry), event)
    then = [assessment(CHECK, s.ref, Status.FAILED, Finding(text="已 20 天未更新")) for s in now.sites[:20]]
    then += [assessment(CHECK, s.ref) for s in now.sites[20:40]]
    verdicts = {a.subject: verdict(a.subject, Result.UNQUALIFIED if a.problems else Result.QUALIFIED) for a in then}
    return replace(
        now,
        entries=tuple(entries.values()),
        events=events,
        previous=Previous(period=QUARTER.previous, assessments=then, verdicts=verdicts),
    )
