"""The upkeep of the record: daily thinning and backup, at night where it can be. What is due comes from the record."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from pathlib import Path

from checks import Check, all_checks
from checks.core.calendar import SHANGHAI
from checks.core.observations import observation_kinds
from checks.core.standard import Standard
from monitor.app import App
from monitor.desk import job_is_due
from monitor.errors import OperationError
from monitor.store.sql import batches
from monitor.store.thinning import bounds_of

log = logging.getLogger(__name__)

THIN, BACKUP = "thin", "backup"
DAILY = timedelta(hours=20)
AT_ANY_HOUR = timedelta(hours=30)
_NIGHT_HOURS = range(1, 5)
_SUBJECTS_AT_ONCE = 50
_PAUSE = 0.15
"""Seconds between two transactions. SQLite's writers ask for their turn every tenth of a second, and may go short."""

_BACKUP_NAME = "xuncha-%Y%m%d-%H%M%S.db"


class Upkeep:
    """The upkeep of one app's record. ``go_on`` is asked between steps, and raises where there is to be an end."""

    def __init__(self, app: App, *, go_on: Callable[[], None] = lambda: None) -> None:
        self._app = app
        self._go_on = go_on

    def turn(self) -> None:
        """What is due of it."""
        now = self._app.clock.now()
        done = self._app.store.jobs()
        if self._app.settings.service.backups and upkeep_is_due(done.get(BACKUP), now):
            self.back_up_daily()
        if upkeep_is_due(done.get(THIN), now):
            self.thin()

    def thin(self) -> int:
        """Thin the record by the settings. How many facts went."""
        app, now = self._app, self._app.clock.now()
        keeping = app.store.keeping
        bounds = bounds_of(
            now=now,
            raw_days=app.settings.retention.raw_days,
            fact_days=app.settings.retention.fact_days,
            windows=read_by(all_checks().values(), app.standard),
            kinds=observation_kinds(),
        )
        keep = keeping.cited()
        gone = 0
        for subjects in batches(keeping.observed_subjects(), _SUBJECTS_AT_ONCE):
            self._go_on()
            gone += keeping.thin(subjects, bounds, keep=keep)
            time.sleep(_PAUSE)
        keeping.drop_rounds(bounds.gone)
        app.store.outbox.forget(before=bounds.gone)
        app.store.mark_job(THIN, now)
        return gone

    def back_up_daily(self) -> Path:
        """Back up into the folder of the settings, and remove the oldest beyond the number to keep."""
        app, now = self._app, self._app.clock.now()
        folder = app.folder / app.settings.service.backups
        path = folder / now.astimezone(SHANGHAI).strftime(_BACKUP_NAME)
        app.store.keeping.back_up(path, go_on=self._go_on)
        app.store.mark_job(BACKUP, now)
        for old in sorted(folder.glob("xuncha-????????-??????.db"))[: -app.settings.service.backups_kept]:
            try:
                old.unlink()
            except OSError as error:
                raise OperationError(f"无法删除旧备份 {old}：{error.strerror}") from None
        log.info("已备份到 %s", path)
        return path


def upkeep_is_due(last: datetime | None, now: datetime) -> bool:
    """Daily, in the small hours of Beijing; at any hour where a night was missed. Pure."""
    by_night = now.astimezone(SHANGHAI).hour in _NIGHT_HOURS
    return job_is_due(last, every=DAILY if by_night else AT_ANY_HOUR, now=now)


def read_by(checks: Collection[Check], standard: Standard) -> dict[str, timedelta]:
    """How far back the checks look, by kind of fact: what lies within is needed as it was seen."""
    spans: dict[str, timedelta] = {}
    for check in checks:
        for kind in check.reads:
            span = check.within(standard.limits[check.id])
            spans[kind.kind] = max(spans.get(kind.kind, span), span)
    return spans
