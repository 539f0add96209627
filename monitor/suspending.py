"""The steps that people take on suspensions: what is asked for is checked against the registry and the clock."""

from __future__ import annotations

from datetime import datetime

from checks.core.model import Ref
from checks.core.suspensions import Suspension
from monitor.errors import UsageError
from monitor.store import Store


def suspend(store: Store, asked: Suspension, *, now: datetime) -> Suspension:
    """Keep a suspension. Raises ``UsageError`` where it is of nobody, of no time, or not told why and by whom."""
    if asked.subject not in {subject.ref for subject in store.subjects()}:
        raise UsageError(f"台账里没有 {asked.subject}，请核对写法（xuncha findings 列出所有对象）")
    if not asked.why.strip() or not asked.who.strip():
        raise UsageError("须写明理由（--why）和经办人（--who）")
    if asked.until <= asked.since:
        raise UsageError("结束时间须晚于开始时间，请检查 --from 和 --until")
    if asked.until <= now and not asked.filed:
        raise UsageError("结束时间已过：未备案的维护窗口只管今后的告警。补登备案请写明 --filed")
    return store.suspensions.add(asked)


def end_suspension(store: Store, number: int, *, now: datetime, who: str) -> Suspension:
    """End a suspension before its time. Raises ``UsageError`` where it is not there, or is over."""
    ended = store.suspensions.end(number, at=now, who=who)
    if ended is None:
        raise UsageError(f"没有编号为 {number} 的未结束的暂停，请用 xuncha suspend list 查看")
    return ended


def subject_name(store: Store, ref: Ref) -> str:
    """The name of a subject, or its reference where it is no longer registered."""
    return next((subject.name for subject in store.subjects() if subject.ref == ref), str(ref))
