"""`ledger`: steps on one entry and on many, filters, deadlines, 催办, both evidences side by side."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from checks import Observation, all_checks
from checks.core.calendar import SHANGHAI, quarter_of
from checks.core.standard import load_standard
from monitor.cli import main
from monitor.inspection import inspect
from monitor.planning import plan
from monitor.probing import all_probes
from monitor.registry.changes import RegistryChanges
from monitor.store import Store
from monitor.urgent import urgency_of
from tests.checks.facts import ACCOUNT, HOME, NEWS, NOW, SITE, ago, crawl, day, failure, reading

STANDARD = load_standard("gwb-2019")
OTHER = replace(
    SITE, id="5133000002", name="某局网站", url="http://b.example.gov.cn/", sponsor="某局", supervisor="某县"
)
OTHER_NEWS = replace(NEWS, site_id=OTHER.id, url=OTHER.url + "news/")
Run = Callable[..., str]


@pytest.fixture
def store(tmp_path):
    record = Store.open(f"sqlite:///{tmp_path / 'record.db'}")
    record.apply(RegistryChanges(added=(SITE, OTHER, NEWS, OTHER_NEWS, ACCOUNT)))
    yield record
    record.close()


@pytest.fixture
def settings(tmp_path) -> Path:
    path = tmp_path / "settings.toml"
    path.write_text('[database]\nurl = "sqlite:///record.db"\n', encoding="utf-8")
    return path


@pytest.fixture
def xuncha(capsys, settings) -> Run:
    """Run a ledger command as of NOW or another moment; gives what it printed, or the error where one is expected."""

    def run(*arguments: str, now: datetime = NOW, status: int = 0) -> str:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(["--settings", str(settings), "--now", now.isoformat(), "ledger", *arguments])
        printed = capsys.readouterr()
        assert (ended.value.code or 0) == status, printed.out + printed.err
        return printed.out if status == 0 else printed.err

    return run


def found(store: Store, *facts: Observation, now: datetime = NOW, checks: tuple[str, ...] = ()) -> None:
    store.record(facts)
    chosen = [all_checks()[id_] for id_ in checks or ("column.stale", "site.dead_link")]
    inspect(store, STANDARD, chosen, now=now, period=quarter_of(now))


def stale_columns(store: Store) -> None:
    found(store, *(reading(at, day(20), of=c) for c in (NEWS, OTHER_NEWS) for at in (ago(days=1), ago())))


def three_links(store: Store) -> None:
    found(store, *(failure(ago(), f"{n}.html", control_passed=True) for n in range(3)), crawl(ago()))


def listed(xuncha: Run, *arguments: str, now: datetime = NOW) -> list[dict]:
    return json.loads(xuncha("list", *arguments, "--format", "json", now=now))


@pytest.mark.parametrize(
    ("arguments", "subjects"),
    [
        ((), {NEWS, OTHER_NEWS}),
        (("--site", SITE.id), {NEWS}),
        (("--site", SITE.id, "--site", OTHER.id), {NEWS, OTHER_NEWS}),
        (("--unit", "某局"), {OTHER_NEWS}),
        (("--unit", "某县"), {OTHER_NEWS}),
        (("--unit", "某市"), set()),
        (("--check", "column.stale"), {NEWS, OTHER_NEWS}),
        (("--check", "column.empty"), set()),
        (("--state", "待核实"), {NEWS, OTHER_NEWS}),
        (("--state", "整改中"), set()),
        (("--subject", str(NEWS.ref)), {NEWS}),
        (("--before", "2026-11-24"), set()),
        (("--before", "2026-11-25"), {NEWS, OTHER_NEWS}),
        (("--before", "2027Q1", "--unfinished"), {NEWS, OTHER_NEWS}),
        (("--before", "2026Q4"), set()),
        (("--overdue",), set()),
        (("--proposed",), set()),
    ],
)
def test_a_listing_is_narrowed_by_what_entries_have_in_common(xuncha, store, arguments, subjects):
    stale_columns(store)
    assert {e["subject"] for e in listed(xuncha, *arguments)} == {str(s.ref) for s in subjects}


def test_many_entries_are_shown_first_and_moved_only_with_yes(xuncha, store):
    three_links(store)
    told = xuncha("confirm", "--check", "site.dead_link", status=2)
    assert "将核实 3 项，尚未执行；确认无误请加 --yes" in told
    assert {e["state"] for e in listed(xuncha)} == {"待核实"}
    assert "已核实 3 项" in xuncha("confirm", "--check", "site.dead_link", "--yes")
    assert {e["state"] for e in listed(xuncha)} == {"待交办"}


def test_what_cannot_take_the_step_is_left_and_counted(xuncha, store):
    three_links(store)
    first = listed(xuncha)[0]["id"]
    xuncha("confirm", first)
    assert "已核实 2 项；另有 1 项现不能核实，未动" in xuncha("confirm", "--site", SITE.id, "--yes")
    assert "没有可核实的事项；选中的 3 项现都不能核实" in xuncha("confirm", "--site", SITE.id)


def test_entries_named_by_id_move_together_or_not_at_all(xuncha, store):
    three_links(store)
    ids = [e["id"] for e in listed(xuncha)]
    xuncha("confirm", ids[0])
    assert "不能核实" in xuncha("confirm", *ids, "--yes", status=2)
    assert [e["state"] for e in listed(xuncha)].count("待核实") == 2
    assert "--yes" in xuncha("confirm", *ids[1:], status=2)


def test_neither_ids_nor_a_filter_moves_nothing(xuncha, store):
    stale_columns(store)
    assert "请写事项编号" in xuncha("confirm", "--yes", status=2)


def assigned(xuncha: Run, *more: str, now: datetime = NOW) -> dict:
    xuncha("confirm", "--site", SITE.id, "--yes", now=now)
    xuncha("assign", "--site", SITE.id, "--yes", *more, now=now)
    return listed(xuncha, "--site", SITE.id, now=now)[0]


def test_an_assignment_runs_to_the_day_of_the_edition_and_goes_to_the_sponsor(xuncha, store):
    stale_columns(store)
    entry = assigned(xuncha)
    assert (entry["state"], entry["due"], entry["assignee"]) == ("整改中", "2026-12-24", SITE.sponsor)


def local_edition(settings: Path, days: int) -> None:
    (settings.parent / "local.toml").write_text(
        f'edition = "local"\nextends = "gwb-2019"\n[rectification]\ndays = {days}\nworking_days = true\n',
        encoding="utf-8",
    )
    settings.write_text(
        '[database]\nurl = "sqlite:///record.db"\n[standard]\nedition = "local.toml"\n', encoding="utf-8"
    )


def test_an_edition_may_count_working_days(xuncha, store, settings):
    local_edition(settings, 10)
    stale_columns(store)
    assert assigned(xuncha)["due"] == "2026-12-08"  # Tuesday 24 November and two weeks without holidays


def test_a_year_whose_holidays_are_not_known_is_refused_and_can_be_supplied(xuncha, store, settings):
    local_edition(settings, 40)
    stale_columns(store)
    xuncha("confirm", "--site", SITE.id)
    told = xuncha("assign", "--site", SITE.id, status=2)
    assert "2027 年的放假和调休安排未知" in told
    assert "或用 --due 写明期限" in told
    assert listed(xuncha, "--site", SITE.id)[0]["state"] == "待交办"
    with settings.open("a", encoding="utf-8") as file:
        file.write("[calendar]\ndays_off = [2027-01-01]\n")
    xuncha("assign", "--site", SITE.id)
    assert listed(xuncha, "--site", SITE.id)[0]["due"] == "2027-01-20"


@pytest.mark.parametrize(("days", "late"), [(29, 0), (30, 0), (31, 1)])
def test_an_entry_is_overdue_from_the_day_after_its_term(xuncha, store, days, late):
    stale_columns(store)
    assigned(xuncha)
    then = NOW + timedelta(days=days)
    [entry] = listed(xuncha, "--site", SITE.id, now=then)
    assert entry["days_late"] == late
    assert len(listed(xuncha, "--overdue", now=then)) == late


def test_the_overdue_are_urged_and_the_urging_is_kept(xuncha, store):
    stale_columns(store)
    assigned(xuncha)
    assert "没有可催办的事项" in xuncha("urge", "--overdue")
    then = NOW + timedelta(days=40)
    xuncha("urge", "--overdue", "--why", "逾期 10 天", now=then)
    [entry] = listed(xuncha, "--site", SITE.id, now=then)
    assert entry["state"] == "整改中"
    last = json.loads(xuncha("show", entry["id"], "--format", "json"))[-1]
    assert (last["action"], last["why"]) == ("urged", "逾期 10 天")


def test_what_was_reported_fixed_is_not_overdue(xuncha, store):
    stale_columns(store)
    assigned(xuncha)
    xuncha("submit", "--site", SITE.id)
    assert listed(xuncha, "--overdue", now=NOW + timedelta(days=90)) == []


def test_an_extension_moves_the_term_and_must_be_later(xuncha, store):
    stale_columns(store)
    assigned(xuncha)
    assert "须晚于" in xuncha("extend", "--site", SITE.id, "--due", "2026-12-24", status=2)
    xuncha("extend", "--site", SITE.id, "--due", "2026-12-25", "--why", "机房搬迁")
    assert listed(xuncha, "--site", SITE.id)[0]["due"] == "2026-12-25"


def test_both_evidences_stand_side_by_side(xuncha, store):
    stale_columns(store)
    assigned(xuncha)
    id_ = listed(xuncha, "--site", SITE.id)[0]["id"]
    before = xuncha("show", id_)
    assert "尚无复查证据" in before
    xuncha("submit", id_)
    later = NOW + timedelta(days=1)
    found(store, reading(later, later.date(), of=NEWS), now=later)
    events = json.loads(xuncha("show", id_, "--format", "json", now=later))
    opened, rechecked = events[0], events[-1]
    assert (opened["action"], rechecked["action"]) == ("found", "recheck_passed")
    assert {f["kind"] for f in opened["facts"]} == {"list_reading"}
    [again] = rechecked["facts"]
    assert datetime.fromisoformat(again["at"]) == later
    assert again["items"][0]["published"] == str(later.astimezone(SHANGHAI).date())
    shown = xuncha("show", id_, now=later)
    assert "发现时的证据" in shown
    assert "复查未再发现" in shown
    assert [e["id"] for e in listed(xuncha, "--proposed")] == [id_]
    xuncha("approve", "--proposed")
    assert listed(xuncha, "--site", SITE.id)[0]["state"] == "已销号"


def test_a_dead_link_is_one_entry_with_its_pages(xuncha, store):
    three_links(store)
    entries = listed(xuncha)
    assert len(entries) == 3
    assert f"{HOME}index.html" in xuncha("show", entries[0]["id"]).replace("\n", "")


def test_a_false_alarm_stays_dismissed_until_a_person_takes_that_back(xuncha, store):
    stale_columns(store)
    xuncha("dismiss", "--site", SITE.id, "--why", "系统误判：栏目已合并")
    later = NOW + timedelta(days=1)
    found(store, reading(later, day(21), of=NEWS), now=later)
    [entry] = listed(xuncha, "--site", SITE.id, now=later)
    assert entry["state"] == "不予认定"
    assert json.loads(xuncha("show", entry["id"], "--format", "json"))[-1]["why"] == "系统误判：栏目已合并"
    assert "须写明理由" in xuncha("reopen", entry["id"], "--why", " ", status=2)
    xuncha("reopen", entry["id"], "--why", "合并后仍应更新")
    assert listed(xuncha, "--site", SITE.id)[0]["state"] == "待核实"


def test_a_repair_handed_in_is_looked_at_at_once(xuncha, store, settings):
    """By the cadence the column was looked at already; its submission makes it due, once."""
    stale_columns(store)
    assigned(xuncha)
    looked = {("column.list", NEWS.ref): NOW, ("column.list", OTHER_NEWS.ref): NOW}
    later = NOW + timedelta(minutes=10)

    def due(last_runs: dict) -> set[str]:
        urgency = urgency_of(
            store,
            STANDARD,
            checks=all_checks(),
            probes=all_probes(),
            now=later,
            second_look=timedelta(hours=6),
        )
        probe = all_probes()["column.list"]
        tasks = plan(store.subjects(), [probe], now=later, last_runs=last_runs, urgency=urgency)
        return {str(t.subject.ref) for t in tasks}

    assert due(looked) == set()
    xuncha("submit", "--site", SITE.id, now=later - timedelta(minutes=1))
    assert due(looked) == {str(NEWS.ref)}
    assert due(looked | {("column.list", NEWS.ref): later}) == set()
