"""`xuncha try URL`: look once, rule at once, keep nothing."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from checks import History, Observation, Site, all_checks
from checks.core.assess import Assessment, assess
from checks.core.calendar import local_day
from checks.core.model import SiteKind
from checks.core.observations import Outcome
from checks.core.standard import Standard
from monitor.clock import Clock
from monitor.collect import needed_probes, plan
from monitor.crawl import CrawlBounds, LinkRow
from monitor.errors import NoNetwork
from monitor.extract.article import published
from monitor.extract.charset import declared, decode
from monitor.extract.listing import ListPage, read_list
from monitor.extract.marks import read_marks
from monitor.facts import fact_record
from monitor.lists import read_whole
from monitor.net import Fetched, Net
from monitor.probing import Kit, all_probes
from monitor.resolver import Resolver
from monitor.settings import Settings
from monitor.vantage import online_families

# One page is tried, not a site: the crawl is left out.
LEFT_OUT = {"site.links", "site.links_recheck", "site.ipv6_pages"}


@dataclass(frozen=True)
class Trial:
    """What one look at an address brought: the page read as article and as list, the facts, the rulings."""

    page: dict[str, Any]
    facts: tuple[Observation, ...]
    rulings: tuple[Assessment, ...]

    def as_record(self) -> dict[str, Any]:
        """The whole as one JSON object."""
        return {
            **self.page,
            "facts": [fact_record(fact) for fact in self.facts],
            "rulings": [
                {
                    "check": ruling.check,
                    "status": ruling.status,
                    "text": "；".join(f.text for f in ruling.findings) or ruling.reason,
                }
                for ruling in self.rulings
            ],
        }


async def try_url(url: str, *, settings: Settings, standard: Standard, clock: Clock) -> Trial:
    """Look at ``url`` once. Raises ``NoNetwork`` where this machine is offline."""
    resolver = Resolver(settings.network.nameservers)
    async with Net(settings.network, resolver) as net:
        families = await online_families(net, settings.vantage)
        if not families:
            raise NoNetwork("监测点离线：IPv4 和 IPv6 均不可用。请检查本机网络和 [vantage] 设置")
        kit = Kit(
            net=net,
            resolver=resolver,
            clock=clock,
            vantage=settings.vantage.name,
            families=families,
            crawl_log=_NoLog(),
            crawl_bounds=CrawlBounds(pages=1, seconds=1),
            ipv6=settings.ipv6,
        )
        site = Site(id="0000000000", name=url, url=url, kind=SiteKind.PORTAL, sponsor="")
        checks = [c for c in all_checks().values() if c.on is Site and not c.keyed]
        probes = [p for p in needed_probes(checks, all_probes()) if p.id not in LEFT_OUT]
        tasks = plan([site], probes, now=clock.now())
        facts = tuple([fact for task in tasks for fact in await task.probe.look(site, kit)])
        fetched = await net.fetch(url)
        whole = await read_whole(net, fetched, read_list, at=clock.now(), fragment=url.partition("#")[2])
    now = clock.now()
    rulings = tuple(
        assess(c, site, History(f for f in facts if isinstance(f, c.reads)), limits=standard.limits[c.id], now=now)
        for c in checks
    )
    return Trial(page=read_page(fetched, now, listed=whole), facts=facts, rulings=rulings)


def read_page(fetched: Fetched, now: datetime, *, listed: ListPage | None = None) -> dict[str, Any]:
    """A fetched page read as an article and as a list. Pure. Dates are null where the page prints none.

    ``listed`` is its list where that took more than the page itself.
    """
    content_type = fetched.headers.get("content-type", "")
    decoded = decode(fetched.body, content_type)
    today = local_day(now)
    readable = fetched.outcome is Outcome.OK
    article = published(decoded.text, fetched.final_url, today=today) if readable else None
    if not readable:
        listed = None
    elif listed is None:
        listed = read_list(decoded.text, fetched.final_url, today=today, encoding=decoded.used)
    dates = [item.published for item in listed.items if item.published] if listed else []
    return {
        "url": fetched.url,
        "final_url": fetched.final_url,
        "outcome": fetched.outcome,
        "status_code": fetched.status_code,
        "challenge": fetched.challenge or None,
        "detail": fetched.detail or None,
        "encoding": {"declared": declared(fetched.body, content_type), "used": decoded.used},
        "published_at": None if article is None else (article.at or article.day).isoformat(),
        "basis": None if article is None else article.basis,
        "list": {
            "readable": listed is not None and listed.readable,
            "reason": listed.reason if listed else fetched.challenge or fetched.detail,
            "reader": listed.reader if listed else "",
            "rows": listed.rows if listed else 0,
            "undated": listed.undated if listed else 0,
            "says_empty": listed is not None and listed.says_empty,
            "newest": max(dates).isoformat() if dates else None,
        },
        "items": [
            {
                "title": item.title,
                "url": item.url,
                "date": item.published.isoformat() if item.published else None,
                "basis": item.basis,
            }
            for item in (listed.items if listed else ())
        ],
        "marks": asdict(read_marks(decoded.text)) if readable else None,
    }


class _NoLog:
    """A crawl log that keeps nothing."""

    def resume_or_start(self, site_id: str, now: datetime) -> tuple[datetime, list[LinkRow]]:
        return now, []

    def save(self, site_id: str, rows: object) -> None: ...

    def failed(self, site_id: str) -> None:
        return None

    def looked_again(self, site_id: str) -> None: ...
