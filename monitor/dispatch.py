"""Carrying out tasks side by side. In this process for now; a queue across machines would stand beside it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import TypeVar

Task = TypeVar("Task")
Done = TypeVar("Done")


async def in_process(
    tasks: Sequence[Task], carry_out: Callable[[Task], Awaitable[Done]], *, in_flight: int
) -> AsyncIterator[Done]:
    """Carry out tasks, at most ``in_flight`` at once, and yield each result as it comes.

    An exception of ``carry_out`` ends the whole: what it should survive it must turn into a result. Tasks still
    under way when the caller stops listening are cancelled.
    """
    waiting = iter(tasks)
    results: asyncio.Queue[Done | BaseException] = asyncio.Queue()

    async def worker() -> None:
        for task in waiting:
            try:
                results.put_nowait(await carry_out(task))
            except Exception as error:
                results.put_nowait(error)
                return

    workers = [asyncio.create_task(worker()) for _ in range(min(in_flight, len(tasks)))]
    try:
        for _ in tasks:
            result = await results.get()
            if isinstance(result, BaseException):
                raise result
            yield result
    finally:
        for each in workers:
            each.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
