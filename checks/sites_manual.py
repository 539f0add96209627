"""网站人工核查: the indicators of 国办秘函〔2019〕19号 that no machine can judge, as people's sheets answer them
(domain.md §2.2, 2.4, 2.5). An indicator without an answer is not spoken of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from checks import Answered, Finding, History, ManualAnswer, Site, check
from checks.core.manual_answers import Limits, told, window


@check("site.manual", title="网站人工核查", on=Site, reads=ManualAnswer, within=window, limits=Limits(), keyed=True)
def manual(site: Site, seen: History, _limits: Limits, _now: datetime) -> Iterator[Finding | Answered]:
    yield from told(seen, url=site.url)
