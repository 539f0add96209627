"""The record of a draw as JSON: all that is needed to draw again, chained to the record before it. Pure.

``record_text`` writes it, ``read_record`` reads it, ``verify_record`` draws again and tells every difference.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from checks.core.calendar import Period
from checks.core.frames import Frame, FrameFault, FrameKind, strata
from checks.core.sampling import Draw, Drawn, Order, Queues, Share, draw, substitute
from checks.core.tickets import RULE, digest

NO_PREVIOUS = "0" * 64


class RecordFault(ValueError):
    """A text that is no record of a draw; Chinese."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """One drawn who could not be checked, the next of its stratum, and why. ``into`` is empty where nobody was left."""

    out: str
    into: str
    why: str
    who: str
    at: str


@dataclass(frozen=True, kw_only=True)
class DrawRecord:
    """The terms of a draw. What was drawn follows from them and the frame.

    ``base`` tells what the rate was taken of, in words; moments are written ISO 8601 with offset. ``revision`` counts
    the records of one draw from 1: each replacement writes a new one.
    """

    kind: FrameKind
    period: str
    frame_sha256: str
    frame_rows: int
    frozen_at: str
    seed: str
    seed_source: str
    drawn_at: str
    drawn_by: str
    rate: Share
    rate_source: str
    redraw: Share
    base: str
    draws_before: int
    drawn_before: Mapping[str, int]
    replacements: tuple[Replacement, ...] = ()
    reason: str = ""
    revision: int = 1
    previous_record_sha256: str = NO_PREVIOUS
    sha256: str = field(default="", compare=False)  # of the text that it was read from, as sha256sum tells it

    @property
    def order(self) -> Order:
        return Order(
            seed=self.seed,
            rate=self.rate,
            quarter=Period.parse(self.period).index,
            redraw=self.redraw,
            draws_before=self.draws_before,
            drawn_before=self.drawn_before,
        )


@dataclass(frozen=True, kw_only=True)
class InSample:
    """One to be checked, as it stands after the replacements. ``part`` is 抽样, 回头看 or 替补."""

    drawn: Drawn
    part: str


def record_text(record: DrawRecord, frame: Frame) -> str:
    """The record with what was drawn, in JSON. Its last field, the seal, is the digest of all that is above it."""
    document = _document(record, draw(frame, record.order))
    return _sealed(document)


def read_record(text: str) -> DrawRecord:
    """Read the terms back from a record. Raises ``RecordFault``."""
    try:
        found = json.loads(text)
        if found.get("rule") != RULE:
            raise RecordFault(f"抽样规则应为 {RULE}，记录中是 {found.get('rule')!r}")
        return DrawRecord(
            kind=FrameKind(found["kind"]),
            period=str(Period.parse(found["quarter"])),
            rate=Share(int(found["rate"]["num"]), int(found["rate"]["den"])),
            redraw=Share(int(found["redraw_rate"]["num"]), int(found["redraw_rate"]["den"])),
            drawn_before={str(uid): int(times) for uid, times in found["drawn_before"].items()},
            replacements=tuple(Replacement(**each) for each in found["replacements"]),
            sha256=digest(text),
            **{name: found[name] for name in _PLAIN},
        )
    except RecordFault:
        raise
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise RecordFault(f"不是抽样记录，或缺少内容（{type(fault).__name__}: {fault}）") from None


def verify_record(text: str, frame_text: str, *, previous: str | None = None) -> list[str]:
    """Draw again from record and frame, and tell every difference in Chinese; nothing where all agrees.

    ``previous`` is the digest of the record before it, where that is known.
    """
    try:
        record = read_record(text)
    except RecordFault as fault:
        return [str(fault)]
    faults: list[str] = []
    if previous is not None and record.previous_record_sha256 != previous:
        faults.append("与前一份记录不衔接：所记的前一份记录摘要不符")
    if record.frame_sha256 != digest(frame_text):
        return [*faults, f"抽样名单的 SHA-256 与记录不符：记录为 {record.frame_sha256}，文件为 {digest(frame_text)}"]
    try:
        frame = Frame.parse(frame_text)
        if len(frame.rows) != record.frame_rows:
            faults.append(f"抽样名单有 {len(frame.rows)} 行，记录写作 {record.frame_rows} 行")
        if datetime.fromisoformat(record.frozen_at) > datetime.fromisoformat(record.drawn_at):
            faults.append("名单冻结的时间晚于抽取的时间")
        if text != record_text(record, frame):
            faults += _differences(json.loads(text), _document(record, draw(frame, record.order)))
        faults += _replacement_faults(record, frame)
    except (FrameFault, ValueError, ZeroDivisionError, TypeError) as fault:
        faults.append(f"无法按记录重新抽取：{fault}")
    return faults


def with_replacement(record: DrawRecord, frame: Frame, out: str, *, why: str, who: str, at: datetime) -> DrawRecord:
    """The next revision, in which ``out`` is replaced, chained to ``record``. Raises ``RecordFault`` where it is not in
    the sample."""
    standing = {each.drawn.row.account_uid: each for each in in_sample(record, frame)}
    if out not in standing:
        raise RecordFault(f"{out} 不在 {record.period} 的样本中，或已被替换")
    into = _next(record, frame, out)
    step = Replacement(out=out, into=into, why=why, who=who, at=at.isoformat(timespec="seconds"))
    return replace(
        record,
        replacements=(*record.replacements, step),
        revision=record.revision + 1,
        previous_record_sha256=record.sha256,
    )


def in_sample(record: DrawRecord, frame: Frame) -> list[InSample]:
    """Who is to be checked: the sample, then the re-draw slice, then who came in for others."""
    drawn = draw(frame, record.order)
    gone = {step.out for step in record.replacements}
    standing = [InSample(drawn=each, part="抽样") for each in drawn.sample]
    standing += [InSample(drawn=each, part="回头看") for each in drawn.redraw]
    places = {each.row.account_uid: each for each in _substitutes(record, frame)}
    standing += [InSample(drawn=places[step.into], part="替补") for step in record.replacements if step.into]
    return [each for each in standing if each.drawn.row.account_uid not in gone]


_SEAL = "sealed_sha256"
_PLAIN = (
    "frame_sha256", "frame_rows", "frozen_at", "seed", "seed_source", "drawn_at", "drawn_by", "rate_source", "base",
    "draws_before", "reason", "revision", "previous_record_sha256",
)  # fmt: skip


def _document(record: DrawRecord, drawn: Draw) -> dict[str, Any]:
    return {
        "rule": RULE,
        "kind": str(record.kind),
        "quarter": record.period,
        "revision": record.revision,
        "reason": record.reason,
        "frame_sha256": record.frame_sha256,
        "frame_rows": record.frame_rows,
        "frozen_at": record.frozen_at,
        "seed": record.seed,
        "seed_source": record.seed_source,
        "drawn_at": record.drawn_at,
        "drawn_by": record.drawn_by,
        "base": record.base,
        "rate": {"num": record.rate.num, "den": record.rate.den},
        "rate_source": record.rate_source,
        "redraw_rate": {"num": record.redraw.num, "den": record.redraw.den},
        "draws_before": record.draws_before,
        "catch_up": record.order.catches_up,
        "strata": [
            {"stratum": s.name, "N": s.size, "not_yet_drawn": s.not_yet_drawn, "n": s.quota, "redraw": s.redraw_quota}
            for s in drawn.strata
        ],
        "sample": [_place(each) for each in drawn.sample],
        "redraw_slice": [_place(each) for each in drawn.redraw],
        "replacements": [
            {"out": r.out, "into": r.into, "why": r.why, "who": r.who, "at": r.at} for r in record.replacements
        ],
        "drawn_before": dict(sorted(record.drawn_before.items())),
        "previous_record_sha256": record.previous_record_sha256,
    }


def _place(drawn: Drawn) -> dict[str, Any]:
    return {
        "account_uid": drawn.row.account_uid,
        "stratum": drawn.row.stratum,
        "ticket": drawn.ticket.shown,
        "sha256": drawn.ticket.check,
        "times_drawn_before": drawn.times_before,
        "rank": drawn.rank,
    }


def _sealed(document: Mapping[str, Any]) -> str:
    return _json({**document, _SEAL: digest(_json(document))})


def _json(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _differences(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[str]:
    """What differs, field by field; where no field does, the writing or the seal was changed."""
    told = []
    for name, value in wanted.items():
        if found.get(name) == value:
            continue
        if name in ("sample", "redraw_slice"):
            told.append(f"{_NAMES[name]}与重新抽取的不一致：{_uids_apart(found.get(name), value)}")
        else:
            told.append(f"“{_NAMES.get(name, name)}”与重新计算的不一致")
    if extra := sorted(found.keys() - wanted.keys() - {_SEAL}):
        told.append(f"记录中多出了 {'、'.join(extra)}")
    if found.get(_SEAL) != digest(_json({k: v for k, v in found.items() if k != _SEAL})):
        told.append("记录末尾的摘要与内容不符：记录写成后被改动过")
    return told or ["记录的写法被改动过（内容相同，字节不同）"]


_NAMES = {"sample": "样本", "redraw_slice": "回头看样本", "strata": "分层与配额", "catch_up": "补足"}


def _uids_apart(found: object, wanted: Sequence[Mapping[str, Any]]) -> str:
    given = (
        {str(each.get("account_uid")) for each in found if isinstance(each, dict)} if isinstance(found, list) else set()
    )
    due = {each["account_uid"] for each in wanted}
    parts = []
    if missing := sorted(due - given):
        parts.append(f"少了 {'、'.join(missing[:5])}{'等' if len(missing) > 5 else ''}")
    if extra := sorted(given - due):
        parts.append(f"多了 {'、'.join(extra[:5])}{'等' if len(extra) > 5 else ''}")
    return "；".join(parts) or "顺序、票号或次数不同"


def _replacement_faults(record: DrawRecord, frame: Frame) -> list[str]:
    """Each replacement must have been the next of its stratum at its time, and give a reason."""
    faults = []
    for count, step in enumerate(record.replacements):
        before = replace(record, replacements=record.replacements[:count])
        standing = {each.drawn.row.account_uid for each in in_sample(before, frame)}
        if step.out not in standing:
            faults.append(f"第 {count + 1} 次替换：{step.out} 当时不在样本中")
        elif _next(before, frame, step.out) != step.into:
            faults.append(
                f"第 {count + 1} 次替换：应由 {_next(before, frame, step.out) or '无人'} 递补，而不是 {step.into}"
            )
        if not step.why.strip():
            faults.append(f"第 {count + 1} 次替换没有写明原因")
    return faults


def _next(record: DrawRecord, frame: Frame, out: str) -> str:
    drawn = draw(frame, record.order)
    used = {each.row.account_uid for each in (*drawn.sample, *drawn.redraw)}
    used |= {step.out for step in record.replacements} | {step.into for step in record.replacements}
    redrawn = out in {each.row.account_uid for each in drawn.redraw}
    found = substitute(frame, record.order, out, used=used, redrawn=redrawn)
    return found.row.account_uid if found else ""


def _substitutes(record: DrawRecord, frame: Frame) -> list[Drawn]:
    """All who came in for others, each with its place in the main order of its stratum."""
    wanted = {step.into for step in record.replacements if step.into}
    queues = Queues(frame, record.order)
    return [
        drawn
        for _, rows in strata(frame.rows)
        if any(row.account_uid in wanted for row in rows)
        for drawn in queues.main(rows)
        if drawn.row.account_uid in wanted
    ]
