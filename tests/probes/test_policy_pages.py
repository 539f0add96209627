"""The probe of documents and their interpretations over loopback: what is read, and what was not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from checks import Outcome, PolicyFile, PolicyPairs, PolicyRegister
from checks.core.assess import Status
from monitor.probing import NOTHING_TO_LOOK_AT, Kit, all_probes
from tests.checks.facts import rule
from tests.net.web import answer, in_loop, serving
from tests.probes.kits import NOW, kit, look, site


def page(*links: str, text: str = "") -> bytes:
    anchors = "".join(f'<a href="{link}">相互查看的页面</a>' for link in links)
    return answer(f"<html><body><h1>某办法</h1><p>正文内容。{text}</p>{anchors}</body></html>")


def registered(k: Kit, home: str, *files: PolicyFile) -> Kit:
    """The kit with a register of these documents on record."""
    register = PolicyRegister(subject=site(home).ref, at=NOW, vantage="manual:张三", files=files)
    return replace(k, recall=lambda subject, kind: [register] if kind is PolicyRegister else [])


def document(number: int, home: str) -> PolicyFile:
    return PolicyFile(
        number=f"某府发〔2026〕{number}号",
        title="某办法",
        issued=date(2026, 11, number),
        url=f"{home}wj/{number}.html",
        interpretation_url=f"{home}jd/{number}.html",
    )


@in_loop
async def test_pages_are_read_for_links_to_each_other():
    routes = {
        "/wj/1.html": page("/jd/1.html"),
        "/jd/1.html": page("../wj/1.html"),
        "/wj/2.html": page("/jd/1.html"),
        "/jd/2.html": page("/wj/2.html"),
        "/wj/3.html": page(text="相关解读"),
        "/jd/3.html": answer("x", status=412),
    }
    async with serving(routes) as server, kit() as k:
        home = server.url("/")
        [seen] = await look(
            "site.policy_pages", site(home), registered(k, home, *(document(n, home) for n in (1, 2, 3)))
        )
    assert isinstance(seen, PolicyPairs)
    third, second, first = seen.pairs  # the newest first
    assert (first.file_links, first.interpretation_links) == (True, True)
    assert (second.file_links, second.interpretation_links) == (False, True)
    assert (third.file_links, third.file_hint) == (False, True)
    assert (third.interpretation_links, third.interpretation_outcome) == (None, Outcome.BLOCKED)
    ruling = rule("site.policy_links", site(home), [replace(seen, id=7)], now=NOW)
    assert ruling.status is Status.FAILED
    assert [f.key for f in ruling.problems] == ["某府发〔2026〕2号"]
    assert ruling.partial


@in_loop
async def test_without_documents_that_have_an_interpretation_nobody_is_visited():
    async with serving({}) as server, kit() as k:
        home = server.url("/")
        lone = replace(document(1, home), interpretation_url="")
        for with_record in (k, registered(k, home, lone)):
            found = await all_probes()["site.policy_pages"].look(site(home), with_record)
            assert found is NOTHING_TO_LOOK_AT
    assert server.paths() == []
