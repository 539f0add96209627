"""回头看, the comparison with the period before, and the typical problems."""

from dataclasses import replace
from datetime import timedelta

import pytest

from checks import Finding
from checks.core.assess import Status
from checks.core.ledger import Action, State
from reports.bulletin import quarter_bulletin
from reports.comparison import comparison
from reports.drafting import draft
from reports.paper import Heading, Paragraph
from reports.recheck import recheck, standing_at
from reports.sections import sections
from tests.reports.district import NOW, PAST, QUARTER, assessment, ganzi, material, site, steps, with_a_past


def test_what_was_open_when_the_period_began_is_followed_to_where_it_stands() -> None:
    found = recheck(with_a_past())
    assert len(found.carried) == 6
    assert (found.closed, found.to_review, found.rectifying, found.not_assigned, found.dismissed) == (1, 1, 2, 1, 1)
    assert found.late == 1
    assert len(found.unsettled) == 4
    assert str(found.rate) == "1/5（20.0%）"


def test_what_was_settled_before_and_came_back_is_told_apart() -> None:
    assert [line.subject.name for line in recheck(with_a_past()).recurred] == ["第8网站"]


def test_the_parts_of_the_carried_over_add_up() -> None:
    found = recheck(with_a_past())
    parts = found.closed + found.to_review + found.rectifying + found.not_assigned + found.dismissed
    assert parts == len(found.carried)


@pytest.mark.parametrize(("offset", "carried"), [(-1, True), (0, False), (1, False)])
def test_only_what_was_found_before_the_first_instant_is_carried_over(offset: int, carried: bool) -> None:
    (event,) = steps(1)
    event = replace(event, at=QUARTER.start + timedelta(seconds=offset))
    (entry,) = standing_at([event], NOW).values()
    assert bool(recheck(material(sites=[site(1)], entries=[entry], events=[event])).carried) == carried


def test_the_ledger_can_be_seen_as_it_stood() -> None:
    events = PAST[0]  # found, confirmed, assigned, submitted, approved
    assigned = replace(events[2], due=NOW.date())
    life = [*events[:2], assigned, *events[3:]]
    states = [standing_at(life, event.at, included=True)[event.entry].state for event in life]
    assert states == [State.TO_VERIFY, State.TO_ASSIGN, State.RECTIFYING, State.TO_REVIEW, State.CLOSED]
    assert standing_at(life, life[0].at) == {}
    assert life[-1].action is Action.APPROVED


def test_the_re_check_is_the_first_chapter() -> None:
    paper = draft(quarter_bulletin(with_a_past()))
    first = next(block for block in paper.blocks if isinstance(block, Heading))
    assert (first.number, first.text) == ("一、", "上期问题整改复查情况")
    (told,) = (b.text for b in paper.blocks if isinstance(b, Paragraph) and b.text.startswith("本期开始时未销号"))
    assert "共 6 个" in told
    assert "整改率 1/5（20.0%）" in told
    assert paper.annexes[0].title == "上期问题复查情况"


def test_the_figures_stand_beside_those_of_the_period_before() -> None:
    told = comparison(with_a_past())
    assert told is not None
    assert told.title == "2026年第三季度"
    changes = {change.name: (change.before, change.now, change.difference) for change in told.changes}
    assert changes["政府网站合格率"][0] == "21/40（52.5%）"  # what was dismissed since accuses nobody then either
    assert changes["政务新媒体账号合格率"][0] == "—"
    assert changes["政务新媒体账号合格率"][2] == ""  # no rate before: no change is told
    assert changes["发现问题数"] == ("19", "48", "增加 29 个")


def test_without_a_record_of_the_period_before_nothing_is_compared() -> None:
    assert comparison(ganzi()) is None
    assert any("不作比较" in b.text for b in draft(quarter_bulletin(ganzi())).blocks if isinstance(b, Paragraph))


def test_the_typical_problems_name_confirmed_ones_first_and_mark_the_others() -> None:
    kinds = {kind.title: kind for kind in sections(with_a_past()).typical}
    stale = kinds["首页不更新"]
    assert (stale.problems, stale.subjects) == (10, 10)
    assert stale.examples[0].text == "第1网站：已 15 天未更新（限 14 天）"
    dormant = kinds["政务新媒体不更新"]
    assert all(example.text.endswith("（待核实）") for example in dormant.examples)


def test_several_problems_of_one_subject_are_one_example() -> None:
    subject = site(1)
    dead = [Finding(text=f"链接{n}打不开", key=str(n)) for n in range(7)]
    (kind,) = sections(
        material(sites=[subject], assessments=[assessment("site.dead_link", subject.ref, Status.FAILED, *dead)])
    ).typical
    assert (kind.problems, kind.subjects) == (7, 1)
    assert [example.text for example in kind.examples] == ["第1网站：链接0打不开等 7 处（待核实）"]
