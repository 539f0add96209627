"""Facts as JSON and back, for every kind alike. A field that this version does not know is passed over, and one
that was not written takes its default: so the default of a field may never change."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import TypeAdapter, ValidationError

import checks.core.aftermath  # noqa: F401 - a kind of fact is known once it is imported
from checks.core.model import Ref
from checks.core.observations import Observation, observation_kinds
from monitor.errors import OperationError

_OWN_COLUMNS = {"id", "subject", "at", "vantage"}


def dump_facts(observation: Observation) -> dict[str, Any]:
    """The fields of a fact that have no column of their own and are not at their default: most say nothing."""
    facts: dict[str, Any] = _adapter(observation.kind, type(observation)).dump_python(
        observation, mode="json", exclude=_OWN_COLUMNS, exclude_defaults=True, warnings=False
    )
    return facts


def load_facts(*, id: int, subject: Ref, kind: str, at: datetime, vantage: str, facts: Any) -> Observation | None:
    """The fact of a row, or ``None`` for a kind that this version does not know."""
    cls = _kind(kind)
    if cls is None:
        return None
    try:
        fact: Observation = _adapter(kind, cls).validate_python(
            {**facts, "id": id, "subject": subject, "at": at, "vantage": vantage}
        )
    except (ValidationError, TypeError) as error:
        raise OperationError(
            f"数据库里 {subject} 的第 {id} 号事实（{kind}）读不懂，可能由别的版本写入。请升级本程序，或从备份恢复"
        ) from error
    return fact


_adapters: dict[str, TypeAdapter[Any]] = {}
_known: dict[str, type[Observation]] = {}


def _kind(name: str) -> type[Observation] | None:
    if name not in _known:
        _known.update(observation_kinds())
    return _known.get(name)


def _adapter(kind: str, cls: type[Observation]) -> TypeAdapter[Any]:
    if kind not in _adapters:
        _adapters[kind] = TypeAdapter(cls)
    return _adapters[kind]
