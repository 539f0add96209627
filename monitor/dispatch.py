"""Carrying out tasks side by side. In this process for now; a queue across machines would stand beside it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Task = TypeVar("Task")
Done = TypeVar("Done")


async def in_process(
    tasks: Sequence[Task],
    carry_out: Callable[[Task], Awaitable[Done]],
    *,
    in_flight: int,
    go_on: Callable[[], bool] = lambda: True,
) -> AsyncGenerator[Done, None]:
    """Carry out tasks, at most ``in_flight`` at once, and yield each result as it comes.

    An exception of ``carry_out`` ends the whole: what it should survive it must turn into a result. Tasks still
    under way when the caller stops listening are cancelled. Once ``go_on`` says no, no further task is begun.
    """
    waiting = iter(tasks)
    results: asyncio.Queue[_Result[Done] | BaseException | None] = asyncio.Queue()

    async def worker() -> None:
        try:
            while go_on() and (task := next(waiting, _NONE)) is not _NONE:
                results.put_nowait(_Result(await carry_out(task)))  # type: ignore[arg-type]
        except Exception as error:
            results.put_nowait(error)
        finally:
            results.put_nowait(None)

    workers = [asyncio.create_task(worker()) for _ in range(min(in_flight, len(tasks)))]
    at_work = len(workers)
    try:
        while at_work:
            match await results.get():
                case None:
                    at_work -= 1
                case _Result(value):
                    yield value
                case error:
                    raise error
    finally:
        for each in workers:
            each.cancel()
        await asyncio.gather(*workers, return_exceptions=True)


_NONE = object()


@dataclass(frozen=True)
class _Result(Generic[Done]):
    value: Done
