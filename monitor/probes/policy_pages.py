"""Reads a site's documents and interpretations, as its register names them: whether they link to each other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from checks import Observation, Outcome, PolicyFile, PolicyPair, PolicyPairs, PolicyRegister, Site
from monitor.extract.charset import decode
from monitor.extract.crosslinks import Crosslink, crosslink
from monitor.net import Fetched
from monitor.probing import NOTHING_TO_LOOK_AT, Kit, probe

MOST_PAIRS = 50
"""The newest documents of a register that are looked at in one round."""


@probe("site.policy_pages", on=Site, yields=PolicyPairs, every=timedelta(days=7))
async def read_pairs(site: Site, kit: Kit) -> Sequence[Observation]:
    """One fact for all documents that have an interpretation; nothing where the register names none."""
    register = next((f for f in kit.recall(site.ref, PolicyRegister) if isinstance(f, PolicyRegister)), None)
    files = [f for f in register.files if f.url and f.interpretation_url] if register else []
    if not files:
        return NOTHING_TO_LOOK_AT
    at = kit.clock.now()
    newest = sorted(files, key=lambda f: f.issued, reverse=True)[:MOST_PAIRS]
    pairs = [await _look(file, kit) for file in newest]
    return [PolicyPairs(subject=site.ref, at=at, vantage=kit.vantage, pairs=tuple(pairs))]


async def _look(file: PolicyFile, kit: Kit) -> PolicyPair:
    document = await kit.net.fetch(file.url)
    interpretation = await kit.net.fetch(file.interpretation_url)
    there = _crosslink(document, file.interpretation_url, interpretation.final_url)
    back = _crosslink(interpretation, file.url, document.final_url)
    return PolicyPair(
        key=file.key,
        file_url=file.url,
        interpretation_url=file.interpretation_url,
        file_outcome=document.outcome,
        interpretation_outcome=interpretation.outcome,
        file_links=there.links if there else None,
        interpretation_links=back.links if back else None,
        file_hint=there is not None and there.hint,
        interpretation_hint=back is not None and back.hint,
    )


def _crosslink(page: Fetched, other: str, other_final: str) -> Crosslink | None:
    """How a page leads to the other, under its registered or its final address; ``None`` where it was not read."""
    if page.outcome is not Outcome.OK or not page.whole:
        return None
    decoded = decode(page.body, page.headers.get("content-type", ""))
    found = [crosslink(decoded.text, page.final_url, url, encoding=decoded.used) for url in {other, other_final} if url]
    return Crosslink(any(f.links for f in found), any(f.hint for f in found) and not any(f.links for f in found))
