"""`explain` shows the parts of a check, each with its own status and points."""

from __future__ import annotations

from checks import all_checks
from checks.core.standard import load_standard
from monitor.explaining import explain
from monitor.registry.changes import RegistryChanges
from monitor.site_parts import site_parts
from monitor.store import Store
from tests.checks.facts import NOW, SITE, survey
from tests.checks.ipv6_facts import both, comparison, inner, level, names, outside


def test_explain_and_papers_show_the_same_parts(tmp_path):
    store = Store.open(f"sqlite:///{tmp_path}/record.db")
    try:
        store.apply(RegistryChanges(added=(SITE,)))
        store.record(
            [survey(NOW), names(NOW), *both(NOW), comparison(NOW), inner(NOW, level(2), level(3)), outside(NOW)], []
        )
        standard, check = load_standard("gwb-2019"), all_checks()["site.ipv6"]
        told = explain(check, SITE, store=store, standard=standard, now=NOW)["parts"]
        for_papers = site_parts(store, standard, check, now=NOW)[SITE.ref]
    finally:
        store.close()
    assert [(p["key"], p["status"], p["points"]) for p in told] == [(p.key, p.status, p.points) for p in for_papers]
    by_key = {p["key"]: p for p in told}
    assert (by_key["level2"]["reached"], by_key["level2"]["tested"], by_key["level2"]["points"]) == (10, 10, 10)
    assert (by_key["rate"]["status"], by_key["rate"]["points"]) == ("untested", None)


def test_a_check_without_parts_shows_none(tmp_path):
    store = Store.open(f"sqlite:///{tmp_path}/record.db")
    try:
        store.apply(RegistryChanges(added=(SITE,)))
        check = all_checks()["site.unreachable"]
        assert explain(check, SITE, store=store, standard=load_standard("gwb-2019"), now=NOW)["parts"] == []
        assert site_parts(store, load_standard("gwb-2019"), check, now=NOW) == {}
    finally:
        store.close()
