"""Facts that people hand in, made by hand for the tests of the checks that read them."""

from __future__ import annotations

from datetime import date, datetime
from itertools import count

from checks import Outcome, PolicyFile, PolicyPair, PolicyPairs, PolicyRegister, PublicationCount
from checks.core.workdays import WorkCalendar
from tests.checks.facts import HOME, NOW, SITE

# The days that are off in autumn 2026, and the weekends worked
WORKDAYS = WorkCalendar(
    years=frozenset({2026}),
    days_off=frozenset(date(2026, 10, n) for n in range(1, 8)),
    make_up_days=frozenset({date(2026, 9, 20), date(2026, 10, 10)}),
)
_ids = count(100_000)


def counted(number: int, as_of: date, *, unit: str = "", at: datetime = NOW) -> PublicationCount:
    return PublicationCount(
        subject=SITE.ref,
        at=at,
        vantage="manual:张三",
        year=as_of.year,
        as_of=as_of,
        count=number,
        unit=unit,
        id=next(_ids),
    )


def register(*files: PolicyFile, at: datetime = NOW) -> PolicyRegister:
    return PolicyRegister(subject=SITE.ref, at=at, vantage="manual:张三", files=files, id=next(_ids))


def document(issued: date, **fields: object) -> PolicyFile:
    return PolicyFile(**{"number": "某府发〔2026〕1号", "title": "某办法", "issued": issued, **fields})


def pairs(*links: tuple[bool | None, bool | None], hints: tuple[bool, bool] = (False, False)) -> PolicyPairs:
    """A look at documents: whether the page of each leads to its interpretation, and whether that leads back."""
    return PolicyPairs(
        subject=SITE.ref,
        at=NOW,
        vantage="test",
        id=next(_ids),
        pairs=tuple(
            PolicyPair(
                key=f"某府发〔2026〕{n}号",
                file_url=f"{HOME}wj/{n}.html",
                interpretation_url=f"{HOME}jd/{n}.html",
                file_outcome=Outcome.TIMEOUT if there is None else Outcome.OK,
                interpretation_outcome=Outcome.TIMEOUT if back is None else Outcome.OK,
                file_links=there,
                interpretation_links=back,
                file_hint=hints[0],
                interpretation_hint=hints[1],
            )
            for n, (there, back) in enumerate(links, start=1)
        ),
    )
