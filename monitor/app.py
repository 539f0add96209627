"""The composition root: settings → everything that the commands work with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from checks.core.standard import Standard, StandardError, load_standard
from checks.core.workdays import WorkCalendar, with_workdays
from monitor.clock import Clock, SystemClock
from monitor.errors import UsageError
from monitor.settings import Settings, load_settings
from monitor.store import Store
from monitor.workdays import work_calendar

SETTINGS_FILE = Path("settings.toml")


@dataclass
class App:
    """Settings, clock, rulebook and record. The record is opened, and made, when it is first asked for.

    ``folder`` is where the settings file lies: relative paths within it start there.
    """

    settings: Settings
    clock: Clock
    folder: Path = Path()

    @cached_property
    def standard(self) -> Standard:
        edition = self.settings.standard.edition
        try:
            standard = load_standard(str(self.folder / edition) if edition.endswith(".toml") else edition)
        except StandardError as error:
            raise UsageError(str(error)) from None
        return with_workdays(standard, self.workdays)

    @cached_property
    def workdays(self) -> WorkCalendar:
        calendar = self.settings.calendar
        return work_calendar(calendar.days_off, calendar.make_up_days)

    @cached_property
    def store(self) -> Store:
        return Store.open(self.database_url)

    @property
    def database_url(self) -> str:
        url = self.settings.database.url
        path = url.removeprefix("sqlite:///")
        if path == url or Path(path).is_absolute():
            return url
        return f"sqlite:///{self.folder / path}"

    @property
    def has_database(self) -> bool:
        """Whether there is one already: what only reads files must not make one."""
        path = self.database_url.removeprefix("sqlite:///")
        return path == self.database_url or Path(path).exists()

    @property
    def lock_file(self) -> Path:
        """Held while a service runs: beside a SQLite file, else beside the settings."""
        path = self.database_url.removeprefix("sqlite:///")
        return self.folder / "xuncha.lock" if path == self.database_url else Path(f"{path}.lock")

    def close(self) -> None:
        if "store" in self.__dict__:
            self.store.close()


@contextmanager
def open_app(settings_file: Path | None = None, clock: Clock | None = None) -> Iterator[App]:
    """The app of a settings file; without one, of ./settings.toml, or of the defaults where there is none."""
    path = settings_file or SETTINGS_FILE
    settings = load_settings(path, must_exist=settings_file is not None)
    app = App(settings, clock or SystemClock(), folder=path.parent)
    try:
        yield app
    finally:
        app.close()
