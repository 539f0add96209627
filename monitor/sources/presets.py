"""Presets of the declarative adapter: one TOML file for an interface, read strictly into a value. Asks nobody."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

FOLDER = Path(__file__).parents[1] / "probes" / "sources" / "presets"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Condition(_Part):
    """A value of an answer or an item that has to be ``equals``, one of ``among``, absent, or anything but ``but``."""

    path: str
    equals: Any = None
    among: tuple[Any, ...] = ()
    but: Any = None
    absent: bool = False

    def holds(self, record: Any) -> bool:
        value = at_path(record, self.path)
        if self.absent:
            return value is None
        if self.but is not None:
            return bool(value != self.but)
        return value in self.among if self.among else bool(value == self.equals)


class Moment(_Part):
    """Where an item's time stands. ``epoch`` is in seconds or milliseconds, by its size; ``text`` as in feeds."""

    path: str = ""
    unit: Literal["epoch", "text", "window"] = "epoch"


class Paging(_Part):
    """How the next page is asked for: the value at ``path`` goes into the query as ``into`` while ``more`` holds."""

    into: str
    path: str
    more: str


class Preset(_Part):
    """One interface.

    ``query``, ``headers`` and ``body`` may hold ``{name}``: a secret, ``{account_id}``, or a bound of the window:
    ``{since_epoch}``, ``{until_epoch}``, ``{since_day}``, ``{until_day}``. ``windows`` are the days that are asked
    for one after another, where the interface has a window and tells no dates. ``list`` is the path of the items.
    ``keep`` are the conditions of a publication. ``empty`` says whether an empty list within the window proves that
    nothing was published. ``errors`` words the codes at ``code``.
    """

    name: str
    title: str
    document: str
    method: Literal["GET", "POST"] = "GET"
    url: str
    query: Mapping[str, str] = Field(default_factory=dict)
    headers: Mapping[str, str] = Field(default_factory=dict)
    body: Mapping[str, Any] = Field(default_factory=dict)
    needs: tuple[str, ...] = ()
    sign: Literal["", "bilibili"] = ""
    ok: tuple[Condition, ...]
    code: str = ""
    errors: Mapping[str, str] = Field(default_factory=dict)
    list: str
    time: Moment
    window_days: int = 0
    windows: tuple[int, ...] = ()
    keep: tuple[Condition, ...] = ()
    item_title: str = ""
    item_url: str = ""
    item_id: str = ""
    item_url_from: str = ""
    paging: Paging | None = None
    empty: Literal["proves", "doubts"] = "doubts"
    doubt: str = ""

    @model_validator(mode="after")
    def _windows_for_undated(self) -> Preset:
        if (self.time.unit == "window") != bool(self.windows):
            raise ValueError("time.unit = window and windows belong together")
        return self


@cache
def presets() -> Mapping[str, Preset]:
    """Every preset by its name, which is that of its file."""
    found = {}
    for path in sorted(FOLDER.glob("*.toml")):
        preset = Preset.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        if preset.name != path.stem:
            raise ValueError(f"{path.name}: the name is {preset.name!r}")
        found[preset.name] = preset
    return found


def at_path(record: Any, path: str) -> Any:
    """The value at a dotted path, or ``None``. A number is a place in a list."""
    for part in path.split(".") if path else ():
        if isinstance(record, Mapping):
            record = record.get(part)
        elif isinstance(record, list) and part.isdigit() and int(part) < len(record):
            record = record[int(part)]
        else:
            return None
    return record
