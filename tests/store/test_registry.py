"""The registry comes back as it went in, and changes in one go."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from checks.core.model import (
    Account,
    AccountStatus,
    Column,
    ColumnCategory,
    Level,
    Platform,
    Site,
    SiteKind,
    SiteStatus,
    Unit,
)
from monitor.errors import OperationError
from monitor.registry import Registry, RegistryChanges, plan_changes

UNIT = Unit(
    name="某局", credit_code="11510000MB1234567X", parent="某市", level=Level.COUNTY, phone="0835-1", email="a@b"
)
SITE = Site(id="5118000022", name="雅安", url="http://a/", kind=SiteKind.PORTAL, sponsor="市政府办")
SUSPENDED = replace(
    SITE, id="bm01000001", status=SiteStatus.SUSPENDED, suspended_until=date(2026, 10, 1), level=Level.PROVINCE
)
COLUMN = Column(site_id=SITE.id, name="通知公告", url="http://a/tz/", category=ColumnCategory.NOTICES, limit_days=14)
INNER = replace(COLUMN, name="政策/解读（图解）", top_level=False, limit_days=None)
ACCOUNT = Account(
    platform=Platform.WEIBO,
    name="雅安发布",
    account_id="6543210987654321001",
    sponsor="市政府办",
    status=AccountStatus.PAUSED,
    opened_on=date(2019, 5, 1),
    followers=10_000_000_000,
    source="feed",
    feed_url="http://f/x.xml",
    last_published=date(2026, 9, 10),
)
NAMELESS = Account(platform=Platform.OTHER, name="某号", sponsor="某局")
WHOLE = Registry(units=(UNIT,), sites=(SITE, SUSPENDED), columns=(COLUMN, INNER), accounts=(ACCOUNT, NAMELESS))


def kept(store) -> Registry:
    return Registry(
        units=tuple(store.units()),
        sites=tuple(store.sites()),
        columns=tuple(store.columns()),
        accounts=tuple(store.accounts()),
    )


def test_every_record_comes_back_as_it_went_in(store):
    store.apply(plan_changes(Registry(), WHOLE))
    assert set(kept(store)) == set(WHOLE)
    assert plan_changes(kept(store), WHOLE).unchanged == 7
    assert set(store.subjects()) == set(WHOLE) - {UNIT}


def test_a_change_reaches_the_one_record_it_is_of(store):
    store.apply(plan_changes(Registry(), WHOLE))
    renamed = replace(INNER, url="http://a/new/", category=ColumnCategory.STATIC)
    store.apply(plan_changes(kept(store), Registry(columns=(renamed,))))
    assert set(store.columns()) == {COLUMN, renamed}


def test_sites_go_with_their_columns_and_nothing_else_goes(store):
    store.apply(plan_changes(Registry(), WHOLE))
    store.apply(plan_changes(kept(store), Registry(sites=(SUSPENDED,)), prune=True))
    assert (store.sites(), store.columns()) == ([SUSPENDED], [])
    assert set(store.accounts()) == {ACCOUNT, NAMELESS}
    assert store.units() == [UNIT]


def test_a_plan_that_cannot_be_carried_out_changes_nothing(store):
    orphan = replace(COLUMN, site_id="9999999999")
    with pytest.raises(OperationError):
        store.apply(RegistryChanges(added=(UNIT, SITE, orphan)))
    assert list(kept(store)) == []
