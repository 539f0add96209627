"""[schedule], [service], [retention] of settings.toml: how often, where the service tells of itself, what is kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, Field

from checks.core.hours import QuietHours
from monitor.due import Rhythm
from monitor.section import Section, web_address


def _window(text: str) -> str:
    QuietHours.parse(text)
    return text


def _listening_place(text: str) -> str:
    if text:
        listening_place(text)
    return text


def _address(text: str) -> str:
    return web_address(text) if text else text


def listening_place(text: str) -> tuple[str, int]:
    """``127.0.0.1:9464`` or ``[::1]:9464`` as host and port. Raises ``ValueError`` in Chinese."""
    host, colon, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not colon or not host or not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        raise ValueError("应写作 地址:端口，例如 127.0.0.1:9464；不需要则留空")
    return host, int(port)


class Schedule(Section):
    """[schedule]. ``every_hours`` overrides the cadence of a probe, by its id."""

    every_hours: dict[str, Annotated[float, Field(ge=0.05, le=8784)]] = Field(default_factory=dict)
    second_look_hours: float = Field(8, ge=1, le=24)
    night: Annotated[str, AfterValidator(_window)] = "22:00-06:00"
    crawls_at_once: int = Field(4, ge=1, le=24)
    inspect_hours: float = Field(6, ge=0.25, le=168)
    papers_after_days: int = Field(1, ge=0, le=30)

    @property
    def rhythm(self) -> Rhythm:
        """The cadences as planning knows them."""
        every = {probe: timedelta(hours=hours) for probe, hours in self.every_hours.items()}
        return Rhythm(every=every, night=QuietHours.parse(self.night))


class Service(Section):
    """[service]: folders are relative to the settings file; what is empty is not done."""

    heartbeat_url: Annotated[str, AfterValidator(_address)] = ""
    metrics: Annotated[str, AfterValidator(_listening_place)] = ""
    papers: str = "reports-out"
    backups: str = ""
    backups_kept: int = Field(7, ge=1, le=366)


class Retention(Section):
    """[retention]: days that facts are kept raw, and at all where nothing cites them."""

    raw_days: int = Field(60, ge=1, le=3660)
    fact_days: int = Field(400, ge=1, le=36_600)
