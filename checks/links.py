"""链接可用性: 国办秘函〔2019〕19号 功能设计. Dead links of the home page and of the other pages (domain.md §2.4). A
link is dead when an honest server says so, or when two looks agree; once is not enough for anything else. A host that
is down is one finding, however many links lead there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from checks import (
    CrawlSummary,
    Finding,
    History,
    LinkFailure,
    LinkRecheck,
    LinkSource,
    Outcome,
    Site,
    Untestable,
    bounded,
    check,
)
from checks.core.outcome_names import OUTCOMES

_GONE = (404, 410, 550)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Limits of 链接可用性: how far back crawls are read, how far apart the two looks that must agree, and for how long
    an earlier failure keeps a link open that can no longer be looked at."""

    days: int = bounded(16, low=1, high=92)
    confirm_hours: int = bounded(24, low=1, high=720)
    doubt_days: int = bounded(46, low=1, high=92)


@check(
    "site.dead_link",
    title="链接可用性",
    on=Site,
    reads=(LinkFailure, CrawlSummary, LinkRecheck),
    within=lambda limits: timedelta(days=max(limits.days, limits.doubt_days)),
    limits=Limits(),
)
def dead_link(site: Site, seen: History, limits: Limits, now: datetime) -> Iterator[Finding]:
    crawls = [c for c in seen.of(CrawlSummary) if c.at > now - timedelta(days=limits.days)]
    if not crawls:
        raise Untestable(f"{limits.days} 天内没有全站链接采集记录")
    latest = crawls[-1]
    looks = _Looks(seen, crawls, limits)
    failing = [last for last in looks.last_failures() if looks.still_failing(last, latest)]
    waiting: list[str] = []
    for links in _by_cause(failing):
        earlier = looks.confirming(links)
        if (len(links) == 1 and _certain(links[0])) or earlier is not None:
            yield _finding(links, earlier)
        else:
            waiting += [link.url for link in links]
    blocked = [last.url for last in looks.last_failures() if looks.blocked_since(last)]
    reasons = []
    if waiting:
        reasons.append(f"{len(waiting)} 条链接首次访问失败，待复查")
    if blocked:
        reasons.append(f"{len(blocked)} 条曾经失败的链接被防护拦截，无法复查")
    if not latest.complete:
        raise Untestable("；".join([*reasons, f"全站链接未采集完：{latest.reason or '原因不明'}"]))
    if reasons:
        raise Untestable("；".join(reasons), keys=[*waiting, *blocked])


class _Looks:
    """All looks at the links of a site within the window, and what they say together."""

    def __init__(self, seen: History, crawls: Sequence[CrawlSummary], limits: Limits) -> None:
        self._crawls = crawls
        self._rechecks = seen.of(LinkRecheck)
        self._apart = timedelta(hours=limits.confirm_hours)
        self._failures: dict[str, list[LinkFailure]] = {}
        self._blocks: dict[str, list[LinkFailure]] = {}
        for failure in seen.of(LinkFailure):
            if failure.outcome is Outcome.BLOCKED:
                self._blocks.setdefault(failure.url, []).append(failure)
            elif failure.outcome.conclusive and failure.outcome is not Outcome.TOO_LARGE:
                self._failures.setdefault(failure.url, []).append(failure)

    def last_failures(self) -> list[LinkFailure]:
        return [of_link[-1] for of_link in self._failures.values()]

    def blocked_since(self, last: LinkFailure) -> bool:
        """Whether the newest look at the link came to nothing, so that the earlier failure stays open."""
        blocks = self._blocks.get(last.url, ())
        return any(b.at > last.at and not self._looked_well(last.url, b.at) for b in blocks)

    def still_failing(self, last: LinkFailure, latest: CrawlSummary) -> bool:
        """Whether neither the latest crawl nor a later look found the link alive, gone from the pages or blocked."""
        return last.at >= latest.started and not self.blocked_since(last) and not self._looked_well(last.url, last.at)

    def confirming(self, links: Sequence[LinkFailure]) -> LinkFailure | None:
        """The last earlier failure of these that is old enough, unless a look since then found the link alive."""
        newest = links[-1]
        before = [f for url in self._same_cause(links) for f in self._failures[url] if f.at < newest.at]
        old = [f for f in before if newest.at - f.at >= self._apart]
        if not old:
            return None
        last = max(old, key=lambda f: f.at)
        unwell = [f.at for f in before] + [b.at for link in links for b in self._blocks.get(link.url, ())]
        spans = [(c.started, c.at) for c in self._crawls if c.complete]
        spans += [(r.started, r.at) for r in self._rechecks if any(link.url in r.looked for link in links)]
        recovered = any(
            start > last.at and end < newest.at and not any(start <= at <= end for at in unwell) for start, end in spans
        )
        return None if recovered else last

    def _same_cause(self, links: Sequence[LinkFailure]) -> list[str]:
        urls = dict.fromkeys(link.url for link in links)
        if links[0].host_down:
            # The host was down then, whichever of its links showed it.
            root = _root(links[0].url)
            urls |= dict.fromkeys(
                url for url, of in self._failures.items() if _root(url) == root and any(f.host_down for f in of)
            )
        return list(urls)

    def _looked_well(self, url: str, since: datetime) -> bool:
        unwell = [f.at for f in (*self._failures.get(url, ()), *self._blocks.get(url, ()))]
        spans = [(c.started, c.at) for c in self._crawls if c.complete]
        spans += [(r.started, r.at) for r in self._rechecks if url in r.looked]
        return any(start > since and not any(start <= at <= end for at in unwell) for start, end in spans)


def _by_cause(failing: Iterable[LinkFailure]) -> list[list[LinkFailure]]:
    """The links of a host that is down together, each other link by itself."""
    causes: dict[str, list[LinkFailure]] = {}
    for failure in failing:
        causes.setdefault(_root(failure.url) if failure.host_down else failure.url, []).append(failure)
    return list(causes.values())


def _certain(failure: LinkFailure) -> bool:
    """Whether one look is enough: the server tells missing pages from others, and calls this one missing."""
    missing = failure.status_code in _GONE or failure.outcome is Outcome.SOFT_404
    return failure.control_passed and missing


def _finding(links: Sequence[LinkFailure], earlier: LinkFailure | None) -> Finding:
    failure = links[-1]
    on_home = any(link.on_home for link in links)
    source = next((link.sources[0] for link in links if link.sources), None)
    kind = "链接" if failure.internal else "外部链接"
    looked = "" if earlier is None else "，两次采集均如此"
    pages = max(max(link.source_count, len(link.sources)) for link in links)
    how = f"打不开（限 0 条）：{_how(failure)}{looked}"
    where = f"{'首页' if on_home else '内页'}{kind}"
    if len(links) > 1:
        text = f"{where}所在主机 {urlsplit(failure.url).netloc} {how}，涉及 {len(links)} 条链接"
    else:
        text = f"{where}{_place(source)}{how}，出现在 {pages} 个页面"
    root = _root(failure.url)
    return Finding(
        text=text,
        key=failure.url if len(links) == 1 else root,
        url=source.page if source else "",
        advice=_advice(failure),
        evidence=tuple(f.id for f in (*([earlier] if earlier else []), *links[:_MOST_EVIDENCE])),
        details={
            "outcome": str(failure.outcome),
            "status_code": failure.status_code,
            "on_home": on_home,
            "home_links": sum(link.on_home for link in links),
            "inner_links": sum(not link.on_home for link in links),
            "internal": failure.internal,
            **({"links": len(links)} if len(links) > 1 else {}),
        },
        covers=frozenset((root, *(link.url for link in links))) if failure.host_down else frozenset(),
    )


def _place(source: LinkSource | None) -> str:
    """How a reader of the page finds the link: by its words, or, where it has none, by counting."""
    if source is None or not (source.anchor or source.position):
        return ""
    return f"“{source.anchor}”" if source.anchor else f"（页面中第 {source.position} 处地址）"


_MOST_EVIDENCE = 20


def _root(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/"


def _how(failure: LinkFailure) -> str:
    how = OUTCOMES[failure.outcome]
    coded = failure.outcome is Outcome.HTTP_ERROR and failure.status_code is not None
    return f"{how} {failure.status_code}" if coded else how


def _advice(failure: LinkFailure) -> str:
    if failure.host_down:
        return f"请核对主机 {urlsplit(failure.url).netloc} 是否仍在使用：在用的请恢复服务，已停用的请撤除或更正链接"
    if not failure.internal:
        return "请核对外部链接，更正为现用地址或撤除"
    if failure.status_code in _GONE or failure.outcome is Outcome.SOFT_404:
        return "目标页面已不存在，请更正链接或撤除"
    return "请检查目标页面所在的服务器，或更正链接"
