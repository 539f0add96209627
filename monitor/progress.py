"""Progress bars on standard error for long work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from monitor import collect
from monitor.output import stderr

STAGES = {
    "site.visit": "访问网站首页",
    "site.home": "读取首页更新",
    "site.addresses": "解析与连通（IPv4/IPv6）",
    "site.links": "检查链接",
    "column.list": "读取栏目",
    "account.source": "读取新媒体账号",
    "inspect": "按指标判定",
    "demo": "演示：十六天的监测",
}


@contextmanager
def progress_bars() -> Iterator[collect.Progress]:
    """One bar a stage, for as long as the block runs."""
    bars = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=stderr
    )
    rows: dict[str, TaskID] = {}

    def started(stage: str, tasks: int) -> None:
        if stage in rows:
            bars.reset(rows[stage], total=tasks)
        else:
            rows[stage] = bars.add_task(STAGES.get(stage, stage), total=tasks)

    def advanced(stage: str) -> None:
        bars.advance(rows[stage])

    with bars:
        yield collect.Progress(started, advanced)
