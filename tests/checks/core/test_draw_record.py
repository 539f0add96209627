"""The record of a draw: drawn again from record and frame, any change shows."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.core.draw_record import (
    DrawRecord,
    RecordFault,
    in_sample,
    read_record,
    record_text,
    verify_record,
    with_replacement,
)
from checks.core.frames import Frame, FrameKind
from checks.core.sampling import Share
from tests.checks.core.test_draw import frame_of

FRAME = frame_of(12, 7)
AT = datetime(2026, 12, 3, 2, 0, tzinfo=UTC)


def record(frame: Frame = FRAME, **fields) -> DrawRecord:
    terms = {
        "kind": FrameKind.ACCOUNT,
        "period": "2026Q4",
        "frame_sha256": frame.sha256,
        "frame_rows": len(frame.rows),
        "frozen_at": "2026-11-30T18:00:00+08:00",
        "seed": "2026Q4|20261201|7719304452",
        "seed_source": "10 次数字球，见证人 2 名",
        "drawn_at": "2026-12-01T10:05:00+08:00",
        "drawn_by": "张三",
        "rate": Share(25, 100),
        "rate_source": "--rate",
        "redraw": Share(5, 100),
        "base": "台账登记且在运行的 19 个",
        "draws_before": 0,
        "drawn_before": {},
    }
    return DrawRecord(**terms | fields)


def replaced(*outs: int) -> DrawRecord:
    """The record after so many replacements, by place in the sample; each is written and read as it is kept."""
    current = read_record(record_text(record(), FRAME))
    for place in outs:
        out = in_sample(current, FRAME)[place].drawn.row.account_uid
        step = with_replacement(current, FRAME, out, why="已注销", who="李四", at=AT)
        current = read_record(record_text(step, FRAME))
    return current


def test_a_record_reads_back_and_stands_the_audit():
    text = record_text(record(), FRAME)
    assert read_record(text) == record()
    assert verify_record(text, FRAME.text) == []
    document = json.loads(text)
    assert [s["n"] for s in document["strata"]] == [3, 2]
    assert document["rule"] == "rivest-ticket-v1"
    assert len(document["sample"]) == 5


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_changed_byte_is_detected(data):
    text = record_text(record(), FRAME)
    place = data.draw(st.integers(0, len(text) - 1))
    changed = (
        text[:place] + data.draw(st.characters(codec="utf-8").filter(lambda c: c != text[place])) + text[place + 1 :]
    )
    assert verify_record(changed, FRAME.text)


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_a_changed_byte_of_the_frame_is_detected(data):
    text = FRAME.text
    place = data.draw(st.integers(0, len(text) - 1))
    assert verify_record(record_text(record(), FRAME), text[:place] + "#" + text[place + 1 :]) or text[place] == "#"


def forged(**fields) -> str:
    """A record with fields changed and its seal made anew, as a careful forger would."""
    from checks.core import draw_record

    document = json.loads(record_text(record(), FRAME))
    del document["sealed_sha256"]
    return draw_record._sealed({**document, **fields})


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"sample": json.loads(record_text(record(), FRAME))["sample"][1:]}, "样本与重新抽取的不一致：少了"),
        ({"seed": "another"}, "样本与重新抽取的不一致"),
        ({"rate": {"num": 10, "den": 100}}, "不一致"),
        ({"frame_rows": 18}, "抽样名单有 19 行，记录写作 18 行"),
        ({"frozen_at": "2026-12-02T00:00:00+08:00"}, "冻结的时间晚于抽取"),
        ({"drawn_before": {FRAME.rows[0].account_uid: 2}}, "不一致"),
        ({"extra": 1}, "多出了 extra"),
        ({"rule": "by hand"}, "抽样规则应为"),
        ({"rate": {"num": 1, "den": 0}}, "无法按记录重新抽取"),
        ({"quarter": "2026H2x"}, "不是抽样记录"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_forged_record_is_told_even_with_a_fresh_seal(fields, told):
    assert told in "；".join(verify_record(forged(**fields), FRAME.text))


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"rule": "rivest-ticket-v1"}'])
def test_what_is_no_record_is_told(text):
    assert verify_record(text, FRAME.text)


def test_the_chain_shows_a_record_that_was_left_out():
    text = record_text(replace(record(), previous_record_sha256="ab" * 32), FRAME)
    assert verify_record(text, FRAME.text, previous="ab" * 32) == []
    assert verify_record(text, FRAME.text, previous="cd" * 32) == ["与前一份记录不衔接：所记的前一份记录摘要不符"]


def test_a_replacement_takes_the_next_of_the_stratum_and_is_kept_with_its_reason():
    first = replaced()
    after = replaced(0)
    [step] = after.replacements
    assert (after.revision, after.previous_record_sha256) == (2, first.sha256)
    standing = {each.drawn.row.account_uid: each for each in in_sample(after, FRAME)}
    assert step.out not in standing
    assert standing[step.into].part == "替补"
    assert standing[step.into].drawn.row.stratum == in_sample(first, FRAME)[0].drawn.row.stratum
    assert verify_record(record_text(after, FRAME), FRAME.text) == []


def test_replacements_follow_one_another():
    twice = replaced(0, -1)  # the second replaces the first substitute
    assert twice.revision == 3
    assert twice.replacements[1].out == twice.replacements[0].into
    assert verify_record(record_text(twice, FRAME), FRAME.text) == []


def test_a_replacement_out_of_turn_is_told():
    after = replaced(0)
    [step] = after.replacements
    other = next(
        r.account_uid
        for r in FRAME.rows
        if r.account_uid not in {step.into} and r.account_uid not in str(in_sample(after, FRAME))
    )
    text = record_text(replace(after, replacements=(replace(step, into=other),)), FRAME)
    assert "应由" in "；".join(verify_record(text, FRAME.text))
    silent = record_text(replace(after, replacements=(replace(step, why=" "),)), FRAME)
    assert "没有写明原因" in "；".join(verify_record(silent, FRAME.text))


def test_who_is_not_in_the_sample_cannot_be_replaced():
    with pytest.raises(RecordFault, match="不在 2026Q4 的样本中"):
        with_replacement(record(), FRAME, "wechat:unknown", why="x", who="y", at=AT)


def test_where_nobody_is_left_the_place_stays_empty_and_the_audit_agrees():
    frame = frame_of(1)
    current = record(frame)
    out = frame.rows[0].account_uid
    after = with_replacement(current, frame, out, why="已注销", who="李四", at=AT)
    assert after.replacements[0].into == ""
    assert in_sample(after, frame) == []
    assert verify_record(record_text(after, frame), frame.text) == []
