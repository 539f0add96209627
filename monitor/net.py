"""Visits of web addresses (skeleton)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from checks import Outcome
from monitor.resolver import Resolver
from monitor.settings import Network


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """How one fetch ended."""

    url: str
    final_url: str
    family: int
    outcome: Outcome
    status_code: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    seconds: float | None = None
    address: str = ""
    hops: tuple[str, ...] = ()
    tls_problem: str = ""
    challenge: str = ""
    detail: str = ""
    whole: bool = True


class Net:
    """Visits others."""

    def __init__(self, network: Network, resolver: Resolver) -> None: ...

    async def fetch(
        self,
        url: str,
        *,
        family: int | None = None,
        method: str = "GET",
        body_limit: int = 5_000_000,
        timeout: float | None = None,
    ) -> Fetched:
        raise NotImplementedError

    async def reach(self, address: str, port: int) -> tuple[Outcome, float | None]:
        raise NotImplementedError

    async def aclose(self) -> None: ...

    async def __aenter__(self) -> Net:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()
