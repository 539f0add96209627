"""The kinds of fact that probes record and checks read. Facts say what was seen, never what it means.

A new kind is one more frozen dataclass here: the database keeps it as JSON under its ``kind``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar, TypeVar

from checks.core.model import Ref


class Outcome(StrEnum):
    """How a look at an address ended. Closed: a reader of facts can handle every case."""

    OK = "ok"
    HTTP_ERROR = "http_error"
    SOFT_404 = "soft_404"
    TIMEOUT = "timeout"
    DNS_ERROR = "dns_error"
    CONNECT_ERROR = "connect_error"
    TLS_ERROR = "tls_error"
    TOO_LARGE = "too_large"
    REDIRECT_LOOP = "redirect_loop"
    BLOCKED = "blocked"
    REFUSED_BY_GUARD = "refused_by_guard"

    @property
    def conclusive(self) -> bool:
        """Whether it says anything of the target. A challenge page or our own guard does not."""
        return self not in (Outcome.BLOCKED, Outcome.REFUSED_BY_GUARD)


class DateBasis(StrEnum):
    """Where a date was read, in the order of trust of web.md §5.9 and accounts.md §3."""

    LIST = "list"  # printed beside the item in the list
    ARTICLE = "article"  # printed in the article
    META = "meta"  # PubDate
    API = "api"  # a field of a list interface
    URL = "url"  # in the address: a hint only
    PUBLISHED = "published"  # a feed's publication date
    UPDATED = "updated"  # a feed's change date: weaker
    SELF_REPORTED = "self_reported"  # the registry's 最后更新时间
    REF_DATE = "ref_date"  # WeChat's statistics: the day of publication
    PROOF_PAGE = "proof_page"  # the page of the item itself, which the unit named
    FIRST_SEEN = "first_seen"  # an undated item that an earlier look did not hold


@dataclass(frozen=True, kw_only=True)
class Observation:
    """One fact of one subject. ``at`` is aware UTC; ``vantage`` names the machine, or ``manual:NAME``.

    ``id`` is given by the store; 0 means not stored yet.
    """

    kind: ClassVar[str] = ""

    subject: Ref
    at: datetime
    vantage: str
    id: int = field(default=0, compare=False)


@dataclass(frozen=True, kw_only=True)
class PageVisit(Observation):
    """One visit of a page over one address family. The two families of one round share ``at``.

    ``seconds`` runs to the whole main document. ``hops`` are the addresses between ``url`` and ``final_url``.
    ``tls_problem`` tells a certificate fault that was looked behind. ``detail`` is for people.
    """

    kind: ClassVar[str] = "page_visit"

    url: str
    family: int
    outcome: Outcome
    status_code: int | None = None
    seconds: float | None = None
    final_url: str = ""
    hops: tuple[str, ...] = ()
    address: str = ""
    tls_problem: str = ""
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class Reach:
    """Whether one address answers on a port: a TCP connection, and how a request for the site's page ended there.

    ``http`` is ``None`` where none was sent; ``ok`` is any page or redirect. Times are in seconds.
    """

    address: str
    port: int
    outcome: Outcome
    seconds: float | None = None
    http: Outcome | None = None
    status_code: int | None = None
    http_seconds: float | None = None


@dataclass(frozen=True, kw_only=True)
class AddressSurvey(Observation):
    """The addresses of a host and whether each can be reached.

    ``aaaa_answer`` is ``ok``, ``no_data``, ``nxdomain``, ``timeout``, ``servfail`` or ``refused``; likewise
    ``a_answer``. An ``aaaa_answer`` of ``offline`` tells that this machine had no IPv6 and says nothing of records
    that it did not find. IPv4-mapped and malformed AAAA are not in ``aaaa`` but in ``dropped``. ``cnames`` are the
    names that the host is an alias of, in their order.
    """

    kind: ClassVar[str] = "address_survey"

    host: str
    a_answer: str
    aaaa_answer: str
    a: tuple[str, ...] = ()
    aaaa: tuple[str, ...] = ()
    reach: tuple[Reach, ...] = ()
    cnames: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class OtherDate:
    """A further date that was read of an item. ``made``: it is the time at which the page was generated."""

    day: date
    basis: DateBasis
    made: bool = False


@dataclass(frozen=True, kw_only=True)
class ListItem:
    """One row of a list: where it leads, what it is called, its publication day and where that was read.

    ``others`` are the further dates that were read of it, such as one that lies ahead and so dates nothing; ``asked``
    tells that its article was opened for them. ``first_seen`` is the day of the first reading that held it, and
    ``absent_on`` that of the one before, which did not; ``None`` where no earlier reading is known.
    """

    title: str
    url: str
    published: date | None = None
    basis: DateBasis | None = None
    others: tuple[OtherDate, ...] = ()
    asked: bool = False
    first_seen: date | None = None
    absent_on: date | None = None

    @property
    def fingerprint(self) -> str:
        """A short digest of what tells it from other items: its address, or its title where only a script has that."""
        return hashlib.sha256((self.url or self.title).encode()).hexdigest()[:8]


@dataclass(frozen=True, kw_only=True)
class ListReading(Observation):
    """What a column's list, or a home page, was read to hold.

    ``readable`` is false where the place of the items could not be recognised, and ``reason`` says why: such a
    reading says nothing of the column. ``rows`` counts all items; ``items`` keeps the newest twenty, newest first,
    undated ones last. ``says_empty`` is the page's own "暂无内容". ``fingerprints`` are short digests of the items'
    addresses, so that a later reading can tell new items where no date is printed.

    ``unproven`` says in Chinese why a newer item may exist that this reading does not hold. ``forwards_to`` is the
    other site's address that the column sends its reader to. ``rows_before`` counts the items of the last reading
    that held any, and ``dated_before`` tells that a list of this address printed dates: what had them and has none
    may have changed its template. ``prose``: it is no list but a text to read, and so not blank.
    """

    kind: ClassVar[str] = "list_reading"

    url: str
    outcome: Outcome
    status_code: int | None = None
    final_url: str = ""
    readable: bool = False
    reason: str = ""
    reader: str = ""
    rows: int = 0
    undated: int = 0
    items: tuple[ListItem, ...] = ()
    says_empty: bool = False
    fingerprints: tuple[str, ...] = ()
    unproven: str = ""
    forwards_to: str = ""
    rows_before: int = 0
    dated_before: bool = False
    prose: bool = False

    @property
    def newest(self) -> ListItem | None:
        """The item with the latest date, or ``None`` where no item is dated."""
        dated = [item for item in self.items if item.published is not None]
        return max(dated, key=lambda item: item.published or date.min, default=None)


@dataclass(frozen=True, kw_only=True)
class LinkSource:
    """A page that holds a link, and the text that a reader would click. ``position`` counts the places of the page that
    hold an address, from 1; 0 where that is not known."""

    page: str
    anchor: str = ""
    position: int = 0


@dataclass(frozen=True, kw_only=True)
class LinkFailure(Observation):
    """A link that did not lead where it should, at one look. ``url`` is absolute and normalised.

    ``control_passed`` tells that a random address of the same directory answered 404, as an honest server does, and
    that this very answer is therefore to be believed at once. ``on_home`` tells that the home page holds the link.
    ``host_down``: in this crawl no look at the link's host got any answer. An outcome of ``blocked`` is kept too: it
    says nothing of the link, and so what was known of it stays open.
    """

    kind: ClassVar[str] = "link_failure"

    url: str
    outcome: Outcome
    status_code: int | None = None
    internal: bool = True
    on_home: bool = False
    control_passed: bool = False
    sources: tuple[LinkSource, ...] = ()
    source_count: int = 0
    detail: str = ""
    host_down: bool = False


class LinkNature(StrEnum):
    """What a ``LinkRemark`` says of a link or of its host. Closed."""

    INTRANET = "intranet"  # written as a private address, a bare machine name or a file path
    RESOLVES_INSIDE = "resolves_inside"  # a public name that our resolver leads to a private address
    HIJACKED = "hijacked"  # the domain seems to belong to somebody else now: parked, or gambling
    TLS_PROBLEM = "tls_problem"  # opens only when the fault of its TLS is overlooked
    TLCP_ONLY = "tlcp_only"  # 国密 only
    LONG_CHAIN = "long_chain"  # opens after many redirects
    MISSING_DECOR = "missing_decor"  # a picture that only a style asks for does not open


@dataclass(frozen=True, kw_only=True)
class LinkRemark(Observation):
    """Something to be told of a link besides whether it opens. Of a host, one remark stands for all its links."""

    kind: ClassVar[str] = "link_remark"

    url: str
    nature: LinkNature
    detail: str = ""
    internal: bool = True
    on_home: bool = False
    sources: tuple[LinkSource, ...] = ()
    source_count: int = 0


@dataclass(frozen=True, kw_only=True)
class LinkRecheck(Observation):
    """A second look, hours after a crawl, at nothing but the links that had failed: ``looked`` are their addresses.

    One of them without a ``LinkFailure`` of the same ``at`` was found alive.
    """

    kind: ClassVar[str] = "link_recheck"

    started: datetime
    looked: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CrawlSummary(Observation):
    """One finished crawl of a site. ``complete`` is false where a bound or a block cut it short.

    ``empty_links`` counts anchors that lead nowhere (空链), and ``empty_on`` names pages that hold them. ``robots``
    tells what robots.txt said.
    """

    kind: ClassVar[str] = "crawl_summary"

    started: datetime
    pages: int
    links: int
    failures: int
    blocked: int
    complete: bool
    reason: str = ""
    empty_links: int = 0
    empty_pages: int = 0
    empty_on: tuple[str, ...] = ()
    robots: str = ""


@dataclass(frozen=True, kw_only=True)
class AccountReading(Observation):
    """What a source says of an account's last publication (accounts.md §3).

    ``source_ok`` is false where the source could not be asked, or cannot be believed, and ``error`` says why; a
    publication that it shows all the same (``latest_at``) did take place. ``covered_from`` is the first day that the
    source is known to list in full: only that makes silence a proof. ``covered_to`` is the last such day where that
    is not the day of the look. ``doubt`` says why the list cannot be taken for whole. ``marks`` are digests of the
    undated items, newest twenty, and ``title_marks`` of the titles; ``posts_90`` counts items of the last 90 days.
    """

    kind: ClassVar[str] = "account_reading"

    adapter: str
    source_ok: bool
    error: str = ""
    latest_at: datetime | None = None
    precision: str = ""  # "second" or "day"
    basis: DateBasis | None = None
    title: str = ""
    url: str = ""
    raw_date: str = ""
    items_seen: int = 0
    items_undated: int = 0
    covered_from: date | None = None
    covered_to: date | None = None
    doubt: str = ""
    marks: tuple[str, ...] = ()
    title_marks: tuple[str, ...] = ()
    posts_90: int | None = None


@dataclass(frozen=True, kw_only=True)
class AppListing(Observation):
    """Whether a store lists a 移动客户端. ``listed`` is ``None`` where the store could not be asked.

    A version's date says nothing of whether the contents are kept up (accounts.md §4.9).
    """

    kind: ClassVar[str] = "app_listing"

    store: str
    app_id: str
    listed: bool | None
    error: str = ""
    name: str = ""
    version: str = ""
    released: date | None = None
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Peer:
    """Another account of the registry that may be the same as, or stand beside, the one in question."""

    account: str
    name: str
    sponsor: str
    variety: str = ""
    opened_on: date | None = None
    followers: int | None = None


@dataclass(frozen=True, kw_only=True)
class RegistryPeers(Observation):
    """What the registry holds beside an account: a fact of the registry, seen when it was compared.

    ``same_unit`` are running accounts of its unit on its platform, ``same_id`` and ``same_name`` those of its platform
    that other units have registered under its id or name. ``main`` tells that of its unit's it has the most followers,
    and of equals the longest standing.
    """

    kind: ClassVar[str] = "registry_peers"

    same_unit: tuple[Peer, ...] = ()
    same_id: tuple[Peer, ...] = ()
    same_name: tuple[Peer, ...] = ()
    main: bool = True


T = TypeVar("T", bound=Observation)


class History:
    """What was observed of one subject within one check's window, oldest first."""

    def __init__(self, observations: Iterable[Observation] = ()) -> None:
        self._all = sorted(observations, key=lambda o: (o.at, o.id))

    def __iter__(self) -> Iterator[Observation]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def of(self, kind: type[T]) -> tuple[T, ...]:
        """All facts of a kind, oldest first."""
        return tuple(o for o in self._all if isinstance(o, kind))

    def latest(self, kind: type[T]) -> T | None:
        """The newest fact of a kind."""
        return next((o for o in reversed(self._all) if isinstance(o, kind)), None)


def observation_kinds() -> dict[str, type[Observation]]:
    """Every kind of fact by its name in the database."""
    return {cls.kind: cls for cls in Observation.__subclasses__()}
