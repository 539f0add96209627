"""`--due` on the command line looks where the service would: at accounts near their limit the oftener."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from checks import Account, AccountReading, DateBasis, Platform, all_checks
from monitor.app import App
from monitor.clock import FixedClock
from monitor.collect import RoundResult
from monitor.commands import rounds
from monitor.planning import Task
from monitor.registry.changes import RegistryChanges
from monitor.settings import parse_settings
from monitor.store.rounds import ProbeRun
from tests.conftest import END

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
LIVELY, NEAR, SILENT = (
    Account(platform=Platform.WEIBO, name=f"某县{n}", account_id=str(n), sponsor="某县政府", source="feed")
    for n in range(3)
)


@pytest.fixture
def app(tmp_path):
    """Three accounts that were asked a while ago: they published yesterday, ten days ago, and never."""
    settings = parse_settings({"database": {"url": f"sqlite:///{tmp_path}/x.db"}}, "tests")
    made = App(settings, FixedClock(END), folder=tmp_path)
    made.store.apply(RegistryChanges(added=(LIVELY, NEAR, SILENT)))
    asked = END - 9 * HOUR
    made.store.record(
        [
            AccountReading(
                subject=account.ref, at=asked, vantage="v", adapter="feed", source_ok=True, latest_at=latest,
                basis=DateBasis.PUBLISHED, items_seen=1,
            )
            for account, latest in ((LIVELY, END - DAY), (NEAR, END - 10 * DAY), (SILENT, None))
        ],
        [ProbeRun(probe="account.source", subject=account.ref, at=asked) for account in (LIVELY, NEAR, SILENT)],
    )  # fmt: skip
    yield made
    made.close()


@pytest.fixture
def looked_at(monkeypatch):
    """Whom a round of the command line goes to, instead of going there."""
    seen: set[str] = set()

    async def collect(tasks: Sequence[Task], **_more: object) -> RoundResult:
        seen.update(task.subject.name for task in tasks if task.probe.id == "account.source")
        return RoundResult(families=frozenset({4}), tasks=len(tasks), facts=0)

    monkeypatch.setattr(rounds, "collect", collect)
    return seen


def test_accounts_from_day_ten_on_are_due_again_after_eight_hours_and_others_are_not(app, looked_at):
    rounds.go_and_look(app, [], list(all_checks().values()), due_only=True)
    assert looked_at == {NEAR.name, SILENT.name}


def test_without_due_everybody_is_looked_at(app, looked_at):
    rounds.go_and_look(app, [], list(all_checks().values()), due_only=False)
    assert looked_at == {LIVELY.name, NEAR.name, SILENT.name}
