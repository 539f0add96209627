"""Who hears of what, and when again: alarms look by look, rules, roots, rests, reminders, recoveries."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from checks.core.alarms import Alarm, Concern, Look, look, looks_now, looks_of_ruling
from checks.core.assess import Assessment, Status
from checks.core.entries import Entry, State, entry_id
from checks.core.model import Ref
from checks.core.notices import MOST_LOOKS, About, News, Place, Rule, Scene, Tiding, Trouble, tell
from checks.core.registry import Finding, Severity

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
SITE = Ref("site", "5118000022")
COLUMN = Ref("column", "5118000022/通知公告")
ELSEWHERE = Ref("site", "5118000099")
PLACES = {
    SITE: Place(name="县政府网站", sponsor="县府办", units=frozenset({"县府办", "县政府"}), region="511802"),
    COLUMN: Place(name="通知公告", sponsor="县府办", units=frozenset({"县府办", "县政府"}), region="511802"),
    ELSEWHERE: Place(name="他县网站", sponsor="他县府办", units=frozenset({"他县府办"}), region="511900"),
}
CHECKS = frozenset({"site.unreachable", "site.dead_link", "column.stale"})
RULE = Rule(name="值班")


def finding(
    key: str = "", *, severity: Severity = Severity.PROBLEM, text: str = "已 15 天未更新（限 14 天）"
) -> Finding:
    return Finding(text=text, key=key, severity=severity)


def ruling(
    *findings: Finding,
    check: str = "column.stale",
    subject: Ref = COLUMN,
    at: datetime = NOW,
    status: Status | None = None,
    reason: str = "",
) -> Assessment:
    found = any(f.severity is Severity.PROBLEM for f in findings)
    ended = status or (Status.FAILED if found else Status.UNTESTED if reason else Status.PASSED)
    return Assessment(check=check, subject=subject, status=ended, findings=findings, reason=reason, at=at)


WARNING = finding(severity=Severity.WARNING, text="已 10 天未更新（限 14 天）")


class Watch:
    """Alarms over time, told by rules."""

    def __init__(self, *rules: Rule, **scene: object) -> None:
        self.rules = rules or (RULE,)
        self.alarms: dict[str, Alarm] = {}
        self.scene = Scene(now=NOW, places=PLACES, checks=CHECKS)
        self.change(**scene)

    def change(self, **scene: object) -> None:
        self.scene = replace(self.scene, **scene)

    def after(self, *rulings: Assessment, hours: float = 1, troubles: list[Trouble] | None = None) -> list[Tiding]:
        """Let some hours pass, read these rulings, and hear what is told."""
        now = self.scene.now + timedelta(hours=hours)
        self.change(now=now)
        looks = [each for r in rulings for each in looks_of_ruling(replace(r, at=now), list(self.alarms.values()))]
        looks += looks_now(self.scene.entries.values(), troubles or [], self.alarms.values(), now=now)
        self.alarms = look(self.alarms, looks)
        self.alarms, tidings = tell(self.alarms, self.rules, self.scene)
        again, none = tell(self.alarms, self.rules, self.scene)
        assert none == ()  # told again from its own result, there is nothing to tell
        assert again == self.alarms
        return list(tidings)


def news(tidings: list[Tiding]) -> list[tuple[News, About]]:
    return [(tiding.news, tiding.about) for tiding in tidings]


PROBLEM_RAISED = [(News.RAISED, About.PROBLEM)]


def test_a_new_problem_is_told_once():
    watch = Watch()
    [told] = watch.after(ruling(finding()))
    assert (told.news, told.about, told.rule) == (News.RAISED, About.PROBLEM, "值班")
    assert told.text == "已 15 天未更新（限 14 天）"
    assert told.place.sponsor == "县府办"
    assert watch.after(ruling(finding())) == []
    assert watch.after(ruling(finding())) == []


def test_the_same_ruling_read_twice_is_one_look():
    watch = Watch(Rule(name="值班", times=2, of=2))
    once = Look(
        concern=Concern(about=About.PROBLEM, check="column.stale", subject=COLUMN, text="x"), at=NOW, found=True
    )
    alarms = look(look(watch.alarms, [once]), [once])
    assert [alarm.looks for alarm in alarms.values()] == ["x"]


def test_a_recovery_is_told_once_with_when_it_began():
    watch = Watch()
    watch.after(ruling(finding()))
    [told] = watch.after(ruling(), hours=5)
    assert told.news is News.RECOVERED
    assert told.at - told.since == 5 * HOUR
    assert watch.after(ruling()) == []


def test_a_problem_that_comes_back_is_told_again_as_the_second_time():
    watch = Watch()
    watch.after(ruling(finding()))
    watch.after(ruling())
    [told] = watch.after(ruling(finding()))
    assert told.news is News.RAISED
    assert told.episode == 2


def test_each_news_has_an_identity_of_its_own():
    watch = Watch(Rule(name="值班", remind=HOUR))
    told = []
    for findings in ([finding()], [finding()], [finding()], [], [finding()], []):
        told += watch.after(ruling(*findings))
    assert [t.news for t in told] == [
        News.RAISED, News.REMINDED, News.REMINDED, News.RECOVERED, News.RAISED, News.RECOVERED
    ]  # fmt: skip
    assert len({t.identity for t in told}) == 6


def test_what_was_not_tested_neither_raises_nor_recovers():
    watch = Watch()
    assert watch.after(ruling(reason="样本不足")) == []
    watch.after(ruling(finding()))
    assert watch.after(ruling(reason="样本不足")) == []
    assert watch.after(ruling(status=Status.ERROR, reason="程序出错")) == []
    assert news(watch.after(ruling())) == [(News.RECOVERED, About.PROBLEM)]


def test_a_ruling_that_was_only_partly_made_recovers_nothing():
    watch = Watch()
    watch.after(ruling(finding("a"), finding("b"), check="site.dead_link", subject=SITE))
    partly = ruling(finding("a"), check="site.dead_link", subject=SITE, reason="其余未检测")
    assert watch.after(partly) == []
    assert [t.news for t in watch.after(ruling(finding("a"), check="site.dead_link", subject=SITE))] == [News.RECOVERED]


# N of M


@pytest.mark.parametrize(
    ("times", "of", "looks", "raised_at"),
    [
        (1, 1, "x", 1),
        (2, 2, "x", None),
        (2, 2, "xx", 2),
        (2, 2, "x.x", None),
        (2, 3, "x.x", 3),
        (2, 3, "x..x", None),
        (3, 4, "xx.x", 4),
        (2, 3, "xx.", 2),
    ],
)
def test_n_of_m_looks_raise_an_alarm(times, of, looks, raised_at):
    watch = Watch(Rule(name="值班", times=times, of=of))
    raised = None
    for number, each in enumerate(looks, 1):
        told = watch.after(ruling(*([finding()] if each == "x" else [])))
        if raised is None and told:
            raised = number
    assert raised == raised_at


def test_an_alarm_is_not_raised_by_a_clean_look():
    watch = Watch(Rule(name="值班", times=2, of=3))
    watch.change(resting=frozenset({COLUMN}))
    watch.after(ruling(finding()))
    watch.after(ruling(finding()))
    watch.change(resting=frozenset())
    assert watch.after(ruling()) == []


def test_so_many_clean_looks_in_a_row_make_a_recovery():
    watch = Watch(Rule(name="值班", clear=2))
    watch.after(ruling(finding()))
    assert watch.after(ruling()) == []
    assert watch.after(ruling(finding())) == []
    assert watch.after(ruling()) == []
    assert news(watch.after(ruling())) == [(News.RECOVERED, About.PROBLEM)]


def test_an_alarm_that_nobody_heard_of_is_forgotten():
    watch = Watch(Rule(name="值班", times=2, of=2))
    watch.after(ruling(finding()))
    for _ in range(MOST_LOOKS):
        assert watch.alarms
        watch.after(ruling())
    assert not watch.alarms


# Warnings


def test_a_warning_is_told_and_its_end_too():
    watch = Watch()
    assert news(watch.after(ruling(WARNING))) == [(News.RAISED, About.WARNING)]
    assert news(watch.after(ruling())) == [(News.RECOVERED, About.WARNING)]


def test_a_warning_that_became_the_problem_has_not_recovered():
    watch = Watch()
    watch.after(ruling(WARNING))
    assert news(watch.after(ruling(finding()))) == PROBLEM_RAISED
    assert news(watch.after(ruling())) == [(News.RECOVERED, About.PROBLEM)]


def test_a_warning_beside_a_problem_of_the_same_check_and_subject_is_not_told():
    watch = Watch()
    assert news(watch.after(ruling(finding(), WARNING))) == PROBLEM_RAISED


def test_a_rule_hears_only_of_what_it_asks_for():
    problems = Rule(name="领导", about=frozenset({About.PROBLEM}))
    watch = Watch(RULE, problems)
    assert [t.rule for t in watch.after(ruling(WARNING))] == ["值班"]
    assert sorted(t.rule for t in watch.after(ruling(finding()))) == ["值班", "领导"]


# Rules


@pytest.mark.parametrize(
    ("rule", "heard"),
    [
        (Rule(name="r", units=frozenset({"县府办"})), True),
        (Rule(name="r", units=frozenset({"县政府"})), True),
        (Rule(name="r", units=frozenset({"他县府办"})), False),
        (Rule(name="r", regions=("511802",)), True),
        (Rule(name="r", regions=("511800",)), True),
        (Rule(name="r", regions=("510000",)), True),
        (Rule(name="r", regions=("511900",)), False),
        (Rule(name="r", regions=("511803",)), False),
        (Rule(name="r", regions=("雅安市",)), False),
        (Rule(name="r", checks=("column.*",)), True),
        (Rule(name="r", checks=("column.stale",)), True),
        (Rule(name="r", checks=("site.*", "account.*")), False),
        (Rule(name="r", checks=("!site.*",)), True),
        (Rule(name="r", checks=("!column.*",)), False),
        (Rule(name="r", checks=("*", "!column.stale")), False),
        (Rule(name="r", checks=("column.*", "!column.empty")), True),
    ],
)
def test_rules_choose_by_unit_region_and_check(rule, heard):
    assert bool(Watch(rule).after(ruling(finding()))) is heard


def test_a_region_may_be_a_name():
    watch = Watch(Rule(name="r", regions=("雅安市",)))
    watch.change(places={COLUMN: replace(PLACES[COLUMN], region="雅安市")})
    assert watch.after(ruling(finding()))


def test_our_own_troubles_are_no_single_units_affair():
    trouble = Trouble(key="disk.full", text="磁盘将满")
    assert Watch(Rule(name="r", units=frozenset({"县府办"}))).after(troubles=[trouble]) == []
    assert Watch(Rule(name="r", regions=("511802",))).after(troubles=[trouble]) == []
    assert news(Watch().after(troubles=[trouble])) == [(News.RAISED, About.TROUBLE)]


# One root cause, one message


def unreachable(*, found: bool = True) -> Assessment:
    return ruling(*([finding(text="打不开")] if found else []), check="site.unreachable", subject=SITE)


def test_an_unreachable_site_silences_its_columns_and_links():
    watch = Watch()
    dead = ruling(finding("http://a/"), check="site.dead_link", subject=SITE)
    told = watch.after(ruling(finding()), dead, unreachable())
    assert [t.check for t in told] == ["site.unreachable"]


def test_it_silences_nothing_of_another_site():
    watch = Watch()
    other = ruling(finding("http://a/"), check="site.dead_link", subject=ELSEWHERE)
    assert sorted(t.check for t in watch.after(other, unreachable())) == ["site.dead_link", "site.unreachable"]


def test_what_stood_behind_the_root_is_told_when_the_root_is_gone():
    watch = Watch()
    watch.after(ruling(finding()), unreachable())
    told = watch.after(ruling(finding()), unreachable(found=False))
    assert sorted((t.check, t.news) for t in told) == [
        ("column.stale", News.RAISED), ("site.unreachable", News.RECOVERED)
    ]  # fmt: skip


def test_what_stood_behind_the_root_and_is_gone_is_never_told():
    watch = Watch()
    watch.after(ruling(finding()), unreachable())
    told = watch.after(ruling(), unreachable(found=False))
    assert [(t.check, t.news) for t in told] == [("site.unreachable", News.RECOVERED)]


def test_a_root_that_a_rule_does_not_hear_of_silences_nothing_for_it():
    watch = Watch(Rule(name="栏目", checks=("column.*",)))
    assert [t.check for t in watch.after(ruling(finding()), unreachable())] == ["column.stale"]


def test_a_root_that_a_person_dismissed_silences_nothing():
    watch = Watch()
    watch.change(entries={e.id: e for e in [entry(State.DISMISSED, check="site.unreachable", subject=SITE)]})
    assert [t.check for t in watch.after(ruling(finding()), unreachable())] == ["column.stale"]


# What is over, and what rests


def entry(state: State, *, check: str = "column.stale", subject: Ref = COLUMN, **changed: object) -> Entry:
    values = {
        "id": entry_id(check, subject, ""),
        "check": check,
        "subject": subject,
        "key": "",
        "state": state,
        "text": "已 15 天未更新（限 14 天）",
        "url": "",
        "severity": Severity.PROBLEM,
        "opened": NOW,
        "changed": NOW,
    }
    return Entry(**values | changed)


def with_entry(watch: Watch, one: Entry) -> None:
    watch.change(entries={one.id: one})


@pytest.mark.parametrize("state", [State.DISMISSED, State.CLOSED])
def test_what_a_person_dismissed_or_closed_is_not_told(state):
    watch = Watch()
    with_entry(watch, entry(state))
    assert watch.after(ruling(finding())) == []
    assert not watch.alarms


def test_what_was_told_and_then_dismissed_ends_without_a_word():
    watch = Watch(Rule(name="值班", remind=HOUR))
    watch.after(ruling(finding()))
    with_entry(watch, entry(State.DISMISSED))
    assert watch.after(ruling(finding()), hours=30) == []
    assert watch.after(ruling()) == []


def test_what_was_closed_and_found_again_is_told_as_recurring():
    watch = Watch()
    watch.after(ruling(finding()))
    with_entry(watch, entry(State.CLOSED))
    watch.after()
    with_entry(watch, entry(State.TO_VERIFY, recurrences=1))
    [told] = watch.after(ruling(finding()))
    assert (told.news, told.episode) == (News.RAISED, 2)


def test_a_subject_that_is_no_longer_watched_ends_without_a_word():
    watch = Watch()
    watch.after(ruling(finding()))
    watch.change(places={})
    assert watch.after() == []
    watch.change(places=PLACES)
    assert watch.after() == []


def test_a_check_that_is_no_longer_there_ends_without_a_word():
    watch = Watch()
    watch.after(ruling(finding()))
    watch.change(checks=frozenset())
    assert watch.after() == []


def test_under_a_suspension_nothing_is_told_and_afterwards_what_is_still_so():
    watch = Watch()
    watch.change(resting=frozenset({COLUMN}))
    assert watch.after(ruling(finding())) == []
    assert watch.after(ruling(finding())) == []
    watch.change(resting=frozenset())
    assert news(watch.after()) == PROBLEM_RAISED


def test_what_came_and_went_under_a_suspension_is_never_told():
    watch = Watch()
    watch.change(resting=frozenset({COLUMN}))
    watch.after(ruling(finding()))
    watch.after(ruling())
    watch.change(resting=frozenset())
    assert watch.after() == []


def test_a_recovery_under_a_suspension_is_told_after_it():
    watch = Watch()
    watch.after(ruling(finding()))
    watch.change(resting=frozenset({COLUMN}))
    assert watch.after(ruling()) == []
    watch.change(resting=frozenset())
    assert news(watch.after()) == [(News.RECOVERED, About.PROBLEM)]


def test_while_we_are_in_trouble_nothing_is_told_of_others():
    watch = Watch()
    watch.change(silenced=True)
    offline = Trouble(key="vantage.offline", text="监测点离线", silences=True)
    assert [t.check for t in watch.after(ruling(finding()), troubles=[offline])] == ["vantage.offline"]
    watch.change(silenced=False)
    assert sorted(t.check for t in watch.after(ruling(finding()))) == ["column.stale", "vantage.offline"]


# Reminders


def test_a_reminder_comes_when_its_time_has_come_and_not_before():
    watch = Watch(Rule(name="值班", remind=24 * HOUR))
    watch.after(ruling(finding()))
    assert watch.after(ruling(finding()), hours=23.99) == []
    assert news(watch.after(hours=0.01)) == [(News.REMINDED, About.PROBLEM)]
    assert watch.after(hours=23.99) == []
    assert news(watch.after(hours=0.01)) == [(News.REMINDED, About.PROBLEM)]


def test_without_a_reminder_interval_nothing_is_repeated():
    watch = Watch()
    watch.after(ruling(finding()))
    assert watch.after(hours=10_000) == []


@pytest.mark.parametrize(
    ("state", "reminded"),
    [(State.TO_VERIFY, True), (State.TO_ASSIGN, True), (State.RECTIFYING, False), (State.TO_REVIEW, False)],
)
def test_what_somebody_has_in_hand_is_not_reminded_of(state, reminded):
    watch = Watch(Rule(name="值班", remind=HOUR))
    watch.after(ruling(finding()))
    with_entry(watch, entry(state, due=date(2026, 12, 30)))
    assert bool(watch.after(hours=5)) is reminded


# Overdue entries


def test_an_entry_past_its_day_is_told_and_not_on_its_day():
    watch = Watch(Rule(name="r", about=frozenset({About.OVERDUE})))
    with_entry(watch, entry(State.RECTIFYING, due=date(2026, 11, 23)))
    watch.change(now=datetime(2026, 11, 23, 15, 58, tzinfo=UTC))  # 23:58 in Shanghai
    assert watch.after(hours=1 / 60) == []
    [told] = watch.after(hours=1 / 60)
    assert told.about is About.OVERDUE
    assert told.due == date(2026, 11, 23)
    assert "已过 1 天" in told.text
    assert watch.after(hours=30) == []


@pytest.mark.parametrize("state", [State.TO_REVIEW, State.CLOSED])
def test_what_was_handed_in_is_no_longer_overdue(state):
    watch = Watch(Rule(name="r", about=frozenset({About.OVERDUE})))
    with_entry(watch, entry(State.RECTIFYING, due=date(2026, 11, 20)))
    watch.after()
    with_entry(watch, entry(state, due=date(2026, 11, 20)))
    assert news(watch.after()) == [(News.RECOVERED, About.OVERDUE)]


# Own troubles


def test_a_trouble_is_told_once_and_its_end_once():
    watch = Watch()
    trouble = Trouble(key="job.collect", text="采集任务 3 小时没有运行", advice="请检查服务")
    assert news(watch.after(troubles=[trouble])) == [(News.RAISED, About.TROUBLE)]
    assert watch.after(troubles=[replace(trouble, text="采集任务 4 小时没有运行")]) == []
    [told] = watch.after()
    assert told.news is News.RECOVERED
    assert told.text == "采集任务 4 小时没有运行"


def test_a_trouble_that_nobody_looked_for_has_not_ended():
    watch = Watch()
    watch.after(troubles=[Trouble(key="disk.full", text="磁盘将满")])
    looks = list(looks_now([], [], watch.alarms.values(), now=NOW, not_asked=lambda _concern: True))
    assert looks == []
