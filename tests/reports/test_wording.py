from enum import StrEnum

import pytest

from checks import DateBasis, Outcome, Platform, Severity
from checks.core.assess import Status
from checks.core.ledger import Action, State
from checks.core.model import AccountStatus, ColumnCategory, Level, SiteKind, SiteStatus
from checks.core.standard import Result, Tier
from reports.wording import UNNAMED, check_title, said

SETS: list[type[StrEnum]] = [
    Status,
    Severity,
    Result,
    Tier,
    State,
    Action,
    Outcome,
    DateBasis,
    Platform,
    Level,
    SiteKind,
    SiteStatus,
    ColumnCategory,
    AccountStatus,
]


@pytest.mark.parametrize("closed_set", SETS, ids=lambda s: s.__name__)
def test_every_member_of_a_closed_set_has_a_chinese_word_of_its_own(closed_set: type[StrEnum]) -> None:
    words = [said(member) for member in closed_set]
    assert all(any("\u4e00" <= letter <= "\u9fff" for letter in word) for word in words)
    assert len(set(words)) == len(words)


def test_what_the_registry_left_empty_is_said_to_be_empty() -> None:
    assert said(None) == UNNAMED


def test_a_check_that_is_no_longer_there_keeps_its_id() -> None:
    assert check_title("site.long_gone") == "site.long_gone"
    assert check_title("account.dormant") != "account.dormant"
