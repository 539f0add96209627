"""Draw 100,000 accounts and audit the record. Target: the draw under 5 s.

.venv/bin/python tests/bench/bench_draw.py [accounts]
"""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from checks.core.draw_record import record_text, verify_record
from checks.core.frames import Frame, FrameRow
from checks.core.sampling import Order, Share, draw
from tests.checks.core.test_draw_record import record


def main(count: int) -> None:
    platforms = ("wechat", "weibo", "douyin", "toutiao", "kuaishou")
    rows = [
        FrameRow(
            f"{platforms[n % 5]}:{n:08}", f"第{n % 900}局", f"第{n % 180}县", platforms[n % 5], "正常", f"第{n % 180}县"
        )
        for n in range(count)
    ]
    before = {row.account_uid: 1 for row in rows[: count // 2]}
    frame = Frame.of(rows)
    order = Order(
        seed="2026Q4|20261201|7719304452", rate=Share(25, 100), quarter=3, draws_before=2, drawn_before=before
    )
    started = time.perf_counter()
    drawn = draw(frame, order)
    seconds = time.perf_counter() - started
    text = record_text(record(frame, rate=order.rate, draws_before=2, drawn_before=before), frame)
    started = time.perf_counter()
    faults = verify_record(text, frame.text)
    audit = time.perf_counter() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{count} accounts, {len(drawn.sample)} drawn: {seconds:.2f} s; audit {audit:.2f} s {faults}; {memory:.0f} MB"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
