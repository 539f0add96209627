"""Tasks side by side: never too many at once, each result as it comes, nobody left running."""

from __future__ import annotations

import asyncio

import pytest

from monitor.dispatch import in_process


async def gathered(tasks, carry_out, *, in_flight):
    return [done async for done in in_process(tasks, carry_out, in_flight=in_flight)]


@pytest.mark.parametrize(("tasks", "in_flight", "most"), [(10, 1, 1), (10, 3, 3), (3, 3, 3), (2, 3, 2)])
def test_no_more_tasks_are_under_way_than_allowed(tasks, in_flight, most):
    running, seen = set(), []

    async def carry_out(task):
        running.add(task)
        seen.append(len(running))
        for _ in range(3):
            await asyncio.sleep(0)
        running.remove(task)
        return task

    assert sorted(asyncio.run(gathered(range(tasks), carry_out, in_flight=in_flight))) == list(range(tasks))
    assert max(seen) == most
    assert not running


def test_nothing_to_do_ends_at_once():
    async def carry_out(_task):
        raise AssertionError("there is no task")

    assert asyncio.run(gathered([], carry_out, in_flight=4)) == []


def test_a_result_is_given_as_soon_as_it_is_there():
    async def story():
        slow_may_end = asyncio.Event()

        async def carry_out(task):
            if task == "slow":
                await slow_may_end.wait()
            return task

        came = []
        async for done in in_process(["slow", "quick", "next"], carry_out, in_flight=2):
            came.append(done)
            if done == "next":
                slow_may_end.set()
        return came

    assert asyncio.run(story()) == ["quick", "next", "slow"]


def test_an_exception_ends_the_whole_and_leaves_nobody_running():
    ended = []

    async def carry_out(task):
        if task == "bad":
            raise LookupError("no such thing")
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(task)

    with pytest.raises(LookupError, match="no such thing"):
        asyncio.run(gathered(["endless", "bad", "never begun"], carry_out, in_flight=2))
    assert ended == ["endless"]


def test_who_stops_listening_cancels_what_is_under_way():
    ended = []

    async def carry_out(task):
        if task == "quick":
            return task
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(task)

    async def story():
        results = in_process(["quick", "endless"], carry_out, in_flight=2)
        assert await anext(results) == "quick"
        await results.aclose()
        assert ended == ["endless"]

    asyncio.run(story())
