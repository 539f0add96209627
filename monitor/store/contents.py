"""Bulky parts of facts, each kept once. A list that did not change is the same twenty rows every day, a page's print
the same print: they lie in a table of their own under their digest, compressed, and a fact names the digest. Who reads
facts does not notice.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pydantic_core import from_json
from sqlalchemy import Connection, bindparam, delete, exists, select

from monitor.store.engine import to_json_text
from monitor.store.sql import batches, insert_into, table_of
from monitor.store.tables import ContentRow, ObservationRow

BULKY = 128
"""Characters of JSON from which a list, or a part with fields of its own, is put aside."""

_CONTENTS = table_of(ContentRow)
_FACTS = table_of(ObservationRow)
_BATCH = 500


@dataclass(frozen=True)
class Content:
    """What was put aside of one fact. ``id`` is half of its digest: of a thousand million no two are likely alike."""

    id: int
    body: bytes


def set_aside(facts: Mapping[str, Any]) -> tuple[dict[str, Any], Content | None]:
    """The facts without their bulky parts, and those."""
    bulky = {name: value for name, value in facts.items() if isinstance(value, list | dict) and _is_bulky(value)}
    if not bulky:
        return dict(facts), None
    text = to_json_text(bulky).encode()
    digest = int.from_bytes(hashlib.sha256(text).digest()[:8], "big", signed=True)
    return {k: v for k, v in facts.items() if k not in bulky}, Content(digest, zlib.compress(text, 6))


def put_back(facts: Mapping[str, Any], body: bytes | None) -> Mapping[str, Any]:
    """The facts as they were."""
    return facts if body is None else {**facts, **_unpacked(body)}


def keep(connection: Connection, contents: Iterable[Content]) -> None:
    """Write what is not there yet."""
    new = {content.id: content.body for content in contents}
    if new:
        rows = [{"id": id_, "body": body} for id_, body in sorted(new.items())]
        connection.execute(insert_into(connection, _CONTENTS).on_conflict_do_nothing(), rows)


def drop_unused(connection: Connection, ids: Iterable[int]) -> None:
    """Forget those of these contents that no fact names any more."""
    used = exists(select(_FACTS.c.id).where(_FACTS.c.content == _CONTENTS.c.id))
    for batch in batches(sorted(set(ids)), _BATCH):
        connection.execute(
            delete(_CONTENTS).where(_CONTENTS.c.id == bindparam("of"), ~used), [{"of": id_} for id_ in batch]
        )


def _is_bulky(value: list[Any] | dict[str, Any]) -> bool:
    return len(value) >= BULKY or len(to_json_text(value)) >= BULKY


@lru_cache(maxsize=256)
def _unpacked(body: bytes) -> dict[str, Any]:
    parts: dict[str, Any] = from_json(zlib.decompress(body))
    return parts
