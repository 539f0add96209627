"""Facts as plain records, for people and for JSON."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from checks import Observation
from checks.core.calendar import SHANGHAI


def fact_record(fact: Observation) -> dict[str, Any]:
    """One fact with its kind; times in ISO 8601 with the offset of Asia/Shanghai."""
    return {"id": fact.id, "kind": fact.kind, **{k: v for k, v in plain(asdict(fact)).items() if k != "id"}} | {
        "subject": str(fact.subject)
    }


def plain(value: Any) -> Any:
    """A value with nothing in it but what JSON knows."""
    match value:
        case datetime():
            return value.astimezone(SHANGHAI).isoformat(timespec="seconds")
        case dict():
            return {key: plain(each) for key, each in value.items()}
        case list() | tuple():
            return [plain(each) for each in value]
        case None | bool() | int() | float():
            return value
        case _:
            return str(value)
