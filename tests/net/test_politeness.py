"""Turns at a host, and how the net keeps to them."""

import asyncio
import itertools
from datetime import UTC, datetime

import pytest

from checks import Outcome
from monitor.politeness import HostTurns, retry_after
from tests.net.web import answer, in_loop, page, serving, visiting


@in_loop
async def test_no_more_than_so_many_at_once_at_one_host_and_others_do_not_wait():
    turns = HostTurns(interval=0, connections=2)
    inside, most, released = 0, 0, asyncio.Event()

    async def stay():
        nonlocal inside, most
        async with turns.turn("a.example"):
            inside += 1
            most = max(most, inside)
            await released.wait()
            inside -= 1

    waiting = [asyncio.create_task(stay()) for _ in range(5)]
    for _ in range(5):
        await asyncio.sleep(0)
    assert inside == 2
    async with turns.turn("b.example"):
        pass
    released.set()
    await asyncio.gather(*waiting)
    assert most == 2


@in_loop
async def test_requests_to_one_host_start_at_the_interval():
    turns = HostTurns(interval=0.05, connections=4)
    loop = asyncio.get_running_loop()
    starts = []

    async def go(host):
        async with turns.turn(host):
            starts.append((host, loop.time()))

    await asyncio.gather(*(go("a.example") for _ in range(4)))
    times = [at for _, at in starts]
    # The loop's clock may be coarse, hence the small allowance; there is no upper bound to test.
    assert all(later - earlier >= 0.04 for earlier, later in itertools.pairwise(times))


@in_loop
async def test_a_place_is_free_again_after_a_fault_or_a_cancellation():
    turns = HostTurns(interval=0, connections=1)

    async def fail():
        async with turns.turn("a.example"):
            raise RuntimeError

    async def wait_for_ever():
        async with turns.turn("a.example"):
            await asyncio.sleep(60)

    await asyncio.gather(fail(), return_exceptions=True)
    task = asyncio.create_task(wait_for_ever())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    async with asyncio.timeout(5), turns.turn("a.example"):
        pass


@in_loop
async def test_hosts_that_nobody_visits_any_more_are_forgotten():
    turns = HostTurns(interval=0, connections=1)
    for number in range(2500):
        async with turns.turn(f"host{number}.example"):
            pass
    assert len(turns._hosts) <= 1001


@in_loop
async def test_our_own_waiting_is_not_held_against_the_site():
    async def slow(asked):
        await asyncio.sleep(0.3)
        return answer("ok")

    async with serving({"*": slow}) as server, visiting(host_connections=1, timeout=1.2) as net:
        fetched = await asyncio.gather(*(net.fetch(server.url(f"/{n}")) for n in range(5)))
    assert {one.outcome for one in fetched} == {Outcome.OK}
    assert all(one.seconds < 1.2 for one in fetched)


@in_loop
async def test_many_hosts_are_visited_without_keeping_all_their_connections():
    names = {f"h{n}.example": ["127.0.0.1"] for n in range(300)}
    async with serving({"/": page()}) as server, visiting(names) as net:
        fetched = await asyncio.gather(*(net.fetch(server.url(host=host)) for host in names))
        assert {one.outcome for one in fetched} == {Outcome.OK}
        assert len(net._exchanges._transports) <= 300
        for host in names:
            await net.fetch(server.url(host=host))
        assert len(net._exchanges._transports) <= 300


# A host that is in trouble, or says that it is asked too much


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("5", 5.0),
        ("0", 0.0),
        ("Tue, 24 Nov 2026 04:00:30 GMT", 30.0),
        ("Tue, 24 Nov 2026 03:00:00 GMT", 0.0),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(value, seconds):
    now = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
    assert retry_after({"retry-after": value} if value else {}, now=now) == seconds


@in_loop
async def test_a_server_that_asks_for_patience_is_given_it_and_then_answers():
    def busy(asked):
        first = sum(a.target == asked.target for a in server.asked) == 1
        return answer("x", status=429, retry_after="1") if first else page()

    async with serving({"*": busy}) as server, visiting() as net:
        started = asyncio.get_running_loop().time()
        fetched = await net.fetch(server.url("/x"))
        waited = asyncio.get_running_loop().time() - started
    assert fetched.outcome is Outcome.OK
    assert waited >= 0.9  # as long as it asked for: no measure of speed


@in_loop
async def test_a_server_that_asks_for_too_much_patience_is_not_asked_again_and_not_accused():
    async with serving({"*": answer("x", status=429, retry_after="3600")}) as server, visiting() as net:
        first, second = await net.fetch(server.url("/x")), await net.fetch(server.url("/y"))
    assert (first.outcome, second.outcome) == (Outcome.BLOCKED, Outcome.BLOCKED)
    assert "秒后再访问" in second.detail
    assert server.paths() == ["/x"]


@in_loop
async def test_without_a_word_about_when_a_429_is_no_answer_and_slows_us_down():
    async with serving({"*": answer("x", status=429)}) as server, visiting() as net:
        assert (await net.fetch(server.url("/x"))).outcome is Outcome.BLOCKED
    assert server.paths() == ["/x"]


@pytest.mark.parametrize(
    ("status", "seconds", "slower"),
    [
        (200, 0.1, False),
        (404, 0.1, False),
        (501, 0.1, False),
        (500, 0.1, True),
        (429, 0.1, True),
        (None, 5.0, True),
        (200, 5.0, True),
    ],
)
@in_loop
async def test_trouble_and_lateness_slow_us_down_and_good_answers_bring_us_back(status, seconds, slower):
    turns = HostTurns(interval=0.2, connections=4)
    turns.heard("a.example", status=200, seconds=0.1)
    turns.heard("a.example", status=status, seconds=seconds)
    assert (turns.interval("a.example") > 0.2) is slower
    assert turns.interval("b.example") == 0.2
    for _ in range(20):
        turns.heard("a.example", status=200, seconds=0.1)
    assert turns.interval("a.example") == 0.2
