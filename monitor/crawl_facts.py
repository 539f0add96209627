"""The rows of a finished crawl → the facts that are recorded of it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from checks import CrawlSummary, LinkFailure, LinkNature, LinkRemark, Observation, Outcome, Site
from monitor.frontier import LinkRow, host_of

MOST_BLOCKED = 1_000
"""So many blocked links are kept by name; with more the crawl is not complete anyway."""


def link_failures(rows: Iterable[LinkRow], site: Site, *, at: datetime, vantage: str) -> list[LinkFailure]:
    """The links that failed, and those that were blocked: of these nothing is known, and that is to be kept too."""
    blocked = 0
    failures: list[LinkFailure] = []
    for row in rows:
        if row.outcome is Outcome.BLOCKED:
            blocked += 1
        if row.decor or not (row.failed or (row.outcome is Outcome.BLOCKED and blocked <= MOST_BLOCKED)):
            continue
        assert row.outcome is not None  # for mypy: it failed or was blocked
        failures.append(
            LinkFailure(
                subject=site.ref,
                at=at,
                vantage=vantage,
                url=row.url,
                outcome=row.outcome,
                status_code=row.status_code,
                internal=row.internal,
                on_home=row.on_home,
                control_passed=row.control_passed,
                sources=row.sources,
                source_count=row.source_count,
                detail=row.detail,
                host_down=row.host_down,
            )
        )
    return failures


def mark_down_hosts(rows: Collection[LinkRow]) -> list[str]:
    """Note in each row whether its host never answered in this crawl. Returns the addresses of the rows changed."""
    answering = {host_of(row.url) for row in rows if row.answered}
    changed = []
    for row in rows:
        down = row.outcome in NO_ANSWER and host_of(row.url) not in answering
        if down is not row.host_down:
            row.host_down = down
            changed.append(row.url)
    return changed


def link_remarks(rows: Iterable[LinkRow], site: Site, *, at: datetime, vantage: str) -> list[LinkRemark]:
    """What is to be told of links besides whether they open; what speaks of a host is told once for it."""
    remarks: list[LinkRemark] = []
    told: set[tuple[LinkNature, str, bool]] = set()
    for row in rows:
        missing = ((LinkNature.MISSING_DECOR, row.detail or str(row.outcome)),) if row.decor and row.failed else ()
        for nature, detail in (*row.remarks, *missing):
            if nature in _OF_HOSTS:
                if (nature, host_of(row.url), row.internal) in told:
                    continue
                told.add((nature, host_of(row.url), row.internal))
            if len(remarks) < _MOST_REMARKS:
                remarks.append(
                    LinkRemark(
                        subject=site.ref,
                        at=at,
                        vantage=vantage,
                        url=row.url,
                        nature=nature,
                        detail=detail,
                        internal=row.internal,
                        on_home=row.on_home,
                        sources=row.sources,
                        source_count=row.source_count,
                    )
                )
    return remarks


def crawl_facts(
    rows: Collection[LinkRow],
    site: Site,
    *,
    started: datetime,
    at: datetime,
    vantage: str,
    complete: bool,
    reasons: Sequence[str] = (),
    robots: str = "",
) -> list[Observation]:
    """All facts of one crawl; its summary is the last."""
    failures = link_failures(rows, site, at=at, vantage=vantage)
    blocked = [row for row in rows if row.outcome is Outcome.BLOCKED]
    if len(blocked) > MOST_BLOCKED:
        complete = False
    empty = [row for row in rows if row.empty]
    return [
        *failures,
        *link_remarks(rows, site, at=at, vantage=vantage),
        CrawlSummary(
            subject=site.ref,
            at=at,
            vantage=vantage,
            started=started,
            pages=sum(row.internal and row.is_page and row.outcome is Outcome.OK for row in rows),
            links=sum(row.outcome is not None for row in rows),
            failures=sum(f.outcome is not Outcome.BLOCKED for f in failures),
            blocked=len(blocked),
            complete=complete,
            reason="；".join(reasons),
            empty_links=sum(row.empty for row in empty),
            empty_pages=len(empty),
            empty_on=tuple(row.url for row in sorted(empty, key=lambda row: -row.empty)[:_MOST_PAGES]),
            robots=robots,
        ),
    ]


def blocked_by(rows: Iterable[LinkRow]) -> str:
    """Who blocked us, the most frequent first."""
    names = Counter(row.detail.partition("（")[0] for row in rows if row.outcome is Outcome.BLOCKED and row.detail)
    return "、".join(name for name, _ in names.most_common(3))


NO_ANSWER = frozenset({Outcome.TIMEOUT, Outcome.CONNECT_ERROR, Outcome.TLS_ERROR, Outcome.DNS_ERROR})
_OF_HOSTS = frozenset({LinkNature.TLS_PROBLEM, LinkNature.TLCP_ONLY, LinkNature.HIJACKED})
_MOST_REMARKS = 500
_MOST_PAGES = 5
