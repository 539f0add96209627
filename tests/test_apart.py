"""Work in a process of its own: what it gives, how it fails, and that it ends when nobody waits for it."""

from __future__ import annotations

import asyncio
import os
import time

import pytest

from monitor.apart import apart
from monitor.errors import FaultyInput, OperationError, UsageError


def number_of_process() -> int:
    return os.getpid()


def refuse() -> None:
    raise UsageError("没有这一季度")


def refuse_a_file() -> None:
    raise FaultyInput("表格有误：", ["第 2 行", "第 3 行"])


def break_down() -> None:
    raise ZeroDivisionError("x")


def die() -> None:
    os._exit(3)


def write_and_wait(path) -> None:
    path.write_text(str(os.getpid()))
    time.sleep(60)


def test_it_is_another_process_and_its_answer_comes_back():
    assert asyncio.run(apart(number_of_process)) != os.getpid()


@pytest.mark.parametrize(
    ("work", "error", "text"),
    [
        (refuse, UsageError, "没有这一季度"),
        (refuse_a_file, FaultyInput, "表格有误：\n  · 第 2 行\n  · 第 3 行"),
        (break_down, OperationError, "ZeroDivisionError: x"),
        (die, OperationError, "退出"),
    ],
)
def test_what_goes_wrong_there_is_told_here(work, error, text):
    with pytest.raises(error, match=text):
        asyncio.run(apart(work))


def test_cancelled_it_ends_the_process(tmp_path):
    path = tmp_path / "pid"

    async def story():
        working = asyncio.create_task(apart(write_and_wait, path))
        while not path.exists() or not path.read_text():  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        working.cancel()
        with pytest.raises(asyncio.CancelledError):
            await working

    asyncio.run(story())
    with pytest.raises(ProcessLookupError):
        os.kill(int(path.read_text()), 0)
