"""What is planted in the made-up district, and whether the findings tell it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from checks import Ref
from monitor.demo.plans import AccountPlan, Behaviour, Expectation, SitePlan, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """One planted defect, or one trap in which nothing is wrong.

    ``key`` is a link's address, or empty where the check has one statement only. With ``status`` passed and
    ``severity`` warning a 预警 is expected; ``exempt`` means that nothing may be ruled on the subject.
    """

    check: str
    subject: str
    key: str
    status: Verdict
    severity: str | None
    story: str


def planted_in(
    sites: Sequence[SitePlan], accounts: Sequence[AccountPlan], *, addresses: Mapping[str, str], ipv6: bool
) -> tuple[Planted, ...]:
    """Everything planted. ``addresses`` holds the home address of each site by its code.

    Without ``ipv6`` on this machine the vantage gate shuts, and every IPv6 ruling is expected to be 未检测.
    """
    found: list[Planted] = []
    for site in sites:
        found += [_planted(Ref("site", site.code), expected) for expected in site.expected]
        home = addresses[site.code].rstrip("/")
        found += [
            Planted(
                check="site.dead_link",
                subject=f"site:{site.code}",
                key=link.path if link.behaviour is Behaviour.ELSEWHERE else home + link.path,
                status=link.status,
                severity="problem" if link.status == "failed" else None,
                story=link.story,
            )
            for link in site.links
        ]
        for column in site.columns:
            found += [_planted(Ref("column", f"{site.code}/{column.name}"), expected) for expected in column.expected]
    found += [_planted(Ref("account", f"{a.platform}:{a.account_id}"), a.expected) for a in accounts]
    return tuple(found if ipv6 else [_without_ipv6(one) for one in found])


def compare(planted: Sequence[Planted], records: Iterable[Mapping[str, Any]]) -> list[tuple[Planted, bool]]:
    """Each planted thing with whether the records of ``findings --format json`` say it, and nothing worse."""
    by_check: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for record in records:
        by_check.setdefault((record["check"], record["subject"]), []).append(record)
    return [(one, _is_told(one, by_check.get((one.check, one.subject), []))) for one in planted]


def _planted(subject: Ref, expected: Expectation) -> Planted:
    return Planted(
        check=expected.check,
        subject=str(subject),
        key="",
        status=expected.status,
        severity=expected.severity,
        story=expected.story,
    )


def _without_ipv6(one: Planted) -> Planted:
    if one.check != "site.ipv6":
        return one
    return replace(one, status="untested", severity=None, story="监测点没有 IPv6，不作判定")


def _is_told(one: Planted, said: Sequence[Mapping[str, Any]]) -> bool:
    if one.status == "exempt":
        return all(record["status"] == "untested" for record in said)
    if not said or any(record["status"] == "error" for record in said):
        return False
    if one.status == "untested":
        return all(record["status"] == "untested" for record in said)
    if one.status == "failed":
        return any(_is_problem(record) for record in said if not one.key or record.get("key") == one.key)
    judged = [record for record in said if record["status"] != "untested"]
    if one.key:  # a trap: the check has ruled on the site, and this link is not among its findings
        return bool(judged) and not any(record.get("key") == one.key for record in said)
    if any(_is_problem(record) for record in said):
        return False
    if one.severity == "warning":
        return any(record.get("severity") == "warning" for record in said)
    return bool(judged) and not any(record.get("severity") for record in said)


def _is_problem(record: Mapping[str, Any]) -> bool:
    return record["status"] == "failed" and record.get("severity") != "warning"
