from dataclasses import replace
from datetime import date, timedelta

import pytest

from checks import ColumnCategory, Finding, Severity
from checks.core.assess import Status
from checks.core.ledger import Entry, State, entry_id
from checks.core.model import Account, AccountStatus, Site, SiteStatus
from checks.core.standard import Result
from reports.material import Material
from reports.problems import NOT_REACHED
from reports.sections import sections
from tests.reports.district import (
    NOW,
    QUARTER,
    STALE_HOME,
    account,
    assessment,
    column,
    ganzi,
    material,
    site,
    verdict,
)

STALE = Finding(text="已 15 天未更新（限 14 天）")


def test_the_pass_rates_of_the_ganzi_notice_come_out_with_both_numbers() -> None:
    parts = sections(ganzi())
    assert str(parts.sites.pass_rate) == "28/39（71.8%）"
    assert str(parts.accounts.pass_rate) == "200/238（84.0%）"


def test_what_was_not_tested_is_in_no_rate_and_in_no_list_of_the_unqualified() -> None:
    parts = sections(ganzi())
    assert (parts.sites.failed, parts.sites.untested) == (11, 2)
    assert (parts.accounts.failed, parts.accounts.untested) == (38, 5)
    assert len(parts.rulings_of(Result.UNQUALIFIED, "site")) == 11
    assert {u.reason for u in parts.untested} == {"监测被拦截"}
    assert len(parts.untested) == 7
    named = {p.subject.ref for p in parts.problems}
    assert named.isdisjoint(u.subject.ref for u in parts.untested)


@pytest.mark.parametrize("by", ["sites_by_region", "sites_by_level"])
def test_the_groups_of_sites_add_up_to_the_whole(by: str) -> None:
    parts = sections(ganzi())
    for field in ("registered", "checked", "qualified", "failed", "untested"):
        assert sum(getattr(t, field) for t in getattr(parts, by)) == getattr(parts.sites, field)


@pytest.mark.parametrize("by", ["accounts_by_region", "accounts_by_level", "accounts_by_platform"])
def test_the_groups_of_accounts_add_up_to_the_whole(by: str) -> None:
    parts = sections(ganzi())
    for field in ("registered", "checked", "qualified", "failed", "untested"):
        assert sum(getattr(t, field) for t in getattr(parts, by)) == getattr(parts.accounts, field)


def test_the_coverage_is_checked_over_registered() -> None:
    sites, _, accounts = sections(ganzi()).scopes
    assert (str(sites.coverage), str(accounts.coverage)) == ("39/41（95.1%）", "238/243（97.9%）")


def test_the_veto_reason_names_whom_it_failed() -> None:
    site_veto, account_veto = sections(ganzi()).vetoes
    assert (site_veto.indicator.id, len(site_veto.subjects)) == ("W3", 11)
    assert (account_veto.indicator.id, len(account_veto.subjects)) == ("NM2", 38)


def test_a_subject_without_any_assessment_is_untested_and_listed() -> None:
    parts = sections(material(sites=[site(1)]))
    assert (parts.sites.registered, parts.sites.untested, parts.sites.failed) == (1, 1, 0)
    assert [(u.title, u.reason) for u in parts.untested] == [("全部检查项", NOT_REACHED)]


def test_what_is_closed_for_good_belongs_to_no_base() -> None:
    gone = site(2, status=SiteStatus.CLOSED)
    parts = sections(
        material(
            sites=[site(1), gone],
            columns=[column(gone)],
            accounts=[account(1, status=AccountStatus.DEREGISTERED)],
        )
    )
    assert [(s.on_register, s.gone, s.registered) for s in parts.scopes] == [(2, 1, 1), (1, 1, 0), (1, 1, 0)]
    assert {u.subject.ref for u in parts.untested} == {site(1).ref}


def test_a_filed_offline_site_is_untested_with_that_reason() -> None:
    offline = site(1, status=SiteStatus.SUSPENDED, suspended_until=date(2026, 12, 1))
    (line,) = sections(material(sites=[offline])).untested
    assert "临时下线" in line.reason


def test_a_site_of_which_only_a_column_was_read_was_checked() -> None:
    owner = site(1)
    read = column(owner)
    parts = sections(material(sites=[owner], columns=[read], assessments=[assessment("column.stale", read.ref)]))
    assert [scope.checked for scope in parts.scopes] == [1, 1, 0]


def test_an_exempt_check_is_no_look_at_the_subject() -> None:
    owner = site(1)
    still = column(owner, "领导信息", ColumnCategory.STATIC)
    parts = sections(
        material(
            sites=[owner],
            columns=[still],
            assessments=[assessment("column.stale", still.ref, reason="不更新类栏目，不适用")],
        )
    )
    (row,) = parts.columns
    assert (row.registered, row.checked, row.exempt, row.untested) == (1, 0, 1, 0)
    assert parts.nothing_checked


def test_the_columns_are_counted_by_category_and_check() -> None:
    owner = site(1)
    stale, fine, blocked = (column(owner, name) for name in ("甲", "乙", "丙"))
    parts = sections(
        material(
            sites=[owner],
            columns=[stale, fine, blocked],
            assessments=[
                assessment("column.stale", stale.ref, Status.FAILED, STALE),
                assessment("column.empty", stale.ref, Status.FAILED, STALE),
                assessment("column.stale", fine.ref),
                assessment("column.stale", blocked.ref, Status.UNTESTED, reason="列表无法识别"),
            ],
        )
    )
    (row,) = parts.columns
    assert (row.category, row.registered, row.checked, row.untested, row.with_problems) == ("通知公告", 3, 2, 1, 1)
    assert [count for _, count in row.problems] == [1, 1]


def test_ipv6_counts_only_what_was_tested_over_ipv6() -> None:
    sites = [site(number) for number in range(1, 5)]
    lacking = Finding(text="没有 AAAA 记录")
    parts = sections(
        material(
            sites=sites,
            assessments=[
                assessment("site.ipv6", sites[0].ref),
                assessment("site.ipv6", sites[1].ref, Status.FAILED, lacking),
                assessment("site.ipv6", sites[2].ref, Status.UNTESTED, reason="监测点没有 IPv6 网络"),
            ],
        )
    )
    assert str(parts.ipv6.all_sites) == "1/2（50.0%）"
    assert str(parts.ipv6.portals) == "1/1（100.0%）"
    assert parts.ipv6.untested == 2


def test_a_warning_is_no_problem() -> None:
    warned = site(1)
    early = Finding(text="已 11 天未更新", severity=Severity.WARNING)
    parts = sections(
        material(sites=[warned], assessments=[assessment("site.homepage_stale", warned.ref, Status.PASSED, early)])
    )
    assert (parts.problems, len(parts.warnings), parts.units) == ((), 1, ())


def test_a_fault_of_ours_is_listed_apart_and_accuses_nobody() -> None:
    subject = site(1)
    parts = sections(
        material(
            sites=[subject], assessments=[assessment("site.ipv6", subject.ref, Status.ERROR, reason="检查程序出错")]
        )
    )
    assert [(u.scope, u.reason) for u in parts.untested] == [("检查出错", "检查程序出错")]
    assert parts.problems == ()


def entry(subject: Site | Account, check: str, state: State = State.TO_VERIFY, **changes: object) -> Entry:
    made = Entry(
        id=entry_id(check, subject.ref, ""),
        check=check,
        subject=subject.ref,
        key="",
        state=state,
        text=STALE.text,
        url="",
        severity=Severity.PROBLEM,
        opened=QUARTER.start,
        changed=QUARTER.start,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def accused(state: State) -> Material:
    subject = site(1)
    return material(
        sites=[subject],
        assessments=[
            assessment("site.homepage_stale", subject.ref, Status.FAILED, STALE),
            assessment("site.dead_link", subject.ref),
        ],
        verdicts={subject.ref: verdict(subject.ref, Result.UNQUALIFIED, STALE_HOME)},
        entries=[entry(subject, "site.homepage_stale", state)],
    )


def test_a_dismissed_finding_accuses_nobody_and_the_verdict_follows() -> None:
    parts = sections(accused(State.DISMISSED))
    assert (parts.problems, parts.vetoes) == ((), ())
    assert str(parts.sites.pass_rate) == "1/1（100.0%）"


def test_a_finding_that_waits_for_a_person_says_so() -> None:
    parts = sections(accused(State.TO_VERIFY))
    assert [p.state for p in parts.problems] == ["待核实"]
    assert parts.to_verify == 1
    assert sections(accused(State.TO_ASSIGN)).to_verify == 0
    assert str(parts.sites.pass_rate) == "0/1（0.0%）"


def test_a_dismissal_leaves_untested_what_was_untested() -> None:
    base = accused(State.DISMISSED)
    partial = replace(base.assessments[0], reason="部分未读到")
    parts = sections(replace(base, assessments=(partial, base.assessments[1])))
    assert (parts.sites.qualified, parts.sites.failed, parts.sites.untested) == (0, 0, 1)


def test_the_ledger_is_counted_by_period_and_state() -> None:
    today = date(2026, 11, 24)
    before = QUARTER.start - timedelta(seconds=1)
    cases = [
        entry(site(1), "a"),
        entry(site(2), "a", opened=before, changed=before),
        entry(site(3), "a", State.CLOSED, opened=before, changed=QUARTER.end - timedelta(seconds=1)),
        entry(site(4), "a", State.CLOSED, opened=before, changed=QUARTER.end),
        entry(site(5), "a", State.RECTIFYING, due=today),
        entry(site(6), "a", State.RECTIFYING, due=today - timedelta(days=1)),
        entry(site(7), "a", State.TO_REVIEW, due=today - timedelta(days=1)),
        entry(site(8), "a", recurrences=2),
        entry(site(9), "a", State.DISMISSED, recurrences=1),
    ]
    figures = sections(material(entries=cases)).ledger
    assert (figures.opened, figures.closed, figures.open_now) == (6, 1, 6)
    assert (figures.overdue, figures.recurring) == (1, 1)
    assert str(figures.closing_rate) == "2/8（25.0%）"
    assert sum(count for _, count in figures.by_state) == len(cases)


def test_the_edition_says_what_people_must_judge_and_what_was_not_verified() -> None:
    basis = sections(ganzi()).basis
    assert (basis.edition, basis.document) == ("test-2026", "测字〔2026〕1号")
    assert [unanswered.text for unanswered in basis.manual] == ["W1 安全泄密（41 个未核查）"]
    assert (basis.unverified, basis.unverified_scored, basis.unscored) == ((), 1, 0)


def test_results_of_subjects_that_left_the_register_are_not_counted() -> None:
    parts = sections(material(assessments=[assessment("site.ipv6", site(1).ref, Status.FAILED, STALE)]))
    assert (parts.strangers, parts.problems, parts.sites.registered) == (1, (), 0)


def test_the_window_says_whether_the_period_still_runs() -> None:
    assert sections(material()).window.running
    assert sections(material(now=QUARTER.end - timedelta(seconds=1))).window.running
    assert not sections(material(now=QUARTER.end)).window.running
    assert sections(material()).window.cut_off == NOW
