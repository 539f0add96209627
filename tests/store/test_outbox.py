"""The outbox over both databases: nothing is queued twice, nothing claimed by two, nothing lost when a claim lapses."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from checks import Finding, Ref
from checks.core.alarms import Alarm, Concern, look, looks_of_ruling
from checks.core.assess import Assessment, Status
from checks.core.notices import About, Told
from monitor.errors import OperationError
from monitor.store import Inspection, Store
from monitor.store.alarms import Draft, Known, NoticeState, Plan
from tests.notify.tidings import tiding

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
LAPSE = timedelta(minutes=10)
SECOND = timedelta(seconds=1)


def queue(store: Store, *numbers: int, channel: str = "群", recipient: str = "", at: datetime = NOW) -> None:
    """Queue tidings by their number."""
    drafts = tuple(
        Draft(
            identity=f"{n}|{channel}|{recipient}",
            channel=channel,
            recipient=recipient,
            tiding=tiding(n),
            not_before=at,
        )
        for n in numbers
    )
    store.outbox.plan(lambda _known: Plan(alarms={}, tidings=(), drafts=drafts), now=NOW)


def texts(store: Store, *states: NoticeState) -> list[str]:
    return sorted(n.tiding.identity for n in store.outbox.notices(states=states or tuple(NoticeState)))


def test_a_notice_comes_out_as_it_went_in(store):
    queue(store, 1)
    [notice] = store.outbox.notices()
    assert notice.tiding == tiding(1)
    assert notice.state is NoticeState.WAITING
    assert notice.attempts == 0


def test_the_same_notice_is_queued_once(store):
    queue(store, 1, 2)
    queue(store, 2, 3)
    assert texts(store) == ["t1", "t2", "t3"]
    queue(store, 1, recipient="a@example.gov.cn")
    assert len(store.outbox.notices()) == 4


def test_a_claim_holds_all_that_is_due_to_one_recipient(store):
    queue(store, 1, 2)
    queue(store, 3, recipient="b")
    queue(store, 4, channel="别的群")
    claim = store.outbox.claim("群", now=NOW, lapse=LAPSE)
    assert [n.tiding.identity for n in claim.notices] == ["t1", "t2"]
    assert [n.attempts for n in claim.notices] == [1, 1]
    assert [n.recipient for n in store.outbox.claim("群", now=NOW, lapse=LAPSE).notices] == ["b"]
    assert store.outbox.claim("群", now=NOW, lapse=LAPSE) is None


def test_nothing_is_claimed_before_its_time(store):
    queue(store, 1, at=NOW + LAPSE)
    assert store.outbox.claim("群", now=NOW + LAPSE - SECOND, lapse=LAPSE) is None
    assert store.outbox.claim("群", now=NOW + LAPSE, lapse=LAPSE) is not None


def test_what_was_claimed_is_free_again_when_the_claim_lapses_and_not_before(store):
    queue(store, 1)
    store.outbox.claim("群", now=NOW, lapse=LAPSE)
    assert store.outbox.claim("群", now=NOW + LAPSE - SECOND, lapse=LAPSE) is None
    again = store.outbox.claim("群", now=NOW + LAPSE, lapse=LAPSE)
    assert [n.attempts for n in again.notices] == [2]


def test_a_claim_that_lapsed_settles_nothing(store):
    queue(store, 1)
    first = store.outbox.claim("群", now=NOW, lapse=LAPSE)
    second = store.outbox.claim("群", now=NOW + LAPSE, lapse=LAPSE)
    store.outbox.failed(first, [n.id for n in first.notices], error="迟了", again_at=None)
    assert texts(store, NoticeState.WAITING) == ["t1"]
    store.outbox.sent(second, [n.id for n in second.notices], message="m", at=NOW + LAPSE)
    assert texts(store, NoticeState.SENT) == ["t1"]


def test_what_arrived_is_never_claimed_again(store):
    queue(store, 1)
    claim = store.outbox.claim("群", now=NOW, lapse=LAPSE)
    store.outbox.sent(claim, [claim.notices[0].id], message="m", at=NOW)
    assert store.outbox.claim("群", now=NOW + timedelta(days=400), lapse=LAPSE) is None
    queue(store, 1)
    assert texts(store, NoticeState.WAITING) == []


def test_what_may_pass_waits_and_what_may_not_is_put_aside(store):
    queue(store, 1, 2)
    claim = store.outbox.claim("群", now=NOW, lapse=LAPSE)
    one, two = (n.id for n in claim.notices)
    store.outbox.failed(claim, [one], error="忙", again_at=NOW + LAPSE)
    store.outbox.failed(claim, [two], error="密钥不对", again_at=None)
    assert store.outbox.claim("群", now=NOW + LAPSE - SECOND, lapse=LAPSE) is None
    assert [n.id for n in store.outbox.claim("群", now=NOW + LAPSE, lapse=LAPSE).notices] == [one]
    [aside] = store.outbox.notices(states=[NoticeState.FAILED])
    assert (aside.id, aside.error) == (two, "密钥不对")


def test_what_was_not_tried_is_due_as_before(store):
    queue(store, 1)
    claim = store.outbox.claim("群", now=NOW, lapse=LAPSE)
    store.outbox.put_back(claim, [claim.notices[0].id])
    assert [n.attempts for n in store.outbox.claim("群", now=NOW, lapse=LAPSE).notices] == [1]


def test_what_was_put_aside_can_be_sent_again_or_dropped(store):
    queue(store, 1)
    queue(store, 2, channel="别的群")
    for channel in ("群", "别的群"):
        claim = store.outbox.claim(channel, now=NOW, lapse=LAPSE)
        store.outbox.failed(claim, [n.id for n in claim.notices], error="x", again_at=None)
    assert store.outbox.reopen(now=NOW, channel="群") == 1
    assert texts(store, NoticeState.WAITING) == ["t1"]
    assert store.outbox.drop() == 1
    assert texts(store, NoticeState.DROPPED) == ["t2"]
    assert store.outbox.drop() == 0


def test_what_was_tried_in_vain_too_long_is_put_aside_and_what_waits_for_its_hour_is_not(store):
    queue(store, 1)
    queue(store, 2, recipient="b", at=NOW + timedelta(days=2))
    queue(store, 3, channel="撤掉的群")
    claim = store.outbox.claim("群", now=NOW, lapse=LAPSE)
    store.outbox.failed(claim, [n.id for n in claim.notices], error="忙", again_at=NOW + LAPSE)
    later = NOW + timedelta(days=1)
    assert store.outbox.give_up(created_before=NOW, now=later, channels=["群"]) == 0
    assert store.outbox.give_up(created_before=NOW + SECOND, now=later, channels=["群"]) == 2
    errors = {n.tiding.identity: n.error for n in store.outbox.notices(states=[NoticeState.FAILED])}
    assert errors == {"t1": "忙", "t3": "设置里已没有这个通道"}


def test_messages_are_counted_not_notices(store):
    queue(store, 1, 2, 3)
    queue(store, 4, recipient="b")
    for message in ("m", "m"):  # the same to two recipients is two messages
        claim = store.outbox.claim("群", now=NOW, lapse=LAPSE)
        store.outbox.sent(claim, [n.id for n in claim.notices], message=message, at=NOW)
    assert store.outbox.messages_since("群", NOW - SECOND) == [NOW, NOW]
    assert store.outbox.messages_since("群", NOW) == []
    assert store.outbox.messages_since("别的群", NOW - SECOND) == []


def test_only_what_is_done_with_is_forgotten(store):
    queue(store, 1)
    claim = store.outbox.claim("群", now=NOW, lapse=LAPSE)
    store.outbox.sent(claim, [n.id for n in claim.notices], message="m", at=NOW)
    queue(store, 2)
    assert store.outbox.forget(before=NOW) == 0
    assert store.outbox.forget(before=NOW + SECOND) == 1
    assert texts(store) == ["t2"]


def test_many_senders_at_once_claim_each_notice_once(store):
    for n in range(30):
        queue(store, n, recipient=f"r{n}")

    def take(_: int) -> list[str]:
        taken = []
        while (claim := store.outbox.claim("群", now=NOW, lapse=LAPSE)) is not None:
            taken += [n.tiding.identity for n in claim.notices]
        return taken

    with ThreadPoolExecutor(4) as pool:
        taken = [identity for each in pool.map(take, range(4)) for identity in each]
    # a claimant that lost the race for one recipient may have stopped early; what is left is due, not lost
    while (claim := store.outbox.claim("群", now=NOW, lapse=LAPSE)) is not None:
        taken += [n.tiding.identity for n in claim.notices]
    assert sorted(taken) == sorted(f"t{n}" for n in range(30))


# Alarms

SITE = Ref("site", "5118000022")


def inspection(at: datetime, *keys: str, subject: Ref = SITE) -> Inspection:
    findings = tuple(Finding(text=f"{key} 打不开", key=key) for key in keys)
    status = Status.FAILED if findings else Status.PASSED
    ruling = Assessment(check="site.dead_link", subject=subject, status=status, findings=findings, at=at)
    return Inspection(at=at, period="2026Q4", edition="gwb-2019", assessments=[ruling])


def remembering(known: Known) -> Plan:
    """A planner that only looks."""
    looks = [each for ruling in known.rulings for each in looks_of_ruling(ruling, list(known.alarms.values()))]
    return Plan(alarms=look(known.alarms, looks), tidings=(), drafts=())


def seen(store: Store, planner: Callable[[Known], Plan] = remembering) -> list[Known]:
    """What a planner is handed."""
    handed: list[Known] = []

    def noting(known: Known) -> Plan:
        handed.append(known)
        return planner(known)

    store.outbox.plan(noting, now=NOW)
    return handed


def test_alarms_are_remembered_look_by_look(store):
    for hours, keys in enumerate(["ab", "a", "a"]):
        store.commit_inspection(inspection(NOW + timedelta(hours=hours), *keys))
        seen(store)
    [known] = seen(store)
    assert {alarm.concern.key: alarm.looks for alarm in known.alarms.values()} == {"a": "xxx", "b": "x.."}


def test_a_planner_is_handed_the_rulings_since_and_the_entries_behind_them(store):
    store.commit_inspection(inspection(NOW, "a"))
    [known] = seen(store)
    assert [ruling.subject for ruling in known.rulings] == [SITE]
    assert [entry.key for entry in known.entries.values()] == ["a"]
    assert seen(store)[0].rulings == []
    for hours in (5, 10):
        store.commit_inspection(inspection(NOW + timedelta(hours=hours), "a", subject=Ref("site", f"51180000{hours}")))
        [known] = seen(store)
    assert SITE not in {ruling.subject for ruling in known.rulings}  # read long ago
    assert Ref("site", "5118000010") in {ruling.subject for ruling in known.rulings}
    assert len(seen(store)[0].alarms) == 3


def test_a_ruling_that_was_kept_late_is_still_read(store):
    store.commit_inspection(inspection(NOW + timedelta(minutes=30), "a"))
    seen(store)
    store.commit_inspection(inspection(NOW, "b", subject=Ref("site", "5118000099")))  # began earlier, ended later
    [known] = seen(store)
    assert "site:5118000099" in {str(ruling.subject) for ruling in known.rulings}


def test_an_alarm_that_is_over_is_loaded_again_when_it_is_found_again(store):
    told = Told(firing=False, at=NOW, episode=3)
    store.commit_inspection(inspection(NOW, "a"))
    seen(store, lambda known: over(remembering(known), told))
    assert seen(store)[0].alarms == {}
    store.commit_inspection(inspection(NOW + timedelta(hours=2), "a"))
    [known] = seen(store)
    assert [alarm.told["值班"].episode for alarm in known.alarms.values()] == [3]


def over(plan: Plan, told: Told) -> Plan:
    return replace(plan, alarms={i: replace(a, looks="..", told={"值班": told}) for i, a in plan.alarms.items()})


def test_an_alarm_that_the_planner_forgets_is_forgotten(store):
    store.commit_inspection(inspection(NOW, "a"))
    seen(store)
    assert len(seen(store)[0].alarms) == 1
    seen(store, lambda _known: Plan(alarms={}, tidings=(), drafts=()))
    assert seen(store, lambda _known: Plan(alarms={}, tidings=(), drafts=()))[0].alarms == {}


def test_an_alarm_whose_end_nobody_was_told_of_stays_however_often_it_was_not_found(store):
    store.commit_inspection(inspection(NOW, "a"))
    firing = Told(firing=True, at=NOW)
    seen(store, lambda known: over(remembering(known), firing))
    assert [alarm.told["值班"] for alarm in seen(store)[0].alarms.values()] == [firing]


def test_a_planner_that_fails_leaves_nothing(store):
    store.commit_inspection(inspection(NOW, "a"))

    def fails(_known: Known) -> Plan:
        raise OperationError("不行")

    with pytest.raises(OperationError):
        store.outbox.plan(fails, now=NOW)
    [known] = seen(store)
    assert len(known.rulings) == 1


def test_a_preview_keeps_nothing(store):
    store.commit_inspection(inspection(NOW, "a"))
    assert len(store.outbox.preview(remembering, now=NOW).alarms) == 1
    assert seen(store)[0].alarms == {}


def test_a_trouble_has_no_subject_and_is_kept_all_the_same(store):
    concern = Concern(about=About.TROUBLE, check="disk.full", text="磁盘将满", silences=True)
    alarm = Alarm(concern=concern, looks="x", looked_at=NOW, since=NOW)
    seen(store, lambda _known: Plan(alarms={alarm.id: alarm}, tidings=(), drafts=()))
    assert seen(store)[0].alarms == {alarm.id: alarm}
