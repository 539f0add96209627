"""Rulebooks: those that come with the product, inheritance, and every fault told at once."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from checks import all_checks
from checks.core.rulebook import editions
from checks.core.standard import Applies, StandardError, Tier, load_standard

EXTENDS = 'edition = "local"\nextends = "gwb-2019"\n'


@pytest.fixture
def written(tmp_path):
    def write(text: str, name: str = "local.toml") -> str:
        (tmp_path / name).write_text(text, encoding="utf-8")
        return str(tmp_path / name)

    return write


@pytest.mark.parametrize("edition", editions())
def test_every_edition_reads_and_names_only_checks_that_exist(edition):
    standard = load_standard(edition)
    assert standard.edition == edition
    assert standard.title
    assert standard.document
    assert {c for i in standard.indicators for c in i.checks} <= all_checks().keys()
    assert standard.limits.keys() == all_checks().keys()
    assert all(i.document and i.clause and i.threshold for i in standard.indicators)


def test_the_eight_sweeps_are_counted_by_the_national_edition():
    """Whatever check no indicator names is told as 提示 and counts nowhere."""
    counted = {c for i in load_standard("gwb-2019").indicators for c in i.checks}
    sites = {"site.unreachable", "site.homepage_stale", "site.ipv6", "site.dead_link"}
    columns = {"column.stale", "column.neglected", "column.empty"}
    assert counted == sites | columns | {"account.dormant"}


def test_the_national_vetoes_are_six_of_sites_and_three_of_accounts():
    vetoes = [
        i for i in load_standard("gwb-2019").indicators if i.tier is Tier.VETO and i.applies is not Applies.SUPERVISOR
    ]
    assert {i.id.split("-")[0] for i in vetoes} == {"W1", "W2", "W3", "W4", "W5", "W6", "NM1", "NM2", "NM3"}
    assert {i.id: i.at_least for i in vetoes if i.at_least > 1} == {"W4-1": 5, "W4-2": 10, "W4-3": 5}


def test_a_local_edition_changes_what_it_says_and_keeps_the_rest():
    national, sichuan, ganzi = (load_standard(name) for name in ("gwb-2019", "sichuan", "ganzi"))
    assert sichuan.draw_rates == {"site": 0.30, "account": 0.25}
    assert ganzi.draw_rates == {"site": 0.30, "account": 0.50}
    assert ganzi.rectification.days == 10
    assert ganzi.limits == national.limits
    assert {i.id: i.threshold for i in national.indicators}.items() <= {
        i.id: i.threshold for i in ganzi.indicators
    }.items()
    assert ganzi.lineage == ("sichuan", "gwb-2019")


def test_a_path_is_an_edition_too_and_may_extend_its_neighbour(written):
    written(EXTENDS + "[rectification]\ndays = 5\nworking_days = true\n", "parent.toml")
    path = written('edition = "child"\nextends = "parent.toml"\n[limits."column.stale"]\nnews_days = 7\n', "child.toml")
    standard = load_standard(path)
    assert (standard.rectification.days, standard.rectification.working_days) == (5, True)
    assert standard.limits["column.stale"].news_days == 7
    assert standard.limits["column.stale"].notice_months == 6


def test_an_indicator_is_changed_by_its_id_field_by_field(written):
    path = written(EXTENDS + '[[indicators]]\nid = "W4-1"\nat_least = 3\n')
    changed = next(i for i in load_standard(path).indicators if i.id == "W4-1")
    assert changed.at_least == 3
    assert changed.checks == ("column.stale",)
    assert len(load_standard(path).indicators) == len(load_standard("gwb-2019").indicators)


def test_a_whole_number_may_stand_for_a_fraction(written):
    path = written(EXTENDS + '[limits."site.unreachable"]\nseconds = 20\n')
    assert load_standard(path).limits["site.unreachable"].seconds == 20.0


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[limits."site.nothing"]\ndays = 1\n', 'limits."site.nothing"：没有这个检查项'),
        ('[limits."column.stale"]\nweeks = 2\n', "weeks：没有这个限值"),
        ('[limits."column.stale"]\nnews_days = 0\n', "news_days：应在 1 至 366 之间，现为 0"),
        ('[limits."column.stale"]\nnews_days = 14.5\n', "news_days：应为整数"),
        ('[limits."column.stale"]\nnews_days = true\n', "news_days：应为整数"),
        ('[limits."column.stale"]\nnews_days = "14"\n', "news_days：应为整数"),
        ('[limits."site.unreachable"]\nshare = 5\n', "share：应在 0.0001 至 1 之间"),
        ('[limits]\n"column.stale" = 3\n', "应为一个表"),
        ("[draw_rates]\naccount = 1.5\n", "draw_rates.account：应为大于 0、不大于 1"),
        ("[draw_rates]\naccounts = 0.5\n", "draw_rates.accounts：没有这一项"),
        ("[rectification]\ndays = 0\n", "rectification.days：应在 1 至 366 之间"),
        ("[rectification]\nweeks = 1\n", "rectification.weeks：没有这一项"),
        ("colour = 1\n", "colour：没有这一项"),
        ("title = 3\n", "title：应为文字"),
        ('[[indicators]]\nname = "x"\n', "indicators 第 1 项：缺少 id"),
        ('[[indicators]]\nid = "X"\n', "indicators.X.tier：缺少"),
        ('[[indicators]]\nid = "W2"\ntier = "deadly"\n', "indicators.W2.tier：应为 veto、deduct、bonus、remind 之一"),
        ('[[indicators]]\nid = "W2"\nchecks = ["site.nothing"]\n', "indicators.W2.checks：没有检查项 'site.nothing'"),
        ('[[indicators]]\nid = "W2"\nat_least = 0\n', "indicators.W2.at_least：应不小于 1"),
        ('[[indicators]]\nid = "NM2-app"\nplatforms = ["ICQ"]\n', "indicators.NM2-app.platforms：没有平台 'ICQ'"),
        ('[[indicators]]\nid = "W2"\ndue = 2026-01-31\n', 'indicators.W2.due：只有 tier = "remind" 的事项可写期限'),
        ('[[indicators]]\nid = "SC"\ntier = "remind"\ndue = "2026-01-31"\n', "indicators.SC.due：应为日期"),
        ("[score]\npass_below = 101\n", "score.pass_below：应在 0 至 100 之间，现为 101"),
        ('[score]\nscope = "all"\n', "score.scope：应为 portal、site 之一"),
        ("[score]\nmaximum = 1\n", "score.maximum：没有这一项"),
        ('[score.groups]\n"发布解读" = 31\n', "score.groups：各项分值之和应为 100，现为 101"),
        ('[score.groups]\n"发布解读" = 0\n', "score.groups.发布解读：应为大于 0、不大于 100 的数"),
        ('[[calendar]]\nid = "Q"\nname = "季报"\n', "calendar.Q.every：缺少"),
        (
            '[[calendar]]\nid = "annual-report"\nevery = "week"\n',
            "calendar.annual-report.every：应为 quarter、year 之一",
        ),
        ('[[calendar]]\nid = "annual-report"\ndue = "02-29"\n', "calendar.annual-report.due：应为月-日"),
        ('[[calendar]]\nid = "annual-report"\ngrace_days = 93\n', "grace_days：应在 0 至 92 之间，现为 93"),
        ('[[calendar]]\nid = "annual-report"\ncolumns = [""]\n', "calendar.annual-report.columns：应为文字的数组"),
        ('[limits."column.calendar"]\nitems = 3\n', "items：没有这个限值"),
        ('[[indicators]]\nid = "W2"\nweight = 1\n', "indicators.W2.weight：没有这一项"),
        ('[[indicators]]\nid = "D-news"\ncap = 1\n', "indicators.D-news.points_each：应大于 0、不大于 cap"),
        ('[[indicators]]\nid = "W2"\n[[indicators]]\nid = "W2"\n', "indicators.W2：重复"),
    ],
)
def test_a_fault_is_told_with_file_and_key(written, text, told):
    with pytest.raises(StandardError, match=re.escape(told)) as raised:
        load_standard(written(EXTENDS + text))
    assert "local.toml：" in str(raised.value)


def test_all_faults_of_all_files_are_told_at_once(written):
    written(EXTENDS + "[rectification]\ndays = 0\n", "parent.toml")
    path = written('extends = "parent.toml"\n[draw_rates]\nsite = 2\n[limits."column.stale"]\nnews_days = 0\n')
    with pytest.raises(StandardError) as raised:
        load_standard(path)
    told = str(raised.value)
    assert "parent.toml：rectification.days" in told
    assert "local.toml：draw_rates.site" in told
    assert 'local.toml：limits."column.stale"：news_days' in told


def test_editions_that_extend_each_other_are_told(written):
    written('extends = "b.toml"\n', "a.toml")
    with pytest.raises(StandardError, match="成了环"):
        load_standard(written('extends = "a.toml"\n', "b.toml"))


@pytest.mark.parametrize("name", ["nothing", "/nowhere/at/all.toml"])
def test_an_edition_that_is_not_there_is_told_with_those_that_are(name):
    with pytest.raises(StandardError, match="gwb-2019"):
        load_standard(name)


def test_broken_toml_is_told(written):
    with pytest.raises(StandardError, match="不是正确的 TOML"):
        load_standard(written("edition = "))


@pytest.mark.parametrize("check", all_checks().values(), ids=lambda c: c.id)
def test_every_limit_has_a_range_that_holds_its_default(check):
    for limit in (f for f in fields(check.limits) if f.type in ("int", "float")):
        assert limit.metadata["low"] <= getattr(check.limits, limit.name) <= limit.metadata["high"]
