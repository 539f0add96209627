"""The quarterly draw as it is carried out: freeze the frame, take the seed, draw, replace, audit. Rules on nothing.

freeze ─▶ tell the SHA-256 ─▶ seed ─▶ checks.core.sampling ─▶ record (chained) ─▶ verify
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from checks.core.calendar import SHANGHAI, Period
from checks.core.draw_record import (
    NO_PREVIOUS,
    DrawRecord,
    InSample,
    RecordFault,
    in_sample,
    read_record,
    record_text,
    verify_record,
    with_replacement,
)
from checks.core.frames import Frame, FrameKind, StratumBy, account_frame, site_frame
from checks.core.sampling import SLICE, Share
from checks.core.standard import Standard
from checks.core.tickets import digest
from monitor.errors import UsageError
from monitor.store import Store
from monitor.store.draws import FrozenFrame, KeptRecord


@dataclass(frozen=True, kw_only=True)
class DrawTerms:
    """What the drawer chooses. ``again`` is why a quarter that was drawn already is drawn anew."""

    who: str
    seed: str = ""
    seed_source: str = ""
    rate: Share | None = None
    redraw: Share = SLICE
    by: StratumBy = StratumBy.REGION
    again: str = ""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A draw as it stands: its latest record, the text of that, and the frame."""

    record: DrawRecord
    text: str
    frame: Frame

    @property
    def sample(self) -> list[InSample]:
        return in_sample(self.record, self.frame)


def freeze(
    store: Store, period: Period, kind: FrameKind, *, by: StratumBy, who: str, now: datetime
) -> tuple[FrozenFrame, Frame]:
    """Freeze who can be drawn, as the registry stands. A draw is made from the latest frame that was frozen."""
    frame = account_frame(store.accounts(), by) if kind is FrameKind.ACCOUNT else site_frame(store.sites(), by)
    if not frame.rows:
        raise UsageError(f"台账里没有可抽取的{kind.noun}，请先用 xuncha import 导入")
    frozen = FrozenFrame(
        period=str(period), kind=str(kind), sha256=frame.sha256, frozen_at=now, frozen_by=who, content=frame.text
    )
    store.freeze_frame(frozen)
    return frozen, frame


def draw_sample(
    store: Store, standard: Standard, period: Period, kind: FrameKind, *, terms: DrawTerms, now: datetime
) -> Standing:
    """Draw a quarter's sample and keep its record. Raises ``UsageError`` where it was drawn already.

    The same seed and rate again are no new draw: they give the one that stands.
    """
    rate, rate_source = _rate(standard, kind, terms.rate)
    kept = store.draw_records()
    earlier = _latest(kept, str(period), kind)
    if earlier is not None and not terms.again:
        standing = _standing(store, earlier)
        if terms.seed == standing.record.seed and rate == standing.record.rate:
            return standing
        raise UsageError(
            f"{period} 的{kind.noun}已于 {standing.record.drawn_at} 抽取（xuncha sample list {period} 可列出）。"
            "确需重抽的，用 --again 写明理由，重抽会记入记录"
        )
    frozen = next(reversed(store.frames(str(period), str(kind))), None)
    if earlier is not None and frozen is not None and frozen.sha256 == earlier.frame_sha256:
        frozen = None  # a draw made anew is made from the registry as it stands now
    if frozen is None:
        frozen, frame = freeze(store, period, kind, by=terms.by, who=terms.who, now=now)
    else:
        frame = Frame.parse(frozen.content)
    seed, seed_source = _seed(terms, period, frozen, now)
    quarters = _earlier_quarters(store, kept, period, kind)
    record = DrawRecord(
        kind=kind,
        period=str(period),
        frame_sha256=frozen.sha256,
        frame_rows=len(frame.rows),
        frozen_at=_written(frozen.frozen_at),
        seed=seed,
        seed_source=seed_source,
        drawn_at=_written(now),
        drawn_by=terms.who,
        rate=rate,
        rate_source=rate_source,
        redraw=terms.redraw,
        base=_base(store, kind, frame),
        draws_before=len(quarters),
        drawn_before=_times(quarters, frame),
        reason=f"重抽：{terms.again}" if earlier is not None else "",
        previous_record_sha256=kept[-1].sha256 if kept else NO_PREVIOUS,
    )
    return _keep(store, record, frame)


def replace_one(
    store: Store, period: Period, kind: FrameKind, uid: str, *, why: str, who: str, now: datetime
) -> Standing:
    """Replace one of the sample who cannot be checked by the next of its stratum, and keep a record of it."""
    if not why.strip():
        raise UsageError("请用 --why 写明不能检查的原因，例如 已注销")
    standing = standing_draw(store, period, kind)
    try:
        after = with_replacement(
            standing.record, standing.frame, uid, why=why.strip(), who=who, at=now.astimezone(SHANGHAI)
        )
    except RecordFault as fault:
        raise UsageError(str(fault)) from None
    kept = store.draw_records()
    return _keep(store, replace(after, previous_record_sha256=kept[-1].sha256), standing.frame)


def standing_draw(store: Store, period: Period, kind: FrameKind) -> Standing:
    """The draw of a quarter as it stands. Raises ``UsageError`` where there is none."""
    found = _latest(store.draw_records(), str(period), kind)
    if found is None:
        raise UsageError(f"{period} 的{kind.noun}还没有抽取。请先运行 xuncha sample draw {period}")
    return _standing(store, found)


def audit_kept(store: Store, period: Period, kind: FrameKind) -> list[str]:
    """Audit the draw of a quarter as it is kept, with the whole chain of records before it."""
    standing = standing_draw(store, period, kind)
    return [*chain_faults(store.draw_records()), *_audit_rotation(store, standing.text), *_again(standing)]


def audit_file(store: Store | None, record: Path, frame: Path | None) -> list[str]:
    """Audit a record from a file: against its frame and, where there is a record of draws here, against that."""
    text = read_exactly(record)
    try:
        found = read_record(text)
    except RecordFault as fault:
        return [str(fault)]
    frame_text = read_exactly(frame) if frame else _frame_beside(record, found)
    kept = store.draw_records() if store else []
    if frame_text is None and store is not None:
        frame_text = store.frame_content(found.frame_sha256)
    if frame_text is None:
        raise UsageError(f"找不到抽样名单（SHA-256 {found.frame_sha256[:12]}…）。请把名单文件写在记录之后")
    faults = verify_record(text, frame_text)
    if kept and digest(text) not in {each.sha256 for each in kept}:
        faults.append("数据库中没有这份记录：内容与抽取时留存的不同，或是在别处抽取的")
    elif kept and store is not None:
        faults += chain_faults(kept) + _audit_rotation(store, text)
    return faults


def chain_faults(kept: Sequence[KeptRecord]) -> list[str]:
    """Where the kept records do not hang together."""
    faults = []
    previous = NO_PREVIOUS
    for number, each in enumerate(kept, 1):
        if digest(each.content) != each.sha256:
            faults.append(f"第 {number} 份抽样记录（{each.period}）的内容被改动过")
        if each.previous != previous or read_record(each.content).previous_record_sha256 != previous:
            faults.append(f"第 {number} 份抽样记录（{each.period}）与前一份不衔接：有记录缺失或被调换")
        previous = each.sha256
    return faults


def file_names(record: DrawRecord) -> tuple[str, str]:
    """The names of the files of a draw: the record and the frame."""
    what = "账号" if record.kind is FrameKind.ACCOUNT else "网站"
    revision = f"-修订{record.revision}" if record.revision > 1 else ""
    return (
        f"抽样记录-{what}-{record.period}{revision}.json",
        f"抽样名单-{what}-{record.period}-{record.frame_sha256[:8]}.csv",
    )


def read_exactly(path: Path) -> str:
    """A file to the byte. Raises ``UsageError``."""
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise UsageError(f"读不出 {path}：{error.strerror}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path} 不是 UTF-8 文件，不是本程序写出的记录或名单") from None


def _again(standing: Standing) -> list[str]:
    return verify_record(standing.text, standing.frame.text)


def _frame_beside(record: Path, found: DrawRecord) -> str | None:
    beside = record.parent / file_names(found)[1]
    return read_exactly(beside) if beside.exists() else None


def _keep(store: Store, record: DrawRecord, frame: Frame) -> Standing:
    text = record_text(record, frame)
    store.keep_record(
        KeptRecord(
            period=record.period,
            kind=str(record.kind),
            sha256=digest(text),
            previous=record.previous_record_sha256,
            frame_sha256=record.frame_sha256,
            content=text,
        )
    )
    return Standing(record=read_record(text), text=text, frame=frame)


def _standing(store: Store, kept: KeptRecord) -> Standing:
    content = store.frame_content(kept.frame_sha256)
    if content is None:
        raise UsageError(f"数据库里缺少 {kept.period} 的抽样名单（SHA-256 {kept.frame_sha256}）")
    return Standing(record=read_record(kept.content), text=kept.content, frame=Frame.parse(content))


def _latest(kept: Sequence[KeptRecord], period: str, kind: FrameKind) -> KeptRecord | None:
    return next((each for each in reversed(kept) if each.period == period and each.kind == kind), None)


def _rate(standard: Standard, kind: FrameKind, given: Share | None) -> tuple[Share, str]:
    if given is not None:
        return given, "--rate"
    rate = standard.draw_rates.get(str(kind))
    if rate is None:
        raise UsageError(
            f"检查标准 {standard.edition} 没有规定{kind.noun}的抽查比例，请用 --rate 写明，例如 --rate 25%"
        )
    return Share.parse(str(rate)), f"检查标准 {standard.edition}"


def _seed(terms: DrawTerms, period: Period, frozen: FrozenFrame, now: datetime) -> tuple[str, str]:
    if not terms.seed:
        day = now.astimezone(SHANGHAI).strftime("%Y%m%d")
        return f"{period}|{day}|{secrets.randbelow(10**20):020d}", "名单冻结后由本机随机数产生"
    source = terms.seed_source or "由抽取人给出，未写明来历"
    if frozen.frozen_at >= now:
        source += "（名单与种子在同一次操作中给出，不能证明种子产生于冻结之后）"
    return terms.seed, source


def _base(store: Store, kind: FrameKind, frame: Frame) -> str:
    known = len(store.accounts() if kind is FrameKind.ACCOUNT else store.sites())
    duty = "正常、关停中" if kind is FrameKind.ACCOUNT else "正常运行"
    return f"台账登记的 {known} 个中，状态为{duty}的 {len(frame.rows)} 个"


def _earlier_quarters(store: Store, kept: Sequence[KeptRecord], period: Period, kind: FrameKind) -> list[Standing]:
    """The draws of the earlier quarters of the same year, as they stand."""
    quarters = [str(replace(period, index=index)) for index in range(1, period.index)]
    found = (_latest(kept, quarter, kind) for quarter in quarters)
    return [_standing(store, each) for each in found if each is not None]


def _times(quarters: Sequence[Standing], frame: Frame) -> dict[str, int]:
    living = {row.account_uid for row in frame.rows}
    times = Counter(each.drawn.row.account_uid for standing in quarters for each in standing.sample)
    return {uid: count for uid, count in sorted(times.items()) if uid in living}


def _audit_rotation(store: Store, text: str) -> list[str]:
    """Whether the counts of earlier draws that a record states are those of the earlier records."""
    record = read_record(text)
    kept = store.draw_records()
    place = next((n for n, each in enumerate(kept) if each.content == text), len(kept))
    content = store.frame_content(record.frame_sha256)
    if content is None:
        return []
    quarters = _earlier_quarters(store, kept[:place], Period.parse(record.period), record.kind)
    faults = []
    if len(quarters) != record.draws_before:
        faults.append(f"本年已抽 {len(quarters)} 个季度，记录写作 {record.draws_before} 个")
    if _times(quarters, Frame.parse(content)) != dict(record.drawn_before):
        faults.append("各账号本年已抽的次数与以前各季度的记录不符")
    return faults


def _written(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).isoformat(timespec="seconds")
