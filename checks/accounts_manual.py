"""政务新媒体人工核查: the indicators of 国办秘函〔2019〕19号 that no machine can judge, as people's sheets answer them
(domain.md §2.3). An indicator without an answer is not spoken of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from checks import Account, Answered, Finding, History, ManualAnswer, check
from checks.core.manual_answers import Limits, told, window


@check(
    "account.manual",
    title="政务新媒体人工核查",
    on=Account,
    reads=ManualAnswer,
    within=window,
    limits=Limits(),
    keyed=True,
)
def manual(_account: Account, seen: History, _limits: Limits, _now: datetime) -> Iterator[Finding | Answered]:
    yield from told(seen, url="")
