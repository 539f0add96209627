"""No wrong newest date on generated lists. By default a few hundred; the full proof is

    XUNCHA_LIST_CASES=2000 python -m pytest tests/extract/test_generated_lists.py

The cases are derandomised: the same number gives the same cases.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, given, settings

from monitor.extract.listing import read_list
from tests.extract.generated import URL, Generated, pages

CASES = int(os.environ.get("XUNCHA_LIST_CASES", "250"))


@settings(
    max_examples=CASES,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(pages())
def test_the_newest_date_of_a_generated_list_is_right(page: Generated) -> None:
    listed = read_list(page.text, URL, today=page.today)
    newest = max((item.published for item in listed.items if item.published), default=None)
    assert (listed.readable, newest) == (True, page.newest), listed.reason
