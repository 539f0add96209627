"""The list of outside links that the processes of a sweep share: each link has one that looks at it."""

from __future__ import annotations

import asyncio

import pytest

from monitor.outside_desk import DeskCounter, OutsideDesk
from tests.net.web import in_loop

A = "http://a.example/"


class Desk:
    """The desk, and what it has replied so far."""

    def __init__(self) -> None:
        self.replies: list[tuple[str, str, str | None]] = []
        self.desk: OutsideDesk[str, str] = OutsideDesk(lambda *reply: self.replies.append(reply))


def test_the_first_looks_and_the_others_are_told():
    there = Desk()
    for asker in ("one", "two", "three"):
        there.desk.claim(asker, A)
    assert there.replies == [("one", A, None)]
    there.desk.tell(A, "found")
    assert there.replies[1:] == [("two", A, "found"), ("three", A, "found")]
    there.desk.claim("four", A)
    assert there.replies[-1] == ("four", A, "found")


def test_what_one_gives_up_the_next_looks_at():
    there = Desk()
    for asker in ("one", "two", "three"):
        there.desk.claim(asker, A)
    there.desk.tell(A, None)
    assert there.replies[1:] == [("two", A, None)]
    there.desk.tell(A, "found")
    assert there.replies[2:] == [("three", A, "found")]


def test_given_up_by_all_it_is_the_next_comers():
    there = Desk()
    there.desk.claim("one", A)
    there.desk.tell(A, None)
    there.desk.claim("two", A)
    assert there.replies == [("one", A, None), ("two", A, None)]


def test_who_has_ended_neither_looks_nor_waits():
    there = Desk()
    for asker in ("one", "two", "three"):
        there.desk.claim(asker, A)
    there.desk.gone("two")
    there.desk.gone("one")
    assert there.replies[1:] == [("three", A, None)]


@pytest.mark.parametrize("becomes_ours", ["after that", "in that moment"])
@in_loop
async def test_a_look_that_nobody_waits_for_any_more_is_given_back(becomes_ours):
    sent: list[tuple[str, str, str | None]] = []
    counter: DeskCounter[str] = DeskCounter(lambda *words: sent.append(words))
    claim = asyncio.create_task(counter.claim(A))
    await asyncio.sleep(0)
    if becomes_ours == "in that moment":
        counter.hear(A, None)
    claim.cancel()
    await asyncio.gather(claim, return_exceptions=True)
    if becomes_ours == "after that":
        counter.hear(A, None)
    assert sent == [("claim", A, None), ("tell", A, None)]
